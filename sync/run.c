/*
 * Owns a run while it goes on. The lock is held before and after the download, not during it;
 * a configuration that was swapped meanwhile makes the run void.
 */
#include "config.h"

#include "sync/run.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "store/audit.h"
#include "store/history.h"
#include "store/source.h"
#include "sync/doubt.h"
#include "sync/plan/events.h"
#include "sync/provider.h"
#include "sync/pull.h"
#include "sync/step.h"
#include "sync/trouble.h"

struct run {
	struct engine			*engine;
	const struct run_order		*order;
	struct arena			*arena;
	const struct conf		*conf;		/* held */
	const struct conf_source	*source;
	struct source_row		 row;
	struct run_row			 history;
	char				*key;
	int64_t				 watermark;	/* 0: complete */
	struct fetched			*fetched;
	bool				 begun;		/* the source is marked as being fetched */
};

/* ---- before the download ------------------------------------------------------------------ */

static int
run_find_source(struct run *run, struct err *err)
{
	int result;

	run->source = conf_source(run->conf, run->order->source);
	if (run->source == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no source %s: sources are the "
		    "files in %s/sources.d", run->order->source, engine_folder(run->engine)));
	result = source_find(engine_db(run->engine), run->source->name, run->arena, &run->row,
	    err);
	if (result == 0)
		return (err_set(err, ERR_INTERNAL, "source %s has no row", run->source->name));
	return (result < 0 ? -1 : 0);
}

static int
run_check_source(const struct run *run, struct err *err)
{
	if (*run->row.retired != '\0')
		return (err_set(err, ERR_REFUSED, "the file of source %s is no more: put it back "
		    "and reload, or run `rollcall source retire %s --keep` or `--purge`",
		    run->source->name, run->source->name));
	if (run->row.approved == 0)
		return (err_set(err, ERR_REFUSED, "source %s is not approved: look at `rollcall "
		    "%s %s`, then run `rollcall source approve %s`", run->source->name,
		    run->order->input != NULL ? "import --dry-run --source" : "preview",
		    run->source->name, run->source->name));
	if (!run->row.enabled)
		return (err_set(err, ERR_REFUSED, "source %s is disabled: `rollcall source "
		    "enable %s`", run->source->name, run->source->name));
	return (0);
}

/* A fetch is complete when asked for, at first, and after full_interval. */
static void
run_choose_watermark(struct run *run)
{
	int64_t interval;

	interval = conf_source_number(run->conf, run->source, CONF_SOURCE_FULL);
	/* An integration that was made anew has other ids: what is absent must be seen. */
	if (run->order->complete || run->row.full_wanted || strcmp(run->row.integration,
	    conf_source_origin(run->source)) != 0 || run->row.watermark == 0 ||
	    run->row.full_at == 0 || engine_now(run->engine) - run->row.full_at >= interval)
		run->watermark = 0;
	else
		run->watermark = run->row.watermark;
}

static int
run_read_key(struct run *run, struct err *err)
{
	if (conf_provider(run->source) != CONF_FROM_KOMBO)
		return (0);
	if (secret_read(conf_text(&run->source->set, CONF_API_KEY), &run->key, err) < 0)
		return (err_context(err, "%s: api_key", run->source->file));
	return (0);
}

/* It fails neither when we stop it ourselves, nor while it is still being set up. */
static int
run_tell_failure(const struct run *run, const struct err *why, struct err *err)
{
	if (why->code == ERR_CANCELLED || why->code == ERR_KOMBO_NOT_READY)
		return (0);
	return (events_source(engine_db(run->engine), run->conf, EVENT_FAILED, run->row.name,
	    err_kind(why->code)->name, engine_now(run->engine), err));
}

/* A run that fails is told in the source's row and in the history; nothing else changes. */
static void
run_note_failure(struct run *run, const struct err *why)
{
	struct db *db = engine_db(run->engine);
	struct err err = ERR_INIT;

	/* A reload may have written the row while pages came: it wants a complete fetch, say. */
	if (source_find(db, run->source->name, run->arena, &run->row, &err) < 0)
		goto failed;
	/* What was stopped was not tried: it is due as before. */
	if (why->code != ERR_CANCELLED)
		run->row.tried_at = clock_now();
	run->row.error = err_kind(why->code)->name;
	run->row.error_text = why->text;
	run->history.ended = clock_now();
	run->history.outcome = "failed";
	run->history.error = why->text;
	run->history.revision = 0;
	run->history.counts = NULL;
	if (db_begin(db, &err) < 0)
		goto failed;
	if (run_tell_failure(run, why, &err) < 0 ||
	    source_save(db, &run->row, &err) < 0 ||
	    (run->history.id != 0 && run_end(db, &run->history, &err) < 0) ||
	    db_commit(db, &err) < 0) {
		db_rollback(db);
		goto failed;
	}
	return;
failed:
	trouble_set(&err);
	log_err(LOG_LEVEL_ERROR, "run.note", &err, "source=%s", run->row.name);
}

/* A run that cannot even begin for its database has no row to be told in. */
static void
run_note_trouble(const struct err *why)
{
	if (err_kind(why->code)->exit_status == err_kind(ERR_DB_IO)->exit_status)
		trouble_set(why);
}

static int
run_begin_history(struct run *run, struct err *err)
{
	run->history = (struct run_row){
		.kind = "pull",
		.source = run->source->name,
		.complete = run->watermark == 0,
		.actor = run->order->actor,
		.started = clock_now(),
	};
	return (run_begin(engine_db(run->engine), &run->history, err));
}

/* ---- the download ---------------------------------------------------------------------------- */

static int
run_fetch(struct run *run, struct err *err)
{
	const struct fetch_order order = {
		.conf = run->conf,
		.source = run->source,
		.source_id = run->row.id,
		.key = run->key,
		.watermark = run->watermark,
		.cancel = engine_cancelled(run->engine),
		.progress = run->order->progress,
		.context = run->order->context,
	};

	return (provider_fetch(&order, run->order->input,
	    conf_text(&run->conf->set, CONF_DATABASE), &run->fetched, err));
}

/* ---- after the download ------------------------------------------------------------------------- */

/* Hands over what was fetched: accepted, or held with ERR_HELD (sync/pull.h). */
static int
run_publish(struct run *run, struct plan_report *report, struct err *err)
{
	struct pull pull = {
		.engine = run->engine,
		.conf = run->conf,
		.source = run->source,
		.history = run->history,
		.fetched = run->fetched,
		.arena = run->arena,
		.actor = run->order->actor,
	};
	int result;

	if (engine_conf(run->engine) != run->conf)
		return (err_set(err, ERR_CANCELLED, "the configuration changed during the run: "
		    "it is done again under the new one"));
	/* An admin may have disabled or retired it while pages came. */
	if (run_find_source(run, err) < 0 || run_check_source(run, err) < 0)
		return (-1);
	pull.row = run->row;
	/* The clock first: dates are looked at in the plan. */
	if (run->fetched->dated && doubt_compare(engine_db(run->engine), run->fetched->skew,
	    err) < 0)
		return (-1);
	result = pull_publish(&pull, report, err);
	run->history = pull.history;
	return (result);
}

static void
run_log(const struct run *run, const struct run_result *result)
{
	const struct plan_report *report = &result->report;

	log_info("run.done", "source=%s run=%" PRId64 " complete=%s seen=%" PRId64
	    " refused=%" PRId64 " judged=%" PRId64 " entered=%" PRId64 " left=%" PRId64
	    " changed=%" PRId64 " groups=%" PRId64 " excluded=%" PRId64 " revision=%" PRId64
	    " requests=%u ms=%" PRId64, run->source->name, run->history.id,
	    result->complete ? "yes" : "no", result->seen, result->refused, report->judged,
	    report->entered, report->left, report->changed, report->groups, report->excluded,
	    report->revision, result->requests,
	    (run->history.ended - run->history.started) / 1000);
	if (result->doubt != NULL)
		log_warning("run.doubt", "source=%s msg=\"%s\"", run->source->name,
		    result->doubt);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static int
run_prepare(struct run *run, struct err *err)
{
	if (run_find_source(run, err) < 0 || provider_check(run->source, run->order->input, err) < 0 ||
	    run_check_source(run, err) < 0)
		return (-1);
	if (!run->begun)
		run->begun = engine_source_begin(run->engine, run->order->source, run->order->wait);
	if (!run->begun)
		return (err_set(err, ERR_BUSY, "source %s is being fetched already: see "
		    "`rollcall status`", run->order->source));
	/* It may have waited: what was read before is old. */
	if (run_find_source(run, err) < 0)
		return (-1);
	run_choose_watermark(run);
	return (run_begin_history(run, err));
}

static void
run_take(const struct run *run, struct arena *arena, struct run_result *result)
{
	size_t i;

	if (run->fetched == NULL)
		return;
	for (i = 0; run->order->problem != NULL && i < run->fetched->problem_count; i++)
		run->order->problem(run->order->context, &run->fetched->problems[i]);
	result->complete = run->fetched->complete;
	result->seen = run->fetched->seen;
	result->refused = run->fetched->refused;
	result->requests = run->fetched->requests;
	result->doubt = arena != NULL ? arena_dup(arena, run->fetched->doubt) : NULL;
}

static void
run_finish(struct run *run)
{
	secret_free(&run->key);
	fetched_close(&run->fetched);
	arena_close(&run->arena);
}

int
run_source(struct engine *engine, const struct run_order *order, struct arena *arena,
    struct run_result *out, struct err *err)
{
	struct run run = { .engine = engine, .order = order, .begun = order->begun };
	int result;

	*out = (struct run_result){ .complete = false };
	run.arena = arena_open();
	engine_lock(engine);
	run.conf = engine_hold_conf(engine);
	result = run_prepare(&run, err);
	if (result == 0) {
		step_done(STEP_BEGIN);
		result = run_read_key(&run, err);
		engine_unlock(engine);
		if (result == 0)
			result = run_fetch(&run, err);
		engine_lock(engine);
		if (result == 0)
			result = run_publish(&run, &out->report, err);
		run_take(&run, arena, out);
		if (result == 0)
			run_log(&run, out);
		else if (err->code != ERR_HELD)
			run_note_failure(&run, err);
	} else {
		run_note_trouble(err);
	}
	if (run.begun)
		engine_source_end(engine, order->source);
	engine_release_conf(engine, run.conf);
	engine_unlock(engine);
	run_finish(&run);
	return (result);
}

int
run_probe(struct engine *engine, const char *source, struct buf *report, struct err *err)
{
	const struct run_order order = { .source = source };
	struct run run = { .engine = engine, .order = &order };
	struct fetch_order probe;
	int result;

	run.arena = arena_open();
	engine_lock(engine);
	run.conf = engine_hold_conf(engine);
	result = run_find_source(&run, err);
	if (result == 0)
		result = provider_check(run.source, NULL, err);
	if (result == 0)
		result = run_read_key(&run, err);
	engine_unlock(engine);
	if (result == 0) {
		probe = (struct fetch_order){ .conf = run.conf, .source = run.source,
		    .key = run.key, .cancel = engine_cancelled(engine) };
		result = provider_probe(&probe, report, err);
	}
	engine_lock(engine);
	engine_release_conf(engine, run.conf);
	engine_unlock(engine);
	run_finish(&run);
	return (result);
}
