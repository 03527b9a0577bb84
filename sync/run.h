/*
 * Runs: fetching a source and publishing what came.
 */
#ifndef ROLLCALL_SYNC_RUN_H
#define ROLLCALL_SYNC_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/history.h"
#include "sync/csv/table.h"
#include "sync/engine.h"

struct run_order {
	const char	*source;
	bool		 complete;	/* asked for; a run may be complete by its own reasons too */
	bool		 wait;		/* for a run that is under way, instead of ERR_BUSY */
	bool		 begun;		/* the caller marked the source (engine_source_begin) */
	const char	*actor;		/* "schedule", or who asked */
	const struct csv_input *input;	/* of a CSV source: this file, NULL: its own */
	/* Progress while it fetches; may be NULL. */
	void	(*progress)(void *context, const char *model, int64_t pages, int64_t records);
	/* What could not be read, once the run is over; may be NULL. Borrowed. */
	void	(*problem)(void *context, const struct problem_row *row);
	void		*context;
};

/* Everything is in the arena given to run_source. */
struct run_result {
	bool			 complete;
	int64_t			 seen;
	int64_t			 refused;
	unsigned int		 requests;
	const char		*doubt;		/* why nobody was removed, NULL: no doubt */
	struct plan_report	 report;
};

/*
 * Fetches the source, all of it or nothing, and publishes. Without the lock while it fetches.
 * The source's mark of being fetched is gone afterwards, also one the caller had set.
 * ERR_REFUSED: the source is not approved, or disabled; ERR_BUSY: it is being fetched.
 */
int	run_source(struct engine *engine, const struct run_order *order, struct arena *arena,
	    struct run_result *result, struct err *err);

/* Key, integration and models, in lines of text; see fetch_probe. */
int	run_probe(struct engine *engine, const char *source, struct buf *report,
	    struct err *err);

#endif
