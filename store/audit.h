/*
 * The audit: acts, and what each did to whom (semantics 3.11). Rows are appended and carry a
 * hash of all before; the hash covers the values by a keyed hash alone, whose key is erased
 * with them, so that an erasure breaks nothing and leaves nothing to guess by.
 *
 * What a row says happened:
 *   created    a person; new = JSON of all values, reason = returned after a purge
 *   changed    a field: old and new
 *   status     onboarding, active, offboarding, departed
 *   views      those that show the person
 *   groups     a group joined (new) or left (old)
 *   purged     the values were erased: their time was over
 *   forgotten  nothing but this history is left of the person
 *   and about nobody alone: a decision's name (hide, set, source.approve …), run, off, reload
 *   (old and new: the configuration's digest), upkeep
 */
#ifndef ROLLCALL_STORE_AUDIT_H
#define ROLLCALL_STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/mem.h"
#include "store/db.h"

#define AUDIT_OVERWRITES "overwrites"	/* reason of a change: what gave way was entered by hand */

struct audit_act {
	int64_t		 id;
	int64_t		 made_at;
	const char	*cause;		/* sync, reload, clock, decision, upkeep */
	const char	*actor;
	const char	*source;	/* NULL for none */
	int64_t		 run;		/* 0 for none */
	uint8_t		 conf[DIGEST_SHA256_SIZE];
};

struct audit_row {
	int64_t			 id;
	int64_t			 act;
	int64_t			 person;	/* 0: about nobody alone */
	struct uuid		 uuid;
	const char		*what;
	const char		*field;		/* NULL for none, as are the next three */
	const char		*reason;
	const char		*old;
	const char		*new;
	/* filled by audit_next alone: */
	const struct audit_act	*of;
	bool			 erased;	/* it had values, which were erased */
};

/* Appends; one per transaction, opened by the first row of an act. */
struct audit_log;

/* Adds the act. The caller has begun a transaction. */
int	audit_log_open(struct db *db, const struct audit_act *act, struct audit_log **log,
	    struct err *err);
/* row->id, act, of and erased are not read. */
int	audit_log_add(struct audit_log *log, const struct audit_row *row, struct err *err);
/* Writes the end of the chain. Without it (NULL log is fine) the transaction must not commit. */
int	audit_log_end(struct audit_log *log, struct err *err);
void	audit_log_close(struct audit_log **log);

/* One row of an act of its own. */
int	audit_note(struct db *db, const struct audit_act *act, const struct audit_row *row,
	    struct err *err);

/*
 * Walks rows in their order: those of a person (0: all) whose act is not before `since`.
 * audit_walk, then audit_next until 0; texts are borrowed until the next step.
 */
void	audit_walk(struct db *db, int64_t person, int64_t since);
int	audit_next(struct db *db, struct audit_act *act, struct audit_row *row, struct err *err);

/* What checking the whole chain found. */
struct audit_check {
	int64_t	rows;
	int64_t	broken;		/* id of the first row that is not as it was written, 0: none */
};
int	audit_verify(struct db *db, struct audit_check *check, struct err *err);

/* ---- erasing values; the rows stay ---------------------------------------------------------- */

int	audit_erase_person(struct db *db, int64_t person, int64_t *count, struct err *err);
/*
 * A field, of everybody with a record of the source: its rows, and its value in rows that hold
 * all (what is left there can be read, no longer checked).
 */
int	audit_erase_field(struct db *db, int64_t source, const char *field, int64_t *count,
	    struct err *err);

/* Forgets acts before the instant, with their rows and the runs of that time. */
int	audit_expire(struct db *db, int64_t before, int64_t *count, struct err *err);

#endif
