/*
 * Inside sync/plan/publish*.c only: a publication under way, and its parts. Each part writes
 * only what differs from what is there; all return 0, or -1 with the error.
 */
#ifndef ROLLCALL_SYNC_PLAN_PUBLISH_INSIDE_H
#define ROLLCALL_SYNC_PLAN_PUBLISH_INSIDE_H

#include "store/served.h"
#include "sync/plan/audit.h"
#include "sync/plan/events.h"
#include "sync/plan/groups.h"
#include "sync/plan/managers.h"
#include "sync/plan/people.h"

struct publish {
	struct plan		*plan;
	struct plan_report	*report;
	struct groups		*groups;
	struct managers		*managers;
	struct audit		*audit;
	struct events		*events;	/* NULL: nobody wants any */
	struct arena		*arena;		/* of one person */
	int64_t			 revision;	/* the one being written */
	int64_t			 stamp;		/* before all that are given */
	int64_t			 last;		/* the largest one given */
	/*
	 * The last one of each view, 0: it did not change. Each counts for itself: a gap would
	 * tell of somebody whom another view shows (rulings F19).
	 */
	int64_t			 view_stamp[BOOK_VIEWS_MAX];
};

/* The stamp of the next change in a view (index into book->views), which it marks as changed. */
int64_t	publish_stamp(struct publish *publish, size_t view);
/* Texts that are equal, or both NULL. */
bool	publish_same(const char *a, const char *b);

/*
 * A person's own rows (publish_rows.c): who it is and where it stands, values that cannot be
 * derived, the records and whose they are. A fresh person is added, its records get their ids
 * in `loaded`; what is not kept is deleted.
 */
int	publish_person(struct publish *publish, const struct mark *mark,
	    const struct loaded *loaded, int64_t owner, struct err *err);
int	publish_values(struct publish *publish, const struct mark *mark,
	    struct loaded *loaded, struct err *err);
int	publish_records(struct publish *publish, const struct mark *mark,
	    struct loaded *loaded, struct err *err);

/* A person's entries in all views, with manager and memberships (publish_views.c). */
int	publish_views(struct publish *publish, const struct mark *mark,
	    const struct loaded *loaded, struct err *err);

/* The entries of all groups that were touched, after all people (publish_groups.c). */
int	publish_groups(struct publish *publish, struct err *err);

#endif
