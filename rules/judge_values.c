/*
 * Owns nothing. Pure. What is served of the record that counts, by the modes of the fields, and
 * what of it stays as it was once the person has left.
 */
#include "config.h"

#include "rules/judge_inside.h"

#include "rules/employment.h"
#include "rules/values.h"

/* The first record of an HR system counts for a person entered by hand (semantics 3.2). */
static bool
judge_adopts(const struct judge *judge)
{
	return (judge_has(judge, PERSON_BY_HAND) && !judge->owner->source->by_hand);
}

/* How a field is to be treated: the mode in force, that of before, null policy. */
static struct mode_input
judge_mode(const struct judge *judge, enum field_id id)
{
	const struct judge_record *owner = judge->owner;

	return ((struct mode_input){
		.mode = owner->source->conf->mode[id],
		.before = judge->last->source->before[id],
		.relinked = judge->relinked,
		.adopted = judge_adopts(judge),
		.reimport = owner->source->lifecycle.reimport,
		.keep = owner->source->conf->keep[id],
		.wait = owner->source->lifecycle.import_waits,
		.created = judge->created,
		.complete = owner->complete,
		.held = judge->input->held[id],
	});
}

static const char *
judge_value(struct judge *judge, const struct employee *record, enum field_id id)
{
	return (value_of(judge->arena, judge->input->book, record, id, judge->today));
}

/* What the mode of a field makes of the owner's record. */
static void
judge_field(struct judge *judge, enum field_id id, struct mode_result *result)
{
	const struct judge_record *owner = judge->owner;
	struct mode_input input;

	input = judge_mode(judge, id);
	input.now = input.was = judge_value(judge, owner->now, id);
	if (judge->last->was != NULL)
		input.was = judge_value(judge, judge->last->was, id);
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

void
judge_values(struct judge *judge)
{
	struct mode_result result;
	size_t i;

	/* The place decides the zone, the zone today, and today the type of employment. */
	judge_field(judge, FIELD_WORK_LOCATION, &result);
	judge->out->zone = book_zone_of(judge->input->book, judge->owner->source, result.value,
	    judge->arena);
	judge->today = book_today(judge->input->book, judge->out->zone);
	for (i = 0; i < FIELD_N; i++) {
		judge_field(judge, (enum field_id)i, &result);
		judge_set(judge, (enum field_id)i, &result);
	}
	judge_next_contract(judge);
}

/*
 * What is held of a field that was followed until the departure: the value served until now,
 * by the mode in force until now; a switch of mode waits for the return (rulings C18).
 */
static struct held
judge_freeze_first(struct judge *judge, enum field_id id)
{
	const struct judge_record *last = judge->last;
	struct mode_result result;
	struct mode_input input;

	input = judge_mode(judge, id);
	input.mode = input.before;
	input.complete = input.relinked = false;
	input.now = input.was = judge_value(judge, last->was != NULL ? last->was : last->now, id);
	mode_apply(&input, &result);
	return (mode_freeze(input.mode, &result));
}

/* What goes on being held, unless a decision wants the import again (rulings C6). */
static struct held
judge_freeze_again(struct judge *judge, enum field_id id)
{
	struct mode_result result;
	struct mode_input input;

	input = judge_mode(judge, id);
	if (input.held.state != HELD_AGAIN)
		return (input.held);
	input.now = input.was = judge_value(judge, judge->owner->now, id);
	mode_apply(&input, &result);
	return (result.held);
}

static struct held
judge_freeze_field(struct judge *judge, enum field_id id)
{
	const struct book_source *source = judge->owner->source;
	enum field_mode mode = source->conf->mode[id];
	struct held held;

	if (mode == MODE_OFF)
		return ((struct held){ .state = HELD_OPEN });
	held = judge_has(judge, PERSON_FROZEN) ? judge_freeze_again(judge, id) :
	    judge_freeze_first(judge, id);
	/* What waits for a complete fetch waits for the return once that has come. */
	if (held.state == HELD_LOCAL && mode == MODE_CONTINUOUS &&
	    source->before[id] == MODE_LOCAL)
		held.state = HELD_WAITING;
	if (held.state == HELD_WAITING && judge->owner->complete)
		held.state = mode == MODE_IMPORT_ONCE ? HELD_OPEN : HELD_FROZEN;
	/* That nothing was there must be known only where a switch of mode would keep it. */
	if (held.state == HELD_FROZEN && held.value == NULL &&
	    (field_get(id)->flags & FIELD_FIXED) != 0)
		held.state = HELD_NOTHING;
	return (held);
}

/* Keeps what was served until now; the values just worked out only told the status. */
void
judge_freeze(struct judge *judge)
{
	size_t i;

	for (i = 0; i < FIELD_N; i++) {
		if (judge_thaws((enum field_id)i))
			continue;
		judge->out->overwrote &= ~(UINT32_C(1) << i);
		judge->out->held[i] = judge_freeze_field(judge, (enum field_id)i);
		judge->out->value[i] = judge->out->held[i].value;
	}
	/* Her days go on being those of the place she is kept at. */
	judge->out->zone = book_zone_of(judge->input->book, judge->owner->source,
	    judge->out->value[FIELD_WORK_LOCATION], judge->arena);
}

void
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
