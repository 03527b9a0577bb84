/*
 * The table of fields made from schema/fields.def.
 */
#ifndef ROLLCALL_BASE_FIELDS_H
#define ROLLCALL_BASE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum field_id {
#define FIELD(ID, name, kombo, kind, flags, ldap, oid, scim, purpose, help) FIELD_##ID,
#include "schema/fields.def"
#undef FIELD
	FIELD_N
};

/*
 * What a field's value is. Values are UTF-8 texts in the store, NULL for none:
 *   STRING, TYPE      the text
 *   EMAIL             lower case
 *   PHONE             as the HR system writes it
 *   DATE              2026-11-20
 *   STATUS            Kombo's employment_status as received
 *   ADDRESS, PLACE    base/place.h; PLACE is taken from a work location and has a name
 *   ENTITY            name of a legal entity; the record holds its Kombo id
 *   GROUP             name of the primary group of a type; the record holds group ids
 *   PERSON            Kombo id of another employee of the same source
 *   GROUPS            no value of its own: memberships
 */
enum field_kind {
	KIND_STRING,
	KIND_EMAIL,
	KIND_PHONE,
	KIND_DATE,
	KIND_STATUS,
	KIND_TYPE,
	KIND_ADDRESS,
	KIND_PLACE,
	KIND_ENTITY,
	KIND_PERSON,
	KIND_GROUP,
	KIND_GROUPS
};

enum field_flags {
	FIELD_CORE = 1,
	FIELD_OPTIONAL = 2,
	FIELD_FIXED = 4,
	FIELD_KEEP = 8,
	FIELD_LIVE = 16
};

/* How updates of a field are handled (semantics 3.2). */
enum field_mode { MODE_CONTINUOUS, MODE_IMPORT_ONCE, MODE_LOCAL, MODE_OFF, MODE_N };

struct field {
	const char	*name;
	const char	*kombo;
	enum field_kind	 kind;
	unsigned int	 flags;		/* enum field_flags */
	const char	*ldap;
	unsigned int	 oid;
	const char	*scim;
	const char	*purpose;
	const char	*help;
};

const struct field *field_get(enum field_id id);

/* FIELD_N when no field has that name. */
enum field_id field_find(const char *name);

/* The name a user may have meant ("phone", "position" …; promises C13, C14), or NULL. */
const char *field_suggest(const char *name);

const char *field_mode_name(enum field_mode mode);
/* MODE_N when there is no such mode. */
enum field_mode field_mode_find(const char *name);

/* True when configuration may give the field this mode (rulings F12, promises P15). */
bool	field_allows(enum field_id id, enum field_mode mode);

#endif
