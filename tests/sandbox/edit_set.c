/*
 * Setting members of an employee, an employment or a balance from JSON. Owns nothing.
 * The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/edit.h"

#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/find.h"

/* What is being set. */
struct setting {
	struct tenant	*tenant;
	struct employee	*employee;
	const char	*key;
	json_t		*value;
	int64_t		 now;
	struct err	*err;
};

static int
wrong(const struct setting *s, const char *wanted)
{
	return (err_set(s->err, ERR_USAGE, "%s: expected %s", s->key, wanted));
}

static int
text_set(const struct setting *s, const char **place)
{
	if (!json_is_string(s->value) && !json_is_null(s->value))
		return (wrong(s, "a text or null"));
	employee_text_set(place, json_string_value(s->value));
	return (0);
}

static int
number_set(const struct setting *s, const char **place)
{
	char *text;

	if (!json_is_number(s->value) && !json_is_null(s->value))
		return (wrong(s, "a number or null"));
	text = json_is_null(s->value) ? NULL : json_dumps(s->value, JSON_ENCODE_ANY);
	employee_text_set(place, text);
	mem_free(&text);
	return (0);
}

static int
day_set(const struct setting *s, day_number *day)
{
	if (json_is_null(s->value)) {
		*day = DAY_NONE;
		return (0);
	}
	if (!json_is_string(s->value) || !day_parse(json_string_value(s->value), day))
		return (wrong(s, "a date or null"));
	return (0);
}

static int
instant_set(const struct setting *s, int64_t *instant)
{
	*instant = 0;
	if (json_is_null(s->value) ||
	    (json_is_string(s->value) &&
		clock_parse(json_string_value(s->value), instant)))
		return (0);
	return (wrong(s, "an instant or null"));
}

static int
status_set(struct setting *s)
{
	s->employee->status_at = s->now;
	return (text_set(s, &s->employee->text[TEXT_employment_status]));
}

static int
remote_id_set(struct setting *s)
{
	if (!json_is_string(s->value))
		return (wrong(s, "a text"));
	return (text_set(s, &s->employee->remote_id));
}

static int
hours_set(struct setting *s)
{
	return (number_set(s, &s->employee->weekly_hours));
}

static int
iban_set(struct setting *s)
{
	return (text_set(s, &s->employee->iban));
}

static int
birth_set(struct setting *s)
{
	return (day_set(s, &s->employee->birth));
}

static int
start_set(struct setting *s)
{
	return (day_set(s, &s->employee->start));
}

static int
end_set(struct setting *s)
{
	return (day_set(s, &s->employee->end));
}

static int
created_at_set(struct setting *s)
{
	return (instant_set(s, &s->employee->created_at));
}

static int
home_set(struct setting *s)
{
	const char *key;
	json_t *part;
	size_t member;

	if (!json_is_object(s->value) && !json_is_null(s->value))
		return (wrong(s, "an address or null"));
	s->employee->has_home = json_is_object(s->value);
	for (member = 0; member < ADDRESS_MEMBERS; member++)
		employee_text_set(&s->employee->home.part[member], NULL);
	json_object_foreach(s->value, key, part) {
		member = kind_member(KIND_ADDRESS, key);
		if (member < ADDRESS_MEMBERS)
			employee_text_set(&s->employee->home.part[member],
			    json_string_value(part));
	}
	return (0);
}

static int
custom_set(struct setting *s)
{
	char *text;

	if (!json_is_object(s->value) && !json_is_null(s->value))
		return (wrong(s, "an object or null"));
	text = json_dumps(s->value, JSON_ENCODE_ANY | JSON_COMPACT);
	employee_text_set(&s->employee->custom_fields, text);
	mem_free(&text);
	return (0);
}

static int
manager_set(struct setting *s)
{
	struct employee *employee = s->employee;
	uint32_t index;

	index = EMPLOYEE_NONE;
	if (json_is_null(s->value))
		employee_text_set(&employee->lost_manager, NULL);
	else if (json_is_string(json_object_get(s->value, "lost")))
		employee_text_set(&employee->lost_manager,
		    json_string_value(json_object_get(s->value, "lost")));
	else if (find_person(s->tenant, s->value, &index, s->err) != 0)
		return (err_context(s->err, "%s", s->key));
	employee->manager = index;
	return (0);
}

static int
unit_set(struct setting *s, enum kind_id kind, uint32_t *place, const char **lost)
{
	const char *remote_id;
	uint32_t found;

	found = EMPLOYEE_NONE;
	remote_id = json_string_value(json_object_get(s->value, "lost"));
	if (remote_id == NULL && !json_is_null(s->value) &&
	    find_unit(s->tenant, kind, s->value, &found, s->err) != 0)
		return (err_context(s->err, "%s", s->key));
	*place = found;
	if (lost != NULL)
		employee_text_set(lost, remote_id);
	return (0);
}

static int
location_set(struct setting *s)
{
	return (unit_set(s, KIND_LOCATION, &s->employee->location,
	    &s->employee->lost_location));
}

static int
entity_set(struct setting *s)
{
	return (unit_set(s, KIND_ENTITY, &s->employee->entity, NULL));
}

/* Memberships: the record's own fields stay as they are, an entry comes or goes. */
static int
groups_set(struct setting *s)
{
	uint32_t groups[EMPLOYEE_GROUPS];
	size_t count, i;

	count = json_array_size(s->value);
	if (!json_is_array(s->value) || count > EMPLOYEE_GROUPS)
		return (wrong(s, "a list of at most 8 groups"));
	for (i = 0; i < count; i++)
		if (find_unit(s->tenant, KIND_GROUP, json_array_get(s->value, i),
			&groups[i], s->err) != 0)
			return (err_context(s->err, "%s", s->key));
	memcpy(s->employee->groups, groups, count * sizeof(groups[0]));
	s->employee->group_count = count;
	s->employee->linked_at = s->now;
	return (0);
}

static const struct {
	const char	*key;
	int		(*set)(struct setting *s);
} setters[] = {
	{ "employment_status", status_set },
	{ "remote_id", remote_id_set },
	{ "weekly_hours", hours_set },
	{ "iban", iban_set },
	{ "date_of_birth", birth_set },
	{ "start_date", start_set },
	{ "termination_date", end_set },
	{ "remote_created_at", created_at_set },
	{ "home_address", home_set },
	{ "custom_fields", custom_set },
	{ "manager_id", manager_set },
	{ "work_location_id", location_set },
	{ "legal_entity_id", entity_set },
	{ "groups", groups_set },
};

static int
member_set(struct setting *s)
{
	enum employee_text text;
	size_t i;

	for (i = 0; i < sizeof(setters) / sizeof(setters[0]); i++)
		if (strcmp(setters[i].key, s->key) == 0)
			return (setters[i].set(s));
	text = kind_text(s->key);
	if (text == TEXT_N)
		return (err_set(s->err, ERR_USAGE, "%s cannot be set", s->key));
	return (text_set(s, &s->employee->text[text]));
}

int
edit_set(struct tenant *tenant, uint32_t index, const char *key, json_t *value,
    int64_t now, struct err *err)
{
	struct setting s = { .tenant = tenant, .key = key, .value = value, .now = now,
	    .err = err };
	bool linked;

	s.employee = tenant_edit(tenant, index);
	if (member_set(&s) != 0)
		return (-1);
	linked = strcmp(key, "groups") == 0;
	if (!linked)
		s.employee->changed_at = now;
	edit_done(tenant, linked ? TENANT_NEWS_JOIN : TENANT_NEWS(KIND_EMPLOYEE), now);
	return (0);
}

static int
contract_member_set(const struct setting *s, struct contract *contract)
{
	if (strcmp(s->key, "remote_id") == 0)
		return (text_set(s, &contract->remote_id));
	if (strcmp(s->key, "job_title") == 0)
		return (text_set(s, &contract->job_title));
	if (strcmp(s->key, "employment_type") == 0)
		return (text_set(s, &contract->type));
	if (strcmp(s->key, "pay_rate") == 0)
		return (number_set(s, &contract->pay_rate));
	if (strcmp(s->key, "pay_period") == 0)
		return (text_set(s, &contract->pay_period));
	if (strcmp(s->key, "pay_frequency") == 0)
		return (text_set(s, &contract->pay_frequency));
	if (strcmp(s->key, "pay_currency") == 0)
		return (text_set(s, &contract->currency));
	if (strcmp(s->key, "effective_date") == 0)
		return (day_set(s, &contract->effective));
	if (strcmp(s->key, "remote_deleted_at") != 0)
		return (err_set(s->err, ERR_USAGE, "%s cannot be set", s->key));
	contract->deleted_at = json_is_true(s->value) ? s->now : 0;
	return (0);
}

int
edit_contract(struct tenant *tenant, uint32_t index, int place, json_t *set,
    int64_t now, struct err *err)
{
	struct setting s = { .tenant = tenant, .now = now, .err = err };
	struct employee *employee;
	struct contract *contract;

	employee = tenant_edit(tenant, index);
	if (place < -1 || place >= (int)employee->contract_count ||
	    (place == -1 && employee->contract_count == EMPLOYEE_CONTRACTS))
		return (err_set(err, ERR_NOT_FOUND,
		    "there is no employment at that place"));
	if (place == -1) {
		place = (int)employee->contract_count++;
		employee->contracts[place].effective = DAY_NONE;
		employee->linked_at = now;
	}
	contract = &employee->contracts[place];
	contract->changed_at = now;
	edit_done(tenant, TENANT_NEWS(KIND_EMPLOYMENT), now);
	json_object_foreach(set, s.key, s.value)
		if (contract_member_set(&s, contract) != 0)
			return (-1);
	return (0);
}

static int
balance_member_set(const struct setting *s, struct balance *balance)
{
	if (strcmp(s->key, "balance") == 0)
		return (number_set(s, &balance->balance));
	if (strcmp(s->key, "used") == 0)
		return (number_set(s, &balance->used));
	if (strcmp(s->key, "remote_deleted_at") != 0)
		return (err_set(s->err, ERR_USAGE, "%s cannot be set", s->key));
	balance->deleted_at = json_is_true(s->value) ? s->now : 0;
	return (0);
}

int
edit_balance(struct tenant *tenant, uint32_t index, json_t *set, int64_t now,
    struct err *err)
{
	struct setting s = { .tenant = tenant, .now = now, .err = err };
	struct employee *employee;
	struct balance *balance;

	employee = tenant_edit(tenant, index);
	balance = &employee->balances[0];
	if (employee->balance_count == 0) {
		employee->balance_count = 1;
		employee->linked_at = now;
		balance->remote_id = mem_printf("B%s", employee->remote_id);
		balance->unit = mem_dup("DAYS");
	}
	balance->changed_at = now;
	edit_done(tenant, TENANT_NEWS(KIND_BALANCE), now);
	json_object_foreach(set, s.key, s.value)
		if (balance_member_set(&s, balance) != 0)
			return (-1);
	return (0);
}
