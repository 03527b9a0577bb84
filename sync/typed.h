/*
 * Values as people write them, in files and on the command line.
 */
#ifndef ROLLCALL_SYNC_TYPED_H
#define ROLLCALL_SYNC_TYPED_H

#include "base/fields.h"
#include "base/mem.h"

/*
 * Reads a text as a value of the field, in the form the store keeps (base/fields.h): *value is
 * NULL for an empty one. NULL when it could be read; else what is wrong, in words that follow
 * the name of the field and hold nothing of the text. References are left as they are, cleaned.
 */
const char *typed_read(struct arena *arena, enum field_id id, const char *text,
	    const char **value);

#endif
