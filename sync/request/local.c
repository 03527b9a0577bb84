/*
 * Requests about people added by hand: they are records of the source with provider = local, and
 * take the road of a fetch that brings one record. Nothing else ever changes them.
 *
 *   local.add      {"fields": {…}}                         a new person
 *   local.change   {"person": "…", "fields": {…}}          the fields named, null empties
 *   local.replace  {"person": "…", "fields": {…}}          all fields: those not named are emptied
 *   local.remove   {"person": "…"}                         gone at once, values erased
 *
 * Clients of SCIM ask the same by scim.write.
 *
 * A field is a text; an address also {"street": …, "city": …, "state": …, "zip": …, "country":
 * …, "raw": …}, a work location with "name"; team, department and cost_center also a list. The
 * manager is a person added by hand, told like any. Only people who are served stand in the way
 * of an address or a number (rulings F18).
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "base/place.h"
#include "base/text.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"
#include "store/view.h"
#include "sync/csv/named.h"
#include "sync/request/local.h"
#include "sync/typed.h"

struct local {
	struct request			*request;
	const struct local_order	*order;
	struct db			*db;
	const struct conf_source	*source;
	struct source_row		 row;
	struct named			*named;
	struct employee			 employee;	/* texts in the request's arena */
	struct record_row		 record;	/* … and theirs */
	int64_t				 person;	/* whose it is, 0: new */
};

/* ---- values -------------------------------------------------------------------------------- */

static const char *
local_name(struct local *local, enum unit_model model, const char *name, const char *type,
    const char *place)
{
	const struct unit unit = { .model = model, .name = name, .type = type, .place = place };
	int64_t other;

	return (name == NULL ? NULL : named_id(local->named, local->request->arena, &unit, 1,
	    &other));
}

int
local_place(struct arena *arena, enum place_part plain, const json_t *value,
    struct place *place, struct err *err)
{
	static const char *const names[PLACE_N] = { "name", "street", "city", "state", "zip",
	    "country", "raw" };
	const char *key;
	json_t *part;
	size_t i;

	*place = (struct place){ .part = { NULL } };
	if (!json_is_object(value)) {
		place->part[plain] = text_clean(arena, json_string_value(value));
		return (0);
	}
	json_object_foreach((json_t *)value, key, part) {
		for (i = 0; i < PLACE_N && strcmp(names[i], key) != 0; i++)
			continue;
		if (i == PLACE_N || (!json_is_string(part) && !json_is_null(part)))
			return (err_set(err, ERR_USAGE, "an address has no part %s", key));
		place->part[i] = text_clean(arena, json_string_value(part));
	}
	return (0);
}

static void
local_add_group(struct local *local, const char *type, const char *name, struct buf *list)
{
	const char *id;

	id = local_name(local, UNIT_GROUP, text_clean(local->request->arena, name), type, NULL);
	if (id != NULL)
		buf_printf(list, "%s%c", id, LIST_ITEM_END);
}

/* The groups of one type take the place of those there are. */
static void
local_groups(struct local *local, enum field_id id, const json_t *value)
{
	const char *end, *item, *name, *type = named_type(id);
	struct buf list = BUF_INIT;
	const json_t *one;
	size_t i;

	for (item = local->employee.value[FIELD_GROUPS]; item != NULL &&
	    (end = strchr(item, LIST_ITEM_END)) != NULL; item = end + 1)
		if (strncmp(item, type, strlen(type)) != 0 || item[strlen(type)] != ':')
			buf_add(&list, item, (size_t)(end - item) + 1);
	json_array_foreach((json_t *)value, i, one)
		local_add_group(local, type, json_string_value(one), &list);
	for (name = json_string_value(value); name != NULL; name = *end == '|' ? end + 1 : NULL) {
		end = strchrnul(name, '|');
		local_add_group(local, type, arena_dup_len(local->request->arena, name,
		    (size_t)(end - name)), &list);
	}
	local->employee.value[FIELD_GROUPS] = list.len > 0 ?
	    arena_dup(local->request->arena, list.data) : NULL;
	buf_close(&list);
}

/* The record of this source that a person has: 1 found, 0 none. */
static int
local_record(struct local *local, int64_t person, struct record_row *record, struct err *err)
{
	int64_t *ids;
	size_t count, i;
	int result;

	if (record_ids_of_person(local->db, person, local->request->arena, &ids, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		result = record_get(local->db, ids[i], local->request->arena, record, err);
		if (result < 0 || (result > 0 && record->source == local->row.id))
			return (result);
	}
	return (0);
}

/* Whom who asks can see, of all who are told by id. */
static int
local_seen(struct local *local, const char *text, int64_t *person, struct err *err)
{
	struct uuid uuid;
	int64_t modified;
	int result;

	result = uuid_parse(text, &uuid) ? person_by_uuid(local->db, &uuid, person, err) : 0;
	if (result > 0)
		result = shown_modified(local->db, local->order->view, *person, &modified, err);
	return (result != 0 ? result : err_set(err, ERR_USAGE, "there is no User %s", text));
}

static int
local_manager(struct local *local, const char *text, struct err *err)
{
	struct record_row record;
	int64_t person;
	int result;

	if (text == NULL || *text == '\0') {
		local->employee.value[FIELD_MANAGER] = NULL;
		return (0);
	}
	if ((local->order->view != 0 ? local_seen(local, text, &person, err) :
	    request_person(local->db, text, local->request->arena, &person, err)) < 0)
		return (err_context(err, "manager"));
	result = local_record(local, person, &record, err);
	if (result == 0)
		return (err_set(err, ERR_USAGE, "manager: \"%s\" was not added by hand: only such "
		    "people can be managers of each other", text));
	local->employee.value[FIELD_MANAGER] = record.kombo;
	return (result < 0 ? -1 : 0);
}

static int
local_field(struct local *local, enum field_id id, const json_t *value, struct err *err)
{
	struct employee *employee = &local->employee;
	struct arena *arena = local->request->arena;
	const char *flaw, *text = json_string_value(value);
	struct place place;

	switch (field_get(id)->kind) {
	case KIND_GROUP:
		local_groups(local, id, value);
		return (0);
	case KIND_PERSON:
		return (local_manager(local, text, err));
	case KIND_ENTITY:
		employee->value[id] = local_name(local, UNIT_ENTITY, text_clean(arena, text), NULL,
		    NULL);
		return (0);
	case KIND_PLACE:
		if (local_place(arena, PLACE_NAME, value, &place, err) < 0)
			return (-1);
		text = place.part[PLACE_NAME];
		place.part[PLACE_NAME] = NULL;
		employee->value[id] = local_name(local, UNIT_LOCATION, text, NULL,
		    place_join(arena, &place));
		return (0);
	case KIND_ADDRESS:
		if (local_place(arena, PLACE_RAW, value, &place, err) < 0)
			return (-1);
		employee->value[id] = place_join(arena, &place);
		return (0);
	case KIND_STRING:
	case KIND_EMAIL:
	case KIND_PHONE:
	case KIND_DATE:
	case KIND_STATUS:
	case KIND_TYPE:
	case KIND_GROUPS:
		break;
	}
	flaw = typed_read(arena, id, text != NULL ? text : "", &employee->value[id]);
	return (flaw == NULL ? 0 : err_set(err, ERR_USAGE, "%s: \"%s\" %s", field_get(id)->name,
	    text, flaw));
}

int
local_value(struct arena *arena, enum field_id id, const json_t *given, const char **value,
    struct err *err)
{
	const char *flaw, *text = json_string_value(given);
	struct place place;

	if (json_is_object(given)) {
		if (local_place(arena, PLACE_RAW, given, &place, err) < 0)
			return (-1);
		*value = place_join(arena, &place);
		return (0);
	}
	flaw = typed_read(arena, id, text != NULL ? text : "", value);
	return (flaw == NULL ? 0 : err_set(err, ERR_USAGE, "%s: \"%s\" %s",
	    field_get(id)->name, text, flaw));
}

static int
local_check_field(const struct local *local, const char *name, const json_t *value,
    enum field_id *id, struct err *err)
{
	const char *hint;
	bool parts;

	*id = field_find(name);
	if (*id == FIELD_N || (field_get(*id)->flags & FIELD_LIVE) != 0) {
		hint = *id == FIELD_N ? field_suggest(name) : "team";
		return (err_set(err, ERR_USAGE, "there is no field %s to be set%s%s%s", name,
		    hint != NULL ? ": did you mean " : "", hint != NULL ? hint : "",
		    hint != NULL ? "?" : "; `rollcall fields` lists them"));
	}
	if (local->source->mode[*id] == MODE_OFF)
		return (err_set(err, ERR_MUTABILITY, "%s is off in %s: write %s = continuous under "
		    "[fields] there", name, local->source->file, name));
	parts = field_get(*id)->kind == KIND_PLACE || field_get(*id)->kind == KIND_ADDRESS;
	if (json_is_string(value) || json_is_null(value) || (json_is_object(value) && parts) ||
	    (json_is_array(value) && field_get(*id)->kind == KIND_GROUP))
		return (0);
	return (err_set(err, ERR_USAGE, "%s: that is no value of such a field", name));
}

/* What the record does not say, but is set by hand: of a person who is there. */
static bool
local_is_held(const struct local *local, enum field_id id)
{
	return (local->person != 0 && (local->source->mode[id] == MODE_IMPORT_ONCE ||
	    local->source->mode[id] == MODE_LOCAL));
}

static int
local_put(struct local *local, enum field_id id, const json_t *given, struct err *err)
{
	const char *value;

	if (!local_is_held(local, id))
		return (local_field(local, id, given, err));
	if (local_value(local->request->arena, id, given, &value, err) < 0)
		return (-1);
	return (value_put(local->db, local->person, id, HELD_LOCAL, value, err));
}

static int
local_fields(struct local *local, struct err *err)
{
	const json_t *fields = local->order->fields;
	const char *name;
	enum field_id id;
	json_t *value;

	if (!json_is_object(fields) || (json_object_size(fields) == 0 &&
	    local->order->view == 0))
		return (err_set(err, ERR_USAGE, "no field is given: write FIELD=VALUE"));
	json_object_foreach((json_t *)(uintptr_t)fields, name, value)
		if (local_check_field(local, name, value, &id, err) < 0 ||
		    local_put(local, id, value, err) < 0)
			return (-1);
	return (0);
}

/* A replacement empties what it does not name. */
static int
local_empty(struct local *local, struct err *err)
{
	static const enum field_id kept[] = { FIELD_WORK_EMAIL, FIELD_EMPLOYMENT_STATUS,
	    FIELD_START_DATE, FIELD_TERMINATION_DATE };
	const struct employee old = local->employee;
	size_t i;

	local->employee = (struct employee){ .record = local->record.id,
	    .kombo = local->record.kombo, .remote = local->record.remote };
	for (i = 0; local->order->view != 0 && i < sizeof(kept) / sizeof(kept[0]); i++)
		local->employee.value[kept[i]] = old.value[kept[i]];
	for (i = 0; i < FIELD_N; i++)
		if (local_is_held(local, (enum field_id)i) &&
		    (local->order->view == 0 || local->employee.value[i] == NULL) &&
		    value_put(local->db, local->person, (enum field_id)i, HELD_LOCAL, NULL,
		    err) < 0)
			return (-1);
	return (0);
}

/* ---- who stands in the way ----------------------------------------------------------------- */

struct local_rivals {
	struct local	*local;
	int64_t		 found;		/* a person, 0: nobody */
	struct err	*err;
	int		 result;
};

/* Only who is served stands in the way: a refusal must not tell of the hidden (rulings F18). */
static void
local_rival(void *context, int64_t person)
{
	struct local_rivals *rivals = context;
	struct local *local = rivals->local;
	const int64_t view = local->order->view;
	struct shown_row rows[BOOK_VIEWS_MAX];
	size_t count, i;

	if (rivals->result < 0 || person == local->person)
		return;
	rivals->result = shown_list(local->db, person, rows, BOOK_VIEWS_MAX, &count, rivals->err);
	for (i = 0; rivals->result >= 0 && i < count; i++)
		if (view == 0 || rows[i].view == view)
			rivals->found = person;
}

static int
local_check_unique(struct local *local, struct err *err)
{
	struct local_rivals rivals = { .local = local, .err = err };
	const char *mail = local->employee.value[FIELD_WORK_EMAIL];
	const char *number = local->employee.value[FIELD_EMPLOYEE_NUMBER];

	if (mail != NULL && person_each(local->db, PERSONS_BY_MAIL, mail, 0, local_rival, &rivals,
	    err) < 0)
		return (-1);
	if (rivals.found != 0)
		return (err_set(err, ERR_CONFLICT, "work_email: somebody who is served has it"));
	if (number != NULL && record_by_number(local->db, number, local_rival, &rivals, err) < 0)
		return (-1);
	if (rivals.found != 0)
		return (err_set(err, ERR_CONFLICT, "employee_number: somebody who is served has it"));
	return (rivals.result < 0 ? -1 : 0);
}

/* ---- the way in ------------------------------------------------------------------------------ */

/* Publishes the record as a fetch of nothing else. */
static int
local_publish(struct local *local, struct plan_report *report, struct err *err)
{
	struct fetched fetched = { .healthy = true, .seen = 1, .live = 1 };
	struct plan_order order = {
		.conf = engine_conf(local->request->engine),
		.fetched = &fetched,
		.source = local->row.id,
		.zones = engine_zones(local->request->engine),
		.now = engine_now(local->request->engine),
		.actor = local->request->actor,
		.apart = true,
	};
	int result;

	local->employee.source = local->row.id;
	local->employee.hash = employee_hash(&local->employee);
	if (stage_open(&fetched.stage, err) < 0)
		return (-1);
	result = stage_put(fetched.stage, &local->employee, err);
	if (result == 0)
		result = named_stage(local->named, fetched.stage, err);
	if (result == 0)
		result = engine_publish_inside(local->request->engine, &order, report, err);
	stage_close(&fetched.stage);
	return (result);
}

/* What is typed in must stay: a person who would be Excluded with nothing kept is refused. */
static int
local_check_kept(struct local *local, struct err *err)
{
	struct record_row row;

	if (local->employee.gone)
		return (0);
	if (record_find(local->db, local->row.id, local->employee.kombo, local->request->arena,
	    &row, err) < 0)
		return (-1);
	if (row.person == 0)
		return (err_set(err, local->order->view != 0 ? ERR_USAGE : ERR_CONFLICT,
		    "nothing was added: the person would be Excluded (%s)",
		    row.reasons != NULL ? row.reasons : ""));
	local->person = row.person;
	return (0);
}

static json_t *
local_result(struct request *request, int64_t id, const struct plan_report *report,
    struct err *err)
{
	struct db *db = engine_db(request->engine);
	struct record_row record = { .kombo = NULL };
	struct person row;

	if (person_get(db, id, request->arena, &row, err) != 1)
		return (json_object());
	if (row.owner != 0)
		(void)record_get(db, row.owner, request->arena, &record, err);
	return (json_pack("{s:s, s:o, s:o, s:I, s:I, s:I}", "uid", row.uid, "id",
	    request_uuid(&row.uuid), "record", request_string(record.kombo), "entries",
	    (json_int_t)report->changed, "groups", (json_int_t)report->groups, "revision",
	    (json_int_t)report->revision));
}

const struct conf_source *
local_source(struct request *request, struct err *err)
{
	const struct conf *conf = engine_conf(request->engine);
	const struct conf_source *source;
	size_t i;

	source = NULL;
	for (i = 0; i < conf->source_count; i++)
		if (conf_provider(&conf->sources[i]) == CONF_FROM_HAND)
			source = &conf->sources[i];
	if (source == NULL)
		(void)err_set(err, ERR_REFUSED, "no source takes people added by hand: write "
		    "%s/sources.d/local.conf with [source] provider = local and [fields], and "
		    "reload", engine_folder(request->engine));
	return (source);
}

static int
local_open(struct local *local, struct err *err)
{
	local->source = local_source(local->request, err);
	if (local->source == NULL)
		return (-1);
	if (source_find(local->db, local->source->name, local->request->arena, &local->row,
	    err) != 1)
		return (err->code != ERR_NONE ? -1 : err_set(err, ERR_INTERNAL,
		    "source %s has no row", local->source->name));
	local->named = named_open(local->row.id);
	return (0);
}

/* ---- what can be asked ------------------------------------------------------------------------- */

static int
local_do_add(struct local *local, struct err *err)
{
	struct uuid uuid = uuid_random();
	char text[UUID_TEXT_SIZE];

	local->employee.kombo = local->employee.remote = arena_dup(local->request->arena,
	    uuid_format(&uuid, text));
	return (local_fields(local, err) < 0 ? -1 : local_check_unique(local, err));
}

/* The record of the person, who must be one of ours. */
static int
local_find(struct local *local, struct err *err)
{
	int result;

	local->person = local->order->person;
	result = local_record(local, local->person, &local->record, err);
	if (result < 0)
		return (-1);
	if (result == 0 || employee_get(local->db, local->record.id, local->request->arena,
	    &local->employee, err) != 1 || local->employee.gone)
		return (err->code != ERR_NONE ? -1 : err_set(err, ERR_REFUSED, "the person was "
		    "not added by hand: `rollcall why` says which source it is"));
	return (0);
}

static int
local_do_change(struct local *local, struct err *err)
{
	if (local_find(local, err) < 0 || local_fields(local, err) < 0)
		return (-1);
	return (local_check_unique(local, err));
}

static int
local_do_replace(struct local *local, struct err *err)
{
	if (local_find(local, err) < 0 || local_empty(local, err) < 0 ||
	    local_fields(local, err) < 0)
		return (-1);
	return (local_check_unique(local, err));
}

static int
local_do_remove(struct local *local, struct err *err)
{
	if (local_find(local, err) < 0)
		return (-1);
	local->employee = (struct employee){ .record = local->record.id,
	    .kombo = local->record.kombo, .remote = local->record.remote, .gone = true };
	return (0);
}

static int (*const local_works[])(struct local *local, struct err *err) = {
	[LOCAL_ADD] = local_do_add,
	[LOCAL_CHANGE] = local_do_change,
	[LOCAL_REPLACE] = local_do_replace,
	[LOCAL_REMOVE] = local_do_remove,
};

int
local_write(struct request *request, const struct local_order *order, int64_t *person,
    struct plan_report *report, struct err *err)
{
	struct local local = { .request = request, .order = order,
	    .db = engine_db(request->engine) };
	int result;

	result = local_open(&local, err);
	if (result == 0)
		result = local_works[order->op](&local, err);
	if (result == 0)
		result = local_publish(&local, report, err);
	if (result == 0)
		result = local_check_kept(&local, err);
	named_close(&local.named);
	*person = local.person;
	return (result);
}

/* ---- the requests ------------------------------------------------------------------------------ */

static int
local_inside(struct request *request, enum local_op op, int64_t *person,
    struct plan_report *report, struct err *err)
{
	struct local_order order = { .op = op,
	    .fields = json_object_get(request->arguments, "fields") };
	const char *text;

	if (local_source(request, err) == NULL)
		return (-1);
	if (op != LOCAL_ADD) {
		text = request_need(request, "person", err);
		if (text == NULL || request_person(engine_db(request->engine), text,
		    request->arena, &order.person, err) < 0)
			return (-1);
	}
	return (local_write(request, &order, person, report, err));
}

static int
local_run(struct request *request, enum local_op op, json_t **result, struct err *err)
{
	struct plan_report report;
	struct db *db;
	int64_t person;
	int status;

	engine_lock(request->engine);
	db = engine_db(request->engine);
	status = db_begin(db, err);
	if (status == 0)
		status = local_inside(request, op, &person, &report, err);
	if (status == 0)
		status = db_commit(db, err);
	if (status == 0)
		*result = local_result(request, person, &report, err);
	else
		db_rollback(db);
	engine_unlock(request->engine);
	if (status == 0)
		log_info(request->name, "person=%s actor=\"%s\" revision=%lld",
		    json_string_value(json_object_get(*result, "id")), request->actor,
		    (long long)report.revision);
	return (status);
}

int
request_local_add(struct request *request, json_t **result, struct err *err)
{
	return (local_run(request, LOCAL_ADD, result, err));
}

int
request_local_change(struct request *request, json_t **result, struct err *err)
{
	return (local_run(request, LOCAL_CHANGE, result, err));
}

int
request_local_replace(struct request *request, json_t **result, struct err *err)
{
	return (local_run(request, LOCAL_REPLACE, result, err));
}

int
request_local_remove(struct request *request, json_t **result, struct err *err)
{
	return (local_run(request, LOCAL_REMOVE, result, err));
}
