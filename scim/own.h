/*
 * What one client adds to the resources it sees: its own id of each, externalId, and with it a
 * version of its own. Resources are kept without, since they are the same for all clients.
 */
#ifndef ROLLCALL_SCIM_OWN_H
#define ROLLCALL_SCIM_OWN_H

#include "image/image.h"
#include "scim/external.h"
#include "scim/value.h"

struct own {
	struct externals	*externals;	/* NULL: nobody adds anything */
	int64_t			 client;
	const struct external	*held;		/* between own_begin and own_end */
};

/* Nothing changes between the two, and whoever takes in changes waits: be quick. */
void	own_begin(struct own *own);
void	own_end(struct own *own);

/* The client's id of an entry, NULL for none. Between the two; valid until the end. */
static inline const char *
own_id(const struct own *own, const struct image_entry *entry)
{
	return (own == NULL || own->held == NULL ? NULL :
	    external_id(own->held, &entry->uuid));
}

/* A copy of it in the arena, at any other time. */
const char *own_copy(const struct own *own, const struct image_entry *entry,
	    struct arena *arena);

/* The entry with that id, as far as the snapshot has it; not between the two. */
const struct image_entry *own_find(const struct own *own, const struct image_snap *snap,
	    struct arena *arena, struct span id);

/* The version of a resource to which an id (NULL: none) was added. */
uint64_t own_version(const struct resource *resource, const char *id);

#endif
