/*
 * Writes a plan: only what differs, under one revision, each change with a stamp of its own
 * (rulings F8). Runs inside the caller's transaction; a failure leaves it to be rolled back.
 */
#include "config.h"

#include "sync/plan/publish_inside.h"

#include <string.h>

#include "base/clock.h"
#include "store/link.h"
#include "store/person.h"
#include "store/record.h"
#include "store/retire.h"
#include "store/source.h"

int64_t
publish_stamp(struct publish *publish, size_t view)
{
	int64_t *stamp = &publish->view_stamp[view];

	*stamp = (*stamp != 0 ? *stamp : publish->stamp) + 1;
	if (*stamp > publish->last)
		publish->last = *stamp;
	return (*stamp);
}

bool
publish_same(const char *a, const char *b)
{
	return (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
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
	return (meta_set_number(db, "stamp", publish->last, err));
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
	publish->report->overwrote += audit_adopted(publish->audit);
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
