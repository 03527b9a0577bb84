/*
 * How answers look on a terminal. Everything here is also in the JSON.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/show.h"

const char *
show_string(const json_t *object, const char *name)
{
	const char *text;

	text = json_string_value(json_object_get(object, name));
	return (text != NULL ? text : "");
}

long long
show_number(const json_t *object, const char *name)
{
	return ((long long)json_integer_value(json_object_get(object, name)));
}

const char *
show_age(const struct cli *cli, const json_t *object, const char *name, const char *never)
{
	static const struct {
		int64_t		 limit;
		int64_t		 unit;
		const char	*word;
	} units[] = {
		{ 2 * CLOCK_MINUTE, CLOCK_SECOND, "s" },
		{ 2 * CLOCK_HOUR, CLOCK_MINUTE, "min" },
		{ 2 * CLOCK_DAY, CLOCK_HOUR, "h" },
		{ INT64_MAX, CLOCK_DAY, "days" },
	};
	int64_t age, then;
	const char *text;
	size_t i;

	text = json_string_value(json_object_get(object, name));
	if (text == NULL || !clock_parse(text, &then))
		return (never);
	age = clock_now() - then;
	if (age < 0)
		age = 0;
	for (i = 0; age >= units[i].limit; i++)
		continue;
	return (arena_printf(cli->arena, "%lld %s ago", (long long)(age / units[i].unit),
	    units[i].word));
}

/* ---- sources, status ----------------------------------------------------------------------------- */

static const char *
show_source_state(const json_t *source)
{
	const char *retired = show_string(source, "retired");

	if (strcmp(retired, "kept") == 0 || strcmp(retired, "purged") == 0)
		return (retired);
	if (!json_is_true(json_object_get(source, "configured")))
		return ("file is gone: frozen");
	if (json_is_null(json_object_get(source, "approved")))
		return ("not approved");
	if (!json_is_true(json_object_get(source, "enabled")))
		return ("disabled");
	if (json_is_true(json_object_get(source, "running")))
		return ("running");
	if (*show_string(source, "error") != '\0')
		return ("failing");
	if (strcmp(show_string(source, "provider"), "local") == 0)
		return ("added by hand");
	return (json_is_null(json_object_get(source, "succeeded")) ? "not run yet" : "well");
}

static void
show_source_rows(struct cli *cli, const json_t *sources)
{
	static const struct table_column columns[] = {
		{ "SOURCE", "name", 0 },
		{ "HR SYSTEM", "tool", 2 },
		{ "STATE", "state", 0 },
		{ "LAST RUN", "last", 0 },
		{ "LAST COMPLETE", "full", 2 },
		{ "KOMBO'S DATA", "upstream", 2 },
		{ "RECORDS", "problems", 0 },
	};
	json_t *row, *rows, *source;
	size_t i;

	rows = json_array();
	json_array_foreach(sources, i, source) {
		row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name",
		    show_string(source, "name"), "tool", show_string(source, "tool"), "state",
		    show_source_state(source), "last", show_age(cli, source, "succeeded",
		    "never"), "full", show_age(cli, source, "complete", "never"), "upstream",
		    show_age(cli, source, "upstream", ""));
		if (json_array_size(json_object_get(source, "problems")) > 0)
			(void)json_object_set_new(row, "problems", json_string(arena_printf(
			    cli->arena, "%zu to look at",
			    json_array_size(json_object_get(source, "problems")))));
		(void)json_array_append_new(rows, row);
	}
	table_print(COLUMNS(columns), rows);
	json_decref(rows);
}

static void
show_source_troubles(const json_t *sources)
{
	json_t *problem, *problems, *source;
	size_t i, j;

	json_array_foreach(sources, i, source) {
		if (*show_string(source, "error") != '\0')
			(void)printf("\n%s: %s\n", show_string(source, "name"),
			    show_string(source, "error_text"));
		problems = json_object_get(source, "problems");
		json_array_foreach(problems, j, problem) {
			if (j == 10) {
				(void)printf("%s: %zu more; --json lists them all\n",
				    show_string(source, "name"), json_array_size(problems) - j);
				break;
			}
			(void)printf("%s: %s %s: %s: %s\n", show_string(source, "name"),
			    show_string(problem, "model"), show_string(problem, "record"),
			    show_string(problem, "code"), show_string(problem, "detail"));
		}
	}
}

void
show_sources(struct cli *cli, const json_t *result)
{
	const json_t *sources = json_object_get(result, "sources");

	if (json_array_size(sources) == 0) {
		(void)printf("no sources: put a file into sources.d and reload\n");
		return;
	}
	show_source_rows(cli, sources);
	show_source_troubles(sources);
}

/* What could not be written down in the database. */
static void
show_trouble(const struct cli *cli, const json_t *trouble)
{
	if (json_is_object(trouble))
		(void)printf("trouble, since %s: %s\n", show_age(cli, trouble, "since", "now"),
		    show_string(trouble, "text"));
}

static void
show_webhooks(struct cli *cli, const json_t *webhooks)
{
	if (!json_is_true(json_object_get(webhooks, "listening")))
		return;
	(void)printf("\nwebhooks of Kombo: %lld taken, the last %s; %lld repeated, %lld refused\n",
	    show_number(webhooks, "accepted"), show_age(cli, webhooks, "last", "never"),
	    show_number(webhooks, "repeated"), show_number(webhooks, "refused"));
}

static void
show_clock(const struct cli *cli, const json_t *clock)
{
	const char *doubt = show_string(clock, "doubt");

	if (*doubt == '\0')
		return;
	(void)printf("the clock is in doubt, since %s: it %s by %lld seconds. No date takes effect "
	    "until a run confirms it; or set it right, or say rollcall confirm-clock\n",
	    show_age(cli, clock, "since", "now"), strcmp(doubt, "jump") == 0 ? "jumped" :
	    "differs from Kombo's", show_number(clock, "seconds"));
}

void
show_status(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "VIEW", "name", 0 },
		{ "PEOPLE", "people", 0 },
		{ "REVISION", "revision", 0 },
		{ "CHANGED", "age", 0 },
	};
	const json_t *database = json_object_get(result, "database");
	json_t *view, *views;
	size_t i;

	(void)printf("rollcall %s, configuration %s (%.12s)\n", show_string(result, "version"),
	    show_string(result, "folder"), show_string(result, "configuration"));
	(void)printf("database %s, revision %lld\n", show_string(database, "path"),
	    show_number(database, "revision"));
	show_trouble(cli, json_object_get(result, "trouble"));
	show_clock(cli, json_object_get(result, "clock"));
	show_held(cli, json_object_get(result, "held"));
	(void)putchar('\n');
	views = json_object_get(result, "views");
	json_array_foreach(views, i, view)
		(void)json_object_set_new(view, "age", json_string(show_age(cli, view, "changed",
		    "never")));
	table_print(COLUMNS(columns), views);
	(void)putchar('\n');
	show_sources(cli, result);
	show_webhooks(cli, json_object_get(result, "webhooks"));
	show_hook_troubles(cli, json_object_get(result, "hooks"));
}

void
show_report(struct cli *cli, const json_t *result)
{
	(void)cli;
	(void)fputs(show_string(result, "report"), stdout);
}

/* ---- runs ------------------------------------------------------------------------------------------- */

/* How Kombo's own sync went, which was asked for first. */
static void
show_upstream(const json_t *run)
{
	const json_t *upstream = json_object_get(run, "upstream");

	if (!json_is_object(upstream))
		return;
	(void)printf("%s: Kombo's own %s sync%s ", show_string(run, "source"),
	    *show_string(upstream, "type") != '\0' ? show_string(upstream, "type") : "FULL",
	    json_is_true(json_object_get(upstream, "already_queued")) ?
	    ", under way already," : "");
	if (json_is_string(json_object_get(upstream, "state")))
		(void)printf("ended as %s after %lld s\n", show_string(upstream, "state"),
		    show_number(upstream, "waited"));
	else if (json_is_true(json_object_get(upstream, "changed")))
		(void)printf("brought data, and no more came: waited %lld s\n",
		    show_number(upstream, "waited"));
	else
		(void)printf("did not tell within %lld s whether it has ended: what Kombo has was "
		    "fetched\n", show_number(upstream, "waited"));
}

static void
show_run(const json_t *run)
{
	const char *doubt, *key;
	json_t *value;

	if (json_object_get(run, "error") != NULL) {
		(void)printf("%s: failed: %s\n", show_string(run, "source"),
		    show_string(run, "text"));
		return;
	}
	show_upstream(run);
	(void)printf("%s: %s fetch, %lld records", show_string(run, "source"),
	    json_is_true(json_object_get(run, "complete")) ? "complete" : "incremental",
	    show_number(run, "seen"));
	if (show_number(run, "refused") > 0)
		(void)printf(" (%lld could not be read: see rollcall source list)",
		    show_number(run, "refused"));
	if (show_number(run, "revision") == 0)
		(void)printf(", nothing changed\n");
	else
		(void)printf(": %lld people in, %lld out, %lld entries changed, revision %lld\n",
		    show_number(run, "entered"), show_number(run, "left"),
		    show_number(run, "changed"), show_number(run, "revision"));
	json_object_foreach(json_object_get(run, "conditions"), key, value)
		(void)printf("  %s: %lld\n", key, (long long)json_integer_value(value));
	doubt = json_string_value(json_object_get(run, "doubt"));
	if (doubt != NULL)
		(void)printf("  attention: %s\n", doubt);
}

void
show_runs(struct cli *cli, const json_t *result)
{
	const json_t *run;
	size_t i;

	(void)cli;
	json_array_foreach(json_object_get(result, "runs"), i, run)
		show_run(run);
	show_overwritten(cli);
	show_held(cli, json_object_get(result, "held"));
}

/* ---- people -------------------------------------------------------------------------------------------- */

const char *
show_why_text(struct cli *cli, const json_t *row)
{
	const json_t *line, *reason;
	const char *text;
	size_t i, j;

	text = "";
	json_array_foreach(json_object_get(row, "reasons"), i, reason) {
		text = arena_printf(cli->arena, "%s%s%s", text, i > 0 ? ", " : "",
		    show_string(reason, "code"));
		json_array_foreach(json_object_get(reason, "lines"), j, line)
			text = arena_printf(cli->arena, "%s%s%s", text, j == 0 ? " (" : " ",
			    json_string_value(line));
		if (json_array_size(json_object_get(reason, "lines")) > 0)
			text = arena_printf(cli->arena, "%s)", text);
	}
	return (text);
}

void
show_list(struct cli *cli, const json_t *result)
{
	static const struct table_column served[] = {
		{ "UID", "uid", 2 },
		{ "NAME", "name", 1 },
		{ "MAIL", "mail", 1 },
		{ "STATUS", "status", 0 },
		{ "START", "start_date", 0 },
		{ "END", "termination_date", 0 },
		{ "SOURCE", "source", 0 },
		{ "VIEWS", "views", 2 },
	};
	static const struct table_column excluded[] = {
		{ "SOURCE", "source", 0 },
		{ "RECORD", "record", 2 },
		{ "UID", "uid", 2 },
		{ "NAME", "name", 1 },
		{ "REASONS", "reasons", 1 },
	};

	if (cli_flag(cli, "hidden") || cli_flag(cli, "excluded"))
		table_print(COLUMNS(excluded), cli->rows);
	else
		table_print(COLUMNS(served), cli->rows);
	(void)printf("%s%lld in all\n", json_array_size(cli->rows) > 0 ? "\n" : "",
	    show_number(result, "count"));
}

void
show_find(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "UID", "uid", 2 },
		{ "NAME", "name", 1 },
		{ "MAIL", "mail", 1 },
		{ "LIST", "list", 0 },
		{ "REASONS", "reasons", 1 },
		{ "SOURCE", "source", 0 },
		{ "VIEWS", "views", 2 },
	};

	table_print(COLUMNS(columns), cli->rows);
	if (show_number(result, "count") == 0)
		(void)printf("nobody among those whose values are kept; `rollcall preview SOURCE` "
		    "shows the excluded too\n");
}

/* ---- decisions, clients -------------------------------------------------------------------------------- */

void
show_decision(struct cli *cli, const json_t *result)
{
	(void)cli;
	if (show_number(result, "revision") == 0)
		(void)printf("%s: nothing that is served changed\n", show_string(result, "uid"));
	else
		(void)printf("%s: done; %lld entries and %lld groups changed, revision %lld\n",
		    show_string(result, "uid"), show_number(result, "entries"),
		    show_number(result, "groups"), show_number(result, "revision"));
}

void
show_client(struct cli *cli, const json_t *result)
{
	(void)cli;
	if (*show_string(result, "dn") != '\0')
		(void)printf("bind DN   %s\n", show_string(result, "dn"));
	(void)printf("%s  %s\n", strcmp(show_string(result, "protocol"), "ldap") == 0 ?
	    "password" : "token   ", show_string(result, "secret"));
	(void)printf("view      %s, rights %s%s%s\n", show_string(result, "view"),
	    show_string(result, "rights"), *show_string(result, "expires") != '\0' ?
	    ", until " : "", show_string(result, "expires"));
	if (*show_string(result, "old_secret_until") != '\0')
		(void)printf("the old one stays good until %s\n",
		    show_string(result, "old_secret_until"));
	(void)printf("It is shown this once: only a hash is kept.\n");
}

void
show_clients(struct cli *cli, const json_t *result)
{
	static const struct table_column columns[] = {
		{ "NAME", "name", 1 },
		{ "PROTOCOL", "protocol", 0 },
		{ "VIEW", "view", 0 },
		{ "RIGHTS", "rights", 0 },
		{ "CREATED", "created", 2 },
		{ "EXPIRES", "expires", 2 },
	};

	(void)cli;
	table_print(COLUMNS(columns), json_object_get(result, "clients"));
	if (json_array_size(json_object_get(result, "clients")) == 0)
		(void)printf("no clients: make one with rollcall client add\n");
}

void
show_done(struct cli *cli, const json_t *result)
{
	(void)cli, (void)result;
	(void)printf("done\n");
}
