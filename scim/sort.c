/*
 * Owns nothing. Keys of all entries are taken out first, so that each is folded once.
 */
#include "config.h"

#include "scim/sort.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scim/make.h"

struct sort_key {
	uint32_t	 id;
	bool		 missing;
	int64_t		 instant;
	struct span	 text;
};

int
sort_read(const struct filter_scope *scope, const char *by, const char *order,
    struct sorting *sorting, struct err *err)
{
	struct attr_path path;

	*sorting = (struct sorting){ .descending = order != NULL &&
	    strcasecmp(order, "descending") == 0 };
	if (order != NULL && !sorting->descending &&
	    strcasecmp(order, "ascending") != 0)
		return (err_set(err, ERR_SCIM_VALUE,
		    "sortOrder is neither ascending nor descending"));
	if (by == NULL || *by == '\0')
		return (0);
	if (!attr_find(scope->type, by, strlen(by), &path) || path.attr == NULL ||
	    !form_serves(scope->form, path.attr))
		return (err_set(err, ERR_SCIM_VALUE,
		    "sortBy: there is no such attribute"));
	sorting->attr = attr_value(path.attr);
	if (sorting->attr == NULL)
		return (err_set(err, ERR_SCIM_VALUE,
		    "sortBy: %s has parts: name one of them", path.attr->name));
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
sort_fill(const struct filter_subject *subject, const struct sorting *sorting,
    const struct image_entry *entry, struct sort_key *key)
{
	const struct resource *resource = entry->payload;
	const struct item *item;

	key->id = entry->id;
	if (sorting->attr->type == ATTR_DATETIME) {
		key->instant = sorting->attr->id == ATTR_META_CREATED ? entry->created :
		    entry->modified;
		return;
	}
	if (sorting->attr->parent == attr_get(ATTR_MEMBERS))
		resource = group_members(subject->site, subject->snap, entry);
	item = sort_item(resource, sorting->attr);
	key->missing = item == NULL;
	if (item != NULL)
		key->text = value_span(subject->scratch, resource, item);
}

static int
sort_compare(const void *a, const void *b, void *context)
{
	const struct sorting *sorting = context;
	const struct sort_key *x = a, *y = b;
	int order;

	if (x->missing != y->missing)
		order = x->missing ? 1 : -1;
	else if (x->missing)
		order = 0;
	else if (sorting->attr->type == ATTR_DATETIME)
		order = x->instant < y->instant ? -1 : x->instant > y->instant;
	else
		order = span_compare(x->text, y->text);
	if (order != 0)
		return (sorting->descending ? -order : order);
	return (x->id < y->id ? -1 : x->id > y->id);
}

void
sort_ids(const struct filter_subject *subject, const struct sorting *sorting,
    struct id_list *ids)
{
	struct sorting by = *sorting;
	struct sort_key *keys;
	size_t i;

	if (sorting->attr == NULL)
		return;
	arena_reset(subject->scratch);
	keys = arena_alloc(subject->scratch, (ids->count + 1) * sizeof(*keys));
	for (i = 0; i < ids->count; i++)
		sort_fill(subject, sorting, snap_entry(subject->snap, ids->ids[i]),
		    &keys[i]);
	qsort_r(keys, ids->count, sizeof(*keys), sort_compare, &by);
	for (i = 0; i < ids->count; i++)
		ids->ids[i] = keys[i].id;
}
