/*
 * Owns nothing: prints what is known of whose record is whose.
 */
#include "config.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/show.h"
#include "cli/table.h"

void
show_cases(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "REASON", "reason", 0 },
		{ "RECORD", "record", 0 },
		{ "PERSON", "person", 2 },
		{ "COULD BE", "uids", 2 },
		{ "TO DO", "todo", 1 },
	};

	if (show_number(result, "count") == 0) {
		(void)printf("nothing waits for a decision\n");
		return;
	}
	table_print(columns, sizeof(columns) / sizeof(columns[0]), cli->rows);
}

void
show_link(struct cli *cli, const json_t *result)
{
	const char *uid = show_string(result, "uid");

	(void)cli;
	if (show_number(result, "revision") == 0)
		(void)printf("%s%sdecided; nothing that is served changed\n", uid,
		    *uid != '\0' ? ": " : "");
	else
		(void)printf("%s%sdone; %lld entries and %lld groups changed, revision %lld\n", uid,
		    *uid != '\0' ? ": " : "", show_number(result, "entries"),
		    show_number(result, "groups"), show_number(result, "revision"));
}

void
show_retired(struct cli *cli, const json_t *result)
{
	(void)cli;
	(void)printf("%s: %s; %lld people left, of %lld the values were erased\n",
	    show_string(result, "source"), show_string(result, "retired"),
	    show_number(result, "left"), show_number(result, "erased"));
}
