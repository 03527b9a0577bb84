/*
 * How the lists of who comes and who goes look on a terminal.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/show.h"

/* "today", "in 3 days", "5 days ago". */
static const char *
joiners_when(struct cli *cli, const json_t *row)
{
	long long days;

	if (!json_is_integer(json_object_get(row, "days")))
		return ("");
	days = show_number(row, "days");
	if (days == 0)
		return ("today");
	if (days == 1)
		return ("tomorrow");
	return (days > 0 ? arena_printf(cli->arena, "in %lld days", days) :
	    arena_printf(cli->arena, "%lld day%s ago", -days, days == -1 ? "" : "s"));
}

static const char *
joiners_release(struct cli *cli, const json_t *row)
{
	const char *word;

	word = show_string(row, "release");
	if (strcmp(word, "manual") == 0)
		return ("waits for rollcall release");
	if (strcmp(word, "undated") == 0)
		return ("waits for a start date");
	if (strcmp(word, "dated") == 0)
		return (arena_printf(cli->arena, "appears on %s",
		    show_string(row, "release_date")));
	return (word);
}

void
show_onboardings(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "START", "start_date", 0 },
		{ "WHEN", "when", 0 },
		{ "UID", "uid", 2 },
		{ "NAME", "name", 1 },
		{ "RELEASE", "release", 0 },
		{ "SOURCE", "source", 2 },
		{ "ZONE", "zone", 2 },
	};
	json_t *row;
	size_t i;

	json_array_foreach(cli->rows, i, row) {
		(void)json_object_set_new(row, "when", json_string(joiners_when(cli, row)));
		(void)json_object_set_new(row, "release",
		    json_string(joiners_release(cli, row)));
	}
	table_print(COLUMNS(columns), cli->rows);
	(void)printf("%s%lld to come\n", json_array_size(cli->rows) > 0 ? "\n" : "",
	    show_number(result, "count"));
}

void
show_offboardings(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "LAST DAY", "last_day", 0 },
		{ "WHEN", "when", 0 },
		{ "UID", "uid", 2 },
		{ "NAME", "name", 1 },
		{ "STATUS", "status", 0 },
		{ "SOURCE", "source", 2 },
		{ "ZONE", "zone", 2 },
	};
	json_t *row;
	size_t i;

	json_array_foreach(cli->rows, i, row)
		(void)json_object_set_new(row, "when", json_string(joiners_when(cli, row)));
	table_print(COLUMNS(columns), cli->rows);
	(void)printf("%s%lld to leave\n", json_array_size(cli->rows) > 0 ? "\n" : "",
	    show_number(result, "count"));
}
