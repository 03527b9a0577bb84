/*
 * What must hold of what is served, after whatever happened (spec/acceptance.md 3, 4, 15,
 * rulings F8, F9, F16), worked out from the tables without the code under test.
 */
#ifndef ROLLCALL_TESTS_UNIT_PLAN_CHECK_H
#define ROLLCALL_TESTS_UNIT_PLAN_CHECK_H

#include "tests/unit/plan_house.h"

/* Every entry as a reader sees it. */
struct picture;

struct picture *picture_open(struct house *house);
void	picture_close(struct picture **picture);

/*
 * From one picture to the next: an entry's version and stamp changed exactly when what it shows
 * did; what left has a tombstone; stamps are unique and grow; revisions move with changes only.
 * `once`: one publication lies between them, so that nobody left and came back.
 */
void	check_step(struct house *house, const struct picture *before,
	    const struct picture *after, bool once);

/* References, addresses, memberships, counts, what is kept of whom. */
void	check_state(struct house *house);

/* The chain of what happened is unbroken (semantics 3.11). */
void	check_history(struct house *house);

/* What is off in every source stands nowhere any more, in no file (acceptance 3). */
void	check_off(struct house *house);

#endif
