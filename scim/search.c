/*
 * Owns nothing: texts are the body's or in the request's arena.
 */
#include "config.h"

#include "scim/search.h"

#include <string.h>
#include <strings.h>

#include "scim/discovery.h"

#define NAMES_LENGTH	8192	/* bytes: a URL has no room for more either */

enum search_kind { SEARCH_TEXT, SEARCH_NUMBER, SEARCH_NAMES };

static const struct {
	const char		*name;
	enum search_kind	 kind;
} search_members[PARAMETER_N] = {
	[PARAMETER_FILTER] = { "filter", SEARCH_TEXT },
	[PARAMETER_ATTRIBUTES] = { "attributes", SEARCH_NAMES },
	[PARAMETER_EXCLUDED] = { "excludedAttributes", SEARCH_NAMES },
	[PARAMETER_START] = { "startIndex", SEARCH_NUMBER },
	[PARAMETER_COUNT] = { "count", SEARCH_NUMBER },
	[PARAMETER_SORT_BY] = { "sortBy", SEARCH_TEXT },
	[PARAMETER_SORT_ORDER] = { "sortOrder", SEARCH_TEXT },
	[PARAMETER_CURSOR] = { "cursor", SEARCH_TEXT },
};

/* ---- values as parameters have them; NULL: of another type ---------------- */

/* A list of names, or one, as a list with commas. */
static const char *
search_names(struct arena *arena, const json_t *value)
{
	struct buf names = BUF_INIT;
	const char *text;
	size_t i;

	if (json_is_string(value))
		return (json_string_value(value));
	if (!json_is_array(value))
		return (NULL);
	text = "";
	for (i = 0; text != NULL && i < json_array_size(value); i++) {
		text = json_string_value(json_array_get(value, i));
		if (i > 0)
			buf_char(&names, ',');
		buf_str(&names, text != NULL ? text : "");
	}
	if (text != NULL)
		text = arena_dup_len(arena, names.data, names.len);
	buf_close(&names);
	return (text);
}

static const char *
search_value(struct arena *arena, enum search_kind kind, const json_t *value)
{
	switch (kind) {
	case SEARCH_NUMBER:
		if (json_is_integer(value))
			return (arena_printf(arena, "%" JSON_INTEGER_FORMAT,
			    json_integer_value(value)));
		break;
	case SEARCH_NAMES:
		return (search_names(arena, value));
	case SEARCH_TEXT:
		break;
	}
	return (json_string_value(value));
}

/* ---- the message --------------------------------------------------------- */

static int
search_take(struct request *request, const char *name, const json_t *value,
    struct err *err)
{
	static const char *const kinds[] = { "string", "whole number",
		"list of strings" };
	const char **slot;
	size_t i;

	for (i = 0; i < PARAMETER_N && strcasecmp(search_members[i].name, name) != 0; i++)
		continue;
	if (i == PARAMETER_N || json_is_null(value))
		return (0);
	slot = &request->parameters[i];
	if (*slot != NULL)
		return (err_set(err, ERR_SCIM_SYNTAX, "%s is given twice",
		    search_members[i].name));
	*slot = search_value(request_arena(request), search_members[i].kind, value);
	if (*slot == NULL)
		return (err_set(err, ERR_SCIM_SYNTAX, "%s must be a %s",
		    search_members[i].name, kinds[search_members[i].kind]));
	if (search_members[i].kind == SEARCH_NAMES && strlen(*slot) > NAMES_LENGTH)
		return (err_set(err, ERR_SCIM_VALUE, "%s is longer than %d bytes",
		    search_members[i].name, NAMES_LENGTH));
	return (0);
}

static bool
search_is(const json_t *body)
{
	const json_t *schemas = json_object_get(body, "schemas");
	const char *urn;
	size_t i;

	for (i = 0; i < json_array_size(schemas); i++) {
		urn = json_string_value(json_array_get(schemas, i));
		if (urn != NULL && strcasecmp(urn, SEARCH_URN) == 0)
			return (true);
	}
	return (false);
}

int
search_read(struct request *request, struct err *err)
{
	const json_t *body, *value;
	const char *name;

	if (request_read_body(request, &body, err) < 0)
		return (-1);
	if (!search_is(body))
		return (err_set(err, ERR_SCIM_SYNTAX, "schemas does not name %s",
		    SEARCH_URN));
	memset(request->parameters, 0, sizeof(request->parameters));
	json_object_foreach((json_t *)(uintptr_t)body, name, value)
		if (search_take(request, name, value, err) < 0)
			return (-1);
	return (0);
}
