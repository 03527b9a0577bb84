/*
 * Sorting (RFC 7644 §3.4.2.3): by one attribute, ties by id. People without a value
 * come last when ascending.
 */
#ifndef ROLLCALL_SCIM_SORT_H
#define ROLLCALL_SCIM_SORT_H

#include "scim/filter.h"
#include "scim/plan.h"

struct sorting {
	const struct attr	*attr;		/* a simple one; NULL: by id */
	bool			 descending;
};

/*
 * From sortBy and sortOrder, NULL when not given. -1: there is no such attribute, or it
 * has parts.
 */
int	sort_read(const struct filter_scope *scope, const char *by, const char *order,
	    struct sorting *sorting, struct err *err);

/* Sorts ids of a snapshot's entries, ascending before. */
void	sort_ids(const struct filter_subject *subject, const struct sorting *sorting,
	    struct id_list *ids);

#endif
