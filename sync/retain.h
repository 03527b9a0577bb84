/*
 * The clocks of retention that no person's date drives (semantics 3.12): what is forgotten when
 * its time is over, and writing the database anew at night after something was erased. Each is
 * told in the history, with counts.
 */
#ifndef ROLLCALL_SYNC_RETAIN_H
#define ROLLCALL_SYNC_RETAIN_H

#include "base/conf.h"
#include "base/day.h"
#include "store/db.h"

/* Outside of any transaction; cheap when nothing is due. */
int	retain_work(struct db *db, const struct conf *conf, struct zones *zones, int64_t now,
	    struct err *err);

#endif
