/*
 * Owns the table of requests, and what their handlers share.
 */
#include "config.h"

#include "sync/request/request.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "rules/names.h"
#include "store/audit.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"

#define REQUEST_CANDIDATES 8	/* named when more than one person could be meant */

static const struct {
	const char	*name;
	request_handler	*handler;
} requests[] = {
	{ "status", request_status },
	{ "source.list", request_source_list },
	{ "source.test", request_source_test },
	{ "source.approve", request_source_approve },
	{ "source.enable", request_source_enable },
	{ "source.disable", request_source_disable },
	{ "source.retire", request_source_retire },
	{ "sync", request_sync },
	{ "confirm-clock", request_confirm_clock },
	{ "plans", request_plans },
	{ "plan.show", request_plan_show },
	{ "plan.approve", request_plan_approve },
	{ "plan.apply", request_plan_apply },
	{ "preview", request_preview },
	{ "doctor", request_doctor },
	{ "import", request_import },
	{ "local.add", request_local_add },
	{ "local.change", request_local_change },
	{ "local.replace", request_local_replace },
	{ "local.remove", request_local_remove },
	{ "scim.write", request_scim_write },
	{ "list", request_list },
	{ "find", request_find },
	{ "why", request_why },
	{ "cases", request_cases },
	{ "link", request_link },
	{ "unlink", request_unlink },
	{ "hide", request_hide },
	{ "unhide", request_unhide },
	{ "release", request_release },
	{ "ignore-onboarding", request_ignore_onboarding },
	{ "onboardings", request_onboardings },
	{ "offboardings", request_offboardings },
	{ "set", request_set },
	{ "reset", request_reset },
	{ "backup", request_backup },
	{ "drift", request_drift },
	{ "erase", request_erase },
	{ "export", request_export },
	{ "log", request_log },
	{ "state.export", request_state_export },
	{ "state.import", request_state_import },
	{ "client.add", request_client_add },
	{ "client.list", request_client_list },
	{ "client.rotate", request_client_rotate },
	{ "client.revoke", request_client_revoke },
	{ "hook.list", request_hook_list },
	{ "hook.retry", request_hook_retry },
	{ "hook.test", request_hook_test },
};

int
request_handle(struct request *request, const char *name, json_t **result, struct err *err)
{
	size_t i;

	*result = NULL;
	request->name = name;
	if (!json_is_object(request->arguments))
		return (err_set(err, ERR_USAGE, "the request has no object `arguments`"));
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (strcmp(requests[i].name, name) == 0)
			break;
	if (i == sizeof(requests) / sizeof(requests[0]))
		return (err_set(err, ERR_USAGE, "there is no request \"%s\": the command and the "
		    "daemon may be of different releases", name));
	if (requests[i].handler(request, result, err) == 0) {
		if (*result == NULL)
			*result = json_object();
		return (0);
	}
	json_decref(*result);
	*result = NULL;
	return (-1);
}

/* ---- arguments and answers ------------------------------------------------------------------ */

const char *
request_text(const struct request *request, const char *name)
{
	return (json_string_value(json_object_get(request->arguments, name)));
}

bool
request_flag(const struct request *request, const char *name)
{
	return (json_is_true(json_object_get(request->arguments, name)));
}

int64_t
request_number(const struct request *request, const char *name, int64_t standard)
{
	const json_t *value;

	value = json_object_get(request->arguments, name);
	return (json_is_integer(value) ? json_integer_value(value) : standard);
}

const char *
request_need(const struct request *request, const char *name, struct err *err)
{
	const char *text;

	text = request_text(request, name);
	if (text == NULL || *text == '\0')
		(void)err_set(err, ERR_USAGE, "argument `%s` is missing", name);
	return (text != NULL && *text != '\0' ? text : NULL);
}

static int
request_event(struct request *request, const char *kind, json_t *value)
{
	json_t *event;
	int result;

	event = json_pack("{s:o}", kind, value);
	result = request->emit != NULL ? request->emit(request->context, event) : 0;
	json_decref(event);
	return (result);
}

int
request_row(struct request *request, json_t *row, struct err *err)
{
	if (request_event(request, "row", row) < 0)
		return (err_set(err, ERR_CANCELLED, "nobody listens to the answer any more"));
	return (0);
}

int
request_change(struct request *request, json_t *change, struct err *err)
{
	if (request_event(request, "change", change) < 0)
		return (err_set(err, ERR_CANCELLED, "nobody listens to the answer any more"));
	return (0);
}

bool
request_trusted(const struct request *request)
{
	return (request->own || strcmp(request->actor, "root") == 0);
}

int
request_progress(struct request *request, json_t *progress)
{
	return (request_event(request, "progress", progress));
}

json_t *
request_instant(int64_t instant)
{
	char text[CLOCK_TEXT_SIZE];

	return (instant == 0 ? json_null() : json_string(clock_format(instant, 3, text)));
}

json_t *
request_string(const char *text)
{
	return (text == NULL ? json_null() : json_string(text));
}

json_t *
request_uuid(const struct uuid *uuid)
{
	char text[UUID_TEXT_SIZE];

	return (uuid == NULL ? json_null() : json_string(uuid_format(uuid, text)));
}

/* ---- reading --------------------------------------------------------------------------------- */

int
request_reader_open(struct request *request, struct request_reader *reader, struct err *err)
{
	const char *path;

	*reader = (struct request_reader){ .db = NULL };
	engine_lock(request->engine);
	reader->conf = engine_hold_conf(request->engine);
	reader->now = engine_now(request->engine);
	path = arena_dup(request->arena, db_path(engine_db(request->engine)));
	engine_unlock(request->engine);
	reader->zones = zones_open();
	if (db_open(path, DB_ADMIN, &reader->db, err) < 0 || db_begin(reader->db, err) < 0) {
		request_reader_close(request, reader);
		return (-1);
	}
	return (0);
}

void
request_reader_close(struct request *request, struct request_reader *reader)
{
	if (reader->db != NULL)
		db_rollback(reader->db);	/* nothing was written */
	db_close(&reader->db);
	zones_close(&reader->zones);
	engine_lock(request->engine);
	engine_release_conf(request->engine, reader->conf);
	engine_unlock(request->engine);
}

/* ---- whom a text means -------------------------------------------------------------------------- */

struct candidates {
	int64_t	ids[REQUEST_CANDIDATES];
	size_t	count;
};

static void
request_candidate(void *context, int64_t person)
{
	struct candidates *found = context;
	size_t i;

	for (i = 0; i < found->count; i++)
		if (found->ids[i] == person)
			return;
	if (found->count < REQUEST_CANDIDATES)
		found->ids[found->count++] = person;
}

static int
request_by_key(struct db *db, const char *text, struct candidates *found, struct err *err)
{
	struct uuid uuid;
	int64_t id;
	int result;

	if (uuid_parse(text, &uuid))
		result = person_by_uuid(db, &uuid, &id, err);
	else
		result = person_by_uid(db, text, &id, err);
	if (result > 0)
		request_candidate(found, id);
	return (result < 0 ? -1 : 0);
}

/* Among those who are kept without being served: joiners who wait, hidden people. */
static int
request_by_kept_name(struct db *db, const char *text, struct candidates *found,
    struct err *err)
{
	struct employee employee;
	struct record_row row;
	struct arena *arena;
	const char *name;
	int result;

	arena = arena_open();
	employee_walk(db);
	while ((result = employee_next(db, &employee, err)) > 0) {
		arena_reset(arena);
		name = employee.value[FIELD_DISPLAY_NAME];
		if (name == NULL)
			name = name_compose(arena, employee.value[FIELD_FIRST_NAME],
			    employee.value[FIELD_LAST_NAME]);
		if (name == NULL || strcmp(name, text) != 0)
			continue;
		if (record_get(db, employee.record, arena, &row, err) < 0)
			break;
		if (row.person != 0)
			request_candidate(found, row.person);
	}
	arena_close(&arena);
	return (err->code != ERR_NONE ? -1 : 0);
}

/* The name as it is served, else as the HR system says it: the last resort. */
static int
request_by_name(struct db *db, const char *text, struct candidates *found, struct err *err)
{
	struct served_person served;
	int result;

	if (text == NULL)
		return (0);
	served_walk(db);
	while ((result = served_next(db, &served, err)) > 0)
		if (served.value[FIELD_DISPLAY_NAME] != NULL &&
		    strcmp(served.value[FIELD_DISPLAY_NAME], text) == 0)
			request_candidate(found, served.id);
	if (result < 0 || found->count > 0)
		return (result < 0 ? -1 : 0);
	return (request_by_kept_name(db, text, found, err));
}

static int
request_name_candidates(struct db *db, const struct candidates *found, const char *text,
    struct arena *arena, struct err *err)
{
	struct person person;
	const char *names;
	size_t i;

	names = "";
	for (i = 0; i < found->count; i++)
		if (person_get(db, found->ids[i], arena, &person, err) == 1)
			names = arena_printf(arena, "%s %s", names, person.uid);
	return (err_set(err, ERR_AMBIGUOUS, "\"%s\" could be any of:%s: give the uid", text,
	    names));
}

int
request_person(struct db *db, const char *text, struct arena *arena, int64_t *person,
    struct err *err)
{
	struct candidates found = { .count = 0 };
	int result;

	result = request_by_key(db, text, &found, err);
	if (result == 0 && found.count == 0)
		result = person_each(db, PERSONS_BY_MAIL, text_lower(arena, text), 0,
		    request_candidate, &found, err);
	if (result == 0 && found.count == 0)
		result = record_by_number(db, text, request_candidate, &found, err);
	if (result == 0 && found.count == 0)
		result = record_by_kombo(db, text, request_candidate, &found, err);
	if (result == 0 && found.count == 0)
		result = request_by_name(db, text_clean(arena, text), &found, err);
	if (result < 0)
		return (-1);
	if (found.count == 0)
		return (err_set(err, ERR_NOT_FOUND, "nobody known has the uid, UUID, e-mail, "
		    "employee number, Kombo id or name \"%s\": try `rollcall find`, or "
		    "`rollcall why --live`, which asks Kombo and sees the excluded too", text));
	if (found.count > 1)
		return (request_name_candidates(db, &found, text, arena, err));
	*person = found.ids[0];
	return (0);
}

int
request_publish(struct request *request, int64_t person, struct plan_report *report,
    struct err *err)
{
	const struct plan_note note = {
		.what = request->name,
		.field = request_text(request, "field"),
		.reason = request_text(request, "reason"),
	};
	struct plan_order order = {
		.actor = request->actor,
		.note = &note,
		.conf = engine_conf(request->engine),
		.people = &person,
		.people_count = 1,
		.zones = engine_zones(request->engine),
		.now = engine_now(request->engine),
	};

	return (engine_publish_inside(request->engine, &order, report, err));
}

int
request_record(struct request *request, int (*change)(struct request *request, void *context,
    const char **about, struct err *err), void *context, struct err *err)
{
	struct db *db = engine_db(request->engine);
	const char *about;

	about = NULL;
	if (db_begin(db, err) < 0)
		return (-1);
	if (change(request, context, &about, err) < 0 ||
	    request_remember(request, about, err) < 0) {
		db_rollback(db);
		return (-1);
	}
	return (db_commit(db, err));
}

int
request_remember(struct request *request, const char *about, struct err *err)
{
	struct audit_act act = { .made_at = clock_now(), .cause = "decision",
	    .actor = request->actor };

	memcpy(act.conf, engine_conf(request->engine)->digest, sizeof(act.conf));
	return (audit_note(engine_db(request->engine), &act, &(struct audit_row){
	    .what = request->name, .reason = about }, err));
}
