/*
 * Owns nothing. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/track.h"

#include <string.h>

#include "base/clock.h"

static int64_t
later(int64_t a, int64_t b)
{
	return (a > b ? a : b);
}

/* What time does to a deleted record. */
static void
sight_age(const struct tenant *tenant, struct sight *sight, int64_t now)
{
	int64_t limit;

	limit = sight->deleted_at + TENANT_ANONYMOUS_AFTER;
	if (sight->deleted_at == 0 || now < limit)
		return;
	switch (tenant->anonymise) {
	case ANONYMISE_OFF:
		break;
	case ANONYMISE_BUMP:
		sight->changed_at = later(sight->changed_at, limit);
		sight->anonymous = true;
		break;
	case ANONYMISE_QUIET:
		sight->anonymous = true;
		break;
	case ANONYMISE_REMOVE:
		sight->exists = false;
		break;
	case ANONYMISE_N:
		break;
	}
}

/* Since when the credentials hide people of this one's status; 0 for not. */
static int64_t
limit_since(const struct tenant *tenant, const struct employee *employee)
{
	const char *status;

	status = employee->text[TEXT_employment_status];
	if (status == NULL)
		return (0);
	if (strcmp(status, "PENDING") == 0)
		return (tenant->limited_since[LIMIT_PENDING]);
	if (strcmp(status, "INACTIVE") == 0)
		return (tenant->limited_since[LIMIT_INACTIVE]);
	return (0);
}

/*
 * Whom the credentials no longer show looks deleted to Kombo, from the moment on at
 * which the status or the credentials changed; whom they never showed was never there.
 */
static void
sight_limit(struct sight *sight, const struct employee *employee, int64_t since)
{
	int64_t gone;

	if (since == 0)
		return;
	gone = later(since, employee->status_at);
	if (gone <= employee->first_at) {
		sight->exists = false;
		return;
	}
	if (sight->deleted_at == 0 || gone < sight->deleted_at)
		sight->deleted_at = gone;
	sight->changed_at = later(sight->changed_at, gone);
}

struct sight
track_employee(const struct tenant *tenant, const struct employee *employee,
    int64_t now)
{
	struct sight sight = { .exists = true, .deleted_at = employee->deleted_at };

	sight.changed_at = later(employee->changed_at, tenant->touched[KIND_EMPLOYEE]);
	sight_limit(&sight, employee, limit_since(tenant, employee));
	sight_age(tenant, &sight, now);
	return (sight);
}

struct sight
track_contract(const struct tenant *tenant, const struct sight *employee,
    const struct contract *contract, int64_t now)
{
	struct sight sight = { .exists = employee->exists };

	sight.deleted_at = contract->deleted_at != 0 ? contract->deleted_at :
	    employee->deleted_at;
	sight.changed_at = later(later(contract->changed_at, sight.deleted_at),
	    tenant->touched[KIND_EMPLOYMENT]);
	sight_age(tenant, &sight, now);
	return (sight);
}

struct sight
track_unit(const struct tenant *tenant, enum kind_id kind, const struct unit *unit,
    int64_t now)
{
	struct sight sight = { .exists = true, .deleted_at = unit->deleted_at };

	sight.changed_at = later(unit->changed_at, tenant->touched[kind]);
	sight_age(tenant, &sight, now);
	return (sight);
}

static int64_t
entries_updated(const struct tenant *tenant, const struct employee *employee)
{
	int64_t at;
	size_t i;

	at = employee->linked_at;
	for (i = 0; i < employee->contract_count; i++)
		at = later(at, employee->contracts[i].changed_at);
	for (i = 0; i < employee->balance_count; i++)
		at = later(at, employee->balances[i].changed_at);
	/*
	 * A deleted group is an entry removed; any other change of a group is not ours.
	 */
	for (i = 0; i < employee->group_count; i++)
		at = later(at, tenant->org.groups.list[employee->groups[i]].deleted_at);
	return (at);
}

static int64_t
linked_updated(const struct tenant *tenant, const struct employee *employee,
    int64_t now)
{
	const struct employee *manager;
	struct tenant_room room;
	struct sight sight;
	int64_t at;

	at = 0;
	if (employee->entity != EMPLOYEE_NONE)
		at = track_unit(tenant, KIND_ENTITY,
		    &tenant->org.entities.list[employee->entity], now).changed_at;
	if (employee->location != EMPLOYEE_NONE)
		at = later(at, track_unit(tenant, KIND_LOCATION,
		    &tenant->org.locations.list[employee->location], now).changed_at);
	if (employee->manager == EMPLOYEE_NONE || employee->manager == employee->index)
		return (at);
	manager = tenant_person(tenant, employee->manager, &room);
	sight = track_employee(tenant, manager, now);
	return (sight.exists ? later(at, sight.changed_at) : at);
}

int64_t
track_updated(const struct tenant *tenant, const struct employee *employee,
    const struct sight *sight, int64_t now)
{
	/* Nothing that could be related is left of it. */
	if (sight->anonymous)
		return (sight->changed_at);
	return (later(sight->changed_at, later(entries_updated(tenant, employee),
	    linked_updated(tenant, employee, now))));
}

bool
track_may(const struct tenant *tenant, uint32_t index, int64_t since)
{
	const struct employee *manager;
	const struct org *org = &tenant->org;
	struct links links;

	if (since < tenant->people.epoch || since < tenant->swept_at ||
	    tenant->anonymise == ANONYMISE_BUMP)
		return (true);
	if (since >= tenant->changed_at)
		return (false);
	if (tenant_edited(tenant, index) != NULL)
		return (true);
	links_find(&tenant->people, index, &links);
	if (org->entities.list[links.entity].changed_at > since ||
	    org->locations.list[links.location].changed_at > since)
		return (true);
	if (links.manager == EMPLOYEE_NONE)
		return (false);
	manager = tenant_edited(tenant, links.manager);
	return (manager != NULL && manager->changed_at > since);
}
