/*
 * Values of import-once fields that are not kept once they have been taken ([lifecycle]
 * track_drift = no): the record holds a keyed hash in their place (rules/modes.h, MODE_VEIL).
 */
#ifndef ROLLCALL_SYNC_PLAN_VEIL_H
#define ROLLCALL_SYNC_PLAN_VEIL_H

#include "sync/plan/people.h"

#define VEIL_SIZE 34	/* MODE_VEIL, 16 bytes in hexadecimal, NUL */

/* The veil of a value of a field. */
int	veil_make(struct db *db, enum field_id id, const char *value, char veil[VEIL_SIZE],
	    struct err *err);

/* Veils what is not to be kept of a record that is about to be stored; texts in the arena. */
int	veil_employee(struct db *db, const struct loaded *loaded, size_t at, struct arena *arena,
	    struct employee *employee, struct err *err);

#endif
