/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/fold.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static bool
fold_plain(const char *text, size_t len, char *out)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < len; i++) {
		c = (unsigned char)text[i];
		if (c >= 0x80)
			return (false);
		out[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	out[len] = '\0';
	return (true);
}

const char *
fold(struct arena *arena, const char *text, size_t *len)
{
	const char *folded;
	char *copy;

	copy = arena_dup_len(arena, text, *len);
	if (fold_plain(text, *len, copy))
		return (copy);
	/*
	 * text_fold trims; digits neither fold nor compose, and hold the blanks between
	 * them.
	 */
	folded = text_fold(arena, arena_printf(arena, "0%.*s0", (int)*len, text));
	*len = strlen(folded) - 2;
	return (arena_dup_len(arena, folded + 1, *len));
}

const char *
fold_value(struct arena *arena, const struct attr *attr, const char *text, size_t *len)
{
	const char *name;
	char *copy;

	if ((attr->flags & ATTR_EXACT) != 0)
		return (text);
	if ((attr->flags & ATTR_USERNAME) == 0)
		return (fold(arena, text, len));
	copy = arena_dup_len(arena, text, *len);
	if (fold_plain(text, *len, copy))
		return (copy);
	name = text_username(arena, arena_dup_len(arena, text, *len));
	*len = strlen(name);
	return (name);
}
