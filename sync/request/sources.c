/*
 * Requests about sources: listing, testing, approving, switching, fetching now, previewing.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/history.h"
#include "store/source.h"
#include "sync/request/history.h"
#include "sync/request/progress.h"
#include "sync/request/request.h"
#include "sync/request/show.h"
#include "sync/run.h"
#include "sync/upstream.h"

/* ---- listing ----------------------------------------------------------------------------------- */

static json_t *
sources_run(struct db *db, const char *name, struct arena *arena, struct err *err)
{
	struct run_row run;
	json_t *counts;
	int result;

	result = run_last(db, name, arena, &run, err);
	if (result <= 0)
		return (json_null());
	counts = run.counts != NULL ? json_loads(run.counts, 0, NULL) : json_null();
	return (json_pack("{s:I, s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)run.id,
	    "kind", run.kind, "complete", run.complete, "started",
	    request_instant(run.started), "ended", request_instant(run.ended), "outcome",
	    request_string(run.outcome), "error", request_string(run.error), "counts",
	    counts != NULL ? counts : json_null()));
}

static json_t *
sources_problems(struct db *db, int64_t source, struct arena *arena, struct err *err)
{
	struct problem_row *rows;
	size_t count, i;
	json_t *list;

	list = json_array();
	if (problem_list(db, source, arena, &rows, &count, err) < 0)
		return (list);
	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, show_problem(&rows[i]));
	return (list);
}

json_t *
show_source(struct request *request, struct db *db, const struct conf *conf,
    const struct source_row *row, struct err *err)
{
	const struct conf_source *source;
	bool running;

	source = conf_source(conf, row->name);
	engine_lock(request->engine);
	running = engine_source_running(request->engine, row->name);
	engine_unlock(request->engine);
	return (json_pack("{s:s, s:b, s:s, s:s, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:s, s:s,"
	    " s:s, s:I, s:o, s:o, s:s}", "name", row->name, "configured",
	    source != NULL && *row->retired == '\0', "integration",
	    source != NULL ? conf_source_origin(source) : row->integration,
	    "tool", row->tool, "approved", request_instant(row->approved), "enabled",
	    row->enabled, "running", running, "tried", request_instant(row->tried_at),
	    "succeeded", request_instant(row->succeeded_at), "complete",
	    request_instant(row->full_at), "upstream", request_instant(row->upstream_at),
	    "error", row->error, "error_text", row->error_text, "provider",
	    source != NULL ? conf_text(&source->set, CONF_PROVIDER) : "", "interval",
	    (json_int_t)(source != NULL ? conf_source_number(conf, source,
	    CONF_SOURCE_INTERVAL) / CLOCK_SECOND : 0), "run",
	    sources_run(db, row->name, request->arena, err), "problems",
	    sources_problems(db, row->id, request->arena, err), "retired", row->retired));
}

int
request_source_list(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	struct source_row *rows;
	size_t count, i;
	json_t *list;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	list = json_array();
	status = source_list(reader.db, request->arena, &rows, &count, err);
	for (i = 0; status == 0 && i < count; i++)
		(void)json_array_append_new(list, show_source(request, reader.db, reader.conf,
		    &rows[i], err));
	*result = json_pack("{s:o}", "sources", list);
	request_reader_close(request, &reader);
	return (status);
}

/* ---- switching ------------------------------------------------------------------------------------ */

/* Changes the row of the source that the request names; `change` does it. */
static int
sources_change(struct request *request, void (*change)(struct source_row *row, int64_t now),
    struct err *err)
{
	struct source_row row;
	const char *name;
	struct db *db;
	int result;

	name = request_need(request, "source", err);
	if (name == NULL)
		return (-1);
	engine_lock(request->engine);
	db = engine_db(request->engine);
	result = db_begin(db, err);
	if (result == 0)
		result = source_find(db, name, request->arena, &row, err);
	if (result == 0)
		result = err_set(err, ERR_NOT_FOUND, "there is no source %s: sources are the "
		    "files in %s/sources.d; after a new one, reload the daemon", name,
		    engine_folder(request->engine));
	if (result > 0) {
		change(&row, clock_now());
		result = source_save(db, &row, err);
		if (result == 0)
			result = request_remember(request, name, err);
		if (result == 0)
			result = db_commit(db, err);
	}
	if (result < 0)
		db_rollback(db);
	engine_unlock(request->engine);
	return (result);
}

static void
sources_set_approved(struct source_row *row, int64_t now)
{
	if (row->approved == 0)
		row->approved = now;
}

static void
sources_set_enabled(struct source_row *row, int64_t now)
{
	(void)now;
	row->enabled = true;
}

static void
sources_set_disabled(struct source_row *row, int64_t now)
{
	(void)now;
	row->enabled = false;
}

int
request_source_enable(struct request *request, json_t **result, struct err *err)
{
	(void)result;
	if (sources_change(request, sources_set_enabled, err) < 0)
		return (-1);
	log_info("source.enable", "source=%s actor=\"%s\"", request_text(request, "source"),
	    request->actor);
	return (0);
}

int
request_source_disable(struct request *request, json_t **result, struct err *err)
{
	(void)result;
	if (sources_change(request, sources_set_disabled, err) < 0)
		return (-1);
	log_info("source.disable", "source=%s actor=\"%s\"", request_text(request, "source"),
	    request->actor);
	return (0);
}

int
request_source_test(struct request *request, json_t **result, struct err *err)
{
	struct buf report = BUF_INIT;
	const char *name;
	int status;

	name = request_need(request, "source", err);
	if (name == NULL)
		return (-1);
	status = run_probe(request->engine, name, &report, err);
	/* What went well is told also when something went wrong. */
	if (report.len > 0)
		(void)request_progress(request, json_pack("{s:s}", "report", report.data));
	if (status == 0)
		*result = json_pack("{s:s}", "report", report.data != NULL ? report.data : "");
	buf_close(&report);
	return (status);
}

/* ---- fetching now ------------------------------------------------------------------------------------ */

static void
sources_problem(void *context, const struct problem_row *row)
{
	struct request_progress *progress = context;

	(void)json_array_append_new(progress->problems, show_problem(row));
}

static json_t *
sources_conditions(const struct plan_report *report)
{
	json_t *object;
	size_t i;

	object = json_object();
	for (i = 0; i < CONDITION_N; i++)
		if (report->conditions[i] != 0)
			(void)json_object_set_new(object, condition_code((enum condition)i),
			    json_integer((json_int_t)report->conditions[i]));
	return (object);
}

static json_t *
sources_result(const char *source, const struct run_result *run)
{
	const struct plan_report *report = &run->report;

	return (json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}",
	    "source", source, "complete", run->complete, "seen", (json_int_t)run->seen,
	    "refused", (json_int_t)run->refused, "requests", (json_int_t)run->requests,
	    "entered", (json_int_t)report->entered, "left", (json_int_t)report->left,
	    "changed", (json_int_t)report->changed, "groups", (json_int_t)report->groups,
	    "excluded", (json_int_t)report->excluded, "overwrote",
	    (json_int_t)report->overwrote, "revision", (json_int_t)report->revision, "doubt",
	    request_string(run->doubt), "conditions", sources_conditions(report)));
}

static int
sources_waited(void *context, int64_t waited, int64_t limit)
{
	const struct request_progress *progress = context;

	return (request_progress(progress->request, json_pack("{s:s, s:s, s:I, s:I}", "source",
	    progress->source, "model", "seconds of Kombo's own sync", "records",
	    (json_int_t)waited, "expected", (json_int_t)limit)));
}

/* Has Kombo read the HR system again first; *answer tells how that went. */
static int
sources_upstream(struct request *request, const char *name, json_t **answer, struct err *err)
{
	struct request_progress progress = { .request = request, .source = name };
	const struct upstream_order order = { .source = name, .progress = sources_waited,
	    .context = &progress };
	struct upstream_result result;

	*answer = json_null();
	if (!request_flag(request, "upstream"))
		return (0);
	if (upstream_sync(request->engine, &order, request->arena, &result, err) < 0)
		return (-1);
	if (result.asked)
		*answer = json_pack("{s:s, s:b, s:s, s:o, s:b, s:I}", "type", result.type,
		    "already_queued", result.queued, "sync", result.sync, "state",
		    request_string(result.state), "changed", result.changed, "waited",
		    (json_int_t)result.waited);
	return (0);
}

/* Marks the source as being fetched, or takes that away again. */
static bool
sources_begin(struct request *request, const char *name)
{
	bool begun;

	engine_lock(request->engine);
	begun = engine_source_begin(request->engine, name, true);
	engine_unlock(request->engine);
	return (begun);
}

static void
sources_end(struct request *request, const char *name)
{
	engine_lock(request->engine);
	engine_source_end(request->engine, name);
	engine_unlock(request->engine);
}

/* `begun`: the source is marked as being fetched already; it is not afterwards. */
static int
sources_sync_one(struct request *request, const char *name, bool begun, json_t *list,
    struct err *err)
{
	struct request_progress progress = { .source = name };
	struct csv_input input;
	const struct run_order order = {
		.source = name,
		.complete = request_flag(request, "full") || request_flag(request, "upstream"),
		.wait = true,
		.begun = begun,
		.actor = request->actor,
		.input = request_input(request, &input),
		.progress = request_tell,
		.problem = sources_problem,
		.context = &progress,
	};
	json_t *one, *upstream;
	struct run_result run;
	int status;

	request_expect(request, &progress, order.complete);
	progress.problems = json_array();
	status = sources_upstream(request, name, &upstream, err);
	if (status == 0)
		status = run_source(request->engine, &order, request->arena, &run, err);
	else if (begun)
		sources_end(request, name);
	if (status == 0) {
		one = sources_result(name, &run);
		(void)json_object_set(one, "problems", progress.problems);
		(void)json_object_set(one, "upstream", upstream);
		(void)json_array_append_new(list, one);
	}
	json_decref(upstream);
	json_decref(progress.problems);
	return (status < 0 ? err_context(err, "source %s", name) : 0);
}

/* The names of the sources that may be fetched. */
static int
sources_ready(struct request *request, const char ***names, size_t *count, struct err *err)
{
	const struct conf_source *source;
	struct source_row *rows;
	size_t i, n;
	int result;

	engine_lock(request->engine);
	result = source_list(engine_db(request->engine), request->arena, &rows, &n, err);
	*names = arena_alloc(request->arena, (n + 1) * sizeof(**names));
	*count = 0;
	for (i = 0; result == 0 && i < n; i++) {
		source = conf_source(engine_conf(request->engine), rows[i].name);
		if (rows[i].approved != 0 && rows[i].enabled && *rows[i].retired == '\0' &&
		    source != NULL && conf_source_fetches(source))
			(*names)[(*count)++] = rows[i].name;
	}
	engine_unlock(request->engine);
	return (result);
}

/* One source failing never stops another: the last error is the answer's, all are listed. */
static int
sources_sync_all(struct request *request, json_t *list, struct err *err)
{
	struct err one = ERR_INIT;
	const char **names;
	size_t count, i;
	int status;

	if (sources_ready(request, &names, &count, err) < 0)
		return (-1);
	if (count == 0)
		return (err_set(err, ERR_REFUSED, "no source is approved and enabled: see "
		    "`rollcall source list`"));
	status = 0;
	for (i = 0; i < count; i++) {
		err_clear(&one);
		if (sources_sync_one(request, names[i], false, list, &one) == 0)
			continue;
		(void)json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "source",
		    names[i], "error", err_kind(one.code)->name, "text", one.text));
		*err = one;
		status = -1;
	}
	return (status);
}

/* What is held, with the first names of each class: for whoever waits for the answer. */
static void
sources_tell_held(struct request *request)
{
	struct request_reader reader;
	struct err err = ERR_INIT;
	json_t *held;

	if (request_reader_open(request, &reader, &err) < 0)
		return;
	if (show_held_plans(request, reader.db, &held, &err) == 0)
		(void)request_progress(request, json_pack("{s:O}", "held", held));
	json_decref(held);
	request_reader_close(request, &reader);
}

int
request_sync(struct request *request, json_t **result, struct err *err)
{
	const char *name;
	json_t *list;
	int status;

	list = json_array();
	name = request_text(request, "source");
	status = name != NULL ? sources_sync_one(request, name, false, list, err) :
	    sources_sync_all(request, list, err);
	if (status < 0 && json_array_size(list) > 0)
		(void)request_progress(request, json_pack("{s:O}", "runs", list));
	if (status < 0 && err->code == ERR_HELD)
		sources_tell_held(request);
	*result = json_pack("{s:o}", "runs", list);
	return (status);
}

/* Whether an approved source is to be fetched at once: others wait for an import. */
static bool
sources_has_run(struct request *request, const char *name)
{
	const struct conf_source *source;
	bool fetches;

	engine_lock(request->engine);
	source = conf_source(engine_conf(request->engine), name);
	fetches = source == NULL || conf_source_fetches(source);
	engine_unlock(request->engine);
	return (fetches);
}

static bool
sources_overwrote(const json_t *runs)
{
	const json_t *run;
	size_t i;

	json_array_foreach(runs, i, run)
		if (json_integer_value(json_object_get(run, "overwrote")) > 0)
			return (true);
	return (false);
}

/*
 * The first run is the one that is told about: it is marked before the source is approved, or
 * the schedule could be there first.
 */
int
request_source_approve(struct request *request, json_t **result, struct err *err)
{
	const char *name;
	int64_t since;
	json_t *list;
	bool begun;
	int status;

	since = clock_now();
	name = request_need(request, "source", err);
	if (name == NULL)
		return (-1);
	begun = sources_has_run(request, name);
	if (begun && !sources_begin(request, name))
		return (err_set(err, ERR_CANCELLED, "the daemon is stopping"));
	if (sources_change(request, sources_set_approved, err) < 0) {
		if (begun)
			sources_end(request, name);
		return (-1);
	}
	log_info("source.approve", "source=%s actor=\"%s\"", name, request->actor);
	list = json_array();
	status = begun ? sources_sync_one(request, name, true, list, err) : 0;
	if (status < 0)
		(void)err_context(err, "%s is approved, but its first run failed", name);
	else if (sources_overwrote(list))
		status = history_overwritten(request, since, err);
	*result = json_pack("{s:o}", "runs", list);
	return (status);
}
