/*
 * track.h and edit.h: what each change updates (kombo/api.md §2.4).
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/edit.h"
#include "tests/sandbox/track.h"

#define PEOPLE	60

struct world {
	struct tenant	*tenant;
	int64_t		 now;
};

static int
world_open(void **state)
{
	struct tenant_conf conf = { .id = "sandbox:test", .key = "k", .people = PEOPLE,
	    .seed = 5, .today = 20777 };
	struct world *world;

	world = calloc(1, sizeof(*world));
	world->tenant = tenant_open(&conf);
	world->now = world->tenant->people.epoch + 12 * CLOCK_HOUR;
	*state = world;
	return (0);
}

static int
world_close(void **state)
{
	struct world *world = *state;

	tenant_close(&world->tenant);
	free(world);
	nation_close();
	return (0);
}

static struct employee
person(struct world *world, uint32_t index)
{
	static struct tenant_room room;

	return (*tenant_person(world->tenant, index, &room));
}

static int64_t
updated_at(struct world *world, uint32_t index)
{
	struct employee employee;
	struct sight sight;

	employee = person(world, index);
	sight = track_employee(world->tenant, &employee, world->now);
	return (track_updated(world->tenant, &employee, &sight, world->now));
}

/* Ids of the people updated after `since`, as bits. */
static uint64_t
updated(struct world *world, int64_t since)
{
	uint64_t set;
	uint32_t index;

	set = 0;
	for (index = 0; index < world->tenant->count; index++) {
		if (updated_at(world, index) <= since)
			continue;
		/*
		 * The short cut may say so when it is not, never the other way round.
		 */
		assert_row(index, track_may(world->tenant, index, since));
		set |= UINT64_C(1) << index;
	}
	return (set);
}

/* People who meet a condition, as bits. */
static uint64_t
people_with(struct world *world, bool (*meets)(const struct employee *employee))
{
	struct employee employee;
	uint64_t set;
	uint32_t index;

	set = 0;
	for (index = 0; index < world->tenant->count; index++) {
		employee = person(world, index);
		if (meets(&employee) && !track_employee(world->tenant, &employee,
		    world->now).anonymous)
			set |= UINT64_C(1) << index;
	}
	return (set);
}

static bool
managed_by_first(const struct employee *employee)
{
	return (employee->manager == 0);
}

static bool
at_first_entity(const struct employee *employee)
{
	return (employee->entity == 0);
}

static bool
at_first_location(const struct employee *employee)
{
	return (employee->location == 0);
}

static bool
in_first_group(const struct employee *employee)
{
	size_t i;

	for (i = 0; i < employee->group_count; i++)
		if (employee->groups[i] == 0)
			return (true);
	return (false);
}

static void
nothing_is_updated_by_itself(void **state)
{
	struct world *world = *state;

	assert_true(updated(world, world->tenant->people.epoch) == 0);
	assert_true(updated(world, world->tenant->people.epoch - CLOCK_DAY * 3000) ==
	    (UINT64_C(1) << PEOPLE) - 1);
}

static void
own_fields_update_the_reports_too(void **state)
{
	struct world *world = *state;
	int64_t before;
	json_t *title;

	before = person(world, 1).changed_at;
	title = json_string("Queen");
	assert_int_equal(edit_set(world->tenant, 0, "job_title", title, world->now,
			     NULL),
	    0);
	json_decref(title);
	assert_true(updated(world, world->now - 1) ==
	    (people_with(world, managed_by_first) | 1));
	assert_true(person(world, 0).changed_at == world->now);
	assert_true(person(world, 1).changed_at == before);
}

static void
places_update_who_is_there(void **state)
{
	struct world *world = *state;
	struct org *org = &world->tenant->org;

	org->entities.list[0].changed_at = world->now;
	edit_done(world->tenant, TENANT_NEWS(KIND_ENTITY), world->now);
	assert_true(
	    updated(world, world->now - 1) == people_with(world, at_first_entity));
	world->now += CLOCK_SECOND;
	org->locations.list[0].changed_at = world->now;
	edit_done(world->tenant, TENANT_NEWS(KIND_LOCATION), world->now);
	assert_true(
	    updated(world, world->now - 1) == people_with(world, at_first_location));
}

static void
groups_update_nobody_until_they_are_deleted(void **state)
{
	struct world *world = *state;
	struct unit *group = &world->tenant->org.groups.list[0];

	assert_true(people_with(world, in_first_group) != 0);
	group->changed_at = world->now;
	edit_done(world->tenant, TENANT_NEWS(KIND_GROUP), world->now);
	assert_true(updated(world, world->now - 1) == 0);
	group->deleted_at = world->now;
	edit_swept(world->tenant, TENANT_NEWS(KIND_GROUP), world->now);
	assert_true(
	    updated(world, world->now - 1) == people_with(world, in_first_group));
}

static void
entries_update_the_person_alone(void **state)
{
	static const char *const calls[] = { "groups", "contract", "balance" };
	struct world *world = *state;
	int64_t before;
	json_t *value;
	size_t i;

	before = person(world, 40).changed_at;
	for (i = 0; i < ROWS(calls); i++) {
		world->now += CLOCK_SECOND;
		value = i == 0 ? json_array() : json_object();
		assert_row(i,
		    (i == 0 ? edit_set(world->tenant, 40, "groups", value, world->now,
				  NULL) :
			    i == 1 ? edit_contract(world->tenant, 40, -1, value,
					 world->now, NULL) :
				     edit_balance(world->tenant, 40, value, world->now,
					 NULL)) == 0);
		json_decref(value);
		assert_row(i, updated(world, world->now - 1) == UINT64_C(1) << 40);
		assert_row(i, person(world, 40).changed_at == before);
	}
}

static void
who_was_never_seen_is_never_deleted(void **state)
{
	struct world *world = *state;
	struct employee *hired;
	struct sight sight;

	world->tenant->limited_since[LIMIT_INACTIVE] = TENANT_ALWAYS;
	hired = edit_hire(world->tenant, world->now);
	world->now += CLOCK_SECOND;
	edit_status(world->tenant, hired->index, "INACTIVE", world->now);
	sight = track_employee(world->tenant, hired, world->now);
	assert_true(sight.exists && sight.deleted_at == world->now);
	hired->first_at = hired->status_at;
	assert_false(track_employee(world->tenant, hired, world->now).exists);
	world->tenant->limited_since[LIMIT_INACTIVE] = 0;
	sight = track_employee(world->tenant, hired, world->now);
	assert_true(sight.exists && sight.deleted_at == 0);
}

static void
deleted_records_age(void **state)
{
	static const struct {
		enum anonymise	mode;
		int64_t		after;
		bool		exists, anonymous, bumped;
	} rows[] = {
		{ ANONYMISE_QUIET, 13 * CLOCK_DAY, true, false, false },
		{ ANONYMISE_QUIET, 14 * CLOCK_DAY, true, true, false },
		{ ANONYMISE_BUMP, 13 * CLOCK_DAY, true, false, false },
		{ ANONYMISE_BUMP, 14 * CLOCK_DAY, true, true, true },
		{ ANONYMISE_REMOVE, 13 * CLOCK_DAY, true, false, false },
		{ ANONYMISE_REMOVE, 14 * CLOCK_DAY, false, false, false },
		{ ANONYMISE_OFF, 99 * CLOCK_DAY, true, false, false },
	};
	struct world *world = *state;
	struct employee employee;
	struct sight sight;
	size_t i;

	edit_delete(world->tenant, 40, world->now);
	employee = person(world, 40);
	for (i = 0; i < ROWS(rows); i++) {
		world->tenant->anonymise = rows[i].mode;
		sight = track_employee(world->tenant, &employee,
		    world->now + rows[i].after);
		assert_row(i, sight.exists == rows[i].exists);
		assert_row(i, sight.anonymous == rows[i].anonymous);
		assert_row(i, (sight.changed_at > world->now) == rows[i].bumped);
		assert_row(i, sight.deleted_at == world->now);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_updated_by_itself),
		TEST(own_fields_update_the_reports_too),
		TEST(places_update_who_is_there),
		TEST(groups_update_nobody_until_they_are_deleted),
		TEST(entries_update_the_person_alone),
		TEST(who_was_never_seen_is_never_deleted),
		TEST(deleted_records_age),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
