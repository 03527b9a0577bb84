/*
 * What admins ask for: each draws whom it is about, and is false when there is nobody. What the
 * request refuses is refused; what must come of the rest is checked.
 */
#ifndef ROLLCALL_TESTS_UNIT_PLAN_ADMIN_H
#define ROLLCALL_TESTS_UNIT_PLAN_ADMIN_H

#include "tests/unit/plan_house.h"

bool	admin_link(struct house *house);	/* or unlink */
bool	admin_erase(struct house *house);	/* for good: also the next fetches are done */
bool	admin_local(struct house *house);	/* add, change, replace, remove */
bool	admin_scim(struct house *house);	/* groups of no HR system, ids of a client's own */
bool	admin_retire(struct house *house);	/* a source whose file is gone, kept or purged */

/* The state into an empty database: the same directory (plan_state.c). */
void	state_compare(struct house *house);

#endif
