/*
 * The incoming generation of a held run: its fetch, kept until its plan passes or a newer run
 * takes its place (rulings F1). One per source. Writing is inside the caller's transaction.
 */
#ifndef ROLLCALL_STORE_INCOMING_H
#define ROLLCALL_STORE_INCOMING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/model.h"
#include "store/db.h"
#include "store/stage.h"

struct incoming_row {
	int64_t		 source;
	int64_t		 run;
	bool		 complete;
	bool		 healthy;
	unsigned int	 whole;		/* bits: absence of E, L, G is believed */
	int64_t		 started;
	int64_t		 upstream_at;
	const char	*tool;
	int64_t		 seen;
	int64_t		 live;
	int64_t		 refused;
	int64_t		 requests;
};

/* Takes the place of what is there. */
int	incoming_put(struct db *db, const struct incoming_row *row, struct err *err);
int	incoming_put_employee(struct db *db, const struct employee *employee, struct err *err);
int	incoming_put_unit(struct db *db, const struct unit *unit, struct err *err);
int	incoming_put_absent(struct db *db, int64_t source, int64_t record, struct err *err);
int	incoming_drop(struct db *db, int64_t source, struct err *err);

/* 1 found, 0 the source has none, -1 failed. Texts are in the arena. */
int	incoming_get(struct db *db, int64_t source, struct arena *arena,
	    struct incoming_row *row, struct err *err);

/* Puts employees and units into a stage, which a plan reads. Records that are no more are new. */
int	incoming_load(struct db *db, int64_t source, struct stage *stage, struct err *err);
/* Ids of accepted records that it did not bring; the caller frees *records. */
int	incoming_absent(struct db *db, int64_t source, int64_t **records, size_t *count,
	    struct err *err);

/* One employee by Kombo id: 1 found, 0 not, -1 failed. Everything is in the arena. */
int	incoming_employee(struct db *db, int64_t source, const char *kombo, struct arena *arena,
	    struct employee *employee, struct err *err);
/*
 * Calls back with source and Kombo id of whose remote id, Kombo id, employee number or work
 * e-mail `text` is.
 */
int	incoming_find(struct db *db, const char *text,
	    void (*found)(void *context, int64_t source, const char *kombo), void *context,
	    struct err *err);

/* Forgets one record of it, or the values of one field: erasure reaches here too. */
int	incoming_forget(struct db *db, int64_t source, const char *kombo, int64_t record,
	    struct err *err);
int	incoming_erase_field(struct db *db, int64_t source, enum field_id field,
	    struct err *err);

#endif
