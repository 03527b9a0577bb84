/*
 * Owns a plan from its cause to its verdicts: units as they would be, the book of rules with
 * today's dates, and whom the cause touches. Nothing is written here.
 */
#include "config.h"

#include "sync/plan/plan.h"

#include <string.h>

#include "store/link.h"
#include "store/local.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"
#include "store/suppress.h"
#include "sync/plan/people.h"

/* ---- the book --------------------------------------------------------------------------- */

static void
plan_found_view(void *context, const struct served_view *view)
{
	struct book *book = context;
	size_t i;

	for (i = 0; i < book->view_count; i++)
		if (strcmp(book->views[i].conf->name, view->name) == 0)
			book->views[i].id = view->id;
}

/* A source whose people were erased is none; one whose people were kept has them by hand. */
static void
plan_set_source(struct book_source *source, const struct source_row *row)
{
	if (strcmp(row->retired, SOURCE_PURGED) != 0)
		source->id = row->id;
	source->by_hand |= strcmp(row->retired, SOURCE_KEPT) == 0;
}

static int
plan_open_book(struct plan *plan, struct err *err)
{
	struct source_row *rows;
	size_t count, i, j;
	struct zone *zone;

	plan->units = units_open(plan->order->conf);
	if (book_open(plan->order->conf, plan->order->before, plan->units, &plan->book, err) < 0)
		return (-1);
	if (source_list(plan->db, plan->arena, &rows, &count, err) < 0)
		return (-1);
	for (i = 0; i < plan->book->source_count; i++)
		for (j = 0; j < count; j++)
			if (strcmp(plan->book->sources[i].conf->name, rows[j].name) == 0)
				plan_set_source(&plan->book->sources[i], &rows[j]);
	if (served_view_each(plan->db, plan_found_view, plan->book, err) < 0)
		return (-1);
	for (i = 0; i < book_zone_count(plan->book); i++) {
		zone = zones_get(plan->order->zones, book_zone_name(plan->book, i));
		if (zone == NULL)
			return (err_set(err, ERR_CONFIG, "there is no time zone %s",
			    book_zone_name(plan->book, i)));
		book_set_today(plan->book, i, plan->order->day != 0 ? plan->order->day :
		    zone_today(zone, plan->order->now));
	}
	return (0);
}

/* ---- whom the cause touches ---------------------------------------------------------------- */

/* A record known by its remote id: others may still refer to it as it was (rulings D11). */
static void
plan_note_moved(struct plan *plan, const char *from, const char *to)
{
	const char **slot;

	map_set(&plan->moved, plan_kombo_key(plan->order->source, from), plan->moved_count);
	slot = mem_grow(&plan->moved_to, plan->moved_count++, &plan->moved_room,
	    sizeof(*plan->moved_to));
	*slot = arena_dup(plan->arena, to);
}

/* A fetched row: of a known person, of whom an admin said, or of a new one. */
static int
plan_mark_row(struct plan *plan, const struct stage_ref *ref, struct arena *arena,
    struct err *err)
{
	struct rec rec = { .row = ref->row, .record = ref->record };
	struct record_row known;
	uint32_t at, mark;
	int result;

	result = ref->record == 0 ? 0 : record_get(plan->db, ref->record, arena, &known, err);
	if (result < 0)
		return (-1);
	if (result == 0 && ref->gone)
		return (0);	/* never known and already deleted: not listed (rulings B2) */
	if (result > 0 && strcmp(known.kombo, ref->kombo) != 0)
		plan_note_moved(plan, known.kombo, ref->kombo);
	if (result > 0 && known.person != 0)
		mark = plan_mark(plan, known.person);
	else if (ref->gone)
		mark = plan_mark_new(plan);	/* nobody's, and no values: it leaves nothing */
	else if (plan_mark_unknown(plan, plan->order->source, ref->kombo, &mark, err) < 0)
		return (-1);
	plan->marks[mark].apart |= plan->order->apart && plan->marks[mark].fresh;
	at = plan_add_rec(plan, mark, &rec);
	map_set(&plan->by_kombo, plan_kombo_key(plan->order->source, ref->kombo), at);
	/* Who was not a person until now may be the manager of some. */
	if ((result == 0 || known.person == 0) && !plan->marks[mark].fresh)
		return (plan_mark_reports_of(plan, plan->order->source, ref->kombo, err));
	return (0);
}

static int
plan_mark_rows(struct plan *plan, struct err *err)
{
	struct stage_ref ref;
	struct arena *arena;
	int result;

	if (stage_walk(plan->order->fetched->stage, err) < 0)
		return (-1);
	arena = arena_open();
	while ((result = stage_next(plan->order->fetched->stage, &ref, err)) > 0) {
		arena_reset(arena);
		if (plan_mark_row(plan, &ref, arena, err) < 0) {
			result = -1;
			break;
		}
	}
	arena_close(&arena);
	return (result);
}

static int
plan_mark_absent(struct plan *plan, struct err *err)
{
	const struct fetched *fetched = plan->order->fetched;
	struct record_row known;
	struct rec rec;
	size_t i;
	int result;

	for (i = 0; i < fetched->absent_count; i++) {
		result = record_get(plan->db, fetched->absent[i], plan->arena, &known, err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		rec = (struct rec){ .record = known.id, .absent = true };
		(void)plan_add_rec(plan, known.person != 0 ? plan_mark(plan, known.person) :
		    plan_mark_new(plan), &rec);
	}
	return (0);
}

static bool
plan_unit_changed(const struct plan *plan, int64_t source, enum unit_model model,
    const char *kombo, size_t len)
{
	const struct unit_entry *entry;

	entry = units_peek(plan->units, source, model, kombo, len);
	return (entry != NULL && entry->changed);
}

static void
plan_employee_of_units(void *context, int64_t person, const struct employee *employee)
{
	const char *entity, *end, *group, *place;
	struct plan *plan = context;
	bool hit;

	entity = employee->value[FIELD_LEGAL_ENTITY];
	place = employee->value[FIELD_WORK_LOCATION];
	hit = (entity != NULL && plan_unit_changed(plan, employee->source, UNIT_ENTITY, entity,
	    strlen(entity))) ||
	    (place != NULL && plan_unit_changed(plan, employee->source, UNIT_LOCATION, place,
	    strlen(place)));
	group = employee->value[FIELD_GROUPS];
	while (!hit && group != NULL && (end = strchr(group, LIST_ITEM_END)) != NULL) {
		hit = plan_unit_changed(plan, employee->source, UNIT_GROUP, group,
		    (size_t)(end - group));
		group = end + 1;
	}
	if (hit)
		(void)plan_mark(plan, person);
}

/* Records that a decision gave to somebody else, or to nobody: whoever reports to them. */
static int
plan_mark_moved(struct plan *plan, struct err *err)
{
	struct record_row row;
	uint32_t at, mark;
	struct rec rec;
	size_t i;
	int result;

	for (i = 0; i < plan->order->record_count; i++) {
		result = record_get(plan->db, plan->order->records[i], plan->arena, &row, err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		rec = (struct rec){ .record = row.id };
		if (row.person != 0) {
			(void)plan_mark(plan, row.person);
		} else if (plan_mark_unknown(plan, row.source, row.kombo, &mark, err) < 0) {
			return (-1);
		} else {
			at = plan_add_rec(plan, mark, &rec);
			map_set(&plan->by_kombo, plan_kombo_key(row.source, row.kombo), at);
		}
		if (plan_mark_reports_of(plan, row.source, row.kombo, err) < 0)
			return (-1);
	}
	return (0);
}

/* What matching must know beforehand. */
static int
plan_ask_identities(struct plan *plan, struct err *err)
{
	int64_t last;
	int links, locals;

	links = link_any(plan->db, err);
	locals = local_member_any(plan->db, err);
	if (links < 0 || locals < 0 || person_last(plan->db, &last, err) < 0)
		return (-1);
	plan->links = links > 0;
	plan->locals = locals > 0;
	plan->anybody = last > 0;
	return (0);
}

static int
plan_collect(struct plan *plan, struct err *err)
{
	const struct plan_order *order = plan->order;
	size_t i;

	if (plan_ask_identities(plan, err) < 0 || plan_mark_moved(plan, err) < 0)
		return (-1);
	for (i = 0; i < order->people_count; i++)
		(void)plan_mark(plan, order->people[i]);
	if (order->everybody &&
	    person_each(plan->db, PERSONS_ALL, NULL, 0, plan_found_person, plan, err) < 0)
		return (-1);
	if (order->due &&
	    person_each(plan->db, PERSONS_DUE, NULL, order->now, plan_found_person, plan,
	    err) < 0)
		return (-1);
	if (order->fetched == NULL)
		return (0);
	if (plan_mark_rows(plan, err) < 0 || plan_mark_absent(plan, err) < 0)
		return (-1);
	if (order->fetched->complete &&
	    person_each(plan->db, PERSONS_PENDING, NULL, 0, plan_found_person, plan, err) < 0)
		return (-1);
	if (plan->units_changed)
		return (employee_units(plan->db, plan_employee_of_units, plan, err));
	return (0);
}

/* ---- names of new people ---------------------------------------------------------------------- */

static int
plan_uid_taken(struct plan *plan, const char *uid, struct err *err)
{
	uint64_t value;
	int64_t person;

	int taken;

	if (map_get(&plan->uids, hash64_text(uid), &value))
		return (1);
	taken = plan->suppresses ? suppress_has(plan->db, SUPPRESS_UID, "", uid, err) : 0;
	if (taken != 0)
		return (taken);
	return (person_by_uid(plan->db, uid, &person, err));
}

/*
 * The first free uid made of a base. A text that stands in plan->uids is taken; its value is the
 * next number to try for those whose base it is.
 */
static int
plan_choose_uid(struct plan *plan, struct mark *mark, struct err *err)
{
	const char *base = mark->uid;
	uint64_t n;
	int taken;

	if (!map_get(&plan->uids, hash64_text(base), &n))
		n = 0;
	do {
		mark->uid = name_uid_try(plan->arena, base, (unsigned int)n++);
		taken = plan_uid_taken(plan, mark->uid, err);
	} while (taken > 0);
	if (taken < 0)
		return (-1);
	if (mark->uid != base)
		map_set(&plan->uids, hash64_text(mark->uid), 0);
	map_set(&plan->uids, hash64_text(base), n);
	return (0);
}

int
plan_name_people(struct plan *plan, struct err *err)
{
	struct mark *mark;
	size_t i;

	for (i = 0; i < plan->mark_count; i++) {
		mark = &plan->marks[i];
		if (!mark->fresh)
			continue;
		if (!mark->keep || mark->empty)
			mark->uid = NULL;
		else if (plan_choose_uid(plan, mark, err) < 0)
			return (-1);
	}
	return (0);
}

static int
plan_open_suppressed(struct plan *plan, struct err *err)
{
	int64_t count;

	if (suppress_count(plan->db, &count, err) < 0)
		return (-1);
	plan->suppresses = count > 0;
	return (0);
}

/* ---- the plan as a whole ------------------------------------------------------------------------ */

int
plan_open(struct db *db, const struct plan_order *order, struct plan **out, struct err *err)
{
	struct plan *plan;

	*out = plan = mem_alloc(sizeof(*plan));
	plan->db = db;
	plan->order = order;
	plan->arena = arena_open();
	if (meta_uuid(db, "namespace", &plan->namespace, err) < 0 ||
	    plan_open_suppressed(plan, err) < 0 ||
	    plan_open_book(plan, err) < 0 || plan_load_units(plan, err) < 0 ||
	    plan_collect(plan, err) < 0 || plan_judge_all(plan, err) < 0 ||
	    plan_name_people(plan, err) < 0) {
		plan_close(out);
		return (-1);
	}
	return (0);
}

void
plan_close(struct plan **out)
{
	struct plan *plan = *out;

	if (plan == NULL)
		return;
	map_close(&plan->by_person);
	map_close(&plan->by_record);
	map_close(&plan->by_kombo);
	map_close(&plan->moved);
	mem_free(&plan->moved_to);
	map_close(&plan->claims);
	map_close(&plan->uids);
	map_close(&plan->by_number);
	map_close(&plan->by_mail);
	map_close(&plan->suspected);
	mem_free(&plan->suspects);
	mem_free(&plan->marks);
	mem_free(&plan->recs);
	book_close(&plan->book);
	units_close(&plan->units);
	arena_close(&plan->arena);
	mem_free(out);
}

bool
plan_keeps(const struct plan *plan, const char *kombo)
{
	const struct mark *mark;
	uint64_t at;

	if (!map_get(&plan->by_kombo, plan_kombo_key(plan->order->source, kombo), &at))
		return (false);
	mark = &plan->marks[plan->recs[at].mark];
	return (!mark->fresh || mark->keep);
}

static int
plan_show(struct plan *plan, const struct mark *mark, const struct loaded *loaded,
    int (*found)(void *context, const struct plan_item *item), void *context)
{
	struct plan_item item;
	size_t i;

	for (i = 0; i < loaded->input.count; i++) {
		item = (struct plan_item){
			.record = &loaded->records[i],
			.verdict = &loaded->verdict,
			.book = plan->book,
			.owner = i == loaded->verdict.owner,
			.shown = mark->shown,
			.person = mark->person,
			.uuid = mark->uid != NULL ? &mark->uuid : NULL,
			.uid = mark->uid,
			.state = loaded->input.person,
		};
		item.included = loaded->records[i].included;
		item.reasons = loaded->records[i].reasons;
		if (found(context, &item) < 0)
			return (-1);
	}
	return (0);
}

int
plan_each(struct plan *plan, int (*found)(void *context, const struct plan_item *item),
    void *context, struct err *err)
{
	struct loaded loaded;
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = 0;
	for (i = 0; i < plan->mark_count && result >= 0; i++) {
		arena_reset(arena);
		result = plan_load(plan, (uint32_t)i, arena, &loaded, err);
		if (result > 0)
			result = plan_show(plan, &plan->marks[i], &loaded, found, context);
	}
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}
