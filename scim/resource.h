/*
 * A resource as it is kept: its JSON, ready to be sent, with a comma behind it for
 * lists, and where each value stands in it. The members of a group are a resource of their own, made when somebody first
 * asks.
 */
#ifndef ROLLCALL_SCIM_RESOURCE_H
#define ROLLCALL_SCIM_RESOURCE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "scim/writer.h"

struct resource {
	uint32_t		  len;		/* of the JSON */
	uint32_t		  count;	/* of items */
	uint64_t		  version;	/* what the ETag says */
	_Atomic(struct resource *) members;	/* of a group: {"members":[…]} */
	struct item		  items[];	/* by place; then the JSON */
};

/* Packs what a writer wrote, whose buffer holds nothing else. */
struct resource *resource_pack(const struct writer *writer, uint64_t version);
void	resource_free(struct resource *resource);

static inline const char *
resource_json(const struct resource *resource)
{
	return ((const char *)(resource->items + resource->count));
}

/* The first value of an attribute, NULL when it has none. */
const struct item *resource_item(const struct resource *resource,
	    const struct attr *attr);

#define ETAG_SIZE 24
/* W/"0123456789abcdef". Returns `text`. */
const char *resource_etag(const struct resource *resource, char text[ETAG_SIZE]);
const char *etag_format(uint64_t version, char text[ETAG_SIZE]);

#endif
