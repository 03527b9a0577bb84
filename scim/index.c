/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/index.h"

#include "scim/fold.h"
#include "scim/make.h"
#include "scim/value.h"

uint32_t
index_key(const struct attr *attr, const char *text, size_t len)
{
	return ((uint32_t)hash64_seed(text, len, attr->id + 1));
}

void
index_keys(struct arena *arena, const struct image_entry *entry,
    struct image_keys *keys)
{
	const struct resource *resource = entry->payload;
	const struct attr *attr;
	struct span span;
	uint32_t i;

	arena_reset(arena);
	for (i = 0; i < resource->count; i++) {
		attr = attr_get(resource->items[i].attr);
		if ((attr->flags & ATTR_INDEXED) == 0)
			continue;
		span = value_span(arena, resource, &resource->items[i]);
		image_key(keys, INDEX_VALUES, index_key(attr, span.text, span.len));
	}
}

int
index_compare(const struct image_entry *a, const struct image_entry *b)
{
	return (a->modified < b->modified ? -1 : a->modified > b->modified);
}

bool
index_member(unsigned int order, const struct image_entry *entry)
{
	return (entry_type(entry) == (enum resource_type)order);
}
