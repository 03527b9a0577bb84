/*
 * Tables of people to be judged: a row each, in the words of tests/unit/judge_world.h.
 */
#ifndef ROLLCALL_TESTS_UNIT_JUDGE_ROWS_H
#define ROLLCALL_TESTS_UNIT_JUDGE_ROWS_H

#include "tests/unit/judge_world.h"

struct judge_row {
	const char	*record;	/* one, or several parted by " | " */
	const char	*person;	/* NULL for a new one */
	const char	*told;		/* what judge_world_tell must say */
	const char	*values;	/* "job_title=a/S work_email=-", NULL: not looked at */
};

/* Adds the records of one text, parted by " | ". */
void	judge_rows_add(struct judge_world *world, struct judge_input *input,
	    const char *records);

/* Judges each row and fails the test at the first that is told otherwise. */
void	judge_rows_check(struct judge_world *world, const struct judge_row *rows, size_t count);

/* The rows in a world of their own: see judge_world_open. */
#define JUDGE_ROWS(main_file, source, second, before, rows)			\
	do {									\
		struct judge_world world;					\
		judge_world_open(&world, (main_file), (source), (second), (before));	\
		judge_rows_check(&world, (rows), ROWS(rows));			\
		judge_world_close(&world);					\
	} while (0)

#endif
