/*
 * Owns the end of a run. Invariants: accepted records, state and views change together or not at
 * all; a held fetch stands beside them and is read by nothing but a later trial; of an excluded
 * record it holds nothing (rulings F7).
 */
#include "config.h"

#include "sync/pull.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/incoming.h"
#include "sync/plan/events.h"
#include "sync/plan/weigh_inside.h"
#include "sync/step.h"
#include "sync/trouble.h"

/* ---- accepting ------------------------------------------------------------------------------------ */

static const char *
pull_counts(struct pull *pull, const struct plan_report *report)
{
	return (arena_printf(pull->arena, "{\"seen\":%" PRId64 ",\"refused\":%" PRId64
	    ",\"judged\":%" PRId64 ",\"created\":%" PRId64 ",\"entered\":%" PRId64
	    ",\"left\":%" PRId64 ",\"changed\":%" PRId64 ",\"groups\":%" PRId64
	    ",\"excluded\":%" PRId64 ",\"requests\":%u}", pull->fetched->seen,
	    pull->fetched->refused, report->judged, report->created, report->entered,
	    report->left, report->changed, report->groups, report->excluded,
	    pull->fetched->requests));
}

static int
pull_write_problems(struct pull *pull, struct err *err)
{
	struct db *db = engine_db(pull->engine);
	size_t i;

	if (pull->again)
		return (0);
	if (problem_clear(db, pull->row.id, err) < 0)
		return (-1);
	for (i = 0; i < pull->fetched->problem_count; i++)
		if (problem_put(db, pull->row.id, &pull->fetched->problems[i], err) < 0)
			return (-1);
	return (0);
}

/* The source's row as the run leaves it: a copy, since the run may yet be rolled back. */
static struct source_row
pull_new_state(const struct pull *pull, int64_t now)
{
	struct source_row row = pull->row;

	row.watermark = pull->fetched->started;
	if (pull->fetched->complete && pull->fetched->healthy) {
		row.full_at = engine_now(pull->engine);
		row.full_wanted = false;
	} else if (!pull->fetched->healthy) {
		row.full_wanted = true;	/* what was not believed must be looked at again */
	}
	row.tried_at = row.succeeded_at = now;
	if (pull->fetched->upstream_at > row.upstream_at)
		row.upstream_at = pull->fetched->upstream_at;
	row.error = row.error_text = "";
	row.tool = pull->fetched->tool != NULL ? pull->fetched->tool : "";
	row.integration = conf_source_origin(pull->source);
	return (row);
}

/* Ends the run's row, and adds the one line of the history that a run writes in any case. */
static int
pull_end_history(struct pull *pull, int64_t now, struct err *err)
{
	struct audit_act act = { .made_at = now, .cause = "sync", .actor = pull->actor,
	    .source = pull->source->name, .run = pull->history.id };

	pull->history.ended = now;
	if (pull->history.id == 0)
		return (0);
	if (run_end(engine_db(pull->engine), &pull->history, err) < 0)
		return (-1);
	memcpy(act.conf, pull->conf->digest, sizeof(act.conf));
	return (audit_note(engine_db(pull->engine), &act, &(struct audit_row){ .what = "run",
	    .reason = pull->history.outcome, .new = pull->history.counts }, err));
}

static int
pull_keep_size(struct pull *pull, struct err *err)
{
	char name[WEIGH_META_SIZE];

	if (!pull->fetched->complete)
		return (0);
	return (meta_set_number(engine_db(pull->engine), weigh_meta(pull->row.id, name),
	    pull->fetched->live, err));
}

int
pull_accept_inside(struct pull *pull, const struct plan_report *report, struct err *err)
{
	struct db *db = engine_db(pull->engine);
	const struct source_row row = pull_new_state(pull, clock_now());

	pull->history.outcome = report->revision != 0 ? "done" : "unchanged";
	pull->history.revision = report->revision;
	pull->history.counts = pull_counts(pull, report);
	if (source_save(db, &row, err) < 0 || pull_keep_size(pull, err) < 0 ||
	    incoming_drop(db, pull->row.id, err) < 0 ||
	    hold_plan_replace(db, pull->row.name, "", err) < 0)
		return (-1);
	if (events_source(db, pull->conf, EVENT_RECOVERED, row.name, NULL,
	    engine_now(pull->engine), err) < 0)
		return (-1);
	return (pull_end_history(pull, row.tried_at, err));
}

/* ---- holding ---------------------------------------------------------------------------------------- */

static int
pull_keep_row(struct pull *pull, const struct plan *plan, const struct stage_ref *ref,
    struct arena *arena, bool *left, struct err *err)
{
	struct employee employee, gone;

	if (!plan_keeps(plan, ref->kombo)) {
		*left = true;
		return (0);
	}
	if (stage_get(pull->fetched->stage, ref->row, arena, &employee, err) != 1)
		return (-1);
	employee.source = pull->row.id;
	if (!employee.gone)
		return (incoming_put_employee(engine_db(pull->engine), &employee, err));
	/* Values of a deleted record are not to be believed, so they are not kept. */
	gone = (struct employee){ .record = employee.record, .source = employee.source,
	    .kombo = employee.kombo, .remote = employee.remote, .gone = true };
	return (incoming_put_employee(engine_db(pull->engine), &gone, err));
}

static int
pull_keep_employees(struct pull *pull, const struct plan *plan, bool *left, struct err *err)
{
	struct stage_ref ref;
	struct arena *arena;
	int result;

	if (stage_walk(pull->fetched->stage, err) < 0)
		return (-1);
	arena = arena_open();
	while ((result = stage_next(pull->fetched->stage, &ref, err)) > 0) {
		arena_reset(arena);
		ref.kombo = arena_dup(arena, ref.kombo);
		if (pull_keep_row(pull, plan, &ref, arena, left, err) < 0) {
			result = -1;
			break;
		}
	}
	arena_close(&arena);
	return (result);
}

struct pull_units {
	struct pull	*pull;
	struct err	*err;
	int		 result;
};

static void
pull_found_unit(void *context, const struct unit *unit)
{
	struct pull_units *units = context;

	if (units->result == 0)
		units->result = incoming_put_unit(engine_db(units->pull->engine), unit,
		    units->err);
}

/* Keeps what was fetched, but for excluded records; `left`: there were such. */
static int
pull_keep(struct pull *pull, const struct plan *plan, bool *left, struct err *err)
{
	const struct fetched *fetched = pull->fetched;
	struct pull_units units = { .pull = pull, .err = err };
	struct db *db = engine_db(pull->engine);
	size_t i;

	*left = false;
	if (incoming_put(db, &(struct incoming_row){
	    .source = pull->row.id,
	    .run = pull->history.id,
	    .complete = fetched->complete,
	    .healthy = fetched->healthy,
	    .whole = fetched->model_whole[0] | fetched->model_whole[1] << 1 |
	    fetched->model_whole[2] << 2,
	    .started = fetched->started,
	    .upstream_at = fetched->upstream_at,
	    .tool = fetched->tool,
	    .seen = fetched->seen,
	    .live = fetched->live,
	    .refused = fetched->refused,
	    .requests = fetched->requests,
	    }, err) < 0 || pull_keep_employees(pull, plan, left, err) < 0 ||
	    stage_units(fetched->stage, pull_found_unit, &units, err) < 0 || units.result < 0)
		return (-1);
	for (i = 0; i < fetched->absent_count; i++)
		if (incoming_put_absent(db, pull->row.id, fetched->absent[i], err) < 0)
			return (-1);
	return (0);
}

/* The row of a source that is held: what was accepted stays accepted. */
static int
pull_hold_state(struct pull *pull, bool left, const char *text, struct err *err)
{
	struct source_row row = pull->row;

	row.tried_at = clock_now();
	row.error = err_kind(ERR_HELD)->name;
	row.error_text = text;
	/* A later run must see what this one saw: absences, and records that are not kept. */
	row.full_wanted = row.full_wanted || pull->fetched->complete || left;
	return (source_save(engine_db(pull->engine), &row, err));
}

static int
pull_hold_inside(struct pull *pull, const struct gate *gate, const struct plan *plan,
    const char *text, struct err *err)
{
	struct db *db = engine_db(pull->engine);
	bool left;

	pull->history.outcome = "held";
	pull->history.error = text;
	pull->history.revision = 0;
	pull->history.counts = NULL;
	if (gate_hold(gate, err) < 0 || pull_keep(pull, plan, &left, err) < 0 ||
	    pull_hold_state(pull, left, text, err) < 0)
		return (-1);
	if (events_source(db, pull->conf, EVENT_HELD, pull->row.name,
	    gate_codes(gate, pull->arena), engine_now(pull->engine), err) < 0)
		return (-1);
	return (pull_end_history(pull, clock_now(), err));
}

/* ---- the trial ---------------------------------------------------------------------------------------- */

/* With the plan open: 0 published, 1 held, -1 failed. */
static int
pull_pass(struct pull *pull, struct gate *gate, struct plan *plan,
    struct plan_report *report, struct err *err)
{
	struct err held = ERR_INIT;
	int result;

	result = gate_try(gate, plan, err);
	if (result > 0) {
		(void)gate_say(gate, &held);
		return (pull_hold_inside(pull, gate, plan, arena_dup(pull->arena, held.text),
		    err) < 0 ? -1 : 1);
	}
	if (result < 0 || plan_publish(plan, report, err) < 0)
		return (-1);
	step_done(STEP_WRITE);
	if (gate_passed(gate, err) < 0)
		return (-1);
	return (pull_accept_inside(pull, report, err));
}

static int
pull_inside(struct pull *pull, struct gate *gate, struct plan_report *report,
    struct err *err)
{
	struct db *db = engine_db(pull->engine);
	struct plan *plan;
	int result;

	if (plan_open(db, gate->order, &plan, err) < 0)
		return (-1);
	step_done(STEP_PLAN);
	result = pull_pass(pull, gate, plan, report, err);
	plan_close(&plan);
	if (result < 0 || pull_write_problems(pull, err) < 0 ||
	    meta_set_number(db, "instant", gate->order->now, err) < 0)
		return (-1);
	return (result);
}

int
pull_publish(struct pull *pull, struct plan_report *report, struct err *err)
{
	const struct plan_order order = {
		.conf = pull->conf,
		.fetched = pull->fetched,
		.source = pull->row.id,
		.due = true,
		.gated = true,
		.first = pull->row.watermark == 0,
		.zones = engine_zones(pull->engine),
		.now = engine_now(pull->engine),
		.actor = pull->actor,
		.run = pull->history.id,
	};
	struct gate gate = { .db = engine_db(pull->engine), .order = &order,
	    .source = pull->row.name };
	int result;

	if (db_begin(gate.db, err) < 0)
		return (-1);
	result = pull_inside(pull, &gate, report, err);
	if (result >= 0) {
		step_done(STEP_NOTE);
		if (db_commit(gate.db, err) < 0)
			result = -1;
		else {
			trouble_clear();
			step_done(STEP_COMMIT);
		}
	} else {
		db_rollback(gate.db);
	}
	if (result > 0)
		result = gate_say(&gate, err);
	gate_close(&gate);
	return (result);
}

/* ---- once more ------------------------------------------------------------------------------------------ */

static int
pull_load(struct pull *pull, const struct incoming_row *row, struct err *err)
{
	struct db *db = engine_db(pull->engine);
	struct fetched *fetched;

	pull->fetched = fetched = mem_alloc(sizeof(*fetched));
	fetched->arena = arena_open();
	fetched->complete = row->complete;
	fetched->healthy = row->healthy;
	fetched->model_whole[0] = (row->whole & 1) != 0;
	fetched->model_whole[1] = (row->whole & 2) != 0;
	fetched->model_whole[2] = (row->whole & 4) != 0;
	fetched->started = row->started;
	fetched->upstream_at = row->upstream_at;
	fetched->tool = arena_dup(fetched->arena, row->tool);
	fetched->seen = row->seen;
	fetched->live = row->live;
	fetched->refused = row->refused;
	fetched->requests = (unsigned int)row->requests;
	if (stage_open(&fetched->stage, err) < 0 ||
	    incoming_load(db, row->source, fetched->stage, err) < 0)
		return (-1);
	return (incoming_absent(db, row->source, &fetched->absent, &fetched->absent_count, err));
}

int
pull_open_held(struct engine *engine, const struct conf *conf, const char *source,
    struct arena *arena, struct pull *pull, struct err *err)
{
	struct incoming_row row;
	int result;

	*pull = (struct pull){ .engine = engine, .conf = conf, .arena = arena,
	    .again = true };
	pull->source = conf_source(conf, source);
	if (pull->source == NULL)
		return (0);
	result = source_find(engine_db(engine), source, arena, &pull->row, err);
	if (result > 0)
		result = incoming_get(engine_db(engine), pull->row.id, arena, &row, err);
	if (result <= 0)
		return (result);
	if (pull_load(pull, &row, err) < 0) {
		pull_close(pull);
		return (-1);
	}
	return (1);
}

void
pull_close(struct pull *pull)
{
	fetched_close(&pull->fetched);
}

static int
pull_begin_history(struct pull *pull, struct err *err)
{
	pull->history = (struct run_row){
		.kind = "pull",
		.source = pull->row.name,
		.complete = pull->fetched->complete,
		.actor = pull->actor,
		.started = clock_now(),
	};
	return (run_begin(engine_db(pull->engine), &pull->history, err));
}

int
pull_retry(struct engine *engine, const char *source, const char *actor,
    struct plan_report *report, struct err *err)
{
	struct arena *arena;
	struct pull pull;
	int result;

	if (engine_source_running(engine, source))
		return (err_set(err, ERR_NOT_FOUND, "source %s is being fetched: that run takes "
		    "the place of what is held", source));
	arena = arena_open();
	result = pull_open_held(engine, engine_conf(engine), source, arena, &pull, err);
	if (result == 0)
		result = err_set(err, ERR_NOT_FOUND, "nothing of source %s is held", source);
	if (result > 0) {
		pull.actor = actor;
		result = pull_begin_history(&pull, err);
		if (result == 0)
			result = pull_publish(&pull, report, err);
		pull_close(&pull);
	}
	arena_close(&arena);
	return (result);
}
