/*
 * Views as the publisher writes them. Revisions and stamps are given here, under the write
 * lock (rulings F8).
 */
#ifndef ROLLCALL_STORE_SERVED_H
#define ROLLCALL_STORE_SERVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/model.h"
#include "store/db.h"

/* What is served of a person, wherever she is served. Texts are in the arena given. */
struct served_person {
	int64_t			 id;
	struct uuid		 uuid;
	const char		*uid;
	enum person_status	 status;
	bool			 active;
	const char		*source;
	uint64_t		 hash;
	int64_t			 uid_number;	/* 0: none, [posix] is off */
	const char		*value[FIELD_N];
};

/* 1 found, 0 not, -1 failed. */
int	served_get(struct db *db, int64_t id, struct arena *arena, struct served_person *person,
	    struct err *err);
int	served_put(struct db *db, const struct served_person *person, struct err *err);
int	served_delete(struct db *db, int64_t id, struct err *err);
/* All, by uid: served_walk, then served_next until 0; texts are borrowed. */
void	served_walk(struct db *db);
int	served_next(struct db *db, struct served_person *person, struct err *err);

/* A person's entry in one view. */
struct shown_row {
	int64_t		 view;
	int64_t		 person;
	int64_t		 manager;	/* 0 for none */
	uint64_t	 version;
	int64_t		 created;
	int64_t		 modified;
	int64_t		 revision;
};

/* The entries of a person, at most `room`; *count gets how many. modified, revision are 0. */
int	shown_list(struct db *db, int64_t person, struct shown_row *rows, size_t room,
	    size_t *count, struct err *err);
/* The stamp of a person's entry in a view: 1 found, 0 the view does not show her, -1 failed. */
int	shown_modified(struct db *db, int64_t view, int64_t person, int64_t *modified,
	    struct err *err);
int	shown_put(struct db *db, const struct shown_row *row, struct err *err);
int	shown_delete(struct db *db, int64_t view, int64_t person, struct err *err);
int	shown_count(struct db *db, int64_t view, int64_t *count, struct err *err);

/* The ids of the groups of a person, ascending; *groups is in the arena. */
int	member_list(struct db *db, int64_t person, struct arena *arena, int64_t **groups,
	    size_t *count, struct err *err);
int	member_add(struct db *db, int64_t person, int64_t group, struct err *err);
int	member_delete(struct db *db, int64_t person, int64_t group, struct err *err);

struct served_group {
	int64_t		 id;
	struct uuid	 uuid;
	const char	*cn;
	const char	*type;
	const char	*source;
	int64_t		 gid_number;	/* 0: none, [posix] is off */
};
int	group_put(struct db *db, const struct served_group *group, struct err *err);
int	group_delete(struct db *db, int64_t id, struct err *err);

/* A group's entry in one view. */
struct group_shown_row {
	int64_t		 view;
	int64_t		 group;
	int64_t		 members;
	uint64_t	 member_hash;
	uint64_t	 version;
	int64_t		 created;
	int64_t		 modified;
	int64_t		 revision;
	const char	*cn;		/* group_shown_put: another one is noted with `modified` */
};
/* The entries of a group, at most `room`; *count gets how many. modified, revision, cn are 0. */
int	group_shown_list(struct db *db, int64_t group, struct group_shown_row *rows, size_t room,
	    size_t *count, struct err *err);
/* The stamp of a group's entry in a view: 1 found, 0 the view does not show it, -1 failed. */
int	group_shown_modified(struct db *db, int64_t view, int64_t group, int64_t *modified,
	    struct err *err);
int	group_shown_put(struct db *db, const struct group_shown_row *row, struct err *err);
int	group_shown_delete(struct db *db, int64_t view, int64_t group, struct err *err);

int	tombstone_put(struct db *db, int64_t view, const struct uuid *uuid, bool group,
	    int64_t stamp, int64_t revision, struct err *err);
int	tombstone_delete(struct db *db, int64_t view, const struct uuid *uuid, struct err *err);
/* Forgets those older than the stamp; *count gets how many. */
int	tombstone_expire(struct db *db, int64_t stamp, int64_t *count, struct err *err);
/*
 * What was served before now in a view of that name, perhaps of another database, is not known
 * here: *stamp is one after all that were given, and before all that will be.
 */
int	tombstone_horizon(struct db *db, int64_t *stamp, struct err *err);
/* … in all views: readers who saw less read anew. */
int	tombstone_forget_all(struct db *db, struct err *err);

/* What readers see of the configuration: cleared whole, then put one by one. */
int	setting_clear(struct db *db, struct err *err);
int	setting_put(struct db *db, const char *name, const char *value, struct err *err);

/* Views by id: calls back with each. */
struct served_view {
	int64_t		 id;
	const char	*name;
	int64_t		 revision;
	int64_t		 stamp;
};
int	served_view_each(struct db *db, void (*found)(void *context,
	    const struct served_view *view), void *context, struct err *err);
int	served_view_add(struct db *db, const char *name, int64_t *id, struct err *err);
int	served_view_touch(struct db *db, int64_t view, int64_t revision, int64_t stamp,
	    struct err *err);
/* Takes the view away with all it showed. */
int	served_view_drop(struct db *db, int64_t view, struct err *err);

#endif
