/*
 * rollcall: the admin's command. Reads its words by the tables of commands and options.
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "sync/libraries.h"
#include "sync/step.h"

#define MANY "..."	/* ends the name of an operand that takes all that follow */

const char *
cli_text(const struct cli *cli, const char *name)
{
	return (json_string_value(json_object_get(cli->arguments, name)));
}

bool
cli_flag(const struct cli *cli, const char *name)
{
	return (json_is_true(json_object_get(cli->arguments, name)));
}

/* ---- words ------------------------------------------------------------------------------------ */

/* 90d, 12h, 30m: seconds. */
static int
cli_duration(const char *text, json_int_t *seconds, struct err *err)
{
	static const struct {
		char		unit;
		json_int_t	seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	    { 'w', 604800 } };
	long long number;
	char unit;
	size_t i;
	int n;

	n = 0;
	if (sscanf(text, "%7lld%c%n", &number, &unit, &n) == 2 && text[n] == '\0' && number > 0)
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (units[i].unit == unit) {
				*seconds = number * units[i].seconds;
				return (0);
			}
	return (err_set(err, ERR_USAGE, "\"%s\" is no duration: write it like 90d", text));
}

/* 30, 30d, 4w: days, from 0 on. */
static int
cli_days(const char *text, json_int_t *days, struct err *err)
{
	long long number;
	char unit;
	int n;

	n = 0;
	unit = 'd';
	if (sscanf(text, "%5lld%n%c%n", &number, &n, &unit, &n) >= 1 && text[n] == '\0' &&
	    number >= 0 && (unit == 'd' || unit == 'w')) {
		*days = number * (unit == 'w' ? 7 : 1);
		return (0);
	}
	return (err_set(err, ERR_USAGE, "\"%s\" is no number of days: write it like 30", text));
}

static int
cli_number(enum command_value kind, const char *text, json_int_t *number, struct err *err)
{
	return (kind == VALUE_DAYS ? cli_days(text, number, err) :
	    cli_duration(text, number, err));
}

static int
cli_set_option(struct cli *cli, const struct command_option *option, const char *value,
    struct err *err)
{
	json_int_t number = 0;
	const char *equals;
	json_t *text = NULL;

	equals = strchr(option->argument, '=');
	if (equals != NULL)
		return (json_object_set_new(cli->arguments, arena_dup_len(cli->arena,
		    option->argument, (size_t)(equals - option->argument)),
		    json_string(equals + 1)));
	if (option->kind == VALUE_CONF) {
		if (local_conf_text(cli, value, &text, err) < 0)
			return (-1);
		return (json_object_set_new(cli->arguments, option->argument, text));
	}
	if (option->kind != VALUE_TEXT) {
		if (cli_number(option->kind, value, &number, err) < 0)
			return (-1);
		return (json_object_set_new(cli->arguments, option->argument,
		    json_integer(number)));
	}
	return (json_object_set_new(cli->arguments, option->argument,
	    option->value != NULL ? json_string(value) : json_true()));
}

/* Options that every command knows. 1 it was one, 0 not. */
static int
cli_common(struct cli *cli, char **words, int *at, int count, struct err *err)
{
	const char *word = words[*at];

	if (strcmp(word, "--json") == 0) {
		cli->json = true;
	} else if (strcmp(word, "--quiet") == 0 || strcmp(word, "-q") == 0) {
		cli->quiet = true;
	} else if (strcmp(word, "-c") == 0 || strcmp(word, "--config") == 0) {
		if (*at + 1 >= count)
			return (err_set(err, ERR_USAGE, "%s needs a folder", word));
		cli->folder = words[++*at];
	} else if (strcmp(word, "--stop-after") == 0) {
		if (*at + 1 >= count)
			return (err_set(err, ERR_USAGE, "%s needs a step: see rollcalld --help",
			    word));
		if (step_stop_after(words[++*at], err) < 0)
			return (-1);
	} else {
		return (0);
	}
	return (1);
}

static int
cli_option(struct cli *cli, char **words, int *at, int count, struct err *err)
{
	const struct command_option *option;
	const char *equals, *name, *value;
	int result;

	/* After `preview` the folder is one to be tried, not the one in force. */
	result = command_option(cli->command, "config") != NULL &&
	    strncmp(words[*at], "--config", strlen("--config")) == 0 ? 0 :
	    cli_common(cli, words, at, count, err);
	if (result != 0)
		return (result < 0 ? -1 : 0);
	name = words[*at] + strspn(words[*at], "-");
	if (strcmp(words[*at], "-n") == 0)
		name = command_option(cli->command, "dry-run") != NULL ? "dry-run" : "given";
	equals = strchr(name, '=');
	if (equals != NULL)
		name = arena_dup_len(cli->arena, name, (size_t)(equals - name));
	option = command_option(cli->command, name);
	if (option == NULL)
		return (err_set(err, ERR_USAGE, "rollcall %s has no option %s: see rollcall %s "
		    "--help", cli->command->name, words[*at], cli->command->name));
	value = equals != NULL ? equals + 1 : NULL;
	if (option->value != NULL && value == NULL) {
		if (*at + 1 >= count)
			return (err_set(err, ERR_USAGE, "--%s needs %s", name, option->value));
		value = words[++*at];
	}
	return (cli_set_option(cli, option, value, err));
}

/* An operand that takes all that follow: "[person...]". */
static bool
cli_is_many(const char *operand)
{
	return (strncmp(operand + strcspn(operand, ".] "), MANY, strlen(MANY)) == 0);
}

static int
cli_operand_more(struct cli *cli, const char *name, const char *word)
{
	json_t *list;

	list = json_object_get(cli->arguments, name);
	if (list == NULL) {
		list = json_array();
		(void)json_object_set_new(cli->arguments, name, list);
	}
	return (json_array_append_new(list, json_string(word)));
}

/* Gives the n-th operand its name. */
static int
cli_operand(struct cli *cli, const char *word, int n, struct err *err)
{
	char folder[PATH_MAX];
	const char *at, *name;
	int i;

	at = cli->command->operands;
	for (i = 0; i < n && *at != '\0' && !cli_is_many(at); i++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	if (*at == '\0')
		return (err_set(err, ERR_USAGE, "\"%s\" is too much: see rollcall %s --help",
		    word, cli->command->name));
	at += *at == '[';
	name = arena_dup_len(cli->arena, at, strcspn(at, " ]"));
	/* The daemon works in another folder. */
	if (strcmp(name, "file") == 0 && *word != '/' && strcmp(word, "-") != 0 &&
	    getcwd(folder, sizeof(folder)) != NULL)
		word = arena_printf(cli->arena, "%s/%s", folder, word);
	if (strcmp(name + strlen(name) - strlen(MANY), MANY) == 0)
		return (cli_operand_more(cli, arena_dup_len(cli->arena, name, strlen(name) -
		    strlen(MANY)), word));
	return (json_object_set_new(cli->arguments, name, json_string(word)) < 0 ?
	    err_set(err, ERR_USAGE, "\"%s\" is not valid UTF-8", name) : 0);
}

static int
cli_check_operands(struct cli *cli, struct err *err)
{
	const char *at, *name;

	for (at = cli->command->operands; *at != '\0'; at += strspn(at, " ")) {
		name = arena_dup_len(cli->arena, at, strcspn(at, " "));
		if (*at != '[' && cli_text(cli, name) == NULL)
			return (err_set(err, ERR_USAGE, "%s is missing: see rollcall %s --help",
			    name, cli->command->name));
		at += strcspn(at, " ");
	}
	return (0);
}

static int
cli_parse(struct cli *cli, char **words, int count, struct err *err)
{
	bool plain;
	int i, n;

	n = 0;
	plain = false;
	for (i = 0; i < count; i++) {
		if (!plain && strcmp(words[i], "--") == 0) {
			plain = true;
			continue;
		}
		if ((!plain && words[i][0] == '-' && words[i][1] != '\0' ?
		    cli_option(cli, words, &i, count, err) :
		    cli_operand(cli, words[i], n++, err)) < 0)
			return (-1);
	}
	return (cli_check_operands(cli, err));
}

/* ---- running ------------------------------------------------------------------------------------ */

static void
cli_print_json(struct cli *cli, json_t *result)
{
	json_t *answer, *findings;

	answer = result != NULL ? json_incref(result) : json_object();
	if (json_array_size(cli->rows) > 0)
		(void)json_object_set(answer, "rows", cli->rows);
	if (json_object_get(answer, "difference") != NULL)
		(void)json_object_set(answer, "changes", cli->changes);
	findings = json_object_get(cli->partial, "findings");
	if (findings != NULL)
		(void)json_object_set(answer, "findings", findings);
	if (json_object_get(cli->partial, "held") != NULL)
		(void)json_object_set(answer, "held", json_object_get(cli->partial, "held"));
	(void)json_dumpf(answer, stdout, JSON_INDENT(2));
	(void)putchar('\n');
	json_decref(answer);
}

static void
cli_print_error(struct cli *cli, const struct err *err)
{
	json_t *answer;

	if (cli->json) {
		answer = json_pack("{s:{s:s, s:s}}", "error", "code",
		    err_kind(err->code)->name, "text", err->text);
		cli_print_json(cli, answer);
		json_decref(answer);
		return;
	}
	/* What was found before it failed is told first. */
	if (cli->command != NULL && cli->command->show != NULL &&
	    json_object_size(cli->partial) > 0)
		cli->command->show(cli, cli->partial);
	(void)fflush(stdout);
	(void)fprintf(stderr, "rollcall: %s: %s\n", err_kind(err->code)->title, err->text);
}

static int
cli_run(struct cli *cli, struct err *err)
{
	json_t *result;
	int status;

	result = NULL;
	status = cli->command->run != NULL ? cli->command->run(cli, err) : 0;
	if (status == 0 && cli->command->request != NULL)
		status = cli_ask(cli, &result, err);
	if (status < 0) {
		cli_print_error(cli, err);
		return (err_kind(err->code)->exit_status);
	}
	if (cli->json)
		cli_print_json(cli, result);
	else if (cli->command->show != NULL && !(cli->quiet && cli->command->changes))
		cli->command->show(cli, result);
	/* A bad finding is an answer, and a status. */
	if (json_is_integer(json_object_get(result, "exit")))
		status = (int)json_integer_value(json_object_get(result, "exit"));
	json_decref(result);
	return (status);
}

static bool
cli_wants_help(char **words, int count)
{
	int i;

	for (i = 0; i < count && strcmp(words[i], "--") != 0; i++)
		if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
			return (true);
	return (false);
}

static int
cli_unknown(const char *word)
{
	(void)fprintf(stderr, "rollcall: there is no command %s: see rollcall --help\n", word);
	return (2);
}

static int
cli_main(struct cli *cli, char **words, int count)
{
	struct err err = ERR_INIT;
	int at, used;

	for (at = 0; at < count && words[at][0] == '-'; at++) {
		if (strcmp(words[at], "--version") == 0 || strcmp(words[at], "-V") == 0) {
			(void)printf("rollcall %s\n", PACKAGE_VERSION);
			return (0);
		}
		if (cli_common(cli, words, &at, count, &err) <= 0)
			break;
	}
	if (at >= count || strcmp(words[at], "help") == 0 || words[at][0] == '-') {
		commands_usage();
		return (at < count ? 0 : 2);
	}
	cli->command = command_find(words[at], at + 1 < count ? words[at + 1] : NULL, &used);
	if (cli->command == NULL)
		return (cli_unknown(words[at]));
	at += used;
	if (cli_wants_help(words + at, count - at)) {
		command_usage(cli->command, true);
		return (0);
	}
	if (cli_parse(cli, words + at, count - at, &err) < 0) {
		cli_print_error(cli, &err);
		return (err_kind(ERR_USAGE)->exit_status);
	}
	return (cli_run(cli, &err));
}

int
main(int argc, char **argv)
{
	struct cli cli = { .folder = ROLLCALL_CONFDIR, .file = -1 };
	int status;

	sync_libraries_start();
	cli.arena = arena_open();
	cli.arguments = json_object();
	cli.partial = json_object();
	cli.rows = json_array();
	cli.changes = json_array();
	status = cli_main(&cli, argv + 1, argc - 1);
	json_decref(cli.arguments);
	json_decref(cli.partial);
	json_decref(cli.rows);
	json_decref(cli.changes);
	arena_close(&cli.arena);
	if (fflush(stdout) != 0)
		return (err_kind(ERR_SYSTEM)->exit_status);
	return (status);
}
