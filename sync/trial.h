/*
 * A trial: the road of a sync, a reload and the days that follow, taken in a copy of the
 * database that is thrown away. What it shows is what would be published, since it is published
 * there by the same code (rulings F7: the copy has no name in the file system).
 */
#ifndef ROLLCALL_SYNC_TRIAL_H
#define ROLLCALL_SYNC_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/day.h"
#include "base/err.h"
#include "store/hold.h"
#include "store/source.h"
#include "sync/csv/table.h"
#include "sync/engine.h"

struct trial_order {
	const struct conf	*conf;		/* to be tried, NULL: the one in force */
	bool			 trusted;	/* its keys and addresses may be any (see below) */
	/* Fetched live, approved or not; NULL: every source that is approved and enabled. */
	const char		*source;
	const struct csv_input	*input;		/* the file to read for it, NULL: its own */
	bool			 every;		/* … with those that are not approved */
	day_number		 day;		/* the date to be tried, DAY_NONE: today */
	bool			 weigh;		/* say what the safeguards would hold (trial_holds) */
	/* Progress while it fetches; may be NULL. */
	void	(*progress)(void *context, const char *source, const char *model, int64_t records);
	void			*context;
};

/* A source of the trial. */
struct trial_source {
	const struct conf_source	*conf;
	int64_t				 id;		/* in the copy */
	struct source_row		 row;		/* as it stands before the trial */
	struct fetched			*fetched;
};

struct trial;

/*
 * Fetches and goes the whole road. Sources that are fetched are not fetched by anybody else
 * meanwhile; the publisher's lock is not held. The configuration that is tried names keys and
 * addresses: unless the order is trusted they must be those of a source in force, since a key
 * would be sent wherever the address says (ERR_DENIED). ERR_USAGE: the day has passed.
 */
int	trial_open(struct engine *engine, const struct trial_order *order, struct trial **trial,
	    struct err *err);
void	trial_close(struct trial **trial);

/* The configuration that was tried, and the one in force; borrowed. */
const struct conf *trial_conf(const struct trial *trial);
const struct conf *trial_held(const struct trial *trial);
const struct trial_source *trial_sources(const struct trial *trial, size_t *count);

/* What was done on the whole road. */
struct trial_report {
	int64_t	erased;		/* people of whom everything would be erased */
	int64_t	overwrote;	/* values set by hand that HR would replace */
};
const struct trial_report *trial_report(const struct trial *trial);

/*
 * A reload or a run that the safeguards would hold, though the trial goes on as if it had been
 * approved. What is approved already is none.
 */
struct trial_hold {
	const char		*source;	/* of the run, "" for the reload */
	bool			 approvable;
	struct hold_class	*classes;
	size_t			 class_count;
};
const struct trial_hold *trial_holds(const struct trial *trial, size_t *count);

/* The database before, and the copy after; borrowed, to be read. */
struct db *trial_before(const struct trial *trial);
struct db *trial_after(const struct trial *trial);

/* Calls back with every record that was fetched of a source, as judged in the end. */
int	trial_each(struct trial *trial, const struct trial_source *source,
	    int (*found)(void *context, const struct plan_item *item), void *context,
	    struct err *err);

/* ---- what would be different (sync/trial_compare.c) --------------------------------------- */

enum trial_kind { TRIAL_ENTERS, TRIAL_LEAVES, TRIAL_CHANGES, TRIAL_KINDS };

#define TRIAL_PARTS 8		/* of a change, besides the fields */

/* One thing that changes: "job_title", "status", "views", "manager", "groups". */
struct trial_part {
	const char	*name;
	const char	*before;	/* NULL for nothing; a list's items are parted by "\n" */
	const char	*after;
};

/* A person who would be served otherwise. Borrowed until the callback returns. */
struct trial_change {
	enum trial_kind		 kind;
	bool			 erased;	/* … whose values would be erased */
	const char		*uid;
	const char		*name;
	const char		*source;
	struct uuid		 uuid;
	struct trial_part	 parts[FIELD_N + TRIAL_PARTS];
	size_t			 part_count;
};

/*
 * Calls back with everybody who would be served otherwise, or of whom everything would be
 * erased, by uid.
 */
int	trial_compare(struct trial *trial,
	    int (*found)(void *context, const struct trial_change *change), void *context,
	    struct err *err);

/* How many stored values of a field of a source would be erased, because it is switched off. */
int	trial_erasures(struct trial *trial, int (*found)(void *context, const char *source,
	    enum field_id field, int64_t values), void *context, struct err *err);

#endif
