/*
 * Erasing a person (semantics 3.12): out of everything that is served and everything that is
 * held, at once, and kept out by hashes alone. Erasures also stand in a file beside the
 * database, DATABASE.erased, so that a backup that is put back does not bring anybody back.
 */
#ifndef ROLLCALL_SYNC_ERASE_H
#define ROLLCALL_SYNC_ERASE_H

#include "base/conf.h"
#include "base/day.h"
#include "store/db.h"
#include "sync/plan/plan.h"

struct erase_order {
	const struct conf	*conf;
	struct zones		*zones;
	int64_t			 now;
	const char		*actor;
	const char		*reason;	/* the admin's words, NULL for none */
	int64_t			 person;
	bool			 may_return;	/* nothing keeps the person out of the next fetch */
};

/* What is written into the file, once the erasure is committed. */
struct erase_line {
	struct uuid	 uuid;
	int64_t		 made_at;
	bool		 may_return;
	const char	*hashes;	/* "K:… R:… U:…", in the arena */
};

/* Inside the caller's transaction; publishes. Sources that are not configured are no obstacle. */
int	erase_person(struct db *db, const struct erase_order *order, struct arena *arena,
	    struct erase_line *line, struct plan_report *report, struct err *err);

/* Adds a line to the file, safely on disk. -1: the erasure stands, but a backup could undo it. */
int	erase_remember(struct db *db, const struct erase_line *line, struct err *err);

/*
 * Erases again whom the file names and the database does not: after a backup was put back. In a
 * database that is a backup (db_restored_from) also those who were allowed to return. *count gets
 * how many people were erased. Outside of any transaction.
 */
int	erase_replay(struct db *db, const struct conf *conf, struct zones *zones, int64_t now,
	    int64_t *count, struct err *err);

#endif
