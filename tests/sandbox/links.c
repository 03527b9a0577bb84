/*
 * Owns nothing. Safe from any thread.
 */
#include "config.h"

#include "tests/sandbox/links.h"

#include <stdbool.h>

#include "base/clock.h"
#include "tests/sandbox/draw.h"
#include "tests/sandbox/employee.h"

static const struct {
	const char	*name;
	enum oddity	 leader;
	uint32_t	 every;
	bool		 steady;
} oddity_rows[ODDITY_N] = {
	[ODDITY_NONE] = { "", ODDITY_NONE, 1, true },
#define ODDITY(id, leader, every, steady, help) \
	[ODDITY_##id] = { #id, ODDITY_##leader, every, steady },
#include "tests/sandbox/oddity.def"
#undef ODDITY
};

const char *
oddity_name(enum oddity oddity)
{
	return (oddity_rows[oddity].name);
}

/*
 * Places of a run are mixed by multiplying with a number that has an inverse modulo 50.
 */
static uint32_t
run_multiplier(const struct people *people, uint32_t run)
{
	static const uint8_t units[] = { 1, 3, 7, 9, 11, 13, 17, 19, 21, 23, 27, 29, 31,
		33, 37, 39, 41, 43, 47, 49 };

	return (units[draw_below(people->seed, DRAW_SLOTS, run, sizeof(units))]);
}

static uint32_t
run_index(const struct people *people, uint32_t run, uint32_t place)
{
	uint32_t inverse, multiplier;

	multiplier = run_multiplier(people, run);
	for (inverse = 1; inverse * multiplier % LINKS_RUN != 1; inverse++)
		continue;
	return (run * LINKS_RUN + place * inverse % LINKS_RUN);
}

/* The other one of two that go together, or ODDITY_NONE. */
static enum oddity
oddity_partner(enum oddity oddity)
{
	if (oddity_rows[oddity].leader != oddity)
		return (oddity_rows[oddity].leader);
	if (oddity + 1 < ODDITY_N && oddity_rows[oddity + 1].leader == oddity)
		return ((enum oddity)(oddity + 1));
	return (ODDITY_NONE);
}

static enum oddity
oddity_of(const struct people *people, uint32_t index)
{
	uint32_t place, run;
	enum oddity leader, oddity, partner;

	if (people->count < LINKS_RUN || index >= people->count)
		return (ODDITY_NONE);
	run = index / LINKS_RUN;
	place = index % LINKS_RUN * run_multiplier(people, run) % LINKS_RUN;
	if (place >= ODDITY_N)
		return (ODDITY_NONE);
	oddity = (enum oddity)place;
	leader = oddity_rows[oddity].leader;
	if (run > 0 && draw_below(people->seed, DRAW_SHARE, (uint64_t)run * 64 + leader,
	    oddity_rows[leader].every) != 0)
		return (ODDITY_NONE);
	partner = oddity_partner(oddity);
	if (partner != ODDITY_NONE && run_index(people, run, partner) >= people->count)
		return (ODDITY_NONE);
	return (oddity);
}

/* The nearest one above who is there and will be. */
static uint32_t
manager_above(const struct people *people, uint32_t index)
{
	if (index == 0)
		return (EMPLOYEE_NONE);
	do {
		index = (index - 1) / LINKS_SPAN;
	} while (index > 0 && !oddity_rows[oddity_of(people, index)].steady);
	return (index);
}

static uint32_t
manager_of(const struct people *people, uint32_t index, enum oddity oddity)
{
	uint32_t left, run;

	run = index / LINKS_RUN;
	if (oddity == ODDITY_LOOP_ONE || oddity == ODDITY_LOOP_OTHER)
		return (run_index(people, run, oddity_partner(oddity)));
	if (oddity == ODDITY_SELF_MANAGED)
		return (index);
	if (oddity == ODDITY_LOST_MANAGER)
		return (EMPLOYEE_NONE);
	left = oddity == ODDITY_LEFT_MANAGER ? run_index(people, run, ODDITY_LEFT) :
	    people->count;
	return (left < people->count ? left : manager_above(people, index));
}

static uint32_t
location_of(const struct people *people, uint32_t index, uint32_t nation)
{
	if (people->odd_locations > 0 &&
	    draw_chance(people->seed, DRAW_GROUP, index, 3))
		return (people->locations +
		    draw_below(people->seed, DRAW_ORDER, index, people->odd_locations));
	return (nation * LINKS_LOCATIONS +
	    draw_below(people->seed, DRAW_PLACE, index, LINKS_LOCATIONS));
}

void
links_find(const struct people *people, uint32_t index, struct links *links)
{
	links->oddity = oddity_of(people, index);
	links->identity = index;
	if (links->oddity == ODDITY_RETURNED_NOW)
		links->identity = run_index(people, index / LINKS_RUN,
		    ODDITY_RETURNED_THEN);
	/*
	 * Of as many neighbours as there are nations each has another one, so that the
	 * rank of a person within the nation is known without counting.
	 */
	links->nation = (uint32_t)((links->identity +
				       draw(people->seed, DRAW_NATIONALITY,
					   links->identity / people->nation_count) %
					   people->nation_count) %
	    people->nation_count);
	links->entity = links->nation;
	links->location = location_of(people, index, links->nation);
	links->manager = manager_of(people, index, links->oddity);
	links->team = (index == 0 ? 0 : (index - 1) / LINKS_SPAN) % people->teams;
}

int64_t
links_changed_at(const struct people *people, uint32_t index)
{
	return (people->epoch - CLOCK_HOUR -
	    (int64_t)draw_below(people->seed, DRAW_CHANGED, index, 300 * 24 * 3600) *
		CLOCK_SECOND);
}
