/*
 * Requests about people: listing, finding, explaining. They read on a connection of their own.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "rules/values.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/request/request.h"
#include "sync/request/show.h"

/* ---- names of views and sources ---------------------------------------------------------------- */

struct people_views {
	json_t		*list;
	struct shown_row shown[BOOK_VIEWS_MAX];
	size_t		 count;
	const char	*wanted;	/* name asked for, NULL: any */
	bool		 hit;
};

static void
people_found_view(void *context, const struct served_view *view)
{
	struct people_views *views = context;
	size_t i;

	for (i = 0; i < views->count; i++) {
		if (views->shown[i].view != view->id)
			continue;
		(void)json_array_append_new(views->list, json_string(view->name));
		views->hit |= views->wanted == NULL || strcmp(views->wanted, view->name) == 0;
	}
}

/* The names of the views that show a person. */
static int
people_views(struct db *db, int64_t person, const char *wanted, json_t **list, bool *hit,
    struct err *err)
{
	struct people_views views = { .list = json_array(), .wanted = wanted };

	*list = views.list;
	if (shown_list(db, person, views.shown, BOOK_VIEWS_MAX, &views.count, err) < 0 ||
	    served_view_each(db, people_found_view, &views, err) < 0)
		return (-1);
	*hit = views.hit;
	return (0);
}

static const char *
people_source_name(struct db *db, int64_t source, struct arena *arena, struct err *err)
{
	struct source_row *rows;
	size_t count, i;

	if (source_list(db, arena, &rows, &count, err) < 0)
		return ("?");
	for (i = 0; i < count; i++)
		if (rows[i].id == source)
			return (rows[i].name);
	return ("?");
}

/* ---- list --------------------------------------------------------------------------------------- */

static json_t *
people_served_row(const struct served_person *served, json_t *views)
{
	return (json_pack("{s:s, s:o, s:o, s:s, s:b, s:o, s:o, s:s, s:o, s:o}", "uid",
	    served->uid, "name", request_string(served->value[FIELD_DISPLAY_NAME]), "mail",
	    request_string(served->value[FIELD_WORK_EMAIL]), "status",
	    status_name(served->status), "active", served->active, "start_date",
	    request_string(served->value[FIELD_START_DATE]), "termination_date",
	    request_string(served->value[FIELD_TERMINATION_DATE]), "source", served->source,
	    "id", request_uuid(&served->uuid), "views", views));
}

static int
people_list_served(struct request *request, struct db *db, json_int_t *count,
    struct err *err)
{
	const char *status, *view;
	struct served_person served;
	json_t *views;
	bool hit;
	int result;

	status = request_text(request, "status");
	view = request_text(request, "view");
	served_walk(db);
	while ((result = served_next(db, &served, err)) > 0) {
		if (status != NULL && strcmp(status_name(served.status), status) != 0)
			continue;
		if (people_views(db, served.id, view, &views, &hit, err) < 0 || !hit) {
			json_decref(views);
			if (err->code != ERR_NONE)
				return (-1);
			continue;
		}
		(*count)++;
		if (request_row(request, people_served_row(&served, views), err) < 0)
			return (-1);
	}
	return (result);
}

struct people_excluded {
	struct request	*request;
	struct db	*db;
	const char	*needle;	/* a reason that must be among the codes, NULL: any */
	json_int_t	 count;
	struct err	*err;
	int		 result;
};

/* What is kept of an excluded person: values only where the rules keep them (semantics 3.10). */
static json_t *
people_excluded_row(struct people_excluded *list, const struct record_row *row)
{
	struct arena *arena = list->request->arena;
	struct employee employee;
	struct person person;
	bool kept, known;

	known = row->person != 0 && person_get(list->db, row->person, arena, &person,
	    list->err) == 1;
	kept = employee_get(list->db, row->id, arena, &employee, list->err) == 1;
	return (json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "source",
	    people_source_name(list->db, row->source, arena, list->err), "record", row->kombo,
	    "reasons", row->reasons, "uid", request_string(known ? person.uid : NULL), "name",
	    kept ? request_string(employee.value[FIELD_DISPLAY_NAME] != NULL ?
	    employee.value[FIELD_DISPLAY_NAME] : name_compose(arena,
	    employee.value[FIELD_FIRST_NAME], employee.value[FIELD_LAST_NAME])) : json_null(),
	    "mail", kept ? request_string(employee.value[FIELD_WORK_EMAIL]) : json_null()));
}

static bool
people_has_code(const char *codes, const char *code)
{
	size_t len;

	for (; *codes != '\0'; codes += len + (codes[len] == ' ')) {
		len = strcspn(codes, " ");
		if (strlen(code) == len && strncmp(codes, code, len) == 0)
			return (true);
	}
	return (false);
}

static void
people_found_excluded(void *context, const struct record_row *row)
{
	struct people_excluded *list = context;

	if (list->result < 0)
		return;
	if (list->needle != NULL && !people_has_code(row->reasons, list->needle) &&
	    !(strcmp(list->needle, "hidden") == 0 &&
	    people_has_code(row->reasons, "onboarding-ignored")))
		return;
	list->count++;
	list->result = request_row(list->request, people_excluded_row(list, row), list->err);
}

static int
people_list_excluded(struct request *request, struct db *db, const char *needle,
    json_int_t *count, struct err *err)
{
	struct people_excluded list = { .request = request, .db = db, .needle = needle,
	    .err = err };
	int result;

	result = record_excluded(db, people_found_excluded, &list, err);
	*count = list.count;
	return (result < 0 || list.result < 0 ? -1 : 0);
}

int
request_list(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	json_int_t count;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	count = 0;
	if (request_flag(request, "hidden"))
		status = people_list_excluded(request, reader.db, "hidden", &count, err);
	else if (request_flag(request, "excluded"))
		status = people_list_excluded(request, reader.db,
		    request_text(request, "reason"), &count, err);
	else
		status = people_list_served(request, reader.db, &count, err);
	request_reader_close(request, &reader);
	*result = json_pack("{s:I}", "count", count);
	return (status);
}

/* ---- find ------------------------------------------------------------------------------------------ */

static bool
people_matches(struct arena *arena, const struct employee *employee,
    const struct person *person, const char *folded)
{
	static const enum field_id fields[] = { FIELD_DISPLAY_NAME, FIELD_FIRST_NAME,
	    FIELD_LAST_NAME, FIELD_WORK_EMAIL, FIELD_EMPLOYEE_NUMBER };
	const char *full;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (employee->value[fields[i]] != NULL &&
		    strstr(text_fold(arena, employee->value[fields[i]]), folded) != NULL)
			return (true);
	full = name_compose(arena, employee->value[FIELD_FIRST_NAME],
	    employee->value[FIELD_LAST_NAME]);
	if (full != NULL && strstr(text_fold(arena, full), folded) != NULL)
		return (true);
	return (person != NULL && strstr(person->uid, folded) != NULL);
}

static int
people_find_row(struct request *request, struct db *db, const struct employee *employee,
    const struct person *person, const char *reasons, struct err *err)
{
	struct served_person served = { .uid = NULL };
	const char *name;
	json_t *views;
	bool hit;

	if (person != NULL && served_get(db, person->id, request->arena, &served, err) < 0)
		return (-1);
	views = NULL;
	if (people_views(db, person != NULL ? person->id : 0, NULL, &views, &hit, err) < 0) {
		json_decref(views);
		return (-1);
	}
	name = served.uid != NULL ? served.value[FIELD_DISPLAY_NAME] :
	    employee->value[FIELD_DISPLAY_NAME];
	if (name == NULL)
		name = name_compose(request->arena, employee->value[FIELD_FIRST_NAME],
		    employee->value[FIELD_LAST_NAME]);
	return (request_row(request, json_pack("{s:o, s:o, s:o, s:s, s:s, s:s, s:o, s:o}",
	    "uid", request_string(person != NULL ? person->uid : NULL), "name",
	    request_string(name), "mail", request_string(served.uid != NULL ?
	    served.value[FIELD_WORK_EMAIL] : employee->value[FIELD_WORK_EMAIL]), "list",
	    reasons == NULL || served.uid != NULL ? (person != NULL ?
	    status_name(person->status) : "") : "excluded", "reasons",
	    reasons != NULL ? reasons : "", "source",
	    people_source_name(db, employee->source, request->arena, err), "views", views, "id",
	    request_uuid(person != NULL ? &person->uuid : NULL)), err));
}

/* One stored employee: shown when the text is in a name, number, address or uid. */
static int
people_find_one(struct request *request, struct db *db, const struct employee *employee,
    const char *folded, json_int_t *count, struct err *err)
{
	struct record_row row;
	struct person person;
	bool known;

	if (record_get(db, employee->record, request->arena, &row, err) != 1)
		return (-1);
	known = row.person != 0 && person_get(db, row.person, request->arena, &person,
	    err) == 1;
	if (!people_matches(request->arena, employee, known ? &person : NULL, folded))
		return (0);
	(*count)++;
	return (people_find_row(request, db, employee, known ? &person : NULL, row.reasons,
	    err));
}

int
request_find(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	struct employee employee;
	const char *folded, *text;
	json_int_t count;
	int status;

	text = request_need(request, "text", err);
	if (text == NULL || request_reader_open(request, &reader, err) < 0)
		return (-1);
	folded = arena_dup(request->arena, text_fold(request->arena, text));
	count = 0;
	employee_walk(reader.db);
	while ((status = employee_next(reader.db, &employee, err)) > 0) {
		struct arena *whole = request->arena;

		/* What one row needs is given back before the next. */
		request->arena = arena_open();
		status = people_find_one(request, reader.db, &employee, folded, &count, err);
		arena_close(&request->arena);
		request->arena = whole;
		if (status < 0)
			break;
	}
	request_reader_close(request, &reader);
	*result = json_pack("{s:I}", "count", count);
	return (status);
}

/* ---- why ------------------------------------------------------------------------------------------- */

struct people_why {
	struct request		*request;
	int64_t			 wanted;	/* the person asked about */
	struct request_reader	*reader;
	json_t			*records;
	json_t			*person;
	struct err		*err;
};

static const char *
people_mode(const struct conf_source *source, enum field_id id, struct arena *arena)
{
	if (source->mode_line[id] == 0)
		return (field_mode_name(source->mode[id]));
	return (arena_printf(arena, "%s (%s:%u)", field_mode_name(source->mode[id]),
	    source->file, source->mode_line[id]));
}

static const char *
people_state(enum held_state state)
{
	switch (state) {
	case HELD_NOTHING:
		return ("follows");
	case HELD_SEEDED:
		return ("imported once");
	case HELD_LOCAL:
		return ("set by hand");
	case HELD_KEPT:
		return ("kept, HR is empty");
	case HELD_FROZEN:
		return ("frozen since the departure");
	case HELD_OPEN:
	case HELD_AGAIN:
		return ("waits for its import");
	case HELD_WAITING:
		return ("waits for the next complete fetch");
	}
	return ("");
}

/* Every field: what is served, what HR says, how it is handled. */
static json_t *
people_fields(struct arena *arena, const struct plan_item *item)
{
	const struct judge_record *record = item->record;
	const char *hr, *served;
	json_t *list;
	size_t i;

	list = json_array();
	for (i = 0; i < FIELD_N; i++) {
		enum field_id id = (enum field_id)i;

		if (record->source->conf->mode[i] == MODE_OFF || id == FIELD_GROUPS)
			continue;
		served = show_plain(arena, id, item->verdict->value[i]);
		hr = show_plain(arena, id, value_of(arena, item->book, record->now, id,
		    book_today(item->book, item->verdict->zone)));
		if (served == NULL && hr == NULL)
			continue;
		(void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s, s:s}",
		    "field", field_get(id)->name, "served", request_string(served), "hr",
		    request_string(hr), "mode", people_mode(record->source->conf, id, arena),
		    "state", people_state(item->verdict->held[i].state)));
	}
	return (list);
}

static json_t *
people_groups(const struct verdict *verdict)
{
	json_t *list;
	size_t i;

	list = json_array();
	for (i = 0; i < verdict->group_count; i++)
		(void)json_array_append_new(list,
		    json_string(verdict->groups[i]->unit.name));
	return (list);
}

static int
people_why_item(void *context, const struct plan_item *item)
{
	struct people_why *why = context;
	struct arena *arena = why->request->arena;
	char day[DAY_TEXT_SIZE];
	json_t *shown;

	if (item->person != why->wanted)
		return (0);	/* judged along with her: not asked about */
	shown = show_item(arena, item, 0);
	(void)json_object_set_new(shown, "gone", json_boolean(item->record->now->gone));
	(void)json_array_append_new(why->records, shown);
	if (!item->owner)
		return (0);
	json_decref(why->person);
	why->person = json_pack("{s:o, s:o, s:s, s:b, s:o, s:o, s:s, s:s, s:s, s:o, s:o}",
	    "uid", request_string(item->uid), "id", request_uuid(item->uuid), "status",
	    status_name(item->verdict->status), "active", item->verdict->active, "dn",
	    item->uid != NULL ? json_string(show_dn(arena, item->book->conf, item->uid)) :
	    json_null(), "views", show_views(item->book, item->shown), "zone",
	    book_zone_name(item->book, item->verdict->zone), "today",
	    day_format(book_today(item->book, item->verdict->zone), day), "owner",
	    item->record->source->conf->name, "groups", people_groups(item->verdict), "fields",
	    people_fields(arena, item));
	if (item->verdict->next != DAY_NONE)
		(void)json_object_set_new(why->person, "next",
		    json_string(day_format(item->verdict->next, day)));
	return (0);
}

static json_t *
people_decisions(struct request *request, struct db *db, int64_t person, struct err *err)
{
	struct decision_row *rows;
	size_t count, i;
	json_t *list;

	list = json_array();
	if (decision_list(db, person, request->arena, &rows, &count, err) < 0)
		return (list);
	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o}", "decision",
		    rows[i].kind, "reason", request_string(rows[i].reason), "actor",
		    rows[i].actor, "made", request_instant(rows[i].made_at)));
	return (list);
}

static int
people_why(struct people_why *why, int64_t person, struct err *err)
{
	const struct plan_order order = {
		.conf = why->reader->conf,
		.people = &person,
		.people_count = 1,
		.zones = why->reader->zones,
		.now = why->reader->now,
	};
	struct plan *plan;
	int result;

	why->wanted = person;
	if (plan_open(why->reader->db, &order, &plan, err) < 0)
		return (-1);
	result = plan_each(plan, people_why_item, why, err);
	plan_close(&plan);
	return (result);
}

int
request_why(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	struct people_why why = { .request = request, .reader = &reader, .err = err };
	const char *text;
	int64_t person;
	int status;

	text = request_need(request, "person", err);
	if (text == NULL || request_reader_open(request, &reader, err) < 0)
		return (-1);
	why.records = json_array();
	status = request_person(reader.db, text, request->arena, &person, err);
	if (status == 0)
		status = people_why(&why, person, err);
	if (status == 0)
		*result = json_pack("{s:o, s:o, s:o}", "person",
		    why.person != NULL ? why.person : json_null(), "records", why.records,
		    "decisions", people_decisions(request, reader.db, person, err));
	else
		json_decref(why.records);
	request_reader_close(request, &reader);
	return (status);
}
