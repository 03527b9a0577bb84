/*
 * Owns the times of the next runs, and the threads of those under way. Used by the daemon's
 * main thread; `lock` guards the count of threads alone.
 */
#include "config.h"

#include "sync/schedule.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "store/source.h"
#include "sync/hints.h"
#include "sync/run.h"
#include "sync/trouble.h"

#define SCHEDULE_LONGEST	CLOCK_MINUTE
#define SCHEDULE_SLOW_POLL	(5 * CLOCK_MINUTE)	/* while an integration is being set up */
#define SCHEDULE_PAUSE		(30 * CLOCK_SECOND)	/* when not even a failure can be written */
#define SCHEDULE_NAME		128

struct schedule_source {
	char	name[SCHEDULE_NAME];
	int64_t	next;		/* instant of the next run */
	int64_t	started;	/* instant of the last run that began here */
	bool	wanted;		/* a complete fetch that is wanted may begin at once */
	bool	busy;		/* a thread of ours fetches it; guarded by the lock */
	int64_t	hinted;		/* instant of a webhook no run has followed yet, 0 for none */
};

struct schedule {
	struct engine		*engine;
	struct schedule_source	*sources;
	size_t			 count;
	size_t			 room;
	int64_t			 next_tick;
	bool			 doubted;	/* the clock was in doubt at the last look */
	pthread_t		 main;		/* woken when a run ends */
	pthread_mutex_t		 lock;
	pthread_cond_t		 idle;
	size_t			 threads;
};

/* A run under way. */
struct schedule_job {
	struct schedule	*schedule;
	char		 name[SCHEDULE_NAME];
	const char	*actor;
};

/* ---- times ----------------------------------------------------------------------------------- */

/*
 * A tenth of the interval at most, either way, so that sources do not march in step. Always the
 * same for one run, so that looking again changes nothing.
 */
static int64_t
schedule_jitter(const struct source_row *row, int64_t interval)
{
	uint64_t draw;

	draw = hash64_seed(row->name, strlen(row->name), (uint64_t)row->tried_at);
	return (interval / 10 * ((int64_t)(draw % 65536) - 32768) / 32768);
}

static struct schedule_source *
schedule_find(struct schedule *schedule, const char *name)
{
	struct schedule_source *source;
	size_t i;

	for (i = 0; i < schedule->count; i++)
		if (strcmp(schedule->sources[i].name, name) == 0)
			return (&schedule->sources[i]);
	source = mem_grow(&schedule->sources, schedule->count++, &schedule->room,
	    sizeof(*source));
	(void)snprintf(source->name, sizeof(source->name), "%s", name);
	return (source);
}

static bool
schedule_waits_for_setup(const struct source_row *row)
{
	return (strcmp(row->error, err_kind(ERR_KOMBO_NOT_READY)->name) == 0);
}

/* The instant of a source's next run, from what its row says of the last one. Engine locked. */
static int
schedule_due(struct schedule *schedule, const struct conf_source *conf,
    struct schedule_source *source, struct err *err)
{
	struct source_row row;
	struct arena *arena;
	int64_t interval;
	int result;

	source->next = INT64_MAX;
	arena = arena_open();
	result = source_find(engine_db(schedule->engine), conf->name, arena, &row, err);
	/* What a later run leaves to be wanted, one that is held say, waits for the interval. */
	if (result > 0 && !row.full_wanted)
		source->wanted = false;
	if (result > 0 && row.approved != 0 && row.enabled && *row.retired == '\0' &&
	    conf_source_fetches(conf)) {
		interval = conf_source_number(engine_conf(schedule->engine), conf,
		    CONF_SOURCE_INTERVAL);
		source->next = row.tried_at + interval + schedule_jitter(&row, interval);
		if (schedule_waits_for_setup(&row) && interval > SCHEDULE_SLOW_POLL)
			source->next = row.tried_at + SCHEDULE_SLOW_POLL;
		/* After a clock that was set back the last run lies ahead: not for a year's rest. */
		if (row.tried_at == 0 || row.tried_at > clock_now() ||
		    source->wanted)
			source->next = 0;
	}
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

/*
 * A webhook brings the next run forward; those that come meanwhile bring no other. Engine
 * locked.
 */
static void
schedule_follow_hint(struct schedule *schedule, struct schedule_source *source)
{
	int64_t at;

	at = source->hinted + conf_number(&engine_conf(schedule->engine)->set,
	    CONF_WEBHOOK_DELAY);
	if (source->hinted > clock_now())
		at = 0;		/* the clock was set back */
	if (source->hinted != 0 && source->next != INT64_MAX && at < source->next)
		source->next = at;
}

/* Notes a webhook for the sources of an integration. */
static void
schedule_hint(void *context, const char *integration)
{
	struct schedule *schedule = context;
	struct schedule_source *source;
	const struct conf *conf;
	size_t i;

	engine_lock(schedule->engine);
	conf = engine_conf(schedule->engine);
	for (i = 0; i < conf->source_count; i++) {
		if (strcmp(conf_source_origin(&conf->sources[i]), integration) != 0)
			continue;
		source = schedule_find(schedule, conf->sources[i].name);
		if (source->hinted == 0)
			source->hinted = clock_now();
	}
	engine_unlock(schedule->engine);
}

/* Looks at every source's row again: commands may have changed it. */
static void
schedule_look(struct schedule *schedule)
{
	struct schedule_source *source;
	struct err err = ERR_INIT;
	const struct conf *conf;
	size_t i;

	for (i = 0; i < schedule->count; i++)
		schedule->sources[i].next = INT64_MAX;
	engine_lock(schedule->engine);
	conf = engine_conf(schedule->engine);
	for (i = 0; i < conf->source_count; i++) {
		source = schedule_find(schedule, conf->sources[i].name);
		if (schedule_due(schedule, &conf->sources[i], source, &err) < 0)
			log_err(LOG_LEVEL_ERROR, "schedule", &err, "source=%s", source->name);
		schedule_follow_hint(schedule, source);
	}
	engine_unlock(schedule->engine);
}

struct schedule *
schedule_open(struct engine *engine)
{
	struct schedule *schedule;

	schedule = mem_alloc(sizeof(*schedule));
	schedule->engine = engine;
	schedule->main = pthread_self();
	(void)pthread_mutex_init(&schedule->lock, NULL);
	(void)pthread_cond_init(&schedule->idle, NULL);
	schedule_reload(schedule);
	return (schedule);
}

void
schedule_close(struct schedule **out)
{
	struct schedule *schedule = *out;

	if (schedule == NULL)
		return;
	engine_cancel(schedule->engine);
	(void)pthread_mutex_lock(&schedule->lock);
	while (schedule->threads > 0)
		(void)pthread_cond_wait(&schedule->idle, &schedule->lock);
	(void)pthread_mutex_unlock(&schedule->lock);
	(void)pthread_cond_destroy(&schedule->idle);
	(void)pthread_mutex_destroy(&schedule->lock);
	mem_free(&schedule->sources);
	mem_free(out);
}

void
schedule_reload(struct schedule *schedule)
{
	size_t i;

	schedule_look(schedule);
	for (i = 0; i < schedule->count; i++)
		schedule->sources[i].wanted = true;
}

/* ---- runs --------------------------------------------------------------------------------------- */

static void
schedule_end(struct schedule *schedule, const char *name)
{
	size_t i;

	(void)pthread_mutex_lock(&schedule->lock);
	for (i = 0; i < schedule->count; i++)
		if (strcmp(schedule->sources[i].name, name) == 0)
			schedule->sources[i].busy = false;
	schedule->threads--;
	(void)pthread_cond_signal(&schedule->idle);
	(void)pthread_mutex_unlock(&schedule->lock);
}

static void *
schedule_run(void *context)
{
	struct schedule_job *job = context;
	struct schedule *schedule = job->schedule;
	const struct run_order order = { .source = job->name, .actor = job->actor };
	struct err err = ERR_INIT;
	struct run_result result;
	struct arena *arena;

	arena = arena_open();
	if (run_source(schedule->engine, &order, arena, &result, &err) < 0)
		log_err(err.code == ERR_BUSY || err.code == ERR_CANCELLED ||
		    err.code == ERR_KOMBO_NOT_READY ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR,
		    "run.failed", &err, "source=%s", job->name);
	arena_close(&arena);
	(void)pthread_kill(schedule->main, SIGUSR1);
	schedule_end(schedule, job->name);
	mem_free(&job);
	return (NULL);
}

static void
schedule_start(struct schedule *schedule, struct schedule_source *source)
{
	struct schedule_job *job;
	pthread_t thread;

	job = mem_alloc(sizeof(*job));
	job->schedule = schedule;
	job->actor = source->hinted != 0 ? "webhook" : "schedule";
	(void)snprintf(job->name, sizeof(job->name), "%s", source->name);
	(void)pthread_mutex_lock(&schedule->lock);
	source->busy = true;
	source->wanted = false;
	source->hinted = 0;
	schedule->threads++;
	(void)pthread_mutex_unlock(&schedule->lock);
	if (pthread_create(&thread, NULL, schedule_run, job) == 0) {
		(void)pthread_detach(thread);
		return;
	}
	log_error("schedule", "source=%s msg=\"no thread for its run\"", source->name);
	schedule_end(schedule, source->name);
	mem_free(&job);
}

static bool
schedule_is_busy(struct schedule *schedule, const struct schedule_source *source)
{
	bool busy;

	(void)pthread_mutex_lock(&schedule->lock);
	busy = source->busy;
	(void)pthread_mutex_unlock(&schedule->lock);
	if (busy)
		return (true);
	engine_lock(schedule->engine);
	busy = engine_source_running(schedule->engine, source->name);
	engine_unlock(schedule->engine);
	return (busy);
}

/*
 * A run is due by what its source's row says of the last one. Where the row cannot be written, a
 * full disk say, the next one begins after a pause all the same.
 */
static int64_t
schedule_next(const struct schedule_source *source, int64_t now)
{
	int64_t pause;

	pause = source->started + SCHEDULE_PAUSE;
	if (source->wanted || source->hinted != 0 || now < source->started || source->next >= pause)
		return (source->next);
	return (pause);
}

static void
schedule_tick(struct schedule *schedule, int64_t now)
{
	struct err err = ERR_INIT;
	int64_t due;

	if (engine_tick(schedule->engine, &err) < 0) {
		trouble_set(&err);
		log_err(LOG_LEVEL_ERROR, "clock.failed", &err, "what=dates");
	}
	schedule->doubted = engine_doubted(schedule->engine);
	engine_lock(schedule->engine);
	schedule->next_tick = now + conf_number(&engine_conf(schedule->engine)->set, CONF_TICK);
	engine_unlock(schedule->engine);
	/* A day begins between two ticks as well: midnight is not late by a quarter of an hour. */
	due = engine_next_due(schedule->engine);
	if (due != 0 && due > now && due < schedule->next_tick)
		schedule->next_tick = due;
}

/* True once when the clock has just been confirmed: what waited is due. */
static bool
schedule_is_confirmed(struct schedule *schedule)
{
	const bool before = schedule->doubted;

	schedule->doubted = engine_doubted(schedule->engine);
	return (before && !schedule->doubted);
}

void
schedule_work(struct schedule *schedule)
{
	struct schedule_source *source;
	int64_t now;
	size_t i;

	now = clock_now();
	/* Also when the clock was set back further than a tick. */
	if (schedule_is_confirmed(schedule) || now >= schedule->next_tick || schedule->next_tick - now > CLOCK_HOUR)
		schedule_tick(schedule, now);
	hints_take(engine_hints(schedule->engine), schedule_hint, schedule);
	schedule_look(schedule);
	for (i = 0; i < schedule->count; i++) {
		source = &schedule->sources[i];
		if (schedule_next(source, now) > now || schedule_is_busy(schedule, source))
			continue;
		source->started = now;
		schedule_start(schedule, source);
	}
}

int64_t
schedule_wait(struct schedule *schedule)
{
	int64_t next, now;
	size_t i;

	now = clock_now();
	next = schedule->next_tick;
	for (i = 0; i < schedule->count; i++)
		if (schedule_next(&schedule->sources[i], now) < next &&
		    !schedule_is_busy(schedule, &schedule->sources[i]))
			next = schedule_next(&schedule->sources[i], now);
	if (next <= now)
		return (0);
	return (next - now < SCHEDULE_LONGEST ? next - now : SCHEDULE_LONGEST);
}
