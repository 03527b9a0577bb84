/*
 * Owns nothing. Pure.
 */
#include "config.h"

#include "rules/owner.h"

#include <string.h>

#include "rules/employment.h"
#include "rules/values.h"

static day_number
owner_date(const char *value)
{
	day_number day;

	return (value != NULL && day_parse(value, &day) ? day : DAY_NONE);
}

static day_number
owner_sooner(day_number a, day_number b)
{
	return (a == DAY_NONE || (b != DAY_NONE && b < a) ? b : a);
}

/* The day on which a contract that is to come changes what filters see. */
static day_number
owner_next_contract(struct arena *arena, const struct employee *now, day_number today)
{
	day_number next;

	if (now->value[FIELD_EMPLOYMENT_TYPE] != NULL)
		return (DAY_NONE);
	(void)employment_type_on(arena, now->employments, today, &next);
	return (next);
}

uint32_t
owner_invalid(const struct employee *employee)
{
	uint32_t reasons;

	reasons = 0;
	if ((employee->invalid & UINT32_C(1) << FIELD_START_DATE) != 0)
		reasons |= REASON_BIT(REASON_INVALID_START);
	if ((employee->invalid & UINT32_C(1) << FIELD_TERMINATION_DATE) != 0)
		reasons |= REASON_BIT(REASON_INVALID_END);
	return (reasons);
}

static uint32_t
owner_reasons(const struct judge_record *record)
{
	if (record->erased)
		return (REASON_BIT(REASON_ERASED));
	if (record->now->gone)
		return (0);
	return (scope_check(record->source->scope, &record->facts) |
	    (record->was == NULL ? owner_invalid(record->now) : 0));
}

void
owner_look(struct arena *arena, const struct book *book, struct judge_record *record)
{
	const struct employee *now = record->now;
	const struct lifecycle *lifecycle = &record->source->lifecycle;
	struct status_result status;
	const char *place;
	day_number today;

	place = value_of(arena, book, now, FIELD_WORK_LOCATION, DAY_NONE);
	record->zone = book_zone_of(book, record->source, place, arena);
	today = book_today(book, record->zone);
	values_facts(arena, book, now, today, &record->facts);
	status_derive(&(struct status_input){
		.word = now->value[FIELD_EMPLOYMENT_STATUS],
		.start = owner_date(now->value[FIELD_START_DATE]),
		.end = owner_date(now->value[FIELD_TERMINATION_DATE]),
		.gone = now->gone,
		.today = today,
	}, lifecycle, &status);
	record->status = status.status;
	record->active = status_active(&status, lifecycle);
	record->next = owner_sooner(status.next, owner_next_contract(arena, now, today));
	record->reasons = owner_reasons(record);
	record->included = false;
}

/* ---- which one counts ---------------------------------------------------------------- */

static bool
owner_in_scope(const struct judge_record *record)
{
	return ((record->reasons & REASONS_OUT) == 0);
}

/* active and offboarding, then onboarding, then departed (semantics 3.3). */
static int
owner_class(const struct judge_record *record)
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
owner_compare_text(const char *a, const char *b)
{
	return (strcmp(a != NULL ? a : "", b != NULL ? b : ""));
}

/* Negative when `a` counts rather than `b`. */
static int
owner_rank(const struct judge_record *a, const struct judge_record *b)
{
	int64_t difference;

	if (owner_in_scope(a) != owner_in_scope(b))
		return (owner_in_scope(a) ? -1 : 1);
	if (owner_class(a) != owner_class(b))
		return (owner_class(a) - owner_class(b));
	difference = conf_number(&a->source->conf->set, CONF_PRIORITY) -
	    conf_number(&b->source->conf->set, CONF_PRIORITY);
	if (difference != 0)
		return (difference < 0 ? -1 : 1);
	if (a->source->by_hand != b->source->by_hand)
		return (a->source->by_hand ? 1 : -1);
	if (a->source != b->source)
		return (strcmp(a->source->conf->name, b->source->conf->name));
	difference = (int64_t)owner_date(b->now->value[FIELD_START_DATE]) -
	    owner_date(a->now->value[FIELD_START_DATE]);
	if (difference != 0)
		return (difference < 0 ? -1 : 1);
	return (owner_compare_text(b->now->remote, a->now->remote));
}

size_t
owner_pick(const struct judge_record *records, size_t count)
{
	size_t best, i;

	best = 0;
	for (i = 1; i < count; i++)
		if (owner_rank(&records[i], &records[best]) < 0)
			best = i;
	return (best);
}

bool
owner_shares(const struct judge_record *record)
{
	return (record->status != STATUS_DEPARTED && owner_in_scope(record));
}

/* ---- the others ----------------------------------------------------------------------- */

static void
owner_settle_other(struct judge_record *record, const struct judge_record *owner,
    const struct verdict *verdict)
{
	if (record->reasons != 0)
		return;
	if (record->source == owner->source || record->status == STATUS_ONBOARDING) {
		record->reasons = REASON_BIT(REASON_SUPERSEDED);
	} else if (record->status == STATUS_DEPARTED) {
		record->reasons = REASON_BIT(record->now->gone ? REASON_GONE : REASON_DEPARTED);
	} else {
		record->reasons = verdict->reasons;
		record->included = verdict_included(verdict);
	}
}

void
owner_settle(struct judge_record *records, size_t count, const struct verdict *verdict)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (i != verdict->owner) {
			owner_settle_other(&records[i], &records[verdict->owner], verdict);
			continue;
		}
		records[i].reasons = verdict->reasons;
		records[i].included = verdict_included(verdict);
	}
}
