/*
 * Owns the publisher's lock file, connection and configuration. Invariants: the configuration
 * in force is the one in the database; every plan runs under it, within the lock; a source is
 * fetched by one thread at a time.
 */
#include "config.h"

#include "sync/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/history.h"
#include "store/person.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/settings.h"
#include "sync/step.h"

#define ENGINE_SOURCES_MAX 256

/* A configuration and who still works under it. */
struct engine_conf {
	struct conf		*conf;
	unsigned int		 holders;
	struct engine_conf	*next;
};

struct engine {
	pthread_mutex_t		 lock;
	pthread_cond_t		 source_ended;
	char			*folder;
	int			 lock_fd;
	struct db		*db;
	struct zones		*zones;
	struct engine_conf	*conf;		/* in force first, then held ones */
	char			*running[ENGINE_SOURCES_MAX];	/* names of sources being fetched */
	atomic_bool		 cancel;
};

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

/* ---- configuration ---------------------------------------------------------------------------- */

static void
engine_set_conf(struct engine *engine, struct conf *conf)
{
	struct engine_conf *node;

	node = mem_alloc(sizeof(*node));
	node->conf = conf;
	node->holders = 1;
	node->next = engine->conf;
	if (engine->conf != NULL)
		engine->conf->holders--;
	engine->conf = node;
}

/* Frees configurations nobody works under. */
static void
engine_sweep_conf(struct engine *engine)
{
	struct engine_conf **link, *node;

	for (link = &engine->conf; (node = *link) != NULL;) {
		if (node->holders > 0) {
			link = &node->next;
			continue;
		}
		*link = node->next;
		conf_close(&node->conf);
		mem_free(&node);
	}
}

/* What is in force by the database; *conf NULL when nothing ever was. */
static int
engine_accepted(struct engine *engine, struct conf **conf, struct err *err)
{
	struct arena *arena;
	uint8_t digest[32];
	const char *text;
	int result;

	*conf = NULL;
	arena = arena_open();
	result = accepted_conf_get(engine->db, arena, &text, digest, err);
	if (result > 0)
		result = conf_load_text(text, conf, err);
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

struct engine_views {
	const struct conf *conf;
	int64_t		 drop[BOOK_VIEWS_MAX];
	size_t		 drop_count;
	bool		 known[BOOK_VIEWS_MAX];
};

static void
engine_found_view(void *context, const struct served_view *view)
{
	struct engine_views *views = context;
	size_t i;

	for (i = 0; i < views->conf->view_count && i < BOOK_VIEWS_MAX; i++) {
		if (strcmp(views->conf->views[i].name, view->name) == 0) {
			views->known[i] = true;
			return;
		}
	}
	if (views->drop_count < BOOK_VIEWS_MAX)
		views->drop[views->drop_count++] = view->id;
}

/* Makes the views of the configuration, and takes away those it no longer has. */
static int
engine_sync_views(struct engine *engine, const struct conf *conf, struct err *err)
{
	struct engine_views views = { .conf = conf };
	int64_t id;
	size_t i;

	if (served_view_each(engine->db, engine_found_view, &views, err) < 0)
		return (-1);
	for (i = 0; i < views.drop_count; i++)
		if (served_view_drop(engine->db, views.drop[i], err) < 0)
			return (-1);
	for (i = 0; i < conf->view_count && i < BOOK_VIEWS_MAX; i++)
		if (!views.known[i] &&
		    served_view_add(engine->db, conf->views[i].name, &id, err) < 0)
			return (-1);
	return (0);
}

/* Every source of the configuration has a row: its name, and whether it is approved. */
static int
engine_sync_sources(struct engine *engine, const struct conf *conf, struct err *err)
{
	struct source_row row;
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = 0;
	for (i = 0; i < conf->source_count && result >= 0; i++) {
		result = source_find(engine->db, conf->sources[i].name, arena, &row, err);
		if (result == 0)
			result = source_add(engine->db, conf->sources[i].name,
			    conf_text(&conf->sources[i].set, CONF_INTEGRATION), arena, &row,
			    err);
	}
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

/* Puts `conf` in force: judges everybody under it and remembers it, all or nothing. */
static int
engine_accept(struct engine *engine, struct conf *conf, const struct conf *before,
    struct err *err)
{
	struct plan_report report;
	struct plan_order order = { .conf = conf, .before = before, .everybody = true,
	    .zones = engine->zones, .now = engine_now(engine) };
	struct buf text = BUF_INIT;
	int result;

	if (db_begin(engine->db, err) < 0)
		return (-1);
	conf_store_text(conf, &text);
	result = engine_sync_views(engine, conf, err);
	if (result == 0)
		result = engine_sync_sources(engine, conf, err);
	if (result == 0)
		result = settings_write(engine->db, conf, err);
	if (result == 0)
		result = engine_publish_inside(engine, &order, &report, err);
	if (result == 0)
		result = accepted_conf_put(engine->db, order.now, text.data, conf->digest, err);
	if (result == 0) {
		step_done(STEP_NOTE);
		result = db_commit(engine->db, err);
	}
	if (result == 0)
		step_done(STEP_COMMIT);
	else
		db_rollback(engine->db);
	buf_close(&text);
	return (result);
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

static int
engine_start(struct engine *engine, enum engine_mode mode, struct conf *conf,
    struct err *err)
{
	struct conf *before;
	int result;

	if (engine_end_interrupted(engine, err) < 0 || engine_accepted(engine, &before, err) < 0) {
		conf_close(&conf);
		return (-1);
	}
	if (before != NULL && memcmp(before->digest, conf->digest, sizeof(conf->digest)) == 0) {
		/* The same values, perhaps on other lines: keep where things stand today. */
		conf_close(&before);
		engine_set_conf(engine, conf);
		return (0);
	}
	if (before != NULL && mode == ENGINE_COMMAND) {
		conf_close(&conf);
		engine_set_conf(engine, before);
		return (0);
	}
	engine_set_conf(engine, conf);
	result = engine_accept(engine, conf, before, err);
	conf_close(&before);
	return (result);
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
	if (engine_open_database(engine, conf_text(&conf->set, CONF_DATABASE), err) < 0) {
		conf_close(&conf);
		engine_close(&engine);
		return (-1);
	}
	if (engine_start(engine, mode, conf, err) < 0) {
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
	mem_free(&engine->folder);
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

const char *
engine_folder(const struct engine *engine)
{
	return (engine->folder);
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
	int64_t last, now;

	now = clock_now();
	if (meta_number(engine->db, "instant", &last, &err) < 0 || last < now)
		return (now);
	return (last);
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
	step_done(STEP_COMMIT);
	return (0);
}

/* ---- reload and clock -------------------------------------------------------------------------------------- */

/* A source's values must be fetched again where a field was not fetched before. */
static bool
engine_field_widens(const struct conf_source *old, const struct conf_source *new)
{
	size_t i;

	for (i = 0; i < FIELD_N; i++)
		if ((old->mode[i] == MODE_OFF || old->mode[i] == MODE_LOCAL) &&
		    (new->mode[i] == MODE_CONTINUOUS || new->mode[i] == MODE_IMPORT_ONCE))
			return (true);
	return (false);
}

static bool
engine_list_differs(const struct conf_set *a, const struct conf_set *b, enum conf_key key)
{
	const struct conf_list *x, *y;
	size_t i;

	x = conf_list(a, key);
	y = conf_list(b, key);
	if (x->count != y->count)
		return (true);
	for (i = 0; i < x->count; i++)
		if (strcmp(x->items[i].text, y->items[i].text) != 0)
			return (true);
	return (false);
}

/* Whether records that were excluded may be wanted now: the filters changed at all. */
static bool
engine_filter_differs(const struct conf_source *old, const struct conf_source *new)
{
	static const enum conf_key keys[] = { CONF_IN_ENTITY, CONF_IN_TYPE, CONF_IN_GROUP,
	    CONF_IN_LOCATION, CONF_IN_MISSING, CONF_EX_ENTITY, CONF_EX_TYPE, CONF_EX_GROUP,
	    CONF_EX_LOCATION };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (engine_list_differs(&old->set, &new->set, keys[i]))
			return (true);
	return (false);
}

/* Asks for a complete fetch of each source whose configuration lets more in (rulings A7). */
static int
engine_want_full(struct engine *engine, const struct conf *old, const struct conf *new,
    struct err *err)
{
	const struct conf_source *before;
	struct source_row row;
	struct arena *arena;
	size_t i;
	int result, wanted;

	arena = arena_open();
	wanted = 0;
	result = 0;
	for (i = 0; i < new->source_count && result >= 0; i++) {
		before = conf_source(old, new->sources[i].name);
		if (before != NULL && !engine_field_widens(before, &new->sources[i]) &&
		    !engine_filter_differs(before, &new->sources[i]))
			continue;
		result = source_find(engine->db, new->sources[i].name, arena, &row, err);
		if (result <= 0)
			continue;
		row.full_wanted = true;
		wanted = 1;
		result = source_save(engine->db, &row, err);
	}
	arena_close(&arena);
	return (result < 0 ? -1 : wanted);
}

/* Settings that need a restart keep their old value; that is said (spec/config.md §4.3). */
static void
engine_check_restart(const struct conf *old, const struct conf *new)
{
	const char *a, *b;
	size_t i;

	for (i = 0; i < CONF_N; i++) {
		if ((conf_row((enum conf_key)i)->flags & CONF_RESTART) == 0 ||
		    conf_row((enum conf_key)i)->file != CONF_MAIN)
			continue;
		a = conf_text(&old->set, (enum conf_key)i);
		b = conf_text(&new->set, (enum conf_key)i);
		if (strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0)
			log_warning("reload.restart", "section=%s key=%s "
			    "msg=\"takes effect after a restart\"",
			    conf_row((enum conf_key)i)->section, conf_row((enum conf_key)i)->key);
	}
}

static int
engine_swap(struct engine *engine, struct conf *conf, struct err *err)
{
	const struct conf *old = engine_conf(engine);
	int wanted;

	if (memcmp(old->digest, conf->digest, sizeof(conf->digest)) == 0) {
		engine_set_conf(engine, conf);
		engine_sweep_conf(engine);
		return (0);
	}
	engine_check_restart(old, conf);
	if (engine_accept(engine, conf, old, err) < 0) {
		conf_close(&conf);
		return (-1);
	}
	wanted = engine_want_full(engine, old, conf, err);
	engine_set_conf(engine, conf);
	engine_sweep_conf(engine);
	return (wanted);
}

int
engine_reload(struct engine *engine, struct conf_findings *findings, struct err *err)
{
	struct conf *conf;
	int result;

	if (conf_load(engine->folder, &conf, findings, err) < 0)
		return (-1);
	engine_lock(engine);
	result = engine_swap(engine, conf, err);
	engine_unlock(engine);
	return (result);
}

int
engine_tick(struct engine *engine, struct err *err)
{
	struct plan_order order = { .due = true };
	struct plan_report report;
	int64_t due, keep;
	int result;

	engine_lock(engine);
	result = person_next_due(engine->db, &due, err);
	if (result == 0 && due != 0 && due <= engine_now(engine)) {
		result = engine_publish(engine, &order, &report, err);
		if (result == 0)
			log_info("clock.flips", "judged=%lld entered=%lld left=%lld "
			    "changed=%lld erased=%lld", (long long)report.judged,
			    (long long)report.entered, (long long)report.left,
			    (long long)report.changed, (long long)report.erased);
	}
	keep = conf_number(&engine_conf(engine)->set, CONF_TOMBSTONE_KEEP);
	if (result == 0)
		result = tombstone_expire(engine->db, engine_now(engine) - keep, err);
	engine_unlock(engine);
	return (result);
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
