/*
 * Prints Rollcall's schema as slapd reads it from a file, for servers that hold a copy of the
 * directory without the module: as lines for slapd.conf, or as an entry for cn=config.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "backend/definition.h"

/* How a kind of file says what a definition is. */
struct dialect {
	const char	*head;
	const char	*attribute;
	const char	*class;
};

static const struct dialect dialect_schema = {
	.head =
	"# Rollcall's attribute types and object classes, for OpenLDAP servers that hold a\n"
	"# copy of the directory. Made from Rollcall's table of fields: do not edit.\n"
	"# Include core.schema, cosine.schema and inetorgperson.schema before it. Where\n"
	"# back_rollcall is loaded the schema is there already: do not include it there.\n\n",
	.attribute = "attributetype ",
	.class = "objectclass ",
};

static const struct dialect dialect_ldif = {
	.head =
	"# Rollcall's attribute types and object classes, for OpenLDAP servers that hold a\n"
	"# copy of the directory. Made from Rollcall's table of fields: do not edit.\n"
	"dn: cn=rollcall,cn=schema,cn=config\n"
	"objectClass: olcSchemaConfig\n"
	"cn: rollcall\n",
	.attribute = "olcAttributeTypes: ",
	.class = "olcObjectClasses: ",
};

static void
print_all(const struct dialect *dialect)
{
	struct buf text = BUF_INIT;
	size_t i;

	(void)fputs(dialect->head, stdout);
	for (i = 0; definition_attribute(i, &text); i++) {
		(void)printf("%s%s\n", dialect->attribute, text.data);
		buf_reset(&text);
	}
	for (i = 0; definition_class(i, &text); i++) {
		(void)printf("%s%s\n", dialect->class, text.data);
		buf_reset(&text);
	}
	buf_close(&text);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "schema") == 0)
		print_all(&dialect_schema);
	else if (argc == 2 && strcmp(argv[1], "ldif") == 0)
		print_all(&dialect_ldif);
	else {
		(void)fputs("usage: rollcall-schema schema|ldif\n", stderr);
		return (2);
	}
	return (ferror(stdout) != 0 || fclose(stdout) != 0 ? 1 : 0);
}
