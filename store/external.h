/*
 * What clients of SCIM call people and groups (externalId, RFC 7643 §3.1): each client has ids
 * of its own, at most one for a resource. That none is given twice among what a client sees is
 * the publisher's to see to (sync/request/scim.c).
 */
#ifndef ROLLCALL_STORE_EXTERNAL_H
#define ROLLCALL_STORE_EXTERNAL_H

#include <stdint.h>

#include "base/digest.h"
#include "base/mem.h"
#include "store/db.h"

struct external_row {
	int64_t		 client;
	struct uuid	 uuid;
	const char	*value;		/* NULL: it was taken back */
	int64_t		 stamp;		/* grows with every change of any of them */
};

/* ---- readers ------------------------------------------------------------------------------- */

/* Another number than before: rows were deleted, read all of them anew. */
int	external_erased(struct db *db, int64_t *erased, struct err *err);
/*
 * Walks what was changed after a stamp, in the order of stamps; 0 gives all there are:
 * external_walk, then external_next until 0. Texts are borrowed until the next step.
 */
void	external_walk(struct db *db, int64_t since);
int	external_next(struct db *db, struct external_row *row, struct err *err);

/* ---- the publisher ------------------------------------------------------------------------- */

/* 1 and *value in the arena, 0 there is none, -1 failed. */
int	external_get(struct db *db, int64_t client, const struct uuid *uuid,
	    struct arena *arena, const char **value, struct err *err);
/* Who is called so by a client; *uuids is in the arena. */
int	external_holders(struct db *db, int64_t client, const char *value, struct arena *arena,
	    struct uuid **uuids, size_t *count, struct err *err);
/* row->stamp is set: above all others. */
int	external_put(struct db *db, struct external_row *row, int64_t now, struct err *err);
/* A resource is no more. */
int	external_delete(struct db *db, const struct uuid *uuid, struct err *err);

#endif
