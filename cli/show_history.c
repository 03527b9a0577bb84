/*
 * How the history, drift and what is held of a person look on a terminal.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/show.h"

/* A value of the history in one line. */
static const char *
history_text(struct cli *cli, const json_t *row, const char *name)
{
	const json_t *value = json_object_get(row, name);
	const char *text;
	char *dump;

	if (json_is_null(value))
		return (json_is_true(json_object_get(row, "erased")) ? "(erased)" : "");
	if (json_is_string(value))
		return (json_string_value(value));
	dump = json_dumps(value, JSON_COMPACT);
	text = arena_dup(cli->arena, dump);
	free(dump);
	return (text);
}

void
show_overwritten(struct cli *cli)
{
	static const struct table_column columns[] = {
		{ "UID", "uid", 2 },
		{ "FIELD", "field", 0 },
		{ "WAS", "old", 1 },
		{ "IS", "new", 1 },
	};

	if (json_array_size(cli->rows) == 0)
		return;
	(void)printf("\noverwritten by the HR system, as rollcall log tells too:\n");
	table_print(COLUMNS(columns), cli->rows);
}

void
show_log(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "TIME", "when", 0 },
		{ "BY", "actor", 2 },
		{ "WHO", "who", 2 },
		{ "WHAT", "what", 0 },
		{ "FIELD", "field", 0 },
		{ "OLD", "from", 1 },
		{ "NEW", "to", 1 },
		{ "REASON", "reason", 1 },
	};
	const json_t *chain = json_object_get(result, "chain");
	json_t *row;
	size_t i;

	json_array_foreach(cli->rows, i, row) {
		(void)json_object_set_new(row, "when", json_string(arena_dup_len(cli->arena,
		    show_string(row, "time"), strcspn(show_string(row, "time"), "."))));
		(void)json_object_set_new(row, "who", json_string(
		    *show_string(row, "uid") != '\0' ? show_string(row, "uid") :
		    show_string(row, "id")));
		(void)json_object_set_new(row, "from", json_string(history_text(cli, row,
		    "old")));
		(void)json_object_set_new(row, "to", json_string(history_text(cli, row,
		    "new")));
	}
	table_print(COLUMNS(columns), cli->rows);
	if (json_is_true(json_object_get(chain, "whole")))
		(void)printf("%s%lld rows; the history of %lld rows is as it was written\n",
		    json_array_size(cli->rows) > 0 ? "\n" : "", show_number(result, "count"),
		    show_number(chain, "rows"));
	else
		(void)printf("\nattention: the history is not as it was written from row %lld "
		    "on: somebody or something other than rollcall has changed the database\n",
		    show_number(chain, "broken"));
}

void
show_erased(struct cli *cli, const json_t *result)
{
	(void)cli;
	(void)printf("%s: erased; %lld entries and %lld groups changed. %s\n",
	    show_string(result, "id"), show_number(result, "entries"),
	    show_number(result, "groups"), json_is_true(json_object_get(result, "returns")) ?
	    "The next complete fetch may bring the person back." :
	    "The person will not come back: Excluded with reason erased.");
}

void
show_backup(struct cli *cli, const json_t *result)
{
	(void)cli;
	(void)printf("%s: %lld bytes\n", show_string(result, "file"),
	    show_number(result, "bytes"));
}

void
show_drift(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "UID", "uid", 2 },
		{ "FIELD", "field", 0 },
		{ "SERVED", "served", 1 },
		{ "HR SYSTEM", "hr", 1 },
		{ "SINCE", "since", 2 },
		{ "SOURCE", "source", 0 },
	};

	table_print(COLUMNS(columns), cli->rows);
	(void)printf("%s%lld values differ from the HR system's\n",
	    json_array_size(cli->rows) > 0 ? "\n" : "", show_number(result, "count"));
}

/* What is held of a person: the values in a table, the rest by number. */
void
show_export(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "FIELD", "field", 0 },
		{ "VALUE", "value", 1 },
		{ "FROM", "origin", 0 },
		{ "MODE", "mode", 2 },
		{ "PURPOSE", "purpose", 1 },
		{ "UNTIL", "until", 1 },
	};
	const json_t *person = json_object_get(result, "person");
	char room[512];

	(void)cli;
	(void)printf("uid     %s\nid      %s\nstatus  %s\nviews   %s\ngroups  ",
	    show_string(person, "uid"), show_string(person, "id"),
	    show_string(person, "status"), table_text(json_object_get(person, "views"), room,
	    sizeof(room)));
	(void)printf("%s\n\n", table_text(json_object_get(person, "groups"), room,
	    sizeof(room)));
	table_print(COLUMNS(columns), json_object_get(person, "fields"));
	(void)printf("\n%zu records of HR systems, %zu decisions, %zu rows of history: --json has "
	    "them whole\n", json_array_size(json_object_get(result, "records")),
	    json_array_size(json_object_get(result, "decisions")),
	    json_array_size(json_object_get(result, "history")));
}

void
show_state(struct cli *cli, const json_t *result)
{
	(void)cli;
	(void)printf("%s: %lld rows", show_string(result, "file"), show_number(result, "rows"));
	if (json_object_get(result, "revision") != NULL)
		(void)printf(" taken over; %lld entries, revision %lld",
		    show_number(result, "entries"), show_number(result, "revision"));
	(void)putchar('\n');
}
