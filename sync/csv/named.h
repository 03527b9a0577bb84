/*
 * Legal entities, places and groups that rows of a file name: the file has no ids for them, so
 * the name is the id. Two spellings that differ in letter case are one.
 */
#ifndef ROLLCALL_SYNC_CSV_NAMED_H
#define ROLLCALL_SYNC_CSV_NAMED_H

#include <stdint.h>

#include "base/fields.h"
#include "base/model.h"
#include "store/stage.h"

struct named;

struct named *named_open(int64_t source);
void	named_close(struct named **named);

/* The type of the groups that a field names: "TEAM". */
const char *named_type(enum field_id id);

/*
 * The id that stands for a name in the record, in the arena. `place` (base/place.h, without the
 * name; NULL for none) and `type` (of a group) may be NULL. Of spellings the least in bytes is
 * kept. *other is the line that gave the same place another address, 0: none did.
 */
const char *named_id(struct named *named, struct arena *arena, const struct unit *unit,
	    int64_t line, int64_t *other);

/* Puts them all into the stage. */
int	named_stage(const struct named *named, struct stage *stage, struct err *err);

#endif
