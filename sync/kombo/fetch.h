/*
 * One run's download: the integration's state and every page of the four models, decoded as
 * they come and staged. All of it arrives or nothing counts (kombo/api.md §7.1).
 */
#ifndef ROLLCALL_SYNC_KOMBO_FETCH_H
#define ROLLCALL_SYNC_KOMBO_FETCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/history.h"
#include "store/stage.h"

struct fetch_order {
	const struct conf		*conf;
	const struct conf_source	*source;
	int64_t				 source_id;	/* 0: nothing of the source is stored yet */
	const char			*key;		/* API key */
	int64_t				 watermark;	/* 0: a complete fetch */
	bool				 stage_all;	/* also what did not change: for a preview */
	const atomic_bool		*cancel;
	/* Called now and then with what has arrived so far; may be NULL. */
	void	(*progress)(void *context, const char *model, int64_t pages, int64_t records);
	void				*context;
};

struct fetched {
	struct arena		*arena;		/* texts below */
	struct stage		*stage;		/* employees and units that differ */
	bool			 complete;
	bool			 healthy;	/* absence and deletion may be believed */
	const char		*doubt;		/* why it is not healthy, NULL otherwise */
	int64_t			 started;	/* Kombo's clock before the first page */
	int64_t			 skew;		/* this machine's clock minus Kombo's */
	bool			 dated;		/* … which is known: there was a Date header */
	int64_t			 upstream_at;	/* newest change Kombo saw, 0 for none */
	const char		*tool;		/* label of the HR system */
	uint32_t		 unavailable;	/* bit per field whose nulls say nothing */
	int64_t			*absent;	/* records a complete fetch did not bring */
	size_t			 absent_count;
	bool			 model_whole[3];	/* E, L, G: absence may be believed too */
	struct problem_row	*problems;
	size_t			 problem_count;
	size_t			 problem_room;
	int64_t			 seen;		/* employees received */
	int64_t			 live;		/* … that are not deleted, unreadable ones too */
	int64_t			 refused;
	int64_t			 unlisted;	/* of `seen`: deleted, and nothing is stored of them */
	unsigned int		 requests;
};

/*
 * Opens its own reading connection to the database at `path` (NULL: there is none yet). 0: the
 * caller owns *fetched; -1: nothing of the run counts, err says why.
 */
int	fetch_run(const struct fetch_order *order, const char *path, struct fetched **fetched,
	    struct err *err);
void	fetched_close(struct fetched **fetched);

/*
 * What `rollcall source test` shows: the key (environment), the integration and its state.
 * Lines of text are added to `report`; -1 when something is wrong, err says what.
 */
int	fetch_probe(const struct fetch_order *order, struct buf *report, struct err *err);

#endif
