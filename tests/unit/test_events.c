/*
 * Outgoing events: which change of a person makes which event, what is news of a source, and the
 * queues in the database.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/model.h"
#include "rules/reasons.h"
#include "sync/plan/events.h"

#define JOINED		EVENT_BIT(EVENT_JOINED)
#define ONBOARDING	EVENT_BIT(EVENT_ONBOARDING)
#define STARTED		EVENT_BIT(EVENT_STARTED)
#define CHANGED		EVENT_BIT(EVENT_CHANGED)
#define OFFBOARDING	EVENT_BIT(EVENT_OFFBOARDING)
#define LEFT		EVENT_BIT(EVENT_LEFT)

static void
changes_make_events(void **state __attribute__((unused)))
{
	static const struct {
		uint32_t	shown, views;
		unsigned int	old_status, status;
		bool		changed;
		uint32_t	events;
	} rows[] = {
		/* nobody sees anything */
		{ 0, 0, STATUS_ACTIVE, STATUS_ACTIVE, false, 0 },
		{ 0, 0, STATUS_ONBOARDING, STATUS_DEPARTED, false, 0 },
		{ 1, 1, STATUS_ACTIVE, STATUS_ACTIVE, false, 0 },
		/* entering */
		{ 0, 1, STATUS_ONBOARDING, STATUS_ONBOARDING, true, ONBOARDING },
		{ 0, 1, STATUS_ONBOARDING, STATUS_ACTIVE, true, JOINED },
		{ 0, 2, STATUS_ACTIVE, STATUS_ACTIVE, true, JOINED },
		{ 0, 3, STATUS_ACTIVE, STATUS_OFFBOARDING, true, JOINED | OFFBOARDING },
		{ 0, 3, STATUS_OFFBOARDING, STATUS_OFFBOARDING, true, JOINED | OFFBOARDING },
		/* a leaver who is shown as inactive comes back */
		{ 2, 3, STATUS_DEPARTED, STATUS_ACTIVE, true, JOINED },
		{ 2, 2, STATUS_DEPARTED, STATUS_ONBOARDING, true, ONBOARDING },
		/* staying */
		{ 2, 3, STATUS_ONBOARDING, STATUS_ACTIVE, true, CHANGED | STARTED },
		{ 2, 3, STATUS_ONBOARDING, STATUS_OFFBOARDING, true,
		    CHANGED | STARTED | OFFBOARDING },
		{ 3, 3, STATUS_ACTIVE, STATUS_ACTIVE, true, CHANGED },
		{ 3, 1, STATUS_ACTIVE, STATUS_ACTIVE, true, CHANGED },
		{ 3, 3, STATUS_ACTIVE, STATUS_OFFBOARDING, true, CHANGED | OFFBOARDING },
		{ 3, 3, STATUS_OFFBOARDING, STATUS_ACTIVE, true, CHANGED },
		{ 3, 2, STATUS_ACTIVE, STATUS_ONBOARDING, true, CHANGED | ONBOARDING },
		{ 2, 2, STATUS_ONBOARDING, STATUS_ONBOARDING, true, CHANGED },
		/* leaving */
		{ 3, 0, STATUS_ACTIVE, STATUS_ACTIVE, true, LEFT },
		{ 3, 2, STATUS_ACTIVE, STATUS_DEPARTED, true, LEFT },
		{ 2, 0, STATUS_ONBOARDING, STATUS_DEPARTED, true, LEFT },
		{ 2, 0, STATUS_DEPARTED, STATUS_DEPARTED, true, 0 },
		{ 2, 2, STATUS_DEPARTED, STATUS_DEPARTED, true, 0 },
	};
	struct events_change change;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		change = (struct events_change){
			.shown = rows[i].shown,
			.views = rows[i].views,
			.old_status = rows[i].old_status,
			.status = rows[i].status,
			.changed = rows[i].changed,
		};
		assert_row(i, events_of(&change) == rows[i].events);
	}
}

/* ---- a database -------------------------------------------------------------------------------- */

struct desk {
	char		 folder[64];
	char		*path;
	struct db	*db;
	struct conf	*conf;
	struct arena	*arena;
};

static struct desk desk;
static struct err err;

static void
must(int result)
{
	if (result < 0)
		fail_msg("%s", err.text);
}

static struct conf *
desk_conf(const char *hooks)
{
	struct conf *conf;
	char *text;

	text = mem_printf("rollcall-configuration 1\t/x\n"
	    "rollcall.conf\tdirectory\t1\tsuffix\tdc=x\n%s", hooks);
	must(conf_load_text(text, &conf, &err));
	mem_free(&text);
	return (conf);
}

#define HOOK(name, events) "rollcall.conf\thook/" name "\t1\t\t\n" events \
	"rollcall.conf\thook/" name "\t1\tcommand\t/bin/true\n"
#define WANTS(name, event) "rollcall.conf\thook/" name "\t1\tevents\t" event "\n"

static int
desk_open(void **state __attribute__((unused)))
{
	(void)snprintf(desk.folder, sizeof(desk.folder), "/tmp/rollcall-events-XXXXXX");
	if (mkdtemp(desk.folder) == NULL)
		return (-1);
	err_clear(&err);
	desk.path = mem_printf("%s/db", desk.folder);
	desk.arena = arena_open();
	must(db_open(desk.path, DB_WRITER, &desk.db, &err));
	desk.conf = desk_conf(
	    HOOK("a", WANTS("a", "left") WANTS("a", "held") WANTS("a", "recovered"))
	    HOOK("b", WANTS("b", "joined") WANTS("b", "left") WANTS("b", "failed")));
	must(events_take_hooks(desk.db, desk.conf, &err));
	return (0);
}

static int
desk_close(void **state __attribute__((unused)))
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char *path;
	size_t i;

	conf_close(&desk.conf);
	db_close(&desk.db);
	arena_close(&desk.arena);
	for (i = 0; i < ROWS(ends); i++) {
		path = mem_printf("%s%s", desk.path, ends[i]);
		(void)unlink(path);
		mem_free(&path);
	}
	(void)rmdir(desk.folder);
	mem_free(&desk.path);
	return (0);
}

/* The queue of a hook as one text: kind, source, status, reasons. */
static const char *
desk_queue(const char *name)
{
	struct event_row *rows;
	struct hook_row hook;
	const char *text;
	size_t count, i;

	assert_int_equal(hook_find(desk.db, name, desk.arena, &hook, &err), 1);
	must(event_next(desk.db, hook.id, 100, desk.arena, &rows, &count, &err));
	assert_int_equal(hook.waiting, count);
	text = "";
	for (i = 0; i < count; i++)
		text = arena_printf(desk.arena, "%s%s/%s/%s/%s ", text, rows[i].kind,
		    rows[i].source != NULL ? rows[i].source : "-",
		    rows[i].status != NULL ? rows[i].status : "-", rows[i].reasons);
	return (text);
}

static void
hooks_get_what_they_want_in_order(void **state __attribute__((unused)))
{
	static const struct uuid uuid = { .bytes = { 1, 2, 3 } };
	struct events_change change = { .uuid = &uuid, .source = "fr", .views = 1,
	    .status = STATUS_ACTIVE, .changed = true };
	struct event_row *rows;
	struct events *events;
	struct hook_row hook;
	size_t count;

	must(events_open(desk.db, desk.conf, 7, 3, &events, &err));
	assert_non_null(events);
	must(events_person(events, &change, &err));
	change = (struct events_change){ .uuid = &uuid, .source = "fr", .shown = 1,
	    .old_status = STATUS_ACTIVE, .status = STATUS_DEPARTED, .changed = true,
	    .reasons = REASON_BIT(REASON_DEPARTED) | REASON_BIT(REASON_HIDDEN) };
	must(events_person(events, &change, &err));
	events_close(&events);
	assert_string_equal(desk_queue("a"), "left/fr/departed/hidden departed ");
	assert_string_equal(desk_queue("b"),
	    "joined/fr/active/ left/fr/departed/hidden departed ");
	assert_int_equal(hook_find(desk.db, "b", desk.arena, &hook, &err), 1);
	must(event_next(desk.db, hook.id, 1, desk.arena, &rows, &count, &err));
	assert_int_equal(count, 1);
	assert_true(rows[0].has_person && rows[0].made_at == 7 && rows[0].revision == 3);
	assert_memory_equal(rows[0].person.bytes, uuid.bytes, UUID_SIZE);
	must(event_done(desk.db, hook.id, rows[0].id, &err));
	assert_string_equal(desk_queue("b"), "left/fr/departed/hidden departed ");
	assert_string_equal(desk_queue("a"), "left/fr/departed/hidden departed ");
}

static void
sources_are_told_when_it_is_news(void **state __attribute__((unused)))
{
	static const struct {
		enum event_kind	 kind;
		const char	*source;
		const char	*reasons;
	} rows[] = {
		{ EVENT_RECOVERED, "fr", NULL },		/* it was well */
		{ EVENT_FAILED, "fr", "NETWORK" },
		{ EVENT_FAILED, "fr", "KOMBO_KEY" },		/* it still fails */
		{ EVENT_FAILED, "de", "NETWORK" },
		{ EVENT_RECOVERED, "fr", NULL },
		{ EVENT_RECOVERED, "fr", NULL },
		{ EVENT_HELD, "de", "removals" },
		{ EVENT_HELD, "de", "removals" },
		{ EVENT_HELD, "de", "removals nulls" },
		{ EVENT_HELD, NULL, "out_of_filter" },
		{ EVENT_RECOVERED, NULL, NULL },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		must(events_source(desk.db, desk.conf, rows[i].kind, rows[i].source,
		    rows[i].reasons, 1, &err));
	assert_string_equal(desk_queue("a"), "recovered/fr/-/ held/de/-/removals "
	    "held/de/-/removals nulls held/-/-/out_of_filter recovered/-/-/ ");
	assert_string_equal(desk_queue("b"), "failed/fr/-/NETWORK failed/de/-/NETWORK ");
}

static void
hooks_follow_the_configuration(void **state __attribute__((unused)))
{
	struct hook_row *rows;
	struct events *events;
	struct conf *conf;
	size_t count;

	must(events_source(desk.db, desk.conf, EVENT_FAILED, "fr", "NETWORK", 1, &err));
	conf = desk_conf(HOOK("b", WANTS("b", "failed")) HOOK("c", WANTS("c", "held")));
	must(events_take_hooks(desk.db, conf, &err));
	must(hook_list(desk.db, desk.arena, &rows, &count, &err));
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].name, "b");
	assert_int_equal(rows[0].waiting, 1);
	assert_string_equal(rows[1].name, "c");
	assert_int_equal(rows[1].waiting, 0);
	must(events_open(desk.db, conf, 1, 1, &events, &err));
	assert_null(events);		/* none of them wants to hear of people */
	conf_close(&conf);
}

static void
what_waits_too_long_is_dropped(void **state __attribute__((unused)))
{
	struct hook_row hook;
	int64_t count;

	must(events_source(desk.db, desk.conf, EVENT_FAILED, "fr", "NETWORK", 10, &err));
	must(events_source(desk.db, desk.conf, EVENT_FAILED, "de", "NETWORK", 20, &err));
	assert_int_equal(hook_find(desk.db, "b", desk.arena, &hook, &err), 1);
	assert_int_equal(hook.oldest, 10);
	must(event_expire(desk.db, hook.id, 20, &count, &err));
	assert_int_equal(count, 1);
	assert_string_equal(desk_queue("b"), "failed/de/-/NETWORK ");
	hook.parked_at = 5;
	hook.error = "exit status 1";
	must(hook_save(desk.db, &hook, &err));
	assert_int_equal(hook_find(desk.db, "b", desk.arena, &hook, &err), 1);
	assert_int_equal(hook.parked_at, 5);
	assert_string_equal(hook.error, "exit status 1");
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_open, desk_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_make_events),
		DESK_TEST(hooks_get_what_they_want_in_order),
		DESK_TEST(sources_are_told_when_it_is_news),
		DESK_TEST(hooks_follow_the_configuration),
		DESK_TEST(what_waits_too_long_is_dropped),
	};

	return (cmocka_run_group_tests_name("events", tests, NULL, NULL));
}
