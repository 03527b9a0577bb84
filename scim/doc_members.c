/*
 * Owns nothing. Elements as filters see them, and the members of a group: sets of ids.
 */
#include "config.h"

#include <string.h>

#include "scim/doc_inside.h"
#include "scim/fold.h"

/* ---- filters ------------------------------------------------------------- */

static struct span
doc_span(struct doc *doc, const struct attr *attr, const json_t *value)
{
	struct span span;

	if (json_is_boolean(value))
		return ((struct span){ json_is_true(value) ? "true" : "false",
		    json_is_true(value) ? 4 : 5 });
	span = (struct span){ json_string_value(value), json_string_length(value) };
	span.text = fold_value(doc->arena, attr, span.text, &span.len);
	return (span);
}

static bool
doc_has_text(const json_t *value)
{
	return (json_is_string(value) || json_is_boolean(value));
}

bool
doc_same(struct doc *doc, const struct attr *attr, const json_t *a, const json_t *b)
{
	if (!doc_has_text(a) || !doc_has_text(b))
		return (a == b);
	return (span_compare(doc_span(doc, attr, a), doc_span(doc, attr, b)) == 0);
}

bool
doc_matches(struct doc *doc, const struct filter *filter, const json_t *element)
{
	const json_t *value;

	switch (filter->kind) {
	case FILTER_AND:
		return (doc_matches(doc, filter->left, element) &&
		    doc_matches(doc, filter->right, element));
	case FILTER_OR:
		return (doc_matches(doc, filter->left, element) ||
		    doc_matches(doc, filter->right, element));
	case FILTER_NOT:
		return (!doc_matches(doc, filter->left, element));
	case FILTER_ELEMENT:
		return (doc_matches(doc, filter->left, element));
	case FILTER_COMPARE:
		break;
	}
	value = json_object_get(element, filter->attr->name);
	if (filter->op == FILTER_PR)
		return (value != NULL);
	if (!doc_has_text(value))
		return (filter->op == FILTER_NE);
	return (filter_text_holds(filter, doc_span(doc, filter->attr, value)));
}

/* ---- members ------------------------------------------------------------- */

static bool
doc_had_member(const struct doc *doc, const char *id)
{
	return (doc->roster != NULL && !doc->members_none &&
	    doc->roster->has(doc->roster->context, id));
}

static void
doc_add_member(struct doc *doc, const char *id)
{
	(void)json_object_del(doc->members_out, id);
	if (!doc_had_member(doc, id))
		(void)json_object_set_new(doc->members_in, id, json_true());
}

static void
doc_drop_member(struct doc *doc, const char *id)
{
	(void)json_object_del(doc->members_in, id);
	if (doc_had_member(doc, id))
		(void)json_object_set_new(doc->members_out, id, json_true());
}

static void
doc_drop_all(struct doc *doc)
{
	(void)json_object_clear(doc->members_in);
	(void)json_object_clear(doc->members_out);
	doc->members_none = true;
}

/* The ids of a list of members; each must have one. */
static int
doc_each_named(struct doc *doc, const json_t *value, void (*act)(struct doc *, const char *),
    struct err *err)
{
	const json_t *element;
	const char *id;
	json_t *list;
	size_t i;

	if (doc_value(doc, attr_get(ATTR_MEMBERS), false, value, &list, err) < 0)
		return (-1);
	for (i = 0; i < json_array_size(list); i++) {
		element = json_array_get(list, i);
		id = json_string_value(json_object_get(element, "value"));
		if (id == NULL) {
			json_decref(list);
			return (err_set(err, ERR_SCIM_VALUE,
			    "a member has a value: the id of a person"));
		}
		act(doc, id);
	}
	json_decref(list);
	return (0);
}

static int
doc_member_is_immutable(struct err *err)
{
	return (err_set(err, ERR_MUTABILITY,
	    "a member does not change: remove it and add another"));
}

int
doc_put_members(struct doc *doc, const struct filter_path *path, enum doc_act act,
    const json_t *value, struct err *err)
{
	if (path->element != NULL || path->sub != NULL)
		return (doc_member_is_immutable(err));
	doc->members_named = true;
	if (act == DOC_REPLACE)
		doc_drop_all(doc);
	return (doc_each_named(doc, value, doc_add_member, err));
}

/* ---- those a filter finds ------------------------------------------------ */

struct doc_hunt {
	struct doc		*doc;
	const struct filter	*filter;
	json_t			*found;		/* ids */
};

/* As it is served, without the URL. */
static int
doc_hunt_member(void *context, const char *id)
{
	struct doc_hunt *hunt = context;
	json_t *element;

	if (json_object_get(hunt->doc->members_out, id) != NULL)
		return (0);
	element = json_pack("{s:s, s:s}", "value", id, "type", "User");
	if (doc_matches(hunt->doc, hunt->filter, element))
		(void)json_array_append_new(hunt->found, json_string(id));
	json_decref(element);
	return (0);
}

/* The id that a filter names alone, which is what clients send; NULL when it does not. */
static const char *
doc_only_member(struct doc *doc, const struct filter *filter)
{
	if (filter->kind != FILTER_COMPARE || filter->op != FILTER_EQ ||
	    filter->attr->id != ATTR_MEMBER_VALUE)
		return (NULL);
	return (arena_dup_len(doc->arena, filter->text.text, filter->text.len));
}

static void
doc_drop_found(struct doc *doc, const struct filter *filter)
{
	struct doc_hunt hunt = { doc, filter, json_array() };
	const char *id = doc_only_member(doc, filter);
	const json_t *value;
	json_t *ignored;
	size_t i;

	if (id != NULL)
		(void)json_array_append_new(hunt.found, json_string(id));
	else {
		if (doc->roster != NULL && !doc->members_none)
			(void)doc->roster->each(doc->roster->context, doc_hunt_member,
			    &hunt);
		json_object_foreach(doc->members_in, id, ignored)
			(void)doc_hunt_member(&hunt, id);
	}
	json_array_foreach(hunt.found, i, value)
		doc_drop_member(doc, json_string_value(value));
	json_decref(hunt.found);
}

int
doc_remove_members(struct doc *doc, const struct filter_path *path, const json_t *value,
    struct err *err)
{
	if (path->sub != NULL)
		return (doc_member_is_immutable(err));
	doc->members_named = true;
	if (path->element != NULL)
		doc_drop_found(doc, path->element);
	else if (value != NULL && !json_is_null(value))
		return (doc_each_named(doc, value, doc_drop_member, err));
	else
		doc_drop_all(doc);
	return (0);
}
