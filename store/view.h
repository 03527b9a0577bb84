/*
 * Views as readers see them: who and what is served, and what changed since a revision (the
 * feed). Nothing here can read records, decisions, state or reasons.
 */
#ifndef ROLLCALL_STORE_VIEW_H
#define ROLLCALL_STORE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/fields.h"
#include "base/mem.h"
#include "base/model.h"
#include "store/db.h"

struct view_row {
	int64_t		 id;
	int64_t		 revision;	/* the last one that changed the view */
	int64_t		 stamp;		/* the largest stamp given in it, microseconds */
	int64_t		 forgotten;	/* tombstones up to this stamp are gone, 0: none */
};

/*
 * A person as a view shows her. Texts are borrowed until the next step. Stamps are unique
 * within a view and grow with every change.
 */
struct view_person {
	int64_t			 id;		/* the same in all views, for life */
	struct uuid		 uuid;
	const char		*uid;
	enum person_status	 status;
	bool			 active;
	const char		*source;
	const char		*value[FIELD_N];	/* base/fields.h; MANAGER and GROUPS are NULL */
	int64_t			 manager;	/* id, 0: none that this view shows */
	struct uuid		 manager_uuid;
	const char		*manager_uid;
	const char		*manager_name;
	int64_t			 uid_number;	/* 0: none, [posix] is off */
	uint64_t		 version;	/* hash of what the view shows of the entry */
	int64_t			 created;	/* stamps */
	int64_t			 modified;
	int64_t			 revision;
};

struct view_group {
	int64_t			 id;
	struct uuid		 uuid;
	const char		*cn;
	const char		*type;		/* DEPARTMENT, TEAM, COST_CENTER */
	const char		*source;
	int64_t			 members;	/* how many, in this view */
	int64_t			 gid_number;	/* 0: none, [posix] is off */
	uint64_t		 version;
	int64_t			 created;
	int64_t			 modified;
	int64_t			 revision;
};

/* What was once served in the view and is no more. */
struct view_tombstone {
	struct uuid	 uuid;
	bool		 group;
	int64_t		 stamp;
	int64_t		 revision;
};

/* The database's epoch: another one means that nothing of before holds (rulings F8). */
int	view_epoch(struct db *db, struct uuid *epoch, struct err *err);

/*
 * What readers must know of the configuration in force (sync/settings.h): calls back with each
 * name and value (NULL for none), in the order of names. Borrowed until the callback returns.
 */
int	view_settings(struct db *db, void (*found)(void *context, const char *name,
	    const char *value), void *context, struct err *err);

/* 1 found, 0 there is no such view (yet), -1 failed. */
int	view_find(struct db *db, const char *name, struct view_row *row, struct err *err);

/*
 * Each of these walks starts with x_walk and goes on with x_next until 0. `since` is a revision:
 * 0 gives everything (people and groups ascending by id), else what changed after it. One walk of each kind at a time; all of them
 * inside one db_begin … db_commit see the same revision.
 */
/* Without `managers` UUID, uid and name of the manager are not looked up: NULL, zero. */
void	view_people_walk(struct db *db, int64_t view, int64_t since, bool managers);
int	view_people_next(struct db *db, struct view_person *person, struct err *err);
void	view_groups_walk(struct db *db, int64_t view, int64_t since);
int	view_groups_next(struct db *db, struct view_group *group, struct err *err);
void	view_tombstones_walk(struct db *db, int64_t view, int64_t since);
int	view_tombstones_next(struct db *db, struct view_tombstone *tombstone, struct err *err);

/* The groups of a view, and the stamp of each since it has its name. */
void	view_names_walk(struct db *db, int64_t view);
int	view_names_next(struct db *db, struct uuid *group, int64_t *named, struct err *err);

/* All memberships, ascending by person, then group. */
void	view_all_memberships_walk(struct db *db);
int	view_all_memberships_next(struct db *db, int64_t *person, int64_t *group,
	    struct err *err);

/* The ids of the groups of a person, ascending; may run inside view_people_next's walk. */
void	view_memberships_walk(struct db *db, int64_t person);
int	view_memberships_next(struct db *db, int64_t *group, struct err *err);

#endif
