/*
 * Owns nothing but a page's list of slices. Knows strings, escapes and brackets, no more: what
 * lies between is for jansson to judge. Reads no byte past `end` and uses no recursion.
 */
#include "config.h"

#include "sync/kombo/split.h"

#include <string.h>

#include "base/mem.h"

static const char *
split_blank(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return (at);
}

/* `at` is on the opening quote; returns what follows the closing one, NULL without one. */
static const char *
split_string(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '"')
			return (at + 1);
		if (*at == '\\')
			at++;
	}
	return (NULL);
}

/* `at` is on an opening bracket; returns what follows its closing one, NULL without one. */
static const char *
split_brackets(const char *at, const char *end)
{
	size_t depth;

	for (depth = 0; at != NULL && at < end;) {
		switch (*at) {
		case '"':
			at = split_string(at, end);
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (--depth == 0)
				return (at + 1);
			break;
		}
		at++;
	}
	return (NULL);
}

/* What follows the value at `at`; NULL when there is no whole one. */
static const char *
split_value(const char *at, const char *end)
{
	const char *start;

	if (at >= end)
		return (NULL);
	if (*at == '"')
		return (split_string(at, end));
	if (*at == '{' || *at == '[')
		return (split_brackets(at, end));
	start = at;
	while (at < end && strchr(",]} \t\r\n", *at) == NULL)
		at++;
	return (at > start && at < end ? at : NULL);
}

/*
 * The next item of an object or array that begins at slice->at: *at is the offset behind the
 * last one. 1: *item begins at the returned offset; 0 the end; -1 malformed.
 */
static int
split_next(const struct slice *slice, char open, char close, size_t *at)
{
	const char *end, *p;

	end = slice->at + slice->len;
	p = slice->at + *at;
	if (*at == 0) {
		if (slice->len == 0 || *p != open)
			return (-1);
		p = split_blank(p + 1, end);
		*at = (size_t)(p - slice->at);
		return (p >= end ? -1 : *p != close);
	}
	p = split_blank(p, end);
	if (p >= end)
		return (-1);
	if (*p == close) {
		*at = (size_t)(p - slice->at);
		return (0);
	}
	if (*p != ',')
		return (-1);
	p = split_blank(p + 1, end);
	*at = (size_t)(p - slice->at);
	return (p < end ? 1 : -1);
}

int
slice_element(const struct slice *array, size_t *at, struct slice *element)
{
	const char *end, *p;
	int result;

	result = split_next(array, '[', ']', at);
	if (result <= 0)
		return (result);
	p = array->at + *at;
	end = split_value(p, array->at + array->len);
	if (end == NULL)
		return (-1);
	*element = (struct slice){ .at = p, .len = (size_t)(end - p) };
	*at = (size_t)(end - array->at);
	return (1);
}

int
slice_member(const struct slice *object, size_t *at, struct slice *name,
    struct slice *value)
{
	const char *end, *p, *q;
	int result;

	result = split_next(object, '{', '}', at);
	if (result <= 0)
		return (result);
	end = object->at + object->len;
	p = object->at + *at;
	if (*p != '"' || (q = split_string(p, end)) == NULL)
		return (-1);
	*name = (struct slice){ .at = p + 1, .len = (size_t)(q - p) - 2 };
	q = split_blank(q, end);
	if (q >= end || *q != ':')
		return (-1);
	p = split_blank(q + 1, end);
	q = split_value(p, end);
	if (q == NULL)
		return (-1);
	*value = (struct slice){ .at = p, .len = (size_t)(q - p) };
	*at = (size_t)(q - object->at);
	return (1);
}

bool
slice_is(const struct slice *slice, const char *text)
{
	return (strlen(text) == slice->len && memcmp(slice->at, text, slice->len) == 0);
}

void
page_close(struct page *page)
{
	mem_free(&page->elements);
	page->count = page->room = 0;
}

static int
page_fail(const char *bytes, const char *at, const char *what, struct err *err)
{
	return (err_set(err, ERR_KOMBO_ANSWER, "the page is not what Kombo documents: %s at "
	    "byte %zu", what, (size_t)(at - bytes)));
}

static int
page_elements(const struct slice *results, struct page *page)
{
	struct slice element, *slot;
	size_t at;
	int result;

	at = 0;
	while ((result = slice_element(results, &at, &element)) > 0) {
		slot = mem_grow(&page->elements, page->count, &page->room,
		    sizeof(*page->elements));
		*slot = element;
		page->count++;
	}
	return (result);
}

/* Finds a member of an object; 1 found, 0 not, -1 malformed. The whole object is walked. */
static int
page_find(const struct slice *object, const char *name, struct slice *found)
{
	struct slice key, value;
	size_t at;
	int hit, result;

	at = 0;
	hit = 0;
	while ((result = slice_member(object, &at, &key, &value)) > 0) {
		if (slice_is(&key, name)) {
			*found = value;
			hit = 1;
		}
	}
	return (result < 0 ? -1 : hit);
}

int
page_split(const char *bytes, size_t len, struct page *page, struct err *err)
{
	struct slice data, results, root;
	const char *at, *end;
	int result;

	page->count = 0;
	page->next = (struct slice){ .at = NULL, .len = 0 };
	at = split_blank(bytes, bytes + len);
	if (at == bytes + len || *at != '{')
		return (page_fail(bytes, at, "no object", err));
	end = split_brackets(at, bytes + len);
	if (end == NULL)
		return (page_fail(bytes, bytes + len, "it ends too early", err));
	if (split_blank(end, bytes + len) != bytes + len)
		return (page_fail(bytes, end, "something follows the object", err));
	root = (struct slice){ .at = at, .len = (size_t)(end - at) };
	if (page_find(&root, "data", &data) != 1)
		return (page_fail(bytes, at, "no member `data`", err));
	result = page_find(&data, "next", &page->next);
	if (result < 0)
		return (page_fail(bytes, data.at, "`data` cannot be taken apart", err));
	if (page_find(&data, "results", &results) != 1)
		return (page_fail(bytes, data.at, "no member `results`", err));
	if (page_elements(&results, page) < 0)
		return (page_fail(bytes, results.at, "`results` cannot be taken apart", err));
	return (0);
}
