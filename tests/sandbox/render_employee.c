/*
 * Employees as JSON. Owns nothing; a scene belongs to its answer. The sandbox's lock
 * covers the integration.
 */
#include "config.h"

#include "tests/sandbox/render.h"

#include "tests/sandbox/emit.h"
#include "tests/sandbox/paint.h"

#define DEEP_LEVELS	5000	/* beyond jansson's 2048 (kombo/api.md §10, 8) */

static const uint8_t employee_texts[EMPLOYEE_MEMBERS] = {
#define EMPLOYEE_TEXT(key, flags) [EMPLOYEE_##key] = TEXT_##key,
#include "tests/sandbox/kind.def"
};

static void
text_paint(struct scene *scene, const struct record *record, size_t member)
{
	emit_text(scene->out, record->employee->text[employee_texts[member]]);
}

static void
word_paint(struct scene *scene, const struct record *record, size_t member)
{
	paint_word(scene, record->employee->text[employee_texts[member]],
	    (uint64_t)record->employee->index * 100 + member);
}

static void
remote_id_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->employee->remote_id);
}

static void
hours_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_number(scene->out, record->employee->weekly_hours);
}

static void
location_id_paint(struct scene *scene, const struct record *record, size_t member)
{
	const struct employee *employee = record->employee;

	(void)member;
	paint_id(scene, employee->location == EMPLOYEE_NONE ? employee->lost_location :
	    scene->tenant->org.locations.list[employee->location].key);
}

static void
entity_id_paint(struct scene *scene, const struct record *record, size_t member)
{
	const struct employee *employee = record->employee;

	(void)member;
	paint_id(scene, employee->entity == EMPLOYEE_NONE ? NULL :
	    scene->tenant->org.entities.list[employee->entity].key);
}

static void
home_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	paint_address(scene,
	    record->employee->has_home ? &record->employee->home : NULL);
}

static void
bank_paint(struct scene *scene, const struct record *record, size_t member)
{
	const char *iban = record->employee->iban;

	(void)member;
	if (iban == NULL) {
		emit_null(scene->out);
		return;
	}
	emit_lit(scene->out, "[{\"iban\":");
	emit_text(scene->out, iban);
	emit_lit(scene->out, ",\"bic\":null,\"account_number\":null,\"holder_name\":");
	emit_text(scene->out, record->employee->text[TEXT_last_name]);
	emit_lit(scene->out,
	    ",\"bank_name\":\"Bank\",\"domestic_bank_routing\":null}]");
}

static void
day_paint(struct scene *scene, const struct record *record, size_t member)
{
	const struct employee *employee = record->employee;

	emit_day(scene->out, member == EMPLOYEE_date_of_birth ? employee->birth :
	    member == EMPLOYEE_start_date ? employee->start : employee->end);
}

static void
created_at_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_instant(scene->out, record->employee->created_at);
}

static void
deep_paint(struct buf *out)
{
	size_t i;

	for (i = 0; i < DEEP_LEVELS; i++)
		emit_lit(out, "[");
	for (i = 0; i < DEEP_LEVELS; i++)
		emit_lit(out, "]");
}

static void
poison_paint(struct buf *out, enum poison poison)
{
	static const char *const members[POISON_N] = {
		[POISON_BIG_INTEGER] = "\"poison\":123456789012345678901234567890",
		[POISON_HUGE_REAL] = "\"poison\":1e400",
		[POISON_NUL] = "\"poison\":\"before\\u0000after\"",
		[POISON_NUL_KEY] = "\"poi\\u0000son\":true",
		[POISON_SURROGATE] = "\"poison\":\"half \\ud83d pair\"",
		[POISON_DEEP] = "\"poison\":",
		[POISON_UTF8] = "\"poison\":\"caf\xe9 \xc3\x28\"",
	};

	emit_raw(out, members[poison], strlen(members[poison]));
	if (poison == POISON_DEEP)
		deep_paint(out);
}

static void
custom_fields_paint(struct scene *scene, const struct record *record, size_t member)
{
	const struct employee *employee = record->employee;

	(void)member;
	if (employee->poison == POISON_NONE || scene->truth) {
		emit_number(scene->out, employee->custom_fields);
		return;
	}
	emit_lit(scene->out, "{");
	poison_paint(scene->out, employee->poison);
	emit_lit(scene->out, ",\"ordinary\":");
	emit_number(scene->out, employee->custom_fields);
	emit_lit(scene->out, "}");
}

static void
integration_fields_paint(struct scene *scene, const struct record *record,
    size_t member)
{
	static const char *const sites[] = { "LYS-2", "BER-1", "HQ", "Dépôt" };

	(void)member;
	emit_lit(scene->out, "[{\"id\":");
	paint_id(scene, "integration-field-site");
	emit_lit(scene->out, ",\"key\":\"site\",\"type\":\"CUSTOM\",\"value\":");
	emit_text(scene->out, sites[record->employee->index % 4]);
	emit_lit(scene->out, ",\"label\":\"Site\"}]");
}

static void
remote_data_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	paint_remote_data(scene, "/employees", record->employee->remote_id);
}

static void
manager_id_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	if (record->employee->manager == EMPLOYEE_NONE)
		paint_id(scene, record->employee->lost_manager);
	else
		emit_raw(scene->out, scene->manager_id, sizeof(scene->manager_id));
}

static void
manager_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	if (record->employee->manager == EMPLOYEE_NONE || scene->manager_json.len == 0)
		emit_null(scene->out);
	else
		emit_raw(scene->out, scene->manager_json.data, scene->manager_json.len);
}

static void
manager_text_paint(struct scene *scene, const struct record *record, size_t member)
{
	static const uint8_t texts[MANAGER_MEMBERS] = {
		[MANAGER_first_name] = TEXT_first_name,
		[MANAGER_last_name] = TEXT_last_name,
		[MANAGER_display_full_name] = TEXT_display_full_name,
		[MANAGER_employee_number] = TEXT_employee_number,
		[MANAGER_work_email] = TEXT_work_email,
		[MANAGER_employment_status] = TEXT_employment_status,
	};

	emit_text(scene->out, record->employee->text[texts[member]]);
}

static void
manager_end_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_day(scene->out, record->employee->end);
}

static painter *const manager_painters[MANAGER_MEMBERS] = {
	[MANAGER_first_name] = manager_text_paint,
	[MANAGER_last_name] = manager_text_paint,
	[MANAGER_display_full_name] = manager_text_paint,
	[MANAGER_id] = paint_record_id,
	[MANAGER_employee_number] = manager_text_paint,
	[MANAGER_work_email] = manager_text_paint,
	[MANAGER_remote_id] = remote_id_paint,
	[MANAGER_employment_status] = manager_text_paint,
	[MANAGER_termination_date] = manager_end_paint,
};

/* Somebody whom Kombo never saw is an id that leads nowhere. */
static void
manager_load(struct scene *scene, uint32_t index)
{
	struct record record = { .id = scene->manager_id + 1 };
	struct buf *page = scene->out;
	struct sight sight;

	if (index == EMPLOYEE_NONE || index == scene->manager)
		return;
	scene->manager = index;
	scene->manager_json.len = 0;
	record.employee = tenant_person(scene->tenant, index, &scene->room);
	tenant_kombo_id(scene->tenant, record.employee->remote_id,
	    scene->manager_id + 1);
	sight = track_employee(scene->tenant, record.employee, scene->now);
	record.sight = &sight;
	if (sight.exists || scene->truth) {
		scene->out = &scene->manager_json;
		paint_object(scene, KIND_MANAGER, manager_painters, &record,
		    paint_outline(scene, KIND_MANAGER, &record,
			scene->shape->present[KIND_MANAGER]));
		scene->out = page;
	}
	scene->manager_id[0] = scene->manager_id[TENANT_ID_SIZE] = '"';
}

static void
groups_paint(struct scene *scene, const struct record *record, size_t member)
{
	const struct employee *employee = record->employee;
	struct unit *unit;
	size_t i;

	(void)member;
	emit_lit(scene->out, "[");
	for (i = 0; i < employee->group_count; i++) {
		unit = &scene->tenant->org.groups.list[employee->groups[i]];
		if (unit->deleted_at != 0)
			continue;
		paint_unit_copy(scene, KIND_GROUP, unit);
		emit_lit(scene->out, ",");
	}
	emit_close(scene->out, ']');
}

static void
entity_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	if (record->employee->entity == EMPLOYEE_NONE)
		emit_null(scene->out);
	else
		paint_unit_copy(scene, KIND_ENTITY,
		    &scene->tenant->org.entities.list[record->employee->entity]);
}

static void
location_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	if (record->employee->location == EMPLOYEE_NONE)
		emit_null(scene->out);
	else
		paint_unit_copy(scene, KIND_LOCATION,
		    &scene->tenant->org.locations.list[record->employee->location]);
}

static painter *const employee_painters[EMPLOYEE_MEMBERS] = {
#define EMPLOYEE_TEXT(key, flags) \
	[EMPLOYEE_##key] = ((flags) & KIND_OPEN) != 0 ? word_paint : text_paint,
#define OPTIONAL KIND_OPTIONAL
#define OPEN KIND_OPEN
#include "tests/sandbox/kind.def"
#undef OPTIONAL
#undef OPEN
	[EMPLOYEE_id] = paint_record_id,
	[EMPLOYEE_remote_id] = remote_id_paint,
	[EMPLOYEE_weekly_hours] = hours_paint,
	[EMPLOYEE_work_location_id] = location_id_paint,
	[EMPLOYEE_legal_entity_id] = entity_id_paint,
	[EMPLOYEE_manager_id] = manager_id_paint,
	[EMPLOYEE_home_address] = home_paint,
	[EMPLOYEE_bank_accounts] = bank_paint,
	[EMPLOYEE_date_of_birth] = day_paint,
	[EMPLOYEE_start_date] = day_paint,
	[EMPLOYEE_termination_date] = day_paint,
	[EMPLOYEE_remote_created_at] = created_at_paint,
	[EMPLOYEE_changed_at] = paint_changed_at,
	[EMPLOYEE_remote_deleted_at] = paint_deleted_at,
	[EMPLOYEE_custom_fields] = custom_fields_paint,
	[EMPLOYEE_integration_fields] = integration_fields_paint,
	[EMPLOYEE_remote_data] = remote_data_paint,
	[EMPLOYEE_employments] = paint_contracts,
	[EMPLOYEE_time_off_balances] = paint_balances,
	[EMPLOYEE_manager] = manager_paint,
	[EMPLOYEE_groups] = groups_paint,
	[EMPLOYEE_legal_entity] = entity_paint,
	[EMPLOYEE_teams] = groups_paint,
	[EMPLOYEE_work_location] = location_paint,
};

void
render_employee(struct scene *scene, const struct employee *employee,
    const struct sight *sight)
{
	struct record record = { .sight = sight, .employee = employee };
	char id[TENANT_ID_SIZE];

	tenant_kombo_id(scene->tenant, employee->remote_id, id);
	record.id = id;
	manager_load(scene, employee->manager);
	paint_object(scene, KIND_EMPLOYEE, employee_painters, &record,
	    paint_outline(scene, KIND_EMPLOYEE, &record,
		scene->shape->present[KIND_EMPLOYEE]));
}
