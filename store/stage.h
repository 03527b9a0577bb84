/*
 * The incoming generation of one run: fetched rows that are not accepted yet, in a temporary
 * database of its own that SQLite unlinks as soon as it is open (rulings F1, F7). It is handed
 * from the thread that fetches to the one that plans.
 */
#ifndef ROLLCALL_STORE_STAGE_H
#define ROLLCALL_STORE_STAGE_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/model.h"

struct stage;

int	stage_open(struct stage **stage, struct err *err);
void	stage_close(struct stage **stage);

/* A later row of the same Kombo id takes the place of the earlier one. */
int	stage_put(struct stage *stage, const struct employee *employee, struct err *err);

struct stage_ref {
	int64_t		 row;		/* for stage_get */
	int64_t		 record;	/* as it was put, 0: unknown */
	const char	*kombo;		/* borrowed until the next step */
	bool		 gone;
};

/* Rows in the order of remote ids' bytes, then Kombo ids': at most one walk at a time. */
int	stage_walk(struct stage *stage, struct err *err);
/* 1 a row, 0 the end, -1 failed. */
int	stage_next(struct stage *stage, struct stage_ref *ref, struct err *err);

/* The employee of a row; record, source, hash and invalid as they were put. In the arena. */
int	stage_get(struct stage *stage, int64_t row, struct arena *arena,
	    struct employee *employee, struct err *err);

/* The row of a Kombo id: 1 found, 0 not, -1 failed. */
int	stage_find(struct stage *stage, const char *kombo, int64_t *row, struct err *err);

/* Legal entities, places and groups that differ from what is accepted. */
int	stage_put_unit(struct stage *stage, const struct unit *unit, struct err *err);
int	stage_units(struct stage *stage, void (*found)(void *context, const struct unit *unit),
	    void *context, struct err *err);

/* Notes the record of a row that was unknown when it was put; may run inside a walk. */
int	stage_set_record(struct stage *stage, int64_t row, int64_t record, struct err *err);

/* Gives all of it to another source: for one that had no id yet when it was fetched. */
int	stage_set_source(struct stage *stage, int64_t source, struct err *err);

#endif
