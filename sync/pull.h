/*
 * What a run of a source brought, on its way into the directory: weighed, then accepted and
 * published, or held as the source's incoming generation (rulings F1).
 */
#ifndef ROLLCALL_SYNC_PULL_H
#define ROLLCALL_SYNC_PULL_H

#include "store/history.h"
#include "store/source.h"
#include "sync/engine.h"
#include "sync/gate.h"

struct pull {
	struct engine			*engine;
	const struct conf		*conf;		/* to plan under */
	const struct conf_source	*source;
	struct source_row		 row;
	struct run_row			 history;	/* of the run; id 0: it has no row yet */
	struct fetched			*fetched;
	struct arena			*arena;		/* of all that */
	const char			*actor;
	bool				 again;		/* a held fetch: its problems are noted */
};

/*
 * Plans, weighs, and publishes or holds, in one transaction of its own. 0 published; -1: with
 * ERR_HELD it is held and noted as such, else nothing is noted.
 */
int	pull_publish(struct pull *pull, struct plan_report *report, struct err *err);

/* The same for a trial that somebody else's transaction published: accepts what was fetched. */
int	pull_accept_inside(struct pull *pull, const struct plan_report *report,
	    struct err *err);

/*
 * The held fetch of a source, loaded again, to be tried under `conf`. 1 loaded: the caller
 * closes it; 0 there is none; -1 failed. A run of the source may be under way: whoever accepts
 * what is held swaps the configuration too, which makes that run void, or has looked first.
 */
int	pull_open_held(struct engine *engine, const struct conf *conf, const char *source,
	    struct arena *arena, struct pull *pull, struct err *err);
void	pull_close(struct pull *pull);

/* Tries the held fetch of a source once more; as pull_publish. ERR_NOT_FOUND: there is none. */
int	pull_retry(struct engine *engine, const char *source, const char *actor,
	    struct plan_report *report, struct err *err);

#endif
