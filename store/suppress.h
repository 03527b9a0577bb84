/*
 * Who was erased and may not come back: keyed hashes of what would bring her (semantics 3.12).
 * The key is the database's own, drawn when it is made; it travels with backups and exports, in
 * all of them sealed once [server] state_key is given.
 */
#ifndef ROLLCALL_STORE_SUPPRESS_H
#define ROLLCALL_STORE_SUPPRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/mem.h"
#include "store/db.h"

/* What a hash is of. */
enum suppress_kind {
	SUPPRESS_KOMBO = 'K',	/* source and Kombo id */
	SUPPRESS_REMOTE = 'R',	/* source and remote id */
	SUPPRESS_UID = 'U',	/* uid, given to nobody else meanwhile */
	SUPPRESS_VALUE = 'V'	/* a value of the field `source`: hashed alike, never in the list */
};

struct suppress_row {
	struct uuid	 uuid;			/* the person's */
	char		 kind;			/* enum suppress_kind */
	uint8_t		 hash[DIGEST_SHA256_SIZE];
	int64_t		 erased_at;
};

/* The hash of a text; `source` is the name of its source, "" for a uid. */
int	suppress_hash(struct db *db, enum suppress_kind kind, const char *source,
	    const char *text, uint8_t hash[DIGEST_SHA256_SIZE], struct err *err);

int	suppress_add(struct db *db, const struct suppress_row *row, struct err *err);
/* All that belong to a person. */
int	suppress_delete(struct db *db, const struct uuid *uuid, struct err *err);

/* How many there are: who has none need not ask. */
int	suppress_count(struct db *db, int64_t *count, struct err *err);
/* 1 the text may not come back, 0 it may, -1 failed. NULL may. */
int	suppress_has(struct db *db, enum suppress_kind kind, const char *source,
	    const char *text, struct err *err);

/* 1 the UUID was an erased person's: nobody else gets it; 0 it was not, -1 failed. */
int	suppress_has_uuid(struct db *db, const struct uuid *uuid, struct err *err);

/* All rows; *rows is in the arena. */
int	suppress_list(struct db *db, struct arena *arena, struct suppress_row **rows,
	    size_t *count, struct err *err);

/*
 * The secret that seals the database's key (store/seal.h), by reference (base/secret.h): NULL for
 * none. It is read when the key is needed first; a copy of the reference is kept.
 */
void	suppress_use(struct db *db, const char *reference);
/*
 * Reads the key anew and, where a secret is in use, sees to it that it is sealed by it. ERR_SECRET
 * when the secret is missing, cannot be read, or is not the one; then whatever needs a hash fails
 * likewise. In the caller's transaction.
 */
int	suppress_unlock(struct db *db, struct err *err);

#endif
