/*
 * Which entries a filter can hold for, by the indexes of a snapshot: a short list where
 * there is an equality on something indexed, or a window of meta.lastModified.
 */
#ifndef ROLLCALL_SCIM_PLAN_H
#define ROLLCALL_SCIM_PLAN_H

#include "scim/filter.h"

struct id_list {
	uint32_t	*ids;		/* in the arena */
	size_t		 count;
	bool		 exact;		/* plan_find: the filter holds for all of them */
};

/*
 * Candidates of a type, ascending by id; everything the filter matches is among them.
 * False when no index helps: all must be asked.
 */
bool	plan_find(struct arena *arena, const struct filter_subject *subject,
	    enum resource_type type, const struct filter *filter,
	    struct id_list *candidates);

#endif
