/*
 * Which attributes of an entry a search will look at. slapd walks over all an entry has for
 * each that is asked for: handing it no others is the largest saving there is above its
 * frontend.
 */
#ifndef ROLLCALL_BACKEND_NEED_H
#define ROLLCALL_BACKEND_NEED_H

#include "backend/types.h"

/* Attributes without a slot. */
enum need_derived {
	NEED_CLASS = 1,
	NEED_STRUCTURAL = 2,
	NEED_MANAGER = 4,
	NEED_MEMBER_OF = 8,
	NEED_MEMBERS = 16,
	NEED_OPERATIONAL = 32,		/* entryUUID, entryCSN, contextCSN, who and when */
	NEED_DERIVED = 63
};

struct need {
	uint64_t	slots;
	unsigned int	derived;	/* enum need_derived */
};

/* Everything an entry has. */
extern const struct need need_all;

/*
 * Of the entries a search sends: what is asked for and what the filter names; everything where
 * an overlay, a callback, a control or an access rule may look at more.
 */
struct need need_of_search(Operation *op);

/* Of an entry that is only tested for access; under an assertion (RFC 4528), everything. */
struct need need_of_access(Operation *op);

#endif
