/*
 * Owns nothing: values come out in the names and types of the schemas.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "scim/doc_inside.h"

int
doc_fail_type(const struct attr *attr, const char *wanted, struct err *err)
{
	return (err_set(err, ERR_SCIM_VALUE, "%s%s%s is %s",
	    attr->parent != NULL ? attr->parent->name : "",
	    attr->parent != NULL ? "." : "", attr->name, wanted));
}

static int
doc_boolean(const struct attr *attr, const json_t *value, json_t **out, struct err *err)
{
	const char *text = json_string_value(value);

	if (json_is_boolean(value))
		*out = json_boolean(json_is_true(value));
	else if (text != NULL && strcasecmp(text, "true") == 0)
		*out = json_true();
	else if (text != NULL && strcasecmp(text, "false") == 0)
		*out = json_false();
	else
		return (doc_fail_type(attr, "true or false", err));
	return (0);
}

static int
doc_simple(const struct attr *attr, const json_t *value, json_t **out, struct err *err)
{
	if (attr->type == ATTR_BOOLEAN)
		return (doc_boolean(attr, value, out, err));
	if (attr->type == ATTR_INTEGER) {
		if (!json_is_integer(value))
			return (doc_fail_type(attr, "a whole number", err));
	} else if (!json_is_string(value))
		return (doc_fail_type(attr, "a string", err));
	*out = json_deep_copy(value);
	return (0);
}

/* Sub-attributes that are not ours are left out. */
static int
doc_parts(struct doc *doc, const struct attr *attr, const json_t *value, json_t *into,
    struct err *err)
{
	const struct attr *part;
	const char *name;
	json_t *one, *read;

	json_object_foreach((json_t *)(uintptr_t)value, name, one) {
		part = attr_child(attr, name, strlen(name));
		if (part == NULL || (doc->scope.form != NULL &&
		    !form_serves(doc->scope.form, part)))
			continue;
		if (json_object_get(into, part->name) != NULL)
			return (err_set(err, ERR_SCIM_SYNTAX, "%s.%s is given twice",
			    attr->name, part->name));
		if (doc_value(doc, part, true, one, &read, err) < 0)
			return (-1);
		if (read != NULL)
			(void)json_object_set_new(into, part->name, read);
	}
	return (0);
}

static int
doc_complex(struct doc *doc, const struct attr *attr, const json_t *value, json_t **out,
    struct err *err)
{
	const struct attr *plain = attr_value(attr);
	json_t *object;

	if (json_is_string(value) && plain != NULL) {
		*out = json_object();
		return (json_object_set_new(*out, plain->name,
		    json_string(json_string_value(value))));
	}
	if (!json_is_object(value))
		return (doc_fail_type(attr, "an object", err));
	object = json_object();
	if (doc_parts(doc, attr, value, object, err) < 0) {
		json_decref(object);
		return (-1);
	}
	*out = object;
	if (json_object_size(object) == 0) {
		json_decref(object);
		*out = NULL;
	}
	return (0);
}

static int
doc_list(struct doc *doc, const struct attr *attr, const json_t *value, json_t **out,
    struct err *err)
{
	json_t *list, *read;
	const json_t *one;
	size_t i;

	list = json_array();
	for (i = 0; i < json_array_size(value); i++) {
		one = json_array_get(value, i);
		if (doc_value(doc, attr, true, one, &read, err) < 0) {
			json_decref(list);
			return (-1);
		}
		if (read != NULL)
			(void)json_array_append_new(list, read);
	}
	*out = list;
	return (0);
}

bool
doc_is_empty(const json_t *value)
{
	return (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
	    (json_is_string(value) && *json_string_value(value) == '\0'));
}

int
doc_value(struct doc *doc, const struct attr *attr, bool one, const json_t *value,
    json_t **out, struct err *err)
{
	json_t *list;
	int result;

	*out = NULL;
	if (doc_is_empty(value))
		return (0);
	if ((attr->flags & ATTR_MULTI) != 0 && !one) {
		if (json_is_array(value))
			return (doc_list(doc, attr, value, out, err));
		list = json_array();
		(void)json_array_append(list, (json_t *)(uintptr_t)value);
		result = doc_list(doc, attr, list, out, err);
		json_decref(list);
		return (result);
	}
	if (json_is_array(value) && json_array_size(value) == 1 && !one)
		value = json_array_get(value, 0);
	if (attr->type == ATTR_COMPLEX)
		return (doc_complex(doc, attr, value, out, err));
	return (doc_simple(attr, value, out, err));
}
