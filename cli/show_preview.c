/*
 * How a preview looks on a terminal: the records, and what would be different.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/show.h"

#define PREVIEW_CELL 512

static void
preview_records(struct cli *cli)
{
	static const struct table_column columns[] = {
		{ "VERDICT", "verdict", 0 },
		{ "NAME", "name", 1 },
		{ "STATUS", "status", 0 },
		{ "UID", "uid", 2 },
		{ "MAIL", "mail", 2 },
		{ "WHY", "why", 1 },
	};
	json_t *row;
	size_t i;

	json_array_foreach(cli->rows, i, row)
		(void)json_object_set_new(row, "why", json_string(show_why_text(cli, row)));
	table_print(COLUMNS(columns), cli->rows);
}

static void
preview_sources(const json_t *result)
{
	long long excluded, included, unlisted;
	const json_t *source;
	size_t i;

	json_array_foreach(json_object_get(result, "sources"), i, source) {
		included = show_number(source, "included");
		excluded = show_number(source, "excluded");
		unlisted = show_number(source, "unlisted");
		(void)printf("%s: %lld records: %lld Included, %lld Excluded", show_string(source,
		    "source"), included + excluded + unlisted, included, excluded);
		if (unlisted > 0)
			(void)printf(", %lld deleted upstream and not listed", unlisted);
		if (show_number(source, "refused") > 0)
			(void)printf("; %lld more could not be read",
			    show_number(source, "refused"));
		(void)printf("%s%s\n", json_is_true(json_object_get(source, "approved")) ? "" :
		    "; it is not approved yet: rollcall source approve ",
		    json_is_true(json_object_get(source, "approved")) ? "" :
		    show_string(source, "source"));
		if (*show_string(source, "doubt") != '\0')
			(void)printf("  attention: %s\n", show_string(source, "doubt"));
	}
}

/* "job_title: Cook -> Chef, views: ldap scim -> scim". */
static const char *
preview_parts(struct cli *cli, const json_t *change)
{
	char after[PREVIEW_CELL], before[PREVIEW_CELL];
	const char *text;
	json_t *part;
	size_t i;

	text = json_is_true(json_object_get(change, "erased")) ? "all values are erased" : "";
	json_array_foreach(json_object_get(change, "parts"), i, part)
		text = arena_printf(cli->arena, "%s%s%s: %s -> %s", text,
		    *text != '\0' ? ", " : "", show_string(part, "what"),
		    table_text(json_object_get(part, "before"), before, sizeof(before)),
		    table_text(json_object_get(part, "after"), after, sizeof(after)));
	return (text);
}

/* Of a source that is not served yet everybody enters: the records tell as much. */
static bool
preview_is_first(const json_t *result)
{
	const json_t *source;

	source = json_array_get(json_object_get(result, "sources"), 0);
	return (json_array_size(json_object_get(result, "sources")) == 1 &&
	    !json_is_true(json_object_get(source, "approved")));
}

static void
preview_changes(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "CHANGE", "change", 0 },
		{ "UID", "uid", 2 },
		{ "NAME", "name", 2 },
		{ "WHAT", "what", 1 },
	};
	const json_t *difference = json_object_get(result, "difference");
	json_t *change;
	size_t i;

	json_array_foreach(cli->changes, i, change)
		(void)json_object_set_new(change, "what",
		    json_string(preview_parts(cli, change)));
	if (!preview_is_first(result))
		table_print(COLUMNS(columns), cli->changes);
	(void)printf("%sDifference to what is served now: %lld enter, %lld leave, %lld change",
	    json_array_size(cli->changes) > 0 && !preview_is_first(result) ? "\n" : "",
	    show_number(difference, "enter"), show_number(difference, "leave"),
	    show_number(difference, "change"));
	if (show_number(difference, "erase") > 0)
		(void)printf(", %lld people are erased", show_number(difference, "erase"));
	if (show_number(difference, "overwrite") > 0)
		(void)printf(", %lld values set by hand are replaced",
		    show_number(difference, "overwrite"));
	(void)printf(".\n");
}

static void
preview_erasures(const json_t *result)
{
	const json_t *erasure;
	size_t i;

	json_array_foreach(json_object_get(result, "erasures"), i, erasure)
		(void)printf("%s: %s is switched off: %lld values would be erased, for good\n",
		    show_string(erasure, "source"), show_string(erasure, "field"),
		    show_number(erasure, "values"));
}

/* "removals: 12 of at most 5; nulls of job_title: 40 of at most 10". */
static void
preview_classes(const json_t *held)
{
	const json_t *class;
	size_t i;

	json_array_foreach(json_object_get(held, "classes"), i, class)
		(void)printf("%s%s%s%s: %lld of at most %lld", i > 0 ? "; " : "",
		    show_string(class, "class"), *show_string(class, "subject") != '\0' ?
		    " of " : "", show_string(class, "subject"), show_number(class, "number"),
		    show_number(class, "allowance"));
}

static void
preview_held(const json_t *result)
{
	const json_t *held;
	const char *source;
	size_t i;

	json_array_foreach(json_object_get(result, "held"), i, held) {
		source = show_string(held, "source");
		(void)printf("The safeguards would hold %s%s (", *source != '\0' ?
		    "the run of " : "the new configuration", source);
		preview_classes(held);
		(void)printf("): %s\n", json_is_true(json_object_get(held, "approvable")) ?
		    "it waits for rollcall approve" : "this cannot be approved");
	}
}

void
show_preview(struct cli *cli, const json_t *result)
{
	if (cli_text(cli, "source") != NULL) {
		preview_records(cli);
		(void)printf("\n");
	}
	preview_sources(result);
	preview_changes(cli, result);
	preview_erasures(result);
	preview_held(result);
	(void)printf("Nothing was stored.\n");
}
