/*
 * Owns nothing. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/filter.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "tests/sandbox/render.h"

static bool
id_allowed(const struct tenant *tenant, const struct query_words *words,
    const char *key)
{
	char id[TENANT_ID_SIZE];

	if (!words->given || key == NULL)
		return (!words->given);
	tenant_kombo_id(tenant, key, id);
	return (query_allows(words, id));
}

static bool
mail_allowed(const struct query_words *words, const char *mail)
{
	size_t i;

	if (!words->given)
		return (true);
	for (i = 0; mail != NULL && i < words->count; i++)
		if (strcasecmp(words->list[i], mail) == 0)
			return (true);
	return (false);
}

static bool
groups_allowed(const struct tenant *tenant, const struct query_words *words,
    const struct employee *employee)
{
	const struct unit *unit;
	size_t i;

	if (!words->given)
		return (true);
	for (i = 0; i < employee->group_count; i++) {
		unit = &tenant->org.groups.list[employee->groups[i]];
		if (unit->deleted_at == 0 && id_allowed(tenant, words, unit->key))
			return (true);
	}
	return (false);
}

static const char *
unit_key(const struct units *units, uint32_t place)
{
	return (place == EMPLOYEE_NONE ? NULL : units->list[place].key);
}

/*
 * Numbers are equal whether they are written 1 or 1.0; null is also what is not there.
 */
static bool
custom_allowed(const struct query *query, const struct employee *employee)
{
	json_t *fields, *one, *wanted;
	void *at;
	bool same;

	if (query->custom == NULL)
		return (true);
	at = json_object_iter(query->custom);
	wanted = json_object_iter_value(at);
	fields = json_loads(employee->custom_fields, JSON_DECODE_ANY, NULL);
	one = json_object_get(fields, json_object_iter_key(at));
	if (one == NULL || json_is_null(one))
		same = json_is_null(wanted);
	else if (json_is_number(one) && json_is_number(wanted))
		same = json_number_value(one) == json_number_value(wanted);
	else
		same = json_equal(one, wanted) != 0;
	json_decref(fields);
	return (same);
}

bool
filter_employee(const struct tenant *tenant, const struct query *query,
    const struct employee *employee)
{
	const struct query_words *lists = query->lists;

	return (id_allowed(tenant, &lists[QUERY_IDS], employee->remote_id) &&
	    query_allows(&lists[QUERY_REMOTE_IDS], employee->remote_id) &&
	    query_allows(&lists[QUERY_STATUSES],
		employee->text[TEXT_employment_status]) &&
	    mail_allowed(&lists[QUERY_WORK_EMAILS], employee->text[TEXT_work_email]) &&
	    mail_allowed(&lists[QUERY_PERSONAL_EMAILS],
		employee->text[TEXT_personal_email]) &&
	    id_allowed(tenant, &lists[QUERY_ENTITY_IDS],
		unit_key(&tenant->org.entities, employee->entity)) &&
	    id_allowed(tenant, &lists[QUERY_LOCATION_IDS],
		employee->lost_location != NULL ?
		    employee->lost_location :
		    unit_key(&tenant->org.locations, employee->location)) &&
	    groups_allowed(tenant, &lists[QUERY_GROUP_IDS], employee) &&
	    custom_allowed(query, employee));
}

bool
filter_contract(const struct tenant *tenant, const struct query *query,
    const struct employee *employee, const struct contract *contract)
{
	char key[RENDER_KEY_SIZE];

	return (id_allowed(tenant, &query->lists[QUERY_IDS],
	    render_contract_key(employee, contract, key)) &&
	    query_allows(&query->lists[QUERY_REMOTE_IDS], contract->remote_id));
}

static bool
name_allowed(const struct query *query, const char *name)
{
	struct arena *arena;
	bool found;

	if (query->name_contains == NULL)
		return (true);
	if (name == NULL)
		return (false);
	arena = arena_open();
	name = text_fold(arena, name);
	found = name != NULL && strstr(name, query->name_contains) != NULL;
	arena_close(&arena);
	return (found);
}

bool
filter_unit(const struct tenant *tenant, const struct query *query,
    const struct unit *unit)
{
	return (id_allowed(tenant, &query->lists[QUERY_IDS], unit->key) &&
	    query_allows(&query->lists[QUERY_REMOTE_IDS], unit->remote_id) &&
	    query_allows(&query->lists[QUERY_TYPES],
	    unit->type != NULL ? unit->type : "null") &&
	    name_allowed(query, unit->name));
}

bool
filter_anonymous(const struct tenant *tenant, const struct query *query,
    const char *key)
{
	size_t i;

	for (i = 0; i < QUERY_LISTS; i++)
		if (i != QUERY_IDS && query->lists[i].given)
			return (false);
	return (query->name_contains == NULL && query->custom == NULL &&
	    id_allowed(tenant, &query->lists[QUERY_IDS], key));
}
