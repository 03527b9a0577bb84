/*
 * Owns nothing. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/edit.h"

#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/people.h"

#define NEWS_EMPLOYEE TENANT_NEWS(KIND_EMPLOYEE)

void
edit_done(struct tenant *tenant, unsigned int news, int64_t now)
{
	tenant->changed_at = now;
	tenant->version++;
	tenant->news |= news;
}

void
edit_swept(struct tenant *tenant, unsigned int news, int64_t now)
{
	tenant->swept_at = now;
	edit_done(tenant, news, now);
}

static day_number
day_of(int64_t instant)
{
	return ((day_number)(instant / CLOCK_DAY));
}

struct employee *
edit_hire(struct tenant *tenant, int64_t now)
{
	struct employee *employee;
	struct tenant_room room;
	size_t i;

	people_make(&tenant->people, tenant->count, &room.pad, &room.employee);
	employee = tenant_add(tenant, &room.employee, NULL);
	employee->start = day_of(now);
	employee->changed_at = employee->created_at = now;
	employee->status_at = employee->first_at = now;
	for (i = 0; i < employee->contract_count; i++) {
		employee->contracts[i].effective = employee->start;
		employee->contracts[i].changed_at = now;
	}
	for (i = 0; i < employee->balance_count; i++)
		employee->balances[i].changed_at = now;
	edit_done(tenant,
	    NEWS_EMPLOYEE | TENANT_NEWS(KIND_EMPLOYMENT) | TENANT_NEWS_JOIN, now);
	return (employee);
}

void
edit_status(struct tenant *tenant, uint32_t index, const char *status, int64_t now)
{
	struct employee *employee;

	employee = tenant_edit(tenant, index);
	employee_text_set(&employee->text[TEXT_employment_status], status);
	employee->status_at = employee->changed_at = now;
	edit_done(tenant, NEWS_EMPLOYEE, now);
}

void
edit_leave(struct tenant *tenant, uint32_t index, day_number day, int64_t now)
{
	struct employee *employee;

	employee = tenant_edit(tenant, index);
	employee->end = day;
	employee->changed_at = now;
	edit_done(tenant, NEWS_EMPLOYEE, now);
	if (day < day_of(now))
		edit_status(tenant, index, "INACTIVE", now);
}

void
edit_delete(struct tenant *tenant, uint32_t index, int64_t now)
{
	struct employee *employee;

	employee = tenant_edit(tenant, index);
	employee->deleted_at = employee->changed_at = now;
	edit_done(tenant, NEWS_EMPLOYEE | TENANT_NEWS(KIND_EMPLOYMENT), now);
}

/* The employments come back with the person, so they change as well. */
void
edit_undelete(struct tenant *tenant, uint32_t index, int64_t now)
{
	struct employee *employee;
	size_t i;

	employee = tenant_edit(tenant, index);
	employee->deleted_at = 0;
	employee->changed_at = now;
	for (i = 0; i < employee->contract_count; i++) {
		employee->contracts[i].deleted_at = 0;
		employee->contracts[i].changed_at = now;
	}
	for (i = 0; i < employee->balance_count; i++)
		employee->balances[i].deleted_at = 0;
	edit_done(tenant, NEWS_EMPLOYEE | TENANT_NEWS(KIND_EMPLOYMENT), now);
}

struct employee *
edit_recreate(struct tenant *tenant, uint32_t index, const char *remote_id, int64_t now)
{
	const struct employee *old;
	struct employee *employee;
	struct tenant_room room;
	size_t i;

	old = tenant_person(tenant, index, &room);
	employee = tenant_add(tenant, old, remote_id);
	employee->deleted_at = 0;
	employee->changed_at = employee->linked_at = now;
	employee->created_at = employee->status_at = employee->first_at = now;
	employee->poison = POISON_NONE;
	/* Kombo makes the ids of these from the new remote id. */
	for (i = 0; i < employee->contract_count; i++) {
		mem_free(&employee->contracts[i].remote_id);
		employee->contracts[i].changed_at = now;
		employee->contracts[i].deleted_at = 0;
	}
	employee->balance_count = 0;
	edit_delete(tenant, index, now);
	return (employee);
}

static const char *
status_settled(const struct employee *employee, day_number today)
{
	const char *status;

	status = employee->text[TEXT_employment_status];
	if (status == NULL)
		return (NULL);
	if (employee->end != DAY_NONE && employee->end < today &&
	    strcmp(status, "INACTIVE") != 0)
		return ("INACTIVE");
	if (strcmp(status, "PENDING") == 0 && employee->start != DAY_NONE &&
	    employee->start <= today)
		return ("ACTIVE");
	return (NULL);
}

uint32_t
edit_settle(struct tenant *tenant, day_number today, int64_t now)
{
	const struct employee *employee;
	struct tenant_room room;
	const char *status;
	uint32_t changed, index;

	changed = 0;
	for (index = 0; index < tenant->count; index++) {
		employee = tenant_person(tenant, index, &room);
		status = employee->deleted_at != 0 ? NULL :
						     status_settled(employee, today);
		if (status == NULL)
			continue;
		edit_status(tenant, index, status, now);
		changed++;
	}
	return (changed);
}
