/*
 * Owns trials of configurations: everybody is judged under one, and either it is in force with
 * all that follows from it, or nothing is changed.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "store/audit.h"
#include "store/history.h"
#include "store/incoming.h"
#include "store/source.h"
#include "sync/conf_rows.h"
#include "sync/engine_inside.h"
#include "sync/plan/events.h"
#include "sync/settings.h"
#include "sync/step.h"

#define ENGINE_DIGEST_TOLD 8	/* bytes of a configuration's digest in the history */

/* ---- held fetches under another configuration -------------------------------------------------- */

bool
engine_field_widens(const struct conf_source *old, const struct conf_source *new)
{
	bool kept;
	size_t i;

	kept = conf_number(&old->set, CONF_TRACK_DRIFT) != 0;
	for (i = 0; i < FIELD_N; i++) {
		if ((old->mode[i] == MODE_OFF || old->mode[i] == MODE_LOCAL) &&
		    (new->mode[i] == MODE_CONTINUOUS || new->mode[i] == MODE_IMPORT_ONCE))
			return (true);
		if (!kept && old->mode[i] == MODE_IMPORT_ONCE && new->mode[i] == MODE_CONTINUOUS)
			return (true);
	}
	return (false);
}

/*
 * Whether a fetch under the old configuration tells what one under the new would: the same
 * integration or file, and no field that was not fetched.
 */
static bool
engine_fetch_stands(const struct conf_source *old, const struct conf_source *new)
{
	return (old != NULL && !engine_field_widens(old, new) &&
	    conf_provider(old) == conf_provider(new) &&
	    strcmp(conf_source_origin(old), conf_source_origin(new)) == 0 &&
	    conf_number(&old->set, CONF_CSV_KEY) == conf_number(&new->set, CONF_CSV_KEY));
}

/*
 * Of held fetches, what cannot be tried under the new configuration is forgotten, and so are the
 * values of fields that are off now.
 */
static int
engine_settle_source(struct engine *engine, const struct engine_trial *trial,
    const struct source_row *row, struct err *err)
{
	const struct conf_source *new, *old;
	size_t i;

	new = conf_source(trial->conf, row->name);
	old = conf_source(trial->before, row->name);
	if (new == NULL || !engine_fetch_stands(old, new))
		return (incoming_drop(engine->db, row->id, err));
	for (i = 0; i < FIELD_N; i++)
		if (new->mode[i] == MODE_OFF && old->mode[i] != MODE_OFF &&
		    incoming_erase_field(engine->db, row->id, (enum field_id)i, err) < 0)
			return (-1);
	return (0);
}

static int
engine_settle_held(struct engine *engine, const struct engine_trial *trial, struct err *err)
{
	struct source_row *rows;
	struct arena *arena;
	size_t count, i;
	int result;

	if (trial->before == NULL)
		return (0);
	arena = arena_open();
	result = source_list(engine->db, arena, &rows, &count, err);
	for (i = 0; i < count && result == 0; i++)
		result = engine_settle_source(engine, trial, &rows[i], err);
	arena_close(&arena);
	return (result);
}

/* ---- one trial -------------------------------------------------------------------------------- */

/* With the plan open: 0 published, 1 it trips, -1 failed. */
static int
engine_pass(struct engine_trial *trial, struct plan *plan, struct err *err)
{
	struct plan_report report;
	int result;

	if (trial->before != NULL && !trial->free) {
		result = gate_try(&trial->gate, plan, err);
		if (result != 0)
			return (result);
	}
	if (plan_publish(plan, &report, err) < 0)
		return (-1);
	step_done(STEP_WRITE);
	if (trial->before != NULL && !trial->free && gate_passed(&trial->gate, err) < 0)
		return (-1);
	return (trial->pull == NULL ? 0 : pull_accept_inside(trial->pull, &report, err));
}

/* Another configuration than until now is told to the history, by the start of its digest. */
static int
engine_remember_conf(struct engine *engine, const struct engine_trial *trial, struct err *err)
{
	struct audit_act act = { .made_at = clock_now(), .cause = "reload", .actor = "reload" };
	char old[2 * ENGINE_DIGEST_TOLD + 1], new[2 * ENGINE_DIGEST_TOLD + 1];

	if (trial->before == NULL)
		return (0);
	memcpy(act.conf, trial->conf->digest, sizeof(act.conf));
	return (audit_note(engine->db, &act, &(struct audit_row){ .what = "reload",
	    .old = digest_hex(trial->before->digest, ENGINE_DIGEST_TOLD, old),
	    .new = digest_hex(trial->conf->digest, ENGINE_DIGEST_TOLD, new) }, err));
}

static int
engine_try_inside(struct engine *engine, struct engine_trial *trial, struct err *err)
{
	struct buf text = BUF_INIT;
	struct plan *plan;
	int result;

	if (conf_rows_write(engine->db, trial->conf, err) < 0 ||
	    settings_write(engine->db, trial->conf, err) < 0 ||
	    events_take_hooks(engine->db, trial->conf, err) < 0 ||
	    plan_open(engine->db, trial->gate.order, &plan, err) < 0)
		return (-1);
	step_done(STEP_PLAN);
	result = engine_pass(trial, plan, err);
	plan_close(&plan);
	if (result == 0)
		result = engine_settle_held(engine, trial, err);
	if (result != 0)
		return (result);
	if (engine_remember_conf(engine, trial, err) < 0)
		return (-1);
	conf_store_text(trial->conf, &text);
	result = accepted_conf_put(engine->db, trial->gate.order->now, text.data,
	    trial->conf->digest, err);
	buf_close(&text);
	if (result < 0)
		return (-1);
	return (meta_set_number(engine->db, "instant", trial->gate.order->now, err));
}

int
engine_try(struct engine *engine, struct engine_trial *trial, struct err *err)
{
	struct plan_order order = { .conf = trial->conf, .before = trial->before,
	    .everybody = true, .gated = trial->before != NULL && !trial->free, .zones = engine->zones,
	    .now = engine_now(engine), .actor = trial->actor };
	int result;

	if (trial->pull != NULL) {
		order.fetched = trial->pull->fetched;
		order.source = trial->pull->row.id;
		order.first = trial->pull->row.watermark == 0;
	}
	trial->gate = (struct gate){ .db = engine->db, .order = &order, .source = "" };
	if (db_begin(engine->db, err) < 0)
		return (-1);
	result = engine_try_inside(engine, trial, err);
	if (result == 0) {
		step_done(STEP_NOTE);
		result = db_commit(engine->db, err);
	}
	if (result == 0)
		step_done(STEP_COMMIT);
	else
		db_rollback(engine->db);
	trial->gate.order = NULL;
	if (result != 1)
		gate_close(&trial->gate);
	return (result);
}

/* ---- which trials there are (rulings A17, A18) --------------------------------------------- */

/* The held fetch of a source on trial with the configuration: as engine_try; 1 also for none. */
static int
engine_try_held(struct engine *engine, struct engine_trial *trial, const char *source,
    struct err *err)
{
	const struct conf_source *new = conf_source(trial->conf, source);
	struct arena *arena;
	struct pull pull;
	int result;

	if (new == NULL || !engine_fetch_stands(conf_source(trial->before, source), new))
		return (1);
	arena = arena_open();
	result = pull_open_held(engine, trial->conf, source, arena, &pull, err);
	if (result > 0) {
		trial->pull = &pull;
		result = engine_try(engine, trial, err);
		if (result > 0)
			gate_close(&trial->gate);
		trial->pull = NULL;
		pull_close(&pull);
	} else if (result == 0) {
		result = 1;
	}
	arena_close(&arena);
	return (result);
}

int
engine_try_all(struct engine *engine, struct engine_trial *trial, struct err *err)
{
	size_t i;
	int result;

	result = 1;
	for (i = 0; i < trial->conf->source_count && result == 1; i++)
		result = engine_try_held(engine, trial, trial->conf->sources[i].name, err);
	return (result != 1 ? result : engine_try(engine, trial, err));
}

int
engine_note_held(struct engine *engine, const struct engine_trial *trial, struct err *err)
{
	const struct plan_order order = { .conf = trial->conf, .now = engine_now(engine) };
	struct gate gate = trial->gate;
	struct arena *arena;
	int result;

	gate.order = &order;
	if (db_begin(engine->db, err) < 0)
		return (-1);
	arena = arena_open();
	result = gate_hold(&gate, err);
	if (result == 0)
		result = events_source(engine->db, trial->before, EVENT_HELD, NULL,
		    gate_codes(&gate, arena), order.now, err);
	arena_close(&arena);
	if (result < 0) {
		db_rollback(engine->db);
		return (-1);
	}
	return (db_commit(engine->db, err));
}
