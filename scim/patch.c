/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/patch.h"

#include <string.h>
#include <strings.h>

#include "scim/discovery.h"

/* Names that are paths: of an object that came without one. */
static int
patch_put_names(struct doc *doc, enum doc_act act, const json_t *value, struct err *err)
{
	struct filter_path path;
	const char *name;
	json_t *one;

	if (!json_is_object(value))
		return (err_set(err, ERR_SCIM_VALUE,
		    "without a path the value is an object of attributes"));
	json_object_foreach((json_t *)(uintptr_t)value, name, one)
		if (filter_parse_path(doc->arena, &doc->scope, name, &path, err) < 0 ||
		    doc_put(doc, &path, act, one, err) < 0)
			return (-1);
	return (0);
}

static int
patch_put(struct doc *doc, enum doc_act act, const struct filter_path *path,
    const json_t *value, struct err *err)
{
	if (value == NULL)
		return (err_set(err, ERR_SCIM_VALUE, "the operation has no value"));
	if (path == NULL)
		return (patch_put_names(doc, act, value, err));
	return (doc_put(doc, path, act, value, err));
}

static int
patch_path(struct doc *doc, const json_t *operation, struct filter_path *path, bool *given,
    struct err *err)
{
	const json_t *text = doc_member(operation, "path");

	*given = text != NULL && !json_is_null(text);
	if (!*given)
		return (0);
	if (!json_is_string(text))
		return (err_set(err, ERR_SCIM_PATH, "the path is a string"));
	return (filter_parse_path(doc->arena, &doc->scope, json_string_value(text), path,
	    err));
}

static int
patch_one(struct doc *doc, const json_t *operation, struct err *err)
{
	const json_t *value;
	struct filter_path path;
	const char *op;
	bool given;

	op = json_string_value(doc_member(operation, "op"));
	if (op == NULL)
		return (err_set(err, ERR_SCIM_SYNTAX, "op is missing"));
	if (patch_path(doc, operation, &path, &given, err) < 0)
		return (-1);
	value = doc_member(operation, "value");
	if (strcasecmp(op, "add") == 0)
		return (patch_put(doc, DOC_ADD, given ? &path : NULL, value, err));
	if (strcasecmp(op, "replace") == 0)
		return (patch_put(doc, DOC_REPLACE, given ? &path : NULL, value, err));
	if (strcasecmp(op, "remove") != 0)
		return (err_set(err, ERR_SCIM_SYNTAX, "op is none of add, remove, replace"));
	if (!given)
		return (err_set(err, ERR_SCIM_TARGET, "to remove takes a path"));
	return (doc_remove(doc, &path, value, err));
}

int
patch_apply(struct doc *doc, const json_t *body, struct err *err)
{
	const json_t *list;
	size_t i;

	if (doc_check_schemas(body, PATCH_URN, err) < 0)
		return (-1);
	list = doc_member(body, "Operations");
	if (json_array_size(list) == 0)
		return (err_set(err, ERR_SCIM_SYNTAX, "Operations is a list of operations"));
	if (json_array_size(list) > PATCH_OPERATIONS)
		return (err_set(err, ERR_TOO_LARGE, "a PATCH has at most %d operations",
		    PATCH_OPERATIONS));
	for (i = 0; i < json_array_size(list); i++)
		if (patch_one(doc, json_array_get(list, i), err) < 0)
			return (err_context(err, "operation %zu", i + 1));
	return (0);
}
