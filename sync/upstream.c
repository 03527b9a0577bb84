/*
 * Owns the wait for one sync of Kombo's. Without the engine's lock, except to look up what is
 * configured.
 */
#include "config.h"

#include "sync/upstream.h"

#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "store/source.h"
#include "sync/hints.h"
#include "sync/kombo/client.h"
#include "sync/pause.h"

#define UPSTREAM_STEP	CLOCK_SECOND
#define UPSTREAM_POLL	15		/* seconds between two looks for newer data */
#define UPSTREAM_QUIET	60		/* seconds without any, after some */

struct upstream {
	struct engine			*engine;
	const struct upstream_order	*order;
	struct upstream_result		*result;
	struct arena			*arena;
	const struct conf		*conf;		/* held */
	const struct conf_source	*source;
	const char			*integration;
	struct kombo			*kombo;
	int64_t				 begun;		/* clock_monotonic() */
	int64_t				 looked;	/* Kombo's clock at the last look */
	int64_t				 looked_at;	/* in seconds waited */
	int64_t				 quiet;		/* seconds */
};

/* How a sync can end that brought nothing, and what to do. */
static const struct {
	const char	*state;
	const char	*advice;
} upstream_failures[] = {
	{ "FAILED", "look at its log in Kombo's dashboard" },
	{ "CANCELLED", "ask again, or look at its log in Kombo's dashboard" },
	{ "TIMED_OUT", "ask again later; if it lasts, tell Kombo" },
	{ "AUTHENTICATION_FAILED", "reconnect the HR system in Kombo" },
};

/* ---- asking ------------------------------------------------------------------------------------ */

static const char *
upstream_text(const struct upstream *upstream, const json_t *data, const char *name)
{
	const char *text;

	text = json_string_value(json_object_get(data, name));
	return (arena_dup(upstream->arena, text != NULL ? text : ""));
}

static int
upstream_ask(struct upstream *upstream, struct err *err)
{
	const struct buf *body;
	json_t *data, *root;

	if (kombo_post(upstream->kombo, "/force-sync", "{\"type\":\"FULL\"}", &body, err) != 0)
		return (-1);
	root = json_loadb(body->data, body->len, 0, NULL);
	data = json_object_get(root, "data");
	upstream->result->asked = true;
	upstream->result->queued = json_is_true(json_object_get(data, "already_queued"));
	upstream->result->type = upstream_text(upstream, data, "type");
	upstream->result->sync = upstream_text(upstream, data, "sync_id");
	upstream->looked = kombo_date(upstream->kombo);
	json_decref(root);
	if (data == NULL)
		return (err_set(err, ERR_KOMBO_ANSWER, "/force-sync: the answer is not what "
		    "Kombo documents"));
	log_info("upstream.asked", "source=%s queued=%s sync=%s", upstream->order->source,
	    upstream->result->queued ? "yes" : "no", upstream->result->sync);
	return (0);
}

/* ---- waiting ----------------------------------------------------------------------------------- */

/* Whether any employee changed since the last look. 1, 0, or -1. */
static int
upstream_look(struct upstream *upstream, struct err *err)
{
	char since[CLOCK_TEXT_SIZE];
	const struct buf *body;
	const char *query;
	json_t *root;
	bool newer;
	int result;

	if (upstream->looked == 0)
		return (0);	/* Kombo told no time */
	query = arena_printf(upstream->arena, "page_size=1&include_deleted=true&updated_after=%s",
	    kombo_escape(upstream->arena, clock_format(upstream->looked, 3, since)));
	result = kombo_get(upstream->kombo, "/hris/employees", query, &body, err);
	if (result != 0)
		return (result > 0 || err->code == ERR_KOMBO_NOT_READY ? 0 : -1);
	root = json_loadb(body->data, body->len, 0, NULL);
	newer = json_array_size(json_object_get(json_object_get(root, "data"), "results")) > 0;
	json_decref(root);
	if (kombo_date(upstream->kombo) != 0)
		upstream->looked = kombo_date(upstream->kombo);
	return (newer);
}

static int
upstream_check_state(const char *state, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(upstream_failures) / sizeof(upstream_failures[0]); i++)
		if (strcmp(upstream_failures[i].state, state) == 0)
			return (err_set(err, ERR_KOMBO_REMOTE, "Kombo's own sync ended as %s: "
			    "%s. What Kombo had before can be fetched with --full alone", state,
			    upstream_failures[i].advice));
	return (0);
}

/* 1: it has ended; 0: not yet, as far as can be seen; -1. */
static int
upstream_has_ended(struct upstream *upstream, struct err *err)
{
	struct upstream_result *result = upstream->result;
	char state[HINT_STATE_SIZE];
	int newer;

	if (hints_finished(engine_hints(upstream->engine), upstream->integration,
	    upstream->begun, state)) {
		result->state = arena_dup(upstream->arena, state);
		return (upstream_check_state(state, err) < 0 ? -1 : 1);
	}
	if (result->waited - upstream->looked_at < UPSTREAM_POLL)
		return (0);
	newer = upstream_look(upstream, err);
	if (newer < 0)
		return (-1);
	result->changed |= newer > 0;
	upstream->quiet = newer > 0 ? 0 :
	    upstream->quiet + result->waited - upstream->looked_at;
	upstream->looked_at = result->waited;
	return (result->changed && upstream->quiet >= UPSTREAM_QUIET);
}

static int
upstream_wait(struct upstream *upstream, struct err *err)
{
	const struct upstream_order *order = upstream->order;
	int64_t before, limit, passed;
	int ended;

	limit = conf_number(&upstream->conf->set, CONF_UPSTREAM_WAIT) / CLOCK_SECOND;
	for (;;) {
		ended = upstream_has_ended(upstream, err);
		if (ended != 0 || upstream->result->waited >= limit)
			return (ended < 0 ? -1 : 0);
		before = clock_now();
		if ((order->progress != NULL && order->progress(order->context,
		    upstream->result->waited, limit) < 0) ||
		    !pause_for(UPSTREAM_STEP, engine_cancelled(upstream->engine)))
			return (err_set(err, ERR_CANCELLED, "the wait for Kombo was stopped; its "
			    "own sync goes on"));
		passed = (clock_now() - before) / CLOCK_SECOND;
		upstream->result->waited += passed > 1 ? passed : 1;
	}
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* 1: the source may be fetched; 0: not, run_source says why; -1. Locked. */
static int
upstream_find(struct upstream *upstream, struct err *err)
{
	struct source_row row;
	int result;

	upstream->source = conf_source(upstream->conf, upstream->order->source);
	if (upstream->source == NULL)
		return (0);
	upstream->integration = conf_text(&upstream->source->set, CONF_INTEGRATION);
	result = source_find(engine_db(upstream->engine), upstream->source->name,
	    upstream->arena, &row, err);
	return (result <= 0 ? result : row.approved != 0 && row.enabled &&
	    upstream->integration != NULL);
}

static int
upstream_open(struct upstream *upstream, struct err *err)
{
	const struct conf_set *set = &upstream->source->set;
	struct kombo_options options = {
		.api = conf_text(set, CONF_API),
		.integration = upstream->integration,
		.timeout = conf_number(&upstream->conf->set, CONF_TIMEOUT),
		.retry_for = conf_number(&upstream->conf->set, CONF_RETRY_FOR),
		.cancel = engine_cancelled(upstream->engine),
	};
	char *key;
	int result;

	if (secret_read(conf_text(set, CONF_API_KEY), &key, err) < 0)
		return (err_context(err, "%s: api_key", upstream->source->file));
	options.key = key;
	result = kombo_open(&options, &upstream->kombo, err);
	secret_free(&key);
	return (result);
}

int
upstream_sync(struct engine *engine, const struct upstream_order *order, struct arena *arena,
    struct upstream_result *out, struct err *err)
{
	struct upstream upstream = { .engine = engine, .order = order, .result = out,
	    .arena = arena, .begun = clock_monotonic() };
	int result;

	*out = (struct upstream_result){ .type = "", .sync = "" };
	engine_lock(engine);
	upstream.conf = engine_hold_conf(engine);
	result = upstream_find(&upstream, err);
	engine_unlock(engine);
	if (result > 0)
		result = upstream_open(&upstream, err);
	if (result == 0 && upstream.kombo != NULL)
		result = upstream_ask(&upstream, err);
	if (result == 0 && out->asked)
		result = upstream_wait(&upstream, err);
	kombo_close(&upstream.kombo);
	engine_lock(engine);
	engine_release_conf(engine, upstream.conf);
	engine_unlock(engine);
	return (result);
}
