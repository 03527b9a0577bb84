/*
 * Makes the resources of a view's entries: how a person and a group look in SCIM
 * (design/directory.md §3).
 */
#ifndef ROLLCALL_SCIM_MAKE_H
#define ROLLCALL_SCIM_MAKE_H

#include "base/map.h"
#include "image/image.h"
#include "scim/form.h"
#include "scim/resource.h"

/* What makers use again and again; one thread at a time. */
struct maker {
	const struct site	*site;
	struct writer		 writer;
	struct buf		 out;
	struct buf		 url;
	struct arena		*arena;
	struct map		 names;		/* hash of a leaver's e-mail → id */
};

void	maker_open(struct maker *maker, const struct site *site);
void	maker_close(struct maker *maker);

struct resource *person_make(struct maker *maker, const struct image_build *build,
	    const struct image_entry *entry, const struct view_person *row);
struct resource *group_make(struct maker *maker, const struct image_entry *entry,
	    const struct view_group *row);
struct resource *tombstone_make(struct maker *maker, const struct image_entry *entry,
	    const struct view_tombstone *row);

/*
 * The members of a group, as of a snapshot that holds its entry; made the first time
 * and kept with the group. Safe from any thread.
 */
const struct resource *group_members(const struct site *site,
	    const struct image_snap *snap, const struct image_entry *group);

/* ---- for makers ---------------------------------------------------------- */

/* The URL of a resource, valid until the next one is made in the same buffer. */
const char *make_url(struct buf *url, const struct site *site, enum resource_type type,
	    const struct uuid *uuid);

/* schemas, id and meta. `schemas` is ended by SCHEMA_N. */
void	make_common(struct maker *maker, enum resource_type type,
	    const struct image_entry *entry, uint64_t version,
	    const enum schema_id *schemas);

static inline enum resource_type
id_type(uint32_t id)
{
	if ((id & (IMAGE_GROUP | IMAGE_GONE)) == 0)
		return (RESOURCE_USER);
	return ((id & IMAGE_GROUP) != 0 ? RESOURCE_GROUP : RESOURCE_TOMBSTONE);
}

static inline enum resource_type
entry_type(const struct image_entry *entry)
{
	return (id_type(entry->id));
}

/* The bits of a type's ids (snap_next), and how many resources of it there are. */
static inline uint32_t
type_kind(enum resource_type type)
{
	static const uint32_t kinds[RESOURCE_N] = {
		[RESOURCE_GROUP] = IMAGE_GROUP,
		[RESOURCE_TOMBSTONE] = IMAGE_GONE,
	};

	return (kinds[type]);
}

static inline size_t
type_count(const struct image_snap *snap, enum resource_type type)
{
	if (type == RESOURCE_USER)
		return (snap_people(snap));
	return (type == RESOURCE_GROUP ? snap_groups(snap) : snap_gone(snap));
}

#endif
