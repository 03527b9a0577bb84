/*
 * The member values of a group, made once for all who read them: a group may have tens of
 * thousands, and slapd wants an array of them.
 */
#ifndef ROLLCALL_BACKEND_MEMBERS_H
#define ROLLCALL_BACKEND_MEMBERS_H

#include "backend/pack.h"

#include "image/image.h"

/* Both arrays end with a null value and ascend as slapd sorts names: by length, then bytes. */
struct members {
	unsigned int	 count;
	struct berval	*pretty;
	struct berval	*normal;	/* may be `pretty` */
};

/* The members of a group in a snapshot; to be freed with mem_free. */
struct members *members_make(const struct image_snap *snap, uint32_t group);

#endif
