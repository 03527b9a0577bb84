/*
 * Owns the text of a body and what was read of it.
 */
#include "config.h"

#include "scim/body.h"

#include <string.h>
#include <strings.h>

bool
body_add(struct body *body, const char *bytes, size_t len)
{
	body->seen += len;
	if (body->seen > BODY_MAX) {
		buf_close(&body->text);
		return (false);
	}
	if (body->keep)
		buf_add(&body->text, bytes, len);
	return (true);
}

void
body_close(struct body *body)
{
	buf_close(&body->text);
	json_decref(body->json);
	body->json = NULL;
}

bool
body_is_json(const char *type)
{
	static const char *const ours[] = { "application/scim+json", "application/json" };
	size_t i, len;

	if (type == NULL)
		return (true);
	type += strspn(type, " \t");
	len = strcspn(type, "; \t,");
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == len && strncasecmp(type, ours[i], len) == 0)
			return (type[len + strspn(type + len, " \t")] != ',');
	return (false);
}

/* The byte at which brackets stand too deep in one another, or -1. */
static ptrdiff_t
body_too_deep(const struct buf *text)
{
	unsigned int depth;
	bool quoted;
	size_t i;

	depth = 0;
	quoted = false;
	for (i = 0; i < text->len; i++) {
		if (quoted && text->data[i] == '\\') {
			i++;
			continue;
		}
		if (text->data[i] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (text->data[i] == '{' || text->data[i] == '[')
			depth++;
		else if ((text->data[i] == '}' || text->data[i] == ']') && depth > 0)
			depth--;
		if (depth > BODY_DEPTH)
			return ((ptrdiff_t)i);
	}
	return (-1);
}

/* jansson's own words quote the text: they may be long, and hold a person's data. */
static int
body_fail(const json_error_t *error, struct err *err)
{
	size_t len;

	len = strcspn(error->text, "'");
	while (len > 0 && strchr(" \t", error->text[len - 1]) != NULL)
		len--;
	if (len > strlen(" near") && strncmp(error->text + len - strlen(" near"), " near",
	    strlen(" near")) == 0)
		len -= strlen(" near");
	return (err_set(err, ERR_SCIM_SYNTAX, "the body is no JSON: %.*s, at line %d, "
	    "character %d", (int)len, error->text, error->line, error->column));
}

int
body_read(struct body *body, const json_t **json, struct err *err)
{
	json_error_t error;
	ptrdiff_t deep;

	*json = body->json;
	if (*json != NULL)
		return (0);
	if (body->text.len == 0)
		return (err_set(err, ERR_SCIM_SYNTAX, "the request has no body"));
	deep = body_too_deep(&body->text);
	if (deep >= 0)
		return (err_set(err, ERR_SCIM_SYNTAX, "the body has more than %d objects and "
		    "lists in one another, at byte %td", BODY_DEPTH, deep + 1));
	body->json = json_loadb(body->text.data, body->text.len,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (body->json == NULL)
		return (body_fail(&error, err));
	if (!json_is_object(body->json)) {
		json_decref(body->json);
		body->json = NULL;
		return (err_set(err, ERR_SCIM_SYNTAX, "the body is no JSON object"));
	}
	*json = body->json;
	return (0);
}
