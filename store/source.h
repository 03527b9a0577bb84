/*
 * State of the HR systems, and what there is one of: epoch, namespace, revision, stamp.
 */
#ifndef ROLLCALL_STORE_SOURCE_H
#define ROLLCALL_STORE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/mem.h"
#include "store/db.h"

/* source_row.retired */
#define SOURCE_VANISHED	"vanished"	/* the file is no more: its people are frozen */
#define SOURCE_KEPT	"kept"		/* … for good: they go on as if entered by hand */
#define SOURCE_PURGED	"purged"	/* … and are erased */

/* Instants are microseconds, 0 for never. Texts are in the arena given to the reader. */
struct source_row {
	int64_t		 id;
	const char	*name;
	const char	*integration;
	int64_t		 approved;
	bool		 enabled;
	int64_t		 watermark;	/* start of the last accepted fetch by Kombo's clock */
	int64_t		 full_at;	/* last accepted complete fetch */
	bool		 full_wanted;	/* the next fetch must be complete */
	int64_t		 tried_at;
	int64_t		 succeeded_at;
	int64_t		 upstream_at;	/* newest change that Kombo saw in the HR system */
	const char	*error;		/* name of the last run's error, "" when it went well */
	const char	*error_text;
	const char	*tool;		/* the HR system, as Kombo calls it */
	const char	*retired;	/* "" while its file is there, else SOURCE_VANISHED … */
};

/* 1 found, 0 not, -1 failed. */
int	source_find(struct db *db, const char *name, struct arena *arena,
	    struct source_row *row, struct err *err);
/* Adds a source that is not approved; row gets it. */
int	source_add(struct db *db, const char *name, const char *integration,
	    struct arena *arena, struct source_row *row, struct err *err);
int	source_save(struct db *db, const struct source_row *row, struct err *err);
/* Rows by name; *rows is in the arena. */
int	source_list(struct db *db, struct arena *arena, struct source_row **rows, size_t *count,
	    struct err *err);

int	meta_number(struct db *db, const char *name, int64_t *value, struct err *err);
int	meta_set_number(struct db *db, const char *name, int64_t value, struct err *err);
int	meta_uuid(struct db *db, const char *name, struct uuid *uuid, struct err *err);

#endif
