/*
 * A plan on the scales: which of its changes safeguards look at, and which classes are more than
 * their allowance (semantics 3.6, rulings A14 to A22, C13 to C17, F2, F3).
 */
#ifndef ROLLCALL_SYNC_PLAN_WEIGH_H
#define ROLLCALL_SYNC_PLAN_WEIGH_H

#include "store/hold.h"
#include "sync/plan/plan.h"

/* Removals of one source, to be remembered for a day when the plan passes by itself. */
struct weigh_removals {
	int64_t	source;
	int64_t	number;
};

struct weigh {
	struct arena		*arena;		/* of what is below */
	char			 id[HOLD_ID_SIZE];	/* of the tripping changes; "" when it passes */
	bool			 approvable;
	struct hold_class	*classes;	/* those that tripped, by source and class */
	size_t			 class_count;
	size_t			 class_room;
	struct hold_change	*changes;	/* theirs, by digest, no two alike */
	size_t			 change_count;
	size_t			 change_room;
	struct weigh_removals	*removals;
	size_t			 removal_count;
	size_t			 removal_room;
};

/*
 * Weighs a plan that was opened with order->gated, before it is published; nothing is written.
 * Its id does not depend on the order of rows, on the day, or on what does not trip.
 */
int	plan_weigh(struct plan *plan, struct weigh **weigh, struct err *err);
void	weigh_close(struct weigh **weigh);

/* No class tripped. */
bool	weigh_passes(const struct weigh *weigh);

/* "removals 12 of at most 5, nulls of job_title 40 of at most 10": for messages; in the arena. */
const char *weigh_text(struct arena *arena, const struct hold_class *classes, size_t count);

#endif
