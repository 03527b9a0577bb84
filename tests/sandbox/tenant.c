/*
 * Owns one integration each: the people changed so far, and the units. The sandbox's
 * lock covers them.
 */
#include "config.h"

#include "tests/sandbox/tenant.h"

#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"
#include "tests/sandbox/people.h"

#define TENANT_FEW	4	/* people to a nation, at least */
#define TENANT_FIRST_REMOTE 70000000	/* remote ids of people hired or re-created */

static const struct life_row life_rows[LIFE_N] = {
#define LIFE(id, status, setup, qa, reads, http, code, message) \
	[LIFE_##id] = { #id, status, setup, qa, READS_##reads, http, code, message },
#include "tests/sandbox/life.def"
#undef LIFE
};

static const char *const reads_names[READS_N] = {
	[READS_DATA] = "data",
	[READS_ERROR] = "error",
	[READS_EMPTY] = "empty",
};

static const char *const anonymise_names[ANONYMISE_N] = {
	[ANONYMISE_OFF] = "off",
	[ANONYMISE_QUIET] = "quiet",
	[ANONYMISE_BUMP] = "bump",
	[ANONYMISE_REMOVE] = "remove",
};

const struct life_row *
life_row(enum life life)
{
	return (&life_rows[life]);
}

enum life
life_find(const char *name)
{
	size_t i;

	for (i = 0; i < LIFE_N; i++)
		if (strcmp(life_rows[i].name, name) == 0)
			break;
	return ((enum life)i);
}

static size_t
name_find(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			break;
	return (i);
}

const char *
reads_name(enum reads reads)
{
	return (reads_names[reads]);
}

enum reads
reads_find(const char *name)
{
	return ((enum reads)name_find(reads_names, READS_N, name));
}

const char *
anonymise_name(enum anonymise mode)
{
	return (anonymise_names[mode]);
}

enum anonymise
anonymise_find(const char *name)
{
	return ((enum anonymise)name_find(anonymise_names, ANONYMISE_N, name));
}

/* "ACME France" gives "acme-france.example". */
static char *
domain_of(const char *name)
{
	struct arena *arena;
	char *copy, *p, *domain;

	arena = arena_open();
	copy = arena_dup(arena, name);
	for (p = copy; *p != '\0'; p++)
		if (*p == ' ' || *p == '.')
			*p = '-';
	copy = arena_dup(arena, text_ascii(arena, copy));
	for (p = copy; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
	domain = mem_printf("%s.example", *copy != '\0' ? copy : "company");
	arena_close(&arena);
	return (domain);
}

static void
people_plan(struct people *people, const struct tenant_conf *conf)
{
	uint32_t few, i;

	people->seed = conf->seed;
	people->count = conf->people;
	people->today = conf->today;
	people->epoch = (int64_t)conf->today * CLOCK_DAY;
	few = conf->people / TENANT_FEW + 1;
	people->nation_count = conf->nation_count > 0 ? conf->nation_count : NATION_N;
	if (people->nation_count > few)
		people->nation_count = few;
	for (i = 0; i < people->nation_count; i++)
		people->nations[i] = conf->nation_count > 0 ? conf->nations[i] :
		    nation_get((enum nation_id)i);
}

static void
tenant_set_id(struct tenant *tenant, const char *id)
{
	employee_text_set((const char **)&tenant->id, id);
	mem_free(&tenant->slug);
	tenant->slug = mem_dup_len(id, strcspn(id, ":"));
	tenant->tool = tool_of(tenant->id);
	tenant->id_seed = hash64_text(tenant->id);
	tenant->generation = tenant->id_seed;
}

struct tenant *
tenant_open(const struct tenant_conf *conf)
{
	struct tenant *tenant;

	tenant = mem_alloc(sizeof(*tenant));
	tenant_set_id(tenant, conf->id);
	tenant->key = mem_dup(conf->key);
	tenant->name = conf->name != NULL ? mem_dup(conf->name) :
	    mem_printf("%s Demo", tenant->tool->label);
	tenant->origin = mem_dup(conf->origin);
	tenant->domain = conf->domain != NULL ? mem_dup(conf->domain) :
	    domain_of(tenant->name);
	tenant->organization = mem_dup_len(tenant->name, strcspn(tenant->name, " "));
	people_plan(&tenant->people, conf);
	tenant->people.domain = tenant->domain;
	tenant->people.organization = tenant->organization;
	tenant->count = conf->people;
	tenant->next_remote = TENANT_FIRST_REMOTE;
	org_plan(&tenant->people, (tenant->tool->flags & TOOL_NO_CENTERS) == 0);
	org_open(&tenant->org, &tenant->people);
	scope_open(&tenant->scope, tenant->tool);
	shape_settle(&tenant->shape);
	tenant->created_at = tenant->people.epoch - 100 * CLOCK_DAY;
	tenant->limited_since[LIMIT_PENDING] = conf->limited[LIMIT_PENDING] ?
	    TENANT_ALWAYS :
	    0;
	tenant->limited_since[LIMIT_INACTIVE] = conf->limited[LIMIT_INACTIVE] ?
	    TENANT_ALWAYS :
	    0;
	tenant->anonymise = ANONYMISE_QUIET;
	tenant->version = 1;
	return (tenant);
}

void
tenant_close(struct tenant **tenant)
{
	struct employee *employee;
	struct tenant *t = *tenant;
	uint64_t key, value;
	size_t at;

	if (t == NULL)
		return;
	for (at = 0; map_next(&t->edits, &at, &key, &value);) {
		employee = (struct employee *)(uintptr_t)value;
		employee_close(&employee);
	}
	map_close(&t->edits);
	org_close(&t->org);
	mem_free(&t->id);
	mem_free(&t->slug);
	mem_free(&t->key);
	mem_free(&t->name);
	mem_free(&t->origin);
	mem_free(&t->sync_state);
	mem_free(&t->domain);
	mem_free(&t->organization);
	mem_free(tenant);
}

struct employee *
tenant_edited(const struct tenant *tenant, uint32_t index)
{
	uint64_t value;

	if (!map_get(&tenant->edits, index, &value))
		return (NULL);
	return ((struct employee *)(uintptr_t)value);
}

const struct employee *
tenant_person(const struct tenant *tenant, uint32_t index, struct tenant_room *room)
{
	const struct employee *edited;
	const char **status;

	edited = tenant_edited(tenant, index);
	if (edited != NULL)
		return (edited);
	people_make(&tenant->people, index, &room->pad, &room->employee);
	status = &room->employee.text[TEXT_employment_status];
	if ((tenant->tool->flags & TOOL_ONLY_ACTIVE) != 0 && *status != NULL &&
	    strcmp(*status, "PENDING") == 0)
		*status = "INACTIVE";
	return (&room->employee);
}

static struct employee *
tenant_keep(struct tenant *tenant, uint32_t index, struct employee *employee)
{
	map_set(&tenant->edits, index, (uint64_t)(uintptr_t)employee);
	return (employee);
}

struct employee *
tenant_edit(struct tenant *tenant, uint32_t index)
{
	struct employee *employee;
	struct tenant_room room;

	employee = tenant_edited(tenant, index);
	if (employee == NULL)
		employee = tenant_keep(tenant, index,
		    employee_dup(tenant_person(tenant, index, &room)));
	return (employee);
}

struct employee *
tenant_add(struct tenant *tenant, const struct employee *from, const char *remote_id)
{
	struct employee *employee;

	employee = employee_dup(from);
	employee->index = tenant->count++;
	mem_free(&employee->remote_id);
	employee->remote_id = remote_id != NULL ? mem_dup(remote_id) :
	    mem_printf("%u", tenant->next_remote++);
	return (tenant_keep(tenant, employee->index, employee));
}

void
tenant_kombo_id(const struct tenant *tenant, const char *key, char id[TENANT_ID_SIZE])
{
	static const char digits[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint64_t state;
	size_t i, len;

	len = strlen(key);
	state = hash64_seed(key, len, tenant->id_seed);
	for (i = 0; i < TENANT_ID_SIZE - 1; i++) {
		if (i == (TENANT_ID_SIZE - 1) / 2)
			state = hash64_seed(key, len, ~tenant->id_seed);
		id[i] = digits[(state >> 32) * (sizeof(digits) - 1) >> 32];
		state = state * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
	}
	id[i] = '\0';
}

void
tenant_rename(struct tenant *tenant, const char *id)
{
	tenant_set_id(tenant, id);
	tenant_renew(tenant);
}

void
tenant_renew(struct tenant *tenant)
{
	tenant->generation = tenant->generation * UINT64_C(0x9e3779b97f4a7c15) + 1;
	tenant->version++;
}

void
tenant_reorder(struct tenant *tenant)
{
	const struct shape *shape = &tenant->shape;
	const struct org *org = &tenant->org;

	tenant->domains[KIND_EMPLOYEE] = shape_domain(shape, tenant->count);
	tenant->domains[KIND_EMPLOYMENT] = tenant->domains[KIND_EMPLOYEE];
	tenant->domains[KIND_GROUP] = shape_domain(shape, (uint32_t)org->groups.count);
	tenant->domains[KIND_ENTITY] = shape_domain(shape,
	    (uint32_t)org->entities.count);
	tenant->domains[KIND_LOCATION] = shape_domain(shape,
	    (uint32_t)org->locations.count);
	tenant_renew(tenant);
}
