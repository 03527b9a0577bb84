/*
 * Owns nothing. A filter is asked of the items of an entry's resource; those of a
 * group's members stand in a resource of their own, made when a filter first asks for
 * it.
 */
#include "config.h"

#include "scim/filter.h"

#include <string.h>

#include "scim/make.h"

/* Values under consideration: of a whole resource, or of one element. */
struct items {
	const struct resource	*resource;
	const struct item	*list;
	uint32_t		 count;
};

struct match {
	const struct filter_subject	*subject;
	const struct image_entry	*entry;
};

static bool match_node(const struct match *match, const struct filter *filter,
    const struct items *element);

static bool
item_belongs(const struct item *item, const struct attr *attr)
{
	const struct attr *own = attr_get(item->attr);

	return (own == attr || own->parent == attr);
}

/* All values of the resource in which an attribute stands. */
static struct items
match_items(const struct match *match, const struct attr *attr)
{
	const struct resource *resource = match->entry->payload;
	const struct attr *members = attr_get(ATTR_MEMBERS);

	if (entry_type(match->entry) == RESOURCE_GROUP &&
	    (attr == members || attr->parent == members))
		resource = group_members(match->subject->site, match->subject->snap,
		    match->entry);
	return ((struct items){ resource, resource->items, resource->count });
}

/* ---- one value ----------------------------------------------------------- */

bool
filter_order_holds(enum filter_op op, int order)
{
	switch (op) {
	case FILTER_EQ:
		return (order == 0);
	case FILTER_NE:
		return (order != 0);
	case FILTER_GT:
		return (order > 0);
	case FILTER_GE:
		return (order >= 0);
	case FILTER_LT:
		return (order < 0);
	case FILTER_LE:
		return (order <= 0);
	case FILTER_CO:
	case FILTER_SW:
	case FILTER_EW:
	case FILTER_PR:
	case FILTER_OP_N:
		break;
	}
	return (false);
}

static bool
span_has(enum filter_op op, struct span value, struct span part)
{
	if (part.len > value.len)
		return (false);
	if (op == FILTER_CO)
		return (memmem(value.text, value.len, part.text, part.len) != NULL);
	if (op == FILTER_EW)
		value.text += value.len - part.len;
	return (memcmp(value.text, part.text, part.len) == 0);
}

bool
filter_text_holds(const struct filter *filter, struct span value)
{
	if (filter->op == FILTER_CO || filter->op == FILTER_SW ||
	    filter->op == FILTER_EW)
		return (span_has(filter->op, value, filter->text));
	return (filter_order_holds(filter->op, span_compare(value, filter->text)));
}

static bool
match_text(const struct match *match, const struct filter *filter,
    const struct resource *resource, const struct item *item)
{
	return (filter_text_holds(filter, value_span(match->subject->scratch, resource,
	    item)));
}

int
filter_compare_instant(const struct filter *filter, int64_t instant)
{
	if (instant != filter->instant)
		return (instant < filter->instant ? -1 : 1);
	return (filter->beyond ? -1 : 0);
}

/* The only times are an entry's own stamps. */
static bool
match_instant(const struct match *match, const struct filter *filter)
{
	int64_t instant;

	instant = filter->attr->id == ATTR_META_CREATED ? match->entry->created :
	    match->entry->modified;
	return (filter_order_holds(filter->op,
	    filter_compare_instant(filter, instant)));
}

/* ---- one comparison ------------------------------------------------------ */

static bool
match_present(const struct items *items, const struct attr *attr)
{
	uint32_t i;

	for (i = 0; i < items->count; i++)
		if (item_belongs(&items->list[i], attr))
			return (true);
	return (false);
}

static bool
match_values(const struct match *match, const struct filter *filter,
    const struct items *items)
{
	bool any;
	uint32_t i;

	any = false;
	for (i = 0; i < items->count; i++) {
		if (items->list[i].attr != filter->attr->id)
			continue;
		any = true;
		if (match_text(match, filter, items->resource, &items->list[i]))
			return (true);
	}
	return (!any && filter->op == FILTER_NE);
}

const struct image_entry *
filter_entry(const struct image_snap *snap, const struct filter *filter)
{
	char text[UUID_TEXT_SIZE];
	struct uuid uuid;

	if (filter->text.len != sizeof(text) - 1)
		return (NULL);
	memcpy(text, filter->text.text, filter->text.len);
	text[filter->text.len] = '\0';
	return (uuid_parse(text, &uuid) ? snap_uuid(snap, &uuid) : NULL);
}

/* "members eq": asked often of groups with many, so not by looking at each. */
static bool
match_member(const struct match *match, const struct filter *filter)
{
	const struct image_entry *person;
	uint32_t i;

	person = filter_entry(match->subject->snap, filter);
	if (person == NULL || entry_type(person) != RESOURCE_USER)
		return (false);
	for (i = 0; i < person->group_count; i++)
		if (person->groups[i] == match->entry->id)
			return (true);
	return (false);
}

/* The client's own id is in no resource. */
static bool
match_own(const struct match *match, const struct filter *filter)
{
	const char *id;

	id = own_copy(&match->subject->own, match->entry, match->subject->scratch);
	if (id == NULL || filter->op == FILTER_PR)
		return (id != NULL ? true : filter->op == FILTER_NE);
	return (filter_text_holds(filter, (struct span){ id, strlen(id) }));
}

static bool
match_compare(const struct match *match, const struct filter *filter,
    const struct items *element)
{
	struct items whole;

	if (element == NULL && filter->op == FILTER_EQ &&
	    filter->attr->id == ATTR_MEMBER_VALUE)
		return (match_member(match, filter));
	if (filter->attr->id == ATTR_EXTERNAL_ID)
		return (match_own(match, filter));
	if (filter->attr->type == ATTR_DATETIME && filter->op != FILTER_PR)
		return (match_instant(match, filter));
	if (element == NULL) {
		whole = match_items(match, filter->attr);
		element = &whole;
	}
	if (filter->op == FILTER_PR)
		return (match_present(element, filter->attr));
	return (match_values(match, filter, element));
}

/* ---- elements ------------------------------------------------------------ */

/* Cuts the next element off the front; false when none is left. */
static bool
items_cut(struct items *rest, const struct attr *attr, struct items *element)
{
	uint32_t i;

	for (i = 0; i < rest->count && !item_belongs(&rest->list[i], attr); i++)
		continue;
	rest->list += i;
	rest->count -= i;
	for (i = 0; i < rest->count && item_belongs(&rest->list[i], attr) &&
	    rest->list[i].element == rest->list[0].element; i++)
		continue;
	*element = (struct items){ rest->resource, rest->list, i };
	rest->list += i;
	rest->count -= i;
	return (i > 0);
}

static bool
match_element(const struct match *match, const struct filter *filter)
{
	struct items element, rest;

	rest = match_items(match, filter->attr);
	while (items_cut(&rest, filter->attr, &element))
		if (match_node(match, filter->left, &element))
			return (true);
	return (false);
}

static bool
match_node(const struct match *match, const struct filter *filter,
    const struct items *element)
{
	switch (filter->kind) {
	case FILTER_AND:
		return (match_node(match, filter->left, element) &&
		    match_node(match, filter->right, element));
	case FILTER_OR:
		return (match_node(match, filter->left, element) ||
		    match_node(match, filter->right, element));
	case FILTER_NOT:
		return (!match_node(match, filter->left, element));
	case FILTER_ELEMENT:
		return (match_element(match, filter));
	case FILTER_COMPARE:
		break;
	}
	return (match_compare(match, filter, element));
}

bool
filter_match(const struct filter_subject *subject, const struct filter *filter,
    const struct image_entry *entry)
{
	const struct match match = { .subject = subject, .entry = entry };

	arena_reset(subject->scratch);
	return (match_node(&match, filter, NULL));
}
