/*
 * Requests about whose record is whose: link and unlink. The decision is kept, and what it
 * moves is published in the same transaction. Of a record that was held nothing is stored but
 * its id: a complete fetch of its source follows.
 */
#include "config.h"

#include "sync/request/link.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "rules/identity.h"
#include "store/link.h"
#include "store/person.h"
#include "store/source.h"
#include "store/suppress.h"
#include "sync/request/show.h"
#include "sync/run.h"
#include "sync/step.h"

/* One decision under way. */
struct linking {
	struct request		*request;
	struct db		*db;
	int64_t			 person;	/* who gets the records; 0: a person of its own */
	int64_t			 from;		/* who had them, 0: nobody */
	int64_t			*records;
	size_t			 count;
	const char		*fetch;		/* source to be fetched wholly, NULL: none */
	struct plan_report	 report;
};

/* ---- records by name --------------------------------------------------------------------- */

static int
link_source_name(struct request *request, struct db *db, int64_t id, const char **name,
    struct err *err)
{
	struct source_row *rows;
	size_t count, i;

	*name = "?";
	if (source_list(db, request->arena, &rows, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		if (rows[i].id == id)
			*name = rows[i].name;
	return (0);
}

const char *
link_record_name(struct request *request, struct db *db, const struct record_row *row,
    struct err *err)
{
	const char *source;

	(void)link_source_name(request, db, row->source, &source, err);
	return (arena_printf(request->arena, "%s/%s", source, row->kombo));
}

int
link_record(struct request *request, struct db *db, const char *text,
    struct record_row *row, struct err *err)
{
	struct source_row *rows;
	struct record_row found;
	size_t count, hits, i, len;
	const char *kombo;
	int result;

	if (source_list(db, request->arena, &rows, &count, err) < 0)
		return (-1);
	hits = 0;
	for (i = 0; i < count; i++) {
		len = strlen(rows[i].name);
		kombo = strncmp(text, rows[i].name, len) == 0 && text[len] == '/' ?
		    text + len + 1 : text;
		result = record_find(db, rows[i].id, kombo, request->arena, &found, err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		*row = found;
		hits++;
	}
	if (hits > 1)
		return (err_set(err, ERR_AMBIGUOUS, "several sources have a record %s: write "
		    "SOURCE/%s", text, text));
	return ((int)hits);
}

/* ---- what is decided ------------------------------------------------------------------------ */

static int
link_write(struct linking *linking, const struct record_row *record, int64_t salt,
    struct err *err)
{
	const struct link_row row = {
		.source = record->source,
		.kombo = record->kombo,
		.person = linking->person,
		.salt = salt,
		.reason = request_text(linking->request, "reason"),
		.actor = linking->request->actor,
		.made_at = clock_now(),
	};

	return (link_put(linking->db, &row, err));
}

/* Gives a record to the person; its values go with it. */
static int
link_move_record(struct linking *linking, int64_t id, struct err *err)
{
	struct record_row row;

	if (record_get(linking->db, id, linking->request->arena, &row, err) != 1)
		return (-1);
	row.person = linking->person;
	return (link_write(linking, &row, 0, err) < 0 ? -1 :
	    record_save(linking->db, &row, err));
}

/* A held record comes to the person with the next complete fetch of its source. */
static int
link_held_record(struct linking *linking, const struct record_row *record, struct err *err)
{
	struct source_row source;
	int result;

	if (link_write(linking, record, 0, err) < 0 || link_source_name(linking->request,
	    linking->db, record->source, &linking->fetch, err) < 0)
		return (-1);
	result = source_find(linking->db, linking->fetch, linking->request->arena, &source, err);
	if (result <= 0)
		return (result);
	source.full_wanted = true;
	if (source_save(linking->db, &source, err) < 0)
		return (-1);
	return (request_remember(linking->request, arena_printf(linking->request->arena,
	    "%s/%s", linking->fetch, record->kombo), err));
}

/* What admins decided about a person without records any more is about the one who has them. */
static int
link_move_decisions(struct linking *linking, struct err *err)
{
	struct decision_row *rows;
	int64_t *left;
	size_t count, i;

	if (record_ids_of_person(linking->db, linking->from, linking->request->arena, &left,
	    &count, err) < 0)
		return (-1);
	if (count > 0)
		return (0);
	if (link_move_person(linking->db, linking->from, linking->person, err) < 0 ||
	    decision_list(linking->db, linking->from, linking->request->arena, &rows, &count,
	    err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		if (decision_delete(linking->db, linking->from, rows[i].kind, err) < 0)
			return (-1);
		rows[i].person = linking->person;
		if (decision_put(linking->db, &rows[i], err) < 0)
			return (-1);
	}
	return (0);
}

/* Of a person whose values were erased the plan judges nothing: who owned her is settled here. */
static int
link_let_go(struct linking *linking, struct err *err)
{
	struct person person;
	int64_t *left;
	size_t count, i;
	int result;

	result = person_get(linking->db, linking->from, linking->request->arena, &person, err);
	if (result <= 0 || (person.flags & PERSON_PURGED) == 0)
		return (result < 0 ? -1 : 0);
	if (record_ids_of_person(linking->db, linking->from, linking->request->arena, &left,
	    &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		if (left[i] == person.owner)
			return (0);
	person.owner = count > 0 ? left[0] : 0;
	return (person_save(linking->db, &person, err));
}

static int
link_publish(struct linking *linking, struct err *err)
{
	struct engine *engine = linking->request->engine;
	const int64_t people[2] = { linking->person != 0 ? linking->person : linking->from,
	    linking->from };
	const struct plan_note note = { .what = linking->request->name,
	    .reason = request_text(linking->request, "reason") };
	struct plan_order order = {
		.actor = linking->request->actor,
		.note = &note,
		.conf = engine_conf(engine),
		.people = people,
		.people_count = 2,
		.records = linking->records,
		.record_count = linking->count,
		.zones = engine_zones(engine),
		.now = engine_now(engine),
	};

	return (engine_publish_inside(engine, &order, &linking->report, err));
}

/* ---- link ------------------------------------------------------------------------------------- */

/* Whose records move: one that is named, or all of a person. */
static int
link_which(struct linking *linking, const char *text, struct record_row *held,
    struct err *err)
{
	struct record_row row;
	int result;

	*held = (struct record_row){ .id = 0 };
	result = link_record(linking->request, linking->db, text, &row, err);
	if (result < 0)
		return (-1);
	if (result == 0) {
		if (request_person(linking->db, text, linking->request->arena, &linking->from,
		    err) < 0)
			return (-1);
		return (record_ids_of_person(linking->db, linking->from,
		    linking->request->arena, &linking->records, &linking->count, err));
	}
	linking->from = row.person;
	if (row.person == 0) {
		*held = row;
		return (0);
	}
	linking->records = arena_alloc(linking->request->arena, sizeof(*linking->records));
	linking->records[0] = row.id;
	linking->count = 1;
	return (0);
}

static int
link_inside(struct linking *linking, struct err *err)
{
	const char *person, *record;
	struct record_row held;
	size_t i;

	record = request_need(linking->request, "record", err);
	person = record != NULL ? request_need(linking->request, "person", err) : NULL;
	if (person == NULL || request_person(linking->db, person, linking->request->arena,
	    &linking->person, err) < 0 || link_which(linking, record, &held, err) < 0)
		return (-1);
	if (linking->from == linking->person)
		return (err_set(err, ERR_REFUSED, "%s belongs to %s already", record, person));
	if (held.id != 0)
		return (link_held_record(linking, &held, err));
	if (linking->count == 0)
		return (err_set(err, ERR_REFUSED, "no record stands behind %s any more", record));
	for (i = 0; i < linking->count; i++)
		if (link_move_record(linking, linking->records[i], err) < 0)
			return (-1);
	if (link_move_decisions(linking, err) < 0 || link_let_go(linking, err) < 0)
		return (-1);
	return (link_publish(linking, err));
}

/* ---- unlink ----------------------------------------------------------------------------------- */

/*
 * The person a record is of its own: one who was made of it once and has nothing now, else a
 * new one. The first UUID that nobody else lives under, or was erased under.
 */
static int
link_own_person(struct linking *linking, const struct record_row *row, int64_t *salt,
    struct err *err)
{
	struct uuid space, uuid;
	const char *source;
	int64_t *ids, person;
	size_t count;
	int result;

	if (meta_uuid(linking->db, "namespace", &space, err) < 0 ||
	    link_source_name(linking->request, linking->db, row->source, &source, err) < 0)
		return (-1);
	for (*salt = 0;; ++*salt) {
		uuid = identity_uuid(&space, source, row->kombo, *salt);
		result = suppress_has_uuid(linking->db, &uuid, err);
		if (result > 0)
			continue;
		if (result == 0)
			result = person_by_uuid(linking->db, &uuid, &person, err);
		if (result <= 0)
			return (result);
		if (record_ids_of_person(linking->db, person, linking->request->arena, &ids,
		    &count, err) < 0)
			return (-1);
		if (count == 0) {
			linking->person = person;
			return (0);
		}
	}
}

static int
unlink_known(struct linking *linking, struct record_row *row, struct err *err)
{
	struct employee employee;
	int64_t *ids, salt;
	size_t count;
	int stored;

	linking->from = row->person;
	linking->records = &row->id;
	linking->count = 1;
	if (record_ids_of_person(linking->db, row->person, linking->request->arena, &ids, &count,
	    err) < 0)
		return (-1);
	if (count < 2)
		return (err_set(err, ERR_REFUSED, "%s is the only record of its person",
		    link_record_name(linking->request, linking->db, row, err)));
	if (link_own_person(linking, row, &salt, err) < 0)
		return (-1);
	stored = employee_get(linking->db, row->id, linking->request->arena, &employee, err);
	row->person = linking->person;
	linking->person = 0;	/* the decision: nobody else's */
	if (stored < 0 || link_write(linking, row, salt, err) < 0)
		return (-1);
	linking->person = row->person;
	if (row->person == 0 && stored == 0)
		row->remote = NULL;	/* of whom nothing is stored, that is not either */
	if (record_save(linking->db, row, err) < 0 || link_let_go(linking, err) < 0)
		return (-1);
	return (link_publish(linking, err));
}

static int
unlink_inside(struct linking *linking, struct err *err)
{
	struct record_row row;
	const char *text;
	int result;

	text = request_need(linking->request, "record", err);
	if (text == NULL)
		return (-1);
	result = link_record(linking->request, linking->db, text, &row, err);
	if (result == 0)
		return (err_set(err, ERR_NOT_FOUND, "there is no record %s: `rollcall why PERSON` "
		    "and `rollcall cases` name records as SOURCE/ID", text));
	if (result < 0)
		return (-1);
	if (row.person == 0)
		return (link_held_record(linking, &row, err));
	return (unlink_known(linking, &row, err));
}

/* ---- both --------------------------------------------------------------------------------------- */

static json_t *
link_result(struct linking *linking, struct err *err)
{
	int64_t person = linking->person != 0 ? linking->person : linking->from;
	struct person row;
	bool known;

	known = person != 0 && person_get(linking->db, person, linking->request->arena, &row,
	    err) == 1;
	return (json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:o}", "uid",
	    request_string(known ? row.uid : NULL), "id", request_uuid(known ? &row.uuid : NULL),
	    "records", (json_int_t)linking->count, "entries",
	    (json_int_t)linking->report.changed, "groups", (json_int_t)linking->report.groups,
	    "revision", (json_int_t)linking->report.revision, "fetched",
	    request_string(linking->fetch)));
}

/* The decision is made; when it waits for the record's values, they are fetched. */
static int
link_fetch(struct linking *linking, json_t *result, struct err *err)
{
	const struct run_order order = { .source = linking->fetch, .complete = true,
	    .wait = true, .actor = linking->request->actor };
	struct run_result run;

	if (linking->fetch == NULL)
		return (0);
	if (run_source(linking->request->engine, &order, linking->request->arena, &run, err) < 0)
		return (err_context(err, "the decision is kept, but %s could not be fetched",
		    linking->fetch));
	(void)json_object_set_new(result, "entries", json_integer(run.report.changed));
	(void)json_object_set_new(result, "groups", json_integer(run.report.groups));
	(void)json_object_set_new(result, "revision", json_integer(run.report.revision));
	return (0);
}

static int
link_decide(struct request *request, int (*inside)(struct linking *linking, struct err *err),
    json_t **result, struct err *err)
{
	struct linking linking = { .request = request };
	int status;

	engine_lock(request->engine);
	linking.db = engine_db(request->engine);
	status = db_begin(linking.db, err);
	if (status == 0)
		status = inside(&linking, err);
	if (status == 0)
		status = db_commit(linking.db, err);
	if (status == 0) {
		step_done(STEP_COMMIT);
		*result = link_result(&linking, err);
	} else {
		db_rollback(linking.db);
	}
	engine_unlock(request->engine);
	if (status < 0)
		return (-1);
	log_info("decision", "what=%s record=\"%s\" actor=\"%s\" entries=%lld", request->name,
	    request_text(request, "record"), request->actor, (long long)linking.report.changed);
	return (link_fetch(&linking, *result, err));
}

int
request_link(struct request *request, json_t **result, struct err *err)
{
	return (link_decide(request, link_inside, result, err));
}

int
request_unlink(struct request *request, json_t **result, struct err *err)
{
	return (link_decide(request, unlink_inside, result, err));
}
