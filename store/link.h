/*
 * Whose record is whose: what admins decided, and what waits for them to decide (rulings B4).
 */
#ifndef ROLLCALL_STORE_LINK_H
#define ROLLCALL_STORE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "store/db.h"

/* `rollcall link` and `unlink`: known by source and Kombo id, as records come and go. */
struct link_row {
	int64_t		 source;
	const char	*kombo;
	int64_t		 person;	/* 0: nobody else's, it stands alone */
	int64_t		 salt;		/* of its own UUID, 0 for none */
	const char	*reason;	/* NULL for none */
	const char	*actor;
	int64_t		 made_at;
};

/* 1 there are such decisions, 0 none, -1 failed. */
int	link_any(struct db *db, struct err *err);
/* 1 found, 0 not, -1 failed. Texts are in the arena. */
int	link_get(struct db *db, int64_t source, const char *kombo, struct arena *arena,
	    struct link_row *row, struct err *err);
int	link_put(struct db *db, const struct link_row *row, struct err *err);
int	link_delete_source(struct db *db, int64_t source, struct err *err);
/* A record's Kombo id has become another. */
int	link_move(struct db *db, int64_t source, const char *from, const char *to,
	    struct err *err);
/* Decisions that led to one person lead to another: -1 failed. */
int	link_move_person(struct db *db, int64_t from, int64_t to, struct err *err);

/* Whom a held record may belong to. */
int	suspect_put(struct db *db, int64_t record, int64_t person, struct err *err);
int	suspect_clear(struct db *db, int64_t record, struct err *err);
/* Ids of people, ascending; *people is in the arena. */
int	suspect_list(struct db *db, int64_t record, struct arena *arena, int64_t **people,
	    size_t *count, struct err *err);

#endif
