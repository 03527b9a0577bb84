/*
 * Writes a plan: only what differs, under one revision, each change with a stamp of its own
 * (rulings F8). Runs inside the caller's transaction; a failure leaves it to be rolled back.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/link.h"
#include "store/person.h"
#include "store/record.h"
#include "store/retire.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/plan/audit.h"
#include "sync/plan/events.h"
#include "sync/plan/groups.h"
#include "sync/plan/managers.h"
#include "sync/plan/people.h"
#include "sync/plan/veil.h"

struct publish {
	struct plan		*plan;
	struct plan_report	*report;
	struct groups		*groups;
	struct managers		*managers;
	struct audit		*audit;
	struct events		*events;	/* NULL: nobody wants any */
	struct arena		*arena;		/* of one person */
	int64_t			 revision;	/* the one being written */
	int64_t			 stamp;		/* the last one given */
	int64_t			 view_stamp[BOOK_VIEWS_MAX];	/* 0: the view did not change */
};

static int64_t
publish_stamp(struct publish *publish, size_t view)
{
	publish->view_stamp[view] = ++publish->stamp;
	return (publish->stamp);
}

static bool
publish_same(const char *a, const char *b)
{
	return (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
}

/* ---- the person ------------------------------------------------------------------------- */

/* The earlier of `due` and the first instant of a day in a zone; 0 is never. */
static int64_t
publish_sooner(struct publish *publish, size_t at, day_number day, int64_t due)
{
	struct zone *zone;
	int64_t instant;

	zone = day == DAY_NONE ? NULL : zones_get(publish->plan->order->zones,
	    book_zone_name(publish->plan->book, at));
	if (zone == NULL)
		return (due);
	instant = zone_midnight(zone, day);
	return (due == 0 || instant < due ? instant : due);
}

/* A record outside the scope gives nothing, whoever's it is (rulings A7, B13). */
static bool
publish_drops(const struct loaded *loaded, size_t at)
{
	return (at != loaded->verdict.owner &&
	    (loaded->records[at].reasons & REASONS_OUT) != 0);
}

/* The instant at which a date may change something of the person. */
static int64_t
publish_due(struct publish *publish, const struct loaded *loaded)
{
	const struct verdict *verdict = &loaded->verdict;
	int64_t due;
	size_t i;

	if (!verdict->keep)
		return (0);
	due = publish_sooner(publish, verdict->zone, verdict->next, 0);
	for (i = 0; i < loaded->input.count; i++)
		if (!publish_drops(loaded, i))
			due = publish_sooner(publish, loaded->records[i].zone,
			    loaded->records[i].next, due);
	return (due);
}

static bool
publish_person_differs(const struct person *a, const struct person *b)
{
	return (a->owner != b->owner || a->status != b->status || a->flags != b->flags ||
	    a->due != b->due || a->departed_on != b->departed_on ||
	    a->excluded_on != b->excluded_on || a->gone_on != b->gone_on ||
	    a->inactive_on != b->inactive_on || !publish_same(a->mail, b->mail) ||
	    !publish_same(a->wanted_mail, b->wanted_mail));
}

static int
publish_person(struct publish *publish, const struct mark *mark,
    const struct loaded *loaded, int64_t owner, struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	struct person person;

	person = (struct person){
		.id = mark->person,
		.uuid = mark->uuid,
		.uid = mark->uid,
		.owner = owner,
		.status = verdict->status,
		.flags = verdict->flags,
		.mail = verdict->keep ? verdict->value[FIELD_WORK_EMAIL] : NULL,
		.wanted_mail = verdict->keep ? verdict->wanted_mail : NULL,
		.due = publish_due(publish, loaded),
		.departed_on = verdict->departed_on,
		.excluded_on = verdict->excluded_on,
		.gone_on = verdict->gone_on,
		.inactive_on = verdict->inactive_on,
	};
	if (mark->fresh) {
		publish->report->created++;
		return (person_add(publish->plan->db, &person, err));
	}
	if (!publish_person_differs(&person, &loaded->person))
		return (0);
	return (person_save(publish->plan->db, &person, err));
}

static int
publish_values(struct publish *publish, const struct mark *mark, struct loaded *loaded,
    struct err *err)
{
	struct held *held = loaded->verdict.held;
	const struct held *old, *new;
	struct db *db = publish->plan->db;
	size_t i;

	if (!loaded->verdict.keep)
		return (mark->fresh ? 0 : value_delete_all(db, mark->person, err));
	held[FIELD_MANAGER].value = plan_moved(publish->plan,
	    loaded->records[loaded->verdict.owner].now->source, held[FIELD_MANAGER].value);
	for (i = 0; i < FIELD_N; i++) {
		old = &loaded->input.held[i];
		new = &held[i];
		if (old->state == new->state && publish_same(old->value, new->value))
			continue;
		if ((new->state == HELD_NOTHING ?
		    value_delete(db, mark->person, (enum field_id)i, err) :
		    value_put(db, mark->person, (enum field_id)i, (char)new->state, new->value,
		    err)) < 0)
			return (-1);
		if ((loaded->verdict.overwrote & UINT32_C(1) << i) != 0)
			publish->report->overwrote++;
	}
	return (0);
}

/* ---- records ------------------------------------------------------------------------------ */

/* Of a record that is held, or was: whom it may belong to. */
static int
publish_suspects(struct publish *publish, const struct mark *mark,
    const struct record_row *row, const char *old, struct err *err)
{
	const uint32_t held = REASON_BIT(REASON_DUPLICATE_EMAIL) | REASON_BIT(REASON_AMBIGUOUS);

	if (((row->reasons != NULL ? reasons_split(row->reasons) : 0) & held) == 0 &&
	    ((old != NULL ? reasons_split(old) : 0) & held) == 0)
		return (0);
	return (plan_write_suspects(publish->plan, (uint32_t)(mark - publish->plan->marks),
	    row->id, publish->arena, err));
}

/* Writes the record's row: who it belongs to, or why it is Excluded. */
static int
publish_record(struct publish *publish, const struct mark *mark, struct loaded *loaded,
    size_t at, struct err *err)
{
	const struct judge_record *record = &loaded->records[at];
	struct record_row row, old;
	bool person;
	int result;

	person = !mark->fresh || loaded->verdict.keep;
	row = (struct record_row){
		.id = loaded->ids[at],
		.source = record->now->source,
		.kombo = record->now->kombo,
		.remote = person ? record->now->remote : NULL,
		.person = person ? mark->person : 0,
		.reasons = record->reasons != 0 ? reasons_join(publish->arena,
		    record->reasons) : NULL,
	};
	if (record->reasons != 0)
		publish->report->excluded++;
	if (row.id == 0) {
		result = record_add(publish->plan->db, &row, err);
		loaded->ids[at] = row.id;
		return (result < 0 ? -1 : publish_suspects(publish, mark, &row, NULL, err));
	}
	if (record_get(publish->plan->db, row.id, publish->arena, &old, err) < 0)
		return (-1);
	if (publish_suspects(publish, mark, &row, old.reasons, err) < 0)
		return (-1);
	if (row.person == old.person && publish_same(row.kombo, old.kombo) &&
	    publish_same(row.remote, old.remote) && publish_same(row.reasons, old.reasons))
		return (0);
	if (!publish_same(row.kombo, old.kombo) &&
	    (value_move_manager(publish->plan->db, old.kombo, row.kombo, err) < 0 ||
	    link_move(publish->plan->db, row.source, old.kombo, row.kombo, err) < 0))
		return (-1);
	return (record_save(publish->plan->db, &row, err));
}

static int
publish_employee(struct publish *publish, const struct loaded *loaded, size_t at,
    struct err *err)
{
	const struct judge_record *record = &loaded->records[at];
	struct employee employee;

	if (!loaded->verdict.keep || publish_drops(loaded, at))
		return (record->was == NULL ? 0 :
		    employee_delete(publish->plan->db, loaded->ids[at], err));
	employee = *record->now;
	employee.record = loaded->ids[at];
	if (veil_employee(publish->plan->db, loaded, at, publish->arena, &employee, err) < 0)
		return (-1);
	if (record->was != NULL && record->was->hash == employee.hash)
		return (0);
	return (employee_put(publish->plan->db, &employee, err));
}

static int
publish_records(struct publish *publish, const struct mark *mark, struct loaded *loaded,
    struct err *err)
{
	size_t i;

	for (i = 0; i < loaded->input.count; i++)
		if (publish_record(publish, mark, loaded, i, err) < 0 ||
		    publish_employee(publish, loaded, i, err) < 0)
			return (-1);
	return (0);
}

/* ---- what is served --------------------------------------------------------------------------- */

/* Of all a reader makes its entry from, [scim] user_name included. */
static uint64_t
publish_served_hash(const struct conf *conf, const struct served_person *served)
{
	uint64_t hash;
	size_t i;

	hash = hash64_seed(served->uuid.bytes, sizeof(served->uuid.bytes),
	    (uint64_t)conf_number(&conf->set, CONF_SCIM_USER_NAME));
	hash = hash64_seed(served->uid, strlen(served->uid), hash);
	hash = hash64_seed(served->source, strlen(served->source),
	    hash + (uint64_t)served->status * 2 + (uint64_t)served->active);
	for (i = 0; i < FIELD_N; i++)
		if (served->value[i] != NULL)
			hash = hash64_seed(served->value[i], strlen(served->value[i]),
			    hash + i + 1);
	return (hash);
}

static int
publish_served(struct publish *publish, const struct mark *mark,
    const struct loaded *loaded, uint64_t *hash, struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	struct served_person old, served;
	int result;

	*hash = 0;
	if (mark->views == 0)
		return (mark->listed ? served_delete(publish->plan->db, mark->person, err) : 0);
	served = (struct served_person){
		.id = mark->person,
		.uuid = mark->uuid,
		.uid = mark->uid,
		.status = verdict->status,
		.active = verdict->active,
		.source = loaded->records[verdict->owner].source->conf->name,
	};
	memcpy(served.value, verdict->value, sizeof(served.value));
	served.value[FIELD_MANAGER] = NULL;	/* a view's own: v_shown.manager */
	served.value[FIELD_EMPLOYMENT_STATUS] = NULL;
	*hash = served.hash = publish_served_hash(publish->plan->order->conf, &served);
	result = !mark->listed ? 0 :
	    served_get(publish->plan->db, mark->person, publish->arena, &old, err);
	if (result < 0 || (result > 0 && old.hash == served.hash))
		return (result < 0 ? -1 : 0);
	return (served_put(publish->plan->db, &served, err));
}

static int
publish_compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x < *y ? -1 : *x > *y);
}

/* The ids of the groups the person shall be in, ascending, and a hash of what they show. */
static int
publish_group_ids(struct publish *publish, const struct verdict *verdict, int64_t **ids,
    size_t *count, uint64_t *hash, struct err *err)
{
	struct group *group;
	size_t i;
	int result;

	*ids = arena_alloc(publish->arena, (verdict->group_count + 1) * sizeof(**ids));
	*count = 0;
	*hash = 0;
	for (i = 0; verdict->views != 0 && i < verdict->group_count; i++) {
		result = groups_get(publish->groups, verdict->groups[i]->unit.id, &group, err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		(*ids)[(*count)++] = group->id;
		*hash += group->hash;
	}
	qsort(*ids, *count, sizeof(**ids), publish_compare_ids);
	return (0);
}

/* A person was in a group, is in it, or both: counted by view, and written. */
static int
publish_member(struct publish *publish, const struct mark *mark, int64_t id, bool was,
    bool is, struct err *err)
{
	struct db *db = publish->plan->db;
	struct group *group;
	uint32_t new, old;
	int result;

	result = groups_get(publish->groups, id, &group, err);
	if (result == 0)
		result = err_set(err, ERR_INTERNAL, "group %lld has a member but no name",
		    (long long)id);
	if (result < 0)
		return (-1);
	old = was ? mark->shown : 0;
	new = is ? mark->views : 0;
	if ((old & ~new) != 0 || !is)
		groups_member(group, old & ~new, &mark->uuid, -1);
	groups_member(group, new & ~old, &mark->uuid, 1);
	if (was == is)
		return (0);
	if (audit_member(publish->audit, mark, group->cn, is, err) < 0)
		return (-1);
	return (is ? member_add(db, mark->person, id, err) :
	    member_delete(db, mark->person, id, err));
}

/* Brings the memberships from old to new, and counts members where either is shown. */
static int
publish_members(struct publish *publish, const struct mark *mark,
    const struct verdict *verdict, uint64_t *hash, struct err *err)
{
	size_t i, j, new_count, old_count;
	int64_t *new, *old;
	bool is, was;
	int result;

	old_count = 0;
	old = NULL;
	if (publish_group_ids(publish, verdict, &new, &new_count, hash, err) < 0 ||
	    (mark->listed && member_list(publish->plan->db, mark->person, publish->arena, &old,
	    &old_count, err) < 0))
		return (-1);
	result = 0;
	for (i = j = 0; result == 0 && (i < old_count || j < new_count);) {
		was = i < old_count && (j == new_count || old[i] <= new[j]);
		is = j < new_count && (i == old_count || new[j] <= old[i]);
		result = publish_member(publish, mark, was ? old[i] : new[j], was, is, err);
		i += was;
		j += is;
	}
	return (result);
}

static int
publish_manager(struct publish *publish, const struct mark *mark,
    const struct loaded *loaded, struct manager *manager, struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	const char *kombo;

	*manager = (struct manager){ .person = 0 };
	kombo = verdict->value[FIELD_MANAGER];
	if (kombo == NULL || verdict->views == 0)
		return (0);
	if (managers_find(publish->managers, loaded->records[verdict->owner].now->source, kombo,
	    manager, err) < 0)
		return (-1);
	if (!manager->known)
		publish->report->conditions[CONDITION_MANAGER_UNKNOWN]++;
	if (manager->person == mark->person) {
		publish->report->conditions[CONDITION_MANAGER_SELF]++;
		manager->person = 0;
	}
	if (manager->person == 0)
		manager->views = 0;
	return (0);
}

static const struct shown_row *
publish_find_shown(const struct shown_row *rows, size_t count, int64_t view)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (rows[i].view == view)
			return (&rows[i]);
	return (NULL);
}

/* The entry in one view: written when what the view shows of it differs (rulings F9). */
static int
publish_entry(struct publish *publish, size_t view, const struct mark *mark,
    const struct shown_row *old, uint64_t content, const struct manager *manager,
    struct err *err)
{
	struct shown_row row;
	bool managed;

	managed = (manager->views & UINT32_C(1) << view) != 0;
	row = (struct shown_row){
		.view = publish->plan->book->views[view].id,
		.person = mark->person,
		.manager = managed ? manager->person : 0,
		.version = content + (managed ? manager->hash * 31 : 0),
		.revision = publish->revision,
	};
	if (old != NULL && old->version == row.version && old->manager == row.manager)
		return (0);
	row.modified = publish_stamp(publish, view);
	row.created = old != NULL ? old->created : row.modified;
	publish->report->changed++;
	if (old == NULL && tombstone_delete(publish->plan->db, row.view, &mark->uuid, err) < 0)
		return (-1);
	return (shown_put(publish->plan->db, &row, err));
}

static int
publish_entries(struct publish *publish, const struct mark *mark, uint64_t content,
    const struct manager *manager, struct err *err)
{
	struct shown_row rows[BOOK_VIEWS_MAX];
	const struct book *book = publish->plan->book;
	const struct shown_row *old;
	size_t count, i;

	count = 0;
	if (mark->shown != 0 && shown_list(publish->plan->db, mark->person, rows,
	    BOOK_VIEWS_MAX, &count, err) < 0)
		return (-1);
	for (i = 0; i < book->view_count; i++) {
		old = publish_find_shown(rows, count, book->views[i].id);
		if ((mark->views & UINT32_C(1) << i) != 0) {
			if (publish_entry(publish, i, mark, old, content, manager, err) < 0)
				return (-1);
			continue;
		}
		if (old == NULL)
			continue;
		publish->report->changed++;
		if (shown_delete(publish->plan->db, book->views[i].id, mark->person, err) < 0 ||
		    tombstone_put(publish->plan->db, book->views[i].id, &mark->uuid, false,
		    publish_stamp(publish, i), publish->revision, err) < 0)
			return (-1);
	}
	return (0);
}

static int
publish_views(struct publish *publish, const struct mark *mark, const struct loaded *loaded,
    struct err *err)
{
	uint64_t content, groups;
	struct manager manager;

	if (mark->views == 0 && !mark->listed)
		return (0);
	publish->report->entered += mark->views != 0 && mark->shown == 0;
	publish->report->left += mark->views == 0 && mark->shown != 0;
	if (publish_served(publish, mark, loaded, &content, err) < 0 ||
	    publish_manager(publish, mark, loaded, &manager, err) < 0 ||
	    publish_members(publish, mark, &loaded->verdict, &groups, err) < 0)
		return (-1);
	return (publish_entries(publish, mark, content + groups * 17, &manager, err));
}

/* ---- one person, all people ---------------------------------------------------------------------- */

/* A record without a person that is no longer delivered leaves nothing. */
static int
publish_empty_record(struct publish *publish, const struct mark *mark, struct err *err)
{
	const struct rec *rec;

	if (mark->first == MARK_NONE)
		return (0);
	rec = &publish->plan->recs[mark->first];
	if (!rec->absent && rec->row == 0)
		return (0);
	if (rec->record == 0)
		return (0);
	return (suspect_clear(publish->plan->db, rec->record, err) < 0 ? -1 :
	    record_delete(publish->plan->db, rec->record, err));
}

/* Nobody stands behind the person any more: only uuid and uid are remembered. */
static int
publish_withdrawn(struct publish *publish, const struct mark *mark, struct person *person,
    struct err *err)
{
	publish->report->erased++;
	if (audit_withdrawn(publish->audit, mark, err) < 0 ||
	    retire_put(publish->plan->db, person->id, publish->plan->order->now, err) < 0 ||
	    value_delete_all(publish->plan->db, person->id, err) < 0)
		return (-1);
	person->owner = person->due = 0;
	person->mail = person->wanted_mail = NULL;
	person->status = STATUS_DEPARTED;
	person->flags = (person->flags & ~(unsigned int)PERSON_FROZEN) | PERSON_PURGED;
	person->departed_on = person->excluded_on = person->gone_on = person->inactive_on =
	    DAY_NONE;
	return (person_save(publish->plan->db, person, err));
}

/*
 * Nothing can be judged of the person: no day will change that, so none is waited for. The
 * views that showed her may be no more.
 */
static int
publish_empty(struct publish *publish, const struct mark *mark, struct err *err)
{
	const struct loaded nothing = { .verdict = { .keep = false } };
	struct person person;
	int result;

	if (mark->fresh)
		return (publish_empty_record(publish, mark, err));
	if (mark->views == 0 && publish_views(publish, mark, &nothing, err) < 0)
		return (-1);
	if (mark->withdrawn && events_mark(publish->events, mark, &nothing, true, err) < 0)
		return (-1);
	result = person_get(publish->plan->db, mark->person, publish->arena, &person, err);
	if (result > 0 && mark->withdrawn)
		return (publish_withdrawn(publish, mark, &person, err));
	if (result <= 0 || person.due == 0)
		return (result < 0 ? -1 : 0);
	person.due = 0;
	return (person_save(publish->plan->db, &person, err));
}

static void
publish_count(struct publish *publish, const struct verdict *verdict)
{
	size_t i;

	publish->report->judged++;
	publish->report->erased += verdict->purge;
	for (i = 0; i < CONDITION_N; i++)
		if ((verdict->conditions & CONDITION_BIT(i)) != 0)
			publish->report->conditions[i]++;
}

/* When values are erased the time begins after which even the identity is (semantics 3.12). */
static int
publish_retire(struct publish *publish, const struct mark *mark,
    const struct loaded *loaded, struct err *err)
{
	struct db *db = publish->plan->db;

	if (loaded->verdict.purge)
		return (retire_put(db, mark->person, publish->plan->order->now, err));
	if (loaded->verdict.keep && (loaded->person.flags & PERSON_PURGED) != 0)
		return (retire_delete(db, mark->person, err));
	return (0);
}

static int
publish_mark(struct publish *publish, size_t at, struct err *err)
{
	struct mark *mark = &publish->plan->marks[at];
	const int64_t changed = publish->report->changed;
	struct loaded loaded;
	int result;

	arena_reset(publish->arena);
	if (mark->empty)
		return (publish_empty(publish, mark, err));
	result = plan_load(publish->plan, (uint32_t)at, publish->arena, &loaded, err);
	if (result <= 0)
		return (result);
	publish_count(publish, &loaded.verdict);
	if (audit_person(publish->audit, mark, &loaded, err) < 0 ||
	    publish_retire(publish, mark, &loaded, err) < 0 ||
	    publish_records(publish, mark, &loaded, err) < 0)
		return (-1);
	if (mark->fresh && !loaded.verdict.keep)
		return (0);
	if (publish_person(publish, mark, &loaded, loaded.ids[loaded.verdict.owner], err) < 0 ||
	    publish_values(publish, mark, &loaded, err) < 0 ||
	    publish_views(publish, mark, &loaded, err) < 0)
		return (-1);
	return (events_mark(publish->events, mark, &loaded, publish->report->changed != changed,
	    err));
}

/* What was found to be a known person's; what only an address and a name told is reported. */
static void
publish_count_links(const struct plan *plan, struct plan_report *report)
{
	size_t i;

	for (i = 0; i < IDENTITY_RULES; i++)
		report->linked += plan->linked[i];
	report->conditions[CONDITION_LINKED_BY_MAIL] = plan->linked[IDENTITY_REHIRE] +
	    plan->linked[IDENTITY_HAND_MAIL] + plan->linked[IDENTITY_OTHER_SOURCE];
}

static int
publish_number(struct plan *plan, struct err *err)
{
	int64_t last;
	size_t i;

	if (person_last(plan->db, &last, err) < 0)
		return (-1);
	for (i = 0; i < plan->mark_count; i++)
		if (plan->marks[i].fresh && plan->marks[i].keep && !plan->marks[i].empty)
			plan->marks[i].person = ++last;
	return (0);
}

/* ---- groups ---------------------------------------------------------------------------------------- */

static int
publish_group_entry(struct publish *publish, const struct group *group, size_t view,
    const struct group_shown_row *old, struct err *err)
{
	struct db *db = publish->plan->db;
	struct group_shown_row row;

	row = old != NULL ? *old : (struct group_shown_row){
	    .view = publish->plan->book->views[view].id, .group = group->id };
	row.members += group->members[view];
	row.member_hash += group->member_hash[view];
	row.version = hash64_seed(&row.member_hash, sizeof(row.member_hash),
	    group->hash + (uint64_t)row.members);
	row.revision = publish->revision;
	if (row.members <= 0) {
		if (old == NULL)
			return (0);
		publish->report->groups++;
		if (group_shown_delete(db, row.view, row.group, err) < 0)
			return (-1);
		return (tombstone_put(db, row.view, &group->uuid, true,
		    publish_stamp(publish, view), publish->revision, err));
	}
	if (old != NULL && old->version == row.version)
		return (0);
	row.modified = publish_stamp(publish, view);
	row.created = old != NULL ? old->created : row.modified;
	publish->report->groups++;
	if (old == NULL && tombstone_delete(db, row.view, &group->uuid, err) < 0)
		return (-1);
	return (group_shown_put(db, &row, err));
}

static const struct group_shown_row *
publish_find_group(const struct group_shown_row *rows, size_t count, int64_t view)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (rows[i].view == view)
			return (&rows[i]);
	return (NULL);
}

static int
publish_group(struct publish *publish, const struct group *group, struct err *err)
{
	struct group_shown_row rows[BOOK_VIEWS_MAX];
	const struct book *book = publish->plan->book;
	const struct group_shown_row *old;
	int64_t members;
	size_t count, i;

	if (group_shown_list(publish->plan->db, group->id, rows, BOOK_VIEWS_MAX, &count,
	    err) < 0)
		return (-1);
	members = 0;
	for (i = 0; i < book->view_count; i++) {
		old = publish_find_group(rows, count, book->views[i].id);
		members += (old != NULL ? old->members : 0) + group->members[i];
		if (publish_group_entry(publish, group, i, old, err) < 0)
			return (-1);
	}
	if (members <= 0)
		return (group_delete(publish->plan->db, group->id, err));
	return (group_put(publish->plan->db, &(struct served_group){ .id = group->id,
	    .uuid = group->uuid, .cn = group->cn, .type = group->type,
	    .source = group->source }, err));
}

static int
publish_groups(struct publish *publish, struct err *err)
{
	struct group *group;
	size_t i;

	for (i = 0; i < groups_count(publish->groups); i++) {
		group = groups_at(publish->groups, i);
		if (group->touched && publish_group(publish, group, err) < 0)
			return (-1);
	}
	return (0);
}

/* ---- the revision ----------------------------------------------------------------------------------- */

static int
publish_begin(struct publish *publish, struct err *err)
{
	int64_t last, now;

	if (meta_number(publish->plan->db, "revision", &publish->revision, err) < 0 ||
	    meta_number(publish->plan->db, "stamp", &last, err) < 0)
		return (-1);
	publish->revision++;
	now = clock_now();
	publish->stamp = now > last ? now : last;
	return (0);
}

/* When anything that is served changed, the views and the database get the new revision. */
static int
publish_end(struct publish *publish, struct err *err)
{
	const struct book *book = publish->plan->book;
	struct db *db = publish->plan->db;
	bool any;
	size_t i;

	any = false;
	for (i = 0; i < book->view_count; i++) {
		if (publish->view_stamp[i] == 0)
			continue;
		any = true;
		if (served_view_touch(db, book->views[i].id, publish->revision,
		    publish->view_stamp[i], err) < 0)
			return (-1);
	}
	if (!any)
		return (0);
	publish->report->revision = publish->revision;
	if (meta_set_number(db, "revision", publish->revision, err) < 0)
		return (-1);
	return (meta_set_number(db, "stamp", publish->stamp, err));
}

static int
publish_all(struct publish *publish, struct err *err)
{
	size_t i;

	if (publish_begin(publish, err) < 0 || publish_number(publish->plan, err) < 0 ||
	    groups_open(publish->plan, &publish->groups, err) < 0 ||
	    audit_open(publish->plan, &publish->audit, err) < 0 ||
	    events_open(publish->plan->db, publish->plan->order->conf,
	    publish->plan->order->now, publish->revision, &publish->events, err) < 0)
		return (-1);
	publish->managers = managers_open(publish->plan);
	for (i = 0; i < publish->plan->mark_count; i++)
		if (publish_mark(publish, i, err) < 0)
			return (-1);
	publish_count_links(publish->plan, publish->report);
	if (publish_groups(publish, err) < 0 || audit_end(publish->audit, err) < 0)
		return (-1);
	return (publish_end(publish, err));
}

int
plan_publish(struct plan *plan, struct plan_report *report, struct err *err)
{
	struct publish publish = { .plan = plan, .report = report };
	int result;

	*report = (struct plan_report){ .revision = 0 };
	publish.arena = arena_open();
	result = publish_all(&publish, err);
	audit_close(&publish.audit);
	managers_close(&publish.managers);
	events_close(&publish.events);
	groups_close(&publish.groups);
	arena_close(&publish.arena);
	return (result);
}
