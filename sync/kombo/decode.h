/*
 * One element of a page becomes a record: permitted fields only, normalised at the door
 * (semantics 3.2, rulings C12). What fields.def does not name, or the source has switched off,
 * is dropped here and never stored.
 */
#ifndef ROLLCALL_SYNC_KOMBO_DECODE_H
#define ROLLCALL_SYNC_KOMBO_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/model.h"
#include "sync/kombo/split.h"

struct decoder {
	int64_t			 source;
	const enum field_mode	*modes;		/* FIELD_N of them: OFF and LOCAL are dropped */
};

struct decoded {
	bool		 deleted;		/* remote_deleted_at is set: no other value counts */
	int64_t		 changed_at;		/* instant, 0 when unreadable */
	struct employee	 employee;		/* texts in the arena */
	struct unit	 unit;
};

/*
 * 0 done; -1: the element is refused, err says why in the words of its own offsets, never with
 * a value. employee.invalid has the fields that could not be read (they are NULL).
 */
int	decode_employee(struct arena *arena, const struct decoder *decoder,
	    const struct slice *element, struct decoded *decoded, struct err *err);
int	decode_unit(struct arena *arena, const struct decoder *decoder, enum unit_model model,
	    const struct slice *element, struct decoded *decoded, struct err *err);

/* The element's id when it can be read off without decoding; NULL otherwise. In the arena. */
const char *decode_id(struct arena *arena, const struct slice *element);

/* The text of a JSON string slice, NULL for null and for what is no string. In the arena. */
const char *decode_string(struct arena *arena, const struct slice *slice);

#endif
