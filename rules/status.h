/*
 * Who works here today: status by dates and the HR system's own word (semantics 3.7).
 */
#ifndef ROLLCALL_RULES_STATUS_H
#define ROLLCALL_RULES_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/day.h"
#include "base/model.h"

enum release_policy { RELEASE_IMMEDIATE, RELEASE_START_DATE, RELEASE_MANUAL };

/* [lifecycle] of a source. */
struct lifecycle {
	enum release_policy	 release;
	int			 release_days;
	bool			 active_early;		/* active_before_start */
	bool			 first_day_off;		/* end_date_is = first-day-off */
	bool			 early_offboarding;	/* inactive_before_end = offboarding */
	bool			 leave_inactive;	/* leave = inactive */
	bool			 import_waits;		/* import_once_empty = wait */
	bool			 reimport;		/* on_rehire = reimport */
	bool			 link_mail;		/* duplicate_email = link */
};

void	lifecycle_from_conf(const struct conf_set *set, struct lifecycle *lifecycle);

struct status_input {
	const char	*word;		/* employment_status as received, or NULL */
	day_number	 start;		/* DAY_NONE for none */
	day_number	 end;
	bool		 gone;
	day_number	 today;		/* in the person's zone */
};

struct status_result {
	enum person_status	 status;
	bool			 on_leave;	/* LEAVE decided (row 8) */
	bool			 no_end;	/* INACTIVE without end date (row 5) */
	uint32_t		 conditions;	/* bits of enum condition */
	day_number		 next;		/* next day on which dates alone change it, or DAY_NONE */
};

/* The first row of semantics 3.7 that matches, with rulings A5, A28, A29. */
void	status_derive(const struct status_input *input, const struct lifecycle *lifecycle,
	    struct status_result *result);

/* Whether the person's accounts are to be active: `active` of semantics 3.7. */
bool	status_active(const struct status_result *result, const struct lifecycle *lifecycle);

/*
 * Whether a joiner appears on `today` by the policy alone (a decision to release comes on top).
 * *next gets the day on which it does, when dates will do it, else DAY_NONE.
 */
bool	status_released(const struct lifecycle *lifecycle, day_number start, day_number today,
	    day_number *next);

#endif
