/*
 * Owns nothing. Pure. The table below is the one place for names, texts and settings of the
 * classes.
 */
#include "config.h"

#include "rules/gate.h"

#include <stddef.h>
#include <string.h>

#define NO_LIMIT CONF_N

static const struct {
	const char	*name;
	enum conf_key	 key;
	const char	*text;
	const char	*advice;
} classes[GATE_N] = {
	[GATE_REMOVALS] = { "removals", CONF_GATE_REMOVALS,
	    "people who would leave without an end date that was known before",
	    "have they left? If they vanished: filter and permissions on Kombo's side" },
	[GATE_OUT_OF_FILTER] = { "out_of_filter", CONF_GATE_OUT,
	    "people who would be outside the filters, hidden, or wait again",
	    "were [include], [exclude], [hide] or release edited, or units renamed?" },
	[GATE_CREATIONS] = { "creations", CONF_GATE_CREATIONS,
	    "people who would be new",
	    "was a filter widened, here or on Kombo's side?" },
	[GATE_OVERWRITES] = { "overwrites", CONF_GATE_OVERWRITES,
	    "values set by hand that would be replaced",
	    "a field became continuous: the HR system's value counts from now on" },
	[GATE_NULLS] = { "nulls", CONF_GATE_NULLS,
	    "values of one field that would be emptied",
	    "field switched off in the Kombo scope config?" },
	[GATE_MEMBERS] = { "members", CONF_GATE_MEMBERS,
	    "members whom a group would lose",
	    "was the group deleted or emptied in the HR system?" },
	[GATE_MANAGERS] = { "managers", CONF_GATE_MANAGERS,
	    "people who would get another manager",
	    "a reorganisation? If not: look at the managers in the HR system" },
	[GATE_UNMATCHED] = { "unmatched", NO_LIMIT,
	    "a key under [include] none of whose values exists any more",
	    "was the entity, group, location or type renamed in the HR system?" },
	[GATE_SHRUNK] = { "shrunk", NO_LIMIT,
	    "less than half of the records of the last time",
	    "filter and permissions on Kombo's side" },
	[GATE_EMPTY] = { "empty", NO_LIMIT,
	    "no record at all",
	    "filter, permissions and state of the integration on Kombo's side; this cannot be "
	    "approved" },
};

const char *
gate_class_name(enum gate_class class)
{
	return (classes[class].name);
}

const char *
gate_class_text(enum gate_class class)
{
	return (classes[class].text);
}

const char *
gate_class_advice(enum gate_class class)
{
	return (classes[class].advice);
}

enum gate_class
gate_class_find(const char *name)
{
	size_t i;

	for (i = 0; i < GATE_N && strcmp(classes[i].name, name) != 0; i++)
		continue;
	return ((enum gate_class)i);
}

bool
gate_class_blocks(enum gate_class class)
{
	return (classes[class].key == NO_LIMIT);
}

struct conf_limit
gate_limit(const struct conf_set *set, enum gate_class class)
{
	if (gate_class_blocks(class))
		return ((struct conf_limit){ .count = 0 });
	return (conf_limit(set, classes[class].key));
}

int64_t
gate_allowance(const struct conf_limit *limit, int64_t base)
{
	int64_t part;

	part = base * limit->percent / 100;
	return (part > limit->count ? part : limit->count);
}

int64_t
gate_base_wanted(const struct conf_limit *limit, int64_t number)
{
	if (number <= limit->count)
		return (0);
	if (limit->percent == 0)
		return (INT64_MAX);
	return ((number * 100 + limit->percent - 1) / limit->percent);
}

bool
gate_group_passes(const struct conf_limit *limit, int64_t members, int64_t lost,
    int64_t *allowance)
{
	*allowance = members <= limit->count ? members : members * limit->percent / 100;
	return (lost <= *allowance);
}

enum gate_class
gate_person(const struct gate_person *person)
{
	if (person->shown == 0) {
		if (person->views != 0 && !person->served && person->now != STATUS_DEPARTED)
			return (GATE_CREATIONS);
		return (GATE_N);
	}
	if (person->was == STATUS_DEPARTED)
		return (GATE_N);
	if (person->now == STATUS_DEPARTED)
		return (person->planned ? GATE_N : GATE_REMOVALS);
	/* Who goes on leave is out of some views because the HR system says so. */
	if ((person->shown & ~person->views) != 0 && !person->resting)
		return (GATE_OUT_OF_FILTER);
	return (GATE_N);
}

bool
gate_planned(const struct gate_departure *departure)
{
	day_number last;

	if (departure->gone || departure->end == DAY_NONE ||
	    departure->end != departure->end_before)
		return (false);
	if (departure->start != DAY_NONE && departure->end < departure->start)
		return (false);		/* it belongs to an earlier spell (rulings A28) */
	last = departure->first_day_off ? departure->end - 1 : departure->end;
	return (departure->today > last);
}

enum gate_class
gate_snapshot(int64_t live, int64_t before)
{
	if (live == 0)
		return (GATE_EMPTY);
	return (live * 2 < before ? GATE_SHRUNK : GATE_N);
}
