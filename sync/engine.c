/*
 * Owns the publisher's lock file, connection and configuration. Invariants: the configuration
 * in force is the one in the database; every plan runs under it, within the lock; a source is
 * fetched by one thread at a time.
 */
#include "config.h"

#include "sync/engine_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "store/history.h"
#include "store/person.h"
#include "store/source.h"
#include "store/suppress.h"
#include "sync/erase.h"
#include "sync/hints.h"
#include "sync/retain.h"
#include "sync/doubt.h"
#include "sync/step.h"
#include "sync/trouble.h"

/* ---- the lock file ------------------------------------------------------------------------- */

static int
engine_take_lock(struct engine *engine, const char *database, struct err *err)
{
	char holder[32] = "";
	char *path;
	ssize_t n;

	path = mem_printf("%s.lock", database);
	engine->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (engine->lock_fd < 0) {
		(void)err_set_errno(err, ERR_SYSTEM, errno, "%s cannot be opened: its folder "
		    "must exist and be writable by this user", path);
		mem_free(&path);
		return (-1);
	}
	if (flock(engine->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		n = pread(engine->lock_fd, holder, sizeof(holder) - 1, 0);
		holder[n > 0 ? strcspn(holder, "\n") : 0] = '\0';
		(void)err_set(err, ERR_BUSY, "process %s is the publisher already (it holds "
		    "%s)", holder, path);
		mem_free(&path);
		return (-1);
	}
	mem_free(&path);
	(void)snprintf(holder, sizeof(holder), "%ld\n", (long)getpid());
	if (ftruncate(engine->lock_fd, 0) < 0 ||
	    pwrite(engine->lock_fd, holder, strlen(holder), 0) < 0)
		return (err_set_errno(err, ERR_SYSTEM, errno, "the lock file"));
	return (0);
}

/* ---- opening and closing -------------------------------------------------------------------------- */

static int
engine_open_database(struct engine *engine, const char *path, struct err *err)
{
	(void)umask(007);	/* rulings F22 */
	if (engine_take_lock(engine, path, err) < 0)
		return (-1);
	return (db_open(path, DB_WRITER, &engine->db, err));
}

/*
 * Makes the key of hashes ready. The command does without what only the service can read: it
 * fails where a hash is needed.
 */
static int
engine_unlock_state(struct engine *engine, enum engine_mode mode, const struct conf *conf,
    struct err *err)
{
	const char *key = conf_text(&conf->set, CONF_STATE_KEY), *name;
	enum secret_kind kind;
	int result;

	engine->state_key = key != NULL && *key != '\0' ? mem_dup(key) : NULL;
	suppress_use(engine->db, engine->state_key);
	if (db_begin(engine->db, err) < 0)
		return (-1);
	result = suppress_unlock(engine->db, err);
	if (result == 0)
		return (db_commit(engine->db, err));
	db_rollback(engine->db);
	if (mode == ENGINE_DAEMON || err->code != ERR_SECRET || engine->state_key == NULL ||
	    !secret_parse(key, &kind, &name) || kind != SECRET_CRED || secret_has_credentials())
		return (-1);
	err_clear(err);
	return (0);
}

/*
 * Runs that never came to their end were cut off with the process that did them: it held the
 * lock that is ours now.
 */
static int
engine_end_interrupted(struct engine *engine, struct err *err)
{
	int64_t count;
	int result;

	if (db_begin(engine->db, err) < 0)
		return (-1);
	result = run_end_interrupted(engine->db, clock_now(), &count, err);
	if (result == 0)
		result = db_commit(engine->db, err);
	else
		db_rollback(engine->db);
	if (result == 0 && count > 0)
		log_warning("run.interrupted", "runs=%lld msg=\"the process that did them ended in "
		    "the middle; nothing of them was published, and they are done again\"",
		    (long long)count);
	return (result);
}

/*
 * A backup that was put back: who was erased since is erased again, and readers get a new epoch
 * (rulings F8).
 */
static int
engine_restored(struct engine *engine, struct err *err)
{
	int64_t instant, erased;

	if (erase_replay(engine->db, engine_conf(engine), engine->zones, engine_now(engine),
	    &erased, err) < 0)
		return (err_context(err, "erasing again"));
	if (erased > 0)
		log_warning("erase.again", "people=%lld msg=\"a backup had brought them back\"",
		    (long long)erased);
	if (db_restored_from(engine->db, &instant, err) < 0)
		return (-1);
	if (instant == 0)
		return (0);
	log_warning("restored", "msg=\"the database is a backup that was put back: readers load "
	    "it anew\"");
	return (db_renew(engine->db, err));
}

int
engine_open(const char *folder, enum engine_mode mode, struct conf_findings *findings,
    struct engine **out, struct err *err)
{
	struct conf_findings own = { .list = NULL };
	struct engine *engine;
	struct conf *conf;
	int result;

	*out = NULL;
	result = conf_load(folder, &conf, findings != NULL ? findings : &own, err);
	conf_findings_close(&own);
	if (result < 0)
		return (-1);
	engine = mem_alloc(sizeof(*engine));
	(void)pthread_mutex_init(&engine->lock, NULL);
	(void)pthread_cond_init(&engine->source_ended, NULL);
	engine->lock_fd = -1;
	engine->folder = mem_dup(folder);
	engine->zones = zones_open();
	engine->hints = hints_open();
	if (engine_open_database(engine, conf_text(&conf->set, CONF_DATABASE), err) < 0) {
		conf_close(&conf);
		engine_close(&engine);
		return (-1);
	}
	if (engine_unlock_state(engine, mode, conf, err) < 0 ||
	    engine_end_interrupted(engine, err) < 0 || doubt_look(engine->db, err) < 0) {
		conf_close(&conf);
		engine_close(&engine);
		return (-1);
	}
	if (engine_start(engine, mode, conf, err) < 0 || engine_restored(engine, err) < 0) {
		engine_close(&engine);
		return (-1);
	}
	*out = engine;
	return (0);
}

void
engine_close(struct engine **out)
{
	struct engine *engine = *out;
	struct err err = ERR_INIT;

	if (engine == NULL)
		return;
	if (engine->db != NULL)
		(void)db_checkpoint(engine->db, false, &err);
	db_close(&engine->db);
	if (engine->lock_fd >= 0)
		(void)close(engine->lock_fd);
	if (engine->conf != NULL)
		engine->conf->holders = 0;
	engine_sweep_conf(engine);
	zones_close(&engine->zones);
	hints_close(&engine->hints);
	mem_free(&engine->folder);
	mem_free(&engine->state_key);
	(void)pthread_cond_destroy(&engine->source_ended);
	(void)pthread_mutex_destroy(&engine->lock);
	mem_free(out);
}

/* ---- access ------------------------------------------------------------------------------------------- */

void
engine_lock(struct engine *engine)
{
	(void)pthread_mutex_lock(&engine->lock);
}

void
engine_unlock(struct engine *engine)
{
	(void)pthread_mutex_unlock(&engine->lock);
}

struct db *
engine_db(struct engine *engine)
{
	return (engine->db);
}

const struct conf *
engine_conf(struct engine *engine)
{
	return (engine->conf->conf);
}

struct zones *
engine_zones(struct engine *engine)
{
	return (engine->zones);
}

struct hints *
engine_hints(struct engine *engine)
{
	return (engine->hints);
}

const char *
engine_folder(const struct engine *engine)
{
	return (engine->folder);
}

const char *
engine_state_key(const struct engine *engine)
{
	return (engine->state_key);
}

const atomic_bool *
engine_cancelled(const struct engine *engine)
{
	return (&engine->cancel);
}

void
engine_cancel(struct engine *engine)
{
	atomic_store(&engine->cancel, true);
	(void)pthread_cond_broadcast(&engine->source_ended);
}

int64_t
engine_now(struct engine *engine)
{
	struct err err = ERR_INIT;
	struct doubt doubt;
	int64_t last, now;

	now = clock_now();
	if (meta_number(engine->db, "instant", &last, &err) < 0)
		return (now);
	/* Time stands still while the clock is in doubt (rulings F4). */
	if (last != 0 && doubt_get(engine->db, &doubt, &err) == 0 && doubt.kind != DOUBT_NONE)
		return (last);
	return (last < now ? now : last);
}

const struct conf *
engine_hold_conf(struct engine *engine)
{
	engine->conf->holders++;
	return (engine->conf->conf);
}

void
engine_release_conf(struct engine *engine, const struct conf *conf)
{
	struct engine_conf *node;

	for (node = engine->conf; node != NULL; node = node->next)
		if (node->conf == conf)
			node->holders--;
	engine_sweep_conf(engine);
}

static size_t
engine_find_running(struct engine *engine, const char *name)
{
	size_t i;

	for (i = 0; i < ENGINE_SOURCES_MAX; i++)
		if (engine->running[i] != NULL && strcmp(engine->running[i], name) == 0)
			return (i);
	return (ENGINE_SOURCES_MAX);
}

bool
engine_source_running(struct engine *engine, const char *name)
{
	return (engine_find_running(engine, name) < ENGINE_SOURCES_MAX);
}

bool
engine_source_begin(struct engine *engine, const char *name, bool wait)
{
	size_t i;

	while (engine_source_running(engine, name)) {
		if (!wait || atomic_load(&engine->cancel))
			return (false);
		(void)pthread_cond_wait(&engine->source_ended, &engine->lock);
	}
	for (i = 0; i < ENGINE_SOURCES_MAX; i++) {
		if (engine->running[i] == NULL) {
			engine->running[i] = mem_dup(name);
			return (true);
		}
	}
	return (false);
}

void
engine_source_end(struct engine *engine, const char *name)
{
	size_t at;

	at = engine_find_running(engine, name);
	if (at < ENGINE_SOURCES_MAX)
		mem_free(&engine->running[at]);
	(void)pthread_cond_broadcast(&engine->source_ended);
}

/* ---- publishing ------------------------------------------------------------------------------------------ */

int
engine_publish_inside(struct engine *engine, struct plan_order *order,
    struct plan_report *report, struct err *err)
{
	struct plan *plan;
	int result;

	if (plan_open(engine->db, order, &plan, err) < 0)
		return (-1);
	step_done(STEP_PLAN);
	result = plan_publish(plan, report, err);
	plan_close(&plan);
	if (result < 0)
		return (-1);
	step_done(STEP_WRITE);
	return (meta_set_number(engine->db, "instant", order->now, err));
}

int
engine_publish(struct engine *engine, struct plan_order *order, struct plan_report *report,
    struct err *err)
{
	order->conf = engine_conf(engine);
	order->zones = engine->zones;
	order->now = engine_now(engine);
	if (db_begin(engine->db, err) < 0)
		return (-1);
	if (engine_publish_inside(engine, order, report, err) < 0) {
		db_rollback(engine->db);
		return (-1);
	}
	if (db_commit(engine->db, err) < 0)
		return (-1);
	trouble_clear();
	step_done(STEP_COMMIT);
	return (0);
}

/* ---- clock ---------------------------------------------------------------------------------- */

int
engine_tick(struct engine *engine, struct err *err)
{
	struct plan_order order = { .due = true };
	struct plan_report report;
	int64_t due;
	int result;

	engine_lock(engine);
	result = doubt_look(engine->db, err);
	if (result == 0)
		result = person_next_due(engine->db, &due, err);
	if (result == 0 && due != 0 && due <= engine_now(engine)) {
		result = engine_publish(engine, &order, &report, err);
		if (result == 0)
			log_info("clock.flips", "judged=%lld entered=%lld left=%lld "
			    "changed=%lld erased=%lld", (long long)report.judged,
			    (long long)report.entered, (long long)report.left,
			    (long long)report.changed, (long long)report.erased);
	}
	if (result == 0)
		result = retain_work(engine->db, engine_conf(engine), engine->zones,
		    engine_now(engine), err);
	engine_unlock(engine);
	return (result);
}

bool
engine_doubted(struct engine *engine)
{
	struct err err = ERR_INIT;
	struct doubt doubt;
	bool doubted;

	engine_lock(engine);
	doubted = doubt_get(engine->db, &doubt, &err) == 0 && doubt.kind != DOUBT_NONE;
	engine_unlock(engine);
	return (doubted);
}

int64_t
engine_next_due(struct engine *engine)
{
	struct err err = ERR_INIT;
	int64_t due;

	engine_lock(engine);
	if (person_next_due(engine->db, &due, &err) < 0)
		due = 0;
	engine_unlock(engine);
	return (due);
}
