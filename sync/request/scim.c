/*
 * The request scim.write: what a client of SCIM changes, asked by rollcall-scimd in its name.
 *
 *   {"client": 3, "type": "User", "op": "change", "id": "<uuid>", "fields": {"title": "Chef"},
 *    "members": {"add": ["<uuid>"], "remove": []}, "external_id": "a1", "if_revision": N}
 *
 *   client       id of the client's row. Nothing else that is said of the client is believed:
 *                that it exists, has not expired, what it may do and which view it sees is
 *                read here.
 *   type, op     User or Group; create, change, replace, remove
 *   id           what it is about; not with create
 *   fields       by name in schema/fields.def, null empties; of a group "display_name". A value
 *                is a text, of an address also an object (local.c), of the manager a UUID.
 *   members      of a group: {"add": […], "remove": […]} or {"set": […]}
 *   external_id  what the client calls it; null: nothing; absent: as before
 *   if_revision  the stamp (modified) the resource had when the client saw it
 *
 *   → {"id": "<uuid>", "revision": N, "external": S}: the client's view has it all at revision
 *     N (0: nothing it shows has changed) and what clients call things at stamp S (0 likewise)
 *
 * Done whole or not at all. Errors: UNAUTHORIZED (no such client), NOT_FOUND (what the view does
 * not show, whether it exists or not, rulings F19), REFUSED (right, or the HR system's),
 * MUTABILITY (naming field and source), CONFLICT (unique among what the client sees), USAGE (a
 * value, naming the field), PRECONDITION.
 *
 * Who has the right edit changes fields that are imported once or local, as rollcall set does;
 * continuous ones are refused unless the value is the one served, and ignored by replace
 * (rulings F13). The right local holds edit, and people and groups that no HR system owns.
 */
#include "config.h"

#include "sync/request/scim.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/external.h"
#include "store/person.h"
#include "store/served.h"
#include "sync/request/decide.h"
#include "sync/request/local.h"
#include "sync/step.h"

#define SCIM_EXTERNAL_LONGEST	1024	/* bytes of an externalId */

static const char *const scim_ops[SCIM_OPS] = { "create", "change", "replace", "remove" };
static const char *const scim_rights[] = { "read", "edit", "local" };

/* ---- what is asked ------------------------------------------------------------------------- */

static const json_t *
scim_object(const struct scim_write *write, const char *name)
{
	const json_t *value = json_object_get(write->request->arguments, name);

	return (json_is_object(value) ? value : NULL);
}

const json_t *
scim_fields(const struct scim_write *write)
{
	return (scim_object(write, "fields"));
}

const json_t *
scim_members(const struct scim_write *write)
{
	return (scim_object(write, "members"));
}

static const char *
scim_type(const struct scim_write *write)
{
	return (write->group ? "Group" : "User");
}

static int
scim_read_order(struct scim_write *write, struct err *err)
{
	const char *op = request_need(write->request, "op", err);
	const char *type = request_need(write->request, "type", err);

	if (op == NULL || type == NULL)
		return (-1);
	write->group = strcmp(type, "Group") == 0;
	for (write->op = 0; write->op < SCIM_OPS; write->op++)
		if (strcmp(scim_ops[write->op], op) == 0)
			break;
	if (write->op == SCIM_OPS || (!write->group && strcmp(type, "User") != 0))
		return (err_set(err, ERR_USAGE, "\"%s\" of a \"%s\" is nothing to write", op,
		    type));
	return (0);
}

/* ---- who asks, and what she sees ------------------------------------------------------------ */

int
scim_need(const struct scim_write *write, enum scim_right right, struct err *err)
{
	if (write->right >= right)
		return (0);
	return (err_set(err, ERR_REFUSED, "the client %s has the right %s, and needs %s for this",
	    write->client.name, scim_rights[write->right], scim_rights[right]));
}

static int
scim_read_client(struct scim_write *write, struct err *err)
{
	const int64_t id = request_number(write->request, "client", 0);
	size_t i;
	int result;

	result = client_get(write->db, id, write->request->arena, &write->client, err);
	if (result < 0)
		return (-1);
	if (result == 0 || strcmp(write->client.protocol, "scim") != 0 ||
	    (write->client.expires != 0 && write->client.expires <= clock_now()))
		return (err_set(err, ERR_UNAUTHORIZED, "the client is no more, or its time is "
		    "over"));
	for (i = 0; i < sizeof(scim_rights) / sizeof(scim_rights[0]); i++)
		if (strcmp(scim_rights[i], write->client.rights) == 0)
			write->right = (enum scim_right)i;
	result = view_find(write->db, write->client.view, &write->view, err);
	return (result != 0 ? result : err_set(err, ERR_NOT_FOUND, "there is no view %s any "
	    "more", write->client.view));
}

int
scim_person(struct scim_write *write, const char *id, int64_t *person, struct err *err)
{
	struct uuid uuid;
	int64_t modified;
	int result;

	if (id == NULL || !uuid_parse(id, &uuid))
		return (0);
	result = person_by_uuid(write->db, &uuid, person, err);
	return (result <= 0 ? result : shown_modified(write->db, write->view.id, *person,
	    &modified, err));
}

/* Whether the view shows a person or a group of that UUID: 1 with its id and stamp, 0, -1. */
static int
scim_shown(struct scim_write *write, bool group, const struct uuid *uuid, int64_t *id,
    int64_t *modified, struct err *err)
{
	int result;

	result = group ? grp_by_uuid(write->db, uuid, id, err) :
	    person_by_uuid(write->db, uuid, id, err);
	if (result <= 0)
		return (result);
	return (group ? group_shown_modified(write->db, write->view.id, *id, modified, err) :
	    shown_modified(write->db, write->view.id, *id, modified, err));
}

/* What it is about, as the client saw it; who is not shown never existed (rulings F19). */
static int
scim_find(struct scim_write *write, struct err *err)
{
	const char *id = request_need(write->request, "id", err);
	int64_t modified, seen;
	int result;

	if (id == NULL)
		return (-1);
	result = !uuid_parse(id, &write->uuid) ? 0 :
	    scim_shown(write, write->group, &write->uuid, &write->id, &modified, err);
	if (result < 0)
		return (-1);
	if (result == 0)
		return (err_set(err, ERR_NOT_FOUND, "there is no %s %s", scim_type(write), id));
	seen = request_number(write->request, "if_revision", modified);
	if (seen == modified)
		return (0);
	return (err_set(err, ERR_PRECONDITION, "the %s has changed since", scim_type(write)));
}

/* ---- people of an HR system ------------------------------------------------------------------- */

/* A person under change by what set can change. */
struct scim_edit {
	struct scim_write		*write;
	const struct conf_source	*source;
	struct served_person		 served;
	size_t				 count;		/* values that were put */
};

static bool
scim_is_editable(const struct conf_source *source, enum field_id id)
{
	return (source->mode[id] == MODE_IMPORT_ONCE || source->mode[id] == MODE_LOCAL);
}

static bool
scim_same(const char *a, const char *b)
{
	return (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
}

/* Whether the manager that is given is the one the client's view shows. */
static int
scim_same_manager(struct scim_edit *edit, const json_t *given, bool *same, struct err *err)
{
	const char *text = json_string_value(given);
	struct shown_row rows[BOOK_VIEWS_MAX];
	struct scim_write *write = edit->write;
	int64_t manager, wanted;
	size_t count, i;
	int result;

	if (shown_list(write->db, write->id, rows, BOOK_VIEWS_MAX, &count, err) < 0)
		return (-1);
	manager = wanted = 0;
	for (i = 0; i < count; i++)
		if (rows[i].view == write->view.id)
			manager = rows[i].manager;
	result = scim_person(write, text, &wanted, err);
	*same = text == NULL ? manager == 0 : result > 0 && wanted == manager;
	return (result < 0 ? -1 : 0);
}

/* Whether the value that is given is the one that is served; what cannot be read is not. */
static int
scim_same_value(struct scim_edit *edit, enum field_id id, const json_t *given, bool *same,
    struct err *err)
{
	struct err ignored = ERR_INIT;
	const char *value;

	if (id == FIELD_MANAGER)
		return (scim_same_manager(edit, given, same, err));
	*same = local_value(edit->write->request->arena, id, given, &value, &ignored) == 0 &&
	    scim_same(value, edit->served.value[id]);
	return (0);
}

static int
scim_refuse_field(const struct scim_edit *edit, enum field_id id, struct err *err)
{
	return (err_set(err, ERR_MUTABILITY, "%s is %s in the source %s: it cannot be edited",
	    field_get(id)->name, field_mode_name(edit->source->mode[id]), edit->source->name));
}

static int
scim_edit_field(struct scim_edit *edit, enum field_id id, const json_t *given,
    struct err *err)
{
	struct scim_write *write = edit->write;
	const char *value;
	bool same;

	if (!scim_is_editable(edit->source, id) && write->op == SCIM_REPLACE)
		return (0);
	if (scim_same_value(edit, id, given, &same, err) < 0)
		return (-1);
	if (same)
		return (0);
	if (!scim_is_editable(edit->source, id))
		return (scim_refuse_field(edit, id, err));
	if (local_value(write->request->arena, id, given, &value, err) < 0)
		return (-1);
	edit->count++;
	return (value_put(write->db, write->id, id, HELD_LOCAL, value, err));
}

/*
 * PUT empties what it may edit and does not name (RFC 7644 §3.5.1), but for what is required
 * and for the dates: few clients know the extension they stand in.
 */
static int
scim_empty_fields(struct scim_edit *edit, struct err *err)
{
	const json_t *fields = scim_fields(edit->write);
	struct scim_write *write = edit->write;
	size_t i;

	for (i = 0; write->op == SCIM_REPLACE && i < FIELD_N; i++) {
		if (!scim_is_editable(edit->source, (enum field_id)i) ||
		    edit->served.value[i] == NULL || i == FIELD_WORK_EMAIL ||
		    i == FIELD_START_DATE || i == FIELD_TERMINATION_DATE ||
		    json_object_get(fields, field_get((enum field_id)i)->name) != NULL)
			continue;
		edit->count++;
		if (value_put(write->db, write->id, (enum field_id)i, HELD_LOCAL, NULL,
		    err) < 0)
			return (-1);
	}
	return (0);
}

static int
scim_edit_fields(struct scim_edit *edit, struct err *err)
{
	const char *name;
	enum field_id id;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)scim_fields(edit->write), name, value) {
		id = field_find(name);
		if (id == FIELD_N || (field_get(id)->flags & FIELD_LIVE) != 0)
			return (err_set(err, ERR_USAGE, "there is no field %s to be set", name));
		if (scim_edit_field(edit, id, value, err) < 0)
			return (-1);
	}
	return (scim_empty_fields(edit, err));
}

static int
scim_publish(struct scim_write *write, struct err *err)
{
	const struct plan_note note = { .what = "set", .reason = "SCIM" };
	struct engine *engine = write->request->engine;
	struct plan_order order = {
		.actor = write->request->actor,
		.note = &note,
		.conf = engine_conf(engine),
		.people = &write->id,
		.people_count = 1,
		.zones = engine_zones(engine),
		.now = engine_now(engine),
	};

	return (engine_publish_inside(engine, &order, &write->report, err));
}

static int
scim_edit_person(struct scim_write *write, const struct conf_source *source,
    struct err *err)
{
	struct scim_edit edit = { .write = write, .source = source };

	if (write->op == SCIM_REMOVE)
		return (err_set(err, ERR_REFUSED, "the person is of the source %s: an HR system "
		    "alone takes her away", source->name));
	if (write->op == SCIM_CHANGE && json_object_size(scim_fields(write)) == 0)
		return (0);
	if (scim_need(write, SCIM_EDIT, err) < 0 || served_get(write->db, write->id,
	    write->request->arena, &edit.served, err) < 0 || scim_edit_fields(&edit, err) < 0)
		return (-1);
	return (edit.count > 0 ? scim_publish(write, err) : 0);
}

/* ---- people that no HR system owns ------------------------------------------------------------ */

static int
scim_write_local(struct scim_write *write, struct err *err)
{
	static const enum local_op ops[SCIM_OPS] = { LOCAL_ADD, LOCAL_CHANGE, LOCAL_REPLACE,
	    LOCAL_REMOVE };
	const struct local_order order = {
		.op = ops[write->op],
		.person = write->id,
		.fields = scim_fields(write),
		.view = write->view.id,
	};

	if (write->op == SCIM_CHANGE && json_object_size(scim_fields(write)) == 0)
		return (0);
	if (scim_need(write, SCIM_LOCAL, err) < 0)
		return (-1);
	return (local_write(write->request, &order, &write->id, &write->report, err));
}

/* What was made must be there for who made it. */
static int
scim_create_person(struct scim_write *write, struct err *err)
{
	struct person person;
	int64_t modified;
	int result;

	if (scim_write_local(write, err) < 0)
		return (-1);
	if (person_get(write->db, write->id, write->request->arena, &person, err) != 1)
		return (-1);
	write->uuid = person.uuid;
	result = shown_modified(write->db, write->view.id, write->id, &modified, err);
	return (result != 0 ? result : err_set(err, ERR_USAGE, "nothing was added: the view %s "
	    "would not show the person", write->client.view));
}

static int
scim_write_person(struct scim_write *write, struct err *err)
{
	const struct conf_source *source;
	struct employee employee;

	if (write->op == SCIM_CREATE)
		return (scim_create_person(write, err));
	if (decide_source(write->request, write->db, write->id, &employee, &source, err) < 0)
		return (-1);
	return (conf_provider(source) == CONF_FROM_HAND ? scim_write_local(write, err) :
	    scim_edit_person(write, source, err));
}

/* ---- what the client calls it ------------------------------------------------------------------- */

/*
 * The id of somebody else: refused where the client sees her, else taken, since for this client
 * nobody has it.
 */
static int
scim_external_free(struct scim_write *write, const char *value, struct err *err)
{
	struct external_row row = { .client = write->client.id };
	int64_t id, modified;
	struct uuid *uuids;
	size_t count, i;
	int result;

	if (external_holders(write->db, write->client.id, value, write->request->arena, &uuids,
	    &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		result = scim_shown(write, false, &uuids[i], &id, &modified, err);
		if (result == 0)
			result = scim_shown(write, true, &uuids[i], &id, &modified, err);
		if (result > 0)
			return (err_set(err, ERR_CONFLICT, "externalId: it is given to another "
			    "resource"));
		row.uuid = uuids[i];
		if (result < 0 || external_put(write->db, &row, clock_now(), err) < 0)
			return (-1);
	}
	return (0);
}

static int
scim_remember_external(const struct scim_write *write, struct err *err)
{
	struct audit_act act = { .made_at = clock_now(), .cause = "decision",
	    .actor = write->request->actor };

	struct audit_row row = { .what = "externalId" };
	char uuid[UUID_TEXT_SIZE];

	memcpy(act.conf, engine_conf(write->request->engine)->digest, sizeof(act.conf));
	if (write->group) {
		row.reason = arena_printf(write->request->arena, "Group %s",
		    uuid_format(&write->uuid, uuid));
	} else {
		row.person = write->id;
		row.uuid = write->uuid;
	}
	return (audit_note(write->db, &act, &row, err));
}

static int
scim_write_external(struct scim_write *write, struct err *err)
{
	const json_t *given = json_object_get(write->request->arguments, "external_id");
	const char *old, *value = json_string_value(given);
	struct external_row row = { .client = write->client.id, .uuid = write->uuid };

	if (given == NULL || write->op == SCIM_REMOVE)
		return (0);
	if ((value == NULL && !json_is_null(given)) ||
	    (value != NULL && strlen(value) > SCIM_EXTERNAL_LONGEST))
		return (err_set(err, ERR_USAGE, "externalId: it is no text of at most %d bytes",
		    SCIM_EXTERNAL_LONGEST));
	row.value = value != NULL && *value != '\0' ? value : NULL;
	if (external_get(write->db, write->client.id, &write->uuid, write->request->arena, &old,
	    err) < 0)
		return (-1);
	if (scim_same(old, row.value))
		return (0);
	if ((row.value != NULL && scim_external_free(write, row.value, err) < 0) ||
	    external_put(write->db, &row, clock_now(), err) < 0)
		return (-1);
	write->external = row.stamp;
	return (scim_remember_external(write, err));
}

/* ---- the request ---------------------------------------------------------------------------------- */

static int
scim_inside(struct scim_write *write, struct err *err)
{
	if (scim_read_order(write, err) < 0 || scim_read_client(write, err) < 0)
		return (-1);
	write->request->actor = arena_printf(write->request->arena, "scim:%s",
	    write->client.name);
	if (write->op == SCIM_CREATE ? scim_need(write, SCIM_LOCAL, err) < 0 :
	    scim_find(write, err) < 0)
		return (-1);
	if ((write->group ? scim_write_group(write, err) : scim_write_person(write, err)) < 0)
		return (-1);
	return (scim_write_external(write, err));
}

/* The revision at which the client's view has what was published, 0: it shows nothing new. */
static int64_t
scim_revision(struct scim_write *write)
{
	struct err err = ERR_INIT;
	struct view_row view;

	if (write->report.revision == 0 ||
	    view_find(write->db, write->client.view, &view, &err) < 1)
		return (0);
	return (view.revision > write->view.revision ? view.revision : 0);
}

static void
scim_done(struct scim_write *write, json_t **result)
{
	const int64_t revision = scim_revision(write);
	char id[UUID_TEXT_SIZE];

	step_done(STEP_COMMIT);
	*result = json_pack("{s:s, s:I, s:I}", "id", uuid_format(&write->uuid, id), "revision",
	    (json_int_t)revision, "external", (json_int_t)write->external);
	log_info("scim.write", "op=%s type=%s id=%s actor=\"%s\" revision=%lld",
	    scim_ops[write->op], scim_type(write), id, write->request->actor,
	    (long long)revision);
}

int
request_scim_write(struct request *request, json_t **result, struct err *err)
{
	struct request own = *request;
	struct scim_write write = { .request = &own };
	int status;

	engine_lock(own.engine);
	write.db = engine_db(own.engine);
	status = db_begin(write.db, err);
	if (status == 0)
		status = scim_inside(&write, err);
	if (status == 0)
		status = db_commit(write.db, err);
	if (status == 0)
		scim_done(&write, result);
	else
		db_rollback(write.db);
	engine_unlock(own.engine);
	return (status);
}
