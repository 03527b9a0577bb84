/*
 * Owns the copy of the database, what was fetched for it, and the marks on sources that are
 * being fetched. Invariants: the connection `before` is in a read transaction that began when
 * the copy was taken, after the last page had come, so that it waits for no network.
 */
#include "config.h"

#include "sync/trial.h"

#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "store/person.h"
#include "store/record.h"
#include "store/source.h"
#include "store/suppress.h"
#include "sync/conf_rows.h"
#include "sync/gate.h"
#include "sync/kombo/fetch.h"
#include "sync/provider.h"

struct trial {
	struct engine			*engine;
	const struct trial_order	*order;
	struct arena			*arena;
	const struct conf		*held;		/* in force */
	const struct conf		*conf;		/* tried */
	struct zones			*zones;
	int64_t				 now;
	const char			*path;
	struct trial_source		*sources;
	size_t				 source_count;
	size_t				 marked;	/* so many of them are ours to fetch */
	struct db			*before;
	struct db			*after;
	struct trial_report		 report;
	struct trial_hold		*holds;		/* room for the reload and each source */
	size_t				 hold_count;
};

/* ---- which sources ------------------------------------------------------------------------- */

static bool
trial_fetches(const struct trial *trial, const struct source_row *row)
{
	if (trial->order->source != NULL)
		return (strcmp(trial->order->source, row->name) == 0);
	return ((row->approved != 0 || trial->order->every) && row->enabled);
}

/* The sources of the configuration that is tried, and which of them are to be fetched. */
static int
trial_choose(struct trial *trial, struct err *err)
{
	struct source_row row;
	size_t i;
	int result;

	trial->sources = arena_alloc(trial->arena,
	    (trial->conf->source_count + 1) * sizeof(*trial->sources));
	for (i = 0; i < trial->conf->source_count; i++) {
		row = (struct source_row){ .name = trial->conf->sources[i].name,
		    .enabled = true };
		result = source_find(engine_db(trial->engine), trial->conf->sources[i].name,
		    trial->arena, &row, err);
		if (result < 0)
			return (-1);
		if (!trial_fetches(trial, &row) || (trial->order->source == NULL &&
		    !conf_source_fetches(&trial->conf->sources[i])))
			continue;
		trial->sources[trial->source_count++] = (struct trial_source){
			.conf = &trial->conf->sources[i],
			.id = row.id,
			.row = row,
		};
	}
	if (trial->order->source != NULL && trial->source_count == 0)
		return (err_set(err, ERR_NOT_FOUND, "there is no source %s: sources are the "
		    "files in %s/sources.d", trial->order->source, trial->conf->folder));
	return (0);
}

static bool
trial_same(const struct conf_source *a, const struct conf_source *b, enum conf_key key)
{
	const char *x = conf_text(&a->set, key), *y = conf_text(&b->set, key);

	return (strcmp(x != NULL ? x : "", y != NULL ? y : "") == 0);
}

/* The reference to a source's key: a stored configuration has no literal ones. */
static const char *
trial_key(const struct trial *trial, const struct conf_source *source)
{
	const struct conf_source *old;
	const char *key;

	key = conf_text(&source->set, CONF_API_KEY);
	old = conf_source(trial->held, source->name);
	if (key != NULL && strcmp(key, "literal:") == 0 && old != NULL &&
	    conf_provider(old) == CONF_FROM_KOMBO)
		return (conf_text(&old->set, CONF_API_KEY));
	return (key);
}

/* A file is read only where one of that name is read already. */
static int
trial_check_file(const struct trial *trial, const struct conf_source *source,
    struct err *err)
{
	size_t i;

	if (trial->order->input != NULL)
		return (0);
	for (i = 0; i < trial->held->source_count; i++)
		if (conf_provider(&trial->held->sources[i]) == CONF_FROM_CSV &&
		    trial_same(&trial->held->sources[i], source, CONF_CSV_FILE))
			return (0);
	return (err_set(err, ERR_DENIED, "%s names a file that no source in force reads: only "
	    "root may try it", source->file));
}

/* A key goes only where it goes already, unless whoever asks may send it anywhere. */
static int
trial_check_key(const struct trial *trial, const struct conf_source *source,
    struct err *err)
{
	const struct conf_source *old;
	const char *key;
	size_t i;

	if (trial->order->trusted || trial->conf == trial->held)
		return (0);
	if (conf_provider(source) == CONF_FROM_CSV)
		return (trial_check_file(trial, source, err));
	key = trial_key(trial, source);
	for (i = 0; i < trial->held->source_count; i++) {
		old = &trial->held->sources[i];
		if (key != NULL && trial_same(old, source, CONF_API) &&
		    strcmp(key, conf_text(&old->set, CONF_API_KEY)) == 0)
			return (0);
	}
	return (err_set(err, ERR_DENIED, "%s has an api_key or api that no source in force has: "
	    "only root may try it", source->file));
}

/* Marks the sources, so that nobody else fetches them. Lock held. */
static int
trial_mark(struct trial *trial, struct err *err)
{
	const char *name;

	for (; trial->marked < trial->source_count; trial->marked++) {
		name = trial->sources[trial->marked].conf->name;
		if (!engine_source_begin(trial->engine, name, true))
			return (err_set(err, ERR_BUSY, "source %s is being fetched already: see "
			    "`rollcall status`", name));
	}
	return (0);
}

static void
trial_unmark(struct trial *trial)
{
	while (trial->marked > 0)
		engine_source_end(trial->engine, trial->sources[--trial->marked].conf->name);
}

static int
trial_prepare(struct trial *trial, struct err *err)
{
	int result;

	engine_lock(trial->engine);
	trial->held = engine_hold_conf(trial->engine);
	trial->conf = trial->order->conf != NULL ? trial->order->conf : trial->held;
	trial->path = arena_dup(trial->arena, db_path(engine_db(trial->engine)));
	result = trial_choose(trial, err);
	if (result == 0)
		result = trial_mark(trial, err);
	trial->now = engine_now(trial->engine);
	engine_unlock(trial->engine);
	return (result);
}

/* ---- fetching ------------------------------------------------------------------------------- */

struct trial_progress {
	const struct trial_order	*order;
	const char			*source;
};

static void
trial_tell(void *context, const char *model, int64_t pages, int64_t records)
{
	const struct trial_progress *progress = context;

	(void)pages;
	progress->order->progress(progress->order->context, progress->source, model, records);
}

static int
trial_fetch(struct trial *trial, struct trial_source *source, struct err *err)
{
	struct trial_progress progress = { trial->order, source->conf->name };
	struct fetch_order order = {
		.conf = trial->conf,
		.source = source->conf,
		.source_id = source->id,
		.stage_all = true,
		.cancel = engine_cancelled(trial->engine),
		.progress = trial->order->progress != NULL ? trial_tell : NULL,
		.context = &progress,
	};
	char *key = NULL;
	int result;

	if (provider_check(source->conf, trial->order->input, err) < 0 ||
	    trial_check_key(trial, source->conf, err) < 0)
		return (-1);
	if (conf_provider(source->conf) == CONF_FROM_KOMBO && secret_read(trial_key(trial, source->conf), &key, err) < 0)
		return (err_context(err, "%s: api_key", source->conf->file));
	order.key = key;
	result = provider_fetch(&order, trial->order->input, trial->path, &source->fetched, err);
	secret_free(&key);
	return (result < 0 ? err_context(err, "source %s", source->conf->name) : 0);
}

static int
trial_fetch_all(struct trial *trial, struct err *err)
{
	size_t i;

	for (i = 0; i < trial->source_count; i++)
		if (trial_fetch(trial, &trial->sources[i], err) < 0)
			return (-1);
	return (0);
}

/* ---- the road, in the copy ------------------------------------------------------------------ */

/* Takes the copy, and pins what is compared with it to the same moment. */
static int
trial_copy(struct trial *trial, struct err *err)
{
	int64_t revision;

	if (db_open(trial->path, DB_ADMIN, &trial->before, err) < 0 ||
	    db_begin(trial->before, err) < 0 ||
	    meta_number(trial->before, "revision", &revision, err) < 0 ||
	    db_copy(trial->before, &trial->after, err) < 0)
		return (-1);
	suppress_use(trial->after, engine_state_key(trial->engine));
	return (db_begin(trial->after, err));
}

static void
trial_note_hold(struct trial *trial, const struct gate *gate)
{
	const struct weigh *weigh = gate->weigh;
	struct trial_hold *hold = &trial->holds[trial->hold_count++];
	struct hold_class *class;
	size_t i;

	*hold = (struct trial_hold){ .source = gate->source, .approvable = weigh->approvable,
	    .class_count = weigh->class_count };
	hold->classes = arena_alloc(trial->arena,
	    (weigh->class_count + 1) * sizeof(*hold->classes));
	for (i = 0; i < weigh->class_count; i++) {
		class = &hold->classes[i];
		*class = weigh->classes[i];
		class->source = arena_dup(trial->arena, class->source);
		class->class = arena_dup(trial->arena, class->class);
		class->subject = arena_dup(trial->arena, class->subject);
	}
}

/* Whether it would be held: that is noted, and the trial goes on. */
static int
trial_weigh(struct trial *trial, const struct plan_order *order, struct plan *plan,
    const char *source, struct err *err)
{
	struct gate gate = { .db = trial->after, .order = order, .source = source };
	int result;

	result = gate_try(&gate, plan, err);
	if (result > 0)
		trial_note_hold(trial, &gate);
	if (result == 0)
		result = gate_passed(&gate, err);
	gate_close(&gate);
	return (result < 0 ? -1 : 0);
}

/* `source`: of a run, "" for a reload, which pass the safeguards; NULL for what does not. */
static int
trial_publish(struct trial *trial, struct plan_order *order, const char *source,
    struct err *err)
{
	struct plan_report report;
	struct plan *plan;
	int result;

	order->conf = trial->conf;
	order->zones = trial->zones;
	order->gated = trial->order->weigh && source != NULL;
	if (plan_open(trial->after, order, &plan, err) < 0)
		return (-1);
	result = order->gated ? trial_weigh(trial, order, plan, source, err) : 0;
	if (result == 0)
		result = plan_publish(plan, &report, err);
	plan_close(&plan);
	if (result == 0) {
		trial->report.erased += report.erased;
		trial->report.overwrote += report.overwrote;
	}
	return (result);
}

/* As a reload does: views and rows of sources, then everybody under the new rules. */
static int
trial_reload(struct trial *trial, struct err *err)
{
	struct plan_order order = { .before = trial->held, .everybody = true,
	    .now = trial->now };

	if (trial->conf == trial->held)
		return (0);
	if (conf_rows_write(trial->after, trial->conf, err) < 0)
		return (-1);
	return (trial_publish(trial, &order, "", err));
}

/* A source that the configuration brings had no id while it was fetched. */
static int
trial_number(struct trial *trial, struct trial_source *source, struct err *err)
{
	struct source_row row;

	if (source->id != 0)
		return (0);
	if (source_find(trial->after, source->conf->name, trial->arena, &row, err) < 1)
		return (err->code != ERR_NONE ? -1 : err_set(err, ERR_INTERNAL,
		    "source %s has no row", source->conf->name));
	source->id = row.id;
	return (stage_set_source(source->fetched->stage, row.id, err));
}

static int
trial_pull(struct trial *trial, struct trial_source *source, struct err *err)
{
	struct plan_order order = { .fetched = source->fetched, .due = true,
	    .now = trial->now };

	if (trial_number(trial, source, err) < 0)
		return (-1);
	order.source = source->id;
	order.first = source->row.watermark == 0;
	return (trial_publish(trial, &order, source->conf->name, err));
}

/*
 * The days until the one that is tried, each midnight that changes something by itself as the
 * clock would have it; on the day itself it is that day everywhere.
 */
static int
trial_wait(struct trial *trial, struct err *err)
{
	struct plan_order last = { .everybody = true, .day = trial->order->day };
	int64_t due, until;

	if (trial->order->day == DAY_NONE)
		return (0);
	until = (int64_t)trial->order->day * CLOCK_DAY;
	for (;;) {
		struct plan_order order = { .due = true };

		if (person_next_due(trial->after, &due, err) < 0)
			return (-1);
		if (due == 0 || due > until)
			break;
		order.now = due > trial->now ? due : trial->now;
		if (trial_publish(trial, &order, NULL, err) < 0)
			return (-1);
	}
	last.now = until > trial->now ? until : trial->now;
	return (trial_publish(trial, &last, NULL, err));
}

static int
trial_walk(struct trial *trial, struct err *err)
{
	size_t i;

	trial->holds = arena_alloc(trial->arena,
	    (trial->source_count + 1) * sizeof(*trial->holds));
	if (trial_copy(trial, err) < 0 || trial_reload(trial, err) < 0)
		return (-1);
	for (i = 0; i < trial->source_count; i++)
		if (trial_pull(trial, &trial->sources[i], err) < 0)
			return (-1);
	return (trial_wait(trial, err));
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int
trial_check_day(struct trial *trial, struct err *err)
{
	struct zone *zone;
	char text[DAY_TEXT_SIZE];

	if (trial->order->day == DAY_NONE)
		return (0);
	zone = zones_get(trial->zones, conf_text(&trial->conf->set, CONF_TIMEZONE));
	if (zone == NULL || trial->order->day >= zone_today(zone, trial->now))
		return (0);
	return (err_set(err, ERR_USAGE, "%s has passed: a date to be tried lies ahead",
	    day_format(trial->order->day, text)));
}

int
trial_open(struct engine *engine, const struct trial_order *order, struct trial **out,
    struct err *err)
{
	struct trial *trial;
	int result;

	*out = trial = mem_alloc(sizeof(*trial));
	trial->engine = engine;
	trial->order = order;
	trial->arena = arena_open();
	trial->zones = zones_open();
	result = trial_prepare(trial, err);
	if (result == 0)
		result = trial_check_day(trial, err);
	if (result == 0)
		result = trial_fetch_all(trial, err);
	if (result == 0)
		result = trial_walk(trial, err);
	engine_lock(engine);
	trial_unmark(trial);
	engine_unlock(engine);
	if (result < 0)
		trial_close(out);
	return (result);
}

void
trial_close(struct trial **out)
{
	struct trial *trial = *out;
	size_t i;

	if (trial == NULL)
		return;
	for (i = 0; i < trial->source_count; i++)
		fetched_close(&trial->sources[i].fetched);
	if (trial->before != NULL)
		db_rollback(trial->before);	/* nothing was written */
	db_close(&trial->before);
	db_close(&trial->after);
	zones_close(&trial->zones);
	engine_lock(trial->engine);
	engine_release_conf(trial->engine, trial->held);
	engine_unlock(trial->engine);
	arena_close(&trial->arena);
	mem_free(out);
}

const struct conf *
trial_conf(const struct trial *trial)
{
	return (trial->conf);
}

const struct conf *
trial_held(const struct trial *trial)
{
	return (trial->held);
}

const struct trial_source *
trial_sources(const struct trial *trial, size_t *count)
{
	*count = trial->source_count;
	return (trial->sources);
}

const struct trial_report *
trial_report(const struct trial *trial)
{
	return (&trial->report);
}

const struct trial_hold *
trial_holds(const struct trial *trial, size_t *count)
{
	*count = trial->hold_count;
	return (trial->holds);
}

struct db *
trial_before(const struct trial *trial)
{
	return (trial->before);
}

struct db *
trial_after(const struct trial *trial)
{
	return (trial->after);
}

/* Records that were new when they were fetched are known by now. */
static int
trial_note_records(struct trial *trial, const struct trial_source *source, struct err *err)
{
	struct stage *stage = source->fetched->stage;
	struct record_row known;
	struct stage_ref ref;
	struct arena *arena;
	int result;

	if (stage_walk(stage, err) < 0)
		return (-1);
	arena = arena_open();
	while ((result = stage_next(stage, &ref, err)) > 0) {
		arena_reset(arena);
		result = ref.record != 0 ? 0 :
		    record_find(trial->after, source->id, ref.kombo, arena, &known, err);
		if (result < 0 || (result > 0 && stage_set_record(stage, ref.row, known.id,
		    err) < 0))
			break;
	}
	arena_close(&arena);
	return (err->code != ERR_NONE ? -1 : 0);
}

/* The same plan again changes nothing (acceptance 13), and tells of each record in the end. */
int
trial_each(struct trial *trial, const struct trial_source *source,
    int (*found)(void *context, const struct plan_item *item), void *context,
    struct err *err)
{
	struct plan_order order = {
		.conf = trial->conf,
		.fetched = source->fetched,
		.source = source->id,
		.zones = trial->zones,
		.now = trial->now,
		.day = trial->order->day != DAY_NONE ? trial->order->day : 0,
	};
	struct plan *plan;
	int result;

	if (trial_note_records(trial, source, err) < 0 ||
	    plan_open(trial->after, &order, &plan, err) < 0)
		return (-1);
	result = plan_each(plan, found, context, err);
	plan_close(&plan);
	return (result);
}
