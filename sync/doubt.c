/*
 * Owns the numbers doubt.* and tick of `meta`. Used within the engine's lock.
 */
#include "config.h"

#include "sync/doubt.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/source.h"

#define DOUBT_SKEW_MOST	CLOCK_HOUR
#define DOUBT_JUMP_MOST	(36 * CLOCK_HOUR)

const char *
doubt_name(enum doubt_kind kind)
{
	switch (kind) {
	case DOUBT_SKEW:
		return ("skew");
	case DOUBT_JUMP:
		return ("jump");
	case DOUBT_NONE:
		break;
	}
	return (NULL);
}

int
doubt_get(struct db *db, struct doubt *doubt, struct err *err)
{
	int64_t kind;

	if (meta_number(db, "doubt.kind", &kind, err) < 0 ||
	    meta_number(db, "doubt.since", &doubt->since, err) < 0 ||
	    meta_number(db, "doubt.by", &doubt->by, err) < 0)
		return (-1);
	doubt->kind = (enum doubt_kind)kind;
	return (0);
}

/* Inside a transaction. */
static int
doubt_write(struct db *db, enum doubt_kind kind, int64_t by, struct err *err)
{
	if (meta_set_number(db, "doubt.kind", kind, err) < 0 ||
	    meta_set_number(db, "doubt.by", by, err) < 0)
		return (-1);
	return (meta_set_number(db, "doubt.since", kind == DOUBT_NONE ? 0 : clock_now(), err));
}

static int
doubt_set(struct db *db, enum doubt_kind kind, int64_t by, struct err *err)
{
	if (db_begin(db, err) < 0)
		return (-1);
	if (doubt_write(db, kind, by, err) < 0) {
		db_rollback(db);
		return (-1);
	}
	if (db_commit(db, err) < 0)
		return (-1);
	if (kind == DOUBT_NONE)
		log_info("clock.confirmed", "msg=\"dates take effect again\"");
	else
		log_warning("clock.doubt", "why=%s seconds=%" PRId64 " msg=\"no date takes effect "
		    "until a run confirms the clock, or rollcall confirm-clock\"",
		    doubt_name(kind), by / CLOCK_SECOND);
	return (0);
}

int
doubt_look(struct db *db, struct err *err)
{
	const int64_t now = clock_now();
	int64_t last;

	if (meta_number(db, "tick", &last, err) < 0)
		return (-1);
	if (last != 0 && llabs(now - last) > DOUBT_JUMP_MOST &&
	    doubt_set(db, DOUBT_JUMP, now - last, err) < 0)
		return (-1);
	if (now == last)
		return (0);
	if (db_begin(db, err) < 0)
		return (-1);
	if (meta_set_number(db, "tick", now, err) < 0) {
		db_rollback(db);
		return (-1);
	}
	return (db_commit(db, err));
}

int
doubt_compare(struct db *db, int64_t skew, struct err *err)
{
	struct doubt doubt;
	int64_t confirmed;
	bool differs;

	if (doubt_get(db, &doubt, err) < 0 ||
	    meta_number(db, "doubt.confirmed", &confirmed, err) < 0)
		return (-1);
	differs = llabs(skew) > DOUBT_SKEW_MOST &&
	    (confirmed == 0 || llabs(skew - confirmed) > DOUBT_SKEW_MOST);
	if (!differs)
		return (doubt.kind == DOUBT_NONE ? 0 : doubt_set(db, DOUBT_NONE, 0, err));
	if (doubt.kind == DOUBT_SKEW && llabs(skew - doubt.by) < DOUBT_SKEW_MOST)
		return (0);
	return (doubt_set(db, DOUBT_SKEW, skew, err));
}

int
doubt_confirm(struct db *db, struct err *err)
{
	struct doubt doubt;

	if (doubt_get(db, &doubt, err) < 0)
		return (-1);
	if (doubt.kind == DOUBT_NONE)
		return (err_set(err, ERR_REFUSED, "the clock is not in doubt"));
	if (doubt.kind == DOUBT_SKEW &&
	    meta_set_number(db, "doubt.confirmed", doubt.by, err) < 0)
		return (-1);
	return (doubt_write(db, DOUBT_NONE, 0, err));
}
