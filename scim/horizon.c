/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/horizon.h"

#include "base/clock.h"

/* Where the window of meta.lastModified that a filter keeps to begins. */
struct horizon_start {
	bool	given;
	int64_t	instant;
};

static struct horizon_start
horizon_compare(const struct filter *filter)
{
	struct horizon_start start = { .given = false };

	if (filter->attr != attr_get(ATTR_META_MODIFIED) ||
	    (filter->op != FILTER_GT && filter->op != FILTER_GE))
		return (start);
	/* Nothing leaves at the instant itself: the next is a microsecond later. */
	start.given = true;
	start.instant = filter->instant - (filter->op == FILTER_GE && !filter->beyond);
	return (start);
}

static struct horizon_start
horizon_start(const struct filter *filter)
{
	struct horizon_start left, right;

	switch (filter->kind) {
	case FILTER_COMPARE:
		return (horizon_compare(filter));
	case FILTER_AND:
	case FILTER_OR:
		left = horizon_start(filter->left);
		right = horizon_start(filter->right);
		break;
	case FILTER_NOT:
	case FILTER_ELEMENT:
		return ((struct horizon_start){ .given = false });
	}
	/* Of an "and" the later one holds, of an "or" the earlier one, if both have one. */
	if (!left.given || !right.given)
		return (filter->kind == FILTER_AND && left.given ? left :
		    (struct horizon_start){ .given = filter->kind == FILTER_AND &&
		    right.given, .instant = right.instant });
	if ((left.instant > right.instant) == (filter->kind == FILTER_AND))
		return (left);
	return (right);
}

int
horizon_check(const struct image_snap *snap, const struct filter *filter,
    struct err *err)
{
	struct horizon_start start;
	char text[CLOCK_TEXT_SIZE];

	if (filter == NULL)
		return (0);
	start = horizon_start(filter);
	if (!start.given || start.instant >= snap_horizon(snap))
		return (0);
	return (err_set(err, ERR_FORGOTTEN, "what left is known only after %s: list "
	    "everything again, and go on from there",
	    clock_format(snap_horizon(snap), 6, text)));
}

int64_t
horizon_stamp(const struct image_snap *snap)
{
	return (snap_stamp(snap) > snap_horizon(snap) ? snap_stamp(snap) :
	    snap_horizon(snap));
}
