/*
 * Requests that decide something about one person: hide, unhide, release, ignore-onboarding,
 * set, reset. Decision and publication are one transaction.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "rules/modes.h"
#include "store/person.h"
#include "store/record.h"
#include "store/source.h"
#include "sync/request/decide.h"
#include "sync/step.h"
#include "sync/typed.h"

/* What a decision changes, inside the transaction. */
typedef int decide_change(struct request *request, struct db *db, int64_t person,
    struct err *err);

static json_t *
decide_result(struct request *request, int64_t person, const struct plan_report *report,
    struct err *err)
{
	struct person row;

	if (person_get(engine_db(request->engine), person, request->arena, &row, err) != 1)
		return (json_object());
	return (json_pack("{s:s, s:o, s:I, s:I, s:I}", "uid", row.uid, "id",
	    request_uuid(&row.uuid), "entries", (json_int_t)report->changed, "groups",
	    (json_int_t)report->groups, "revision", (json_int_t)report->revision));
}

static int
decide_inside(struct request *request, decide_change *change, int64_t *person,
    struct plan_report *report, struct err *err)
{
	struct db *db = engine_db(request->engine);
	const char *text;

	text = request_need(request, "person", err);
	if (text == NULL || request_person(db, text, request->arena, person, err) < 0)
		return (-1);
	if (change(request, db, *person, err) < 0)
		return (-1);
	return (request_publish(request, *person, report, err));
}

static int
decide(struct request *request, decide_change *change, json_t **result, struct err *err)
{
	struct plan_report report;
	struct db *db;
	int64_t person;
	int status;

	engine_lock(request->engine);
	db = engine_db(request->engine);
	status = db_begin(db, err);
	if (status == 0)
		status = decide_inside(request, change, &person, &report, err);
	if (status == 0)
		status = db_commit(db, err);
	if (status == 0)
		step_done(STEP_COMMIT);
	if (status == 0)
		*result = decide_result(request, person, &report, err);
	else
		db_rollback(db);
	engine_unlock(request->engine);
	if (status == 0)
		log_info("decision", "person=%s actor=\"%s\" entries=%lld revision=%lld",
		    json_string_value(json_object_get(*result, "id")), request->actor,
		    (long long)report.changed, (long long)report.revision);
	return (status);
}

/* ---- hide, unhide ------------------------------------------------------------------------------- */

static int
decide_kind(struct request *request, struct db *db, int64_t person, const char *kind,
    struct err *err)
{
	const struct decision_row row = {
		.person = person,
		.kind = kind,
		.reason = request_text(request, "reason"),
		.actor = request->actor,
		.made_at = clock_now(),
	};

	return (decision_put(db, &row, err));
}

static int
decide_hide(struct request *request, struct db *db, int64_t person, struct err *err)
{
	return (decide_kind(request, db, person, "hide", err));
}

static int
decide_unhide(struct request *request, struct db *db, int64_t person, struct err *err)
{
	struct decision_row *rows;
	size_t count, i;
	bool hidden;

	if (decision_list(db, person, request->arena, &rows, &count, err) < 0)
		return (-1);
	hidden = false;
	for (i = 0; i < count; i++) {
		if (strcmp(rows[i].kind, "hide") != 0 &&
		    strcmp(rows[i].kind, "ignore-onboarding") != 0)
			continue;
		hidden = true;
		if (decision_delete(db, person, rows[i].kind, err) < 0)
			return (-1);
	}
	if (!hidden)
		return (err_set(err, ERR_REFUSED, "%s is not hidden by a decision; `rollcall why` "
		    "says whether a [hide] section does it", request_text(request, "person")));
	return (0);
}

int
request_hide(struct request *request, json_t **result, struct err *err)
{
	return (decide(request, decide_hide, result, err));
}

int
request_unhide(struct request *request, json_t **result, struct err *err)
{
	return (decide(request, decide_unhide, result, err));
}

/* ---- release, ignore-onboarding ---------------------------------------------------------------- */

/* For ever, also for a later spell (rulings B12): whoever is released already stays so. */
static int
decide_release(struct request *request, struct db *db, int64_t person, struct err *err)
{
	return (decide_kind(request, db, person, "release", err));
}

/* An onboarding alone can be ignored: nobody who works here vanishes by this word. */
static int
decide_ignore(struct request *request, struct db *db, int64_t person, struct err *err)
{
	struct person row;

	if (person_get(db, person, request->arena, &row, err) != 1)
		return (-1);
	if (row.status != STATUS_ONBOARDING && (row.flags & PERSON_JOINED) == 0)
		return (err_set(err, ERR_REFUSED, "%s is %s, no onboarding: to take such a person "
		    "out of what is served, use `rollcall hide %s`", row.uid,
		    status_name(row.status), row.uid));
	return (decide_kind(request, db, person, "ignore-onboarding", err));
}

int
request_release(struct request *request, json_t **result, struct err *err)
{
	return (decide(request, decide_release, result, err));
}

int
request_ignore_onboarding(struct request *request, json_t **result, struct err *err)
{
	return (decide(request, decide_ignore, result, err));
}

/* ---- set, reset ----------------------------------------------------------------------------------- */

static int
decide_field(struct request *request, enum field_id *id, struct err *err)
{
	const char *hint, *name;

	name = request_need(request, "field", err);
	if (name == NULL)
		return (-1);
	*id = field_find(name);
	if (*id != FIELD_N)
		return (0);
	hint = field_suggest(name);
	return (err_set(err, ERR_USAGE, "there is no field %s%s%s%s", name,
	    hint != NULL ? ": did you mean " : "", hint != NULL ? hint : "",
	    hint != NULL ? "?" : "; `rollcall fields` lists them"));
}

/* The record that counts for the person. */
static int
decide_owner(struct request *request, struct db *db, int64_t person,
    struct employee *employee, struct err *err)
{
	struct record_row record;
	struct person row;

	if (person_get(db, person, request->arena, &row, err) != 1)
		return (-1);
	if (row.owner == 0 || record_get(db, row.owner, request->arena, &record, err) != 1)
		return (err_set(err, ERR_REFUSED, "no record stands behind %s any more",
		    row.uid));
	if (employee_get(db, row.owner, request->arena, employee, err) < 1)
		return (err_set(err, ERR_REFUSED, "the values of %s have been erased: %s",
		    row.uid, record.reasons != NULL ? record.reasons : ""));
	return (0);
}

int
decide_editable(const struct conf_source *source, enum field_id id, struct err *err)
{
	enum field_mode mode = source->mode[id];

	if (mode == MODE_IMPORT_ONCE || mode == MODE_LOCAL)
		return (0);
	if (conf_provider(source) == CONF_FROM_HAND)
		return (err_set(err, ERR_MUTABILITY, "the person was added by hand: use `rollcall "
		    "change`"));
	if ((field_get(id)->flags & FIELD_FIXED) != 0)
		return (err_set(err, ERR_MUTABILITY, "%s always follows the HR system",
		    field_get(id)->name));
	if (source->mode_line[id] != 0)
		return (err_set(err, ERR_MUTABILITY, "%s is %s by %s:%u: it cannot be edited; "
		    "make it import-once or local there", field_get(id)->name,
		    field_mode_name(mode), source->file, source->mode_line[id]));
	return (err_set(err, ERR_MUTABILITY, "%s is %s by default: it cannot be edited; write "
	    "%s = import-once under [fields] in %s", field_get(id)->name, field_mode_name(mode),
	    field_get(id)->name, source->file));
}

/* The value as the store keeps it; NULL for an empty one. -1: it is none of the field's kind. */
static int
decide_value(struct arena *arena, enum field_id id, const char *text, const char **value,
    struct err *err)
{
	const char *flaw;

	flaw = typed_read(arena, id, text, value);
	if (flaw != NULL)
		return (err_set(err, ERR_USAGE, "%s: \"%s\" %s", field_get(id)->name, text,
		    flaw));
	return (0);
}

int
decide_source(struct request *request, struct db *db, int64_t person,
    struct employee *employee, const struct conf_source **source, struct err *err)
{
	struct source_row *rows;
	size_t count, i;

	if (decide_owner(request, db, person, employee, err) < 0)
		return (-1);
	if (source_list(db, request->arena, &rows, &count, err) < 0)
		return (-1);
	*source = NULL;
	for (i = 0; i < count; i++)
		if (rows[i].id == employee->source)
			*source = conf_source(engine_conf(request->engine), rows[i].name);
	if (*source == NULL)
		return (err_set(err, ERR_REFUSED, "the source of this person is no longer "
		    "configured"));
	return (0);
}

static int
decide_set(struct request *request, struct db *db, int64_t person, struct err *err)
{
	const struct conf_source *source;
	struct employee employee;
	const char *text, *value;
	enum field_id id;

	text = request_text(request, "value");
	if (text == NULL)
		return (err_set(err, ERR_USAGE, "argument `value` is missing; \"\" empties the "
		    "field"));
	if (decide_field(request, &id, err) < 0 ||
	    decide_source(request, db, person, &employee, &source, err) < 0 ||
	    decide_editable(source, id, err) < 0 ||
	    decide_value(request->arena, id, text, &value, err) < 0)
		return (-1);
	return (value_put(db, person, id, HELD_LOCAL, value, err));
}

/* The value is not kept (track_drift = no): the next complete fetch, wanted now, brings it. */
static int
decide_reset_later(struct request *request, struct db *db, int64_t person, enum field_id id,
    const char *source, struct err *err)
{
	const char *value[FIELD_N];
	struct source_row row;
	char state[FIELD_N];

	if (value_list(db, person, request->arena, state, value, err) < 0 ||
	    value_put(db, person, id, HELD_WAITING, value[id], err) < 0 ||
	    source_find(db, source, request->arena, &row, err) < 1)
		return (-1);
	row.full_wanted = true;
	return (source_save(db, &row, err));
}

/* Import-once takes the HR system's value again, local becomes empty (semantics 3.2). */
static int
decide_reset(struct request *request, struct db *db, int64_t person, struct err *err)
{
	const struct conf_source *source;
	struct employee employee;
	enum field_id id;

	if (decide_field(request, &id, err) < 0 ||
	    decide_source(request, db, person, &employee, &source, err) < 0)
		return (-1);
	if (source->mode[id] == MODE_CONTINUOUS)
		return (0);
	if (decide_editable(source, id, err) < 0)
		return (-1);
	if (source->mode[id] == MODE_LOCAL)
		return (value_put(db, person, id, HELD_LOCAL, NULL, err));
	if (mode_veiled(employee.value[id]))
		return (decide_reset_later(request, db, person, id, source->name, err));
	return (value_put(db, person, id, HELD_AGAIN, NULL, err));
}

int
request_set(struct request *request, json_t **result, struct err *err)
{
	return (decide(request, decide_set, result, err));
}

int
request_reset(struct request *request, json_t **result, struct err *err)
{
	return (decide(request, decide_reset, result, err));
}
