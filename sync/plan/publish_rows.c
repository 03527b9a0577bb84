/*
 * The rows of one person that no reader sees: the person, held values, and records.
 */
#include "config.h"

#include "sync/plan/publish_inside.h"

#include "store/link.h"
#include "store/person.h"
#include "store/record.h"
#include "sync/plan/veil.h"

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

int
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

int
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
publish_joined(struct publish *publish, const struct loaded *loaded, size_t at,
    struct err *err)
{
	const uint32_t rec = loaded->recs[at];

	if (rec == MARK_NONE || publish->plan->recs[rec].joined == 0)
		return (0);
	return (record_join(publish->plan->db, loaded->ids[at], publish->plan->recs[rec].joined,
	    err));
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

int
publish_records(struct publish *publish, const struct mark *mark, struct loaded *loaded,
    struct err *err)
{
	size_t i;

	for (i = 0; i < loaded->input.count; i++)
		if (publish_record(publish, mark, loaded, i, err) < 0 ||
		    publish_joined(publish, loaded, i, err) < 0 ||
		    publish_employee(publish, loaded, i, err) < 0)
			return (-1);
	return (0);
}
