/*
 * What the doctor reads from the values that came: filters that match nothing, and rights that
 * the connection lacks.
 */
#include "config.h"

#include "sync/request/doctor_inside.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "rules/employment.h"

#define DOCTOR_FEW		10		/* so few people tell nothing by what is missing */

static void
doctor_know(struct doctor_values *values, enum scope_key key, const char *text)
{
	if (text != NULL)
		map_set(&values->known[key], hash64_text(text), 1);
}

static void
doctor_found_unit(void *context, const struct unit *unit)
{
	struct doctor_values *values = context;
	enum scope_key key;

	if (unit->gone)
		return;
	key = unit->model == UNIT_ENTITY ? SCOPE_ENTITY : unit->model == UNIT_LOCATION ?
	    SCOPE_LOCATION : SCOPE_GROUP;
	doctor_know(values, key, unit->kombo);
	if (unit->name != NULL)
		doctor_know(values, key, text_fold(values->arena, unit->name));
}

static bool
doctor_day(const char *value, day_number *day)
{
	return (value != NULL && day_parse(value, day));
}

static void
doctor_found_person(struct doctor_values *values, const struct employee *employee)
{
	const char *status = employee->value[FIELD_EMPLOYMENT_STATUS], *type;
	day_number day, next;

	values->people++;
	if (doctor_day(employee->value[FIELD_START_DATE], &day) && day > values->today)
		values->coming++;
	if ((status != NULL && strcmp(status, "INACTIVE") == 0) ||
	    (doctor_day(employee->value[FIELD_TERMINATION_DATE], &day) && day < values->today))
		values->left++;
	doctor_know(values, SCOPE_NUMBER, employee->value[FIELD_EMPLOYEE_NUMBER]);
	type = employee->value[FIELD_EMPLOYMENT_TYPE];
	if (type == NULL && employee->employments != NULL)
		type = employment_type_on(values->arena, employee->employments, values->today,
		    &next);
	if (type != NULL)
		doctor_know(values, SCOPE_TYPE, text_fold(values->arena, type));
}

int
doctor_gather(struct doctor_values *values, const struct fetched *fetched, struct err *err)
{
	struct employee employee;
	struct stage_ref ref;
	int result;

	if (stage_units(fetched->stage, doctor_found_unit, values, err) < 0 ||
	    stage_walk(fetched->stage, err) < 0)
		return (-1);
	while ((result = stage_next(fetched->stage, &ref, err)) > 0) {
		arena_reset(values->arena);
		if (stage_get(fetched->stage, ref.row, values->arena, &employee, err) < 0)
			return (-1);
		if (!employee.gone)
			doctor_found_person(values, &employee);
	}
	return (result);
}

int
doctor_filters(struct doctor *doctor, const struct conf_source *source,
    struct doctor_values *values)
{
	static const struct {
		enum conf_key	key;
		enum scope_key	kind;
	} keys[] = {
		{ CONF_IN_ENTITY, SCOPE_ENTITY }, { CONF_IN_TYPE, SCOPE_TYPE },
		{ CONF_IN_GROUP, SCOPE_GROUP }, { CONF_IN_LOCATION, SCOPE_LOCATION },
		{ CONF_EX_ENTITY, SCOPE_ENTITY }, { CONF_EX_TYPE, SCOPE_TYPE },
		{ CONF_EX_GROUP, SCOPE_GROUP }, { CONF_EX_LOCATION, SCOPE_LOCATION },
		{ CONF_HIDE_ENTITY, SCOPE_ENTITY }, { CONF_HIDE_TYPE, SCOPE_TYPE },
		{ CONF_HIDE_MEMBERS, SCOPE_GROUP }, { CONF_HIDE_LOCATION, SCOPE_LOCATION },
		{ CONF_HIDE_NUMBER, SCOPE_NUMBER },
	};
	const struct conf_item *item;
	const struct conf_list *list;
	bool csv = conf_provider(source) == CONF_FROM_CSV;
	json_int_t before = doctor->warnings;
	uint64_t value;
	size_t i, j;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		list = conf_list(&source->set, keys[i].key);
		for (j = 0; j < list->count; j++) {
			item = &list->items[j];
			if (map_get(&values->known[keys[i].kind], hash64_text(item->text), &value) ||
			    map_get(&values->known[keys[i].kind], hash64_text(text_fold(values->arena,
			    item->text)), &value))
				continue;
			if (doctor_say(doctor, DOCTOR_WARNING, "filter",
			    (struct doctor_place){ item->file, item->line },
			    arena_printf(doctor->request->arena, "[%s] %s = %s matches nothing %s "
			    "(W104)", conf_row(keys[i].key)->section,
			    conf_row(keys[i].key)->key, item->text,
			    csv ? "in the file" : "at Kombo"), csv ?
			    "write the name as the file has it" :
			    "write the name as the HR system has it, or its Kombo id") < 0)
				return (-1);
		}
	}
	return (doctor->warnings > before ? 0 : doctor_say(doctor, DOCTOR_WELL, "filter", doctor_nowhere,
	    "every value that a filter names is there", NULL));
}

/* ---- rights of the connection ------------------------------------------------------------------------ */

static const char *
doctor_rights(const struct conf_source *source, const char *right)
{
	const char *integration = conf_text(&source->set, CONF_INTEGRATION);

	if (integration != NULL && strncmp(integration, "lucca:", 6) == 0)
		return (right);
	return ("the connection sees what the account that authorised it may see: check that "
	    "account's rights in the HR system");
}

int
doctor_people(struct doctor *doctor, const struct conf_source *source,
    const struct doctor_values *values)
{
	struct arena *arena = doctor->request->arena;
	/* A file is no connection that could lack a right. */
	bool few = values->people < DOCTOR_FEW || conf_provider(source) == CONF_FROM_CSV;

	if (doctor_say(doctor, values->coming > 0 || few ? DOCTOR_WELL : DOCTOR_WARNING,
	    "onboardings", doctor_nowhere, arena_printf(arena, "%" PRId64 " of %" PRId64 " people have a "
	    "first day that lies ahead", values->coming, values->people),
	    values->coming > 0 || few ? NULL : doctor_rights(source,
	    "in Lucca, give the API key the permission \"view future employees\"")) < 0)
		return (-1);
	return (doctor_say(doctor, values->left > 0 || few ? DOCTOR_WELL : DOCTOR_WARNING,
	    "offboardings", doctor_nowhere, arena_printf(arena, "%" PRId64 " of %" PRId64 " people have "
	    "left%s", values->left, values->people, values->left > 0 || few ? "" :
	    ": leavers may vanish instead of ending"),
	    values->left > 0 || few ? NULL : doctor_rights(source,
	    "in Lucca, give the API key the permission \"view departed employees\"")));
}
