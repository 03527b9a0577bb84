/*
 * Owns what a snapshot is made of. Everything in one is immutable once readers can see it.
 */
#include "config.h"

#include "image/snap.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a snapshot tells ----------------------------------------------------------------- */

int64_t
snap_revision(const struct image_snap *snap)
{
	return (snap->revision);
}

int64_t
snap_stamp(const struct image_snap *snap)
{
	return (snap->stamp);
}

const struct uuid *
snap_epoch(const struct image_snap *snap)
{
	return (&snap->epoch);
}

int64_t
snap_horizon(const struct image_snap *snap)
{
	return (snap->horizon);
}

const char *
snap_settings_get(const struct snap_settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (strcmp(settings->rows[i].name, name) == 0)
			return (settings->rows[i].value);
	return (NULL);
}

const char *
snap_setting(const struct image_snap *snap, const char *name)
{
	return (snap_settings_get(snap->settings, name));
}

const void *
snap_form(const struct image_snap *snap)
{
	return (snap->settings->form);
}

static const struct cow_array *
snap_array(const struct image_snap *snap, uint32_t kind)
{
	if ((kind & IMAGE_GROUP) != 0)
		return (snap->groups);
	return ((kind & IMAGE_GONE) != 0 ? snap->gone : snap->people);
}

const struct image_entry *
snap_entry(const struct image_snap *snap, uint32_t id)
{
	if ((id & IMAGE_KIND) == 0)
		return (cow_array_get(snap->people, id));
	return (cow_array_get(snap_array(snap, id), id & ~IMAGE_KIND));
}

size_t
snap_people(const struct image_snap *snap)
{
	return (cow_array_count(snap->people));
}

size_t
snap_groups(const struct image_snap *snap)
{
	return (cow_array_count(snap->groups));
}

size_t
snap_gone(const struct image_snap *snap)
{
	return (cow_array_count(snap->gone));
}

const struct image_entry *
snap_next(const struct image_snap *snap, uint32_t *id)
{
	const struct image_entry *entry;
	uint32_t index, kind;

	kind = *id & IMAGE_KIND;
	index = *id & ~IMAGE_KIND;
	entry = cow_array_next(snap_array(snap, kind), &index);
	*id = index | kind;
	return (entry);
}

bool
snap_nth_of(const struct image_snap *snap, uint32_t kind, size_t n, uint32_t *id)
{
	if (!cow_array_nth(snap_array(snap, kind), n, id))
		return (false);
	*id |= kind;
	return (true);
}

static void
snap_cursor(struct cow_cursor *cursor, const struct image_snap *snap, unsigned int set,
    uint32_t key)
{
	uint64_t low = (uint64_t)key << 32;

	cow_cursor_open(cursor, snap->sets[set], low, low | UINT32_MAX);
}

size_t
snap_key_count(const struct image_snap *snap, unsigned int set, uint32_t key)
{
	uint64_t low = (uint64_t)key << 32;

	return (cow_set_range_count(snap->sets[set], low, low | UINT32_MAX));
}

void
snap_key_open(struct cow_cursor *cursor, const struct image_snap *snap, unsigned int set,
    uint32_t key)
{
	snap_cursor(cursor, snap, set, key);
}

size_t
snap_key_open_count(struct cow_cursor *cursor, const struct image_snap *snap,
    unsigned int set, uint32_t key)
{
	uint64_t low = (uint64_t)key << 32;

	return (cow_cursor_open_count(cursor, snap->sets[set], low, low | UINT32_MAX));
}

bool
snap_key_next(struct cow_cursor *cursor, uint32_t *id)
{
	uint64_t number;

	if (!cow_cursor_next(cursor, &number))
		return (false);
	*id = (uint32_t)number;
	return (true);
}

void
snap_key_seek(struct cow_cursor *cursor, uint32_t id)
{
	cow_cursor_seek(cursor, (cursor->high & ~(uint64_t)UINT32_MAX) | id);
}

void
snap_members_open(struct cow_cursor *cursor, const struct image_snap *snap, uint32_t group)
{
	snap_cursor(cursor, snap, SNAP_MEMBERS, group);
}

size_t
snap_reports_open(struct cow_cursor *cursor, const struct image_snap *snap,
    uint32_t manager)
{
	return (snap_key_open_count(cursor, snap, SNAP_REPORTS, manager));
}

uint32_t
snap_uuid_key(const struct uuid *uuid)
{
	return ((uint32_t)hash64(uuid->bytes, sizeof(uuid->bytes)));
}

const struct image_entry *
snap_uuid(const struct image_snap *snap, const struct uuid *uuid)
{
	const struct image_entry *entry;
	struct cow_cursor cursor;
	uint32_t id;

	snap_cursor(&cursor, snap, SNAP_UUID, snap_uuid_key(uuid));
	while (snap_key_next(&cursor, &id)) {
		entry = snap_entry(snap, id);
		if (memcmp(entry->uuid.bytes, uuid->bytes, sizeof(uuid->bytes)) == 0)
			return (entry);
	}
	return (NULL);
}

const struct cow_order *
snap_order(const struct image_snap *snap, unsigned int order)
{
	return (snap->orders[order]);
}

/* ---- batches ----------------------------------------------------------------------------------- */

void
build_put(struct image_build *build, uint32_t id, struct image_entry *entry)
{
	struct batch_item *item;

	if ((id & IMAGE_GROUP) != 0)
		item = mem_grow(&build->groups, build->group_count++, &build->group_room,
		    sizeof(*item));
	else if ((id & IMAGE_GONE) != 0)
		item = mem_grow(&build->gone, build->gone_count++, &build->gone_room,
		    sizeof(*item));
	else
		item = mem_grow(&build->people, build->person_count++, &build->person_room,
		    sizeof(*item));
	*item = (struct batch_item){ .id = id, .entry = entry };
}

static int
build_compare(const void *a, const void *b)
{
	const struct batch_item *x = a, *y = b;

	return (x->id < y->id ? -1 : x->id > y->id);
}

static void
build_sort_list(struct batch_item *items, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (items[i - 1].id > items[i].id)
			break;
	if (i < count)
		qsort(items, count, sizeof(*items), build_compare);
}

void
build_sort(struct image_build *build)
{
	build_sort_list(build->groups, build->group_count);
	build_sort_list(build->people, build->person_count);
	build_sort_list(build->gone, build->gone_count);
}

static void
entry_free(const struct image_ops *ops, void *context, struct image_entry *entry)
{
	ops->free_payload(context, entry->payload);
	free(entry);
}

static void
build_free_entries(struct image_build *build, struct batch_item *items, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (items[i].entry != NULL)
			entry_free(build->ops, build->context, items[i].entry);
}

void
build_close(struct image_build *build, bool entries)
{
	if (entries) {
		build_free_entries(build, build->groups, build->group_count);
		build_free_entries(build, build->people, build->person_count);
		build_free_entries(build, build->gone, build->gone_count);
	}
	mem_free(&build->groups);
	mem_free(&build->people);
	mem_free(&build->gone);
}

const struct image_entry *
image_build_group(const struct image_build *build, uint32_t id)
{
	const struct batch_item *item;
	const struct batch_item probe = { .id = id };
	size_t place;

	/* Of a whole view, the ids leave few gaps: it is often where it would be without any. */
	place = build->group_count == 0 ? 0 : id - build->groups[0].id;
	if (place < build->group_count && build->groups[place].id == id)
		return (build->groups[place].entry);
	item = build->group_count == 0 ? NULL : bsearch(&probe, build->groups,
	    build->group_count, sizeof(probe), build_compare);
	if (item != NULL)
		return (item->entry);
	return (build->old != NULL ? snap_entry(build->old, id) : NULL);
}

const void *
image_build_form(const struct image_build *build)
{
	return (build->settings->form);
}

/* ---- snapshots ------------------------------------------------------------------------------------------ */

static void
snap_release_entry(void *context, void *memory)
{
	const struct image_snap *snap = context;

	entry_free(snap->ops, snap->context, memory);
}

static struct cow_array *
snap_apply_array(const struct batch_item *items, size_t count, struct cow_array *array,
    struct image_snap *old)
{
	struct cow_array *new;
	struct cow_put *puts;
	void *before;
	size_t i;

	puts = mem_realloc(NULL, (count + 1) * sizeof(*puts));
	for (i = 0; i < count; i++) {
		puts[i] = (struct cow_put){ .index = items[i].id & ~IMAGE_KIND,
		    .pointer = items[i].entry };
		before = array != NULL ? cow_array_get(array, puts[i].index) : NULL;
		if (before != NULL)
			cow_discard_by(&old->trash, snap_release_entry, old, before);
	}
	new = cow_array_apply(array, puts, count, old != NULL ? &old->trash : NULL);
	mem_free(&puts);
	return (new);
}

struct image_snap *
snap_build(struct image_build *build, struct image_snap *old)
{
	struct image_snap *snap;

	snap = mem_alloc(sizeof(*snap));
	snap->ops = build->ops;
	snap->context = build->context;
	snap->groups = old != NULL && build->group_count == 0 ? old->groups :
	    snap_apply_array(build->groups, build->group_count,
	    old != NULL ? old->groups : NULL, old);
	snap->people = old != NULL && build->person_count == 0 ? old->people :
	    snap_apply_array(build->people, build->person_count,
	    old != NULL ? old->people : NULL, old);
	snap->gone = old != NULL && build->gone_count == 0 ? old->gone :
	    snap_apply_array(build->gone, build->gone_count,
	    old != NULL ? old->gone : NULL, old);
	keys_apply(build, snap, old);
	orders_apply(build, snap, old);
	return (snap);
}

void
snap_settings_close(struct snap_settings **settings)
{
	if (*settings == NULL)
		return;
	if ((*settings)->form != NULL && (*settings)->ops->free_form != NULL)
		(*settings)->ops->free_form((*settings)->context, (*settings)->form);
	arena_close(&(*settings)->arena);
	mem_free(&(*settings)->rows);
	mem_free(settings);
}

void
snap_close(struct image_snap **snap)
{
	cow_empty(&(*snap)->trash);
	mem_free(snap);
}

static void
snap_free_entries(struct image_snap *snap, uint32_t id)
{
	const struct image_entry *entry;

	for (; (entry = snap_next(snap, &id)) != NULL; id++)
		snap_release_entry(snap, (void *)(uintptr_t)entry);
}

void
snap_close_whole(struct image_snap **out)
{
	struct image_snap *snap = *out;
	size_t i;

	if (snap == NULL)
		return;
	snap_free_entries(snap, 0);
	snap_free_entries(snap, IMAGE_GROUP);
	snap_free_entries(snap, IMAGE_GONE);
	cow_array_close(&snap->people);
	cow_array_close(&snap->groups);
	cow_array_close(&snap->gone);
	for (i = 0; i < SNAP_SETS; i++)
		cow_set_close(&snap->sets[i]);
	for (i = 0; i < IMAGE_ORDERS; i++)
		cow_order_close(&snap->orders[i]);
	snap_settings_close(&snap->settings);
	snap_close(out);
}
