/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/own.h"

#include "base/digest.h"

void
own_begin(struct own *own)
{
	own->held = own->externals != NULL ? external_begin(own->externals, own->client) :
	    NULL;
}

void
own_end(struct own *own)
{
	if (own->held != NULL)
		external_end(own->externals, own->held);
	own->held = NULL;
}

const char *
own_copy(const struct own *own, const struct image_entry *entry, struct arena *arena)
{
	struct own mine = *own;
	const char *id;

	own_begin(&mine);
	id = arena_dup(arena, own_id(&mine, entry));
	own_end(&mine);
	return (id);
}

const struct image_entry *
own_find(const struct own *own, const struct image_snap *snap, struct arena *arena,
    struct span id)
{
	struct own mine = *own;
	struct uuid uuid;
	bool found;

	own_begin(&mine);
	found = external_find(mine.held, arena_dup_len(arena, id.text, id.len), &uuid);
	own_end(&mine);
	return (found ? snap_uuid(snap, &uuid) : NULL);
}

uint64_t
own_version(const struct resource *resource, const char *id)
{
	return (id != NULL ? resource->version ^ hash64_text(id) : resource->version);
}
