/*
 * Owns the lists of marks and recs of a plan. Order: new people in the order of their records'
 * remote ids, since uids are given in it; all else does not depend on the order.
 */
#include "config.h"

#include "sync/plan/people.h"

#include <string.h>

#include "rules/names.h"
#include "store/local.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/suppress.h"

uint64_t
plan_kombo_key(int64_t source, const char *kombo)
{
	return (hash64_seed(kombo, strlen(kombo), (uint64_t)source));
}

const char *
plan_moved(const struct plan *plan, int64_t source, const char *kombo)
{
	uint64_t at;

	if (kombo == NULL || !map_get(&plan->moved, plan_kombo_key(source, kombo), &at))
		return (kombo);
	return (plan->moved_to[at]);
}

static uint32_t
plan_new_mark(struct plan *plan)
{
	struct mark *mark;

	mark = mem_grow(&plan->marks, plan->mark_count, &plan->mark_room, sizeof(*mark));
	mark->first = MARK_NONE;
	return ((uint32_t)plan->mark_count++);
}

uint32_t
plan_mark(struct plan *plan, int64_t person)
{
	uint64_t *slot;

	slot = map_at(&plan->by_person, (uint64_t)person, MARK_NONE);
	if (*slot == MARK_NONE) {
		*slot = plan_new_mark(plan);
		plan->marks[*slot].person = person;
	}
	return ((uint32_t)*slot);
}

uint32_t
plan_mark_new(struct plan *plan)
{
	uint32_t mark;

	mark = plan_new_mark(plan);
	plan->marks[mark].fresh = true;
	return (mark);
}

void
plan_found_person(void *context, int64_t person)
{
	(void)plan_mark(context, person);
}

uint32_t
plan_add_rec(struct plan *plan, uint32_t mark, const struct rec *rec)
{
	struct rec *slot;

	slot = mem_grow(&plan->recs, plan->rec_count, &plan->rec_room, sizeof(*slot));
	*slot = *rec;
	slot->mark = mark;
	slot->next = plan->marks[mark].first;
	plan->marks[mark].first = (uint32_t)plan->rec_count;
	if (rec->record != 0)
		map_set(&plan->by_record, (uint64_t)rec->record, plan->rec_count);
	return ((uint32_t)plan->rec_count++);
}

uint32_t
plan_rec_of(const struct plan *plan, int64_t record)
{
	uint64_t at;

	if (record == 0 || !map_get(&plan->by_record, (uint64_t)record, &at))
		return (MARK_NONE);
	return ((uint32_t)at);
}

/* ---- loading one person ------------------------------------------------------------ */

static int
plan_load_state(struct plan *plan, const struct mark *mark, struct arena *arena,
    struct loaded *loaded, struct err *err)
{
	const char *value[FIELD_N];
	struct decision_row *decisions;
	char state[FIELD_N];
	size_t count, i;

	if (mark->fresh)
		return (1);
	if (person_get(plan->db, mark->person, arena, &loaded->person, err) != 1)
		return (err->code == ERR_NONE ? 0 : -1);
	loaded->input.person = &loaded->person;
	if (value_list(plan->db, mark->person, arena, state, value, err) < 0 ||
	    decision_list(plan->db, mark->person, arena, &decisions, &count, err) < 0)
		return (-1);
	for (i = 0; i < FIELD_N; i++)
		loaded->input.held[i] = (struct held){ .state = (enum held_state)state[i],
		    .value = value[i] };
	for (i = 0; i < count; i++) {
		if (strcmp(decisions[i].kind, "hide") == 0)
			loaded->input.decisions |= DECIDED_HIDE;
		else if (strcmp(decisions[i].kind, "ignore-onboarding") == 0)
			loaded->input.decisions |= DECIDED_IGNORE;
		else if (strcmp(decisions[i].kind, "release") == 0)
			loaded->input.decisions |= DECIDED_RELEASE;
	}
	return (1);
}

/* Groups of a person that no HR system owns. */
struct plan_own {
	struct plan		 *plan;
	const struct unit_entry	**list;
	size_t			  count;
	size_t			  room;
};

static void
plan_found_own(void *context, int64_t source, const char *kombo)
{
	struct plan_own *own = context;
	const struct unit_entry **slot;

	slot = mem_grow(&own->list, own->count, &own->room, sizeof(const struct unit_entry *));
	*slot = units_find(own->plan->units, source, UNIT_GROUP, kombo);
	own->count += *slot != NULL;
}

static int
plan_load_own(struct plan *plan, const struct mark *mark, struct arena *arena,
    struct loaded *loaded, struct err *err)
{
	struct plan_own own = { .plan = plan };
	int result;

	if (mark->fresh || !plan->locals)
		return (0);
	result = local_member_groups(plan->db, mark->person, plan_found_own, &own, err);
	loaded->input.own_count = own.count;
	loaded->input.own = arena_keep(arena, &own.list, own.count,
	    sizeof(const struct unit_entry *));
	return (result);
}

static int
plan_load_views(struct plan *plan, const struct mark *mark, struct loaded *loaded,
    struct err *err)
{
	struct shown_row rows[BOOK_VIEWS_MAX];
	size_t count, i, j;

	if (mark->fresh)
		return (0);
	if (shown_list(plan->db, mark->person, rows, BOOK_VIEWS_MAX, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		for (j = 0; j < plan->book->view_count; j++)
			if (plan->book->views[j].id == rows[i].view)
				loaded->input.views |= UINT32_C(1) << j;
	return (0);
}

/* Takes out the values of fields whose mode does not fetch them. */
static void
plan_strip(const struct book_source *source, struct employee *employee)
{
	size_t i;

	for (i = 0; i < FIELD_N; i++)
		if (source->conf->mode[i] == MODE_OFF || source->conf->mode[i] == MODE_LOCAL)
			employee->value[i] = NULL;
	if (source->conf->mode[FIELD_EMPLOYMENT_TYPE] == MODE_OFF)
		employee->employments = NULL;
	employee->hash = employee_hash(employee);
}

/* A record that is gone keeps the values it had; only the mark is new. */
static void
plan_set_gone(struct judge_record *record, struct employee *now)
{
	*now = *record->was;
	now->gone = true;
	now->hash = employee_hash(now);
}

/* Whether an admin erased whoever the record is about. */
static int
plan_check_erased(struct plan *plan, struct judge_record *record, struct err *err)
{
	const char *source = record->source->conf->name;
	int found;

	if (!plan->suppresses)
		return (0);
	found = suppress_has(plan->db, SUPPRESS_KOMBO, source, record->now->kombo, err);
	if (found == 0)
		found = suppress_has(plan->db, SUPPRESS_REMOTE, source, record->now->remote, err);
	record->erased = found > 0;
	return (found);
}

/*
 * Loads one record: as accepted, and as it would be now. 1 loaded, 0 there are no values of it,
 * 2 there are, but its source is not configured, -1 failed.
 */
static int
plan_load_record(struct plan *plan, int64_t id, const struct rec *rec, struct arena *arena,
    struct judge_record *record, struct err *err)
{
	struct employee *now, *was;
	int result;

	now = arena_alloc(arena, sizeof(*now));
	was = arena_alloc(arena, sizeof(*was));
	*record = (struct judge_record){ .now = now };
	result = id == 0 ? 0 : employee_get(plan->db, id, arena, was, err);
	if (result < 0)
		return (-1);
	if (result > 0)
		record->was = was;
	if (rec != NULL && rec->row != 0) {
		if (stage_get(plan->order->fetched->stage, rec->row, arena, now, err) != 1)
			return (-1);
		now->record = id;
		/* A deleted record brings no values that others could wait for. */
		record->complete = plan->order->fetched->complete && !now->gone;
		if (now->gone && record->was == NULL)
			return (0);
		if (now->gone)
			plan_set_gone(record, now);
	} else if (record->was == NULL) {
		return (0);
	} else if (rec != NULL && rec->absent) {
		plan_set_gone(record, now);
	} else {
		*now = *was;
		record->complete = plan->order->fetched != NULL &&
		    plan->order->fetched->complete && !was->gone &&
		    was->source == plan->order->source;
	}
	record->source = book_source(plan->book, now->source);
	if (record->source == NULL)
		return (2);
	plan_strip(record->source, now);
	return (plan_check_erased(plan, record, err) < 0 ? -1 : 1);
}

/* The record ids of a mark: those of the person, and those that were fetched for it. */
static int
plan_load_ids(struct plan *plan, const struct mark *mark, struct arena *arena,
    struct loaded *loaded, size_t *count, struct err *err)
{
	int64_t *ids;
	uint32_t at;
	size_t i, known, room;

	ids = NULL;
	known = 0;
	if (!mark->fresh && record_ids_of_person(plan->db, mark->person, arena, &ids, &known,
	    err) < 0)
		return (-1);
	room = known;
	for (at = mark->first; at != MARK_NONE; at = plan->recs[at].next)
		room++;
	loaded->ids = arena_alloc(arena, (room + 1) * sizeof(*loaded->ids));
	loaded->recs = arena_alloc(arena, (room + 1) * sizeof(*loaded->recs));
	for (i = 0; i < known; i++) {
		loaded->ids[i] = ids[i];
		loaded->recs[i] = plan_rec_of(plan, ids[i]);
	}
	for (at = mark->first; at != MARK_NONE; at = plan->recs[at].next) {
		for (i = 0; i < known && loaded->recs[i] != at; i++)
			continue;
		if (i < known)
			continue;
		loaded->ids[known] = plan->recs[at].record;
		loaded->recs[known++] = at;
	}
	*count = known;
	return (0);
}

static int
plan_load_records(struct plan *plan, const struct mark *mark, struct arena *arena,
    struct loaded *loaded, struct err *err)
{
	const struct rec *rec;
	size_t count, i, n;
	int result;

	if (plan_load_ids(plan, mark, arena, loaded, &count, err) < 0)
		return (-1);
	loaded->records = arena_alloc(arena, (count + 1) * sizeof(*loaded->records));
	n = 0;
	for (i = 0; i < count; i++) {
		rec = loaded->recs[i] != MARK_NONE ? &plan->recs[loaded->recs[i]] : NULL;
		result = plan_load_record(plan, loaded->ids[i], rec, arena,
		    &loaded->records[n], err);
		if (result < 0)
			return (-1);
		loaded->frozen |= result == 2;
		if (result != 1)
			continue;
		loaded->ids[n] = loaded->ids[i];
		loaded->recs[n++] = loaded->recs[i];
	}
	loaded->input.records = loaded->records;
	loaded->input.count = n;
	return (n > 0 ? 1 : 0);
}

int
plan_load(struct plan *plan, uint32_t at, struct arena *arena, struct loaded *loaded,
    struct err *err)
{
	const struct mark *mark = &plan->marks[at];
	int result;

	*loaded = (struct loaded){ .input = { .book = plan->book } };
	result = plan_load_state(plan, mark, arena, loaded, err);
	if (result > 0)
		result = plan_load_records(plan, mark, arena, loaded, err);
	if (result <= 0)
		return (result);
	if (plan_load_views(plan, mark, loaded, err) < 0 ||
	    plan_load_own(plan, mark, arena, loaded, err) < 0)
		return (-1);
	loaded->input.mail = (enum judge_mail)mark->mail_ruling;
	loaded->input.duplicate = mark->duplicate;
	loaded->input.ambiguous = mark->ambiguous;
	judge_person(arena, &loaded->input, &loaded->verdict);
	if (plan->units_err.code != ERR_NONE) {
		*err = plan->units_err;
		return (-1);
	}
	return (1);
}

/* ---- judging all of them ------------------------------------------------------------- */

static uint64_t
plan_name_hash(const char *name)
{
	return (name == NULL ? 0 : hash64_text(name));
}

static int
plan_note_new(struct plan *plan, struct mark *mark, struct arena *arena,
    const struct loaded *loaded, struct err *err)
{
	const struct judge_record *record = &loaded->records[0];

	if (plan_new_uuid(plan, mark, record->now, record->source->conf->name, arena,
	    &mark->uuid, err) < 0)
		return (-1);
	if (loaded->verdict.keep && mark->uid == NULL)
		mark->uid = arena_dup(plan->arena, name_uid(arena, plan->book->uid_policy,
		    loaded->verdict.value, &mark->uuid));
	return (0);
}

/* What is settled of a known person, once. */
static int
plan_note_known(struct plan *plan, struct mark *mark, struct arena *arena,
    const struct loaded *loaded, struct err *err)
{
	struct served_person served;
	int result;

	mark->shown = loaded->input.views;
	mark->old_status = (uint8_t)loaded->person.status;
	mark->uuid = loaded->person.uuid;
	mark->uid = arena_dup(plan->arena, loaded->person.uid);
	mark->settled_mail = arena_dup(plan->arena, loaded->person.mail);
	result = served_get(plan->db, mark->person, arena, &served, err);
	if (result <= 0)
		return (result);
	mark->listed = true;
	mark->old_name_hash = plan_name_hash(served.value[FIELD_DISPLAY_NAME]);
	return (0);
}

/* Members by group, of those who are served so far. */
void
plan_note_groups(struct plan *plan, const struct verdict *verdict, int by)
{
	const struct unit *unit;
	size_t i;

	for (i = 0; by != 0 && i < verdict->group_count; i++) {
		unit = &verdict->groups[i]->unit;
		units_peek(plan->units, unit->source, UNIT_GROUP, unit->kombo,
		    strlen(unit->kombo))->wanted += by;
	}
}

/* Keeps of a judged person what the others need to know. */
static int
plan_note(struct plan *plan, uint32_t at, struct arena *arena, const struct loaded *loaded,
    struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	struct mark *mark = &plan->marks[at];

	plan_note_groups(plan, verdict, (verdict->views != 0) - (mark->views != 0));
	mark->views = verdict->views;
	mark->status = (uint8_t)verdict->status;
	mark->keep = verdict->keep;
	mark->name_hash = plan_name_hash(verdict->value[FIELD_DISPLAY_NAME]);
	mark->mail = arena_dup(plan->arena,
	    verdict->views != 0 ? verdict->value[FIELD_WORK_EMAIL] : NULL);
	if (mark->fresh ? plan_note_new(plan, mark, arena, loaded, err) < 0 : !mark->judged &&
	    plan_note_known(plan, mark, arena, loaded, err) < 0)
		return (-1);
	mark->judged = true;
	weigh_note(plan, at, loaded);
	return (0);
}

/* Whether the order is to erase that person. */
static bool
plan_erases(const struct plan *plan, int64_t person)
{
	size_t i;

	for (i = 0; plan->order->erase && i < plan->order->people_count; i++)
		if (plan->order->people[i] == person)
			return (true);
	return (false);
}

/*
 * A person of whom nothing can be judged. When the values were erased or the source is no
 * longer configured she stays as she is served, for all who refer to her; when no record is
 * left, nothing of her stays.
 */
static int
plan_note_empty(struct plan *plan, uint32_t at, struct arena *arena, struct loaded *loaded,
    struct err *err)
{
	struct mark *mark = &plan->marks[at];

	mark->judged = mark->empty = true;
	if (loaded->input.person == NULL)
		return (0);
	if (plan_load_views(plan, mark, loaded, err) < 0 ||
	    plan_note_known(plan, mark, arena, loaded, err) < 0)
		return (-1);
	if (plan_erases(plan, mark->person) ||
	    (!loaded->frozen && (loaded->person.flags & PERSON_PURGED) == 0)) {
		mark->withdrawn = true;
		mark->status = STATUS_DEPARTED;
		return (0);
	}
	mark->views = mark->shown;
	mark->status = (uint8_t)loaded->person.status;
	mark->name_hash = mark->old_name_hash;
	mark->mail = mark->shown != 0 ? mark->settled_mail : NULL;
	return (0);
}

/* A Kombo id by which others refer to a person. */
struct plan_key {
	struct plan	*plan;
	struct err	*err;
	int		 result;
};

static void
plan_found_key(void *context, int64_t source, const char *kombo)
{
	struct plan_key *key = context;

	/* By what records say, and by what is held of people who have left. */
	if (key->result == 0)
		key->result = employee_reports(key->plan->db, source, kombo, plan_found_person,
		    key->plan, key->err);
	if (key->result == 0)
		key->result = person_each(key->plan->db, PERSONS_BY_MANAGER, kombo, 0,
		    plan_found_person, key->plan, key->err);
}

int
plan_mark_reports_of(struct plan *plan, int64_t source, const char *kombo, struct err *err)
{
	struct plan_key key = { .plan = plan, .err = err };

	plan_found_key(&key, source, kombo);
	return (key.result);
}

/* Everybody who reports to a record of the person, also to one without values. */
static int
plan_mark_reports(struct plan *plan, const struct mark *mark, const struct loaded *loaded,
    struct err *err)
{
	struct plan_key key = { .plan = plan, .err = err };
	size_t i;

	if (!mark->fresh && record_keys_of_person(plan->db, mark->person, plan_found_key, &key,
	    err) < 0)
		return (-1);
	for (i = 0; i < loaded->input.count; i++)
		plan_found_key(&key, loaded->records[i].now->source,
		    loaded->records[i].now->kombo);
	return (key.result);
}

/* Who depends on this person: reports, and whoever waits for the address. */
static int
plan_close_over(struct plan *plan, uint32_t at, const struct loaded *loaded, struct err *err)
{
	const struct mark copy = plan->marks[at];

	if ((copy.views != copy.shown ||
	    (copy.views != 0 && copy.name_hash != copy.old_name_hash)) &&
	    plan_mark_reports(plan, &copy, loaded, err) < 0)
		return (-1);
	/* A leaver keeps the address only as long as nobody else wants it (rulings A13). */
	if (copy.settled_mail != NULL && (copy.mail == NULL ||
	    copy.status == STATUS_DEPARTED || strcmp(copy.mail, copy.settled_mail) != 0) &&
	    person_each(plan->db, PERSONS_BY_WANTED, copy.settled_mail, 0, plan_found_person,
	    plan, err) < 0)
		return (-1);
	return (0);
}

static int
plan_judge_one(struct plan *plan, uint32_t at, struct arena *arena, struct err *err)
{
	struct loaded loaded;
	int result;

	arena_reset(arena);
	result = plan_load(plan, at, arena, &loaded, err);
	if (result < 0)
		return (-1);
	if (result == 0)
		return (plan_note_empty(plan, at, arena, &loaded, err) < 0 ||
		    (plan->marks[at].withdrawn &&
		    plan_close_over(plan, at, &loaded, err) < 0) ? -1 : 0);
	result = plan_identify(plan, at, &loaded, err);
	if (result == 2)
		result = plan_load(plan, at, arena, &loaded, err) - 1;
	if (result != 0)
		return (result < 0 ? -1 : 0);
	if (plan_note(plan, at, arena, &loaded, err) < 0)
		return (-1);
	return (plan_close_over(plan, at, &loaded, err));
}

static int
plan_judge_open(struct plan *plan, struct arena *arena, struct err *err)
{
	size_t i;

	/* The list grows while it is walked: whom a person touches is judged as well. */
	for (i = 0; i < plan->mark_count; i++)
		if (!plan->marks[i].closed) {
			plan->marks[i].closed = true;
			if (plan_judge_one(plan, (uint32_t)i, arena, err) < 0)
				return (-1);
		}
	return (0);
}

int
plan_judge_all(struct plan *plan, struct err *err)
{
	struct arena *arena;
	int result;

	if (plan_identify_known(plan, err) < 0)
		return (-1);
	arena = arena_open();
	do {
		do {
			plan->reopened = false;
			result = plan_judge_open(plan, arena, err);
		} while (result == 0 && plan->reopened);
		map_close(&plan->by_number);
		map_close(&plan->by_mail);
		plan->settling = false;
		if (result == 0)
			result = plan_settle_mail(plan, err);
	} while (result == 0 && plan->settling);
	arena_close(&arena);
	return (result);
}
