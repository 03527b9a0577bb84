/*
 * Commands that only read the configuration.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/conf/finding.h"
#include "cli/cli.h"
#include "cli/table.h"

/* ---- check-config ------------------------------------------------------------------------------ */

static void
local_print_findings(struct cli *cli, const struct conf_findings *findings)
{
	struct buf line = BUF_INIT;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		if (findings->list[i].severity == CONF_NOTE && !cli_flag(cli, "verbose"))
			continue;
		if (findings->list[i].severity == CONF_WARNING && cli->quiet)
			continue;
		buf_reset(&line);
		conf_finding_format(&findings->list[i], &line);
		(void)printf("%s\n", line.data);
	}
	buf_close(&line);
}

static json_t *
local_finding(const struct conf_finding *finding)
{
	static const char *const words[] = { [CONF_ERROR] = "error",
	    [CONF_WARNING] = "warning", [CONF_NOTE] = "note" };

	return (json_pack("{s:s, s:i, s:s, s:s?, s:s}", "file", finding->file, "line",
	    (int)finding->line, "severity", words[finding->severity], "code", finding->code,
	    "text", finding->text));
}

static void
local_print_check(struct cli *cli, const struct conf_findings *findings, bool good)
{
	json_t *list;
	size_t i;

	if (cli->json) {
		list = json_array();
		for (i = 0; i < findings->count; i++)
			(void)json_array_append_new(list, local_finding(&findings->list[i]));
		(void)json_object_set_new(cli->partial, "findings", list);
		return;
	}
	local_print_findings(cli, findings);
	if (good && !cli->quiet)
		(void)printf("%s: no errors, %zu warning%s\n", cli->folder, findings->warnings,
		    findings->warnings == 1 ? "" : "s");
}

/*
 * What Kombo says to the configuration (config.md W104): prints findings as the files' own are
 * printed. 0 nothing, 1 warnings; an error of Kombo's or of the network is one of the check.
 */
static int
local_check_online(struct cli *cli, struct err *err)
{
	const struct command *check = cli->command;
	struct command asking = *check;
	json_t *result, *row, *text;
	const char *file, *level;
	size_t i;
	int status;

	if (local_conf_text(cli, cli->folder, &text, err) < 0)
		return (-1);
	(void)json_object_set_new(cli->arguments, "configuration", text);
	asking.request = "doctor";
	cli->command = &asking;
	status = cli_ask(cli, &result, err);
	cli->command = check;
	if (status < 0)
		return (-1);
	json_array_foreach(cli->rows, i, row) {
		level = json_string_value(json_object_get(row, "level"));
		file = json_string_value(json_object_get(row, "file"));
		if (cli->json || strcmp(level, "well") == 0)
			continue;
		if (file != NULL)
			(void)printf("%s:%lld: %s: %s\n", file, (long long)json_integer_value(
			    json_object_get(row, "line")), level,
			    json_string_value(json_object_get(row, "text")));
		else
			(void)printf("sources.d/%s.conf:1: %s: %s\n",
			    json_string_value(json_object_get(row, "source")), level,
			    json_string_value(json_object_get(row, "text")));
	}
	status = (int)json_integer_value(json_object_get(result, "exit"));
	json_decref(result);
	return (status == 1 && !cli_flag(cli, "strict") ? 0 : status);
}

int
local_check_config(struct cli *cli, struct err *err)
{
	struct conf_findings findings = { .list = NULL };
	struct conf *conf;
	bool strict;
	int status;

	if (cli_text(cli, "folder") != NULL)
		cli->folder = cli_text(cli, "folder");
	status = conf_load(cli->folder, &conf, &findings, err);
	if (status == 0)
		vanished_check(conf, &findings);
	local_print_check(cli, &findings, status == 0);
	strict = cli_flag(cli, "strict") && findings.warnings > 0;
	conf_findings_close(&findings);
	if (status < 0)
		return (-1);
	conf_close(&conf);
	if (cli_flag(cli, "online")) {
		status = local_check_online(cli, err);
		if (status != 0)
			return (status);
	}
	return (strict ? 1 : 0);
}

/* Loads the configuration, or says what is wrong with it. */
static int
local_load(struct cli *cli, struct conf **conf, struct err *err)
{
	struct conf_findings findings = { .list = NULL };
	int status;

	status = conf_load(cli->folder, conf, &findings, err);
	if (status < 0)
		local_print_check(cli, &findings, false);
	conf_findings_close(&findings);
	return (status);
}

int
local_conf_text(struct cli *cli, const char *folder, json_t **text, struct err *err)
{
	const char *whole = cli->folder;
	struct buf stored = BUF_INIT;
	struct conf *conf;
	int status;

	cli->folder = folder;
	status = local_load(cli, &conf, err);
	cli->folder = whole;
	if (status < 0)
		return (-1);
	conf_store_text(conf, &stored);
	*text = json_stringn(stored.data, stored.len);
	buf_close(&stored);
	conf_close(&conf);
	return (0);
}

static int
local_source(const struct cli *cli, const struct conf *conf,
    const struct conf_source **source, struct err *err)
{
	const char *name;

	name = cli_text(cli, "source");
	*source = name != NULL ? conf_source(conf, name) : NULL;
	if (name != NULL && *source == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no source %s: sources are the "
		    "files in %s/sources.d", name, cli->folder));
	return (0);
}

/* ---- show-config ---------------------------------------------------------------------------------- */

static void
local_show_line(const struct conf_shown *shown, void *context)
{
	struct cli *cli = context;

	(void)json_array_append_new(cli->rows, json_pack("{s:s, s:s, s:s, s:s}", "section",
	    shown->section, "key", shown->key, "value", shown->value, "origin",
	    shown->origin));
}

int
local_show_config(struct cli *cli, struct err *err)
{
	static const struct table_column columns[] = {
		{ "SECTION", "section", 0 },
		{ "KEY", "key", 0 },
		{ "VALUE", "value", 1 },
		{ "FROM", "origin", 0 },
	};
	const struct conf_source *source;
	struct conf *conf;
	int status;

	if (local_load(cli, &conf, err) < 0)
		return (-1);
	status = local_source(cli, conf, &source, err);
	if (status == 0)
		conf_show(conf, source, cli_flag(cli, "given"), local_show_line, cli);
	if (status == 0 && !cli->json)
		table_print(columns, sizeof(columns) / sizeof(columns[0]), cli->rows);
	conf_close(&conf);
	return (status);
}

/* ---- fields ----------------------------------------------------------------------------------------- */

static const char *
local_flag(const struct field *field)
{
	if ((field->flags & FIELD_CORE) != 0)
		return ("needed");
	return ((field->flags & FIELD_OPTIONAL) != 0 ? "optional, personal" : "");
}

static json_t *
local_field(struct cli *cli, const struct conf_source *source, enum field_id id)
{
	const struct field *field = field_get(id);
	enum field_mode mode;
	const char *origin;

	mode = source != NULL ? source->mode[id] :
	    (field->flags & FIELD_OPTIONAL) != 0 ? MODE_OFF : MODE_CONTINUOUS;
	origin = source == NULL || source->mode_line[id] == 0 ? "standard" :
	    arena_printf(cli->arena, "%s:%u", source->file, source->mode_line[id]);
	return (json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "field", field->name,
	    "kombo", field->kombo, "mode", field_mode_name(mode), "origin", origin, "ldap",
	    field->ldap, "scim", field->scim, "purpose",
	    source != NULL ? source->purpose[id] : field->purpose, "kind",
	    local_flag(field)));
}

/* Works before there is any configuration or key (promises P13): then with the standards. */
int
local_fields(struct cli *cli, struct err *err)
{
	static const struct table_column columns[] = {
		{ "FIELD", "field", 0 },
		{ "MODE", "mode", 0 },
		{ "", "kind", 2 },
		{ "KOMBO EMPLOYEE", "kombo", 2 },
		{ "LDAP", "ldap", 2 },
		{ "SCIM", "scim", 2 },
		{ "PURPOSE", "purpose", 1 },
	};
	const struct conf_source *source;
	struct conf *conf;
	size_t i;

	conf = NULL;
	source = NULL;
	if (cli_text(cli, "source") != NULL && (local_load(cli, &conf, err) < 0 ||
	    local_source(cli, conf, &source, err) < 0)) {
		conf_close(&conf);
		return (-1);
	}
	for (i = 0; i < FIELD_N; i++)
		if (!cli_flag(cli, "required") || (field_get((enum field_id)i)->flags &
		    FIELD_CORE) != 0)
			(void)json_array_append_new(cli->rows, local_field(cli, source,
			    (enum field_id)i));
	if (!cli->json) {
		table_print(columns, sizeof(columns) / sizeof(columns[0]), cli->rows);
		if (!cli->quiet)
			(void)printf("\nBesides these only names and addresses of legal entities "
			    "and work locations,\nnames and types of groups, and type and date "
			    "of employments are read.\nNothing else of what Kombo delivers is "
			    "kept.\n");
	}
	conf_close(&conf);
	return (0);
}
