/*
 * How a view's image is indexed for SCIM: keys of values for equality, an order by time
 * of change for each type of resource.
 */
#ifndef ROLLCALL_SCIM_INDEX_H
#define ROLLCALL_SCIM_INDEX_H

#include "image/image.h"
#include "scim/resource.h"

enum { INDEX_VALUES, INDEX_SETS };		/* sets of keys */

/* The key of a value in INDEX_VALUES, folded where letter case does not count. */
uint32_t index_key(const struct attr *attr, const char *text, size_t len);

/* For struct image_ops; the arena is reset. */
void	index_keys(struct arena *arena, const struct image_entry *entry,
	    struct image_keys *keys);

/* Orders, by enum resource_type: ascending by meta.lastModified. */
int	index_compare(const struct image_entry *a, const struct image_entry *b);
bool	index_member(unsigned int order, const struct image_entry *entry);

#endif
