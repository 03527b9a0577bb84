/*
 * Prints a manual page from its template: "@SETTINGS main@", "@SETTINGS source@", "@FIELDS@" and
 * "@EVENTS@" on a line of their own become the rows of conf.def, fields.def and events.def in
 * mdoc(7).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/conf.h"
#include "base/event.h"
#include "base/fields.h"

static const char *const type_words[] = {
	[CONF_TYPE_TEXT] = "text",
	[CONF_TYPE_PATH] = "path",
	[CONF_TYPE_NUMBER] = "number",
	[CONF_TYPE_BOOL] = "yes | no",
	[CONF_TYPE_DURATION] = "duration",
	[CONF_TYPE_CHOICE] = "",
	[CONF_TYPE_ZONE] = "time zone",
	[CONF_TYPE_DN] = "DN",
	[CONF_TYPE_URL] = "URL",
	[CONF_TYPE_LISTEN] = "address",
	[CONF_TYPE_NET] = "network",
	[CONF_TYPE_SECRET] = "secret",
	[CONF_TYPE_LIMIT] = "allowance",
};

/* Text that must not be read as mdoc: a leading dot or quote, and backslashes. */
static void
print_plain(const char *text)
{
	if (*text == '.' || *text == '\'')
		(void)fputs("\\&", stdout);
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			(void)fputs("\\e", stdout);
		else
			(void)putchar(*text);
	}
}

/* A section as it is written: "view/" takes a name behind the slash. */
static void
print_section(const char *section)
{
	const char *slash;

	slash = strchr(section, '/');
	if (slash == NULL)
		(void)printf(".Ss [%s]\n", section);
	else
		(void)printf(".Ss [%.*s/NAME%s]\n", (int)(slash - section), section, slash + 1);
}

static void
print_setting(const struct conf_row *row)
{
	(void)printf(".It Cm %s No = ", strcmp(row->key, "*") == 0 ?
	    (strcmp(row->section, "zones") == 0 ? "PLACE" : "FIELD") : row->key);
	if (row->type == CONF_TYPE_CHOICE)
		print_plain(row->range);
	else
		(void)printf("Ar %s", type_words[row->type]);
	(void)putchar('\n');
	print_plain(row->help);
	(void)fputs(".\n", stdout);
	if ((row->flags & CONF_REQUIRED) != 0)
		(void)fputs("Must be given.\n", stdout);
	if ((row->flags & (CONF_KOMBO | CONF_CSV)) != 0)
		(void)printf("Only with provider = %s.\n",
		    (row->flags & CONF_KOMBO) != 0 ? "kombo" : "csv");
	if ((row->flags & CONF_MANY) != 0)
		(void)fputs("May be repeated.\n", stdout);
	if (*row->standard != '\0')
		(void)printf("Standard: %s.\n", row->standard);
	if (row->type != CONF_TYPE_CHOICE && *row->range != '\0')
		(void)printf("Range: %s.\n", row->range);
	if ((row->flags & CONF_RESTART) != 0)
		(void)fputs("Needs a restart.\n", stdout);
}

static void
print_settings(enum conf_file file)
{
	const struct conf_row *row;
	const char *section;
	size_t i;

	section = NULL;
	for (i = 0; i < CONF_N; i++) {
		row = conf_row((enum conf_key)i);
		if (row->file != file)
			continue;
		if (section == NULL || strcmp(section, row->section) != 0) {
			if (section != NULL)
				(void)fputs(".El\n", stdout);
			section = row->section;
			print_section(section);
			(void)fputs(".Bl -tag -width Ds\n", stdout);
		}
		print_setting(row);
	}
	(void)fputs(".El\n", stdout);
}

static void
print_fields(void)
{
	const struct field *field;
	size_t i;

	(void)fputs(".Bl -tag -width Ds\n", stdout);
	for (i = 0; i < FIELD_N; i++) {
		field = field_get((enum field_id)i);
		(void)printf(".It Cm %s\n", field->name);
		print_plain(field->help);
		(void)printf(".\nKombo: %s.\nLDAP: %s.\nSCIM: %s.\n", field->kombo, field->ldap,
		    field->scim);
		if ((field->flags & FIELD_FIXED) != 0)
			(void)fputs("Always continuous.\n", stdout);
		else if ((field->flags & FIELD_CORE) != 0)
			(void)fputs("Needed: continuous or import-once.\n", stdout);
		else if ((field->flags & FIELD_OPTIONAL) != 0)
			(void)fputs("Personal: off unless named.\n", stdout);
	}
	(void)fputs(".El\n", stdout);
}

static void
print_events(void)
{
	enum event_kind kind;

	(void)fputs(".Bl -tag -width onboarding\n", stdout);
	for (kind = 0; kind < EVENT_N; kind++) {
		(void)printf(".It Cm %s\n", event_name(kind));
		print_plain(event_help(kind));
		(void)fputs(".\n", stdout);
	}
	(void)fputs(".El\n", stdout);
}

int
main(int argc, char **argv)
{
	char line[1024];
	FILE *template;

	template = argc == 2 ? fopen(argv[1], "r") : NULL;
	if (template == NULL) {
		(void)fprintf(stderr, "usage: print TEMPLATE\n");
		return (2);
	}
	while (fgets(line, sizeof(line), template) != NULL) {
		if (strcmp(line, "@SETTINGS main@\n") == 0)
			print_settings(CONF_MAIN);
		else if (strcmp(line, "@SETTINGS source@\n") == 0)
			print_settings(CONF_SOURCE);
		else if (strcmp(line, "@FIELDS@\n") == 0)
			print_fields();
		else if (strcmp(line, "@EVENTS@\n") == 0)
			print_events();
		else
			(void)fputs(line, stdout);
	}
	(void)fclose(template);
	return (ferror(stdout) != 0);
}
