/*
 * Safeguards, a row each: rulings A14 to A16, A20 to A22, A38, C13 to C17, F3.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "rules/gate.h"

static void
an_allowance_is_the_larger_of_count_and_percentage(void **state __attribute__((unused)))
{
	static const struct {
		struct conf_limit	limit;
		int64_t			base;
		int64_t			allowance;
	} rows[] = {
		{ { 2, 5 }, 0, 2 },
		{ { 2, 5 }, 40, 2 },
		{ { 2, 5 }, 59, 2 },		/* rounded down */
		{ { 2, 5 }, 60, 3 },
		{ { 2, 5 }, 1000000, 50000 },
		{ { 0, 0 }, 1000, 0 },
		{ { 0, 100 }, 7, 7 },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, gate_allowance(&rows[i].limit, rows[i].base) ==
		    rows[i].allowance);
}

/* Counting may stop at the wanted base: it must say the same as the allowance. */
static void
the_base_wanted_agrees_with_the_allowance(void **state __attribute__((unused)))
{
	struct conf_limit limit;
	int64_t base, number, wanted;

	for (limit.count = 0; limit.count < 4; limit.count++)
		for (limit.percent = 0; limit.percent <= 100; limit.percent += 5)
			for (number = 0; number < 12; number++) {
				wanted = gate_base_wanted(&limit, number);
				for (base = 0; base < 300; base++)
					assert_true((number <= gate_allowance(&limit, base)) ==
					    (base >= wanted));
			}
}

static void
a_group_loses_members_by_percentage_alone(void **state __attribute__((unused)))
{
	static const struct {
		int64_t	members;
		int64_t	lost;
		bool	passes;
	} rows[] = {
		{ 10, 10, true },	/* not larger than ten */
		{ 11, 5, true },
		{ 11, 6, false },
		{ 12, 6, true },
		{ 12, 7, false },
		{ 1000, 500, true },
		{ 1000, 501, false },
	};
	const struct conf_limit limit = { 10, 50 };
	int64_t allowance;
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, gate_group_passes(&limit, rows[i].members, rows[i].lost,
		    &allowance) == rows[i].passes);
}

static void
a_person_falls_into_one_class(void **state __attribute__((unused)))
{
	enum { LDAP = 1, SCIM = 2, BOTH = 3 };
	static const struct {
		struct gate_person	person;
		enum gate_class		class;
	} rows[] = {
		/* nobody before */
		{ { STATUS_ACTIVE, STATUS_ACTIVE, 0, BOTH, false, false, false },
		    GATE_CREATIONS },
		{ { STATUS_ACTIVE, STATUS_ONBOARDING, 0, SCIM, false, false, false },
		    GATE_CREATIONS },
		/* once served: a revival (C15) */
		{ { STATUS_DEPARTED, STATUS_ACTIVE, 0, BOTH, true, false, false }, GATE_N },
		{ { STATUS_ACTIVE, STATUS_ACTIVE, 0, 0, false, false, false }, GATE_N },
		/* no change */
		{ { STATUS_ACTIVE, STATUS_ACTIVE, BOTH, BOTH, true, false, false }, GATE_N },
		/* leaves: planned, not planned, rescinded before the first day (A10, A14) */
		{ { STATUS_OFFBOARDING, STATUS_DEPARTED, BOTH, SCIM, true, true, false },
		    GATE_N },
		{ { STATUS_ACTIVE, STATUS_DEPARTED, BOTH, SCIM, true, false, false },
		    GATE_REMOVALS },
		{ { STATUS_ONBOARDING, STATUS_DEPARTED, SCIM, 0, true, false, false },
		    GATE_REMOVALS },
		/* departed and outside the filter: departed counts, once (C16) */
		{ { STATUS_ACTIVE, STATUS_DEPARTED, BOTH, 0, true, false, false },
		    GATE_REMOVALS },
		/* outside the filter, wholly or in one view, or waiting again (A38) */
		{ { STATUS_ACTIVE, STATUS_ACTIVE, BOTH, 0, true, false, false },
		    GATE_OUT_OF_FILTER },
		{ { STATUS_ACTIVE, STATUS_ACTIVE, BOTH, SCIM, true, false, false },
		    GATE_OUT_OF_FILTER },
		{ { STATUS_ACTIVE, STATUS_ONBOARDING, BOTH, 0, true, false, false },
		    GATE_OUT_OF_FILTER },
		{ { STATUS_ACTIVE, STATUS_ACTIVE, SCIM, BOTH, true, false, false }, GATE_N },
		/* on leave (A26) */
		{ { STATUS_ACTIVE, STATUS_ACTIVE, BOTH, SCIM, true, false, true }, GATE_N },
		/* who has left already: the end of a retention is no removal */
		{ { STATUS_DEPARTED, STATUS_DEPARTED, SCIM, 0, true, false, false }, GATE_N },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, gate_person(&rows[i].person) == rows[i].class);
}

static void
a_departure_is_planned_when_its_day_was_known(void **state __attribute__((unused)))
{
	static const struct {
		struct gate_departure	departure;
		bool			planned;
	} rows[] = {
		/* start, end, end before, today, first day off, gone */
		{ { 1, 99, 99, 100, false, false }, true },
		{ { 1, 100, 100, 100, false, false }, false },
		{ { 1, 100, 100, 100, true, false }, true },
		{ { DAY_NONE, 99, 99, 100, false, false }, true },
		/* a run that writes yesterday on everybody (A14) */
		{ { 1, 99, DAY_NONE, 100, false, false }, false },
		{ { 1, 99, 120, 100, false, false }, false },
		/* INACTIVE without an end, or before it */
		{ { 1, DAY_NONE, DAY_NONE, 100, false, false }, false },
		{ { 1, 120, 120, 100, false, false }, false },
		/* of an earlier spell (A28) */
		{ { 99, 50, 50, 100, false, false }, false },
		{ { 1, 99, 99, 100, false, true }, false },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, gate_planned(&rows[i].departure) == rows[i].planned);
}

static void
a_snapshot_of_less_than_half_is_not_believed(void **state __attribute__((unused)))
{
	static const struct {
		int64_t		live;
		int64_t		before;
		enum gate_class	class;
	} rows[] = {
		{ 0, 0, GATE_EMPTY },
		{ 0, 100, GATE_EMPTY },
		{ 1, 0, GATE_N },
		{ 50, 100, GATE_N },		/* strict (A21) */
		{ 49, 100, GATE_SHRUNK },
		{ 50, 101, GATE_SHRUNK },
		{ 200, 100, GATE_N },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, gate_snapshot(rows[i].live, rows[i].before) == rows[i].class);
}

static void
classes_have_names_and_settings(void **state __attribute__((unused)))
{
	enum gate_class class;

	for (class = 0; class < GATE_N; class++) {
		assert_int_equal(gate_class_find(gate_class_name(class)), class);
		assert_true(strlen(gate_class_text(class)) > 0);
		assert_true(strlen(gate_class_advice(class)) > 0);
		assert_int_equal(gate_class_blocks(class), class >= GATE_UNMATCHED);
	}
	assert_int_equal(gate_class_find("renames"), GATE_N);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_allowance_is_the_larger_of_count_and_percentage),
		cmocka_unit_test(the_base_wanted_agrees_with_the_allowance),
		cmocka_unit_test(a_group_loses_members_by_percentage_alone),
		cmocka_unit_test(a_person_falls_into_one_class),
		cmocka_unit_test(a_departure_is_planned_when_its_day_was_known),
		cmocka_unit_test(a_snapshot_of_less_than_half_is_not_believed),
		cmocka_unit_test(classes_have_names_and_settings),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
