/*
 * How the findings of the doctor look on a terminal.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/show.h"

static void
doctor_row(const json_t *row)
{
	const char *level = show_string(row, "level");

	(void)printf("%-7s %-12s %s", strcmp(level, "well") == 0 ? "ok" : level,
	    show_string(row, "check"), show_string(row, "text"));
	if (*show_string(row, "file") != '\0')
		(void)printf(" (%s:%lld)", show_string(row, "file"), show_number(row, "line"));
	(void)putchar('\n');
	if (*show_string(row, "advice") != '\0')
		(void)printf("        %-12s what to do: %s\n", "", show_string(row, "advice"));
}

void
show_doctor(struct cli *cli, const json_t *result)
{
	const char *name, *source;
	json_t *row;
	size_t i;

	source = "";
	json_array_foreach(cli->rows, i, row) {
		name = show_string(row, "source");
		if (strcmp(name, source) != 0)
			(void)printf("%s%s:\n", i > 0 ? "\n" : "", name);
		source = name;
		doctor_row(row);
	}
	(void)printf("\n%lld errors, %lld warnings\n", show_number(result, "errors"),
	    show_number(result, "warnings"));
}
