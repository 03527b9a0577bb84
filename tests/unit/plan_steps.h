/*
 * What can happen to a directory, one step at a time. A step is a function of its number and the
 * history's seed alone, so that a history can leave steps out and do the others as before.
 */
#ifndef ROLLCALL_TESTS_UNIT_PLAN_STEPS_H
#define ROLLCALL_TESTS_UNIT_PLAN_STEPS_H

#include "tests/unit/plan_house.h"

/* How a step may change what is served; what must not change is checked by it. */
enum step_kind {
	STEP_PULL,		/* values follow the HR system */
	STEP_WAIT,		/* dates take effect */
	STEP_DECIDE,		/* visibility */
	STEP_EDIT,		/* values by hand */
	STEP_LINK,		/* whose a record is */
	STEP_ERASE,		/* somebody is no more */
	STEP_RELOAD		/* anything */
};

/* Does one step; number 0 puts the first configuration in force. `tell`: says what it does. */
enum step_kind step_do(struct house *house, size_t number, bool tell);

#endif
