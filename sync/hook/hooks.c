/*
 * Owns a thread for each hook, with a reading connection of its own. Events are read and handed
 * over without any lock; only to write down what was taken does a thread hold the engine's, for
 * the length of a small transaction. A thread whose hook left the configuration ends; it is
 * joined by the main thread.
 */
#include "config.h"

#include "sync/hook/hooks.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/event.h"
#include "store/source.h"
#include "sync/hook/command.h"
#include "sync/hook/post.h"
#include "sync/pause.h"

#define HOOKS_STEP	(100 * 1000)		/* between two looks at the queue */
#define HOOKS_BATCH	32			/* events handed over in one transaction, at most */
#define HOOKS_BACKOFF	(5 * CLOCK_SECOND)	/* doubled with each attempt in vain */
#define HOOKS_BACKOFF_MOST CLOCK_HOUR

struct hook_thread {
	struct hooks	*hooks;
	char		*name;
	pthread_t	 thread;
	atomic_bool	 ended;
	struct db	*db;		/* reading */
	int64_t		 version;	/* of the database, when it was looked at */
	int64_t		 look_at;	/* instant at which to look again all the same */
};

struct hooks {
	struct engine		*engine;
	struct hook_thread	**threads;
	size_t			 count;
	size_t			 room;
	atomic_bool		 stop;
};

/* What a look at the queue works with. */
struct round {
	struct hook_thread	*thread;
	struct arena		*arena;
	const struct conf	*conf;		/* held */
	const struct conf_hook	*hook;		/* NULL: it is no more */
	struct hook_row		 row;
	struct uuid		 epoch;
};

/* ---- writing down ------------------------------------------------------------------------------ */

/* Saves the row, after taking events out of the queue up to `last` (0: none). */
static int
round_save(struct round *round, int64_t last, int64_t expired, struct err *err)
{
	struct engine *engine = round->thread->hooks->engine;
	struct hook_row *row = &round->row;
	struct db *db;
	int64_t count;
	int result;

	engine_lock(engine);
	db = engine_db(engine);
	count = 0;
	result = db_begin(db, err);
	if (result == 0 && last != 0)
		result = event_done(db, row->id, last, err);
	if (result == 0 && expired != 0)
		result = event_expire(db, row->id, expired, &count, err);
	row->dropped += count;
	if (result == 0)
		result = hook_save(db, row, err);
	if (result == 0)
		result = db_commit(db, err);
	if (result < 0)
		db_rollback(db);
	engine_unlock(engine);
	return (result);
}

/* ---- one event --------------------------------------------------------------------------------- */

static int
round_deliver(const struct round *round, const struct event_row *event, struct err *err)
{
	const struct conf_set *set = &round->hook->set;
	const atomic_bool *stop = &round->thread->hooks->stop;
	struct hook_body body;
	int result;

	hook_body_make(&body, round->hook->name, &round->epoch, event);
	result = conf_given(set, CONF_HOOK_URL) ? hook_post(set, &body, stop, err) :
	    hook_command(set, &body, stop, err);
	hook_body_close(&body);
	return (result);
}

static void
round_succeeded(struct round *round, int64_t now)
{
	struct hook_row *row = &round->row;

	if (row->failing_since != 0)
		log_info("hook.recovered", "hook=%s attempts=%lld", row->name,
		    (long long)row->attempts);
	row->delivered++;
	row->delivered_at = now;
	row->failing_since = row->attempts = row->next_at = 0;
	row->error = "";
}

/* Puts the next attempt off, or gives up for good. */
static void
round_failed(struct round *round, int64_t now, const struct err *why)
{
	struct hook_row *row = &round->row;
	int64_t wait;

	if (row->failing_since == 0 || row->failing_since > now)
		row->failing_since = now;
	wait = row->attempts < 20 ? HOOKS_BACKOFF << row->attempts : HOOKS_BACKOFF_MOST;
	if (wait > HOOKS_BACKOFF_MOST)
		wait = HOOKS_BACKOFF_MOST;
	row->attempts++;
	row->next_at = now + wait;
	row->error = arena_dup(round->arena, why->text);
	if (row->attempts == 1)
		log_err(LOG_LEVEL_WARNING, "hook.failed", why, "hook=%s", row->name);
	if (now - row->failing_since < conf_number(&round->hook->set, CONF_HOOK_GIVE_UP))
		return;
	row->parked_at = now;
	log_err(LOG_LEVEL_ERROR, "hook.parked", why, "hook=%s attempts=%lld "
	    "todo=\"rollcall hooks retry %s\"", row->name, (long long)row->attempts, row->name);
}

/* ---- one look at the queue --------------------------------------------------------------------- */

/* Hands over what waits, until one fails. 1: there may be more; 0: all was done; -1. */
static int
round_work(struct round *round, struct err *err)
{
	struct err why = ERR_INIT;
	struct event_row *events;
	size_t count, i;
	int64_t last;

	if (event_next(round->thread->db, round->row.id, HOOKS_BATCH, round->arena, &events,
	    &count, err) < 0)
		return (-1);
	last = 0;
	for (i = 0; i < count; i++) {
		if (round_deliver(round, &events[i], &why) < 0)
			break;
		round_succeeded(round, clock_now());
		last = events[i].id;
	}
	if (why.code != ERR_NONE && why.code != ERR_CANCELLED)
		round_failed(round, clock_now(), &why);
	if (count > 0 && (last != 0 || round->row.attempts > 0) &&
	    round_save(round, last, 0, err) < 0)
		return (-1);
	return (i == count && count == HOOKS_BATCH);
}

/* What waited too long for a parked hook is dropped, and counted. */
static int
round_expire(struct round *round, struct err *err)
{
	int64_t before;

	before = clock_now() - conf_number(&round->hook->set, CONF_HOOK_KEEP);
	if (round->row.waiting == 0 || round->row.oldest >= before)
		return (0);
	return (round_save(round, 0, before, err));
}

static int
round_look(struct round *round, struct err *err)
{
	struct hook_thread *thread = round->thread;
	int64_t now;
	int result;

	result = hook_find(thread->db, round->hook->name, round->arena, &round->row, err);
	if (result <= 0)
		return (result);
	if (meta_uuid(thread->db, "epoch", &round->epoch, err) < 0)
		return (-1);
	now = clock_now();
	thread->look_at = now + CLOCK_MINUTE;
	if (round->row.parked_at != 0)
		return (round_expire(round, err));
	/* A clock that was set back does not make it longer. */
	if (round->row.next_at > now && round->row.next_at - now <= HOOKS_BACKOFF_MOST) {
		if (round->row.next_at < thread->look_at)
			thread->look_at = round->row.next_at;
		return (0);
	}
	result = round_work(round, err);
	if (round->row.next_at != 0 && round->row.next_at < thread->look_at)
		thread->look_at = round->row.next_at;
	return (result);
}

/* ---- the thread -------------------------------------------------------------------------------- */

static int
thread_open_db(struct hook_thread *thread, struct err *err)
{
	struct engine *engine = thread->hooks->engine;
	char *path;
	int result;

	if (thread->db != NULL)
		return (0);
	engine_lock(engine);
	path = mem_dup(db_path(engine_db(engine)));
	engine_unlock(engine);
	result = db_open(path, DB_ADMIN, &thread->db, err);
	mem_free(&path);
	thread->version = -1;
	return (result);
}

/* Whether there may be something to do: cheap, for it is asked often. */
static int
thread_is_due(struct hook_thread *thread, struct err *err)
{
	int64_t now, version;

	if (thread_open_db(thread, err) < 0 ||
	    db_data_version(thread->db, &version, err) < 0)
		return (-1);
	now = clock_now();
	if (version == thread->version && now < thread->look_at &&
	    thread->look_at - now <= HOOKS_BACKOFF_MOST)
		return (0);
	thread->version = version;
	return (1);
}

/* 1: again at once; 0: later; -1. *gone: the hook is no more. */
static int
thread_round(struct hook_thread *thread, bool *gone, struct err *err)
{
	struct engine *engine = thread->hooks->engine;
	struct round round = { .thread = thread };
	int result;

	result = thread_is_due(thread, err);
	if (result <= 0)
		return (result);
	round.arena = arena_open();
	engine_lock(engine);
	round.conf = engine_hold_conf(engine);
	engine_unlock(engine);
	round.hook = conf_hook(round.conf, thread->name);
	*gone = round.hook == NULL;
	result = *gone ? 0 : round_look(&round, err);
	if (result > 0)
		thread->look_at = 0;
	engine_lock(engine);
	engine_release_conf(engine, round.conf);
	engine_unlock(engine);
	arena_close(&round.arena);
	return (result);
}

static void *
thread_run(void *context)
{
	struct hook_thread *thread = context;
	const atomic_bool *stop = &thread->hooks->stop;
	struct err err = ERR_INIT;
	bool gone;
	int result;

	gone = false;
	while (!gone && !atomic_load(stop)) {
		err_clear(&err);
		result = thread_round(thread, &gone, &err);
		if (result < 0) {
			log_err(LOG_LEVEL_ERROR, "hook", &err, "hook=%s", thread->name);
			db_close(&thread->db);	/* it may be another file by now */
			(void)pause_for(HOOKS_BACKOFF, stop);
		} else if (result == 0) {
			(void)pause_for(HOOKS_STEP, stop);
		}
	}
	db_close(&thread->db);
	atomic_store(&thread->ended, true);
	return (NULL);
}

/* ---- all of them ------------------------------------------------------------------------------- */

static void
thread_close(struct hook_thread **thread)
{
	(void)pthread_join((*thread)->thread, NULL);
	mem_free(&(*thread)->name);
	mem_free(thread);
}

/* Joins threads that have ended. */
static void
hooks_sweep(struct hooks *hooks)
{
	size_t i, n;

	for (i = n = 0; i < hooks->count; i++) {
		if (atomic_load(&hooks->threads[i]->ended))
			thread_close(&hooks->threads[i]);
		else
			hooks->threads[n++] = hooks->threads[i];
	}
	hooks->count = n;
}

static void
hooks_start(struct hooks *hooks, const char *name)
{
	struct hook_thread *thread, **slot;
	size_t i;

	for (i = 0; i < hooks->count; i++)
		if (strcmp(hooks->threads[i]->name, name) == 0)
			return;
	thread = mem_alloc(sizeof(*thread));
	thread->hooks = hooks;
	thread->name = mem_dup(name);
	if (pthread_create(&thread->thread, NULL, thread_run, thread) != 0) {
		log_error("hook", "hook=%s msg=\"no thread for it\"", name);
		mem_free(&thread->name);
		mem_free(&thread);
		return;
	}
	slot = mem_grow(&hooks->threads, hooks->count++, &hooks->room, sizeof(*slot));
	*slot = thread;
}

void
hooks_reload(struct hooks *hooks)
{
	const struct conf *conf;
	size_t i;

	hooks_sweep(hooks);
	engine_lock(hooks->engine);
	conf = engine_hold_conf(hooks->engine);
	engine_unlock(hooks->engine);
	for (i = 0; i < conf->hook_count; i++)
		hooks_start(hooks, conf->hooks[i].name);
	engine_lock(hooks->engine);
	engine_release_conf(hooks->engine, conf);
	engine_unlock(hooks->engine);
}

struct hooks *
hooks_open(struct engine *engine)
{
	struct hooks *hooks;

	hooks = mem_alloc(sizeof(*hooks));
	hooks->engine = engine;
	hooks_reload(hooks);
	return (hooks);
}

void
hooks_close(struct hooks **out)
{
	struct hooks *hooks = *out;
	size_t i;

	if (hooks == NULL)
		return;
	atomic_store(&hooks->stop, true);
	for (i = 0; i < hooks->count; i++)
		thread_close(&hooks->threads[i]);
	mem_free(&hooks->threads);
	mem_free(out);
}
