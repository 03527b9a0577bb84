/*
 * The form in which strings compare where letter case does not count: NFC and Unicode's
 * full case folding; user names as RFC 7644 §5 says. Blanks count.
 */
#ifndef ROLLCALL_SCIM_FOLD_H
#define ROLLCALL_SCIM_FOLD_H

#include <stddef.h>

#include "base/mem.h"
#include "scim/attr.h"

/*
 * The text as an attribute's values compare, in the arena or as it is; *len is its
 * length before and after.
 */
const char *fold_value(struct arena *arena, const struct attr *attr, const char *text,
	    size_t *len);

/* The folded text, in the arena; *len is its length before and after. */
const char *fold(struct arena *arena, const char *text, size_t *len);

#endif
