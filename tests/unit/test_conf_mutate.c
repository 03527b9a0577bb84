/*
 * Mutated configuration files and mutated stored configurations: a few thousand of
 * each, the same in every run. Nothing crashes, findings are sound, and what is good
 * survives the store.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "base/conf/check.h"
#include "base/conf/read.h"
#include "base/conf/rules.h"
#include "base/conf/show.h"
#include "base/text.h"
#include "tests/unit/conf_world.h"

#define MUTATIONS 4000

static uint64_t random_state;

/* A number below `limit`, the same in every run (xorshift64). */
static size_t
random_below(size_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (limit > 0 ? (size_t)(random_state % limit) : 0);
}

/* Takes away, repeats, exchanges or inserts some bytes. */
static void
bytes_mutate(struct buf *bytes)
{
	static const char *const pieces[] = { "\n[", "]\n", " = ", "\n", "=", "\0",
		"\xff", "[view/x/include]\n", "[fields]\n", "group = x\n", "off", "w",
		"\t", "[", "99999999999999999999", "dc=,", "\\", "\xc3\xa9", ";",
		"literal:", "\r" };
	char copy[64];
	const char *piece;
	size_t at, len;

	at = random_below(bytes->len);
	len = random_below(sizeof(copy));
	if (len > bytes->len - at)
		len = bytes->len - at;
	memcpy(copy, bytes->data + at, len);
	switch (random_below(4)) {
	case 0:
		memmove(bytes->data + at, bytes->data + at + len,
		    bytes->len - at - len);
		bytes->len -= len;
		break;
	case 1:
		buf_add(bytes, copy, len);
		break;
	case 2:
		if (bytes->len > 0)
			bytes->data[at] = (char)random_below(256);
		break;
	case 3:
		piece = pieces[random_below(ROWS(pieces))];
		len = strlen(piece) + (*piece == '\0');
		(void)buf_reserve(bytes, len);
		memmove(bytes->data + at + len, bytes->data + at, bytes->len - at);
		memcpy(bytes->data + at, piece, len);
		bytes->len += len;
		break;
	}
}

static size_t
lines_count(const struct buf *bytes)
{
	size_t count, i;

	count = 1;
	for (i = 0; i < bytes->len; i++)
		count += bytes->data[i] == '\n';
	return (count);
}

static void
findings_check(const struct conf_findings *findings, size_t lines)
{
	const struct conf_finding *finding;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		finding = &findings->list[i];
		assert_in_range(finding->line, 0, lines);
		assert_true(text_valid(finding->text, strlen(finding->text)));
		assert_null(strpbrk(finding->text, "\n\x1b\x07"));
	}
}

/* A configuration without errors is the same again after it was stored. */
static void
conf_store_check(const struct conf *conf)
{
	struct err err = ERR_INIT;
	struct buf text = BUF_INIT;
	struct conf *again;

	conf_store_text(conf, &text);
	if (conf_load_text(text.data, &again, &err) < 0)
		fail_msg("%s\n%s", err.text, text.data);
	assert_memory_equal(conf->digest, again->digest, sizeof(conf->digest));
	conf_close(&again);
	buf_close(&text);
}

/* Reads two files from memory. Returns how many errors there are. */
static size_t
bytes_load(const struct buf *main_file, const struct buf *source)
{
	struct conf_findings findings;
	struct conf_docs docs = { .arena = arena_open(), .findings = &findings };
	struct conf *conf;
	size_t errors, lines;

	conf_findings_open(&findings);
	conf_read_bytes(&docs, CONF_MAIN_FILE, main_file->data, main_file->len);
	conf_read_bytes(&docs, "sources.d/fr.conf", source->data, source->len);
	conf = conf_check(".", &docs, false);
	conf_rules_check(conf, &findings);
	conf_findings_sort(&findings);
	lines = lines_count(main_file) + lines_count(source);
	findings_check(&findings, lines);
	errors = findings.errors;
	if (errors == 0) {
		conf_show_digest(conf);
		conf_store_check(conf);
	}
	conf_close(&conf);
	conf_findings_close(&findings);
	return (errors);
}

static void
seed_read(const char *name, struct buf *seed)
{
	char *path;

	path = world_corpus(name);
	assert_true(world_read(path, seed));
	mem_free(&path);
}

static void
seed_copy(struct buf *to, const struct buf *seed)
{
	buf_reset(to);
	buf_add(to, seed->data, seed->len);
}

static void
mutated_files_never_crash(void **state __attribute__((unused)))
{
	struct buf main_file = BUF_INIT, main_seed = BUF_INIT;
	struct buf source = BUF_INIT, source_seed = BUF_INIT;
	size_t broken, i, n;

	seed_read("good-example/rollcall.conf", &main_seed);
	seed_read("good-example/sources.d/fr.conf", &source_seed);
	random_state = 20261120;
	broken = 0;
	for (i = 0; i < MUTATIONS; i++) {
		seed_copy(&main_file, &main_seed);
		seed_copy(&source, &source_seed);
		for (n = random_below(6); n > 0; n--)
			bytes_mutate(random_below(2) == 0 ? &main_file : &source);
		broken += bytes_load(&main_file, &source) > 0;
	}
	/* Neither does nearly everything pass, nor nearly nothing. */
	assert_in_range(broken, MUTATIONS / 10, MUTATIONS - MUTATIONS / 10);
	buf_close(&main_file);
	buf_close(&source);
	buf_close(&main_seed);
	buf_close(&source_seed);
}

static void
mutated_stores_never_crash(void **state __attribute__((unused)))
{
	struct buf seed = BUF_INIT, text = BUF_INIT;
	struct err err = ERR_INIT;
	struct conf *conf;
	size_t i, n;

	conf = world_good(WORLD_MAIN
	    "[view/x]\nstatuses = active\n[zones]\nQuébec = UTC\n",
	    WORLD_SOURCE "job_title = off\n");
	conf_store_text(conf, &seed);
	conf_close(&conf);
	random_state = 20261121;
	for (i = 0; i < MUTATIONS; i++) {
		seed_copy(&text, &seed);
		for (n = random_below(4); n > 0; n--)
			bytes_mutate(&text);
		buf_char(&text, '\0');
		err_clear(&err);
		if (conf_load_text(text.data, &conf, &err) < 0)
			assert_int_equal(err.code, ERR_CONFIG);
		conf_close(&conf);
	}
	buf_close(&seed);
	buf_close(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mutated_files_never_crash),
		WORLD_TEST(mutated_stores_never_crash),
	};

	return (cmocka_run_group_tests_name("conf_mutate", tests, world_open,
	    world_close));
}
