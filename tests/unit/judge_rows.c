#include "config.h"

#include "tests/unit/judge_rows.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

void
judge_rows_add(struct judge_world *world, struct judge_input *input, const char *records)
{
	const char *end;

	while ((end = strstr(records, " | ")) != NULL) {
		judge_world_record(world, input,
		    arena_dup_len(world->arena, records, (size_t)(end - records)));
		records = end + 3;
	}
	judge_world_record(world, input, records);
}

static void
rows_check_values(struct judge_world *world, const struct verdict *verdict, size_t at,
    const char *values)
{
	char *blank, name[64], value[64];
	int used;

	for (; values != NULL && sscanf(values, " %63[^=]=%63[^ ]%n", name, value, &used) == 2;
	    values += used) {
		const char *is;

		while ((blank = strchr(value, '_')) != NULL)
			*blank = ' ';
		assert_int_not_equal(field_find(name), FIELD_N);
		is = judge_world_field(world, verdict, field_find(name));
		if (strcmp(is, value) != 0)
			fail_msg("row %zu: %s is %s", at, name, is);
	}
}

void
judge_rows_check(struct judge_world *world, const struct judge_row *rows, size_t count)
{
	struct verdict verdict;
	const char *told;
	size_t i;

	for (i = 0; i < count; i++) {
		struct judge_input input = { .count = 0 };

		judge_rows_add(world, &input, rows[i].record);
		if (rows[i].person != NULL)
			judge_world_person(world, &input, rows[i].person);
		told = judge_world_tell(world, &input, &verdict);
		if (strcmp(told, rows[i].told) != 0)
			fail_msg("row %zu: %s", i, told);
		rows_check_values(world, &verdict, i, rows[i].values);
	}
}
