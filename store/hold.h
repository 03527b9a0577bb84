/*
 * Plans that tripped a safeguard: what they are, why, and what an admin said to them (rulings
 * F2). No value of anybody is kept of them. Writing is inside the caller's transaction.
 */
#ifndef ROLLCALL_STORE_HOLD_H
#define ROLLCALL_STORE_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/mem.h"
#include "store/db.h"

#define HOLD_ID_SIZE	(2 * DIGEST_SHA256_SIZE + 1)
#define HOLD_ID_SHOWN	12	/* that many characters name a plan */

struct hold_plan {
	const char	*id;		/* hexadecimal */
	const char	*source;	/* of a pull; "" for a reload */
	uint8_t		 conf[DIGEST_SHA256_SIZE];
	const char	*state;		/* held, approved, applied, replaced */
	bool		 approvable;
	int64_t		 made_at;
	int64_t		 seen_at;	/* when it came out last */
	int64_t		 approved_at;
	const char	*approved_by;
};

struct hold_class {
	const char	*source;
	const char	*class;		/* gate_class_name */
	const char	*subject;	/* field, group or setting; "" for none */
	int64_t		 number;
	int64_t		 allowance;
	int64_t		 earlier;	/* of the number: in the 24 hours before */
};

struct hold_change {
	uint8_t		 digest[DIGEST_SHA256_SIZE];
	const char	*source;
	const char	*class;
	const char	*subject;
	int64_t		 person;	/* 0 for a new one */
	const char	*kombo;		/* of the record, "" for none */
};

/* Texts are in the arena. hold_plan_find: 1 found, 0 none, 2 more than one begins so, -1. */
int	hold_plan_find(struct db *db, const char *id, struct arena *arena,
	    struct hold_plan *plan, struct err *err);
int	hold_plan_list(struct db *db, struct arena *arena, struct hold_plan **plans,
	    size_t *count, struct err *err);
int	hold_plan_put(struct db *db, const struct hold_plan *plan, struct err *err);
/* Other held plans of the source ("" for reloads) are held no more; `id` "" for all. */
int	hold_plan_replace(struct db *db, const char *source, const char *id, struct err *err);
/* Forgets plans that nobody saw since, but for held ones; and changes that are not needed. */
int	hold_expire(struct db *db, int64_t since, struct err *err);

int	hold_class_put(struct db *db, const char *plan, const struct hold_class *class,
	    struct err *err);
int	hold_class_list(struct db *db, const char *plan, struct arena *arena,
	    struct hold_class **classes, size_t *count, struct err *err);

int	hold_change_put(struct db *db, const char *plan, const struct hold_change *change,
	    struct err *err);
int	hold_change_list(struct db *db, const char *plan, struct arena *arena,
	    struct hold_change **changes, size_t *count, struct err *err);
/* 1 it is one of the plan's, 0 not, -1 failed. */
int	hold_change_has(struct db *db, const char *plan, const uint8_t *digest,
	    struct err *err);

/* Removals that passed by themselves (rulings F3). */
int	removal_add(struct db *db, int64_t source, int64_t now, int64_t number, struct err *err);
int	removal_sum(struct db *db, int64_t source, int64_t since, int64_t *number,
	    struct err *err);

/* People of a source who are served and not departed; counting ends at `enough`. */
int	base_people(struct db *db, const char *source, int64_t enough, int64_t *count,
	    struct err *err);

#endif
