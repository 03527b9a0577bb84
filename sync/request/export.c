/*
 * The request export: everything that is held of a person, for whoever asks for access (semantics
 * 3.12): each value with where it comes from, how it is handled, what for, and until when.
 */
#include "config.h"

#include "store/number.h"
#include "store/person.h"
#include "sync/request/history.h"
#include "sync/request/show.h"

struct export {
	struct request		*request;
	struct request_reader	*reader;
	int64_t			 wanted;
	json_t			*person;
	json_t			*records;
	struct err		*err;
};

/* How long what is held stays, in words; a leaver's and an excluded person's clocks run. */
static const char *
export_until(struct export *export, const struct plan_item *item)
{
	struct arena *arena = export->request->arena;
	char day[DAY_TEXT_SIZE];

	if (!item->verdict->keep)
		return ("the values are erased");
	if (item->verdict->status != STATUS_DEPARTED && item->verdict->excluded_on == DAY_NONE)
		return (arena_printf(arena, "while the person works here; then %d days as a leaver",
		    item->book->retain_departed));
	return (arena_printf(arena, "%s", item->verdict->next == DAY_NONE ? "" :
	    day_format(item->verdict->next, day)));
}

static const char *
export_origin(const struct plan_item *item, enum field_id id, struct arena *arena)
{
	const struct judge_record *record = item->record;

	switch (item->verdict->held[id].state) {
	case HELD_LOCAL:
		return ("set by hand");
	case HELD_SEEDED:
		return (arena_printf(arena, "%s, taken once", record->source->conf->name));
	case HELD_NOTHING:
	case HELD_KEPT:
	case HELD_FROZEN:
	case HELD_OPEN:
	case HELD_AGAIN:
	case HELD_WAITING:
		break;
	}
	return (record->source->conf->name);
}

static json_t *
export_fields(struct export *export, const struct plan_item *item)
{
	const struct conf_source *source = item->record->source->conf;
	struct arena *arena = export->request->arena;
	const char *until, *value;
	enum field_id id;
	json_t *list;

	list = json_array();
	until = export_until(export, item);
	for (id = 0; id < FIELD_N; id++) {
		value = show_plain(arena, id, item->verdict->value[id]);
		if (value == NULL || source->mode[id] == MODE_OFF)
			continue;
		(void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}",
		    "field", field_get(id)->name, "value", value, "origin",
		    export_origin(item, id, arena), "mode", field_mode_name(source->mode[id]),
		    "purpose", source->purpose[id], "until", until));
	}
	return (list);
}

/* What the HR system delivered, as it is stored: ids, and names where ids stand for them. */
static json_t *
export_record(struct export *export, const struct plan_item *item)
{
	const struct employee *now = item->record->now;
	struct arena *arena = export->request->arena;
	json_t *values;
	enum field_id id;

	values = json_object();
	for (id = 0; id < FIELD_N; id++)
		if (now->value[id] != NULL && id != FIELD_GROUPS)
			(void)json_object_set_new(values, field_get(id)->name,
			    json_string(show_plain(arena, id, now->value[id])));
	return (json_pack("{s:s, s:s, s:o, s:b, s:o, s:o}", "source",
	    item->record->source->conf->name, "record", now->kombo, "remote_id",
	    request_string(now->remote), "gone", now->gone, "reasons",
	    show_reasons(arena, item, 0), "values", values));
}

static json_t *
export_groups(const struct verdict *verdict)
{
	json_t *list;
	size_t i;

	list = json_array();
	for (i = 0; i < verdict->group_count; i++)
		(void)json_array_append_new(list, json_string(verdict->groups[i]->unit.name));
	return (list);
}

static int
export_item(void *context, const struct plan_item *item)
{
	struct export *export = context;

	if (item->person != export->wanted)
		return (0);
	(void)json_array_append_new(export->records, export_record(export, item));
	if (!item->owner)
		return (0);
	json_decref(export->person);
	export->person = json_pack("{s:o, s:o, s:s, s:b, s:o, s:o, s:o}", "id",
	    request_uuid(item->uuid), "uid", request_string(item->uid), "status",
	    status_name(item->verdict->status), "active", item->verdict->active, "views",
	    show_views(item->book, item->shown), "groups", export_groups(item->verdict),
	    "fields", export_fields(export, item));
	return (0);
}

static int
export_judge(struct export *export, struct err *err)
{
	const struct plan_order order = {
		.conf = export->reader->conf,
		.people = &export->wanted,
		.people_count = 1,
		.zones = export->reader->zones,
		.now = export->reader->now,
	};
	struct plan *plan;
	int result;

	if (plan_open(export->reader->db, &order, &plan, err) < 0)
		return (-1);
	result = plan_each(plan, export_item, export, err);
	plan_close(&plan);
	return (result);
}

/* Of whom nothing can be judged: only who she is. */
static int
export_identity(struct export *export, struct err *err)
{
	struct person person;

	if (export->person != NULL)
		return (0);
	if (person_get(export->reader->db, export->wanted, export->request->arena, &person,
	    err) < 1)
		return (-1);
	export->person = json_pack("{s:o, s:s, s:s}", "id", request_uuid(&person.uuid), "uid",
	    person.uid, "status", status_name(person.status));
	return (0);
}

/* A number that was given once stays, also while nobody sees it. */
static int
export_number(struct export *export, struct err *err)
{
	int64_t number;
	int result;

	result = number_held(export->reader->db, export->wanted, &number, err);
	if (result > 0)
		(void)json_object_set_new(export->person, "uid_number", json_integer(number));
	return (result < 0 ? -1 : 0);
}

static json_t *
export_decisions(struct export *export, struct err *err)
{
	struct decision_row *rows;
	size_t count, i;
	json_t *list;

	list = json_array();
	if (decision_list(export->reader->db, export->wanted, export->request->arena, &rows,
	    &count, err) < 0)
		return (list);
	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o}", "decision",
		    rows[i].kind, "reason", request_string(rows[i].reason), "actor",
		    rows[i].actor, "made", request_instant(rows[i].made_at)));
	return (list);
}

static int
export_history(struct export *export, json_t **list, struct err *err)
{
	struct audit_act act;
	struct audit_row row;
	int result;

	*list = json_array();
	audit_walk(export->reader->db, export->wanted, INT64_MIN);
	while ((result = audit_next(export->reader->db, &act, &row, err)) > 0)
		(void)json_array_append_new(*list, history_row(export->reader->db, &row,
		    export->request->arena));
	return (result);
}

static int
export_all(struct export *export, json_t **result, struct err *err)
{
	json_t *history;
	const char *text;

	text = request_need(export->request, "person", err);
	if (text == NULL || request_person(export->reader->db, text, export->request->arena,
	    &export->wanted, err) < 0 || export_judge(export, err) < 0 ||
	    export_identity(export, err) < 0 || export_number(export, err) < 0)
		return (-1);
	if (export_history(export, &history, err) < 0) {
		json_decref(history);
		return (-1);
	}
	*result = json_pack("{s:O, s:O, s:o, s:o, s:o}", "person", export->person, "records",
	    export->records, "decisions", export_decisions(export, err), "history", history,
	    "made", request_instant(export->reader->now));
	return (0);
}

int
request_export(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	struct export export = { .request = request, .reader = &reader, .err = err };
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	export.records = json_array();
	status = export_all(&export, result, err);
	json_decref(export.person);
	json_decref(export.records);
	request_reader_close(request, &reader);
	return (status);
}
