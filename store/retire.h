/*
 * The end of what is known of people: values erased when their time was over, then the rest.
 */
#ifndef ROLLCALL_STORE_RETIRE_H
#define ROLLCALL_STORE_RETIRE_H

#include <stdint.h>

#include "base/mem.h"
#include "store/db.h"

/*
 * Notes that a person's values were erased, which takes away what clients of SCIM call her and
 * her place in groups of no HR system, or that she is back.
 */
int	retire_put(struct db *db, int64_t person, int64_t now, struct err *err);
int	retire_delete(struct db *db, int64_t person, struct err *err);

/* Those whose values were erased before the instant. *people is in the arena. */
int	retire_list(struct db *db, int64_t before, struct arena *arena, int64_t **people,
	    size_t *count, struct err *err);

/*
 * Leaves nothing of a person who is served nowhere: values, decisions, what a held run brought,
 * the values in the history, uid and UUID. Of her records source and Kombo id stay.
 */
int	retire_forget(struct db *db, int64_t person, struct err *err);

#endif
