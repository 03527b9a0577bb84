/*
 * Reading and checking configuration: the corpus of broken folders in tests/unit/conf/
 * (acceptance 11), files that are no text, and folders that are none.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/conf_world.h"

/* ---- the corpus ---- */

/* Copies a file of the corpus to the world, where it gets a mode of ours. */
static void
file_copy(const char *folder, const char *path)
{
	struct buf content = BUF_INIT;
	char *from;

	from = mem_printf("%s/%s", folder, path);
	if (world_read(from, &content))
		world_write(path, content.data, content.len);
	buf_close(&content);
	mem_free(&from);
}

static void
sources_copy(const char *folder)
{
	struct dirent **names;
	char *path, *sources;
	int count, i;

	sources = mem_printf("%s/sources.d", folder);
	count = scandir(sources, &names, NULL, alphasort);
	mem_free(&sources);
	for (i = 0; i < count; i++) {
		path = mem_printf("sources.d/%s", names[i]->d_name);
		if (strcmp(names[i]->d_name, ".") != 0 &&
		    strcmp(names[i]->d_name, "..") != 0)
			file_copy(folder, path);
		mem_free(&path);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

/* *state is the path of a folder of the corpus. */
static void
corpus_gives_what_is_expected(void **state)
{
	struct buf expected = BUF_INIT, findings = BUF_INIT;
	const char *folder = *state;
	struct conf *conf;
	char *path;

	file_copy(folder, CONF_MAIN_FILE);
	sources_copy(folder);
	path = mem_printf("%s/expected", folder);
	assert_true(world_read(path, &expected));
	conf = world_load(&findings);
	assert_string_equal(findings.data, expected.data);
	assert_null(strstr(findings.data, WORLD_SECRET));
	conf_close(&conf);
	mem_free(&path);
	buf_close(&expected);
	buf_close(&findings);
}

/* ---- files that are no text ---- */

static void
files_may_be_written_anywhere(void **state __attribute__((unused)))
{
	static const char *const good[] = {
		"\xef\xbb\xbf[directory]\nsuffix = dc=x\n",
		"[directory]\r\nsuffix = dc=x\r\n",
		"\xef\xbb\xbf[directory]\r\n; c\r\n\r\nsuffix = dc=x",
		"\n\n[directory]\nsuffix=dc=x\n\n\n",
		"\t[directory] \t\n \t suffix \t = \t dc=x \t\n",
		"[directory]\nsuffix\xc2\xa0=\xc2\xa0" "dc=x\xe3\x80\x80\n",
	};
	struct conf *conf;
	size_t i;

	for (i = 0; i < ROWS(good); i++) {
		conf = world_good(good[i], NULL);
		assert_string_equal(conf_text(&conf->set, CONF_SUFFIX), "dc=x");
		conf_close(&conf);
	}
}

static void
files_that_are_no_text_are_told_by_line(void **state __attribute__((unused)))
{
	static const struct {
		const char	*bytes;
		size_t		 len;
		const char	*finding;
	} rows[] = {
#define ROW(bytes, finding) { bytes, sizeof(bytes) - 1, finding }
#define THIRD(bytes, finding) ROW(WORLD_MAIN bytes, "rollcall.conf:3: error: " finding)
		THIRD("organi\0zation = x\n", "a NUL byte stands in this line"),
		THIRD("\0", "a NUL byte stands in this line"),
		THIRD("organization = \xff\n", "this line is not UTF-8"),
		THIRD("organization = \xc3\n\xa9\n", "this line is not UTF-8"),
		THIRD("organization = \xed\xa0\x80\n", "this line is not UTF-8"),
		THIRD("organization = a\x1b[31mb\n", "a control character stands in"),
		THIRD("organization = a\xc2\x9b" "1m\n", "a control character"),
		THIRD("organization = a\x7f\n", "a control character stands in this"),
		THIRD("organi\tzation = a\n", "a tab stands inside the key"),
		ROW("[directory]\rsuffix = dc=x\r", ":1: error: a control character"),
		ROW("\xff\xfe[\0d\0]\0\n\0", ": error: the file is UTF-16"),
		ROW("\xfe\xff\0[\0d\0]\0\n", ": error: the file is UTF-16"),
		ROW("", ": error: [directory] suffix is missing"),
#undef THIRD
#undef ROW
	};
	struct buf findings = BUF_INIT;
	struct conf *conf;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		buf_reset(&findings);
		world_write(CONF_MAIN_FILE, rows[i].bytes, rows[i].len);
		conf = world_load(&findings);
		assert_row(i, conf == NULL);
		if (strstr(findings.data, rows[i].finding) == NULL)
			fail_msg("row %zu: %s", i, findings.data);
	}
	buf_close(&findings);
}

static void
lines_of_any_length_are_read(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT, text = BUF_INIT;
	struct conf *conf;

	buf_printf(&text, "%sorganization = %0900000d\n", WORLD_MAIN, 1);
	conf = world_good(text.data, NULL);
	assert_int_equal(strlen(conf_text(&conf->set, CONF_ORGANIZATION)), 900000);
	conf_close(&conf);
	buf_reset(&text);
	buf_printf(&text, "%s%0900000d = x\n", WORLD_MAIN, 1);
	world_text(CONF_MAIN_FILE, text.data);
	assert_null(world_load(&findings));
	assert_in_range(findings.len, 100, 1000);
	buf_reset(&text);
	buf_reset(&findings);
	buf_printf(&text, "%s#%01100000d\n", WORLD_MAIN, 1);
	world_text(CONF_MAIN_FILE, text.data);
	assert_null(world_load(&findings));
	assert_non_null(strstr(findings.data, "larger than 1 MiB"));
	buf_close(&text);
	buf_close(&findings);
}

static void
copy_example(const char *name)
{
	struct buf text = BUF_INIT;
	char *path;

	path = mem_printf("%s/base/examples/%s", getenv("top_srcdir"), name);
	assert_true(world_read(path, &text));
	world_write(name, text.data, text.len);
	buf_close(&text);
	mem_free(&path);
}

static void
shipped_examples_need_no_mending(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT;
	struct conf *conf;

	copy_example(CONF_MAIN_FILE);
	copy_example("sources.d/fr.conf");
	conf = world_load(&findings);
	assert_non_null(conf);
	assert_null(strstr(findings.data, "error"));
	assert_null(strstr(findings.data, "warning"));
	conf_close(&conf);
	buf_close(&findings);
}

static void
thousands_of_findings_are_all_told(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT, text = BUF_INIT;
	size_t count, i;

	buf_str(&text, WORLD_MAIN);
	for (i = 0; i < 20000; i++)
		buf_printf(&text, "key-%zu = x\n", i);
	for (i = 0; i < 5000; i++)
		buf_printf(&text, "[view/%zu]\n", i);
	world_text(CONF_MAIN_FILE, text.data);
	assert_null(world_load(&findings));
	count = 0;
	for (i = 0; i < findings.len; i++)
		count += findings.data[i] == '\n';
	assert_int_equal(count, 25000);
	buf_close(&text);
	buf_close(&findings);
}

/* ---- folders ---- */

static void
folders_that_are_none_are_told(void **state __attribute__((unused)))
{
	static const struct {
		const char	*folder;
		const char	*text;
	} rows[] = {
		{ "/nonexistent/rollcall", "No such file or directory" },
		{ "file", "is not a folder" },
		{ "", "No such file or directory" },
		{ "line\nfeed", "line feed" },
	};
	struct conf_findings findings;
	struct err err = ERR_INIT;
	struct conf *conf;
	size_t i;

	world_text("file", "");
	assert_int_equal(mkdir("line\nfeed", 0750), 0);
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(conf_load(rows[i].folder, &conf, &findings, &err), -1);
		assert_null(conf);
		assert_int_equal(err.code, ERR_CONFIG);
		assert_row(i, strstr(err.text, rows[i].text) != NULL);
		assert_int_equal(findings.count, 0);
		conf_findings_close(&findings);
	}
}

static void
folders_may_lack_sources(void **state __attribute__((unused)))
{
	struct conf *conf;

	conf = world_good(WORLD_MAIN, NULL);
	assert_int_equal(conf->source_count, 0);
	conf_close(&conf);
	assert_int_equal(mkdir("sources.d", 0750), 0);
	conf = world_good(WORLD_MAIN, NULL);
	assert_int_equal(conf->source_count, 0);
	assert_int_equal(conf->view_count, 2);
	conf_close(&conf);
}

static void
files_that_are_none_are_told(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT;

	assert_int_equal(mkdir(CONF_MAIN_FILE, 0750), 0);
	assert_int_equal(mkdir("sources.d", 0750), 0);
	assert_int_equal(mkdir("sources.d/a.conf", 0750), 0);
	assert_int_equal(mkfifo("sources.d/b.conf", 0640), 0);
	assert_int_equal(symlink("/nonexistent", "sources.d/c.conf"), 0);
	assert_int_equal(symlink("../file", "sources.d/d.conf"), 0);
	world_text("sources.d/\x1b[31m\xff.conf", WORLD_SOURCE);
	world_text("file", WORLD_SOURCE);
	assert_null(world_load(&findings));
	assert_string_equal(findings.data,
	    "rollcall.conf: error: is a folder; a file is "
	    "wanted\nsources.d/?[31m?.conf: error: a source is named by its file: a-z, "
	    "0-9 and -, then .conf\nsources.d/a.conf: error: is a folder; a file is "
	    "wanted\nsources.d/b.conf: error: is not a regular file\nsources.d/c.conf: "
	    "error: there is no such file: make it, or name the folder that holds "
	    "it\nsources.d/d.conf:2: error: integration lucca:1 is that of "
	    "sources.d/?[31m?.conf:2 already\n");
	buf_close(&findings);
}

static void
sources_must_lie_in_a_folder(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT;

	world_text(CONF_MAIN_FILE, WORLD_MAIN);
	world_text("sources.d", WORLD_SOURCE);
	assert_null(world_load(&findings));
	assert_string_equal(findings.data,
	    "sources.d/: error: cannot be read: Not a directory\n");
	buf_close(&findings);
}

static void
files_open_to_everybody_are_told(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT;
	struct conf *conf;

	world_text(CONF_MAIN_FILE, WORLD_MAIN);
	world_text("sources.d/fr.conf", WORLD_SOURCE);
	assert_int_equal(chmod(CONF_MAIN_FILE, 0644), 0);
	assert_int_equal(chmod("sources.d/fr.conf", 0666), 0);
	conf = world_load(&findings);
	assert_non_null(conf);
	assert_string_equal(findings.data,
	    "rollcall.conf: warning: everybody on this machine can read this file "
	    "(mode 0644): it should have 0640 [W103]\nsources.d/fr.conf: warning: "
	    "everybody on this machine can change this file (mode 0666): it should "
	    "have 0640 [W103]\n");
	conf_close(&conf);
	buf_close(&findings);
}

/* Inside the service credentials are read, and must be there. */
static void
credentials_are_read_where_there_are_some(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT;
	struct conf *conf;

	world_text(CONF_MAIN_FILE, WORLD_MAIN);
	world_text("sources.d/fr.conf",
	    "[source]\nintegration = 1\napi_key = cred:kombo\n[fields]\n");
	(void)setenv("CREDENTIALS_DIRECTORY", ".", 1);
	assert_null(world_load(&findings));
	assert_string_equal(findings.data,
	    "sources.d/fr.conf:3: error: api_key: ./kombo: No such file or "
	    "directory\n");
	world_text("kombo", WORLD_SECRET);
	buf_reset(&findings);
	conf = world_load(&findings);
	assert_non_null(conf);
	assert_string_equal(findings.data, "");
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	conf_close(&conf);
	buf_close(&findings);
}

/* ---- all of them ---- */

static int
name_is_case(const struct dirent *entry)
{
	return (entry->d_name[0] != '.');
}

static struct CMUnitTest
corpus_test(const char *corpus, const char *name)
{
	return ((struct CMUnitTest){
		.name = name,
		.test_func = corpus_gives_what_is_expected,
		.teardown_func = world_clear,
		.initial_state = mem_printf("%s/%s", corpus, name),
	});
}

int
main(void)
{
	const struct CMUnitTest fixed[] = {
		WORLD_TEST(files_may_be_written_anywhere),
		WORLD_TEST(files_that_are_no_text_are_told_by_line),
		WORLD_TEST(lines_of_any_length_are_read),
		WORLD_TEST(shipped_examples_need_no_mending),
		WORLD_TEST(thousands_of_findings_are_all_told),
		WORLD_TEST(folders_that_are_none_are_told),
		WORLD_TEST(folders_may_lack_sources),
		WORLD_TEST(files_that_are_none_are_told),
		WORLD_TEST(sources_must_lie_in_a_folder),
		WORLD_TEST(files_open_to_everybody_are_told),
		WORLD_TEST(credentials_are_read_where_there_are_some),
	};
	struct CMUnitTest *tests;
	struct dirent **names;
	int count, failed, i;
	char *corpus;

	corpus = world_corpus("");
	count = scandir(corpus, &names, name_is_case, alphasort);
	if (count <= 0) {
		print_error("%s: %s\n", corpus, strerror(errno));
		return (1);
	}
	tests = mem_alloc(((size_t)count + ROWS(fixed)) * sizeof(*tests));
	for (i = 0; i < count; i++)
		tests[i] = corpus_test(corpus, names[i]->d_name);
	memcpy(tests + count, fixed, sizeof(fixed));
	failed = _cmocka_run_group_tests("conf", tests, (size_t)count + ROWS(fixed),
	    world_open, world_close);
	for (i = 0; i < count; i++) {
		mem_free(&tests[i].initial_state);
		free(names[i]);
	}
	free(names);
	mem_free(&tests);
	mem_free(&corpus);
	return (failed);
}
