/*
 * Status by date: every row of semantics 3.7 at its boundary days, every option, and the
 * promise of `next`: until that day nothing changes.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "rules/reasons.h"
#include "rules/status.h"

#define TODAY	20000
#define NONE	DAY_NONE
#define D(n)	(TODAY + (n))

#define CONFLICT	CONDITION_BIT(CONDITION_STATUS_CONFLICT)
#define EARLY		CONDITION_BIT(CONDITION_EARLY_INACTIVE)
#define NO_END		CONDITION_BIT(CONDITION_NO_END_DATE)
#define NO_START	CONDITION_BIT(CONDITION_NO_START_DATE)
#define UNKNOWN		CONDITION_BIT(CONDITION_UNKNOWN_STATUS)
#define GONE		CONDITION_BIT(CONDITION_GONE)

#define ON	STATUS_ONBOARDING
#define ACT	STATUS_ACTIVE
#define OFF	STATUS_OFFBOARDING
#define DEP	STATUS_DEPARTED

static const struct lifecycle standard = { .release = RELEASE_IMMEDIATE };
static const struct lifecycle first_off = { .first_day_off = true };
static const struct lifecycle early_off = { .early_offboarding = true };
static const struct lifecycle leave_off = { .leave_inactive = true };

/* What each case gives: status, conditions, next day on which dates alone change it. */
static const struct {
	const struct lifecycle	*lifecycle;
	const char		*word;
	day_number		 start;
	day_number		 end;
	bool			 gone;
	enum person_status	 status;
	uint32_t		 conditions;
	day_number		 next;
} cases[] = {
	/* 1: gone wins over everything, and dates no longer matter */
	{ &standard, "ACTIVE", D(-9), NONE, true, DEP, GONE, NONE },
	{ &standard, "PENDING", D(9), NONE, true, DEP, GONE, NONE },
	{ &standard, NULL, NONE, D(9), true, DEP, GONE, NONE },
	{ &standard, "SABBATICAL", NONE, NONE, true, DEP, GONE, NONE },
	/* 2: after the last day */
	{ &standard, "ACTIVE", D(-9), D(-1), false, DEP, CONFLICT, NONE },
	{ &standard, "INACTIVE", D(-9), D(-1), false, DEP, 0, NONE },
	{ &standard, "LEAVE", D(-9), D(-1), false, DEP, 0, NONE },
	{ &standard, "PENDING", D(-9), D(-1), false, DEP, 0, NONE },
	{ &standard, NULL, D(-9), D(-1), false, DEP, 0, NONE },
	{ &standard, NULL, NONE, D(-1), false, DEP, 0, NONE },
	{ &standard, "x", D(-9), D(-1), false, DEP, UNKNOWN, NONE },
	{ &standard, "ACTIVE", D(-1), D(-1), false, DEP, CONFLICT, NONE },
	{ &first_off, "ACTIVE", D(-9), D(0), false, DEP, CONFLICT, NONE },
	{ &first_off, "ACTIVE", D(0), D(0), false, DEP, CONFLICT, NONE },
	/* … the last day itself is in */
	{ &standard, "ACTIVE", D(-9), D(0), false, OFF, 0, D(1) },
	{ &standard, "ACTIVE", D(0), D(0), false, OFF, 0, D(1) },
	{ &first_off, "ACTIVE", D(-9), D(1), false, OFF, 0, D(1) },
	{ &standard, "INACTIVE", D(-9), D(0), false, DEP, EARLY, D(1) },
	/* 3: before the first day */
	{ &standard, "PENDING", D(1), NONE, false, ON, 0, D(1) },
	{ &standard, "PENDING", D(30), D(90), false, ON, 0, D(30) },
	{ &standard, "ACTIVE", D(1), NONE, false, ON, CONFLICT, D(1) },
	{ &standard, "INACTIVE", D(1), NONE, false, ON, CONFLICT, D(1) },	/* A29 */
	{ &standard, "LEAVE", D(1), NONE, false, ON, 0, D(1) },
	{ &standard, NULL, D(1), NONE, false, ON, 0, D(1) },
	{ &standard, "x", D(1), NONE, false, ON, UNKNOWN, D(1) },
	{ &standard, NULL, D(1), D(1), false, ON, 0, D(1) },
	{ &first_off, NULL, D(1), D(1), false, ON, 0, D(1) },
	/* an end before the start belongs to an earlier spell: as if there were none */
	{ &standard, "ACTIVE", D(-2), D(-3), false, ACT, 0, NONE },
	{ &standard, "ACTIVE", D(5), D(-3), false, ON, CONFLICT, D(5) },
	{ &standard, "ACTIVE", D(5), D(4), false, ON, CONFLICT, D(5) },
	{ &standard, "INACTIVE", D(-2), D(-3), false, DEP, NO_END, NONE },
	{ &standard, NULL, D(0), D(-1), false, ACT, 0, NONE },
	{ &first_off, NULL, D(0), D(-1), false, ACT, 0, NONE },
	/* 4: INACTIVE although the end lies ahead */
	{ &standard, "INACTIVE", D(-9), D(3), false, DEP, EARLY, D(4) },
	{ &early_off, "INACTIVE", D(-9), D(3), false, OFF, EARLY, D(4) },
	{ &early_off, "INACTIVE", D(-9), D(0), false, OFF, EARLY, D(1) },
	{ &early_off, "INACTIVE", D(-9), D(-1), false, DEP, 0, NONE },
	{ &standard, "INACTIVE", NONE, D(3), false, DEP, EARLY, D(4) },
	/* 5: INACTIVE without an end */
	{ &standard, "INACTIVE", D(-9), NONE, false, DEP, NO_END, NONE },
	{ &standard, "INACTIVE", NONE, NONE, false, DEP, NO_END, NONE },
	{ &early_off, "INACTIVE", D(-9), NONE, false, DEP, NO_END, NONE },
	/* 6, 7: PENDING */
	{ &standard, "PENDING", NONE, NONE, false, ON, NO_START, NONE },
	{ &standard, "PENDING", NONE, D(3), false, ON, NO_START, D(4) },
	{ &standard, "PENDING", D(0), NONE, false, ACT, CONFLICT, NONE },
	{ &standard, "PENDING", D(-9), NONE, false, ACT, CONFLICT, NONE },
	{ &standard, "PENDING", D(-9), D(3), false, ACT, CONFLICT, D(4) },
	/* 8: LEAVE */
	{ &standard, "LEAVE", D(-9), NONE, false, ACT, 0, NONE },
	{ &standard, "LEAVE", NONE, NONE, false, ACT, 0, NONE },
	{ &standard, "LEAVE", D(-9), D(3), false, ACT, 0, D(4) },
	{ &leave_off, "LEAVE", D(-9), NONE, false, ACT, 0, NONE },
	/* 9: an end that lies ahead */
	{ &standard, "ACTIVE", D(-9), D(3), false, OFF, 0, D(4) },
	{ &first_off, "ACTIVE", D(-9), D(3), false, OFF, 0, D(3) },
	{ &standard, NULL, NONE, D(3), false, OFF, 0, D(4) },
	{ &standard, "x", D(-9), D(3), false, OFF, UNKNOWN, D(4) },
	/* 10: otherwise */
	{ &standard, "ACTIVE", D(-9), NONE, false, ACT, 0, NONE },
	{ &standard, "ACTIVE", D(0), NONE, false, ACT, 0, NONE },
	{ &standard, "ACTIVE", NONE, NONE, false, ACT, NO_START, NONE },
	{ &standard, NULL, NONE, NONE, false, ACT, NO_START, NONE },
	{ &standard, "SABBATICAL", D(-9), NONE, false, ACT, UNKNOWN, NONE },
	{ &standard, "active", D(-9), NONE, false, ACT, UNKNOWN, NONE },
	{ &standard, "", D(-9), NONE, false, ACT, UNKNOWN, NONE },
	{ &standard, "retired", NONE, NONE, false, ACT, UNKNOWN | NO_START, NONE },
};

static void
test_rows(void **state)
{
	struct status_result result;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(cases); i++) {
		status_derive(&(struct status_input){ .word = cases[i].word,
		    .start = cases[i].start, .end = cases[i].end, .gone = cases[i].gone,
		    .today = TODAY }, cases[i].lifecycle, &result);
		assert_row(i, result.status == cases[i].status);
		assert_row(i, result.conditions == cases[i].conditions);
		assert_row(i, result.next == cases[i].next);
		assert_row(i, result.no_end == ((cases[i].conditions & NO_END) != 0));
		assert_row(i, result.on_leave == (!cases[i].gone && cases[i].word != NULL &&
		    strcmp(cases[i].word, "LEAVE") == 0 && cases[i].status == ACT));
	}
}

/* ---- next, for every combination ------------------------------------------------------- */

static const char *const words[] = { NULL, "ACTIVE", "PENDING", "INACTIVE", "LEAVE", "ODD" };
static const struct lifecycle *const lifecycles[] = { &standard, &first_off, &early_off,
	&leave_off };
static const day_number days[] = { NONE, D(-3), D(-2), D(-1), D(0), D(1), D(2), D(3) };

/* From day to day: a change has been announced, and what is announced lies ahead. */
static void
check_days(const char *word, day_number start, day_number end,
    const struct lifecycle *lifecycle)
{
	struct status_input input = { .word = word, .start = start, .end = end };
	struct status_result next, now;

	for (input.today = D(-5); input.today < D(5); input.today++) {
		status_derive(&input, lifecycle, &now);
		assert_true(now.next == NONE || now.next > input.today);
		input.today++;
		status_derive(&input, lifecycle, &next);
		input.today--;
		if (now.status != next.status || now.on_leave != next.on_leave ||
		    now.no_end != next.no_end)
			assert_int_equal(now.next, input.today + 1);
		/* Nobody comes back by the clock alone. */
		if (now.status == DEP)
			assert_int_equal(next.status, DEP);
		if (now.status == ACT || now.status == OFF)
			assert_int_not_equal(next.status, ON);
	}
}

static void
test_next(void **state)
{
	size_t e, l, s, w;

	(void)state;
	for (w = 0; w < ROWS(words); w++)
		for (s = 0; s < ROWS(days); s++)
			for (e = 0; e < ROWS(days); e++)
				for (l = 0; l < ROWS(lifecycles); l++)
					check_days(words[w], days[s], days[e], lifecycles[l]);
}

/* ---- release ------------------------------------------------------------------------------ */

static const struct {
	enum release_policy	policy;
	int			days;
	day_number		start;
	bool			released;
	day_number		next;
} releases[] = {
	{ RELEASE_IMMEDIATE, 0, D(30), true, NONE },
	{ RELEASE_IMMEDIATE, 0, NONE, true, NONE },
	{ RELEASE_START_DATE, 0, D(1), false, D(1) },
	{ RELEASE_START_DATE, 0, D(0), true, NONE },
	{ RELEASE_START_DATE, 0, D(-1), true, NONE },
	{ RELEASE_START_DATE, 7, D(8), false, D(1) },
	{ RELEASE_START_DATE, 7, D(7), true, NONE },
	{ RELEASE_START_DATE, 7, D(6), true, NONE },
	{ RELEASE_START_DATE, 365, D(366), false, D(1) },
	{ RELEASE_START_DATE, 0, NONE, false, NONE },	/* B5 */
	{ RELEASE_START_DATE, 7, NONE, false, NONE },
	{ RELEASE_MANUAL, 0, D(-9), false, NONE },	/* A4: never by itself */
	{ RELEASE_MANUAL, 0, D(9), false, NONE },
	{ RELEASE_MANUAL, 30, NONE, false, NONE },
};

static void
test_release(void **state)
{
	struct lifecycle lifecycle;
	day_number next;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(releases); i++) {
		lifecycle = (struct lifecycle){ .release = releases[i].policy,
		    .release_days = releases[i].days };
		assert_row(i, status_released(&lifecycle, releases[i].start, TODAY, &next) ==
		    releases[i].released);
		assert_row(i, next == releases[i].next);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_release),
	};

	return (cmocka_run_group_tests_name("status", tests, NULL, NULL));
}
