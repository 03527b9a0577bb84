/*
 * Employments and time-off balances as JSON. Owns nothing; a scene belongs to its
 * answer. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/render.h"

#include <stdio.h>

#include "tests/sandbox/emit.h"
#include "tests/sandbox/paint.h"

/* Which open word of a person it is, for paint_word. */
#define WORD(record, member) ((uint64_t)(record)->employee->index * 100 + (member))

const char *
render_contract_key(const struct employee *employee, const struct contract *contract,
    char key[RENDER_KEY_SIZE])
{
	if (contract->remote_id != NULL)
		return (contract->remote_id);
	(void)snprintf(key, RENDER_KEY_SIZE, "%s/%d", employee->remote_id,
	    (int)(contract - employee->contracts));
	return (key);
}

static void
employee_id_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	paint_id(scene, record->employee->remote_id);
}

static void
contract_remote_id_paint(struct scene *scene, const struct record *record,
    size_t member)
{
	(void)member;
	emit_text(scene->out, record->contract->remote_id);
}

static void
contract_title_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->contract->job_title);
}

static void
contract_rate_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_number(scene->out, record->contract->pay_rate);
}

static void
contract_period_paint(struct scene *scene, const struct record *record, size_t member)
{
	paint_word(scene, record->contract->pay_period, WORD(record, member));
}

static void
contract_frequency_paint(struct scene *scene, const struct record *record,
    size_t member)
{
	paint_word(scene, record->contract->pay_frequency, WORD(record, member));
}

static void
contract_type_paint(struct scene *scene, const struct record *record, size_t member)
{
	paint_word(scene, record->contract->type, WORD(record, member));
}

static void
contract_currency_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->contract->currency);
}

static void
contract_effective_paint(struct scene *scene, const struct record *record,
    size_t member)
{
	(void)member;
	emit_day(scene->out, record->contract->effective);
}

static void
contract_remote_data_paint(struct scene *scene, const struct record *record,
    size_t member)
{
	(void)member;
	paint_remote_data(scene, "/contracts", record->contract->remote_id);
}

static painter *const contract_painters[EMPLOYMENT_MEMBERS] = {
	[EMPLOYMENT_id] = paint_record_id,
	[EMPLOYMENT_remote_id] = contract_remote_id_paint,
	[EMPLOYMENT_employee_id] = employee_id_paint,
	[EMPLOYMENT_job_title] = contract_title_paint,
	[EMPLOYMENT_pay_rate] = contract_rate_paint,
	[EMPLOYMENT_pay_period] = contract_period_paint,
	[EMPLOYMENT_pay_frequency] = contract_frequency_paint,
	[EMPLOYMENT_employment_type] = contract_type_paint,
	[EMPLOYMENT_pay_currency] = contract_currency_paint,
	[EMPLOYMENT_effective_date] = contract_effective_paint,
	[EMPLOYMENT_changed_at] = paint_changed_at,
	[EMPLOYMENT_remote_deleted_at] = paint_deleted_at,
	[EMPLOYMENT_remote_data] = contract_remote_data_paint,
	[EMPLOYMENT_custom_fields] = paint_empty_object,
	[EMPLOYMENT_integration_fields] = paint_empty_list,
};

void
render_contract(struct scene *scene, const struct employee *employee,
    const struct contract *contract, const struct sight *sight)
{
	struct record record = { .sight = sight,
		.employee = employee,
		.contract = contract };
	char id[TENANT_ID_SIZE], key[RENDER_KEY_SIZE];

	tenant_kombo_id(scene->tenant, render_contract_key(employee, contract, key),
	    id);
	record.id = id;
	paint_object(scene, KIND_EMPLOYMENT, contract_painters, &record,
	    paint_outline(scene, KIND_EMPLOYMENT, &record,
		scene->shape->present[KIND_EMPLOYMENT]));
}

void
paint_contracts(struct scene *scene, const struct record *record, size_t member)
{
	const struct employee *employee = record->employee;
	struct sight sight;
	size_t i;

	(void)member;
	emit_lit(scene->out, "[");
	for (i = 0; i < employee->contract_count; i++) {
		sight = track_contract(scene->tenant, record->sight,
		    &employee->contracts[i], scene->now);
		if (sight.deleted_at != 0 && scene->shape->hide_nested)
			continue;
		render_contract(scene, employee, &employee->contracts[i], &sight);
		emit_lit(scene->out, ",");
	}
	emit_close(scene->out, ']');
}

static void
balance_remote_id_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->balance->remote_id);
}

static void
balance_type_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)record;
	(void)member;
	paint_id(scene, "absence-type-vacation");
}

static void
balance_number_paint(struct scene *scene, const struct record *record, size_t member)
{
	emit_number(scene->out, member == BALANCE_balance ? record->balance->balance :
	    record->balance->used);
}

static void
balance_unit_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->balance->unit);
}

static painter *const balance_painters[BALANCE_MEMBERS] = {
	[BALANCE_id] = paint_record_id,
	[BALANCE_remote_id] = balance_remote_id_paint,
	[BALANCE_employee_id] = employee_id_paint,
	[BALANCE_type_id] = balance_type_paint,
	[BALANCE_balance] = balance_number_paint,
	[BALANCE_balance_unit] = balance_unit_paint,
	[BALANCE_changed_at] = paint_changed_at,
	[BALANCE_remote_deleted_at] = paint_deleted_at,
	[BALANCE_used] = balance_number_paint,
	[BALANCE_used_unit] = balance_unit_paint,
	[BALANCE_remote_data] = paint_null,
};

void
paint_balances(struct scene *scene, const struct record *record, size_t member)
{
	const struct balance *balance;
	struct record part = *record;
	struct sight sight = { .exists = true };
	char id[TENANT_ID_SIZE];
	size_t i;

	(void)member;
	emit_lit(scene->out, "[");
	for (i = 0; i < record->employee->balance_count; i++) {
		balance = &record->employee->balances[i];
		sight.changed_at = balance->changed_at;
		sight.deleted_at = balance->deleted_at;
		tenant_kombo_id(scene->tenant, balance->remote_id, id);
		part.balance = balance;
		part.sight = &sight;
		part.id = id;
		paint_object(scene, KIND_BALANCE, balance_painters, &part,
		    paint_outline(scene, KIND_BALANCE, &part,
			scene->shape->present[KIND_BALANCE]));
		emit_lit(scene->out, ",");
	}
	emit_close(scene->out, ']');
}
