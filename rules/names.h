/*
 * Names made of values: the display name, the uid, a group's cn.
 */
#ifndef ROLLCALL_RULES_NAMES_H
#define ROLLCALL_RULES_NAMES_H

#include "base/digest.h"
#include "base/fields.h"
#include "base/mem.h"

enum uid_policy { UID_EMAIL, UID_NUMBER, UID_NAME };	/* choices of [directory] uid */

/* "first last" of the served names; NULL when both are empty (rulings C1). */
const char *name_compose(struct arena *arena, const char *first, const char *last);

/*
 * What a new person's uid is made of (design/directory.md §1): [a-z0-9._-], never empty, at
 * most 64 bytes. `value` are the served values.
 */
const char *name_uid(struct arena *arena, enum uid_policy policy,
	    const char *const value[FIELD_N], const struct uuid *uuid);

/* The n-th candidate for a uid or cn that is taken: n = 0 is the base itself. */
const char *name_uid_try(struct arena *arena, const char *base, unsigned int n);
const char *name_group_try(struct arena *arena, const char *name, const char *type,
	    const char *source, unsigned int n);

#endif
