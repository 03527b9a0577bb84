/*
 * Entries as slapd wants them, made when they are asked for: arrays of values that point into
 * packs, and what is derived (design/directory.md §2).
 */
#ifndef ROLLCALL_BACKEND_UNPACK_H
#define ROLLCALL_BACKEND_UNPACK_H

#include "backend/live.h"
#include "backend/need.h"

/* Ids of slapd's entries: stable, never 0, parents before children. */
ID	unpack_id(const struct image_entry *entry);

/* Bytes unpack_into needs for an entry. */
size_t	unpack_size(const struct image_entry *entry);

/*
 * Makes the entry, with the attributes that are needed, in memory of that size, aligned for any
 * type. Its values are borrowed from the sight, and slapd must not free any part of it
 * (rs->sr_flags is 0).
 */
Entry	*unpack_into(void *memory, const struct sight *sight,
	    const struct image_entry *entry, const struct need *need);

/*
 * The entry with a sight of its own, for whoever keeps it beyond this call; give it back with
 * unpack_release. The sight is taken over.
 */
Entry	*unpack_keep(struct sight *sight, const struct image_entry *entry);
/*
 * Frees what unpack_keep made, or an entry of slapd's own (it hands us such); leaves alone what
 * unpack_into made.
 */
void	unpack_release(Entry *e);

#endif
