/*
 * Owns a document: reading values, and putting them where paths lead. Members of groups are
 * in scim/doc_members.c.
 */
#include "config.h"

#include "scim/doc.h"

#include <string.h>
#include <strings.h>

#include "scim/doc_inside.h"

void
doc_open(struct doc *doc, const struct filter_scope *scope, struct arena *arena,
    json_t *json)
{
	*doc = (struct doc){ .scope = *scope, .arena = arena,
		.json = json != NULL ? json : json_object(),
		.members_in = json_object(), .members_out = json_object() };
}

void
doc_close(struct doc *doc)
{
	json_decref(doc->json);
	json_decref(doc->members_in);
	json_decref(doc->members_out);
	*doc = (struct doc){ .json = NULL };
}

const json_t *
doc_member(const json_t *object, const char *name)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
		if (strcasecmp(key, name) == 0)
			return (value);
	return (NULL);
}

/* ---- places -------------------------------------------------------------- */

/* The object an attribute without parent stands in: the document, or an extension's. */
static json_t *
doc_holder(const struct doc *doc, enum schema_id id, bool make)
{
	const struct schema *schema = schema_get(id);
	json_t *holder;

	if (*schema->prefix == '\0')
		return (doc->json);
	holder = json_object_get(doc->json, schema->urn);
	if (holder == NULL && make) {
		holder = json_object();
		(void)json_object_set_new(doc->json, schema->urn, holder);
	}
	return (holder);
}

json_t *
doc_get(const struct doc *doc, const struct attr *attr)
{
	const struct attr *top = attr->parent != NULL ? attr->parent : attr;
	json_t *value;

	value = json_object_get(doc_holder(doc, top->schema, false), top->name);
	if (attr != top)
		value = json_object_get(value, attr->name);
	return (value);
}

/* Consumes the value; NULL takes the attribute away. */
static void
doc_set(struct doc *doc, const struct attr *attr, json_t *value)
{
	json_t *holder;

	holder = doc_holder(doc, attr->schema, value != NULL);
	if (value != NULL)
		(void)json_object_set_new(holder, attr->name, value);
	else
		(void)json_object_del(holder, attr->name);
}

/* At most one element is the primary one (RFC 7644 §3.5.2): the last that was said to be. */
static void
doc_keep_primary(json_t *list, const json_t *chosen)
{
	json_t *element;
	size_t i;

	if (!json_is_true(json_object_get(chosen, "primary")))
		return;
	json_array_foreach(list, i, element)
		if (element != chosen && json_object_get(element, "primary") != NULL)
			(void)json_object_set_new(element, "primary", json_false());
}

static bool
doc_has_element(const json_t *list, const json_t *wanted)
{
	const json_t *element;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)list, i, element)
		if (json_equal((json_t *)(uintptr_t)element, (json_t *)(uintptr_t)wanted))
			return (true);
	return (false);
}

/* Appends what is not there already; consumes the values. */
static void
doc_append(struct doc *doc, const struct attr *attr, json_t *values)
{
	json_t *list, *value;
	size_t i;

	list = doc_get(doc, attr);
	if (list == NULL) {
		list = json_array();
		doc_set(doc, attr, list);
	}
	json_array_foreach(values, i, value) {
		if (doc_has_element(list, value))
			continue;
		(void)json_array_append(list, value);
		doc_keep_primary(list, value);
	}
	json_decref(values);
}

static int
doc_put_whole(struct doc *doc, const struct attr *attr, enum doc_act act,
    const json_t *value, struct err *err)
{
	json_t *old, *read;

	if (doc_value(doc, attr, false, value, &read, err) < 0)
		return (-1);
	old = doc_get(doc, attr);
	if (read == NULL) {
		if (act == DOC_REPLACE)
			doc_set(doc, attr, NULL);
	} else if ((attr->flags & ATTR_MULTI) != 0 && act == DOC_ADD) {
		doc_append(doc, attr, read);
	} else if ((attr->flags & ATTR_MULTI) == 0 && attr->type == ATTR_COMPLEX &&
	    old != NULL) {
		(void)json_object_update(old, read);
		json_decref(read);
	} else
		doc_set(doc, attr, read);
	return (0);
}

/* ---- elements ------------------------------------------------------------ */

/* Puts a sub-attribute, or several, into one element. */
static int
doc_put_into(struct doc *doc, const struct filter_path *path, enum doc_act act,
    json_t *element, const json_t *value, struct err *err)
{
	const struct attr *attr = path->sub != NULL ? path->sub : path->attr;
	json_t *list, *read;

	if (doc_value(doc, attr, path->sub != NULL, json_is_array(value) &&
	    json_array_size(value) == 1 ? json_array_get(value, 0) : value, &read, err) < 0)
		return (-1);
	list = read;
	if (path->sub == NULL && json_is_array(read)) {
		if (json_array_size(read) != 1) {
			json_decref(read);
			return (doc_fail_type(attr, "one element here", err));
		}
		read = json_incref(json_array_get(list, 0));
		json_decref(list);
	}
	if (read == NULL && act == DOC_REPLACE)
		path->sub != NULL ? (void)json_object_del(element, attr->name) :
		    (void)json_object_clear(element);
	else if (read != NULL && path->sub != NULL)
		(void)json_object_set(element, attr->name, read);
	else if (read != NULL)
		(void)json_object_update(element, read);
	json_decref(read);
	return (0);
}

/* What a filter of equalities describes: an element to be. */
static bool
doc_describe(const struct doc *doc, const struct filter *filter, json_t *element)
{
	json_t *value;

	if (filter->kind == FILTER_AND)
		return (doc_describe(doc, filter->left, element) &&
		    doc_describe(doc, filter->right, element));
	if (filter->kind != FILTER_COMPARE || filter->op != FILTER_EQ)
		return (false);
	if (filter->attr->type == ATTR_BOOLEAN)
		value = json_boolean(*filter->text.text == 't');
	else
		value = json_stringn(filter->text.text, filter->text.len);
	(void)json_object_set_new(element, filter->attr->name, value);
	return (true);
}

static int
doc_put_new(struct doc *doc, const struct filter_path *path, enum doc_act act,
    const json_t *value, struct err *err)
{
	json_t *element;

	element = json_object();
	if (act != DOC_ADD || !doc_describe(doc, path->element, element)) {
		json_decref(element);
		return (err_set(err, ERR_SCIM_TARGET, "no element of %s is like that",
		    path->attr->name));
	}
	if (doc_put_into(doc, path, act, element, value, err) < 0) {
		json_decref(element);
		return (-1);
	}
	if ((path->attr->flags & ATTR_MULTI) != 0)
		doc_append(doc, path->attr, json_pack("[o]", element));
	else
		doc_set(doc, path->attr, element);
	return (0);
}

static int
doc_put_elements(struct doc *doc, const struct filter_path *path, enum doc_act act,
    const json_t *value, struct err *err)
{
	json_t *element, *list = doc_get(doc, path->attr);
	size_t found, i;

	if (json_is_object(list)) {
		if (!doc_matches(doc, path->element, list))
			return (doc_put_new(doc, path, DOC_REPLACE, value, err));
		return (doc_put_into(doc, path, act, list, value, err));
	}
	found = 0;
	json_array_foreach(list, i, element) {
		if (path->element != NULL && !doc_matches(doc, path->element, element))
			continue;
		found++;
		if (doc_put_into(doc, path, act, element, value, err) < 0)
			return (-1);
		doc_keep_primary(list, element);
	}
	return (found > 0 ? 0 : doc_put_new(doc, path, act, value, err));
}

/* ---- put ----------------------------------------------------------------- */

/* A sub-attribute without brackets: "name.givenName", "emails.value". */
static int
doc_put_part(struct doc *doc, const struct filter_path *path, enum doc_act act,
    const json_t *value, struct err *err)
{
	json_t *old = doc_get(doc, path->attr);

	if (json_is_array(old) && json_array_size(old) > 0)
		return (doc_put_elements(doc, path, act, value, err));
	if (old == NULL || json_is_array(old)) {
		old = json_object();
		doc_set(doc, path->attr, (path->attr->flags & ATTR_MULTI) != 0 ?
		    json_pack("[O]", old) : json_incref(old));
		json_decref(old);
	}
	return (doc_put_into(doc, path, act, old, value, err));
}

/* The URN of a schema: each member of the value is an attribute of it. */
static int
doc_put_schema(struct doc *doc, enum schema_id schema, enum doc_act act,
    const json_t *value, struct err *err)
{
	struct filter_path path;
	const char *name;
	json_t *one;

	if (!json_is_object(value))
		return (err_set(err, ERR_SCIM_VALUE, "the value of %s is an object",
		    schema_get(schema)->urn));
	json_object_foreach((json_t *)(uintptr_t)value, name, one)
		if (filter_parse_path(doc->arena, &doc->scope, arena_printf(doc->arena,
		    "%s:%s", schema_get(schema)->urn, name), &path, err) < 0 ||
		    path.attr == NULL || doc_put(doc, &path, act, one, err) < 0)
			return (-1);
	return (0);
}

int
doc_put(struct doc *doc, const struct filter_path *path, enum doc_act act,
    const json_t *value, struct err *err)
{
	if (path->attr == NULL)
		return (doc_put_schema(doc, path->schema, act, value, err));
	if (path->attr->id == ATTR_MEMBERS)
		return (doc_put_members(doc, path, act, value, err));
	if (path->element != NULL)
		return (doc_put_elements(doc, path, act, value, err));
	if (path->sub != NULL)
		return (doc_put_part(doc, path, act, value, err));
	return (doc_put_whole(doc, path->attr, act, value, err));
}

/* ---- remove -------------------------------------------------------------- */

/* Whether an element has all that `named` says of it. */
static bool
doc_is_named(struct doc *doc, const struct attr *attr, const json_t *element,
    const json_t *named)
{
	const struct attr *part;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)named, name, value) {
		part = attr_child(attr, name, strlen(name));
		if (!doc_same(doc, part, json_object_get(element, name), value))
			return (false);
	}
	return (true);
}

static bool
doc_is_listed(struct doc *doc, const struct attr *attr, const json_t *element,
    const json_t *list)
{
	const json_t *named;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)list, i, named)
		if (doc_is_named(doc, attr, element, named))
			return (true);
	return (false);
}

static int
doc_remove_listed(struct doc *doc, const struct attr *attr, const json_t *value,
    struct err *err)
{
	json_t *list = doc_get(doc, attr), *named;
	size_t i;

	if (doc_value(doc, attr, false, value, &named, err) < 0)
		return (-1);
	for (i = json_array_size(list); named != NULL && i > 0; i--)
		if (doc_is_listed(doc, attr, json_array_get(list, i - 1), named))
			(void)json_array_remove(list, i - 1);
	json_decref(named);
	return (0);
}

static void
doc_remove_elements(struct doc *doc, const struct filter_path *path)
{
	json_t *element, *list = doc_get(doc, path->attr);
	size_t i;

	if (json_is_object(list)) {
		if (path->element != NULL && !doc_matches(doc, path->element, list))
			return;
		if (path->sub != NULL)
			(void)json_object_del(list, path->sub->name);
		else
			doc_set(doc, path->attr, NULL);
		return;
	}
	for (i = json_array_size(list); i > 0; i--) {
		element = json_array_get(list, i - 1);
		if (path->element != NULL && !doc_matches(doc, path->element, element))
			continue;
		if (path->sub != NULL)
			(void)json_object_del(element, path->sub->name);
		else
			(void)json_array_remove(list, i - 1);
	}
}

int
doc_remove(struct doc *doc, const struct filter_path *path, const json_t *value,
    struct err *err)
{
	if (path->attr == NULL) {
		if (*schema_get(path->schema)->prefix == '\0')
			return (err_set(err, ERR_MUTABILITY,
			    "what every resource has cannot be removed"));
		(void)json_object_del(doc->json, schema_get(path->schema)->urn);
		return (0);
	}
	if (path->attr->id == ATTR_MEMBERS)
		return (doc_remove_members(doc, path, value, err));
	if (path->element != NULL || path->sub != NULL) {
		doc_remove_elements(doc, path);
		return (0);
	}
	if ((path->attr->flags & ATTR_MULTI) != 0 && value != NULL && !doc_is_empty(value))
		return (doc_remove_listed(doc, path->attr, value, err));
	doc_set(doc, path->attr, NULL);
	return (0);
}

/* ---- whole bodies -------------------------------------------------------- */

int
doc_check_schemas(const json_t *body, const char *urn, struct err *err)
{
	const json_t *list = doc_member(body, "schemas");
	const char *text;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		text = json_string_value(json_array_get(list, i));
		if (text != NULL && strcasecmp(text, urn) == 0)
			return (0);
	}
	return (err_set(err, ERR_SCIM_SYNTAX, "schemas does not name %s", urn));
}

/* Whole attributes come once, in whatever letter case; parts of one may come by and by. */
static int
doc_read_member(struct doc *doc, const char *name, const json_t *value, bool *seen,
    struct err *err)
{
	struct err ignored = ERR_INIT;
	struct filter_path path;

	if (filter_parse_path(doc->arena, &doc->scope, name, &path, &ignored) < 0)
		return (0);
	if (path.attr == NULL) {
		if (!json_is_object(value))
			return (json_is_null(value) ? 0 : err_set(err, ERR_SCIM_VALUE,
			    "the value of %s is an object",
			    schema_get(path.schema)->urn));
		return (doc_read_schema(doc, path.schema, value, seen, err));
	}
	if (path.sub == NULL && path.element == NULL) {
		if (seen[path.attr->id])
			return (err_set(err, ERR_SCIM_SYNTAX, "%s is given twice",
			    path.attr->name));
		seen[path.attr->id] = true;
	}
	return (doc_put(doc, &path, DOC_ADD, value, err));
}

int
doc_read_schema(struct doc *doc, enum schema_id schema, const json_t *value, bool *seen,
    struct err *err)
{
	const char *name;
	json_t *one;

	json_object_foreach((json_t *)(uintptr_t)value, name, one)
		if (doc_read_member(doc, schema == SCHEMA_N ? name :
		    arena_printf(doc->arena, "%s:%s", schema_get(schema)->urn, name), one,
		    seen, err) < 0)
			return (-1);
	return (0);
}

int
doc_read(struct doc *doc, const json_t *body, struct err *err)
{
	bool seen[ATTR_MAX] = { false };

	if (doc_check_schemas(body, schema_get(*type_get(doc->scope.type)->schemas)->urn,
	    err) < 0)
		return (-1);
	return (doc_read_schema(doc, SCHEMA_N, body, seen, err));
}
