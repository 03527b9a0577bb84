/*
 * Inside cli/ only: a call of the command, from its words to what it prints.
 */
#ifndef ROLLCALL_CLI_CLI_H
#define ROLLCALL_CLI_CLI_H

#include <stdbool.h>

#include <jansson.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/mem.h"

struct cli;

/* One row of the table of commands (cli/commands.c). */
struct command {
	const char	*name;		/* "hide", "source approve" */
	const char	*request;	/* of the daemon (sync/request/request.h), NULL: none */
	const char	*operands;	/* names of arguments in their order: "person field value";
					 * "[source]" may be left out */
	const char	*options;	/* names of rows of the table of options, "reason full" */
	bool		 changes;	/* not only reads */
	/* Runs it wholly, or prepares its request; prints the answer of the request. */
	int		(*run)(struct cli *cli, struct err *err);
	void		(*show)(struct cli *cli, const json_t *result);
	const char	*help;
};

struct cli {
	const char		*folder;	/* -c */
	bool			 json;		/* --json: one object, nothing else */
	bool			 quiet;
	int			 file;		/* handed over with the request, -1: none */
	const struct command	*command;
	json_t			*arguments;	/* what was given, by name */
	json_t			*partial;	/* what is to be told even if it fails */
	json_t			*rows;		/* row events of the answer */
	json_t			*changes;	/* change events of it */
	struct arena		*arena;
};

const struct command *command_find(const char *first, const char *second, int *words);
void	command_usage(const struct command *command, bool whole);
void	commands_usage(void);

/* What an option's value becomes in the request. */
enum command_value {
	VALUE_TEXT,
	VALUE_SECONDS,		/* of 90d, 12h … */
	VALUE_DAYS,		/* of 30, 30d, 4w */
	VALUE_CONF		/* the configuration in a folder, as one text */
};

/* An option of a command: --reason TEXT, --full. */
struct command_option {
	const char	*name;
	const char	*value;		/* what the value is called, NULL: it has none */
	const char	*argument;	/* name in the request; "protocol=scim" sets that value */
	enum command_value kind;
	const char	*help;
};
const struct command_option *command_option(const struct command *command, const char *name);

/* Given arguments, as text; NULL when not given. */
const char *cli_text(const struct cli *cli, const char *name);
bool	cli_flag(const struct cli *cli, const char *name);

/* Sends the command's request to the daemon, or does it here when the daemon is down. */
int	cli_ask(struct cli *cli, json_t **result, struct err *err);

/* Commands that need no daemon, and the ways answers are printed: cli/local.c, cli/show.c. */
int	local_check_config(struct cli *cli, struct err *err);
/* Adds a warning for each source that is served and whose file is no more. */
void	vanished_check(const struct conf *conf, struct conf_findings *findings);
int	local_show_config(struct cli *cli, struct err *err);
int	add_fields(struct cli *cli, struct err *err);
int	import_open(struct cli *cli, struct err *err);
int	local_fields(struct cli *cli, struct err *err);
/* Reads a folder to be tried; *text is what the request takes. Prints what is wrong with it. */
int	local_conf_text(struct cli *cli, const char *folder, json_t **text, struct err *err);
void	show_status(struct cli *cli, const json_t *result);
void	show_sources(struct cli *cli, const json_t *result);
void	show_report(struct cli *cli, const json_t *result);
void	show_runs(struct cli *cli, const json_t *result);
void	show_plans(struct cli *cli, const json_t *result);
void	show_plan(struct cli *cli, const json_t *result);
void	show_applied(struct cli *cli, const json_t *result);
void	show_preview(struct cli *cli, const json_t *result);
void	show_list(struct cli *cli, const json_t *result);
void	show_find(struct cli *cli, const json_t *result);
void	show_doctor(struct cli *cli, const json_t *result);
void	show_onboardings(struct cli *cli, const json_t *result);
void	show_offboardings(struct cli *cli, const json_t *result);
void	show_why(struct cli *cli, const json_t *result);
void	show_decision(struct cli *cli, const json_t *result);
void	show_drift(struct cli *cli, const json_t *result);
void	show_export(struct cli *cli, const json_t *result);
void	show_erased(struct cli *cli, const json_t *result);
void	show_backup(struct cli *cli, const json_t *result);
void	show_state(struct cli *cli, const json_t *result);
void	show_log(struct cli *cli, const json_t *result);
void	show_client(struct cli *cli, const json_t *result);
void	show_clients(struct cli *cli, const json_t *result);
void	show_hooks(struct cli *cli, const json_t *result);
void	show_hook_done(struct cli *cli, const json_t *result);
void	show_import(struct cli *cli, const json_t *result);
void	show_cases(struct cli *cli, const json_t *result);
void	show_link(struct cli *cli, const json_t *result);
void	show_retired(struct cli *cli, const json_t *result);
void	show_done(struct cli *cli, const json_t *result);

#endif
