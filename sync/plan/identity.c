/*
 * Whose record a new one is (semantics 3.3, 3.4): candidates are looked for by employee number
 * and address among all known people and among the new ones of the run, and loaded as this run
 * leaves them (rulings A39); rules/identity.c decides. A record that belongs to somebody moves
 * to that person's mark, which is judged again.
 *
 * Marks are asked in the order of the run's records, so that what comes out does not depend on
 * pages.
 */
#include "config.h"

#include "sync/plan/people.h"

#include <string.h>

#include "base/text.h"
#include "rules/identity.h"
#include "store/link.h"
#include "store/person.h"
#include "store/record.h"
#include "store/suppress.h"

enum { CANDIDATES_MAX = 64 };	/* a number or address that more share tells nothing */

/* The search for one record. */
struct identity {
	struct plan		*plan;
	struct arena		*arena;
	uint32_t		 at;		/* mark of the record */
	const char		*number;
	const char		*mail;
	uint32_t		 marks[CANDIDATES_MAX];
	size_t			 count;
};

/* ---- candidates ------------------------------------------------------------------------ */

static void
identity_add(struct identity *identity, uint32_t mark)
{
	size_t i;

	for (i = 0; i < identity->count; i++)
		if (identity->marks[i] == mark)
			return;
	if (mark != identity->at && identity->count < CANDIDATES_MAX)
		identity->marks[identity->count++] = mark;
}

struct identity_ids {
	int64_t	list[CANDIDATES_MAX];
	size_t	count;
};

static void
identity_found(void *context, int64_t person)
{
	struct identity_ids *ids = context;

	if (ids->count < CANDIDATES_MAX)
		ids->list[ids->count++] = person;
}

static void
identity_add_new(struct identity *identity, const struct map *map, const char *text)
{
	uint64_t mark;

	if (text != NULL && map_get(map, hash64_text(text), &mark))
		identity_add(identity, (uint32_t)mark);
}

static int
identity_collect(struct identity *identity, struct err *err)
{
	struct plan *plan = identity->plan;
	struct identity_ids ids = { .count = 0 };
	size_t i;

	if (plan->anybody && identity->number != NULL && record_by_number(plan->db,
	    identity->number, identity_found, &ids, err) < 0)
		return (-1);
	if (plan->anybody && identity->mail != NULL && person_each(plan->db, PERSONS_BY_MAIL,
	    identity->mail, 0, identity_found, &ids, err) < 0)
		return (-1);
	for (i = 0; i < ids.count; i++)
		identity_add(identity, plan_mark(plan, ids.list[i]));
	identity_add_new(identity, &plan->by_number, identity->number);
	identity_add_new(identity, &plan->by_mail, identity->mail);
	return (0);
}

/* ---- what matching sees ---------------------------------------------------------------- */

static bool
identity_same(const char *a, const char *b)
{
	return (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static day_number
identity_day(const char *value)
{
	day_number day;

	return (value != NULL && day_parse(value, &day) ? day : DAY_NONE);
}

static void
identity_facts(const struct plan *plan, struct arena *arena,
    const struct judge_record *record, struct identity_facts *facts)
{
	const struct employee *now = record->now;
	day_number start;

	*facts = (struct identity_facts){
		.source = now->source,
		.by_hand = record->source->by_hand,
		.number = now->value[FIELD_EMPLOYEE_NUMBER],
		.family = text_fold(arena, now->value[FIELD_LAST_NAME]),
		.status = record->status,
		.end = identity_day(now->value[FIELD_TERMINATION_DATE]),
		.today = book_today(plan->book, record->zone),
	};
	/* An end before the start belongs to the spell before (semantics 3.4). */
	start = identity_day(now->value[FIELD_START_DATE]);
	if (facts->end != DAY_NONE && start != DAY_NONE && facts->end < start)
		facts->end = DAY_NONE;
}

/* Excluded records are no links (rulings D7): they speak neither for nor against. */
static void
identity_person(const struct identity *identity, const struct loaded *loaded,
    struct identity_person *person)
{
	const struct judge_record *record;
	struct identity_facts *facts;
	size_t i;

	facts = arena_alloc(identity->arena, (loaded->input.count + 1) * sizeof(*facts));
	*person = (struct identity_person){ .records = facts };
	person->same_mail = identity_same(loaded->verdict.value[FIELD_WORK_EMAIL],
	    identity->mail);
	for (i = 0; i < loaded->input.count; i++) {
		record = &loaded->records[i];
		if ((record->reasons & REASONS_OUT) != 0)
			continue;
		identity_facts(identity->plan, identity->arena, record,
		    &facts[person->count++]);
		person->same_mail |= identity_same(record->now->value[FIELD_WORK_EMAIL],
		    identity->mail);
	}
}

/* ---- the outcome ------------------------------------------------------------------------- */

void
plan_suspect(struct plan *plan, uint32_t at, uint32_t other)
{
	struct suspect *suspect;
	uint64_t *last;

	last = map_at(&plan->suspected, at, 0);
	suspect = mem_grow(&plan->suspects, plan->suspect_count++, &plan->suspect_room,
	    sizeof(*suspect));
	*suspect = (struct suspect){ .mark = at, .other = other, .next = (size_t)*last };
	*last = plan->suspect_count;
}

/* Whether these are the people that are written. */
static bool
suspects_same(const struct plan *plan, size_t at, const int64_t *people, size_t count)
{
	int64_t person;
	size_t i, n;

	for (n = 0; at != 0; at = plan->suspects[at - 1].next) {
		person = plan->marks[plan->suspects[at - 1].other].person;
		for (i = 0; i < count && people[i] != person; i++)
			continue;
		if (i == count && person != 0)
			return (false);
		n += person != 0;
	}
	return (n >= count);
}

int
plan_write_suspects(struct plan *plan, uint32_t mark, int64_t record, struct arena *arena,
    struct err *err)
{
	int64_t *people, person;
	uint64_t first;
	size_t at, count;

	if (!map_get(&plan->suspected, mark, &first) || (!plan->marks[mark].ambiguous &&
	    !plan->marks[mark].duplicate))
		first = 0;
	if (suspect_list(plan->db, record, arena, &people, &count, err) < 0)
		return (-1);
	if (suspects_same(plan, (size_t)first, people, count))
		return (0);
	if (suspect_clear(plan->db, record, err) < 0)
		return (-1);
	for (at = (size_t)first; at != 0; at = plan->suspects[at - 1].next) {
		person = plan->marks[plan->suspects[at - 1].other].person;
		if (person != 0 && suspect_put(plan->db, record, person, err) < 0)
			return (-1);
	}
	return (0);
}

/* ---- what admins decided --------------------------------------------------------------- */

/*
 * The person that was made of the record once: 1 and *person, who has no record any more (all were
 * given to somebody else, who was erased since); 2 somebody who has; 0 nobody.
 */
static int
identity_made_once(struct plan *plan, int64_t source, const char *kombo, int64_t salt,
    int64_t *person, struct err *err)
{
	struct arena *arena;
	struct uuid uuid;
	int64_t *ids;
	size_t count, i;
	int result;

	for (i = 0; i < plan->book->source_count; i++)
		if (plan->book->sources[i].id == source)
			break;
	if (!plan->anybody || i == plan->book->source_count)
		return (0);
	uuid = identity_uuid(&plan->namespace, plan->book->sources[i].conf->name, kombo, salt);
	result = person_by_uuid(plan->db, &uuid, person, err);
	if (result <= 0)
		return (result);
	arena = arena_open();
	result = record_ids_of_person(plan->db, *person, arena, &ids, &count, err);
	arena_close(&arena);
	return (result < 0 ? -1 : count == 0 ? 1 : 2);
}

int
plan_mark_unknown(struct plan *plan, int64_t source, const char *kombo, uint32_t *mark,
    struct err *err)
{
	struct link_row row = { .salt = 0 };
	struct arena *arena;
	int64_t person;
	int result, once;

	result = 0;
	if (plan->links) {
		arena = arena_open();
		result = link_get(plan->db, source, kombo, arena, &row, err);
		arena_close(&arena);
	}
	if (result < 0)
		return (-1);
	if (result > 0 && row.person != 0) {
		*mark = plan_mark(plan, row.person);
		return (0);
	}
	once = identity_made_once(plan, source, kombo, row.salt, &person, err);
	if (once < 0)
		return (-1);
	*mark = once == 1 ? plan_mark(plan, person) : plan_mark_new(plan);
	if (once != 1)
		plan->marks[*mark].apart = result > 0;
	return (0);
}

int
plan_new_uuid(struct plan *plan, const struct mark *mark, const struct employee *record,
    const char *source, struct arena *arena, struct uuid *uuid, struct err *err)
{
	struct link_row row = { .salt = 0 };
	int64_t person;
	int result;

	if (mark->apart && link_get(plan->db, record->source, record->kombo, arena, &row,
	    err) < 0)
		return (-1);
	/* Somebody else may live under it since, or have, and been erased: the next that is free. */
	for (;; row.salt++) {
		*uuid = identity_uuid(&plan->namespace, source, record->kombo, row.salt);
		result = plan->anybody ? person_by_uuid(plan->db, uuid, &person, err) : 0;
		if (result == 0 && plan->suppresses)
			result = suppress_has_uuid(plan->db, uuid, err);
		if (result <= 0)
			return (result);
	}
}

/* A new person is a candidate for the records that follow. */
static void
identity_enter(struct identity *identity)
{
	struct plan *plan = identity->plan;

	if (identity->number != NULL)
		(void)map_at(&plan->by_number, hash64_text(identity->number), identity->at);
	if (identity->mail != NULL)
		(void)map_at(&plan->by_mail, hash64_text(identity->mail), identity->at);
}

/* The number and address of a fetched record of a known person. */
static int
identity_note_known(struct plan *plan, const struct rec *rec, struct arena *arena,
    struct err *err)
{
	struct employee now;

	arena_reset(arena);
	if (stage_get(plan->order->fetched->stage, rec->row, arena, &now, err) != 1)
		return (-1);
	if (now.gone)
		return (0);
	if (now.value[FIELD_EMPLOYEE_NUMBER] != NULL)
		(void)map_at(&plan->by_number, hash64_text(now.value[FIELD_EMPLOYEE_NUMBER]),
		    rec->mark);
	if (now.value[FIELD_WORK_EMAIL] != NULL)
		(void)map_at(&plan->by_mail, hash64_text(now.value[FIELD_WORK_EMAIL]),
		    rec->mark);
	return (0);
}

int
plan_identify_known(struct plan *plan, struct err *err)
{
	struct arena *arena;
	bool fresh;
	size_t i;
	int result;

	fresh = false;
	for (i = 0; plan->anybody && i < plan->mark_count && !fresh; i++)
		fresh = plan->marks[i].fresh;
	if (!fresh)
		return (0);
	arena = arena_open();
	result = 0;
	for (i = 0; i < plan->rec_count && result == 0; i++)
		if (plan->recs[i].row != 0 && !plan->marks[plan->recs[i].mark].fresh)
			result = identity_note_known(plan, &plan->recs[i], arena, err);
	arena_close(&arena);
	return (result);
}

/* Moves the record to another mark, behind those that are there. */
static int
identity_join(struct plan *plan, uint32_t from, uint32_t to, const struct loaded *record,
    struct err *err)
{
	const struct employee *now = record->records[0].now;
	uint32_t at, *link;

	for (at = plan->marks[from].first; at != MARK_NONE; at = plan->recs[at].next)
		plan->recs[at].mark = to;
	for (link = &plan->marks[to].first; *link != MARK_NONE; link = &plan->recs[*link].next)
		continue;
	*link = plan->marks[from].first;
	plan->marks[from].first = MARK_NONE;
	plan->marks[from].empty = plan->marks[from].judged = true;
	plan->marks[to].closed = false;
	plan->reopened = true;
	return (plan_mark_reports_of(plan, now->source, now->kombo, err));
}

/* Takes back what was noted of a mark that is judged again with one record more. */
static void
identity_reopen(struct plan *plan, uint32_t at, const struct loaded *loaded)
{
	struct mark *mark = &plan->marks[at];

	if (!mark->judged)
		return;
	plan_note_groups(plan, &loaded->verdict, -(mark->views != 0));
	mark->views = 0;
}

static int
identity_settle(struct identity *identity, const struct loaded *record,
    const struct loaded *others, const struct identity_match *match, struct err *err)
{
	const size_t listed = sizeof(match->persons) / sizeof(match->persons[0]);
	struct plan *plan = identity->plan;
	uint32_t to;
	size_t i;

	if (match->rule == IDENTITY_NEW) {
		identity_enter(identity);
		return (0);
	}
	if (match->held) {
		plan->marks[identity->at].ambiguous = true;
		for (i = 0; i < match->count && i < listed; i++)
			plan_suspect(plan, identity->at, identity->marks[match->persons[i]]);
		return (2);
	}
	to = identity->marks[match->persons[0]];
	plan->linked[match->rule]++;
	plan->recs[plan->marks[identity->at].first].joined = (uint8_t)match->rule;
	identity_reopen(plan, to, &others[match->persons[0]]);
	return (identity_join(plan, identity->at, to, record, err) < 0 ? -1 : 1);
}

/* Loads the candidates; those of whom nothing can be judged fall out. */
static int
identity_load(struct identity *identity, struct loaded *others,
    struct identity_person *persons, struct err *err)
{
	size_t i, n;
	int result;

	n = 0;
	for (i = 0; i < identity->count; i++) {
		result = plan_load(identity->plan, identity->marks[i], identity->arena,
		    &others[n], err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		identity_person(identity, &others[n], &persons[n]);
		identity->marks[n++] = identity->marks[i];
	}
	identity->count = n;
	return (0);
}

static int
identity_decide(struct identity *identity, const struct loaded *record, struct err *err)
{
	const struct judge_record *judged = &record->records[0];
	struct identity_person *persons;
	struct identity_match match;
	struct identity_facts facts;
	struct loaded *others;

	persons = arena_alloc(identity->arena, (identity->count + 1) * sizeof(*persons));
	others = arena_alloc(identity->arena, (identity->count + 1) * sizeof(*others));
	if (identity_load(identity, others, persons, err) < 0)
		return (-1);
	identity_facts(identity->plan, identity->arena, judged, &facts);
	identity_find(&facts, persons, identity->count, judged->source->lifecycle.link_mail,
	    &match);
	return (identity_settle(identity, record, others, &match, err));
}

int
plan_identify(struct plan *plan, uint32_t at, const struct loaded *loaded, struct err *err)
{
	const struct employee *now = loaded->records[0].now;
	struct identity identity = { .plan = plan, .at = at };
	int result;

	if (!plan->marks[at].fresh || plan->marks[at].identified)
		return (0);
	plan->marks[at].identified = true;
	/* Who has left, or is out, is nobody's (rulings A37, D7). */
	if (!loaded->verdict.keep || loaded->verdict.status == STATUS_DEPARTED)
		return (0);
	identity.number = now->value[FIELD_EMPLOYEE_NUMBER];
	identity.mail = now->value[FIELD_WORK_EMAIL];
	if (!plan->marks[at].apart && identity_collect(&identity, err) < 0)
		return (-1);
	if (identity.count == 0) {
		identity_enter(&identity);
		return (0);
	}
	identity.arena = arena_open();
	result = identity_decide(&identity, loaded, err);
	arena_close(&identity.arena);
	return (result);
}
