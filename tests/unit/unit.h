/*
 * What every unit test includes: cmocka, in the order it wants, and rows of tables.
 */
#ifndef ROLLCALL_TESTS_UNIT_UNIT_H
#define ROLLCALL_TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROWS(table)	(sizeof(table) / sizeof((table)[0]))

/* Fails the test and names the row of the table, when `ok` is false. */
#define assert_row(row, ok)							\
	do {									\
		if (!(ok))							\
			fail_msg("row %zu: %s", (size_t)(row), #ok);		\
	} while (0)

#endif
