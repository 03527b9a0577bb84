/*
 * Cursors (RFC 9865): where a page of a list ended, sealed, so that nothing is kept
 * for them here. One is good for the client, the view, the query and the size of pages
 * it was given out for, until the database has another epoch or its time is over.
 *
 * The key is made with the database and lies in it, beside the state that a restart, a
 * backup and `rollcall state export` keep: cursors outlive what the directory outlives,
 * all servers of one database understand each other's, and an old one is known as old.
 * Each client has a key of its own, derived from it (scim/clients.c): a cursor of
 * somebody else cannot be told from one that was made up.
 */
#ifndef ROLLCALL_SCIM_CURSOR_H
#define ROLLCALL_SCIM_CURSOR_H

#include "base/cipher.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/mem.h"
#include "scim/sort.h"

/* What a cursor is bound to. */
struct cursor_bond {
	const uint8_t		*key;		/* of the client: CIPHER_KEY_SIZE */
	const struct uuid	*epoch;
	uint64_t		 query;		/* hash of all other parameters */
	int64_t			 count;		/* as it was asked for, -1: not */
	int64_t			 now;		/* clock_now() */
	int64_t			 timeout;	/* microseconds */
};

/* Adds the cursor that leads behind an entry to `out`: of [A-Za-z0-9_-]. */
void	cursor_write(struct buf *out, const struct cursor_bond *bond,
	    const struct sort_key *key);

/*
 * Reads one; a text goes to the arena. ERR_SCIM_CURSOR: it was not made here for this
 * client, or is for another query; ERR_SCIM_EXPIRED; ERR_SCIM_COUNT: another count than
 * before.
 */
int	cursor_read(struct arena *arena, const struct cursor_bond *bond, const char *text,
	    struct sort_key *key, struct err *err);

#endif
