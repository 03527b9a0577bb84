/*
 * Groups that no HR system owns: units of the type UNIT_LOCAL, whose members are decided by
 * whoever made them.
 */
#ifndef ROLLCALL_STORE_LOCAL_H
#define ROLLCALL_STORE_LOCAL_H

#include <stdint.h>

#include "base/mem.h"
#include "base/model.h"
#include "store/db.h"

/* Those of a source that were not removed. *units is in the arena. */
int	local_groups(struct db *db, int64_t source, struct arena *arena, struct unit **units,
	    size_t *count, struct err *err);
/* One of them: 1 found, 0 the unit is none (any more), -1 failed. */
int	local_group_get(struct db *db, int64_t group, struct arena *arena, struct unit *unit,
	    struct err *err);
/* Whoever was a member is none, and the name is free for another group. */
int	local_group_clear(struct db *db, int64_t group, struct err *err);

/* 1 a person is a member of some group, 0 nobody is, -1 failed. */
int	local_member_any(struct db *db, struct err *err);
int	local_member_put(struct db *db, int64_t group, int64_t person, struct err *err);
int	local_member_delete(struct db *db, int64_t group, int64_t person, struct err *err);
/* Ids of the members, ascending. *people is in the arena. */
int	local_member_list(struct db *db, int64_t group, struct arena *arena, int64_t **people,
	    size_t *count, struct err *err);
/* Calls back with source and Kombo id of each group of a person; borrowed. */
int	local_member_groups(struct db *db, int64_t person,
	    void (*found)(void *context, int64_t source, const char *kombo), void *context,
	    struct err *err);

#endif
