/*
 * Reads what left a view. One thread at a time (image->writer).
 */
#include "config.h"

#include "image/inside.h"

#include <stdlib.h>

/* Tombstones that were read, to be sorted by the time of leaving. */
struct gone_list {
	struct view_tombstone	*rows;
	size_t			 count;
	size_t			 room;
};

static int
gone_compare(const void *a, const void *b)
{
	const struct view_tombstone *x = a, *y = b;

	return (x->stamp < y->stamp ? -1 : x->stamp > y->stamp);
}

static void
gone_make(struct image *image, struct image_build *build, const struct view_tombstone *row)
{
	struct image_entry *entry;

	entry = mem_alloc(sizeof(*entry));
	entry->id = ++image->last_gone | IMAGE_GONE;
	entry->uuid = row->uuid;
	entry->created = entry->modified = row->stamp;
	entry->version = (uint64_t)row->stamp;
	entry->payload = build->ops->make_gone(build->context, entry, row);
	build_put(build, entry->id, entry);
}

/* What was there under the UUID: a person, a group, or an older tombstone. */
static void
gone_take_out(struct image_build *build, const struct uuid *uuid)
{
	const struct image_entry *entry;

	entry = build->old != NULL ? snap_uuid(build->old, uuid) : NULL;
	if (entry != NULL)
		build_put(build, entry->id, NULL);
}

static int
gone_read(struct image *image, struct image_build *build, const struct view_row *view,
    struct gone_list *list, struct err *err)
{
	struct view_tombstone row, *slot;
	int result;

	while ((result = view_tombstones_next(image->db, &row, err)) > 0) {
		gone_take_out(build, &row.uuid);
		if (build->ops->make_gone == NULL || row.stamp <= view->forgotten)
			continue;
		slot = mem_grow(&list->rows, list->count++, &list->room, sizeof(*slot));
		*slot = row;
	}
	return (result);
}

static void
gone_returned(struct image_build *build, const struct batch_item *items, size_t count)
{
	const struct image_entry *entry;
	size_t i;

	for (i = 0; i < count; i++) {
		entry = items[i].entry != NULL ? snap_uuid(build->old, &items[i].entry->uuid) :
		    NULL;
		if (entry != NULL && (entry->id & IMAGE_GONE) != 0)
			build_put(build, entry->id, NULL);
	}
}

/* The oldest come first. */
static void
gone_forgotten(struct image_build *build, int64_t horizon)
{
	const struct image_entry *entry;
	uint32_t id;

	for (id = IMAGE_GONE; (entry = snap_next(build->old, &id)) != NULL; id++) {
		if (entry->modified > horizon)
			break;
		build_put(build, id, NULL);
	}
}

int
image_read_gone(struct image *image, struct image_build *build, const struct view_row *view,
    int64_t since, struct err *err)
{
	struct gone_list list = { .rows = NULL };
	size_t i;
	int result;

	if (build->old == NULL && build->ops->make_gone == NULL)
		return (0);
	view_tombstones_walk(image->db, view->id, since);
	result = gone_read(image, build, view, &list, err);
	if (list.count > 0)
		qsort(list.rows, list.count, sizeof(*list.rows), gone_compare);
	for (i = 0; result == 0 && i < list.count; i++)
		gone_make(image, build, &list.rows[i]);
	mem_free(&list.rows);
	if (result < 0 || build->old == NULL || build->ops->make_gone == NULL)
		return (result);
	gone_returned(build, build->people, build->person_count);
	gone_returned(build, build->groups, build->group_count);
	gone_forgotten(build, view->forgotten);
	return (0);
}
