/*
 * How a batch of changes makes the indexes of the next snapshot: keys and orders of the entries
 * it touches are taken out as the old one has them and put in as the new one does.
 */
#include "config.h"

#include "image/snap.h"

#include <stdlib.h>
#include <string.h>

struct key_list {
	uint64_t	*numbers;
	size_t		 count;
	size_t		 room;
};

struct image_keys {
	uint32_t	 id;
	struct key_list	 lists[SNAP_SETS];
};

static void
keys_add(struct image_keys *keys, unsigned int set, uint32_t key, uint32_t id)
{
	struct key_list *list = &keys->lists[set];

	if (list->count == list->room) {
		list->room = list->room > 0 ? list->room * 2 : 64;
		list->numbers = mem_realloc(list->numbers,
		    list->room * sizeof(*list->numbers));
	}
	list->numbers[list->count++] = (uint64_t)key << 32 | id;
}

void
image_key(struct image_keys *keys, unsigned int set, uint32_t key)
{
	keys_add(keys, set, key, keys->id);
}

static bool
keys_same_groups(const struct image_entry *a, const struct image_entry *b)
{
	return (a->group_count == b->group_count && memcmp(a->groups, b->groups,
	    a->group_count * sizeof(a->groups[0])) == 0);
}

/* The keys of an entry, but for some that its other version has too. */
static void
keys_entry(const struct image_build *build, const struct image_entry *entry,
    const struct image_entry *other, struct image_keys *keys)
{
	uint32_t i;

	keys->id = entry->id;
	if (other == NULL || memcmp(entry->uuid.bytes, other->uuid.bytes,
	    sizeof(entry->uuid.bytes)) != 0)
		keys_add(keys, SNAP_UUID, snap_uuid_key(&entry->uuid), entry->id);
	if (entry->manager != 0 && (other == NULL || entry->manager != other->manager))
		keys_add(keys, SNAP_REPORTS, entry->manager, entry->id);
	if ((entry->id & IMAGE_GROUP) == 0 && (other == NULL ||
	    !keys_same_groups(entry, other)))
		for (i = 0; i < entry->group_count; i++)
			keys_add(keys, SNAP_MEMBERS, entry->groups[i], entry->id);
	build->ops->keys(build->context, entry, other, keys);
}

#define RADIX_BITS	11
#define RADIX_SIZE	(1U << RADIX_BITS)

/* One stable pass over the digit at `shift`; false when all numbers have the same one. */
static bool
keys_sort_digit(const uint64_t *from, uint64_t *to, size_t count, unsigned int shift)
{
	size_t i, n[RADIX_SIZE] = { 0 }, sum, was;

	for (i = 0; i < count; i++)
		n[from[i] >> shift & (RADIX_SIZE - 1)]++;
	if (n[from[0] >> shift & (RADIX_SIZE - 1)] == count)
		return (false);
	for (i = 0, sum = 0; i < RADIX_SIZE; i++) {
		was = n[i];
		n[i] = sum;
		sum += was;
	}
	for (i = 0; i < count; i++)
		to[n[from[i] >> shift & (RADIX_SIZE - 1)]++] = from[i];
	return (true);
}

/* Sorts digit by digit, least significant first. Ids that ascend already are in order. */
static void
keys_sort_radix(struct key_list *list)
{
	uint64_t *from, *other, *to;
	unsigned int shift;
	size_t i;

	for (i = 1; i < list->count; i++)
		if ((uint32_t)list->numbers[i] < (uint32_t)list->numbers[i - 1])
			break;
	from = list->numbers;
	to = other = mem_realloc(NULL, list->count * sizeof(*other));
	for (shift = i == list->count ? 32 : 0; shift < 64; shift += RADIX_BITS) {
		if (!keys_sort_digit(from, to, list->count, shift))
			continue;
		from = to;
		to = from == other ? list->numbers : other;
	}
	if (from == other) {
		other = list->numbers;
		list->numbers = from;
	}
	mem_free(&other);
}

static int
keys_compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x < *y ? -1 : *x > *y);
}

static void
keys_sort(struct key_list *list)
{
	size_t i, n;

	if (list->count > 4096)
		keys_sort_radix(list);
	else if (list->count > 1)
		qsort(list->numbers, list->count, sizeof(*list->numbers), keys_compare);
	for (i = n = 0; i < list->count; i++)
		if (n == 0 || list->numbers[n - 1] != list->numbers[i])
			list->numbers[n++] = list->numbers[i];
	list->count = n;
}

/* Takes out of both lists what they have in common: such keys stay. */
static void
keys_cancel(struct key_list *add, struct key_list *del)
{
	size_t a, d, i, j;

	a = d = i = j = 0;
	while (i < add->count || j < del->count) {
		if (j == del->count || (i < add->count && add->numbers[i] < del->numbers[j]))
			add->numbers[a++] = add->numbers[i++];
		else if (i == add->count || del->numbers[j] < add->numbers[i])
			del->numbers[d++] = del->numbers[j++];
		else
			i++, j++;
	}
	add->count = a;
	del->count = d;
}

static void
keys_gather(const struct image_build *build, const struct batch_item *items, size_t count,
    struct image_keys *add, struct image_keys *del)
{
	const struct image_entry *old;
	size_t i;

	for (i = 0; i < count; i++) {
		old = build->old != NULL ? snap_entry(build->old, items[i].id) : NULL;
		if (old != NULL)
			keys_entry(build, old, items[i].entry, del);
		if (items[i].entry != NULL)
			keys_entry(build, items[i].entry, old, add);
	}
}

void
keys_apply(const struct image_build *build, struct image_snap *snap, struct image_snap *old)
{
	struct image_keys add = { .id = 0 }, del = { .id = 0 };
	size_t i;

	/* Kinds with the smaller ids first, so that the lists ascend by id. */
	keys_gather(build, build->people, build->person_count, &add, &del);
	keys_gather(build, build->gone, build->gone_count, &add, &del);
	keys_gather(build, build->groups, build->group_count, &add, &del);
	for (i = 0; i < SNAP_SETS; i++) {
		keys_sort(&add.lists[i]);
		keys_sort(&del.lists[i]);
		keys_cancel(&add.lists[i], &del.lists[i]);
		if (old == NULL)
			snap->sets[i] = cow_set_build(add.lists[i].numbers, add.lists[i].count);
		else if (add.lists[i].count == 0 && del.lists[i].count == 0)
			snap->sets[i] = old->sets[i];
		else
			snap->sets[i] = cow_set_apply(old->sets[i], add.lists[i].numbers,
			    add.lists[i].count, del.lists[i].numbers, del.lists[i].count,
			    &old->trash);
		mem_free(&add.lists[i].numbers);
		mem_free(&del.lists[i].numbers);
	}
}

/* ---- orders ------------------------------------------------------------------------------------------ */

struct order_view {
	const struct image_snap	*snap;
	unsigned int		 order;
};

static int
order_compare(void *context, uint32_t a, uint32_t b)
{
	const struct order_view *view = context;
	int order;

	if (a == b)
		return (0);
	order = view->snap->ops->compare(view->snap->context, view->order,
	    snap_entry(view->snap, a), snap_entry(view->snap, b));
	return (order != 0 ? order : a < b ? -1 : 1);
}

/* An id, and where it stands, as far as a number can say. */
struct order_item {
	uint64_t	 rank;
	uint32_t	 id;
};

static int
order_compare_ranks(const void *a, const void *b)
{
	const struct order_item *x = a, *y = b;

	if (x->rank != y->rank)
		return (x->rank < y->rank ? -1 : 1);
	return (x->id < y->id ? -1 : x->id > y->id);
}

static int
order_compare_items(const void *a, const void *b, void *context)
{
	const struct order_item *x = a, *y = b;

	return (order_compare(context, x->id, y->id));
}

/*
 * By rank, which takes no look at entries; then those of one rank as they compare, which mostly
 * is by id: then they stand as they should.
 */
static void
order_sort(struct order_item *items, size_t count, struct order_view *view)
{
	size_t end, i;
	bool sorted;

	qsort(items, count, sizeof(*items), order_compare_ranks);
	for (i = 0; i < count; i = end) {
		sorted = true;
		for (end = i + 1; end < count && items[end].rank == items[i].rank; end++)
			sorted = sorted && order_compare(view, items[end - 1].id,
			    items[end].id) < 0;
		if (!sorted)
			qsort_r(&items[i], end - i, sizeof(*items), order_compare_items, view);
	}
}

/* Those of a part of the batch that are in an order, as one snapshot has them. */
static size_t
order_gather(const struct image_build *build, const struct order_view *view,
    const struct batch_item *list, size_t count, struct order_item *items)
{
	const struct image_ops *ops = build->ops;
	const struct image_entry *entry;
	size_t i, n;

	for (i = n = 0; i < count; i++) {
		entry = snap_entry(view->snap, list[i].id);
		if (entry == NULL || !ops->member(build->context, view->order, entry))
			continue;
		items[n++] = (struct order_item){ .id = entry->id, .rank = ops->rank != NULL ?
		    ops->rank(build->context, view->order, entry) : 0 };
	}
	return (n);
}

/* The ids of the batch that are in an order, as one snapshot has them; sorted. */
static uint32_t *
order_ids(const struct image_build *build, struct order_view *view, size_t *count)
{
	struct order_item *items;
	uint32_t *ids;
	size_t i, n;

	n = build->person_count + build->group_count + build->gone_count;
	items = mem_realloc(NULL, (n + 1) * sizeof(*items));
	n = order_gather(build, view, build->people, build->person_count, items);
	n += order_gather(build, view, build->groups, build->group_count, items + n);
	n += order_gather(build, view, build->gone, build->gone_count, items + n);
	order_sort(items, n, view);
	ids = mem_realloc(NULL, (n + 1) * sizeof(*ids));
	for (i = 0; i < n; i++)
		ids[i] = items[i].id;
	mem_free(&items);
	*count = n;
	return (ids);
}

void
orders_apply(const struct image_build *build, struct image_snap *snap,
    struct image_snap *old)
{
	struct order_view new_view, old_view;
	size_t add_count, del_count;
	uint32_t *add, *del;
	unsigned int i;

	for (i = 0; i < build->ops->orders; i++) {
		new_view = (struct order_view){ .snap = snap, .order = i };
		add = order_ids(build, &new_view, &add_count);
		if (old == NULL) {
			snap->orders[i] = cow_order_build(add, add_count);
		} else {
			old_view = (struct order_view){ .snap = old, .order = i };
			del = order_ids(build, &old_view, &del_count);
			snap->orders[i] = cow_order_apply(old->orders[i], order_compare,
			    &old_view, del, del_count, &new_view, add, add_count,
			    &old->trash);
			mem_free(&del);
		}
		mem_free(&add);
	}
}
