/*
 * Lives that take more than one record: people come back, get another contract, work for two
 * HR systems (semantics 3.3, 3.4).
 */
#include "config.h"

#include "tests/unit/plan_hr.h"

#include "tests/unit/unit.h"

#include <stdio.h>

/* What tells that two records are of the same person; sometimes it tells a little less. */
static void
life_copy(struct hr_person *to, const struct hr_person *from, struct draw *draw)
{
	static const enum field_id fields[] = { FIELD_FIRST_NAME, FIELD_LAST_NAME,
	    FIELD_WORK_EMAIL, FIELD_EMPLOYEE_NUMBER, FIELD_JOB_TITLE };
	size_t i;

	for (i = 0; i < ROWS(fields); i++)
		if (draw_chance(draw, 85))
			hr_set(to, fields[i], from->text[fields[i]]);
}

/* The record before ends: it did, it will, it is deleted, it vanishes, or it just goes on. */
static void
life_end(struct hr_person *person, struct draw *source, day_number today)
{
	person->dirty = true;
	switch (draw(source, 6)) {
	case 0:
		person->deleted = true;
		break;
	case 1:
		person->present = false;
		break;
	case 2:
		hr_set(person, FIELD_EMPLOYMENT_STATUS, "INACTIVE");
		break;
	case 3:
		break;
	default:
		person->end = today - 3 + (day_number)draw(source, 40);
	}
}

void
life_again(struct hr *from, struct hr *to, struct draw *source, day_number today)
{
	struct hr_person *new, *old;
	char number[HR_TEXT];

	old = hr_somebody(from, source);
	if (old == NULL)
		return;
	if (*old->text[FIELD_EMPLOYEE_NUMBER] == '\0') {
		(void)snprintf(number, sizeof(number), "EN~number~%.20s", old->remote);
		hr_set(old, FIELD_EMPLOYEE_NUMBER, number);
	}
	new = hr_hire(to, source, today);
	if (new == NULL)
		return;
	life_copy(new, old, source);
	new->start = today - 2 + (day_number)draw(source, 5);
	life_end(old, source, today);
}
