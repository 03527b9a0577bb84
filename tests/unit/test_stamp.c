/*
 * backend/stamp.h and backend/given.h: the CSNs that replicas see only ever grow.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/given.h"
#include "base/clock.h"
#include "base/mem.h"

#define NOON	INT64_C(1763640000000000)	/* 20 November 2025, 12:00 */
#define PLAIN	((struct stamp_base){ .floor = 0 })

int slap_serverID = 0x0ab;	/* slapd's own, where there is one */

static void
csns_are_written_as_slapd_does(void **state __attribute__((unused)))
{
	static const struct {
		int64_t		 stamp;
		const char	*time;
		const char	*csn;
	} rows[] = {
		{ 0, "19700101000000Z", "19700101000000.000000Z#000000#0ab#000000" },
		{ NOON, "20251120120000Z", "20251120120000.000000Z#000000#0ab#000000" },
		{ NOON + 1, "20251120120000Z", "20251120120000.000001Z#000000#0ab#000000" },
		{ NOON - 1, "20251120115959Z", "20251120115959.999999Z#000000#0ab#000000" },
		{ INT64_C(951782400000000), "20000229000000Z",
		    "20000229000000.000000Z#000000#0ab#000000" },
		{ INT64_C(4107542400000000), "21000301000000Z",
		    "21000301000000.000000Z#000000#0ab#000000" },
		{ INT64_C(253402300799999999), "99991231235959Z",
		    "99991231235959.999999Z#000000#0ab#000000" },
	};
	char csn[STAMP_CSN_SIZE], time[STAMP_TIME_SIZE];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(stamp_time(rows[i].stamp, time), STAMP_TIME_SIZE - 1);
		assert_int_equal(stamp_csn(&PLAIN, rows[i].stamp, csn), STAMP_CSN_SIZE - 1);
		assert_string_equal(time, rows[i].time);
		assert_string_equal(csn, rows[i].csn);
	}
}

/* CSNs of stamps that ascend ascend, and what comes just before one stands between two. */
static void
check_order(const struct stamp_base *base, const int64_t *stamps, size_t count)
{
	char before[STAMP_CSN_SIZE], csn[STAMP_CSN_SIZE], last[STAMP_CSN_SIZE] = "";
	char latest[STAMP_CSN_SIZE];
	size_t i;

	for (i = 0; i < count; i++) {
		(void)stamp_csn(base, stamps[i], csn);
		(void)stamp_csn_before(base, stamps[i], before);
		(void)stamp_csn(&PLAIN, stamp_latest(base, stamps[i]), latest);
		assert_row(i, strcmp(last, before) < 0 || (i > 0 && stamps[i] == stamps[i - 1] + 1 &&
		    strcmp(last, before) == 0));
		assert_row(i, strcmp(before, csn) < 0);
		assert_row(i, strncmp(csn, latest, strlen("20251120120000.000000")) <= 0);
		memcpy(last, csn, sizeof(last));
	}
}

static void
csns_ascend_with_stamps_above_any_floor(void **state __attribute__((unused)))
{
	static const int64_t around[] = { 1, 2, NOON - 30 * CLOCK_DAY, NOON - CLOCK_DAY, NOON - 2,
	    NOON - 1, NOON, NOON + 1, NOON + 2, NOON + 31, NOON + 32, NOON + 33, NOON + 34,
	    NOON + CLOCK_SECOND, NOON + CLOCK_DAY - 1, NOON + CLOCK_DAY, NOON + CLOCK_DAY + 1,
	    NOON + CLOCK_DAY + 31, NOON + CLOCK_DAY + 32, NOON + CLOCK_DAY + 33,
	    NOON + CLOCK_DAY + 34, NOON + 2 * CLOCK_DAY, NOON + 9000 * CLOCK_DAY };
	static const struct stamp_base bases[] = {
		{ .floor = 0 },
		{ .floor = NOON + CLOCK_DAY, .known = NOON },		/* a day older */
		{ .floor = NOON + CLOCK_DAY, .known = NOON - 30 * CLOCK_DAY },
		{ .floor = NOON + 9000 * CLOCK_DAY, .known = NOON },	/* a clock that was wrong */
		{ .floor = NOON + 1, .known = NOON },
		{ .floor = NOON - CLOCK_DAY, .known = NOON },	/* another one, further on */
	};
	char floor[STAMP_CSN_SIZE], first[STAMP_CSN_SIZE], gone[STAMP_CSN_SIZE];
	char next[STAMP_CSN_SIZE];
	size_t i;

	for (i = 0; i < ROWS(bases); i++) {
		check_order(&bases[i], around, ROWS(around));
		if (bases[i].floor == 0)
			continue;
		/* Whatever was given before the base began stands below all of it. */
		(void)stamp_csn(&PLAIN, bases[i].floor - 1, floor);
		(void)stamp_csn(&bases[i], 1, first);
		(void)stamp_csn_gone(&bases[i], 0, gone);
		(void)stamp_csn_gone(&bases[i], 1000000, next);
		assert_row(i, strcmp(floor, gone) < 0);
		assert_row(i, strcmp(gone, next) < 0);
		assert_row(i, strcmp(next, first) < 0);
	}
}

static void
deletions_are_known_from_where_a_base_began(void **state __attribute__((unused)))
{
	const struct stamp_base base = { .floor = NOON + CLOCK_DAY, .known = NOON };

	assert_int_equal(stamp_oldest(&PLAIN, 0), 0);
	assert_int_equal(stamp_oldest(&PLAIN, NOON - 1), NOON - 1);
	assert_int_equal(stamp_oldest(&base, 0), NOON);
	assert_int_equal(stamp_oldest(&base, NOON - 1), NOON);
	assert_int_equal(stamp_oldest(&base, NOON + 1), NOON + 1);
}

static const struct given known = {
	.epoch = { .bytes = "an epoch, 16 b." }, .view = 1, .form = 77, .stamp = NOON,
	.until = NOON + CLOCK_MINUTE,
};

static void
another_database_begins_above_what_was_given(void **state __attribute__((unused)))
{
	static const struct {
		const char	*what;
		const char	*epoch;
		int64_t		 view;
		uint64_t	 form;
		int64_t		 stamp;
		bool		 anew;
	} rows[] = {
		{ "the same", "an epoch, 16 b.", 1, 77, NOON, false },
		{ "further on", "an epoch, 16 b.", 1, 77, NOON + 1, false },
		{ "much further on", "an epoch, 16 b.", 1, 77, NOON + 99 * CLOCK_DAY, false },
		{ "an older state", "an epoch, 16 b.", 1, 77, NOON - 1, true },
		{ "another epoch", "another, 16 by.", 1, 77, NOON + 1, true },
		{ "… and older", "another, 16 by.", 1, 77, NOON - CLOCK_DAY, true },
		{ "another view", "an epoch, 16 b.", 2, 77, NOON + 1, true },
		{ "entries of another shape", "an epoch, 16 b.", 1, 78, NOON, true },
	};
	char last[STAMP_CSN_SIZE], text[STAMP_CSN_SIZE];
	struct given given, now;
	size_t i;

	(void)stamp_csn(&PLAIN, known.until, last);
	for (i = 0; i < ROWS(rows); i++) {
		given = known;
		now = (struct given){ .view = rows[i].view, .form = rows[i].form,
		    .stamp = rows[i].stamp };
		memcpy(now.epoch.bytes, rows[i].epoch, sizeof(now.epoch.bytes));
		given_go_on(&given, &now);
		assert_row(i, (given.base.floor != 0) == rows[i].anew);
		assert_row(i, given.stamp == rows[i].stamp);
		(void)stamp_csn(&given.base, rows[i].stamp, text);
		assert_row(i, !rows[i].anew || strcmp(last, text) < 0);
		assert_row(i, !rows[i].anew || given.until >= stamp_latest(&given.base,
		    rows[i].stamp));
	}
}

/* One after the other, as often as one likes, forward and back. */
static void
bases_stand_on_each_other(void **state __attribute__((unused)))
{
	char last[STAMP_CSN_SIZE] = "", text[STAMP_CSN_SIZE];
	struct given given = known, now = known;
	int i;

	for (i = 0; i < 100; i++) {
		now.epoch.bytes[0] = (uint8_t)i;
		now.stamp = NOON + (i * 7919 % 13 - 6) * CLOCK_DAY;
		given_go_on(&given, &now);
		(void)stamp_csn(&given.base, now.stamp, text);
		assert_true(strcmp(last, text) < 0);
		memcpy(last, text, sizeof(last));
	}
}

static void
nothing_given_begins_with_plain_csns(void **state __attribute__((unused)))
{
	struct given given = { .until = 0 }, now = known;

	now.until = 0;
	given_go_on(&given, &now);
	assert_int_equal(given.base.floor, 0);
	assert_int_equal(given.stamp, NOON);
}

static void
what_was_given_is_read_as_it_was_written(void **state __attribute__((unused)))
{
	static const char *const broken[] = { "", "rollcall-csn 1", "rollcall-csn 2 x",
	    "rollcall-csn 1 nonsense 1 0 1 1 1 1\n" };
	char folder[] = "/tmp/rollcall-unit-XXXXXX", *database, *path;
	struct err err = ERR_INIT;
	struct given given;
	FILE *file;
	size_t i;

	assert_non_null(mkdtemp(folder));
	database = mem_printf("%s/rollcall.db", folder);
	path = given_path(database, "ldap");
	assert_string_equal(strrchr(path, '/'), "/slapd-ldap-0ab.csn");
	assert_int_equal(given_read(path, &given, &err), 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(given_write(path, &known, i == 0, &err), 0);
		assert_int_equal(given_read(path, &given, &err), 1);
		assert_memory_equal(&given, &known, sizeof(given));
	}
	for (i = 0; i < ROWS(broken); i++) {
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(broken[i], file) >= 0);
		assert_int_equal(fclose(file), 0);
		err_clear(&err);
		assert_row(i, given_read(path, &given, &err) == -1);
		assert_row(i, given.until == 0 && strstr(err.text, path) != NULL);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	err_clear(&err);
	assert_int_equal(given_write(path, &known, true, &err), -1);
	assert_non_null(strstr(err.text, path));
	mem_free(&database);
	mem_free(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csns_are_written_as_slapd_does),
		cmocka_unit_test(csns_ascend_with_stamps_above_any_floor),
		cmocka_unit_test(deletions_are_known_from_where_a_base_began),
		cmocka_unit_test(another_database_begins_above_what_was_given),
		cmocka_unit_test(bases_stand_on_each_other),
		cmocka_unit_test(nothing_given_begins_with_plain_csns),
		cmocka_unit_test(what_was_given_is_read_as_it_was_written),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
