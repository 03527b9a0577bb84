/*
 * Owns the way of a configuration into force: at start, and at a reload. Invariant: the one in
 * force is the one in the database.
 */
#include "config.h"

#include "sync/engine_inside.h"

#include <signal.h>
#include <string.h>

#include "base/conf/lend.h"
#include "base/log.h"
#include "store/history.h"
#include "store/source.h"

/* ---- configurations in memory ---------------------------------------------------------------- */

void
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
	atomic_fetch_add(&engine->conf_serial, 1);
	if (engine->watched)
		(void)pthread_kill(engine->watcher, SIGUSR1);
}

unsigned int
engine_conf_serial(const struct engine *engine)
{
	return (atomic_load(&engine->conf_serial));
}

void
engine_watch_conf(struct engine *engine, pthread_t thread)
{
	engine_lock(engine);
	engine->watcher = thread;
	engine->watched = true;
	engine_unlock(engine);
}

void
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

/* ---- reload -------------------------------------------------------------------------------- */

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

/* ---- in force, or held --------------------------------------------------------------------------- */

static int
engine_hold_reload(struct engine *engine, struct engine_trial *trial, struct err *err)
{
	int result;

	result = engine_note_held(engine, trial, err);
	if (result == 0)
		result = engine_erase_off(engine, trial, err);
	if (result == 0)
		(void)gate_say(&trial->gate, err);
	gate_close(&trial->gate);
	return (-1);
}

/* Held fetches that were not tried with it may pass under it (rulings A17). */
static void
engine_retry_held(struct engine *engine, const struct conf *conf)
{
	struct plan_report report;
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < conf->source_count; i++) {
		err_clear(&err);
		if (pull_retry(engine, conf->sources[i].name, "reload", &report, &err) < 0 &&
		    err.code != ERR_NOT_FOUND && err.code != ERR_HELD)
			log_err(LOG_LEVEL_ERROR, "run.failed", &err, "source=%s",
			    conf->sources[i].name);
	}
}

static int
engine_swap(struct engine *engine, struct conf *conf, struct err *err)
{
	const struct conf *old = engine_conf(engine);
	struct engine_trial trial = { .conf = conf, .before = old };
	int result, wanted;

	if (memcmp(old->digest, conf->digest, sizeof(conf->digest)) == 0) {
		engine_set_conf(engine, conf);
		engine_sweep_conf(engine);
		return (hold_plan_replace(engine->db, "", "", err));
	}
	engine_check_restart(old, conf);
	result = engine_try_all(engine, &trial, err);
	if (result != 0) {
		if (result > 0)
			(void)engine_hold_reload(engine, &trial, err);
		engine_sweep_conf(engine);
		conf_close(&conf);
		return (-1);
	}
	wanted = engine_want_full(engine, old, conf, err);
	engine_set_conf(engine, conf);
	engine_sweep_conf(engine);
	engine_retry_held(engine, conf);
	return (wanted);
}

/* Sources of the accepted configuration whose literal keys nobody has any more. */
static void
engine_say_missing(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->source_count; i++)
		if (!conf->sources[i].carried &&
		    conf_lacks_secret(conf_text(&conf->sources[i].set, CONF_API_KEY)))
			log_warning("secret.missing", "source=%s key=api_key msg=\"a literal: key is "
			    "not kept in the database, and the files that are held have another "
			    "integration or address: nothing is fetched until they are approved or "
			    "mended; write file: or cred:\"", conf->sources[i].name);
}

int
engine_start(struct engine *engine, enum engine_mode mode, struct conf *conf,
    struct err *err)
{
	struct conf *before;

	if (engine_accepted(engine, &before, err) < 0 ||
	    engine_carry(engine, conf, before, err) < 0) {
		conf_close(&before);
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
		conf_lend(before, conf);
		conf_close(&conf);
		engine_set_conf(engine, before);
		return (0);
	}
	if (before == NULL) {
		engine_set_conf(engine, conf);
		return (engine_try(engine, &(struct engine_trial){ .conf = conf }, err));
	}
	/* The accepted one is in force until the new one passes. */
	conf_lend(before, conf);
	engine_set_conf(engine, before);
	if (engine_swap(engine, conf, err) >= 0)
		return (0);
	if (err->code != ERR_HELD)
		return (-1);
	log_err(LOG_LEVEL_ERROR, "reload.held", err, "in_force=old");
	engine_say_missing(engine_conf(engine));
	err_clear(err);
	return (0);
}

int
engine_reload(struct engine *engine, struct conf_findings *findings, struct err *err)
{
	struct conf *conf;
	int result;

	if (conf_load(engine->folder, &conf, findings, err) < 0)
		return (-1);
	engine_lock(engine);
	result = engine_carry(engine, conf, engine_conf(engine), err);
	if (result < 0)
		conf_close(&conf);
	else
		result = engine_swap(engine, conf, err);
	engine_unlock(engine);
	return (result);
}
