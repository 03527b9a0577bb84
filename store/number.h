/*
 * Numbers of POSIX accounts and groups ([posix]): given once, kept for life, never given again.
 */
#ifndef ROLLCALL_STORE_NUMBER_H
#define ROLLCALL_STORE_NUMBER_H

#include <stdint.h>

#include "store/db.h"

#define NUMBER_LAST	INT64_C(2147483647)	/* what every system takes */

/*
 * The uidNumber of a person, or the gidNumber of a group by unit.id. One that has none gets the
 * next: `first`, or one more than the last that was given to anybody, whatever has become of
 * them; 65534 and 65535, which mean nobody, are passed over. ERR_CONFIG when there are no more.
 */
int	number_of_person(struct db *db, int64_t person, int64_t first, int64_t *number,
	    struct err *err);
int	number_of_group(struct db *db, int64_t group, int64_t first, int64_t *number,
	    struct err *err);

/* The uidNumber that a person has: 1, 0 none was ever given, -1 failed. */
int	number_held(struct db *db, int64_t person, int64_t *number, struct err *err);

#endif
