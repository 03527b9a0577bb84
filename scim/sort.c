/*
 * Owns nothing. The key of each entry is taken out once, and those of the page are kept.
 */
#include "config.h"

#include "scim/sort.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scim/make.h"

/* sortBy of one type. 1 it has the attribute, 0 it has not, -1. */
static int
sort_read_type(const struct filter_scope *scope, enum resource_type type, const char *by,
    const struct attr **attr, struct err *err)
{
	struct attr_path path;

	if (!attr_find(type, by, strlen(by), &path) || path.attr == NULL ||
	    !form_serves(scope->form, path.attr))
		return (0);
	*attr = attr_value(path.attr);
	if (*attr == NULL)
		return (err_set(err, ERR_SCIM_VALUE,
		    "sortBy: %s has parts: name one of them", path.attr->name));
	return (1);
}

int
sort_read(const struct filter_scope *scope, const char *by, const char *order,
    struct sorting *sorting, struct err *err)
{
	enum resource_type type;
	int result;

	*sorting = (struct sorting){ .descending = order != NULL &&
	    strcasecmp(order, "descending") == 0 };
	if (order != NULL && !sorting->descending &&
	    strcasecmp(order, "ascending") != 0)
		return (err_set(err, ERR_SCIM_VALUE,
		    "sortOrder is neither ascending nor descending"));
	if (by == NULL || *by == '\0') {
		/* Ids of tombstones are an image's own, and cursors outlive it. */
		sorting->sorted = scope->type == RESOURCE_TOMBSTONE;
		if (sorting->sorted)
			sorting->attr[scope->type] = attr_get(ATTR_META_MODIFIED);
		return (0);
	}
	for (type = 0; type < RESOURCE_N; type++) {
		if (scope->root ? type >= RESOURCE_ROOT_N : type != scope->type)
			continue;
		result = sort_read_type(scope, type, by, &sorting->attr[type], err);
		if (result < 0)
			return (-1);
		sorting->sorted |= result > 0;
	}
	if (!sorting->sorted)
		return (err_set(err, ERR_SCIM_VALUE,
		    "sortBy: there is no such attribute"));
	return (0);
}

/* The element that says it is the primary one, else the first. */
static uint32_t
sort_element(const struct resource *resource, const struct attr *attr)
{
	const struct item *item;
	const struct attr *primary;
	uint32_t i;

	primary = attr->parent != NULL ? attr_child(attr->parent, "primary", 7) : NULL;
	for (i = 0; primary != NULL && i < resource->count; i++) {
		item = &resource->items[i];
		if (item->attr == primary->id &&
		    resource_json(resource)[item->at] == 't')
			return (item->element);
	}
	return (0);
}

static const struct item *
sort_item(const struct resource *resource, const struct attr *attr)
{
	const struct item *item, *first;
	uint32_t element, i;

	element = sort_element(resource, attr);
	first = NULL;
	for (i = 0; i < resource->count; i++) {
		item = &resource->items[i];
		if (item->attr != attr->id)
			continue;
		if (item->element == element)
			return (item);
		if (first == NULL)
			first = item;
	}
	return (first);
}

static void
sort_key_value(const struct filter_subject *subject, const struct attr *attr,
    const struct image_entry *entry, struct sort_key *key)
{
	const struct resource *resource = entry->payload;
	const struct item *item;
	const char *id;

	if (attr->id == ATTR_EXTERNAL_ID) {
		id = own_copy(&subject->own, entry, subject->scratch);
		if (id == NULL)
			return;
		key->kind = SORT_TEXT;
		key->text = (struct span){ id, strlen(id) };
		return;
	}
	if (attr->parent == attr_get(ATTR_MEMBERS))
		resource = group_members(subject->site, subject->snap, entry);
	item = sort_item(resource, attr);
	if (item == NULL)
		return;
	key->kind = SORT_TEXT;
	key->text = value_span(subject->scratch, resource, item);
}

void
sort_key_read(const struct filter_subject *subject, const struct sorting *sorting,
    const struct image_entry *entry, struct sort_key *key)
{
	const struct attr *attr = sorting->attr[entry_type(entry)];

	*key = (struct sort_key){ .id = entry->id,
	    .kind = sorting->sorted ? SORT_MISSING : SORT_ID };
	if (attr == NULL)
		return;
	if (attr->type != ATTR_DATETIME) {
		sort_key_value(subject, attr, entry, key);
		return;
	}
	key->kind = SORT_INSTANT;
	key->instant = attr->id == ATTR_META_CREATED ? entry->created : entry->modified;
}

/* Without a value last. */
static int
sort_compare_values(const struct sort_key *a, const struct sort_key *b)
{
	if (a->kind == SORT_MISSING || b->kind == SORT_MISSING)
		return ((a->kind == SORT_MISSING) - (b->kind == SORT_MISSING));
	if (a->kind == SORT_INSTANT)
		return (a->instant < b->instant ? -1 : a->instant > b->instant);
	return (span_compare(a->text, b->text));
}

int
sort_compare(const struct sorting *sorting, const struct sort_key *a,
    const struct sort_key *b)
{
	int order;

	order = sort_compare_values(a, b);
	if (order != 0)
		return (sorting->descending ? -order : order);
	return (a->id < b->id ? -1 : a->id > b->id);
}

static int
sort_compare_keys(const void *a, const void *b, void *context)
{
	return (sort_compare(context, a, b));
}

/*
 * The first keys of many: a heap with the last of them on top, as soon as there are as
 * many as are wanted.
 */
struct sort_heap {
	const struct sorting	*sorting;
	struct sort_key		*keys;
	size_t			 count;
	size_t			 most;
};

static void
heap_sift(const struct sort_heap *heap, size_t at)
{
	struct sort_key *keys = heap->keys, key = keys[at];
	size_t child;

	while ((child = 2 * at + 1) < heap->count) {
		if (child + 1 < heap->count &&
		    sort_compare(heap->sorting, &keys[child], &keys[child + 1]) < 0)
			child++;
		if (sort_compare(heap->sorting, &key, &keys[child]) >= 0)
			break;
		keys[at] = keys[child];
		at = child;
	}
	keys[at] = key;
}

static void
heap_add(struct sort_heap *heap, const struct sort_key *key)
{
	size_t i;

	if (heap->count < heap->most) {
		heap->keys[heap->count++] = *key;
		for (i = heap->count == heap->most ? heap->count / 2 : 0; i > 0; i--)
			heap_sift(heap, i - 1);
	} else if (heap->most > 0 &&
	    sort_compare(heap->sorting, key, &heap->keys[0]) < 0) {
		heap->keys[0] = *key;
		heap_sift(heap, 0);
	}
}

void
sort_ids(const struct filter_subject *subject, const struct sorting *sorting,
    const struct sort_key *after, size_t most, struct id_list *ids)
{
	struct sorting by = *sorting;
	struct sort_heap heap = { .sorting = &by,
		.most = most < ids->count ? most : ids->count };
	struct sort_key key;
	size_t i;

	arena_reset(subject->scratch);
	heap.keys = arena_alloc(subject->scratch, heap.most * sizeof(*heap.keys));
	for (i = 0; i < ids->count; i++) {
		sort_key_read(subject, sorting, snap_entry(subject->snap, ids->ids[i]),
		    &key);
		if (after == NULL || sort_compare(sorting, after, &key) < 0)
			heap_add(&heap, &key);
	}
	qsort_r(heap.keys, heap.count, sizeof(*heap.keys), sort_compare_keys, &by);
	for (i = 0; i < heap.count; i++)
		ids->ids[i] = heap.keys[i].id;
	ids->count = heap.count;
}
