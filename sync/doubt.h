/*
 * Whether this machine's clock may be believed (rulings F4). While it may not, plans go by the
 * last instant that was believed: no date takes effect.
 */
#ifndef ROLLCALL_SYNC_DOUBT_H
#define ROLLCALL_SYNC_DOUBT_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

enum doubt_kind {
	DOUBT_NONE,
	DOUBT_SKEW,	/* more than an hour from Kombo's */
	DOUBT_JUMP	/* more than 36 hours since it was looked at last */
};

struct doubt {
	enum doubt_kind	kind;
	int64_t		since;		/* instant, by the clock in doubt */
	int64_t		by;		/* microseconds, ahead if above 0 */
};

/* Looks at the clock: at start, and at each tick. Begins a transaction of its own. */
int	doubt_look(struct db *db, struct err *err);

/*
 * What a run found: this machine's clock minus Kombo's. It doubts the clock, or confirms it.
 * Begins a transaction of its own when that is news.
 */
int	doubt_compare(struct db *db, int64_t skew, struct err *err);

/*
 * The admin says that the clock is right, and how far Kombo's is from it does not matter. In the
 * caller's transaction.
 */
int	doubt_confirm(struct db *db, struct err *err);

int	doubt_get(struct db *db, struct doubt *doubt, struct err *err);

/* "skew", "jump"; NULL for none. */
const char *doubt_name(enum doubt_kind kind);

#endif
