/*
 * Inside sync/plan/ only: groups while a plan is published. Names for life, members counted by
 * view, versions (semantics 3.9, rulings F9, F14).
 */
#ifndef ROLLCALL_SYNC_PLAN_GROUPS_H
#define ROLLCALL_SYNC_PLAN_GROUPS_H

#include "sync/plan/people.h"

struct groups;

struct group {
	int64_t			 id;		/* unit.id */
	struct uuid		 uuid;
	const char		*base;		/* the name cn was made of */
	const char		*cn;
	const char		*type;		/* "" for none */
	const char		*source;	/* name of its source, "" when it is not configured */
	int64_t			 gid_number;	/* once it is published; 0: [posix] is off */
	uint64_t		 hash;		/* of what a member's entry shows of it */
	bool			 stays;		/* no HR system's: there also without members */
	bool			 touched;	/* members or what is shown of it changed */
	int64_t			 members[BOOK_VIEWS_MAX];	/* difference, by view */
	uint64_t		 member_hash[BOOK_VIEWS_MAX];
};

/*
 * Writes changed units, so that each has an id, and names the groups that somebody served is a
 * member of, and those that no HR system owns, in the order of sources and remote ids.
 */
int	groups_open(struct plan *plan, struct groups **groups, struct err *err);
void	groups_close(struct groups **groups);

/*
 * The group with that id, also one that is on its way out: 1 found, 0 it has no name (nobody
 * served was ever a member), -1 failed.
 */
int	groups_get(struct groups *groups, int64_t id, struct group **group, struct err *err);

/* Those that were asked for so far. */
size_t	groups_count(const struct groups *groups);
struct group *groups_at(struct groups *groups, size_t at);

/*
 * A member comes to (by = 1) or leaves (by = -1) the group in a set of views; an empty set only
 * says that the group is to be looked at.
 */
void	groups_member(struct group *group, uint32_t views, const struct uuid *member, int by);

#endif
