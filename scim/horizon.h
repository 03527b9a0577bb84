/*
 * How far back it is known what left (rulings F8, F16): tombstones are kept for a time,
 * and a database that was put back or made anew knows nothing of what was served before.
 */
#ifndef ROLLCALL_SCIM_HORIZON_H
#define ROLLCALL_SCIM_HORIZON_H

#include "scim/filter.h"

/*
 * Whether tombstones answer the filter in full: -1 with ERR_FORGOTTEN when it asks for
 * what left after an instant that lies before the horizon. A filter that names no such
 * instant (NULL: none) asks for what there is.
 */
int	horizon_check(const struct image_snap *snap, const struct filter *filter,
	    struct err *err);

/*
 * The stamp a list carries: every change up to it shows, and it does not lie before the
 * horizon.
 */
int64_t	horizon_stamp(const struct image_snap *snap);

#endif
