/*
 * Decisions and state as one text (semantics 3.11, rulings F11): with the configuration it makes
 * the same directory anew, UUIDs and uids included. One JSON object a line: what the text is, then
 * rows of tables, then how many there were.
 */
#ifndef ROLLCALL_STORE_STATE_H
#define ROLLCALL_STORE_STATE_H

#include <stdint.h>
#include <stdio.h>

#include "store/db.h"

/* Writes all of it; *count gets the number of rows. Reads within the caller's transaction. */
int	state_export(struct db *db, FILE *file, int64_t *count, struct err *err);

/*
 * Takes a text over, inside the caller's transaction; the views stay to be published. ERR_CONFLICT
 * when people are known already; ERR_USAGE naming the line of what cannot be read.
 */
int	state_import(struct db *db, FILE *file, int64_t now, int64_t *count, struct err *err);

#endif
