/*
 * Writes a made-up organisation and changes of it into a database, as the publisher would:
 * one transaction, one revision, only what differs, stamps under the write lock.
 */
#ifndef ROLLCALL_TESTS_LIB_SEED_PUBLISH_H
#define ROLLCALL_TESTS_LIB_SEED_PUBLISH_H

#include "tests/lib/seed.h"

#define SEED_VIEWS 2	/* "ldap" and "scim" */

struct publication {
	struct db		*db;
	struct seed		 seed;
	struct arena		*arena;		/* of one person */
	struct arena		*names;		/* of groups */
	int64_t			 view[SEED_VIEWS];
	bool			 touched[SEED_VIEWS];
	int64_t			 revision;
	int64_t			 stamp;
	struct group_change	*groups;	/* by id */
};

/* Begins a revision; the organisation is that of the database unless it is new. */
int	publication_open(struct publication *publication, const char *path, bool new,
	    struct err *err);
/* Commits when `result` is 0; returns what came of it. */
int	publication_close(struct publication *publication, int result, struct err *err);

/* Puts everything of `person` where it is served; manager 0 for none. */
int	publish_put(struct publication *publication, const struct served_person *person,
	    int64_t manager, const int64_t *groups, size_t count, struct err *err);
/* Takes a person out of all views, and from those who name her as their manager. */
int	publish_hide(struct publication *publication, int64_t id, struct err *err);
/* A person as she is served: 1 found, 0 not, -1 failed. */
int	publish_get(struct publication *publication, int64_t id, struct served_person *person,
	    int64_t *manager, int64_t **groups, size_t *count, struct err *err);
/* Gives a group another name. */
int	publish_rename(struct publication *publication, int64_t group, const char *cn,
	    struct err *err);

#endif
