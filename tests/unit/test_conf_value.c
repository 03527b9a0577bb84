/*
 * What configuration comes to: values by key, settled modes, what show-config shows,
 * the digest, and the configuration in the database.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/conf/lend.h"
#include "base/clock.h"
#include "base/conf/rows.h"
#include "base/conf/type.h"
#include "base/event.h"
#include "tests/unit/conf_world.h"

/* ---- types ---- */

static void
values_are_written_in_one_way(void **state __attribute__((unused)))
{
	static const struct {
		enum conf_key	 key;
		const char	*text;
		const char	*written;
		int64_t		 number;
	} rows[] = {
		{ CONF_RETAIN_DEPARTED, "90s", "90s", 90 * CLOCK_SECOND },
		{ CONF_RETAIN_DEPARTED, "60s", "1m", CLOCK_MINUTE },
		{ CONF_RETAIN_DEPARTED, "60m", "1h", CLOCK_HOUR },
		{ CONF_RETAIN_DEPARTED, "48h", "2d", 2 * CLOCK_DAY },
		{ CONF_RETAIN_DEPARTED, "36h", "36h", 36 * CLOCK_HOUR },
		{ CONF_RETAIN_DEPARTED, "2w", "14d", 14 * CLOCK_DAY },
		{ CONF_RETAIN_DEPARTED, "0s", "0d", 0 },
		{ CONF_RETAIN_DEPARTED, "007d", "7d", 7 * CLOCK_DAY },
		{ CONF_RETAIN_DEPARTED, "3650d", "3650d", 3650 * CLOCK_DAY },
		{ CONF_PRIORITY, "0010", "10", 10 },
		{ CONF_ACTIVE_EARLY, "on", "yes", 1 },
		{ CONF_ACTIVE_EARLY, "true", "yes", 1 },
		{ CONF_ACTIVE_EARLY, "0", "no", 0 },
		{ CONF_RELEASE, "manual", "manual", 2 },
		{ CONF_API, "https://a/v1//", "https://a/v1", 0 },
		{ CONF_INTEGRATION, "lucca:1 x", "lucca:1 x", 0 },
		{ CONF_GATE_REMOVALS, "7", "7 0%", 7000 },
		{ CONF_GATE_REMOVALS, "12%", "0 12%", 12 },
		{ CONF_GATE_REMOVALS, "007  05%", "7 5%", 7005 },
		{ CONF_GATE_REMOVALS, "0 100%", "0 100%", 100 },
	};
	struct conf_types types = { .arena = arena_open(), .zones = zones_open() };
	struct conf_item item;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, conf_type_read(&types, conf_row(rows[i].key),
		    rows[i].text, &item, NULL) == 0);
		assert_string_equal(item.text, rows[i].written);
		assert_row(i, item.number == rows[i].number);
	}
	zones_close(&types.zones);
	arena_close(&types.arena);
}

static void
standards_hold_where_nothing_is_given(void **state __attribute__((unused)))
{
	const struct conf_source *source;
	struct conf *conf;

	conf = world_good(WORLD_MAIN, WORLD_SOURCE);
	source = conf_source(conf, "fr");
	assert_non_null(source);
	assert_null(conf_source(conf, "de"));
	assert_string_equal(source->file, "sources.d/fr.conf");
	assert_string_equal(conf_text(&conf->set, CONF_SUFFIX), "dc=example,dc=com");
	assert_true(conf_given(&conf->set, CONF_SUFFIX));
	assert_false(conf_given(&conf->set, CONF_TICK));
	assert_int_equal(conf_number(&conf->set, CONF_TICK), 15 * CLOCK_MINUTE);
	assert_int_equal(conf_list(&conf->set, CONF_GROUP_TYPES)->count, 2);
	assert_null(conf_text(&conf->set, CONF_MAX_AGE));
	assert_int_equal(conf_number(&conf->set, CONF_MAX_AGE), 0);
	assert_int_equal(conf_source_number(conf, source, CONF_SOURCE_INTERVAL),
	    CLOCK_HOUR);
	assert_string_equal(conf_source_text(conf, source, CONF_SOURCE_ZONE), "UTC");
	assert_null(conf_source_item(conf, source, CONF_IN_GROUP));
	assert_int_equal(conf_view(conf, "ldap")->statuses,
	    CONF_STATUS_ACTIVE | CONF_STATUS_OFFBOARDING);
	assert_int_equal(conf_view(conf, "scim")->statuses, CONF_STATUS_ONBOARDING |
	    CONF_STATUS_ACTIVE | CONF_STATUS_OFFBOARDING | CONF_STATUS_DEPARTED);
	assert_int_equal(conf_view(conf, "ldap")->line, 0);
	assert_null(conf_view(conf, "vpn"));
	conf_close(&conf);
	assert_null(conf);
	conf_close(&conf);
}

static void
values_keep_where_they_were_given(void **state __attribute__((unused)))
{
	const struct conf_list *list;
	const struct conf_source *source;
	struct conf *conf;

	conf = world_good("[zones]\nMelbourne  office = Australia/Melbourne\n"
	    "Que\xcc\x81" "bec = America/Toronto\n[sync]\ninterval = 2h\n" WORLD_MAIN
	    "[view/ldap]\nstatuses = active\n", WORLD_SOURCE
	    "[include]\nlegal_entity = ACME, Inc.\nlegal_entity = Übung\n");
	list = conf_list(&conf->set, CONF_ZONE);
	assert_int_equal(list->count, 2);
	assert_string_equal(list->items[0].name, "Melbourne  office");
	assert_string_equal(list->items[1].name, "Québec");
	assert_string_equal(list->items[1].text, "America/Toronto");
	assert_string_equal(list->items[1].file, "rollcall.conf");
	assert_int_equal(list->items[1].line, 3);
	source = conf_source(conf, "fr");
	list = conf_list(&source->set, CONF_IN_ENTITY);
	assert_int_equal(list->count, 2);
	assert_string_equal(list->items[0].text, "ACME, Inc.");
	assert_string_equal(list->items[1].file, "sources.d/fr.conf");
	assert_int_equal(list->items[1].line, 7);
	assert_int_equal(conf_source_item(conf, source, CONF_SOURCE_INTERVAL)->line, 5);
	assert_int_equal(conf_view(conf, "ldap")->line, 8);
	assert_int_equal(conf_view(conf, "ldap")->statuses, CONF_STATUS_ACTIVE);
	conf_close(&conf);
}

/* Rulings A25 and F12: where `default` reaches, and where it does not. */
static void
modes_are_settled_for_every_field(void **state __attribute__((unused)))
{
	static const struct {
		enum field_id	 id;
		enum field_mode	 mode;
		unsigned int	 line;
		bool		 keep;
		unsigned int	 keep_line;
	} rows[] = {
		{ FIELD_DEPARTMENT, MODE_LOCAL, 5, false, 0 },
		{ FIELD_JOB_TITLE, MODE_IMPORT_ONCE, 6, false, 0 },
		{ FIELD_LEGAL_ENTITY, MODE_OFF, 7, false, 0 },
		{ FIELD_MOBILE_PHONE, MODE_CONTINUOUS, 8, false, 0 },
		{ FIELD_PERSONAL_EMAIL, MODE_OFF, 0, false, 0 },
		{ FIELD_HOME_ADDRESS, MODE_OFF, 0, false, 0 },
		{ FIELD_FIRST_NAME, MODE_CONTINUOUS, 0, false, 11 },
		{ FIELD_LAST_NAME, MODE_CONTINUOUS, 0, true, 0 },
		{ FIELD_WORK_EMAIL, MODE_IMPORT_ONCE, 9, true, 0 },
		{ FIELD_TERMINATION_DATE, MODE_CONTINUOUS, 0, true, 12 },
		{ FIELD_MANAGER, MODE_CONTINUOUS, 0, false, 0 },
		{ FIELD_TEAM, MODE_CONTINUOUS, 0, false, 0 },
		{ FIELD_GROUPS, MODE_CONTINUOUS, 0, false, 0 },
	};
	const struct conf_source *source;
	struct buf findings = BUF_INIT;
	struct conf *conf;
	size_t i;

	world_text(CONF_MAIN_FILE, WORLD_MAIN);
	world_text("sources.d/fr.conf", WORLD_SOURCE
	    "default = local\njob_title = import-once\nlegal_entity = off\n"
	    "mobile_phone = continuous\nwork_email = import-once\n"
	    "[nulls]\nfirst_name = clear\ntermination_date = keep\n");
	conf = world_load(&findings);
	assert_non_null(conf);
	source = conf_source(conf, "fr");
	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, source->mode[rows[i].id] == rows[i].mode);
		assert_row(i, source->mode_line[rows[i].id] == rows[i].line);
		assert_row(i, source->keep[rows[i].id] == rows[i].keep);
		assert_row(i, source->keep_line[rows[i].id] == rows[i].keep_line);
	}
	conf_close(&conf);
	buf_close(&findings);
}

static void
sources_are_sorted_by_priority_and_name(void **state __attribute__((unused)))
{
	static const struct {
		const char	*name;
		unsigned int	 priority;
	} files[] = {
		{ "b", 20 }, { "c", 3 }, { "a", 20 }, { "d", 100 }, { "0-x", 20 },
	};
	static const char *const sorted[] = { "c", "0-x", "a", "b", "d" };
	struct buf text = BUF_INIT;
	struct conf *conf;
	char path[64];
	size_t i;

	for (i = 0; i < ROWS(files); i++) {
		buf_reset(&text);
		buf_printf(&text, "[source]\nintegration = %zu\npriority = %u\n"
		    "api_key = env:ROLLCALL_TEST_KEY\n[fields]\n", i,
		    files[i].priority);
		(void)snprintf(path, sizeof(path), "sources.d/%s.conf", files[i].name);
		world_text(path, text.data);
	}
	conf = world_good(WORLD_MAIN, NULL);
	assert_int_equal(conf->source_count, ROWS(sorted));
	for (i = 0; i < ROWS(sorted); i++)
		assert_string_equal(conf->sources[i].name, sorted[i]);
	conf_close(&conf);
	buf_close(&text);
}

/* ---- show-config ---- */

static void
shown_add(const struct conf_shown *shown, void *context)
{
	buf_printf(context, "[%s] %s = %s (%s)\n", shown->section, shown->key,
	    shown->value, shown->origin);
}

static void
show_names_every_origin(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT, text = BUF_INIT;
	struct conf *conf;

	world_text(CONF_MAIN_FILE, "[sync]\ninterval = 90m\n" WORLD_MAIN
	    "[view/vpn]\nstatuses = active\n[view/vpn/exclude]\ngroup = x\n"
	    "[zones]\nQuébec = America/Toronto\n");
	world_text("sources.d/fr.conf", "[source]\nintegration = 1\n"
	    "api_key = literal:hunter2\n[fields]\njob_title = off\n"
	    "[nulls]\njob_title = clear\n");
	conf = world_load(&findings);
	assert_non_null(conf);
	conf_show(conf, NULL, true, shown_add, &text);
	assert_string_equal(text.data,
	    "[sync] interval = 90m (rollcall.conf:2)\n"
	    "[directory] suffix = dc=example,dc=com (rollcall.conf:4)\n"
	    "[zones] Québec = America/Toronto (rollcall.conf:10)\n"
	    "[view/vpn] statuses = active (rollcall.conf:6)\n"
	    "[view/vpn/exclude] group = x (rollcall.conf:8)\n");
	buf_reset(&text);
	conf_show(conf, conf_source(conf, "fr"), true, shown_add, &text);
	assert_string_equal(text.data,
	    "[source] integration = 1 (sources.d/fr.conf:2)\n"
	    "[source] api_key = literal:******** (sources.d/fr.conf:3)\n"
	    "[source] interval = 90m (rollcall.conf:2)\n"
	    "[fields] job_title = off (sources.d/fr.conf:5)\n"
	    "[nulls] job_title = clear (sources.d/fr.conf:7)\n");
	buf_reset(&text);
	conf_show(conf, conf_source(conf, "fr"), false, shown_add, &text);
	assert_non_null(strstr(text.data, "[source] full_interval = 1d (default)\n"));
	assert_non_null(strstr(text.data, "[fields] personal_email = off (default)\n"));
	assert_non_null(strstr(text.data, "[fields] groups = continuous (default)\n"));
	assert_non_null(strstr(text.data, "[nulls] last_name = keep (default)\n"));
	assert_null(strstr(text.data, "[nulls] groups"));
	conf_show(conf, NULL, false, shown_add, &text);
	assert_non_null(strstr(text.data,
	    "[view/scim] statuses = departed (default)\n"));
	assert_null(strstr(text.data, "hunter2"));
	conf_close(&conf);
	buf_close(&text);
	buf_close(&findings);
}

/* ---- the digest ---- */

static void
digest_of(const char *main_file, const char *source, uint8_t digest[32])
{
	struct buf findings = BUF_INIT;
	struct conf *conf;

	world_text(CONF_MAIN_FILE, main_file);
	world_text("sources.d/fr.conf", source);
	conf = world_load(&findings);
	if (conf == NULL)
		fail_msg("%s", findings.data);
	memcpy(digest, conf->digest, 32);
	conf_close(&conf);
	buf_close(&findings);
}

static void
digest_is_of_what_is_in_force(void **state __attribute__((unused)))
{
	static const struct {
		const char	*main_file;
		const char	*source;
		bool		 same;
	} rows[] = {
		{ "# c\n\n" WORLD_MAIN, WORLD_SOURCE, true },
		{ "\xef\xbb\xbf[directory]\r\nsuffix=dc=example,dc=com\r\n",
		    WORLD_SOURCE, true },
		{ WORLD_MAIN "group_types = TEAM  DEPARTMENT\n", WORLD_SOURCE, true },
		{ WORLD_MAIN "group_types = TEAM\ngroup_types = DEPARTMENT\n"
		    "[server]\ntimezone = UTC\n[sync]\ninterval = 60m\n", WORLD_SOURCE,
		    true },
		{ "[sync]\ninterval = 3600s\n" WORLD_MAIN, WORLD_SOURCE
		    "first_name = continuous\n[nulls]\nlast_name = keep\n", true },
		{ WORLD_MAIN "[view/ldap]\n", WORLD_SOURCE, true },
		{ WORLD_MAIN "[zones]\nx = UTC\n", WORLD_SOURCE, false },
		{ WORLD_MAIN "[sync]\ninterval = 61m\n", WORLD_SOURCE, false },
		{ WORLD_MAIN "[view/x]\nstatuses = active\n", WORLD_SOURCE, false },
		{ WORLD_MAIN "group_types = TEAM\n", WORLD_SOURCE, false },
		{ WORLD_MAIN "[hook/a]\nevents = held\ncommand = /bin/true\n", WORLD_SOURCE,
		    false },
		{ WORLD_MAIN, WORLD_SOURCE "job_title = off\n", false },
		{ WORLD_MAIN, WORLD_SOURCE "[nulls]\nlast_name = clear\n", false },
		{ WORLD_MAIN, WORLD_SOURCE "[include]\ngroup = x\n", false },
		{ WORLD_MAIN, WORLD_SOURCE "[exclude]\ngroup = x\n", false },
		{ WORLD_MAIN, "[source]\nintegration = lucca:1\n"
		    "api_key = literal:x\n[fields]\n", false },
	};
	uint8_t digest[32], first[32], other[32];
	size_t i;

	digest_of(WORLD_MAIN, WORLD_SOURCE, first);
	for (i = 0; i < ROWS(rows); i++) {
		digest_of(rows[i].main_file, rows[i].source, digest);
		assert_row(i, (memcmp(digest, first, sizeof(first)) == 0) ==
		    rows[i].same);
	}
	digest_of(WORLD_MAIN,
	    "[source]\nintegration = 1\napi_key = literal:x\n[fields]\n", digest);
	digest_of(WORLD_MAIN,
	    "[source]\nintegration = 1\napi_key = literal:y\n[fields]\n", other);
	assert_memory_equal(digest, other, sizeof(other));
}

/* ---- hooks ---- */

/* The choices of conf.def and the rows of events.def are one list. */
static void
hooks_are_told_of_every_event(void **state __attribute__((unused)))
{
	struct buf text = BUF_INIT;
	enum event_kind kind;

	for (kind = 0; kind < EVENT_N; kind++)
		buf_printf(&text, "%s%s", kind > 0 ? "|" : "", event_name(kind));
	assert_string_equal(text.data, conf_row(CONF_HOOK_EVENTS)->range);
	buf_close(&text);
}

/* ---- the database ---- */

static void
show_all(const struct conf *conf, struct buf *text)
{
	size_t i;

	conf_show(conf, NULL, false, shown_add, text);
	for (i = 0; i < conf->view_count; i++)
		buf_printf(text, "%s %u\n", conf->views[i].name, conf->views[i].line);
	for (i = 0; i < conf->hook_count; i++)
		buf_printf(text, "%s %u %x\n", conf->hooks[i].name, conf->hooks[i].line,
		    (unsigned int)conf->hooks[i].events);
	for (i = 0; i < conf->source_count; i++) {
		buf_printf(text, "%s %s\n", conf->sources[i].name,
		    conf->sources[i].file);
		conf_show(conf, &conf->sources[i], false, shown_add, text);
	}
}

/* `stored` is what the database gives back of `read`. */
static void
lent_secrets_go_where_they_went(struct conf *stored, const struct conf *read)
{
	static const char *const lacking = "literal:", *const known = "literal:hunter2";
	struct conf_item *url;

	assert_true(conf_lacks_secret(lacking));
	assert_false(conf_lacks_secret(known));
	assert_false(conf_lacks_secret(NULL));
	url = (struct conf_item *)stored->hooks[1].set.lists[CONF_HOOK_URL].items;
	url->text = "http://127.0.0.1:2/x";
	conf_lend(stored, read);
	assert_string_equal(conf_text(&stored->hooks[1].set, CONF_HOOK_SECRET), lacking);
	assert_string_equal(conf_text(&stored->sources[0].set, CONF_API_KEY), known);
	url->text = conf_text(&read->hooks[1].set, CONF_HOOK_URL);
	conf_lend(stored, read);
	assert_string_equal(conf_text(&stored->hooks[1].set, CONF_HOOK_SECRET), known);
	assert_memory_equal(stored->digest, read->digest, sizeof(read->digest));
}

static void
store_gives_back_an_equal_object(void **state __attribute__((unused)))
{
	struct buf findings = BUF_INIT, stored = BUF_INIT, twice = BUF_INIT;
	struct buf after = BUF_INIT, before = BUF_INIT;
	struct err err = ERR_INIT;
	struct conf *again, *conf;

	world_text(CONF_MAIN_FILE, WORLD_MAIN "[view/vpn]\nstatuses = active\n"
	    "[view/ldap/include]\nlocation = 東京\n[zones]\nMelbourne office = UTC\n"
	    "[hook/b]\nevents = left held\nevents = joined\ncommand = /bin/true\n"
	    "[hook/a]\nevents = failed\nurl = http://127.0.0.1:1/x\n"
	    "secret = literal:hunter2\n");
	world_text("sources.d/fr.conf", WORLD_SOURCE "default = import-once\n"
	    "job_title = off\n[nulls]\ndepartment = keep\n[include]\nlegal_entity = a\n"
	    "legal_entity = b\n");
	world_text("sources.d/de.conf", "[source]\nintegration = 2\npriority = 1\n"
	    "interval = 20m\napi_key = literal:hunter2\n[fields]\n");
	conf = world_load(&findings);
	assert_non_null(conf);
	conf_store_text(conf, &stored);
	assert_null(strstr(stored.data, "hunter2"));
	assert_int_equal(conf->hook_count, 2);
	assert_int_equal(conf_hook(conf, "b")->events, EVENT_BIT(EVENT_LEFT) |
	    EVENT_BIT(EVENT_HELD) | EVENT_BIT(EVENT_JOINED));
	if (conf_load_text(stored.data, &again, &err) < 0)
		fail_msg("%s", err.text);
	show_all(conf, &before);
	show_all(again, &after);
	assert_string_equal(before.data, after.data);
	assert_string_equal(conf->folder, again->folder);
	assert_memory_equal(conf->digest, again->digest, sizeof(conf->digest));
	assert_string_equal(conf_text(&again->sources[0].set, CONF_API_KEY),
	    "literal:");
	conf_store_text(again, &twice);
	assert_string_equal(stored.data, twice.data);
	lent_secrets_go_where_they_went(again, conf);
	conf_close(&conf);
	conf_close(&again);
	buf_close(&findings);
	buf_close(&stored);
	buf_close(&twice);
	buf_close(&before);
	buf_close(&after);
}

/* Standards are stored with the rest: another release may have others. */
static void
store_outlives_other_standards(void **state __attribute__((unused)))
{
	struct buf stored = BUF_INIT;
	struct err err = ERR_INIT;
	struct conf *conf;
	char *value;

	conf = world_good(WORLD_MAIN, NULL);
	conf_store_text(conf, &stored);
	conf_close(&conf);
	value = strstr(stored.data, "\ttick\t15m\n");
	assert_non_null(value);
	memcpy(value, "\ttick\t25m\n", strlen("\ttick\t25m\n"));
	assert_int_equal(conf_load_text(stored.data, &conf, &err), 0);
	assert_int_equal(conf_number(&conf->set, CONF_TICK), 25 * CLOCK_MINUTE);
	assert_false(conf_given(&conf->set, CONF_TICK));
	conf_close(&conf);
	buf_close(&stored);
}

static void
stores_that_are_none_are_refused(void **state __attribute__((unused)))
{
#define HEAD "rollcall-configuration 1\t/etc/rollcall\n"
#define SUFFIX HEAD "rollcall.conf\tdirectory\t1\tsuffix\tdc=x\n"
	static const struct {
		const char	*text;
		bool		 ok;
	} rows[] = {
		{ SUFFIX, true },
		{ "", false },
		{ "rollcall-configuration 2\t/etc/rollcall\n", false },
		{ HEAD, false },
		{ "rollcall-configuration 1\t/etc/rollcall", false },
		{ SUFFIX "rollcall.conf\tdirectory\t1\tsuff", false },
		{ SUFFIX "rollcall.conf\tsync\t2\ttick\t10m", false },
		{ SUFFIX "rollcall.conf\tsync\tx\ttick\t10m\n", false },
		{ SUFFIX "rollcall.conf\tsync\t99999999999\ttick\t10m\n", false },
		{ SUFFIX "rollcall.conf\tsync\t2\ttick\t\n", false },
		{ SUFFIX "rollcall.conf\tsync\t2\ttick\t10m\n\nx", false },
		{ SUFFIX "other.conf\tsync\t2\ttick\t10m\n", false },
		{ SUFFIX "source\tsync\t2\ttick\t10m\n", false },
		{ SUFFIX "rollcall.conf\tfuture\t2\tkey\tvalue\n", false },
		{ SUFFIX "sources.d/\tsource\t2\tintegration\tx\n", false },
		{ SUFFIX "\xff\n", false },
	};
	struct err err = ERR_INIT;
	struct conf *conf;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, (conf_load_text(rows[i].text, &conf, &err) == 0) ==
		    rows[i].ok);
		assert_row(i, (conf != NULL) == rows[i].ok);
		assert_row(i, rows[i].ok || err.code == ERR_CONFIG);
		conf_close(&conf);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_written_in_one_way),
		WORLD_TEST(standards_hold_where_nothing_is_given),
		WORLD_TEST(values_keep_where_they_were_given),
		WORLD_TEST(modes_are_settled_for_every_field),
		WORLD_TEST(sources_are_sorted_by_priority_and_name),
		WORLD_TEST(show_names_every_origin),
		WORLD_TEST(digest_is_of_what_is_in_force),
		cmocka_unit_test(hooks_are_told_of_every_event),
		WORLD_TEST(store_gives_back_an_equal_object),
		WORLD_TEST(store_outlives_other_standards),
		cmocka_unit_test(stores_that_are_none_are_refused),
	};

	return (cmocka_run_group_tests_name("conf_value", tests, world_open,
	    world_close));
}
