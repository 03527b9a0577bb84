/*
 * Owns nothing; a scope belongs to its integration.
 */
#include "config.h"

#include "tests/sandbox/scope.h"

#include <string.h>

#include "base/mem.h"

#define BIT(member) (UINT64_C(1) << (member))

static const char *const coverage_names[SCOPE_COVERAGE_N] = {
	[SCOPE_SUPPORTED] = "SUPPORTED",
	[SCOPE_UNSUPPORTED] = "UNSUPPORTED",
	[SCOPE_NOT_IMPLEMENTED] = "NOT_IMPLEMENTED",
	[SCOPE_UNKNOWN] = "UNKNOWN",
};

static const char *const setting_names[SCOPE_SETTING_N] = {
	[SCOPE_ENABLED] = "ENABLED",
	[SCOPE_DISABLED] = "DISABLED",
	[SCOPE_OPTIONAL] = "OPTIONAL",
};

bool
scope_available(const struct scope_item *item)
{
	return (item->coverage == SCOPE_SUPPORTED && item->setting != SCOPE_DISABLED &&
	    !item->opted_out);
}

bool
scope_has(const struct scope *scope, enum kind_id kind, size_t member)
{
	return ((scope->off[kind] & BIT(member)) == 0);
}

/* Members that show what another member, or another model, refers to. */
static uint64_t
employee_off(const struct scope *scope, uint64_t off)
{
	static const struct {
		uint64_t	 of, also;
	} follow[] = {
		{ BIT(EMPLOYEE_manager_id), BIT(EMPLOYEE_manager) },
		{ BIT(EMPLOYEE_legal_entity_id), BIT(EMPLOYEE_legal_entity) },
		{ BIT(EMPLOYEE_work_location_id), BIT(EMPLOYEE_work_location) },
		{ BIT(EMPLOYEE_groups), BIT(EMPLOYEE_teams) },
	};
	size_t i;

	if (!scope_available(&scope->model[KIND_GROUP]))
		off |= BIT(EMPLOYEE_groups);
	if (!scope_available(&scope->model[KIND_ENTITY]))
		off |= BIT(EMPLOYEE_legal_entity_id);
	if (!scope_available(&scope->model[KIND_LOCATION]))
		off |= BIT(EMPLOYEE_work_location_id);
	if (!scope_available(&scope->model[KIND_EMPLOYMENT]))
		off |= BIT(EMPLOYEE_employments);
	if (!scope_available(&scope->model[KIND_BALANCE]))
		off |= BIT(EMPLOYEE_time_off_balances);
	for (i = 0; i < sizeof(follow) / sizeof(follow[0]); i++)
		if ((off & follow[i].of) != 0)
			off |= follow[i].also;
	return (off);
}

void
scope_settle(struct scope *scope)
{
	size_t i, kind, same;
	uint64_t off;

	for (kind = 0; kind < KIND_NAMED; kind++) {
		off = 0;
		for (i = 0; i < kind_get((enum kind_id)kind)->count; i++)
			if (!scope_available(&scope->member[kind][i]))
				off |= BIT(i);
		scope->off[kind] = off &
		    ~kind_members_with((enum kind_id)kind, KIND_CORE);
	}
	scope->off[KIND_EMPLOYEE] = employee_off(scope, scope->off[KIND_EMPLOYEE]);
	scope->off[KIND_MANAGER] = 0;
	for (i = 0; i < kind_get(KIND_MANAGER)->count; i++) {
		same = kind_member(KIND_EMPLOYEE,
		    kind_get(KIND_MANAGER)->members[i].key);
		if (!scope_has(scope, KIND_EMPLOYEE, same))
			scope->off[KIND_MANAGER] |= BIT(i);
	}
}

static void
lacks_apply(struct scope *scope, const char *lacks)
{
	char *copy, *key, *item, *rest;
	enum kind_id kind;
	size_t member;

	copy = rest = mem_dup(lacks);
	while ((item = strsep(&rest, " ")) != NULL) {
		key = item;
		kind = kind_find(strsep(&key, "."));
		if (kind == KIND_N || key == NULL)
			continue;
		member = kind_member(kind, key);
		if (member < kind_get(kind)->count)
			scope->member[kind][member].coverage = SCOPE_UNSUPPORTED;
	}
	mem_free(&copy);
}

void
scope_open(struct scope *scope, const struct tool *tool)
{
	memset(scope, 0, sizeof(*scope));
	lacks_apply(scope, tool->lacks);
	scope_settle(scope);
}

const char *
scope_coverage_name(enum scope_coverage coverage)
{
	return (coverage_names[coverage]);
}

const char *
scope_setting_name(enum scope_setting setting)
{
	return (setting_names[setting]);
}

enum scope_coverage
scope_coverage_find(const char *name)
{
	size_t i;

	for (i = 0; i < SCOPE_COVERAGE_N; i++)
		if (strcmp(coverage_names[i], name) == 0)
			break;
	return ((enum scope_coverage)i);
}

enum scope_setting
scope_setting_find(const char *name)
{
	size_t i;

	for (i = 0; i < SCOPE_SETTING_N; i++)
		if (strcmp(setting_names[i], name) == 0)
			break;
	return ((enum scope_setting)i);
}
