/*
 * Requests about hooks: how their deliveries go, setting one going again, trying one.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/log.h"
#include "store/event.h"
#include "sync/request/request.h"
#include "sync/request/show.h"

/* ---- listing ----------------------------------------------------------------------------------- */

static json_t *
hooks_wanted(const struct conf_hook *hook)
{
	enum event_kind kind;
	json_t *list;

	list = json_array();
	for (kind = 0; hook != NULL && kind < EVENT_N; kind++)
		if ((hook->events & EVENT_BIT(kind)) != 0)
			(void)json_array_append_new(list, json_string(event_name(kind)));
	return (list);
}

static const char *
hooks_state(const struct hook_row *row)
{
	return (row->parked_at != 0 ? "parked" : row->failing_since != 0 ? "failing" : "well");
}

static json_t *
hooks_row(const struct conf *conf, const struct hook_row *row)
{
	const struct conf_hook *hook;
	const char *target;

	hook = conf_hook(conf, row->name);
	target = NULL;
	if (hook != NULL)
		target = conf_text(&hook->set, conf_given(&hook->set, CONF_HOOK_URL) ?
		    CONF_HOOK_URL : CONF_HOOK_COMMAND);
	return (json_pack("{s:s, s:o, s:o, s:s, s:I, s:o, s:I, s:o, s:o, s:I, s:o, s:o, s:I, s:s}",
	    "name", row->name, "events", hooks_wanted(hook), "target", request_string(target),
	    "state", hooks_state(row), "waiting", (json_int_t)row->waiting, "oldest",
	    request_instant(row->oldest), "delivered", (json_int_t)row->delivered,
	    "delivered_at", request_instant(row->delivered_at), "failing_since",
	    request_instant(row->failing_since), "attempts", (json_int_t)row->attempts, "next",
	    request_instant(row->next_at), "parked", request_instant(row->parked_at), "dropped",
	    (json_int_t)row->dropped, "error", row->error));
}

int
show_hook_list(struct request *request, const struct request_reader *reader, json_t **list,
    struct err *err)
{
	struct hook_row *rows;
	size_t count, i;

	*list = json_array();
	if (hook_list(reader->db, request->arena, &rows, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		(void)json_array_append_new(*list, hooks_row(reader->conf, &rows[i]));
	return (0);
}

int
request_hook_list(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	json_t *list;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	status = show_hook_list(request, &reader, &list, err);
	*result = json_pack("{s:o}", "hooks", list);
	request_reader_close(request, &reader);
	return (status);
}

/* ---- changing ---------------------------------------------------------------------------------- */

/* Sets it going again, from the first event that waits. */
static int
hooks_retry(struct request *request, struct hook_row *row, struct err *err)
{
	row->parked_at = row->failing_since = row->attempts = row->next_at = 0;
	row->error = "";
	return (hook_save(engine_db(request->engine), row, err));
}

/* Queues an event that tells of nothing, behind those that wait. */
static int
hooks_test(struct request *request, struct hook_row *row, struct err *err)
{
	const struct event_row event = { .kind = "test", .reasons = "",
	    .made_at = engine_now(request->engine) };

	return (event_add(engine_db(request->engine), row->id, &event, err));
}

/* Changes the hook that the request names, in a transaction; *waiting gets its queue's length. */
static int
hooks_change(struct request *request, int (*change)(struct request *request,
    struct hook_row *row, struct err *err), int64_t *waiting, struct err *err)
{
	struct hook_row row;
	const char *name;
	struct db *db;
	int result;

	name = request_need(request, "hook", err);
	if (name == NULL)
		return (-1);
	engine_lock(request->engine);
	db = engine_db(request->engine);
	result = db_begin(db, err);
	if (result == 0)
		result = hook_find(db, name, request->arena, &row, err);
	if (result == 0)
		result = err_set(err, ERR_NOT_FOUND, "there is no hook %s in force: hooks are "
		    "the sections [hook/NAME] of rollcall.conf", name);
	if (result > 0) {
		*waiting = row.waiting;
		result = change(request, &row, err);
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

int
request_hook_retry(struct request *request, json_t **result, struct err *err)
{
	int64_t waiting = 0;

	if (hooks_change(request, hooks_retry, &waiting, err) < 0)
		return (-1);
	log_info("hook.retry", "hook=%s actor=\"%s\"", request_text(request, "hook"),
	    request->actor);
	*result = json_pack("{s:s, s:I}", "hook", request_text(request, "hook"), "waiting",
	    (json_int_t)waiting);
	return (0);
}

int
request_hook_test(struct request *request, json_t **result, struct err *err)
{
	int64_t waiting = 0;

	if (hooks_change(request, hooks_test, &waiting, err) < 0)
		return (-1);
	log_info("hook.test", "hook=%s actor=\"%s\"", request_text(request, "hook"),
	    request->actor);
	*result = json_pack("{s:s, s:I}", "hook", request_text(request, "hook"), "waiting",
	    (json_int_t)waiting + 1);
	return (0);
}
