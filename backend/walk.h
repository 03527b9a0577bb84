/*
 * The people and groups that a filter may match, in ascending order of ids, found by the keys
 * and orders of a snapshot: never fewer than it matches, often just these.
 */
#ifndef ROLLCALL_BACKEND_WALK_H
#define ROLLCALL_BACKEND_WALK_H

#include "backend/match.h"

struct walk;

/* Prepares a walk; it lives as long as the scratch memory and the sight. */
struct walk *walk_make(struct scratch *scratch, const struct sight *sight,
	    const struct match *match);

/* How many entries the walk leads to at most. */
size_t	walk_count(const struct walk *walk);

/*
 * The first candidate that is not below *id, which is set to it; false at the end. Ids asked
 * for must not descend.
 */
bool	walk_next(struct walk *walk, uint32_t *id);

#endif
