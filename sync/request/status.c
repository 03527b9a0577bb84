/*
 * The request that tells how all is: daemon, database, configuration, sources, views.
 */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/history.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/hints.h"
#include "sync/doubt.h"
#include "sync/request/request.h"
#include "sync/request/show.h"
#include "sync/trouble.h"

struct status_views {
	struct db	*db;
	json_t		*list;
	struct err	*err;
};

static void
status_view(void *context, const struct served_view *view)
{
	struct status_views *views = context;

	(void)json_array_append_new(views->list, json_pack("{s:I, s:s, s:I, s:o}", "id",
	    (json_int_t)view->id, "name", view->name, "revision", (json_int_t)view->revision,
	    "changed", request_instant(view->stamp)));
}

static int
status_views(struct db *db, json_t *list, struct err *err)
{
	struct status_views views = { .db = db, .list = list, .err = err };
	int64_t people;
	json_t *view;
	size_t i;

	if (served_view_each(db, status_view, &views, err) < 0)
		return (-1);
	json_array_foreach(list, i, view) {
		if (shown_count(db, json_integer_value(json_object_get(view, "id")), &people,
		    err) < 0)
			return (-1);
		(void)json_object_set_new(view, "people", json_integer(people));
		(void)json_object_del(view, "id");
	}
	return (0);
}

/* Of the database and its write-ahead log: both hold data until the log is copied back. */
static json_int_t
status_bytes(struct db *db)
{
	struct stat log = { .st_size = 0 }, main = { .st_size = 0 };
	char *path;

	path = mem_printf("%s-wal", db_path(db));
	(void)stat(db_path(db), &main);
	(void)stat(path, &log);
	mem_free(&path);
	return ((json_int_t)main.st_size + (json_int_t)log.st_size);
}

static json_t *
status_database(struct db *db, struct err *err)
{
	int64_t revision;
	struct uuid epoch;

	if (meta_uuid(db, "epoch", &epoch, err) < 0 ||
	    meta_number(db, "revision", &revision, err) < 0)
		return (json_null());
	return (json_pack("{s:s, s:I, s:o, s:I}", "path", db_path(db), "bytes",
	    status_bytes(db), "epoch", request_uuid(&epoch), "revision",
	    (json_int_t)revision));
}

static json_t *
status_sources(struct request *request, const struct request_reader *reader,
    struct err *err)
{
	struct source_row *rows;
	size_t count, i;
	json_t *list;

	list = json_array();
	if (source_list(reader->db, request->arena, &rows, &count, err) < 0)
		return (list);
	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, show_source(request, reader->db, reader->conf,
		    &rows[i], err));
	return (list);
}

static json_t *
status_trouble(void)
{
	struct err why;
	int64_t since;

	if (!trouble_get(&why, &since))
		return (json_null());
	return (json_pack("{s:o, s:s, s:s}", "since", request_instant(since), "code",
	    err_kind(why.code)->name, "text", why.text));
}

/* Kombo's webhooks since the daemon's start. */
static json_t *
status_webhooks(struct engine *engine)
{
	struct hints_figures figures;

	hints_get_figures(engine_hints(engine), &figures);
	return (json_pack("{s:b, s:I, s:I, s:I, s:o}", "listening", figures.listening,
	    "accepted", (json_int_t)figures.fate[HINT_ACCEPTED], "repeated",
	    (json_int_t)figures.fate[HINT_REPEATED], "refused",
	    (json_int_t)figures.fate[HINT_REFUSED], "last",
	    request_instant(figures.last_at)));
}

/* Why the clock is in doubt, null when it is not. */
static json_t *
status_clock(struct db *db, struct err *err)
{
	struct doubt doubt;

	if (doubt_get(db, &doubt, err) < 0 || doubt.kind == DOUBT_NONE)
		return (json_null());
	return (json_pack("{s:s, s:o, s:I}", "doubt", doubt_name(doubt.kind), "since",
	    request_instant(doubt.since), "seconds", (json_int_t)(doubt.by / CLOCK_SECOND)));
}

int
request_status(struct request *request, json_t **result, struct err *err)
{
	char digest[65], now[CLOCK_TEXT_SIZE];
	struct request_reader reader;
	json_t *held, *hooks, *views;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	views = json_array();
	status = status_views(reader.db, views, err);
	if (show_hook_list(request, &reader, &hooks, err) < 0)
		status = -1;
	if (show_held_plans(request, reader.db, &held, err) < 0)
		status = -1;
	*result = json_pack("{s:s, s:s, s:I, s:o, s:s, s:s, s:o, s:o}", "version",
	    PACKAGE_VERSION, "now", clock_format(clock_now(), 3, now), "pid",
	    (json_int_t)getpid(), "database", status_database(reader.db, err), "folder",
	    engine_folder(request->engine), "configuration",
	    digest_hex(reader.conf->digest, sizeof(reader.conf->digest), digest), "sources",
	    status_sources(request, &reader, err), "views", views);
	(void)json_object_set_new(*result, "trouble", status_trouble());
	(void)json_object_set_new(*result, "hooks", hooks);
	(void)json_object_set_new(*result, "webhooks", status_webhooks(request->engine));
	if (json_array_size(held) > 0)
		(void)json_object_set_new(*result, "exit",
		    json_integer(err_kind(ERR_HELD)->exit_status));
	(void)json_object_set_new(*result, "held", held);
	(void)json_object_set_new(*result, "clock", status_clock(reader.db, err));
	request_reader_close(request, &reader);
	return (status < 0 || err->code != ERR_NONE ? -1 : 0);
}
