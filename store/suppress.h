/*
 * Who was erased and may not come back: keyed hashes of what would bring her (semantics 3.12).
 * The key is the database's own, drawn when it is made; it travels with backups and exports.
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

/* All rows; *rows is in the arena. */
int	suppress_list(struct db *db, struct arena *arena, struct suppress_row **rows,
	    size_t *count, struct err *err);

/* The key in hexadecimal, for an export; suppress_set_key takes it over. In the arena. */
int	suppress_key(struct db *db, struct arena *arena, const char **key, struct err *err);
int	suppress_set_key(struct db *db, const char *key, struct err *err);

#endif
