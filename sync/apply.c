/*
 * Owns a part of a held fetch while it is published. Its people's removals count among those of
 * the day, so that the rest does not slip through piece by piece.
 */
#include "config.h"

#include "sync/apply.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/incoming.h"
#include "store/record.h"

struct applying {
	const struct apply	*apply;
	struct db		*db;
	struct pull		*held;
	struct fetched		*part;
	struct err		*err;
	int			 result;
};

/* ---- the part ----------------------------------------------------------------------------------- */

static bool
apply_is_absent(struct fetched *held, int64_t record)
{
	size_t i;

	for (i = 0; i < held->absent_count; i++)
		if (held->absent[i] == record)
			return (true);
	return (false);
}

/* Takes over what is held of one record. */
static int
apply_take(struct applying *applying, const char *kombo, struct arena *arena,
    struct err *err)
{
	struct fetched *held = applying->held->fetched, *part = applying->part;
	struct record_row record;
	struct employee employee;
	int64_t row;
	int result;

	result = stage_find(held->stage, kombo, &row, err);
	if (result > 0) {
		if (stage_get(held->stage, row, arena, &employee, err) != 1)
			return (-1);
		return (stage_put(part->stage, &employee, err));
	}
	if (result == 0)
		result = record_find(applying->db, applying->held->row.id, kombo, arena, &record,
		    err);
	if (result < 0)
		return (-1);
	if (result == 0 || !apply_is_absent(held, record.id))
		return (err_set(err, ERR_NOT_FOUND, "nothing is held of record %s of source %s",
		    kombo, applying->held->row.name));
	part->absent[part->absent_count++] = record.id;
	return (0);
}

static void
apply_known_unit(void *context, const struct unit *unit)
{
	(void)unit;
	*(bool *)context = true;
}

/* Units that nobody else can refer to yet come along; changes of known ones stay held. */
static void
apply_unit(void *context, const struct unit *unit)
{
	struct applying *applying = context;
	bool known;

	known = false;
	if (applying->result < 0)
		return;
	if (unit_get(applying->db, unit->source, unit->model, unit->kombo, apply_known_unit,
	    &known, applying->err) < 0 || (!known &&
	    stage_put_unit(applying->part->stage, unit, applying->err) < 0))
		applying->result = -1;
}

static int
apply_cut(struct applying *applying, struct err *err)
{
	const struct apply *apply = applying->apply;
	struct fetched *part;
	struct arena *arena;
	size_t i;
	int result;

	applying->part = part = mem_alloc(sizeof(*part));
	part->arena = arena_open();
	part->healthy = true;
	part->absent = mem_alloc((apply->kombo_count + 1) * sizeof(*part->absent));
	if (stage_open(&part->stage, err) < 0)
		return (-1);
	arena = arena_open();
	result = 0;
	for (i = 0; i < apply->kombo_count && result == 0; i++)
		result = apply_take(applying, apply->kombos[i], arena, err);
	arena_close(&arena);
	if (result == 0 && stage_units(applying->held->fetched->stage, apply_unit, applying,
	    err) < 0)
		result = -1;
	return (result < 0 || applying->result < 0 ? -1 : 0);
}

/* ---- publishing it ------------------------------------------------------------------------------ */

static int
apply_forget(struct applying *applying, struct arena *arena, struct err *err)
{
	const struct apply *apply = applying->apply;
	const int64_t source = applying->held->row.id;
	struct record_row record;
	size_t i;
	int result;

	for (i = 0; i < apply->kombo_count; i++) {
		result = record_find(applying->db, source, apply->kombos[i], arena, &record,
		    err);
		if (result < 0 || incoming_forget(applying->db, source, apply->kombos[i],
		    result > 0 ? record.id : 0, err) < 0)
			return (-1);
	}
	return (0);
}

static int
apply_count(struct applying *applying, struct plan *plan, int64_t now, struct err *err)
{
	struct weigh *weigh;
	size_t i;
	int result;

	if (plan_weigh(plan, &weigh, err) < 0)
		return (-1);
	result = 0;
	for (i = 0; i < weigh->removal_count && result == 0; i++)
		result = removal_add(applying->db, weigh->removals[i].source, now,
		    weigh->removals[i].number, err);
	weigh_close(&weigh);
	return (result);
}

static int
apply_remember(struct applying *applying, const struct plan_order *order, struct err *err)
{
	const struct apply *apply = applying->apply;
	struct audit_act act = { .made_at = clock_now(), .cause = "decision",
	    .actor = apply->actor, .source = apply->source };

	memcpy(act.conf, order->conf->digest, sizeof(act.conf));
	return (audit_note(applying->db, &act, &(struct audit_row){ .what = "plan.apply",
	    .new = apply->plan }, err));
}

static int
apply_inside(struct applying *applying, const struct plan_order *order,
    struct plan_report *report, struct err *err)
{
	struct plan *plan;
	int result;

	if (apply_remember(applying, order, err) < 0 ||
	    plan_open(applying->db, order, &plan, err) < 0)
		return (-1);
	result = apply_count(applying, plan, order->now, err);
	if (result == 0)
		result = plan_publish(plan, report, err);
	plan_close(&plan);
	if (result == 0)
		result = apply_forget(applying, applying->held->arena, err);
	return (result < 0 ? -1 : meta_set_number(applying->db, "instant", order->now, err));
}

static int
apply_publish(struct applying *applying, struct plan_report *report, struct err *err)
{
	struct engine *engine = applying->apply->engine;
	const struct plan_order order = {
		.conf = engine_conf(engine),
		.fetched = applying->part,
		.source = applying->held->row.id,
		.gated = true,
		.zones = engine_zones(engine),
		.now = engine_now(engine),
		.actor = applying->apply->actor,
	};

	if (db_begin(applying->db, err) < 0)
		return (-1);
	if (apply_inside(applying, &order, report, err) < 0) {
		db_rollback(applying->db);
		return (-1);
	}
	return (db_commit(applying->db, err));
}

int
apply_some(const struct apply *apply, struct plan_report *report, struct err *err)
{
	struct applying applying = { .apply = apply, .db = engine_db(apply->engine),
	    .err = err };
	struct plan_report rest;
	struct arena *arena;
	struct pull held;
	int result;

	if (engine_source_running(apply->engine, apply->source))
		return (err_set(err, ERR_BUSY, "source %s is being fetched: that run takes the place "
		    "of what is held; see `rollcall plans` when it has ended", apply->source));
	arena = arena_open();
	result = pull_open_held(apply->engine, engine_conf(apply->engine), apply->source, arena,
	    &held, err);
	if (result == 0)
		result = err_set(err, ERR_NOT_FOUND, "nothing of source %s is held",
		    apply->source);
	if (result > 0) {
		applying.held = &held;
		result = apply_cut(&applying, err);
		if (result == 0)
			result = apply_publish(&applying, report, err);
		fetched_close(&applying.part);
		pull_close(&held);
	}
	arena_close(&arena);
	if (result == 0)
		result = pull_retry(apply->engine, apply->source, apply->actor, &rest, err);
	return (result);
}
