/*
 * Owns nothing. Pure. The order is that of the questions: what does each record say and which
 * one counts (owner.c), what is served of it, what is today's status, and who may see it.
 */
#include "config.h"

#include "rules/judge_inside.h"

#include "rules/names.h"
#include "rules/owner.h"

bool
judge_has(const struct judge *judge, unsigned int flag)
{
	return (judge->input->person != NULL && (judge->input->person->flags & flag) != 0);
}

static bool
judge_decided(const struct judge *judge, unsigned int decision)
{
	return ((judge->input->decisions & decision) != 0);
}

void
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
	out->active = status_active(&status, &judge->owner->source->lifecycle);
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
		if (record == judge->owner || !owner_shares(record) ||
		    order[record->status] >= order[judge->out->status])
			continue;
		judge->out->status = record->status;
		judge->out->active = record->active;
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
	if (judge->owner->erased)
		return;		/* it stands alone (rulings B4) */
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
	if (out->reasons == 0 && judge->input->ambiguous)
		out->reasons |= REASON_BIT(REASON_AMBIGUOUS);
}

/* ---- leaving: keeping, erasing --------------------------------------------------- */

/*
 * A hire that vanished before the first day leaves nothing behind (rulings A10), nor does who was
 * added by hand and is removed: whoever does it means it.
 */
static bool
judge_rescinded(const struct judge *judge)
{
	return (judge->owner->now->gone &&
	    (judge->input->person->status == STATUS_ONBOARDING ||
	    conf_provider(judge->owner->source->conf) == CONF_FROM_HAND));
}

/* Values stay until that day; false when it has come. */
static bool
judge_keeps_until(struct judge *judge, day_number until)
{
	if (judge->today >= until)
		return (false);
	judge_sooner(judge->out, until);
	return (true);
}

/* The clock of a leaver (rulings A9): grace comes on top for who vanished without leaving. */
static bool
judge_keeps_departed(struct judge *judge)
{
	const struct book *book = judge->input->book;
	const struct person *person = judge->input->person;
	struct verdict *out = judge->out;

	if (judge_rescinded(judge))
		return (false);
	out->departed_on = person->departed_on;
	out->gone_on = person->gone_on;
	if (out->departed_on == DAY_NONE) {
		out->departed_on = judge->today;
		out->gone_on = judge->owner->now->gone ? judge->today : DAY_NONE;
	}
	out->flags |= PERSON_FROZEN;
	return (judge_keeps_until(judge, out->departed_on + book->retain_departed +
	    (out->gone_on != DAY_NONE ? book->gone_grace : 0)));
}

/* The clock of who left the filter (rulings D5). */
static bool
judge_keeps_excluded(struct judge *judge)
{
	const struct person *person = judge->input->person;
	struct verdict *out = judge->out;

	out->excluded_on = person->excluded_on != DAY_NONE ? person->excluded_on :
	    judge->today;
	return (judge_keeps_until(judge, out->excluded_on +
	    judge->input->book->retain_excluded));
}

/*
 * Whether values stay. Of a record that was never served nothing is kept but its id once it
 * has left or is out (rulings A7, A8); both clocks run side by side.
 */
static bool
judge_keeps(struct judge *judge)
{
	const uint32_t never = REASONS_OUT | REASON_BIT(REASON_MISSING_NAME) |
	    REASON_BIT(REASON_DUPLICATE_EMAIL);
	bool departed, excluded;

	if (judge->owner->erased)
		return (false);
	departed = judge->out->status == STATUS_DEPARTED;
	excluded = (judge->out->reasons & never) != 0 || judge->input->ambiguous;
	if (!departed && !excluded)
		return (true);
	if (!judge_has(judge, PERSON_SERVED) || judge_has(judge, PERSON_PURGED))
		return (false);
	return ((!departed || judge_keeps_departed(judge)) &&
	    (!excluded || judge_keeps_excluded(judge)));
}

static void
judge_keep(struct judge *judge)
{
	struct verdict *out = judge->out;

	out->keep = judge_keeps(judge);
	if (out->keep)
		return;
	/* The next fetch has nothing that it could keep instead: the record is a new one then. */
	if (!judge->owner->now->gone)
		out->reasons |= owner_invalid(judge->owner->now);
	/* Nothing is left that a day could change. */
	out->departed_on = out->excluded_on = out->gone_on = out->inactive_on = DAY_NONE;
	out->next = DAY_NONE;
	out->flags &= ~(unsigned int)PERSON_FROZEN;
	if (judge->input->person != NULL) {
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
	if (out->views == 0 && out->reasons == 0)
		out->reasons = REASON_BIT(REASON_NO_VIEW);
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

static void
judge_add_group(struct verdict *out, const struct unit_entry *group)
{
	if (group != NULL && group->exposed && !judge_group_listed(out, group))
		out->groups[out->group_count++] = group;
}

/*
 * The union of the exposed groups of all active records (semantics 3.3, rulings A34), and of
 * those that no HR system owns.
 */
static void
judge_groups(struct judge *judge)
{
	struct verdict *out = judge->out;
	const struct judge_record *record;
	size_t i, j, room;

	if (out->status == STATUS_DEPARTED)
		return;
	room = judge->input->own_count;
	for (i = 0; i < judge->input->count; i++)
		room += judge->input->records[i].facts.group_count;
	out->groups = arena_alloc(judge->arena, (room + 1) * sizeof(*out->groups));
	for (i = 0; i < judge->input->count; i++) {
		record = &judge->input->records[i];
		if (record != judge->owner && !owner_shares(record))
			continue;
		for (j = 0; j < record->facts.group_count; j++)
			judge_add_group(out, record->facts.groups[j]);
	}
	for (i = 0; i < judge->input->own_count; i++)
		judge_add_group(out, judge->input->own[i]);
}

/* Which record counts, and which one did until now. */
static void
judge_owner(struct judge *judge)
{
	const struct judge_input *input = judge->input;
	int64_t before;
	size_t i;

	judge->out->owner = owner_pick(input->records, input->count);
	judge->last = judge->owner = &input->records[judge->out->owner];
	before = input->person != NULL ? input->person->owner : 0;
	judge->relinked = !judge->created && before != 0 &&
	    judge->owner->now->record != before;
	for (i = 0; judge->relinked && i < input->count; i++)
		if (input->records[i].now->record == before)
			judge->last = &input->records[i];
	if (judge->created && judge->owner->source->by_hand)
		judge->out->flags |= PERSON_BY_HAND;
	else if (!judge->owner->source->by_hand)
		judge->out->flags &= ~(unsigned int)PERSON_BY_HAND;
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
		owner_look(arena, input->book, &input->records[i]);
	judge_owner(&judge);
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
	owner_settle(input->records, input->count, out);
}

bool
verdict_included(const struct verdict *verdict)
{
	return (verdict->views != 0 && verdict->status != STATUS_DEPARTED);
}
