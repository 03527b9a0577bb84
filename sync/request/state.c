/*
 * The requests state.export and state.import: decisions and state as one text, from which a new
 * database becomes the same directory.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/source.h"
#include "store/state.h"
#include "sync/request/request.h"

/* A whole path: the daemon works in another folder than the admin. */
static const char *
state_file(const struct request *request, struct err *err)
{
	const char *file;

	file = request_need(request, "file", err);
	if (file == NULL || *file == '/')
		return (file);
	(void)err_set(err, ERR_USAGE, "%s: give the whole path: rollcalld opens the file", file);
	return (NULL);
}

/* The file holds everybody's values: for its owner alone, and never over another. */
static int
state_write_file(struct request *request, const char *path, int64_t *count, struct err *err)
{
	struct request_reader reader;
	FILE *file;
	int fd, result;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file == NULL)
		return (err_set_errno(err, errno == EEXIST ? ERR_CONFLICT : ERR_SYSTEM, errno,
		    "%s cannot be made", path));
	result = request_reader_open(request, &reader, err);
	if (result == 0) {
		result = state_export(reader.db, file, count, err);
		request_reader_close(request, &reader);
	}
	if ((fflush(file) != 0 || fsync(fd) < 0) && result == 0)
		result = err_set_errno(err, ERR_SYSTEM, errno, "%s cannot be written", path);
	(void)fclose(file);
	if (result < 0)
		(void)unlink(path);
	return (result);
}

int
request_state_export(struct request *request, json_t **result, struct err *err)
{
	const char *path;
	int64_t count;

	path = state_file(request, err);
	if (path == NULL || state_write_file(request, path, &count, err) < 0)
		return (-1);
	*result = json_pack("{s:s, s:I}", "file", path, "rows", (json_int_t)count);
	log_info("state.export", "file=\"%s\" rows=%lld actor=\"%s\"", path, (long long)count,
	    request->actor);
	return (0);
}

/* ---- import ------------------------------------------------------------------------------- */

/* Sources that the text does not know are there as well; all are fetched whole. */
static int
state_settle_sources(struct request *request, struct db *db, struct err *err)
{
	const struct conf *conf = engine_conf(request->engine);
	struct source_row row;
	size_t i;
	int result;

	for (i = 0; i < conf->source_count; i++) {
		result = source_find(db, conf->sources[i].name, request->arena, &row, err);
		if (result == 0 && source_add(db, conf->sources[i].name,
		    conf_source_origin(&conf->sources[i]), request->arena, &row,
		    err) < 0)
			return (-1);
		row.full_wanted = true;
		if (result < 0 || source_save(db, &row, err) < 0)
			return (-1);
	}
	return (0);
}

static int
state_inside(struct request *request, FILE *file, int64_t *count,
    struct plan_report *report, struct err *err)
{
	struct db *db = engine_db(request->engine);
	struct plan_order order = {
		.conf = engine_conf(request->engine),
		.everybody = true,
		.zones = engine_zones(request->engine),
		.now = engine_now(request->engine),
		.actor = request->actor,
	};

	if (state_import(db, file, order.now, count, err) < 0 ||
	    state_settle_sources(request, db, err) < 0 ||
	    request_remember(request, NULL, err) < 0 || db_renew(db, err) < 0)
		return (-1);
	return (engine_publish_inside(request->engine, &order, report, err));
}

int
request_state_import(struct request *request, json_t **result, struct err *err)
{
	struct plan_report report = { .revision = 0 };
	const char *path;
	struct db *db;
	int64_t count;
	FILE *file;
	int status;

	path = state_file(request, err);
	if (path == NULL)
		return (-1);
	file = fopen(path, "re");
	if (file == NULL)
		return (err_set_errno(err, ERR_SYSTEM, errno, "%s cannot be read", path));
	engine_lock(request->engine);
	db = engine_db(request->engine);
	status = db_begin(db, err);
	if (status == 0) {
		status = state_inside(request, file, &count, &report, err);
		if (status == 0)
			status = db_commit(db, err);
		else
			db_rollback(db);
	}
	engine_unlock(request->engine);
	(void)fclose(file);
	if (status < 0)
		return (err_context(err, "%s", path));
	*result = json_pack("{s:s, s:I, s:I, s:I}", "file", path, "rows", (json_int_t)count,
	    "entries", (json_int_t)report.changed, "revision", (json_int_t)report.revision);
	log_info("state.import", "rows=%lld entries=%lld revision=%lld actor=\"%s\"",
	    (long long)count, (long long)report.changed, (long long)report.revision,
	    request->actor);
	return (0);
}
