/*
 * How hooks look on a terminal.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/show.h"

static void
show_hook_rows(struct cli *cli, const json_t *hooks)
{
	static const struct table_column columns[] = {
		{ "HOOK", "name", 0 },
		{ "EVENTS", "events", 1 },
		{ "STATE", "state", 0 },
		{ "WAITING", "waiting", 0 },
		{ "DELIVERED", "delivered", 2 },
		{ "LAST", "last", 2 },
	};
	json_t *hook, *row, *rows;
	size_t i;

	rows = json_array();
	json_array_foreach(hooks, i, hook) {
		row = json_copy(hook);
		(void)json_object_set_new(row, "last", json_string(show_age(cli, hook,
		    "delivered_at", "never")));
		(void)json_array_append_new(rows, row);
	}
	table_print(COLUMNS(columns), rows);
	json_decref(rows);
}

void
show_hook_troubles(struct cli *cli, const json_t *hooks)
{
	json_t *hook;
	size_t i;

	json_array_foreach(hooks, i, hook) {
		if (strcmp(show_string(hook, "state"), "well") == 0)
			continue;
		(void)printf("\nhook %s: %s since %s, %lld attempts, %lld waiting: %s\n",
		    show_string(hook, "name"), show_string(hook, "state"),
		    show_string(hook, "failing_since"), show_number(hook, "attempts"),
		    show_number(hook, "waiting"), show_string(hook, "error"));
		if (strcmp(show_string(hook, "state"), "parked") == 0)
			(void)printf("it is not tried again until rollcall hooks retry %s\n",
			    show_string(hook, "name"));
		else
			(void)printf("the next attempt is at %s\n", show_string(hook, "next"));
		if (show_number(hook, "dropped") > 0)
			(void)printf("%lld events waited too long and were dropped\n",
			    show_number(hook, "dropped"));
	}
	(void)cli;
}

void
show_hooks(struct cli *cli, const json_t *result)
{
	const json_t *hooks = json_object_get(result, "hooks");

	if (json_array_size(hooks) == 0) {
		(void)printf("no hooks: a section [hook/NAME] of rollcall.conf makes one\n");
		return;
	}
	show_hook_rows(cli, hooks);
	show_hook_troubles(cli, hooks);
}

void
show_hook_done(struct cli *cli, const json_t *result)
{
	(void)cli;
	(void)printf("%s: %lld waiting; rollcall hooks tells how it goes\n",
	    show_string(result, "hook"), show_number(result, "waiting"));
}
