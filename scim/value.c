/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/value.h"

#include <stdlib.h>
#include <string.h>

#include "scim/fold.h"

/* Undoes json_escape: two letters, or \u00xx. */
static struct span
value_unescape(struct arena *arena, const char *text, size_t len)
{
	static const char letters[] = "\"\"\\\\b\bf\fn\nr\rt\t";
	const char *end = text + len, *pair;
	char *out, *copy;

	copy = out = arena_dup_len(arena, text, len);
	while (text < end) {
		if (*text != '\\') {
			*out++ = *text++;
			continue;
		}
		for (pair = letters; *pair != '\0' && *pair != text[1]; pair += 2)
			continue;
		if (*pair != '\0') {
			*out++ = pair[1];
			text += 2;
		} else {
			*out++ = (char)strtol((const char[]){ text[4], text[5], '\0' },
			    NULL, 16);
			text += 6;
		}
	}
	return ((struct span){ copy, (size_t)(out - copy) });
}

struct span
value_span(struct arena *arena, const struct resource *resource,
    const struct item *item)
{
	struct span span = { resource_json(resource) + item->at, item->len };

	if (item->escaped)
		span = value_unescape(arena, span.text, span.len);
	span.text = fold_value(arena, attr_get(item->attr), span.text, &span.len);
	return (span);
}

int
span_compare(struct span a, struct span b)
{
	int order;

	order = memcmp(a.text, b.text, a.len < b.len ? a.len : b.len);
	if (order != 0)
		return (order);
	return (a.len < b.len ? -1 : a.len > b.len);
}
