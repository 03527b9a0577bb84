/*
 * Asking Kombo to read an HR system again, and waiting until it has (kombo/api.md §6.3).
 */
#ifndef ROLLCALL_SYNC_UPSTREAM_H
#define ROLLCALL_SYNC_UPSTREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "sync/engine.h"

struct upstream_order {
	const char	*source;
	/* Seconds waited, of at most `limit`; -1: nobody waits any more. May be NULL. */
	int	(*progress)(void *context, int64_t waited, int64_t limit);
	void		*context;
};

/* Texts are in the arena given. */
struct upstream_result {
	bool		 asked;		/* false: the source may not be fetched, see run_source */
	bool		 queued;	/* a sync was queued or under way already */
	const char	*type;		/* FULL or DELTA as Kombo decided, "" when it does not say */
	const char	*sync;		/* Kombo's id of it, "" when it does not say */
	const char	*state;		/* how it ended in Kombo's word, NULL: it did not say */
	bool		 changed;	/* newer data were seen to arrive */
	int64_t		 waited;	/* seconds */
};

/*
 * It has ended when the webhook sync-finished says so, when newer data have arrived and no more
 * do, or after [sync] upstream_wait: Kombo has no other way to tell. ERR_KOMBO_REMOTE when it
 * failed, ERR_CANCELLED, and the errors of Kombo.
 */
int	upstream_sync(struct engine *engine, const struct upstream_order *order,
	    struct arena *arena, struct upstream_result *result, struct err *err);

#endif
