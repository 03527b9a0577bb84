/*
 * Owns nothing. Pure. The order is that of the questions: what does each record say, which
 * one counts, what is served of it, what is today's status, and who may see it.
 */
#include "config.h"

#include "rules/judge.h"

#include <string.h>

#include "base/place.h"
#include "base/text.h"
#include "rules/employment.h"
#include "rules/values.h"

/* What one call works on. */
struct judge {
	struct arena		*arena;
	struct judge_input	*input;
	struct verdict		*out;
	struct judge_record	*owner;
	bool			 created;	/* new, or back after a purge */
	day_number		 today;
};

static bool
judge_has(const struct judge *judge, unsigned int flag)
{
	return (judge->input->person != NULL && (judge->input->person->flags & flag) != 0);
}

static bool
judge_decided(const struct judge *judge, unsigned int decision)
{
	return ((judge->input->decisions & decision) != 0);
}

static void
judge_sooner(struct verdict *out, day_number day)
{
	if (day != DAY_NONE && (out->next == DAY_NONE || day < out->next))
		out->next = day;
}

static day_number
judge_date(const char *value)
{
	day_number day;

	return (value != NULL && day_parse(value, &day) ? day : DAY_NONE);
}

/* ---- each record by itself ------------------------------------------------- */

static void
judge_record(struct judge *judge, struct judge_record *record)
{
	const struct book *book = judge->input->book;
	struct status_result status;
	const char *place;
	day_number today;

	place = value_of(judge->arena, book, record->now, FIELD_WORK_LOCATION, DAY_NONE);
	today = book_today(book, book_zone_of(book, record->source, place, judge->arena));
	values_facts(judge->arena, book, record->now, today, &record->facts);
	status_derive(&(struct status_input){
		.word = record->now->value[FIELD_EMPLOYMENT_STATUS],
		.start = judge_date(record->now->value[FIELD_START_DATE]),
		.end = judge_date(record->now->value[FIELD_TERMINATION_DATE]),
		.gone = record->now->gone,
		.today = today,
	}, &record->source->lifecycle, &status);
	record->status = status.status;
	record->reasons = 0;
	if (record->now->gone)
		return;
	record->reasons = scope_check(record->source->scope, &record->facts);
	if (record->was == NULL) {
		if ((record->now->invalid & UINT32_C(1) << FIELD_START_DATE) != 0)
			record->reasons |= REASON_BIT(REASON_INVALID_START);
		if ((record->now->invalid & UINT32_C(1) << FIELD_TERMINATION_DATE) != 0)
			record->reasons |= REASON_BIT(REASON_INVALID_END);
	}
}

/* ---- which record counts --------------------------------------------------- */

/* active and offboarding, then onboarding, then departed (semantics 3.3). */
static int
judge_class(const struct judge_record *record)
{
	switch (record->status) {
	case STATUS_ACTIVE:
	case STATUS_OFFBOARDING:
		return (0);
	case STATUS_ONBOARDING:
		return (1);
	case STATUS_DEPARTED:
	case STATUS_N:
		break;
	}
	return (2);
}

static int
judge_compare_text(const char *a, const char *b)
{
	return (strcmp(a != NULL ? a : "", b != NULL ? b : ""));
}

/* Negative when `a` counts rather than `b` (rulings A32, B13). */
static int
judge_rank(const struct judge_record *a, const struct judge_record *b)
{
	int64_t difference;

	if (((a->reasons & REASONS_SCOPE) != 0) != ((b->reasons & REASONS_SCOPE) != 0))
		return ((a->reasons & REASONS_SCOPE) != 0 ? 1 : -1);
	if (judge_class(a) != judge_class(b))
		return (judge_class(a) - judge_class(b));
	difference = conf_number(&a->source->conf->set, CONF_PRIORITY) -
	    conf_number(&b->source->conf->set, CONF_PRIORITY);
	if (difference != 0)
		return (difference < 0 ? -1 : 1);
	if (a->source != b->source)
		return (strcmp(a->source->conf->name, b->source->conf->name));
	difference = (int64_t)judge_date(b->now->value[FIELD_START_DATE]) -
	    judge_date(a->now->value[FIELD_START_DATE]);
	if (difference != 0)
		return (difference < 0 ? -1 : 1);
	return (judge_compare_text(b->now->remote, a->now->remote));
}

static void
judge_pick_owner(struct judge *judge)
{
	struct judge_record *best, *record;
	size_t i;

	best = &judge->input->records[0];
	for (i = 1; i < judge->input->count; i++) {
		record = &judge->input->records[i];
		if (judge_rank(record, best) < 0)
			best = record;
	}
	judge->owner = best;
	judge->out->owner = (size_t)(best - judge->input->records);
}

/* ---- values ---------------------------------------------------------------- */

/* What the mode of a field makes of `record`, which may be an earlier state of the owner's. */
static void
judge_field(struct judge *judge, enum field_id id, const struct employee *record,
    struct mode_result *result)
{
	const struct judge_record *owner = judge->owner;
	const struct employee *was;
	struct mode_input input;

	was = owner->was != NULL ? owner->was : record;
	input = (struct mode_input){
		.mode = owner->source->conf->mode[id],
		.before = owner->source->before[id],
		.keep = owner->source->conf->keep[id],
		.wait = owner->source->lifecycle.import_waits,
		.created = judge->created,
		.complete = owner->complete,
		.held = judge->input->held[id],
		.now = value_of(judge->arena, judge->input->book, record, id, judge->today),
	};
	input.was = was == record ? input.now :
	    value_of(judge->arena, judge->input->book, was, id, judge->today);
	mode_apply(&input, result);
}

static void
judge_set(struct judge *judge, enum field_id id, const struct mode_result *result)
{
	judge->out->value[id] = result->value;
	judge->out->held[id] = result->held;
	if (result->overwrote)
		judge->out->overwrote |= UINT32_C(1) << id;
	if (result->kept_null)
		judge->out->conditions |= CONDITION_BIT(CONDITION_KEPT_NULL);
}

/* Fields whose values a departed person goes on taking from the record (rulings A6). */
static bool
judge_thaws(enum field_id id)
{
	return (id == FIELD_START_DATE || id == FIELD_TERMINATION_DATE ||
	    id == FIELD_EMPLOYMENT_STATUS || id == FIELD_GROUPS);
}

/* A contract that is to come may change the type on its day. */
static void
judge_next_contract(struct judge *judge)
{
	const struct employee *now = judge->owner->now;
	day_number next;

	if (now->value[FIELD_EMPLOYMENT_TYPE] != NULL || now->employments == NULL)
		return;
	(void)employment_type_on(judge->arena, now->employments, judge->today, &next);
	judge_sooner(judge->out, next);
}

static void
judge_values(struct judge *judge)
{
	struct mode_result result;
	size_t i;

	/* The place decides the zone, the zone today, and today the type of employment. */
	judge_field(judge, FIELD_WORK_LOCATION, judge->owner->now, &result);
	judge->out->zone = book_zone_of(judge->input->book, judge->owner->source, result.value,
	    judge->arena);
	judge->today = book_today(judge->input->book, judge->out->zone);
	for (i = 0; i < FIELD_N; i++) {
		judge_field(judge, (enum field_id)i, judge->owner->now, &result);
		judge_set(judge, (enum field_id)i, &result);
	}
	judge_next_contract(judge);
}

/* Keeps what was served until now; the values just worked out only told the status. */
static void
judge_freeze(struct judge *judge)
{
	enum field_mode mode;
	struct mode_result result;
	size_t i;

	for (i = 0; i < FIELD_N; i++) {
		if (judge_thaws((enum field_id)i))
			continue;
		mode = judge->owner->source->conf->mode[i];
		judge->out->overwrote &= ~(UINT32_C(1) << i);
		if (judge_has(judge, PERSON_FROZEN)) {
			result.held = judge->input->held[i];
			if (mode == MODE_OFF && result.held.state != HELD_NOTHING)
				result.held = (struct held){ .state = HELD_OPEN };
		} else {
			judge_field(judge, (enum field_id)i, judge->owner->was != NULL ?
			    judge->owner->was : judge->owner->now, &result);
			result.held = mode_freeze(mode, &result);
			if (result.held.state == HELD_FROZEN && result.held.value == NULL)
				result.held = (struct held){ .state = HELD_NOTHING };
		}
		judge->out->held[i] = result.held;
		judge->out->value[i] = result.held.value;
	}
}

static void
judge_mail(struct judge *judge)
{
	struct verdict *out = judge->out;

	if (judge->input->mail == MAIL_AS_IS)
		return;
	out->conditions |= CONDITION_BIT(CONDITION_MAIL_TAKEN);
	out->wanted_mail = out->value[FIELD_WORK_EMAIL];
	out->value[FIELD_WORK_EMAIL] = judge->input->mail == MAIL_PREVIOUS &&
	    judge->input->person != NULL ? judge->input->person->mail : NULL;
}

/* ---- status ---------------------------------------------------------------- */

static void
judge_status(struct judge *judge)
{
	const struct person *person = judge->input->person;
	struct verdict *out = judge->out;
	struct status_result status;
	day_number start;

	start = judge_date(out->value[FIELD_START_DATE]);
	status_derive(&(struct status_input){
		.word = out->value[FIELD_EMPLOYMENT_STATUS],
		.start = start,
		.end = judge_date(out->value[FIELD_TERMINATION_DATE]),
		.gone = judge->owner->now->gone,
		.today = judge->today,
	}, &judge->owner->source->lifecycle, &status);
	out->status = status.status;
	out->conditions |= status.conditions;
	out->active = status.status == STATUS_OFFBOARDING ||
	    (status.status == STATUS_ACTIVE &&
	    !(status.on_leave && judge->owner->source->lifecycle.leave_inactive)) ||
	    (status.status == STATUS_ONBOARDING &&
	    judge->owner->source->lifecycle.active_early);
	judge_sooner(out, status.next);
	if (status.no_end)
		out->inactive_on = person != NULL && person->inactive_on != DAY_NONE ?
		    person->inactive_on : judge->today;
}

/* Another record of the person may say more than the owner's (rulings D7). */
static void
judge_best_status(struct judge *judge)
{
	static const int order[STATUS_N] = {
		[STATUS_ACTIVE] = 0,
		[STATUS_OFFBOARDING] = 1,
		[STATUS_ONBOARDING] = 2,
		[STATUS_DEPARTED] = 3,
	};
	const struct judge_record *record;
	size_t i;

	for (i = 0; i < judge->input->count; i++) {
		record = &judge->input->records[i];
		if (record == judge->owner || (record->reasons & REASONS_SCOPE) != 0 ||
		    record->now->gone)
			continue;
		if (order[record->status] < order[judge->out->status]) {
			judge->out->status = record->status;
			judge->out->active = record->status != STATUS_ONBOARDING;
		}
	}
}

/* ---- reasons --------------------------------------------------------------- */

static bool
judge_released(struct judge *judge)
{
	struct verdict *out = judge->out;
	day_number next;
	bool released;

	if (judge_decided(judge, DECIDED_RELEASE))
		return (true);
	released = status_released(&judge->owner->source->lifecycle,
	    judge_date(out->value[FIELD_START_DATE]), judge->today, &next);
	judge_sooner(out, next);
	return (released);
}

/*
 * A joiner waits for the release. Who was first seen before the first day goes on waiting for
 * a manual one after it (rulings A4); whoever was active once has been released.
 */
static void
judge_release(struct judge *judge)
{
	struct verdict *out = judge->out;
	bool manual;

	manual = judge->owner->source->lifecycle.release == RELEASE_MANUAL;
	if (out->status == STATUS_DEPARTED)
		return;
	if (out->status == STATUS_ONBOARDING)
		out->flags |= PERSON_JOINED;
	else if ((out->flags & PERSON_JOINED) == 0 || !manual)
		return;
	if (judge_released(judge))
		return;
	out->reasons |= REASON_BIT(manual ? REASON_NOT_RELEASED : REASON_BEFORE_RELEASE);
}

static void
judge_hidden(struct judge *judge)
{
	if (judge_decided(judge, DECIDED_IGNORE))
		judge->out->reasons |= REASON_BIT(REASON_IGNORED);
	else if (judge_decided(judge, DECIDED_HIDE))
		judge->out->reasons |= REASON_BIT(REASON_HIDDEN);
}

static void
judge_reasons(struct judge *judge)
{
	struct verdict *out = judge->out;

	out->reasons = judge->owner->reasons;
	judge_hidden(judge);
	if (judge->owner->now->gone) {
		out->reasons |= REASON_BIT(REASON_GONE);
		return;
	}
	if (out->value[FIELD_DISPLAY_NAME] == NULL)
		out->reasons |= REASON_BIT(REASON_MISSING_NAME);
	if (out->status == STATUS_DEPARTED)
		out->reasons |= REASON_BIT(REASON_DEPARTED);
	judge_release(judge);
	if (out->reasons == 0 && judge->input->duplicate)
		out->reasons |= REASON_BIT(REASON_DUPLICATE_EMAIL);
}

/* ---- leaving: freezing, keeping, erasing ------------------------------------- */

static void
judge_departed(struct judge *judge)
{
	const struct person *person = judge->input->person;
	struct verdict *out = judge->out;
	bool gone;

	gone = judge->owner->now->gone;
	out->departed_on = person->departed_on != DAY_NONE ? person->departed_on : judge->today;
	if (gone && person->gone_on == DAY_NONE && person->departed_on == DAY_NONE)
		out->gone_on = judge->today;
	else
		out->gone_on = person->gone_on;
}

/* The first day on which a departed person's values are erased (rulings A9). */
static day_number
judge_departed_until(const struct judge *judge)
{
	const struct book *book = judge->input->book;

	return (judge->out->departed_on + book->retain_departed +
	    (judge->out->gone_on != DAY_NONE ? book->gone_grace : 0));
}

/* A hire that vanished before the first day leaves nothing behind (rulings A10). */
static bool
judge_rescinded(const struct judge *judge)
{
	return (judge->owner->now->gone && judge->input->person != NULL &&
	    judge->input->person->status == STATUS_ONBOARDING);
}

static bool
judge_keeps_departed(struct judge *judge)
{
	day_number until;

	if (!judge_has(judge, PERSON_SERVED) || judge_has(judge, PERSON_PURGED) ||
	    judge_rescinded(judge))
		return (false);
	judge_departed(judge);
	until = judge_departed_until(judge);
	if (judge->today >= until)
		return (false);
	judge_sooner(judge->out, until);
	judge->out->flags |= PERSON_FROZEN;
	return (true);
}

static bool
judge_keeps_excluded(struct judge *judge)
{
	const struct person *person = judge->input->person;
	struct verdict *out = judge->out;
	day_number until;

	if (!judge_has(judge, PERSON_SERVED) || judge_has(judge, PERSON_PURGED))
		return (false);
	out->excluded_on = person->excluded_on != DAY_NONE ? person->excluded_on :
	    judge->today;
	until = out->excluded_on + judge->input->book->retain_excluded;
	if (judge->today >= until)
		return (false);
	judge_sooner(out, until);
	return (true);
}

static void
judge_keep(struct judge *judge)
{
	const uint32_t never = REASONS_SCOPE | REASON_BIT(REASON_MISSING_NAME) |
	    REASON_BIT(REASON_INVALID_START) | REASON_BIT(REASON_INVALID_END) |
	    REASON_BIT(REASON_DUPLICATE_EMAIL);
	struct verdict *out = judge->out;

	if (out->status == STATUS_DEPARTED)
		out->keep = judge_keeps_departed(judge);
	else if ((out->reasons & never) != 0)
		out->keep = judge_keeps_excluded(judge);
	else
		out->keep = true;
	if (!out->keep && judge->input->person != NULL) {
		out->purge = !judge_has(judge, PERSON_PURGED);
		out->flags |= PERSON_PURGED;
	}
}

/* ---- who sees the person ------------------------------------------------------ */

static bool
judge_view_shows(const struct judge *judge, const struct book_view *view, uint32_t bit)
{
	const struct verdict *out = judge->out;

	if ((view->conf->statuses & (1U << out->status)) == 0)
		return (false);
	if (out->status == STATUS_DEPARTED)
		return ((judge->input->views & bit) != 0);
	/* Who is on leave and inactive is shown where inactive people are (rulings A26). */
	if (out->status == STATUS_ACTIVE && !out->active &&
	    (view->conf->statuses & CONF_STATUS_DEPARTED) == 0)
		return (false);
	return (scope_check(view->scope, &judge->owner->facts) == 0);
}

static void
judge_views(struct judge *judge)
{
	const uint32_t leaving = REASON_BIT(REASON_DEPARTED) | REASON_BIT(REASON_GONE);
	const struct book *book = judge->input->book;
	struct verdict *out = judge->out;
	size_t i;

	if ((out->reasons & ~leaving) != 0 || !out->keep)
		return;
	for (i = 0; i < book->view_count; i++)
		if (judge_view_shows(judge, &book->views[i], UINT32_C(1) << i))
			out->views |= UINT32_C(1) << i;
	if (out->views == 0)
		return;
	out->flags |= PERSON_SERVED;
	if (out->status == STATUS_ACTIVE || out->status == STATUS_OFFBOARDING)
		out->flags &= ~(unsigned int)PERSON_JOINED;
}

static bool
judge_group_listed(const struct verdict *out, const struct unit_entry *group)
{
	size_t i;

	for (i = 0; i < out->group_count; i++)
		if (out->groups[i] == group)
			return (true);
	return (false);
}

/* The union of the exposed groups of all active records (semantics 3.3, rulings A34). */
static void
judge_groups(struct judge *judge)
{
	struct verdict *out = judge->out;
	const struct judge_record *record;
	const struct unit_entry *group;
	size_t i, j, room;

	if (out->status == STATUS_DEPARTED)
		return;
	room = 0;
	for (i = 0; i < judge->input->count; i++)
		room += judge->input->records[i].facts.group_count;
	out->groups = arena_alloc(judge->arena, (room + 1) * sizeof(*out->groups));
	for (i = 0; i < judge->input->count; i++) {
		record = &judge->input->records[i];
		if (record != judge->owner && (record->now->gone ||
		    record->status == STATUS_DEPARTED ||
		    (record->reasons & REASONS_SCOPE) != 0))
			continue;
		for (j = 0; j < record->facts.group_count; j++) {
			group = record->facts.groups[j];
			if (group != NULL && group->exposed && !judge_group_listed(out, group))
				out->groups[out->group_count++] = group;
		}
	}
}

void
judge_person(struct arena *arena, struct judge_input *input, struct verdict *out)
{
	struct judge judge = { .arena = arena, .input = input, .out = out };
	const struct person *person = input->person;
	size_t i;

	*out = (struct verdict){
		.flags = person == NULL ? 0 : person->flags &
		    ~((unsigned int)PERSON_FROZEN | PERSON_PURGED),
		.departed_on = DAY_NONE,
		.excluded_on = DAY_NONE,
		.gone_on = DAY_NONE,
		.inactive_on = DAY_NONE,
		.next = DAY_NONE,
	};
	judge.created = person == NULL || judge_has(&judge, PERSON_PURGED);
	for (i = 0; i < input->count; i++)
		judge_record(&judge, &input->records[i]);
	judge_pick_owner(&judge);
	judge_values(&judge);
	judge_status(&judge);
	judge_best_status(&judge);
	if (out->status == STATUS_DEPARTED && !judge.created)
		judge_freeze(&judge);
	if (out->value[FIELD_DISPLAY_NAME] == NULL)
		out->value[FIELD_DISPLAY_NAME] = name_compose(arena,
		    out->value[FIELD_FIRST_NAME], out->value[FIELD_LAST_NAME]);
	judge_mail(&judge);
	judge_reasons(&judge);
	judge_keep(&judge);
	judge_views(&judge);
	judge_groups(&judge);
	if (judge.owner->now->invalid != 0)
		out->conditions |= CONDITION_BIT(CONDITION_INVALID_VALUE);
}

bool
verdict_included(const struct verdict *verdict)
{
	return (verdict->views != 0 && verdict->status != STATUS_DEPARTED);
}
