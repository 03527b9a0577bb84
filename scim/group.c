/*
 * Owns nothing: what is made belongs to the entry.
 */
#include "config.h"

#include "scim/make.h"

struct resource *
group_make(struct maker *maker, const struct image_entry *entry,
    const struct view_group *row)
{
	uint64_t version;

	version = entry->version ^ maker->site->hash;
	buf_reset(&maker->out);
	writer_begin(&maker->writer, &maker->out, true);
	make_common(maker, RESOURCE_GROUP, entry, version,
	    type_get(RESOURCE_GROUP)->schemas);
	writer_text(&maker->writer, attr_get(ATTR_GROUP_NAME), 0, row->cn);
	writer_end(&maker->writer);
	return (resource_pack(&maker->writer, version));
}

struct resource *
tombstone_make(struct maker *maker, const struct image_entry *entry,
    const struct view_tombstone *row)
{
	const struct type *was = type_get(row->group ? RESOURCE_GROUP : RESOURCE_USER);
	uint64_t version;

	version = hash64_seed(&row->stamp, sizeof(row->stamp), maker->site->hash);
	buf_reset(&maker->out);
	writer_begin(&maker->writer, &maker->out, true);
	make_common(maker, RESOURCE_TOMBSTONE, entry, version,
	    type_get(RESOURCE_TOMBSTONE)->schemas);
	writer_text(&maker->writer, attr_get(ATTR_TOMBSTONE_TYPE), 0, was->name);
	writer_end(&maker->writer);
	return (resource_pack(&maker->writer, version));
}

static struct resource *
group_make_members(const struct site *site, const struct image_snap *snap,
    uint32_t group)
{
	struct buf out = BUF_INIT, url = BUF_INIT;
	struct writer writer = { .items = NULL };
	const struct image_entry *person;
	char uuid[UUID_TEXT_SIZE];
	struct resource *resource;
	struct cow_cursor cursor;
	unsigned int element;
	uint32_t id;

	element = 0;
	writer_begin(&writer, &out, true);
	snap_members_open(&cursor, snap, group);
	for (; snap_key_next(&cursor, &id); element++) {
		person = snap_entry(snap, id);
		writer_text(&writer, attr_get(ATTR_MEMBER_VALUE), element,
		    uuid_format(&person->uuid, uuid));
		writer_text(&writer, attr_get(ATTR_MEMBER_REF), element,
		    make_url(&url, site, RESOURCE_USER, &person->uuid));
		writer_text(&writer, attr_get(ATTR_MEMBER_TYPE), element,
		    type_get(RESOURCE_USER)->name);
	}
	writer_end(&writer);
	resource = resource_pack(&writer, 0);
	writer_close(&writer);
	buf_close(&out);
	buf_close(&url);
	return (resource);
}

/*
 * An entry's members are the same in every snapshot that holds it: one that joins or
 * leaves gives the group another version, and with it another entry.
 */
const struct resource *
group_members(const struct site *site, const struct image_snap *snap,
    const struct image_entry *group)
{
	struct resource *members, *mine, *resource = group->payload;

	members = atomic_load(&resource->members);
	if (members != NULL)
		return (members);
	mine = group_make_members(site, snap, group->id);
	if (atomic_compare_exchange_strong(&resource->members, &members, mine))
		return (mine);
	resource_free(mine);
	return (members);
}
