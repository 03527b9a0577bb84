/*
 * The gate before publishing: pulls and reloads pass it, decisions and the clock do not (rulings
 * A20). A plan passes when nothing trips, or when an admin approved all that trips in the last
 * 24 hours (rulings F2). Everything here is inside the caller's transaction.
 */
#ifndef ROLLCALL_SYNC_GATE_H
#define ROLLCALL_SYNC_GATE_H

#include "sync/plan/weigh.h"

#define GATE_APPROVAL	(24 * CLOCK_HOUR)	/* an approval ends */

#define GATE_KEEP	(30 * CLOCK_DAY)	/* plans that are over are listed so long */

struct gate {
	struct db		*db;
	const struct plan_order	*order;
	const char		*source;	/* name of a pull's, "" for a reload */
	struct weigh		*weigh;
	char			 approval[HOLD_ID_SIZE];	/* the plan it passes by, "" for none */
};

/* Weighs an opened plan: 0 it may be published, 1 it is held, -1 failed. Then gate_close. */
int	gate_try(struct gate *gate, struct plan *plan, struct err *err);
void	gate_close(struct gate *gate);

/* Remembers that it was published: removals count for a day, an approval is used up. */
int	gate_passed(const struct gate *gate, struct err *err);

/* Remembers the plan and why it is held; other held plans of the source are replaced. */
int	gate_hold(const struct gate *gate, struct err *err);

/* Fills err with ERR_HELD: id, classes, numbers, what to do; no names. Returns -1. */
int	gate_say(const struct gate *gate, struct err *err);

/* The codes of the classes that tripped, blank between them; in the arena. */
const char *gate_codes(const struct gate *gate, struct arena *arena);

#endif
