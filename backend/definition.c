/*
 * Owns the tables made from schema/ldap.def; immutable.
 */
#include "config.h"

#include "backend/definition.h"

#include <string.h>

#include "base/fields.h"

struct definition_row {
	unsigned int	 oid;
	const char	*name;
	const char	*text;
};

#define DEFINITION_NOTHING(...)

#define LDAP_ARC(text) const char definition_oid[] = text;
#define LDAP_SYNTAX DEFINITION_NOTHING
#define LDAP_ATTRIBUTE DEFINITION_NOTHING
#define LDAP_CLASS DEFINITION_NOTHING
#include "schema/ldap.def"
#undef LDAP_ARC
#undef LDAP_SYNTAX
#undef LDAP_ATTRIBUTE
#undef LDAP_CLASS

/* By the kind of a field; NULL where no field of that kind has a type of its own. */
static const char *const definition_syntaxes[] = {
#define LDAP_ARC DEFINITION_NOTHING
#define LDAP_SYNTAX(kind, definition) [KIND_##kind] = definition,
#define LDAP_ATTRIBUTE DEFINITION_NOTHING
#define LDAP_CLASS DEFINITION_NOTHING
#include "schema/ldap.def"
#undef LDAP_SYNTAX
#undef LDAP_ATTRIBUTE
#undef LDAP_CLASS
	[KIND_GROUPS] = NULL
};

static const struct definition_row definition_others[] = {
#define LDAP_SYNTAX DEFINITION_NOTHING
#define LDAP_ATTRIBUTE(number, identifier, definition) { number, identifier, definition },
#define LDAP_CLASS DEFINITION_NOTHING
#include "schema/ldap.def"
#undef LDAP_ATTRIBUTE
#undef LDAP_CLASS
	{ 0, NULL, NULL }
};

static const struct definition_row definition_classes[] = {
#define LDAP_ATTRIBUTE DEFINITION_NOTHING
#define LDAP_CLASS(number, identifier, definition) { number, identifier, definition },
#include "schema/ldap.def"
#undef LDAP_ARC
#undef LDAP_SYNTAX
#undef LDAP_ATTRIBUTE
#undef LDAP_CLASS
	{ 0, NULL, NULL }
};

/* The n-th field that has an attribute type of its own. */
static const struct field *
definition_field(size_t *n)
{
	const struct field *field;
	size_t i;

	for (i = 0; i < FIELD_N; i++) {
		field = field_get((enum field_id)i);
		if (field->oid != 0 && definition_syntaxes[field->kind] != NULL &&
		    (*n)-- == 0)
			return (field);
	}
	return (NULL);
}

static void
definition_head(struct buf *text, enum definition_arc arc, unsigned int oid,
    const char *name)
{
	buf_printf(text, "( %s.%d.%u NAME '%s' ", definition_oid, (int)arc, oid, name);
}

bool
definition_attribute(size_t n, struct buf *text)
{
	const struct definition_row *row;
	const struct field *field;

	field = definition_field(&n);
	if (field != NULL) {
		definition_head(text, DEFINITION_ATTRIBUTES, field->oid, field->ldap);
		buf_printf(text, "DESC '%s' %s )", field->help,
		    definition_syntaxes[field->kind]);
		return (true);
	}
	if (n + 1 >= sizeof(definition_others) / sizeof(definition_others[0]))
		return (false);
	row = &definition_others[n];
	definition_head(text, DEFINITION_ATTRIBUTES, row->oid, row->name);
	buf_printf(text, "%s )", row->text);
	return (true);
}

static void
definition_own_attributes(struct buf *text)
{
	const struct field *field;
	size_t i, n;

	for (i = 0; n = i, (field = definition_field(&n)) != NULL; i++)
		buf_printf(text, "%s%s", i > 0 ? " $ " : "", field->ldap);
}

bool
definition_class(size_t n, struct buf *text)
{
	const struct definition_row *row;

	if (n + 1 >= sizeof(definition_classes) / sizeof(definition_classes[0]))
		return (false);
	row = &definition_classes[n];
	definition_head(text, DEFINITION_CLASSES, row->oid, row->name);
	buf_str(text, row->text);
	if (strcmp(row->name, "rollcallPerson") == 0)
		definition_own_attributes(text);
	buf_str(text, " ) )");
	return (true);
}
