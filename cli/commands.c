/*
 * Owns the tables of commands and options: what `rollcall --help` and rollcall(1) list.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct command commands[] = {
	{ "status", "status", "", "", false, NULL, show_status,
	    "how all is: daemon, sources, views, ages" },
	{ "check-config", NULL, "[folder]", "strict verbose online", false, local_check_config, NULL,
	    "read the configuration and say everything that is wrong with it" },
	{ "show-config", NULL, "[source]", "given", false, local_show_config, NULL,
	    "the values in force, each with the line it comes from" },
	{ "fields", NULL, "[source]", "required", false, local_fields, NULL,
	    "every field that is fetched, why, and what it becomes" },
	{ "source list", "source.list", "", "", false, NULL, show_sources,
	    "the HR systems and how their last runs went" },
	{ "source test", "source.test", "source", "", false, NULL, show_report,
	    "try key, integration and permissions of a source" },
	{ "source approve", "source.approve", "source", "", true, NULL, show_runs,
	    "let a source be stored and served, and start its first run" },
	{ "source enable", "source.enable", "source", "", true, NULL, show_done,
	    "fetch a source again" },
	{ "source disable", "source.disable", "source", "", true, NULL, show_done,
	    "stop fetching a source; its people stay served" },
	{ "source retire", "source.retire", "source", "keep purge", true, NULL, show_retired,
	    "settle what becomes of the people of a source whose file is no more" },
	{ "sync", "sync", "[source]", "full upstream", true, NULL, show_runs,
	    "fetch now, one source or all" },
	{ "confirm-clock", "confirm-clock", "", "", true, NULL, show_done,
	    "say that this machine's clock is right, so that dates take effect again" },
	{ "plans", "plans", "", "all", false, NULL, show_plans,
	    "what the safeguards hold" },
	{ "plan show", "plan.show", "plan", "", false, NULL, show_plan,
	    "why a plan is held, and whom it would change" },
	{ "approve", "plan.approve", "plan", "", true, NULL, show_applied,
	    "apply a held plan; the approval ends after 24 hours" },
	{ "apply", "plan.apply", "plan [person...]", "only", true, NULL, show_applied,
	    "let some people's changes of a held plan through, and hold the rest" },
	{ "preview", "preview", "[source]", "config date", false, NULL, show_preview,
	    "fetch live and show who would be Included or Excluded, and why, and what would be "
	    "different; nothing is stored" },
	{ "doctor", "doctor", "[source]", "", false, NULL, show_doctor,
	    "look for what is wrong with a source or all: key, scopes, filters, rights, clocks" },
	{ "import", "import", "file", "source dry-run", true, import_open, show_import,
	    "read a CSV file into its source; - is standard input" },
	{ "add", "local.add", "[field...]", "", true, add_fields, show_decision,
	    "add a person by hand: FIELD=VALUE, once for each" },
	{ "change", "local.change", "person [field...]", "", true, add_fields,
	    show_decision,
	    "change fields of a person who was added by hand" },
	{ "remove", "local.remove", "person", "", true, NULL, show_decision,
	    "remove a person who was added by hand, at once and for good" },
	{ "list", "list", "", "hidden excluded reason-code view status", false, NULL, show_list,
	    "the people who are served" },
	{ "find", "find", "text", "", false, NULL, show_find,
	    "look in all lists at once, by name, e-mail, number or uid" },
	{ "onboardings", "onboardings", "", "within", false, NULL, show_onboardings,
	    "who is to come, when, and whether they are released" },
	{ "offboardings", "offboardings", "", "within", false, NULL, show_offboardings,
	    "who is to leave, and when" },
	{ "why", "why", "person", "live onboarding offboarding", false, NULL, show_why,
	    "everything about one person: records, reasons, values, and each link from Kombo to "
	    "the views" },
	{ "cases", "cases", "", "", false, NULL, show_cases,
	    "what waits for you to say whose record is whose" },
	{ "link", "link", "record person", "reason", true, NULL, show_link,
	    "say that a record, or all of a person's, belongs to a person" },
	{ "unlink", "unlink", "record", "reason", true, NULL, show_link,
	    "say that a record is nobody else's" },
	{ "hide", "hide", "person", "reason", true, NULL, show_decision,
	    "take a person out of everything that is served" },
	{ "unhide", "unhide", "person", "", true, NULL, show_decision,
	    "undo hide" },
	{ "release", "release", "person", "reason", true, NULL, show_decision,
	    "let a joiner appear now, whatever [lifecycle] release says" },
	{ "ignore-onboarding", "ignore-onboarding", "person", "reason", true, NULL,
	    show_decision, "hide a joiner until unhide, also after the first day" },
	{ "set", "set", "person field value", "", true, NULL, show_decision,
	    "set an import-once or local field by hand" },
	{ "reset", "reset", "person field", "", true, NULL, show_decision,
	    "take an import-once field from the HR system again; empty a local one" },
	{ "hooks retry", "hook.retry", "hook", "", true, NULL, show_hook_done,
	    "set a hook going again that failed for too long" },
	{ "hooks test", "hook.test", "hook", "", true, NULL, show_hook_done,
	    "queue an event for a hook that tells of nothing" },
	{ "hooks", "hook.list", "", "", false, NULL, show_hooks,
	    "where events go, and how that goes" },
	{ "drift", "drift", "[person]", "", false, NULL, show_drift,
	    "values imported once or set by hand that differ from the HR system's" },
	{ "export", "export", "person", "", false, NULL, show_export,
	    "everything that is held of a person, where it is from, what for and until when" },
	{ "erase", "erase", "person", "allow-return reason", true, NULL, show_erased,
	    "erase a person everywhere, the history too, and keep her out of the next fetch" },
	{ "backup", "backup", "file", "", false, NULL, show_backup,
	    "copy the database into a new file, while everything goes on" },
	{ "state export", "state.export", "file", "", false, NULL, show_state,
	    "write decisions and state into one text file, which makes the same directory anew" },
	{ "state import", "state.import", "file", "", true, NULL, show_state,
	    "take such a file over into a new database" },
	{ "log", "log", "[person]", "since", false, NULL, show_log,
	    "what happened to whom, when, by whom and why; checks that the history is whole" },
	{ "client add", "client.add", "name", "ldap scim view rights expires", true, NULL,
	    show_client, "make an LDAP or SCIM client; its secret is shown once" },
	{ "client list", "client.list", "", "", false, NULL, show_clients,
	    "the clients of LDAP and SCIM" },
	{ "client rotate", "client.rotate", "name", "ldap scim now", true, NULL, show_client,
	    "give a client a new secret; the old one stays good for a day" },
	{ "client revoke", "client.revoke", "name", "ldap scim", true, NULL, show_done,
	    "take a client's access away" },
};

static const struct command_option options[] = {
	{ "strict", NULL, "strict", VALUE_TEXT, "warnings count as errors" },
	{ "verbose", NULL, "verbose", VALUE_TEXT, "notes too" },
	{ "online", NULL, "online", VALUE_TEXT, "ask Kombo too: keys, integrations, filters" },
	{ "given", NULL, "given", VALUE_TEXT, "only what the files say (-n)" },
	{ "source", "NAME", "source", VALUE_TEXT, "the source, where there are several" },
	{ "dry-run", NULL, "dry_run", VALUE_TEXT, "show what would be, like preview (-n)" },
	{ "required", NULL, "required", VALUE_TEXT, "only what must be granted in the HR system" },
	{ "keep", NULL, "keep", VALUE_TEXT, "they stay, as if entered by hand" },
	{ "purge", NULL, "purge", VALUE_TEXT, "they leave, and their values are erased" },
	{ "all", NULL, "all", VALUE_TEXT, "also those that were applied, replaced or have expired" },
	{ "only", NULL, "only", VALUE_TEXT, "these people, and nobody else" },
	{ "full", NULL, "full", VALUE_TEXT, "a complete fetch" },
	{ "upstream", NULL, "upstream", VALUE_TEXT,
	    "have Kombo read the HR system again first, wait for it, and fetch completely" },
	{ "hidden", NULL, "hidden", VALUE_TEXT, "the people who are hidden" },
	{ "excluded", NULL, "excluded", VALUE_TEXT, "the records that are Excluded" },
	{ "reason-code", "CODE", "reason", VALUE_TEXT, "with --excluded: only for this reason" },
	{ "view", "NAME", "view", VALUE_TEXT, "a view of the configuration" },
	{ "status", "STATUS", "status", VALUE_TEXT, "onboarding, active, offboarding or departed" },
	{ "config", "FOLDER", "configuration", VALUE_CONF,
	    "under the configuration in this folder, not the one in force" },
	{ "date", "DAY", "date", VALUE_TEXT, "as it will be on that day: 2026-12-31" },
	{ "live", NULL, "live", VALUE_TEXT, "ask Kombo now; sees the excluded too" },
	{ "onboarding", NULL, "onboarding", VALUE_TEXT, "what decides about the first day" },
	{ "offboarding", NULL, "offboarding", VALUE_TEXT, "what decides about the last day" },
	{ "within", "DAYS", "within", VALUE_DAYS, "only the next so many days" },
	{ "since", "TIME", "since", VALUE_TEXT, "2026-11-20, an instant, or 7d for the last seven days" },
	{ "allow-return", NULL, "return", VALUE_TEXT, "let the person return with the next fetch" },
	{ "reason", "TEXT", "reason", VALUE_TEXT, "why, for the history" },
	{ "ldap", NULL, "protocol=ldap", VALUE_TEXT, "an LDAP client (the standard)" },
	{ "scim", NULL, "protocol=scim", VALUE_TEXT, "a SCIM client" },
	{ "rights", "RIGHTS", "rights", VALUE_TEXT, "of a SCIM client: read, edit or local" },
	{ "expires", "TIME", "lifetime", VALUE_SECONDS, "how long the access lasts, like 90d" },
	{ "now", NULL, "now", VALUE_TEXT, "the old secret ends at once" },
};

static bool
command_is(const struct command *command, const char *first, const char *second, int *words)
{
	size_t len;

	len = strcspn(command->name, " ");
	if (strlen(first) != len || strncmp(command->name, first, len) != 0)
		return (false);
	*words = 1;
	if (command->name[len] == '\0')
		return (true);
	*words = 2;
	return (second != NULL && strcmp(command->name + len + 1, second) == 0);
}

const struct command *
command_find(const char *first, const char *second, int *words)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (command_is(&commands[i], first, second, words))
			return (&commands[i]);
	return (NULL);
}

static bool
command_has_option(const struct command *command, const char *name)
{
	const char *at;
	size_t len;

	len = strlen(name);
	for (at = command->options; *at != '\0';) {
		if (strncmp(at, name, len) == 0 && (at[len] == ' ' || at[len] == '\0'))
			return (true);
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return (false);
}

const struct command_option *
command_option(const struct command *command, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strcmp(options[i].name, name) == 0 && command_has_option(command, name))
			return (&options[i]);
	return (NULL);
}

static void
command_print_operands(const struct command *command)
{
	const char *p;

	if (*command->operands != '\0')
		(void)putchar(' ');
	for (p = command->operands; *p != '\0'; p++)
		(void)putchar(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
}

void
command_usage(const struct command *command, bool whole)
{
	const struct command_option *option;
	char left[64];
	size_t i;

	(void)printf("usage: rollcall %s", command->name);
	command_print_operands(command);
	(void)printf("%s\n", *command->options != '\0' ? " [OPTIONS]" : "");
	if (!whole)
		return;
	(void)printf("%s\n", command->help);
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		option = &options[i];
		if (!command_has_option(command, option->name))
			continue;
		(void)snprintf(left, sizeof(left), "%s%s%s", option->name,
		    option->value != NULL ? " " : "",
		    option->value != NULL ? option->value : "");
		(void)printf("  --%-20s %s\n", left, option->help);
	}
	(void)printf("  --%-20s %s\n", "json", "print the answer as JSON");
}

void
commands_usage(void)
{
	size_t i;

	(void)printf("usage: rollcall [-c FOLDER] [--json] COMMAND ...\n\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		(void)printf("  %-16s %s\n", commands[i].name, commands[i].help);
	(void)printf("\n`rollcall COMMAND --help` says more; so does rollcall(1).\n"
	    "A PERSON is a uid, UUID, e-mail, employee number, Kombo id or full name.\n");
}
