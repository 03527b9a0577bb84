/*
 * Owns nothing. Pure.
 */
#include "config.h"

#include "rules/status.h"

#include <string.h>

#include "rules/reasons.h"

enum status_word { WORD_NONE, WORD_ACTIVE, WORD_PENDING, WORD_INACTIVE, WORD_LEAVE };

void
lifecycle_from_conf(const struct conf_set *set, struct lifecycle *lifecycle)
{
	*lifecycle = (struct lifecycle){
		.release = (enum release_policy)conf_number(set, CONF_RELEASE),
		.release_days = (int)conf_number(set, CONF_RELEASE_DAYS),
		.active_early = conf_number(set, CONF_ACTIVE_EARLY) != 0,
		.first_day_off = conf_number(set, CONF_END_DATE_IS) != 0,
		.early_offboarding = conf_number(set, CONF_EARLY_INACTIVE) != 0,
		.leave_inactive = conf_number(set, CONF_LEAVE) != 0,
		.import_waits = conf_number(set, CONF_IMPORT_EMPTY) != 0,
		.reimport = conf_number(set, CONF_ON_REHIRE) != 0,
		.link_mail = conf_number(set, CONF_DUPLICATE_EMAIL) != 0,
	};
}

/* Any word but Kombo's four counts as none and is reported (kombo/api.md §2.7). */
static enum status_word
status_read(const char *word, uint32_t *conditions)
{
	static const char *const words[] = {
		[WORD_ACTIVE] = "ACTIVE",
		[WORD_PENDING] = "PENDING",
		[WORD_INACTIVE] = "INACTIVE",
		[WORD_LEAVE] = "LEAVE",
	};
	size_t i;

	if (word == NULL)
		return (WORD_NONE);
	for (i = WORD_ACTIVE; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return ((enum status_word)i);
	*conditions |= CONDITION_BIT(CONDITION_UNKNOWN_STATUS);
	return (WORD_NONE);
}

static enum person_status
status_inactive(day_number end, const struct lifecycle *lifecycle,
    struct status_result *result)
{
	if (end == DAY_NONE) {
		result->no_end = true;
		result->conditions |= CONDITION_BIT(CONDITION_NO_END_DATE);
		return (STATUS_DEPARTED);
	}
	result->conditions |= CONDITION_BIT(CONDITION_EARLY_INACTIVE);
	return (lifecycle->early_offboarding ? STATUS_OFFBOARDING : STATUS_DEPARTED);
}

static enum person_status
status_pending(day_number start, struct status_result *result)
{
	if (start == DAY_NONE) {
		result->conditions |= CONDITION_BIT(CONDITION_NO_START_DATE);
		return (STATUS_ONBOARDING);
	}
	result->conditions |= CONDITION_BIT(CONDITION_STATUS_CONFLICT);
	return (STATUS_ACTIVE);
}

/* Rows 2 to 10; `end` is already DAY_NONE when it belongs to an earlier spell. */
static enum person_status
status_by_dates(const struct status_input *input, day_number end, day_number last,
    const struct lifecycle *lifecycle, struct status_result *result)
{
	enum status_word word;

	word = status_read(input->word, &result->conditions);
	if (end != DAY_NONE && input->today > last) {
		if (word == WORD_ACTIVE)
			result->conditions |= CONDITION_BIT(CONDITION_STATUS_CONFLICT);
		return (STATUS_DEPARTED);
	}
	if (input->start != DAY_NONE && input->start > input->today) {
		if (word == WORD_ACTIVE || word == WORD_INACTIVE)
			result->conditions |= CONDITION_BIT(CONDITION_STATUS_CONFLICT);
		return (STATUS_ONBOARDING);
	}
	if (word == WORD_INACTIVE)
		return (status_inactive(end, lifecycle, result));
	if (word == WORD_PENDING)
		return (status_pending(input->start, result));
	if (word == WORD_LEAVE) {
		result->on_leave = true;
		return (STATUS_ACTIVE);
	}
	if (end != DAY_NONE)
		return (STATUS_OFFBOARDING);
	if (input->start == DAY_NONE)
		result->conditions |= CONDITION_BIT(CONDITION_NO_START_DATE);
	return (STATUS_ACTIVE);
}

void
status_derive(const struct status_input *input, const struct lifecycle *lifecycle,
    struct status_result *result)
{
	day_number end, last;

	*result = (struct status_result){ .next = DAY_NONE };
	if (input->gone) {
		result->status = STATUS_DEPARTED;
		result->conditions = CONDITION_BIT(CONDITION_GONE);
		return;
	}
	end = input->end;
	if (end != DAY_NONE && input->start != DAY_NONE && end < input->start)
		end = DAY_NONE;
	last = end == DAY_NONE ? DAY_NONE : end - (lifecycle->first_day_off ? 1 : 0);
	result->status = status_by_dates(input, end, last, lifecycle, result);
	if (end != DAY_NONE && last >= input->today)
		result->next = last + 1;
	if (input->start != DAY_NONE && input->start > input->today &&
	    (result->next == DAY_NONE || input->start < result->next))
		result->next = input->start;
}

bool
status_active(const struct status_result *result, const struct lifecycle *lifecycle)
{
	switch (result->status) {
	case STATUS_ONBOARDING:
		return (lifecycle->active_early);
	case STATUS_ACTIVE:
		return (!(result->on_leave && lifecycle->leave_inactive));
	case STATUS_OFFBOARDING:
		return (true);
	case STATUS_DEPARTED:
	case STATUS_N:
		break;
	}
	return (false);
}

bool
status_released(const struct lifecycle *lifecycle, day_number start, day_number today,
    day_number *next)
{
	*next = DAY_NONE;
	switch (lifecycle->release) {
	case RELEASE_IMMEDIATE:
		return (true);
	case RELEASE_MANUAL:
		return (false);
	case RELEASE_START_DATE:
		break;
	}
	if (start == DAY_NONE)
		return (false);
	if (today >= start - lifecycle->release_days)
		return (true);
	*next = start - lifecycle->release_days;
	return (false);
}
