/*
 * A pull through the safeguards: what is held changes nothing that is served (acceptance 6, 7);
 * sometimes an admin approves, and then that very plan passes.
 */
#include "config.h"

#include "tests/unit/plan_oracle.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "store/hold.h"
#include "store/source.h"
#include "sync/gate.h"
#include "sync/plan/weigh_inside.h"

static void
good(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%s", err->text);
}

static int64_t
gate_revision(struct house *house)
{
	return (house_number(house, "SELECT value FROM meta WHERE name = 'revision'"));
}

bool
gate_weigh(struct house *house, struct plan_order *order, const char *source)
{
	struct gate gate = { .db = house->db, .order = order, .source = source };
	char name[WEIGH_META_SIZE];
	struct err err = ERR_INIT;
	struct plan *plan;
	int held;

	order->conf = house->conf;
	order->zones = house->zones;
	order->now = house->now;
	good(db_begin(house->db, &err), &err);
	good(plan_open(house->db, order, &plan, &err), &err);
	held = gate_try(&gate, plan, &err);
	good(held, &err);
	if (held == 0) {
		good(plan_publish(plan, &house->report, &err), &err);
		good(gate_passed(&gate, &err), &err);
		if (order->fetched->complete)
			good(meta_set_number(house->db, weigh_meta(order->source, name),
			    order->fetched->live, &err), &err);
	} else {
		good(gate_hold(&gate, &err), &err);
	}
	gate_close(&gate);
	plan_close(&plan);
	good(db_commit(house->db, &err), &err);
	return (held == 0);
}

bool
gate_approve(struct house *house, const char *source)
{
	struct hold_plan *plans;
	struct err err = ERR_INIT;
	struct arena *arena;
	bool approved;
	size_t count, i;

	arena = arena_open();
	good(hold_plan_list(house->db, arena, &plans, &count, &err), &err);
	approved = false;
	for (i = 0; i < count; i++) {
		if (strcmp(plans[i].source, source) != 0 || !plans[i].approvable ||
		    strcmp(plans[i].state, "held") != 0)
			continue;
		plans[i].state = "approved";
		plans[i].approved_at = house->now;
		plans[i].approved_by = "test";
		good(hold_plan_put(house->db, &plans[i], &err), &err);
		approved = true;
	}
	arena_close(&arena);
	return (approved);
}

int64_t
gate_accepted(struct house *house, int64_t source)
{
	char name[WEIGH_META_SIZE];
	struct err err = ERR_INIT;
	int64_t number;

	good(meta_number(house->db, weigh_meta(source, name), &number, &err), &err);
	return (number);
}

bool
gate_pull(struct house *house, struct plan_order *order, size_t source)
{
	struct hr *hr = &house->hr[source];
	int64_t revision;
	size_t i;

	revision = gate_revision(house);
	if (gate_weigh(house, order, hr->name))
		return (true);
	if (gate_revision(house) != revision)
		fail_msg("acceptance 7: a plan was held and something changed");
	if (draw_chance(&house->draw, 60) && gate_approve(house, hr->name)) {
		if (!gate_weigh(house, order, hr->name))
			fail_msg("acceptance 7: a plan was approved and is held");
		return (true);
	}
	/* It will be asked for again. */
	for (i = 0; i < hr->person_count; i++)
		hr->people[i].dirty = true;
	for (i = 0; i < HR_UNITS; i++)
		hr->units[i].dirty = true;
	return (false);
}

void
gate_reload(struct house *house, struct conf *conf)
{
	const struct conf *before = house->conf;
	int64_t revision;

	revision = gate_revision(house);
	if (house_try(house, conf, true))
		return;
	if (house->conf == before && gate_revision(house) != revision)
		fail_msg("acceptance 7: a reload was held and something changed");
	if (draw_chance(&house->draw, 60) && gate_approve(house, "")) {
		if (!house_try(house, conf, true))
			fail_msg("acceptance 7: a reload was approved and is held");
		return;
	}
	conf_close(&conf);
}
