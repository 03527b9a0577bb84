/*
 * Values of resources as filters and sorting compare them.
 */
#ifndef ROLLCALL_SCIM_VALUE_H
#define ROLLCALL_SCIM_VALUE_H

#include "scim/resource.h"

struct span {
	const char	*text;		/* not ended by a NUL */
	size_t		 len;
};

/* A value without JSON's escapes, folded where letter case does not count. */
struct span value_span(struct arena *arena, const struct resource *resource,
	    const struct item *item);

/* Bytes as numbers, which is Unicode's order in UTF-8; the shorter first. */
int	span_compare(struct span a, struct span b);

#endif
