/*
 * How held plans look on a terminal.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/show.h"

#define PLANS_SHOWN 40	/* changes on a terminal; --json has all */

/* "removals of x: 12, at most 5 pass (7 of them earlier today)". */
static void
show_plan_class(const json_t *class)
{
	(void)printf("  %s%s%s: %lld", show_string(class, "class"),
	    *show_string(class, "subject") != '\0' ? " of " : "", show_string(class, "subject"),
	    show_number(class, "number"));
	if (strcmp(show_string(class, "class"), "shrunk") == 0)
		(void)printf(" records, %lld the last time", show_number(class, "allowance"));
	else if (strcmp(show_string(class, "class"), "empty") != 0 &&
	    strcmp(show_string(class, "class"), "unmatched") != 0)
		(void)printf(", at most %lld pass", show_number(class, "allowance"));
	if (show_number(class, "earlier") > 0)
		(void)printf(" (%lld of them in the 24 hours before)",
		    show_number(class, "earlier"));
	(void)printf("\n    %s\n    %s\n", show_string(class, "text"),
	    show_string(class, "advice"));
}

static const char *
show_plan_what(const json_t *plan)
{
	return (*show_string(plan, "source") != '\0' ? show_string(plan, "source") :
	    "the configuration");
}

static void
show_plan_changes(const json_t *changes)
{
	static const struct table_column columns[] = {
		{ "CLASS", "class", 0 },
		{ "OF", "subject", 2 },
		{ "NAME", "name", 1 },
		{ "UID", "uid", 0 },
		{ "RECORD", "record", 2 },
	};
	json_t *change, *rows;
	size_t i;

	rows = json_array();
	json_array_foreach(changes, i, change)
		if (i < PLANS_SHOWN)
			(void)json_array_append(rows, change);
	if (json_array_size(rows) > 0)
		table_print(COLUMNS(columns), rows);
	if (json_array_size(changes) > PLANS_SHOWN)
		(void)printf("and %zu more: --json has all\n",
		    json_array_size(changes) - PLANS_SHOWN);
	json_decref(rows);
}

static void
show_plan_head(struct cli *cli, const json_t *plan)
{
	(void)printf("plan %s of %s, %s, made %s\n", show_string(plan, "short"),
	    show_plan_what(plan), show_string(plan, "state"), show_age(cli, plan, "made", ""));
	if (strcmp(show_string(plan, "state"), "approved") == 0)
		(void)printf("approved by %s %s: good for 24 hours\n",
		    show_string(plan, "approved_by"), show_age(cli, plan, "approved", ""));
}

void
show_held(struct cli *cli, const json_t *plans)
{
	const json_t *change, *class, *plan;
	size_t i, j;

	json_array_foreach(plans, i, plan) {
		(void)putchar('\n');
		show_plan_head(cli, plan);
		json_array_foreach(json_object_get(plan, "classes"), j, class)
			show_plan_class(class);
		json_array_foreach(json_object_get(plan, "changes"), j, change)
			if (*show_string(change, "name") != '\0')
				(void)printf("  %s: %s\n", show_string(change, "class"),
				    show_string(change, "name"));
		(void)printf("  rollcall plan show %s, then rollcall approve %s, or mend the "
		    "cause\n", show_string(plan, "short"), show_string(plan, "short"));
	}
}

void
show_plan(struct cli *cli, const json_t *result)
{
	const json_t *class;
	size_t i;

	show_plan_head(cli, result);
	json_array_foreach(json_object_get(result, "classes"), i, class)
		show_plan_class(class);
	(void)putchar('\n');
	show_plan_changes(json_object_get(result, "changes"));
}

void
show_plans(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "PLAN", "short", 0 },
		{ "OF", "of", 0 },
		{ "STATE", "state", 0 },
		{ "MADE", "age", 2 },
		{ "WHY", "why", 1 },
	};
	json_t *class, *plan, *plans = json_object_get(result, "plans");
	const char *why;
	size_t i, j;

	if (json_array_size(plans) == 0) {
		(void)printf("nothing is held\n");
		return;
	}
	json_array_foreach(plans, i, plan) {
		why = "";
		json_array_foreach(json_object_get(plan, "classes"), j, class)
			why = arena_printf(cli->arena, "%s%s%s %lld", why, j > 0 ? ", " : "",
			    show_string(class, "class"), show_number(class, "number"));
		(void)json_object_set_new(plan, "why", json_string(why));
		(void)json_object_set_new(plan, "of", json_string(show_plan_what(plan)));
		(void)json_object_set_new(plan, "age", json_string(show_age(cli, plan, "made",
		    "")));
	}
	table_print(COLUMNS(columns), plans);
}

void
show_applied(struct cli *cli, const json_t *result)
{
	const char *rest;

	(void)cli;
	if (json_is_true(json_object_get(result, "later"))) {
		(void)printf("approved; a run of %s is under way and applies it at its end\n",
		    show_plan_what(result));
		return;
	}
	(void)printf("applied: %lld people in, %lld out, %lld entries changed, revision %lld\n",
	    show_number(result, "entered"), show_number(result, "left"),
	    show_number(result, "changed"), show_number(result, "revision"));
	rest = json_string_value(json_object_get(result, "rest"));
	if (rest != NULL)
		(void)printf("the rest is held: %s\n", rest);
}
