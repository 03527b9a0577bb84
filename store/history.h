/*
 * History: runs, what a run could not read, the configuration in force.
 */
#ifndef ROLLCALL_STORE_HISTORY_H
#define ROLLCALL_STORE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "store/db.h"

struct run_row {
	int64_t		 id;
	const char	*kind;		/* pull, reload, decision, clock */
	const char	*source;	/* NULL when it concerns all */
	bool		 complete;
	const char	*actor;		/* sync, clock, or who asked */
	int64_t		 started;
	int64_t		 ended;		/* 0: still going on */
	const char	*outcome;	/* done, unchanged, failed, interrupted; NULL: goes on */
	const char	*error;		/* text, NULL for none */
	int64_t		 revision;	/* 0: it published nothing */
	const char	*counts;	/* JSON */
};

/* Writes kind, source, complete, actor, started; row->id is set. */
int	run_begin(struct db *db, struct run_row *row, struct err *err);
/* Writes ended, outcome, error, revision, counts. */
int	run_end(struct db *db, const struct run_row *row, struct err *err);
/*
 * Ends every run that has no end as interrupted, and says so in its source's row; *count is how
 * many there were. Only while no run is under way.
 */
int	run_end_interrupted(struct db *db, int64_t now, int64_t *count, struct err *err);
/* The newest run of a source: 1 found, 0 none, -1 failed. Texts are in the arena. */
int	run_last(struct db *db, const char *source, struct arena *arena, struct run_row *row,
	    struct err *err);

/* The same for the newest complete fetch that was published. */
int	run_last_complete(struct db *db, const char *source, struct arena *arena,
	    struct run_row *row, struct err *err);

/* A record that could not be read, or a thing to say about it. No values of fields. */
struct problem_row {
	const char	*model;		/* employees, groups … */
	const char	*kombo;		/* id, or "page N item M" */
	const char	*code;
	const char	*detail;
};
int	problem_clear(struct db *db, int64_t source, struct err *err);
int	problem_put(struct db *db, int64_t source, const struct problem_row *row,
	    struct err *err);
int	problem_list(struct db *db, int64_t source, struct arena *arena,
	    struct problem_row **rows, size_t *count, struct err *err);

/* 1 found, 0 none was ever accepted, -1 failed. */
int	accepted_conf_get(struct db *db, struct arena *arena, const char **text,
	    uint8_t digest[32], struct err *err);
int	accepted_conf_put(struct db *db, int64_t now, const char *text,
	    const uint8_t digest[32], struct err *err);

#endif
