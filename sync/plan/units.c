/*
 * Owns nothing: brings a plan's table of units to what it would be. Units are known by Kombo id,
 * else, when an integration was made anew, by remote id.
 */
#include "config.h"

#include "sync/plan/people.h"

#include <string.h>

#include "store/record.h"

static bool
plan_text_differs(const char *a, const char *b)
{
	return (strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0 ||
	    (a == NULL) != (b == NULL));
}

static bool
plan_unit_differs(const struct unit *a, const struct unit *b)
{
	return (a->gone != b->gone || plan_text_differs(a->name, b->name) ||
	    plan_text_differs(a->type, b->type) || plan_text_differs(a->place, b->place) ||
	    plan_text_differs(a->remote, b->remote));
}

static void
plan_accepted_unit(void *context, const struct unit *unit)
{
	(void)units_put(((struct plan *)context)->units, unit);
}

/* One that judging asks for, when not all have been read. */
static void
plan_asked_unit(void *context, int64_t source, enum unit_model model, const char *kombo)
{
	struct plan *plan = context;

	if (plan->units_err.code == ERR_NONE)
		(void)unit_get(plan->db, source, model, kombo, plan_accepted_unit, plan,
		    &plan->units_err);
}

static void
plan_change_unit(struct plan *plan, const struct unit *unit)
{
	units_put(plan->units, unit)->changed = true;
	plan->units_changed = true;
}

static size_t
plan_model_index(enum unit_model model)
{
	return (model == UNIT_ENTITY ? 0 : model == UNIT_LOCATION ? 1 : 2);
}

struct plan_units {
	struct plan	*plan;
	struct map	 fetched;	/* keys of the units the run brought */
	struct map	 by_remote;	/* key of a remote id → index + 1 of an accepted unit */
};

static uint64_t
plan_unit_key(const struct unit *unit)
{
	return (hash64_seed(unit->kombo, strlen(unit->kombo), (uint64_t)unit->model));
}

static uint64_t
plan_unit_remote_key(const struct unit *unit)
{
	return (hash64_seed(unit->remote, strlen(unit->remote), (uint64_t)unit->model + 1000));
}

static void
plan_seen_unit(void *context, const struct unit *unit)
{
	struct plan_units *fetched = context;

	map_set(&fetched->fetched, plan_unit_key(unit), 1);
}

/* The source's accepted units that the run did not bring, by remote id. */
static void
plan_missing_units(struct plan_units *fetched)
{
	struct plan *plan = fetched->plan;
	const struct unit *unit;
	uint64_t value;
	size_t i;

	for (i = 0; plan->order->fetched->complete && i < units_count(plan->units); i++) {
		unit = &units_at(plan->units, i)->unit;
		if (unit->source == plan->order->source && unit->remote != NULL &&
		    !map_get(&fetched->fetched, plan_unit_key(unit), &value))
			map_set(&fetched->by_remote, plan_unit_remote_key(unit), i + 1);
	}
}

/* A Kombo id never seen: perhaps the integration was made anew (semantics 3.3, rulings D11). */
static bool
plan_renumbered_unit(struct plan_units *fetched, const struct unit *unit)
{
	struct unit_entry *entry, *old;
	struct unit merged = *unit;
	uint64_t at;

	if (unit->gone || unit->remote == NULL || !map_get(&fetched->by_remote,
	    plan_unit_remote_key(unit), &at))
		return (false);
	old = units_at(fetched->plan->units, (size_t)at - 1);
	if (old->replaced)
		return (false);
	/* Who is not delivered any more refers to the old one, which leads nowhere now. */
	old->replaced = old->changed = old->unit.gone = true;
	merged.id = old->unit.id;
	entry = units_put(fetched->plan->units, &merged);
	entry->changed = entry->renumbered = true;
	fetched->plan->units_changed = true;
	return (true);
}

static void
plan_fetched_unit(void *context, const struct unit *unit)
{
	struct plan_units *fetched = context;
	struct unit merged = *unit;
	struct unit_entry *known;

	known = units_find(fetched->plan->units, unit->source, unit->model, unit->kombo);
	if (known == NULL && (unit->gone || plan_renumbered_unit(fetched, unit)))
		return;
	if (known != NULL && unit->gone) {
		merged = known->unit;	/* a deleted unit's values are not to be believed */
		merged.gone = true;
	}
	if (known != NULL && !plan_unit_differs(&known->unit, &merged))
		return;
	merged.id = known != NULL ? known->unit.id : 0;
	plan_change_unit(fetched->plan, &merged);
}

/* Units of the source that a complete fetch did not bring are gone. */
static void
plan_absent_units(struct plan *plan, const struct plan_units *fetched)
{
	struct unit_entry *entry;
	struct unit gone;
	uint64_t value;
	size_t i;

	for (i = 0; i < units_count(plan->units); i++) {
		entry = units_at(plan->units, i);
		if (entry->unit.source != plan->order->source || entry->unit.gone ||
		    entry->replaced ||
		    !plan->order->fetched->model_whole[plan_model_index(entry->unit.model)] ||
		    map_get(&fetched->fetched, plan_unit_key(&entry->unit), &value))
			continue;
		gone = entry->unit;
		gone.gone = true;
		plan_change_unit(plan, &gone);
	}
}

/* Their members are the order's people: nobody else is looked for. */
static void
plan_order_groups(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->order->group_count; i++)
		units_put(plan->units, &plan->order->groups[i])->changed = true;
}

int
plan_load_units(struct plan *plan, struct err *err)
{
	struct plan_units fetched = { .plan = plan };
	const struct plan_order *order = plan->order;
	int result;

	/* Who judges few people reads few units: there may be many thousands. */
	if (!order->everybody && (order->fetched == NULL || !order->fetched->complete))
		units_set_loader(plan->units, plan_asked_unit, plan);
	else if (unit_list(plan->db, plan_accepted_unit, plan, err) < 0)
		return (-1);
	plan_order_groups(plan);
	if (order->fetched == NULL)
		return (0);
	result = stage_units(plan->order->fetched->stage, plan_seen_unit, &fetched, err);
	if (result == 0) {
		plan_missing_units(&fetched);
		result = stage_units(plan->order->fetched->stage, plan_fetched_unit, &fetched,
		    err);
	}
	if (result == 0)
		plan_absent_units(plan, &fetched);
	map_close(&fetched.fetched);
	map_close(&fetched.by_remote);
	return (result);
}
