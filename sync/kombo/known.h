/*
 * What is known of a source's records while its pages arrive: to tell at once whether a record
 * changed, and at the end which were absent.
 */
#ifndef ROLLCALL_SYNC_KOMBO_KNOWN_H
#define ROLLCALL_SYNC_KOMBO_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"

struct known_record {
	int64_t		id;		/* 0: never heard of */
	bool		stored;		/* its values are in the store */
	bool		gone;
	bool		moved;		/* known by its remote id: the Kombo id is new */
	uint64_t	hash;
};

struct known;

/*
 * db may be NULL: nothing is known. For a complete fetch all records of the source are held,
 * some 60 bytes each; for others each is looked up.
 */
int	known_open(struct db *db, int64_t source, bool complete, struct known **known,
	    struct err *err);
void	known_close(struct known **known);

/* Looks the record up and, in a complete fetch, ticks it off. remote may be NULL. */
int	known_find(struct known *known, const char *kombo, const char *remote,
	    struct known_record *record, struct err *err);

/* The ids of records nobody ticked off; the caller frees the list. */
void	known_absent(const struct known *known, int64_t **ids, size_t *count);

#endif
