/*
 * The form in which strings compare where letter case does not count: NFC and Unicode's
 * full case folding; blanks count.
 */
#ifndef ROLLCALL_SCIM_FOLD_H
#define ROLLCALL_SCIM_FOLD_H

#include <stddef.h>

#include "base/mem.h"

/* The folded text, in the arena; *len is its length before and after. */
const char *fold(struct arena *arena, const char *text, size_t *len);

#endif
