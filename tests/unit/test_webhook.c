/*
 * Webhooks of Kombo: signatures (kombo/api.md §8.1), what a message says, what is noted of it.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "base/clock.h"
#include "sync/hints.h"
#include "sync/webhook/message.h"

#define BODY "{\"id\":\"EvtTestVector00000000001\",\"type\":\"data-changed\",\"data\":{"	\
	"\"integration_id\":\"sandbox:Zq4Test7Integration9Aa1\",\"integration_tool\":"	\
	"\"sandbox\",\"integration_category\":\"HRIS\",\"changed_models\":[{\"name\":"	\
	"\"hris_employees\"}]}}"
#define GOOD "ulTcya-7jXvXsDgBSvxBlGbYdhIngy_H20KxU4OBok4"

static void
signatures_are_checked(void **state __attribute__((unused)))
{
	static char first[] = "another", second[] = "test-secret-1";
	char *const secrets[] = { first, second };
	static const struct {
		const char	*signature;
		const char	*body;
		size_t		 secrets;
		bool		 good;
	} rows[] = {
		{ GOOD, BODY, 2, true },
		{ GOOD "=", BODY, 2, true },
		{ GOOD, BODY, 1, false },
		{ GOOD, BODY, 0, false },
		{ GOOD, BODY " ", 2, false },
		{ GOOD "=x", BODY, 2, false },
		{ GOOD "A", BODY, 2, false },
		{ "xlTcya-7jXvXsDgBSvxBlGbYdhIngy_H20KxU4OBok4", BODY, 2, false },
		{ "ulTcya+7jXvXsDgBSvxBlGbYdhIngy/H20KxU4OBok4", BODY, 2, false },
		{ "ulTcya-7jXvXsDgBSvxBlGbYdhIngy_H20KxU4OBok", BODY, 2, false },
		{ "", BODY, 2, false },
		{ NULL, BODY, 2, false },
	};
	size_t i;

	assert_int_equal(strlen(BODY), 219);
	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, message_is_signed(rows[i].signature, rows[i].body,
		    strlen(rows[i].body), secrets, rows[i].secrets) == rows[i].good);
}

static void
messages_are_read(void **state __attribute__((unused)))
{
#define M(type, data) "{\"id\":\"x\",\"type\":\"" type "\",\"data\":" data "}"
	static const struct {
		const char	*body;
		bool		 good, wants, finished;
		const char	*integration, *state;
	} rows[] = {
		{ BODY, true, true, false, "sandbox:Zq4Test7Integration9Aa1", NULL },
		{ M("data-changed", "{\"integration_id\":\"a\"}"), true, true, false, "a",
		    NULL },
		{ M("data-changed", "{\"integration_id\":\"a\",\"changed_models\":["
		    "{\"name\":\"hris_skills\"}]}"), true, false, false, "a", NULL },
		{ M("data-changed", "{\"integration_id\":\"a\",\"changed_models\":["
		    "{\"name\":\"hris_skills\"},{\"x\":1}]}"), true, true, false, "a", NULL },
		{ M("sync-finished", "{\"integration_id\":\"a\",\"sync_state\":\"FAILED\"}"),
		    true, false, true, "a", "FAILED" },
		{ M("integration-deleted", "{\"id\":\"a\"}"), true, true, false, "a", NULL },
		{ M("data-changed", "null"), true, true, false, NULL, NULL },
		{ M("moon-phase", "{\"integration_id\":\"a\"}"), true, false, false, NULL,
		    NULL },
		{ "", false, false, false, NULL, NULL },
		{ "[]", false, false, false, NULL, NULL },
		{ "{\"id\":\"x\"}", false, false, false, NULL, NULL },
		{ "{\"type\":\"x\",\"id\":1}", false, false, false, NULL, NULL },
	};
	struct arena *arena;
	struct message message;
	struct err err = ERR_INIT;
	size_t i;

	arena = arena_open();
	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, (message_read(rows[i].body, strlen(rows[i].body), arena, &message,
		    &err) == 0) == rows[i].good);
		assert_row(i, message.wants == rows[i].wants);
		assert_row(i, message.finished == rows[i].finished);
		assert_row(i, (message.integration == NULL) == (rows[i].integration == NULL));
		assert_row(i, message.integration == NULL ||
		    strcmp(message.integration, rows[i].integration) == 0);
		assert_row(i, (message.state == NULL) == (rows[i].state == NULL));
	}
	arena_close(&arena);
}

static void
hints_add(void *context, const char *integration)
{
	strcat(strcat(context, integration), " ");
}

static void
hints_are_taken_once(void **state __attribute__((unused)))
{
	char taken[64] = "", word[HINT_STATE_SIZE];
	struct hints_figures figures;
	struct hints *hints;
	int64_t before;

	hints = hints_open();
	hints_want(hints, "a");
	hints_want(hints, "b");
	hints_want(hints, "a");
	hints_take(hints, hints_add, taken);
	assert_string_equal(taken, "a b ");
	hints_take(hints, hints_add, taken);
	assert_string_equal(taken, "a b ");
	before = clock_monotonic();
	assert_false(hints_finished(hints, "a", before, word));
	hints_finish(hints, "a", "TIMED_OUT");
	assert_true(hints_finished(hints, "a", before, word));
	assert_string_equal(word, "TIMED_OUT");
	assert_false(hints_finished(hints, "b", before, word));
	assert_false(hints_finished(hints, "a", clock_monotonic() + 1, word));
	hints_finish(hints, "a", "A STATE THAT IS LONGER THAN ANY THAT KOMBO HAS");
	assert_true(hints_finished(hints, "a", before, word));
	hints_count(hints, HINT_REFUSED);
	hints_get_figures(hints, &figures);
	assert_int_equal(figures.fate[HINT_REFUSED], 1);
	assert_int_equal(figures.last_at, 0);
	hints_close(&hints);
	assert_null(hints);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_checked),
		cmocka_unit_test(messages_are_read),
		cmocka_unit_test(hints_are_taken_once),
	};

	return (cmocka_run_group_tests_name("webhook", tests, NULL, NULL));
}
