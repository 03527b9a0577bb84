/*
 * Owns nothing.
 */
#include "config.h"

#include "store/external.h"

#include "store/stmt.h"

int
external_erased(struct db *db, int64_t *erased, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_EXTERNAL_ERASED);
	result = stmt_step(db, st, err);
	*erased = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

void
external_walk(struct db *db, int64_t since)
{
	stmt_bind(stmt_get(db, STMT_EXTERNAL_SINCE), 1, "i", since);
}

int
external_next(struct db *db, struct external_row *row, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_EXTERNAL_SINCE];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct external_row){
			.client = sqlite3_column_int64(st, 0),
			.uuid = stmt_uuid(st, 1),
			.value = stmt_text(st, 2),
			.stamp = sqlite3_column_int64(st, 3),
		};
	return (result);
}

int
external_get(struct db *db, int64_t client, const struct uuid *uuid, struct arena *arena,
    const char **value, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	*value = NULL;
	st = stmt_get(db, STMT_EXTERNAL_GET);
	stmt_bind(st, 1, "iu", client, uuid);
	result = stmt_step(db, st, err);
	if (result > 0)
		*value = arena_dup(arena, stmt_text(st, 0));
	(void)sqlite3_reset(st);
	return (result);
}

int
external_holders(struct db *db, int64_t client, const char *value, struct arena *arena,
    struct uuid **uuids, size_t *count, struct err *err)
{
	struct uuid *list;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_EXTERNAL_HOLDERS);
	stmt_bind(st, 1, "it", client, value);
	while ((result = stmt_step(db, st, err)) > 0)
		*(struct uuid *)mem_grow(&list, n++, &room, sizeof(*list)) = stmt_uuid(st, 0);
	*count = n;
	*uuids = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
external_put(struct db *db, struct external_row *row, int64_t now, struct err *err)
{
	sqlite3_stmt *st;
	int64_t last;
	int result;

	st = stmt_get(db, STMT_EXTERNAL_STAMP);
	result = stmt_step(db, st, err);
	last = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	if (result < 0)
		return (-1);
	row->stamp = now > last ? now : last + 1;
	return (stmt_run(db, STMT_EXTERNAL_PUT, err, "iuti", row->client, &row->uuid,
	    row->value, row->stamp));
}

int
external_delete(struct db *db, const struct uuid *uuid, struct err *err)
{
	return (stmt_run(db, STMT_EXTERNAL_DELETE_UUID, err, "u", uuid));
}
