/*
 * Owns nothing: what a plan does to people, told to the tally of weigh.c.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/employment.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/plan/weigh_inside.h"

size_t
weigh_source(const struct plan *plan, int64_t source)
{
	size_t i;

	for (i = 0; i < plan->book->source_count; i++)
		if (plan->book->sources[i].id == source)
			return (i);
	return (0);
}

const char *
weigh_meta(int64_t source, char name[WEIGH_META_SIZE])
{
	(void)snprintf(name, WEIGH_META_SIZE, "live.%" PRId64, source);
	return (name);
}

static bool
weigh_same(const char *a, const char *b)
{
	return (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
}

static uint64_t
weigh_hash(const char *text)
{
	return (text == NULL ? 0 : hash64_text(text));
}

/* ---- while people are judged -------------------------------------------------------------------- */

/* A record whose values the run changed, of somebody who works here (rulings A16). */
static bool
weigh_fetched(const struct judge_record *record)
{
	return (record->was != NULL && record->now != record->was && !record->now->gone &&
	    !record->was->gone && record->status != STATUS_DEPARTED);
}

static bool
weigh_emptied(const struct judge_record *record, size_t id)
{
	return (record->source->conf->mode[id] == MODE_CONTINUOUS &&
	    !record->source->conf->keep[id] && record->was->value[id] != NULL &&
	    record->now->value[id] == NULL);
}

/* Whether the record alone gives a reason to look at the person again. */
static bool
weigh_record_counts(const struct judge_record *record)
{
	size_t i;

	if (!weigh_fetched(record))
		return (false);
	for (i = 0; i < FIELD_N; i++)
		if (weigh_emptied(record, i))
			return (true);
	return (!weigh_same(record->was->value[FIELD_MANAGER],
	    record->now->value[FIELD_MANAGER]) ||
	    !weigh_same(record->was->value[FIELD_GROUPS], record->now->value[FIELD_GROUPS]));
}

/* Remembers that somebody of the source has an included type today (rulings A22). */
static void
weigh_meet_type(struct plan *plan, const struct judge_record *record)
{
	size_t at = (size_t)(record->source - plan->book->sources);

	if (record->now->gone || record->facts.type == NULL || plan->types_met[at])
		return;
	plan->types_met[at] = (scope_check(record->source->scope, &record->facts) &
	    REASON_BIT(REASON_FILTER_TYPE)) == 0;
}

void
weigh_note(struct plan *plan, uint32_t at, const struct loaded *loaded)
{
	const struct verdict *verdict = &loaded->verdict;
	struct mark *mark = &plan->marks[at];
	bool look;
	size_t i;

	if (!plan->order->gated)
		return;
	if (plan->types_met == NULL)
		plan->types_met = arena_alloc(plan->arena,
		    (plan->book->source_count + 1) * sizeof(*plan->types_met));
	look = verdict->overwrote != 0 || (mark->shown & ~mark->views) != 0 ||
	    (mark->shown != 0 && (plan->units_changed || (mark->status == STATUS_DEPARTED &&
	    mark->old_status != STATUS_DEPARTED)));
	for (i = 0; i < loaded->input.count; i++) {
		weigh_meet_type(plan, &loaded->records[i]);
		look = look || weigh_record_counts(&loaded->records[i]);
	}
	mark->look = look;
	mark->ever = loaded->input.person != NULL &&
	    (loaded->person.flags & PERSON_SERVED) != 0;
	mark->source = (uint16_t)(loaded->records[verdict->owner].source - plan->book->sources);
}

/* ---- one person ------------------------------------------------------------------------------------ */

struct looking {
	struct weighing		*w;
	uint32_t		 at;
	const struct mark	*mark;
	const struct loaded	*loaded;
	struct arena		*arena;
};

static void
weigh_hit(struct looking *looking, enum gate_class class, const char *subject, uint64_t old,
    uint64_t new)
{
	weigh_count(looking->w, &(struct weigh_hit){ .class = class,
	    .source = looking->mark->source, .mark = looking->at, .subject = subject,
	    .old = old, .new = new });
}

static day_number
weigh_day(const char *value)
{
	day_number day;

	return (value != NULL && day_parse(value, &day) ? day : DAY_NONE);
}

/* Whether the departure rests on an end date that was served before (rulings A14). */
static int
weigh_planned(struct looking *looking, bool *planned, struct err *err)
{
	const struct verdict *verdict = &looking->loaded->verdict;
	const struct judge_record *owner = &looking->loaded->records[verdict->owner];
	struct served_person served;
	int result;

	*planned = false;
	result = served_get(looking->w->plan->db, looking->mark->person, looking->arena,
	    &served, err);
	if (result <= 0)
		return (result);
	*planned = gate_planned(&(struct gate_departure){
		.start = weigh_day(verdict->value[FIELD_START_DATE]),
		.end = weigh_day(verdict->value[FIELD_TERMINATION_DATE]),
		.end_before = weigh_day(served.value[FIELD_TERMINATION_DATE]),
		.today = book_today(looking->w->plan->book, verdict->zone),
		.first_day_off = owner->source->lifecycle.first_day_off,
		.gone = owner->now->gone,
	});
	return (0);
}

static int
weigh_status(struct looking *looking, struct err *err)
{
	const struct verdict *verdict = &looking->loaded->verdict;
	const struct mark *mark = looking->mark;
	struct gate_person person = {
		.was = (enum person_status)mark->old_status,
		.now = (enum person_status)mark->status,
		.shown = mark->shown,
		.views = mark->views,
		.served = mark->ever,
		.resting = verdict->status == STATUS_ACTIVE && !verdict->active &&
		    (verdict->reasons & ~REASON_BIT(REASON_NO_VIEW)) == 0,
	};
	enum gate_class class;

	if (mark->shown != 0 && mark->status == STATUS_DEPARTED &&
	    weigh_planned(looking, &person.planned, err) < 0)
		return (-1);
	class = gate_person(&person);
	if (class == GATE_N || (class == GATE_CREATIONS && looking->w->plan->order->first))
		return (0);
	weigh_hit(looking, class, "", class == GATE_CREATIONS ? 0 : mark->old_status,
	    mark->status);
	return (0);
}

static void
weigh_values(struct looking *looking)
{
	const struct verdict *verdict = &looking->loaded->verdict;
	const struct judge_record *record;
	size_t i, j;

	for (i = 0; i < FIELD_N; i++)
		if ((verdict->overwrote & UINT32_C(1) << i) != 0)
			weigh_hit(looking, GATE_OVERWRITES, field_get((enum field_id)i)->name,
			    weigh_hash(looking->loaded->input.held[i].value),
			    weigh_hash(verdict->value[i]));
	for (j = 0; j < looking->loaded->input.count; j++) {
		record = &looking->loaded->records[j];
		if (!weigh_fetched(record))
			continue;
		for (i = 0; i < FIELD_N; i++)
			if (weigh_emptied(record, i))
				weigh_hit(looking, GATE_NULLS,
				    field_get((enum field_id)i)->name,
				    weigh_hash(record->was->value[i]), 0);
	}
}

/* Another manager of somebody served before and after (rulings C13, D11). */
static void
weigh_manager(struct looking *looking)
{
	const struct judge_record *owner =
	    &looking->loaded->records[looking->loaded->verdict.owner];
	const char *new, *old;

	if (looking->mark->shown == 0 || looking->mark->views == 0 || !weigh_fetched(owner) ||
	    owner->source->conf->mode[FIELD_MANAGER] != MODE_CONTINUOUS)
		return;
	old = plan_moved(looking->w->plan, owner->was->source,
	    owner->was->value[FIELD_MANAGER]);
	new = owner->now->value[FIELD_MANAGER];
	if (!weigh_same(old, new))
		weigh_hit(looking, GATE_MANAGERS, "", weigh_hash(old), weigh_hash(new));
}

static bool
weigh_is_member(const struct verdict *verdict, int64_t group)
{
	size_t i;

	for (i = 0; i < verdict->group_count; i++)
		if (verdict->groups[i]->unit.id == group)
			return (true);
	return (false);
}

/* Groups that somebody who goes on being served is put out of by the HR system (rulings C14). */
static int
weigh_groups(struct looking *looking, struct err *err)
{
	const struct mark *mark = looking->mark;
	int64_t *groups;
	size_t count, i;

	if (looking->w->plan->order->fetched == NULL || mark->shown == 0 || mark->views == 0 ||
	    mark->status == STATUS_DEPARTED)
		return (0);
	if (member_list(looking->w->plan->db, mark->person, looking->arena, &groups, &count,
	    err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		if (!weigh_is_member(&looking->loaded->verdict, groups[i]))
			weigh_count(looking->w, &(struct weigh_hit){ .class = GATE_MEMBERS,
			    .source = mark->source, .mark = looking->at, .subject = "",
			    .group = groups[i] });
	return (0);
}

static int
weigh_look(struct weighing *w, uint32_t at, struct arena *arena, struct err *err)
{
	struct looking looking = { .w = w, .at = at, .mark = &w->plan->marks[at],
	    .arena = arena };
	struct loaded loaded;
	int result;

	arena_reset(arena);
	result = plan_load(w->plan, at, arena, &loaded, err);
	if (result <= 0)
		return (result);
	looking.loaded = &loaded;
	if (weigh_status(&looking, err) < 0 || weigh_groups(&looking, err) < 0)
		return (-1);
	weigh_manager(&looking);
	/* What the first run of a source adopts was approved with the source (rulings C9). */
	if (!w->plan->order->first)
		weigh_values(&looking);
	return (0);
}

static bool
weigh_is_new(const struct plan *plan, const struct mark *mark)
{
	return (!plan->order->first && mark->shown == 0 && mark->views != 0 && !mark->ever &&
	    mark->status != STATUS_DEPARTED);
}

int
weigh_people(struct weighing *w, struct err *err)
{
	const struct mark *mark;
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = 0;
	for (i = 0; i < w->plan->mark_count && result >= 0; i++) {
		mark = &w->plan->marks[i];
		if (mark->empty)
			continue;
		if (mark->look)
			result = weigh_look(w, (uint32_t)i, arena, err);
		else if (weigh_is_new(w->plan, mark))
			weigh_count(w, &(struct weigh_hit){ .class = GATE_CREATIONS,
			    .source = mark->source, .mark = (uint32_t)i, .subject = "",
			    .new = mark->status });
	}
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

/* ---- what is included, but does not exist ------------------------------------------------------- */

static const struct {
	enum scope_key		key;
	enum reason		reason;
	enum unit_model		model;
	enum conf_key		setting;
} weigh_keys[] = {
	{ SCOPE_ENTITY, REASON_FILTER_ENTITY, UNIT_ENTITY, CONF_IN_ENTITY },
	{ SCOPE_GROUP, REASON_FILTER_GROUP, UNIT_GROUP, CONF_IN_GROUP },
	{ SCOPE_LOCATION, REASON_FILTER_LOCATION, UNIT_LOCATION, CONF_IN_LOCATION },
	{ SCOPE_TYPE, REASON_FILTER_TYPE, UNIT_ENTITY, CONF_IN_TYPE },
};
#define WEIGH_KEYS (sizeof(weigh_keys) / sizeof(weigh_keys[0]))

/* The filter's own word: whether it would let this one unit in. */
static bool
weigh_lets_in(const struct book_source *source, size_t at, const struct unit_entry *unit)
{
	const struct unit_entry *const one[1] = { unit };
	struct scope_facts facts = { .entity = NULL };

	if (weigh_keys[at].key == SCOPE_ENTITY)
		facts.entity = unit;
	else if (weigh_keys[at].key == SCOPE_LOCATION)
		facts.location = unit;
	else {
		facts.groups = one;
		facts.group_count = 1;
	}
	return ((scope_check(source->scope, &facts) & REASON_BIT(weigh_keys[at].reason)) == 0);
}

/* A unit of the store as the plan would have it. */
struct weigh_units {
	struct weighing			*w;
	const struct book_source	*source;
	size_t				 at;	/* of weigh_keys */
	bool				 met;
};

static void
weigh_found_unit(void *context, const struct unit *unit)
{
	struct weigh_units *units = context;
	struct unit_entry *entry;

	if (units->met || unit->source != units->source->id ||
	    unit->model != weigh_keys[units->at].model)
		return;
	entry = units_peek(units->w->plan->units, unit->source, unit->model, unit->kombo,
	    strlen(unit->kombo));
	if (entry == NULL)
		entry = units_find(units->w->plan->units, unit->source, unit->model,
		    unit->kombo);
	units->met = entry != NULL && !entry->unit.gone &&
	    weigh_lets_in(units->source, units->at, entry);
}

static int
weigh_meets_unit(struct weighing *w, const struct book_source *source, size_t at, bool *met,
    struct err *err)
{
	struct weigh_units units = { .w = w, .source = source, .at = at };
	const struct unit_entry *entry;
	size_t i;

	for (i = 0; i < units_count(w->plan->units) && !units.met; i++) {
		entry = units_at(w->plan->units, i);
		units.met = entry->unit.source == source->id && !entry->unit.gone &&
		    entry->unit.model == weigh_keys[at].model &&
		    weigh_lets_in(source, at, entry);
	}
	/* Who judges few people has read few units. */
	if (!units.met && unit_list(w->plan->db, weigh_found_unit, &units, err) < 0)
		return (-1);
	*met = units.met;
	return (0);
}

/* Somebody who was not judged: as stored. */
static int
weigh_meets_stored_type(struct weighing *w, const struct book_source *source, bool *met,
    struct err *err)
{
	struct scope_facts facts = { .entity = NULL };
	struct employee employee;
	struct arena *arena;
	const char *type;
	day_number next;
	int result;

	arena = arena_open();
	employee_walk(w->plan->db);
	while (!*met && (result = employee_next(w->plan->db, &employee, err)) > 0) {
		if (employee.source != source->id || employee.gone ||
		    plan_rec_of(w->plan, employee.record) != MARK_NONE)
			continue;
		arena_reset(arena);
		type = employee.value[FIELD_EMPLOYMENT_TYPE];
		if (type == NULL && employee.employments != NULL)
			type = employment_type_on(arena, employee.employments,
			    book_today(w->plan->book, source->zone), &next);
		facts.type = type != NULL ? text_fold(arena, type) : NULL;
		*met = facts.type != NULL && (scope_check(source->scope, &facts) &
		    REASON_BIT(REASON_FILTER_TYPE)) == 0;
	}
	employee_walk(w->plan->db);	/* leaves no walk open */
	arena_close(&arena);
	return (err->code != ERR_NONE ? -1 : 0);
}

static uint64_t
weigh_list_hash(const struct conf_list *list)
{
	uint64_t hash;
	size_t i;

	hash = 0;
	for (i = 0; i < list->count; i++)
		hash = hash64_seed(list->items[i].text, strlen(list->items[i].text), hash + 1);
	return (hash);
}

static int
weigh_include(struct weighing *w, size_t at_source, size_t at, struct err *err)
{
	const struct book_source *source = &w->plan->book->sources[at_source];
	const struct conf_list *list = conf_list(&source->conf->set, weigh_keys[at].setting);
	bool met;

	if (list->count == 0)
		return (0);
	if (weigh_keys[at].key == SCOPE_TYPE) {
		met = w->plan->types_met != NULL && w->plan->types_met[at_source];
		if (!met && weigh_meets_stored_type(w, source, &met, err) < 0)
			return (-1);
	} else if (weigh_meets_unit(w, source, at, &met, err) < 0) {
		return (-1);
	}
	if (!met)
		weigh_count(w, &(struct weigh_hit){ .class = GATE_UNMATCHED,
		    .source = at_source, .mark = MARK_NONE,
		    .subject = conf_row(weigh_keys[at].setting)->key,
		    .new = weigh_list_hash(list) });
	return (0);
}

/*
 * Of the run's source, or at a reload of all that ever delivered something. An incremental fetch
 * without news of units cannot take a unit away.
 */
int
weigh_includes(struct weighing *w, struct err *err)
{
	const struct plan_order *order = w->plan->order;
	const struct book *book = w->plan->book;
	char name[WEIGH_META_SIZE];
	int64_t live;
	size_t at, i;

	for (i = 0; i < book->source_count; i++) {
		if (order->fetched != NULL && book->sources[i].id == order->source)
			live = 1;
		else if (!order->everybody)
			continue;
		else if (meta_number(w->plan->db, weigh_meta(book->sources[i].id, name), &live,
		    err) < 0)
			return (-1);
		for (at = 0; live != 0 && at < WEIGH_KEYS; at++) {
			if (!order->everybody && !order->fetched->complete &&
			    weigh_keys[at].key != SCOPE_TYPE && !w->plan->units_changed)
				continue;
			if (weigh_include(w, i, at, err) < 0)
				return (-1);
		}
	}
	return (0);
}
