/*
 * query.h and cursor.h: what clients may send, and what a cursor is good for.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/cursor.h"
#include "tests/sandbox/query.h"

static void
cursors_open_what_they_were_made_for(void **state __attribute__((unused)))
{
	static const uint64_t places[] = { 0, 1, 250, 1000000, UINT64_C(1) << 40,
		UINT64_MAX };
	char text[CURSOR_SIZE];
	uint64_t place;
	size_t i;

	for (i = 0; i < ROWS(places); i++) {
		assert_row(i, cursor_write(places[i], 7, 9, text) == text);
		assert_row(i, strchr(text, '+') != NULL && strchr(text, '/') != NULL &&
		    strchr(text, '=') != NULL);
		assert_row(i, cursor_read(text, 7, 9, &place) && place == places[i]);
		assert_row(i, !cursor_read(text, 8, 9, &place));
		assert_row(i, !cursor_read(text, 7, 10, &place));
	}
}

static void
cursors_cannot_be_made_up(void **state __attribute__((unused)))
{
	static const char *const rows[] = { "", "x", "+/+/",
		"==", "+/+/AAAAAAAAAAAAAAAAAAAAAA==", "-_-_AAAAAAAAAAAAAAAAAAAAAA==",
		"+/+/AAAAAAAAAAAAAAAAAAAAAA",
		"+/+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==" };
	char text[CURSOR_SIZE];
	uint64_t place;
	size_t at, i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, !cursor_read(rows[i], 0, 0, &place));
	/* Nor can a good one be changed, in any place. */
	(void)cursor_write(250, 1, 2, text);
	for (at = 0; text[at] != '\0'; at++) {
		text[at] ^= 1;
		assert_row(at, !cursor_read(text, 1, 2, &place));
		text[at] ^= 1;
	}
	assert_true(cursor_read(text, 1, 2, &place));
}

static void
instants_are_read_as_documented(void **state __attribute__((unused)))
{
	static const struct {
		const char	*text;
		const char	*is;	/* NULL: not one */
	} rows[] = {
		{ "2026-11-20", "2026-11-20T00:00:00.000000Z" },
		{ "2026-11-20Z", "2026-11-20T00:00:00.000000Z" },
		{ "2026-11-20T10:11:12", "2026-11-20T10:11:12.000000Z" },
		{ "2026-11-20T10:11:12Z", "2026-11-20T10:11:12.000000Z" },
		{ "2026-11-20T10:11:12.1", "2026-11-20T10:11:12.100000Z" },
		{ "2026-11-20T10:11:12.123456789Z", "2026-11-20T10:11:12.123456Z" },
		{ "2024-02-29", "2024-02-29T00:00:00.000000Z" },
		{ "2026-02-29", NULL },
		{ "2026-11-20T10:11", NULL },
		{ "2026-11-20T10:11:12+00:00", NULL },
		{ "2026-11-20T10:11:12.Z", NULL },
		{ "2026-11-20.5", NULL },
		{ "2026-11-20T10:11:12ZZ", NULL },
		{ "2026-11-20 10:11:12", NULL },
		{ "2026-11-20T25:11:12", NULL },
		{ " 2026-11-20", NULL },
		{ "", NULL },
	};
	char text[CLOCK_TEXT_SIZE];
	int64_t instant;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i,
		    query_instant(rows[i].text, &instant) == (rows[i].is != NULL));
		if (rows[i].is != NULL)
			assert_row(i,
			    strcmp(clock_format(instant, 6, text), rows[i].is) == 0);
	}
}

/* Reads one parameter; gives the query's filters, or 0 when it is refused. */
static uint64_t
filters_of(enum kind_id kind, const char *name, const char *value)
{
	struct query_pair pairs[] = { { name, value }, { NULL, NULL } };
	struct arena *arena;
	struct query query;
	uint64_t filters;

	arena = arena_open();
	filters = query_read(&query, kind, pairs, arena, NULL) == 0 ? query.filters : 0;
	query_close(&query);
	arena_close(&arena);
	return (filters);
}

static void
parameters_are_checked(void **state __attribute__((unused)))
{
	static const struct {
		enum kind_id	 kind;
		const char	*name, *value;
		bool		 ok;
	} rows[] = {
		{ KIND_GROUP, "page_size", "1", true },
		{ KIND_GROUP, "page_size", "250", true },
		{ KIND_GROUP, "page_size", "251", false },
		{ KIND_GROUP, "page_size", "0", false },
		{ KIND_GROUP, "page_size", "99999999999999999999", false },
		{ KIND_GROUP, "page_size", "+5", false },
		{ KIND_GROUP, "include_deleted", "true", true },
		{ KIND_GROUP, "include_deleted", "True", false },
		{ KIND_GROUP, "types", "TEAM,null", true },
		{ KIND_GROUP, "types", "TEAM,", false },
		{ KIND_GROUP, "types", "DEPARTMENT TEAM", false },
		{ KIND_GROUP, "employment_statuses", "NONSENSE", true },
		{ KIND_EMPLOYEE, "employment_statuses", "NONSENSE", false },
		{ KIND_EMPLOYEE, "employment_statuses", "LEAVE,ACTIVE", true },
		{ KIND_EMPLOYEE, "types", "nonsense", true },
		{ KIND_EMPLOYEE, "custom_fields", "{\"badge\":null}", true },
		{ KIND_EMPLOYEE, "custom_fields", "{\"badge\":{}}", false },
		{ KIND_EMPLOYEE, "custom_fields", "{\"badge\":1,\"langs\":1}", false },
		{ KIND_EMPLOYEE, "custom_fields", "{\"other\":1}", false },
		{ KIND_EMPLOYEE, "unknown", "anything", true },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i,
		    (filters_of(rows[i].kind, rows[i].name, rows[i].value) != 0) ==
			(rows[i].ok));
}

static void
filters_tell_queries_apart(void **state __attribute__((unused)))
{
	uint64_t plain;

	plain = filters_of(KIND_GROUP, "nothing", "");
	assert_true(filters_of(KIND_GROUP, "cursor", "abc") == plain);
	assert_true(filters_of(KIND_GROUP, "page_size", "10") != plain);
	assert_true(
	    filters_of(KIND_GROUP, "ids", "a") != filters_of(KIND_GROUP, "ids", "b"));
	assert_true(filters_of(KIND_GROUP, "ids", "a") !=
	    filters_of(KIND_GROUP, "remote_ids", "a"));
	assert_true(filters_of(KIND_LOCATION, "ids", "a") !=
	    filters_of(KIND_GROUP, "ids", "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursors_open_what_they_were_made_for),
		cmocka_unit_test(cursors_cannot_be_made_up),
		cmocka_unit_test(instants_are_read_as_documented),
		cmocka_unit_test(parameters_are_checked),
		cmocka_unit_test(filters_tell_queries_apart),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
