/*
 * Owns the weighing of one trial. A plan that is held leaves rows of the history; it never
 * touches records, state or views.
 */
#include "config.h"

#include "sync/gate.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"

static bool
gate_may_serve(const struct gate *gate, const struct hold_plan *plan)
{
	return (strcmp(plan->state, "approved") == 0 && strcmp(plan->source, gate->source) == 0 &&
	    memcmp(plan->conf, gate->order->conf->digest, sizeof(plan->conf)) == 0 &&
	    plan->approved_at > gate->order->now - GATE_APPROVAL);
}

/* Every tripping change is among those of the plan: 1 so it is, 0 not, -1 failed. */
static int
gate_is_subset(const struct gate *gate, const char *plan, struct err *err)
{
	size_t i;
	int result;

	result = 1;
	for (i = 0; i < gate->weigh->change_count && result > 0; i++)
		result = hold_change_has(gate->db, plan, gate->weigh->changes[i].digest, err);
	return (result);
}

/* An approved plan that holds all that trips: 1 found, 0 none, -1 failed. */
static int
gate_find_approval(struct gate *gate, struct err *err)
{
	struct hold_plan *plans;
	struct arena *arena;
	size_t count, i;
	int result;

	arena = arena_open();
	result = hold_plan_list(gate->db, arena, &plans, &count, err);
	for (i = 0; i < count && result == 0; i++) {
		if (!gate_may_serve(gate, &plans[i]))
			continue;
		result = gate_is_subset(gate, plans[i].id, err);
		if (result > 0)
			(void)memcpy(gate->approval, plans[i].id,
			    strnlen(plans[i].id, HOLD_ID_SIZE - 1));
	}
	arena_close(&arena);
	return (result);
}

int
gate_try(struct gate *gate, struct plan *plan, struct err *err)
{
	int result;

	if (plan_weigh(plan, &gate->weigh, err) < 0)
		return (-1);
	if (weigh_passes(gate->weigh))
		return (0);
	/* What nobody may approve passes by nobody's approval (rulings A21). */
	result = gate->weigh->approvable ? gate_find_approval(gate, err) : 0;
	return (result < 0 ? -1 : result == 0);
}

void
gate_close(struct gate *gate)
{
	weigh_close(&gate->weigh);
}

/* ---- afterwards ----------------------------------------------------------------------------------- */

static int
gate_use_approval(const struct gate *gate, struct err *err)
{
	struct hold_plan plan;
	struct arena *arena;
	int result;

	arena = arena_open();
	result = hold_plan_find(gate->db, gate->approval, arena, &plan, err);
	if (result > 0) {
		plan.state = "applied";
		plan.seen_at = gate->order->now;
		result = hold_plan_put(gate->db, &plan, err);
	}
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

static int
gate_count_removals(const struct gate *gate, struct err *err)
{
	const struct weigh_removals *removals;
	size_t i;

	for (i = 0; i < gate->weigh->removal_count; i++) {
		removals = &gate->weigh->removals[i];
		if (removal_add(gate->db, removals->source, gate->order->now, removals->number,
		    err) < 0)
			return (-1);
	}
	return (0);
}

int
gate_passed(const struct gate *gate, struct err *err)
{
	if (*gate->approval != '\0' &&
	    hold_expire(gate->db, gate->order->now - GATE_KEEP, err) < 0)
		return (-1);
	/* What an admin looked at does not use up what may pass by itself. */
	if ((*gate->approval != '\0' ? gate_use_approval(gate, err) :
	    gate_count_removals(gate, err)) < 0)
		return (-1);
	return (hold_plan_replace(gate->db, gate->source, "", err));
}

static int
gate_put_plan(const struct gate *gate, struct arena *arena, struct err *err)
{
	const int64_t now = gate->order->now;
	struct hold_plan plan;
	int result;

	result = hold_plan_find(gate->db, gate->weigh->id, arena, &plan, err);
	if (result < 0)
		return (-1);
	if (result == 0) {
		plan = (struct hold_plan){ .id = gate->weigh->id, .source = gate->source,
		    .approvable = gate->weigh->approvable, .made_at = now, .approved_by = "" };
		memcpy(plan.conf, gate->order->conf->digest, sizeof(plan.conf));
	}
	/* An approval of it has ended, or it would have passed. */
	plan.state = "held";
	plan.seen_at = now;
	plan.approved_at = 0;
	plan.approved_by = "";
	return (hold_plan_put(gate->db, &plan, err));
}

int
gate_hold(const struct gate *gate, struct err *err)
{
	const struct weigh *weigh = gate->weigh;
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = gate_put_plan(gate, arena, err);
	arena_close(&arena);
	for (i = 0; i < weigh->class_count && result == 0; i++)
		result = hold_class_put(gate->db, weigh->id, &weigh->classes[i], err);
	for (i = 0; i < weigh->change_count && result == 0; i++)
		result = hold_change_put(gate->db, weigh->id, &weigh->changes[i], err);
	if (result == 0)
		result = hold_plan_replace(gate->db, gate->source, weigh->id, err);
	if (result == 0)
		result = hold_expire(gate->db, gate->order->now - GATE_KEEP, err);
	return (result < 0 ? -1 : 0);
}

int
gate_say(const struct gate *gate, struct err *err)
{
	const struct weigh *weigh = gate->weigh;
	struct arena *arena;
	const char *what;

	arena = arena_open();
	what = *gate->source != '\0' ? "the run" : "the new configuration";
	if (weigh->approvable)
		(void)err_set(err, ERR_HELD, "%s changes more than the safeguards let through, and "
		    "nothing of it is applied (%s): look at `rollcall plan show %.*s`, then either "
		    "`rollcall approve %.*s` or mend the cause", what, weigh_text(arena,
		    weigh->classes, weigh->class_count), HOLD_ID_SHOWN, weigh->id,
		    HOLD_ID_SHOWN, weigh->id);
	else
		(void)err_set(err, ERR_HELD, "%s is not believed, and nothing of it is applied "
		    "(%s): mend the cause, this cannot be approved", what, weigh_text(arena,
		    weigh->classes, weigh->class_count));
	arena_close(&arena);
	return (-1);
}

const char *
gate_codes(const struct gate *gate, struct arena *arena)
{
	const struct weigh *weigh = gate->weigh;
	const char *codes;
	size_t i;

	codes = "";
	for (i = 0; i < weigh->class_count; i++)
		if (i == 0 || strcmp(weigh->classes[i].class, weigh->classes[i - 1].class) != 0)
			codes = arena_printf(arena, "%s%s%s", codes, *codes != '\0' ? " " : "",
			    weigh->classes[i].class);
	return (codes);
}
