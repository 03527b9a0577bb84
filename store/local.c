/*
 * Owns nothing.
 */
#include "config.h"

#include "store/local.h"

#include "store/stmt.h"

static void
local_read(sqlite3_stmt *st, struct arena *arena, struct unit *unit)
{
	*unit = (struct unit){
		.id = sqlite3_column_int64(st, 0),
		.source = sqlite3_column_int64(st, 1),
		.model = UNIT_GROUP,
		.kombo = arena_dup(arena, stmt_text(st, 2)),
		.name = arena_dup(arena, stmt_text(st, 3)),
		.type = UNIT_LOCAL,
	};
	unit->remote = unit->kombo;
}

int
local_groups(struct db *db, int64_t source, struct arena *arena, struct unit **units,
    size_t *count, struct err *err)
{
	struct unit *list;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_LOCAL_GROUPS);
	stmt_bind(st, 1, "i", source);
	while ((result = stmt_step(db, st, err)) > 0) {
		local_read(st, arena, mem_grow(&list, n, &room, sizeof(*list)));
		n++;
	}
	*count = n;
	*units = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
local_group_get(struct db *db, int64_t group, struct arena *arena, struct unit *unit,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_LOCAL_GROUP_GET);
	stmt_bind(st, 1, "i", group);
	result = stmt_step(db, st, err);
	if (result > 0)
		local_read(st, arena, unit);
	(void)sqlite3_reset(st);
	return (result);
}

int
local_group_clear(struct db *db, int64_t group, struct err *err)
{
	if (stmt_run(db, STMT_LOCAL_MEMBER_CLEAR, err, "i", group) < 0)
		return (-1);
	return (stmt_run(db, STMT_GRP_FREE_NAME, err, "i", group));
}

int
local_member_any(struct db *db, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_LOCAL_MEMBER_ANY);
	result = stmt_step(db, st, err);
	(void)sqlite3_reset(st);
	return (result);
}

int
local_member_put(struct db *db, int64_t group, int64_t person, struct err *err)
{
	return (stmt_run(db, STMT_LOCAL_MEMBER_PUT, err, "ii", group, person));
}

int
local_member_delete(struct db *db, int64_t group, int64_t person, struct err *err)
{
	return (stmt_run(db, STMT_LOCAL_MEMBER_DELETE, err, "ii", group, person));
}

int
local_member_list(struct db *db, int64_t group, struct arena *arena, int64_t **people,
    size_t *count, struct err *err)
{
	sqlite3_stmt *st;
	size_t n, room;
	int64_t *list;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_LOCAL_MEMBERS);
	stmt_bind(st, 1, "i", group);
	while ((result = stmt_step(db, st, err)) > 0)
		*(int64_t *)mem_grow(&list, n++, &room, sizeof(*list)) =
		    sqlite3_column_int64(st, 0);
	*count = n;
	*people = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
local_member_groups(struct db *db, int64_t person,
    void (*found)(void *context, int64_t source, const char *kombo), void *context,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_LOCAL_MEMBER_GROUPS);
	stmt_bind(st, 1, "i", person);
	while ((result = stmt_step(db, st, err)) > 0)
		found(context, sqlite3_column_int64(st, 0), stmt_text(st, 1));
	return (result);
}
