/*
 * Owns the table made from schema/fields.def; immutable.
 */
#include "config.h"

#include "base/fields.h"

#include <string.h>

#include "base/text.h"

static const struct field fields[FIELD_N] = {
#define FIELD(ID, column, from, type, bits, attributes, number, paths, why, text)	\
	[FIELD_##ID] = { .name = #column, .kombo = from, .kind = KIND_##type,		\
	    .flags = bits, .ldap = attributes, .oid = number, .scim = paths,		\
	    .purpose = why, .help = text },
#include "schema/fields.def"
#undef FIELD
};

static const char *const field_modes[MODE_N] = {
	[MODE_CONTINUOUS] = "continuous",
	[MODE_IMPORT_ONCE] = "import-once",
	[MODE_LOCAL] = "local",
	[MODE_OFF] = "off",
};

/* Words people use for a field that has another name here. */
static const struct {
	const char	*word;
	enum field_id	 id;
} field_aliases[] = {
	{ "phone", FIELD_MOBILE_PHONE },
	{ "mobile", FIELD_MOBILE_PHONE },
	{ "personal_phone", FIELD_MOBILE_PHONE },
	{ "mobile_phone_number", FIELD_MOBILE_PHONE },
	{ "postal_address", FIELD_HOME_ADDRESS },
	{ "personal_address", FIELD_HOME_ADDRESS },
	{ "address", FIELD_HOME_ADDRESS },
	{ "position", FIELD_JOB_TITLE },
	{ "title", FIELD_JOB_TITLE },
	{ "role", FIELD_JOB_TITLE },
	{ "email", FIELD_WORK_EMAIL },
	{ "mail", FIELD_WORK_EMAIL },
	{ "status", FIELD_EMPLOYMENT_STATUS },
	{ "contract_type", FIELD_EMPLOYMENT_TYPE },
	{ "type", FIELD_EMPLOYMENT_TYPE },
	{ "end_date", FIELD_TERMINATION_DATE },
	{ "hire_date", FIELD_START_DATE },
	{ "leave_date", FIELD_TERMINATION_DATE },
	{ "company", FIELD_LEGAL_ENTITY },
	{ "entity", FIELD_LEGAL_ENTITY },
	{ "location", FIELD_WORK_LOCATION },
	{ "office", FIELD_WORK_LOCATION },
	{ "surname", FIELD_LAST_NAME },
	{ "given_name", FIELD_FIRST_NAME },
	{ "family_name", FIELD_LAST_NAME },
	{ "display_full_name", FIELD_DISPLAY_NAME },
	{ "teams", FIELD_TEAM },
	{ "group", FIELD_GROUPS },
	{ "cost_centre", FIELD_COST_CENTER },
};

const struct field *
field_get(enum field_id id)
{
	return (&fields[id]);
}

enum field_id
field_find(const char *name)
{
	size_t i;

	for (i = 0; i < FIELD_N; i++)
		if (strcmp(fields[i].name, name) == 0)
			return ((enum field_id)i);
	return (FIELD_N);
}

const char *
field_suggest(const char *name)
{
	const char *best;
	unsigned int distance, nearest;
	size_t i;

	for (i = 0; i < sizeof(field_aliases) / sizeof(field_aliases[0]); i++)
		if (strcmp(field_aliases[i].word, name) == 0)
			return (fields[field_aliases[i].id].name);
	best = NULL;
	nearest = 4;
	for (i = 0; i < FIELD_N; i++) {
		distance = text_distance(name, fields[i].name);
		if (distance < nearest) {
			nearest = distance;
			best = fields[i].name;
		}
	}
	return (best);
}

const char *
field_mode_name(enum field_mode mode)
{
	return (field_modes[mode]);
}

enum field_mode
field_mode_find(const char *name)
{
	size_t i;

	for (i = 0; i < MODE_N; i++)
		if (strcmp(field_modes[i], name) == 0)
			return ((enum field_mode)i);
	return (MODE_N);
}

bool
field_allows(enum field_id id, enum field_mode mode)
{
	if ((fields[id].flags & FIELD_FIXED) != 0)
		return (mode == MODE_CONTINUOUS);
	if ((fields[id].flags & FIELD_CORE) != 0)
		return (mode == MODE_CONTINUOUS || mode == MODE_IMPORT_ONCE);
	return (mode != MODE_N);
}
