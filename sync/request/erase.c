/*
 * The request erase: a person leaves every table, view and history at once.
 */
#include "config.h"

#include "base/log.h"
#include "sync/erase.h"
#include "sync/request/request.h"

static int
erase_inside(struct request *request, struct erase_line *line, struct plan_report *report,
    struct err *err)
{
	struct db *db = engine_db(request->engine);
	struct erase_order order = {
		.conf = engine_conf(request->engine),
		.zones = engine_zones(request->engine),
		.now = engine_now(request->engine),
		.actor = request->actor,
		.reason = request_text(request, "reason"),
		.may_return = request_flag(request, "return"),
	};
	const char *text;

	text = request_need(request, "person", err);
	if (text == NULL || request_person(db, text, request->arena, &order.person, err) < 0)
		return (-1);
	return (erase_person(db, &order, request->arena, line, report, err));
}

int
request_erase(struct request *request, json_t **result, struct err *err)
{
	struct plan_report report = { .revision = 0 };
	struct erase_line line;
	struct db *db;
	int status;

	engine_lock(request->engine);
	db = engine_db(request->engine);
	status = db_begin(db, err);
	if (status == 0)
		status = erase_inside(request, &line, &report, err);
	if (status == 0)
		status = db_commit(db, err);
	else
		db_rollback(db);
	if (status == 0)
		status = erase_remember(db, &line, err);
	engine_unlock(request->engine);
	if (status < 0)
		return (-1);
	*result = json_pack("{s:o, s:I, s:I, s:I, s:b}", "id", request_uuid(&line.uuid),
	    "entries", (json_int_t)report.changed, "groups", (json_int_t)report.groups,
	    "revision", (json_int_t)report.revision, "returns", line.may_return);
	log_info("erase", "person=%s actor=\"%s\" revision=%lld",
	    json_string_value(json_object_get(*result, "id")), request->actor,
	    (long long)report.revision);
	return (0);
}
