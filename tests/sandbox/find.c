/*
 * Owns nothing. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/find.h"

#include <string.h>
#include <strings.h>

enum find_by { BY_ID, BY_REMOTE_ID, BY_NUMBER, BY_MAIL, BY_N };

static const char *const by_names[BY_N] = {
	[BY_ID] = "id",
	[BY_REMOTE_ID] = "remote_id",
	[BY_NUMBER] = "employee_number",
	[BY_MAIL] = "work_email",
};

static bool
person_is(const struct tenant *tenant, const struct employee *employee, enum find_by by,
    const char *text)
{
	char id[TENANT_ID_SIZE];
	const char *value;

	switch (by) {
	case BY_ID:
		tenant_kombo_id(tenant, employee->remote_id, id);
		return (strcmp(id, text) == 0);
	case BY_REMOTE_ID:
		return (strcmp(employee->remote_id, text) == 0);
	case BY_NUMBER:
		value = employee->text[TEXT_employee_number];
		return (value != NULL && strcmp(value, text) == 0);
	case BY_MAIL:
		value = employee->text[TEXT_work_email];
		return (value != NULL && strcasecmp(value, text) == 0);
	case BY_N:
		break;
	}
	return (false);
}

static bool
person_by(const struct tenant *tenant, enum find_by by, const char *text,
    uint32_t *index)
{
	const struct employee *employee;
	struct tenant_room room;

	for (*index = 0; *index < tenant->count; ++*index) {
		employee = tenant_person(tenant, *index, &room);
		if (person_is(tenant, employee, by, text))
			return (true);
	}
	return (false);
}

static int
nobody(struct err *err)
{
	return (err_set(err, ERR_NOT_FOUND, "there is no such person"));
}

static int
person_by_number(const struct tenant *tenant, json_int_t number, uint32_t *index,
    struct err *err)
{
	if (number < 0 || number >= (json_int_t)tenant->count)
		return (nobody(err));
	*index = (uint32_t)number;
	return (0);
}

int
find_person(const struct tenant *tenant, const json_t *who, uint32_t *index,
    struct err *err)
{
	const char *text;
	size_t by;

	if (json_is_integer(who))
		return (person_by_number(tenant, json_integer_value(who), index, err));
	if (json_is_integer(json_object_get(who, "index")))
		return (person_by_number(tenant,
		    json_integer_value(json_object_get(who, "index")), index, err));
	for (by = 0; by < BY_N; by++) {
		text = json_is_string(who) ? json_string_value(who) :
		    json_string_value(json_object_get(who, by_names[by]));
		if (text != NULL && person_by(tenant, (enum find_by)by, text, index))
			return (0);
	}
	return (nobody(err));
}

struct units *
find_units(struct tenant *tenant, enum kind_id kind)
{
	return (kind == KIND_GROUP ? &tenant->org.groups :
	    kind == KIND_ENTITY ? &tenant->org.entities : &tenant->org.locations);
}

int
find_unit(struct tenant *tenant, enum kind_id kind, const json_t *which,
    uint32_t *place, struct err *err)
{
	const struct units *units;
	char id[TENANT_ID_SIZE];
	const char *text;
	size_t i;

	units = find_units(tenant, kind);
	i = units->count;
	if (json_is_integer(which) && json_integer_value(which) >= 0)
		i = (size_t)json_integer_value(which);
	text = json_string_value(which);
	if (text != NULL) {
		for (i = 0; i < units->count; i++) {
			tenant_kombo_id(tenant, units->list[i].key, id);
			if (strcmp(id, text) == 0)
				break;
		}
		if (i == units->count)
			i = units_find(units, text);
	}
	if (i >= units->count)
		return (err_set(err, ERR_NOT_FOUND,
		    "there is no such record among the %s", kind_get(kind)->path));
	*place = (uint32_t)i;
	return (0);
}
