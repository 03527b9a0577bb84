/*
 * Requests about people: listing, finding. They read on a connection of their own.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "rules/names.h"
#include "rules/reasons.h"
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
	struct source_row *sources;
	size_t		 source_count;
	const struct conf *conf;
	json_int_t	 count;
	struct err	*err;
	int		 result;
};

static const struct source_row *
people_source(const struct people_excluded *list, int64_t id)
{
	static const struct source_row none = { .name = "?", .enabled = true };
	size_t i;

	for (i = 0; i < list->source_count; i++)
		if (list->sources[i].id == id)
			return (&list->sources[i]);
	return (&none);
}

/* The codes that are kept, and those that the state of the source adds. */
static const char *
people_codes(const struct people_excluded *list, const struct record_row *row)
{
	return (reasons_join(list->request->arena, reasons_split(row->reasons) |
	    show_source_reasons(list->db, people_source(list, row->source), list->conf)));
}

/* What is kept of an excluded person: values only where the rules keep them (semantics 3.10). */
static json_t *
people_excluded_row(struct people_excluded *list, const struct record_row *row,
    const char *codes)
{
	struct arena *arena = list->request->arena;
	struct employee employee;
	struct person person;
	bool kept, known;

	known = row->person != 0 && person_get(list->db, row->person, arena, &person,
	    list->err) == 1;
	kept = employee_get(list->db, row->id, arena, &employee, list->err) == 1;
	return (json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "source",
	    people_source(list, row->source)->name, "record", row->kombo, "reasons", codes, "uid", request_string(known ? person.uid : NULL), "name",
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
	const char *codes;

	if (list->result < 0)
		return;
	codes = people_codes(list, row);
	if (list->needle != NULL && !people_has_code(codes, list->needle) &&
	    !(strcmp(list->needle, "hidden") == 0 &&
	    people_has_code(codes, "onboarding-ignored")))
		return;
	list->count++;
	list->result = request_row(list->request, people_excluded_row(list, row, codes),
	    list->err);
}

static int
people_list_excluded(struct request *request, const struct request_reader *reader,
    const char *needle, json_int_t *count, struct err *err)
{
	struct people_excluded list = { .request = request, .db = reader->db,
	    .needle = needle, .conf = reader->conf, .err = err };
	int result;

	if (source_list(reader->db, request->arena, &list.sources, &list.source_count, err) < 0)
		return (-1);
	result = record_excluded(reader->db, people_found_excluded, &list, err);
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
		status = people_list_excluded(request, &reader, "hidden", &count, err);
	else if (request_flag(request, "excluded"))
		status = people_list_excluded(request, &reader,
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
