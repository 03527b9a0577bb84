/*
 * How the answer to "why?" looks on a terminal: the chain first, since it names what is wrong.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/show.h"

static void
why_chain(const json_t *result)
{
	const char *broken = show_string(result, "broken");
	const json_t *link;
	bool holds;
	size_t i;

	json_array_foreach(json_object_get(result, "chain"), i, link) {
		holds = json_is_true(json_object_get(link, "holds"));
		(void)printf("  %s %-10s %s\n", holds ? "ok " : "NO ", show_string(link, "link"),
		    show_string(link, "text"));
		if (!holds && *show_string(link, "advice") != '\0')
			(void)printf("      %-10s what to do: %s\n", "",
			    show_string(link, "advice"));
	}
	if (*broken != '\0')
		(void)printf("The first link that does not hold is \"%s\".\n", broken);
	else if (json_array_size(json_object_get(result, "chain")) > 0)
		(void)printf("Every link holds.\n");
}

static void
why_record(struct cli *cli, const json_t *record)
{
	const json_t *joined = json_object_get(record, "joined"), *reason;
	size_t i;

	(void)printf("record %s of %s: %s%s%s\n", show_string(record, "record"),
	    show_string(record, "source"), show_string(record, "verdict"),
	    *show_string(record, "status") != '\0' ? ", status " : "",
	    show_string(record, "status"));
	json_array_foreach(json_object_get(record, "reasons"), i, reason) {
		json_t *one = json_pack("{s:[O]}", "reasons", reason);

		(void)printf("  %s: %s; %s\n", show_why_text(cli, one),
		    show_string(reason, "text"), show_string(reason, "advice"));
		json_decref(one);
	}
	if (json_is_object(joined))
		(void)printf("  of this person: %s\n", show_string(joined, "text"));
	if (*show_string(record, "conditions") != '\0')
		(void)printf("  reported: %s\n", show_string(record, "conditions"));
}

static void
why_person(const json_t *person)
{
	static const struct table_column columns[] = {
		{ "FIELD", "field", 0 },
		{ "SERVED", "served", 1 },
		{ "HR SYSTEM", "hr", 1 },
		{ "MODE", "mode", 2 },
		{ "STATE", "state", 2 },
	};
	char room[512];

	(void)printf("uid     %s\nid      %s\nstatus  %s, %s\ntoday   %s in %s\n",
	    show_string(person, "uid"), show_string(person, "id"),
	    show_string(person, "status"),
	    json_is_true(json_object_get(person, "active")) ? "switched on" : "switched off",
	    show_string(person, "today"), show_string(person, "zone"));
	if (*show_string(person, "next") != '\0')
		(void)printf("next    %s may change something by its date\n",
		    show_string(person, "next"));
	(void)printf("views   %s\n", table_text(json_object_get(person, "views"), room,
	    sizeof(room)));
	(void)printf("dn      %s\n", show_string(person, "dn"));
	(void)printf("groups  %s\n\n", table_text(json_object_get(person, "groups"), room,
	    sizeof(room)));
	table_print(COLUMNS(columns), json_object_get(person, "fields"));
}

/* What decides about the day of coming or going. */
static void
why_date(const json_t *date, const char *title)
{
	if (!json_is_object(date))
		return;
	(void)printf("\n%s: %s\n", title, show_string(date, "text"));
	if (*show_string(date, "advice") != '\0')
		(void)printf("  what to do: %s\n", show_string(date, "advice"));
	(void)printf("  %s: %s in the HR system, %s served, %s\n", show_string(date, "field"),
	    *show_string(date, "hr") != '\0' ? show_string(date, "hr") : "nothing",
	    *show_string(date, "served") != '\0' ? show_string(date, "served") : "nothing",
	    show_string(date, "mode"));
	if (*show_string(date, "release") != '\0')
		(void)printf("  release: %s\n", show_string(date, "release"));
}

static void
why_decisions(struct cli *cli, const json_t *result)
{
	const json_t *decision;
	size_t i;

	json_array_foreach(json_object_get(result, "decisions"), i, decision)
		(void)printf("decision: %s by %s, %s%s%s\n", show_string(decision, "decision"),
		    show_string(decision, "actor"), show_age(cli, decision, "made", ""),
		    *show_string(decision, "reason") != '\0' ? ": " : "",
		    show_string(decision, "reason"));
}

void
show_why(struct cli *cli, const json_t *result)
{
	const json_t *cause, *person, *record;
	size_t i;

	person = json_object_get(result, "person");
	if (json_is_object(person))
		why_person(person);
	else if (json_array_size(json_object_get(result, "records")) == 0 &&
	    *show_string(result, "reason") == '\0')
		(void)printf("the values of this person have been erased\n");
	(void)putchar('\n');
	json_array_foreach(json_object_get(result, "records"), i, record)
		why_record(cli, record);
	why_decisions(cli, result);
	why_date(json_object_get(result, "onboarding"), "onboarding");
	why_date(json_object_get(result, "offboarding"), "offboarding");
	(void)printf("\nfrom Kombo to the views:\n");
	why_chain(result);
	json_array_foreach(json_object_get(result, "causes"), i, cause)
		(void)printf("  possible cause: %s\n", json_string_value(cause));
}
