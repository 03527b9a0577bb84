/*
 * Owns nothing: rows go to the caller's arena.
 */
#include "config.h"

#include "store/source.h"

#include <string.h>

#include "store/stmt.h"

static void
source_read(sqlite3_stmt *st, struct arena *arena, struct source_row *row)
{
	*row = (struct source_row){
		.id = sqlite3_column_int64(st, 0),
		.name = arena_dup(arena, stmt_text(st, 1)),
		.integration = arena_dup(arena, stmt_text(st, 2)),
		.approved = sqlite3_column_int64(st, 3),
		.enabled = sqlite3_column_int(st, 4) != 0,
		.watermark = sqlite3_column_int64(st, 5),
		.full_at = sqlite3_column_int64(st, 6),
		.full_wanted = sqlite3_column_int(st, 7) != 0,
		.tried_at = sqlite3_column_int64(st, 8),
		.succeeded_at = sqlite3_column_int64(st, 9),
		.upstream_at = sqlite3_column_int64(st, 10),
		.error = arena_dup(arena, stmt_text(st, 11)),
		.error_text = arena_dup(arena, stmt_text(st, 12)),
		.tool = arena_dup(arena, stmt_text(st, 13)),
		.retired = arena_dup(arena, stmt_text(st, 14)),
	};
}

int
source_find(struct db *db, const char *name, struct arena *arena, struct source_row *row,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_SOURCE_FIND);
	stmt_bind(st, 1, "t", name);
	result = stmt_step(db, st, err);
	if (result > 0)
		source_read(st, arena, row);
	(void)sqlite3_reset(st);
	return (result);
}

int
source_add(struct db *db, const char *name, const char *integration, struct arena *arena,
    struct source_row *row, struct err *err)
{
	if (stmt_run(db, STMT_SOURCE_ADD, err, "tt", name, integration) < 0)
		return (-1);
	return (source_find(db, name, arena, row, err) == 1 ? 0 : -1);
}

int
source_save(struct db *db, const struct source_row *row, struct err *err)
{
	return (stmt_run(db, STMT_SOURCE_SAVE, err, "itiiiiiiiitttt", row->id, row->integration,
	    row->approved, (int64_t)row->enabled, row->watermark, row->full_at,
	    (int64_t)row->full_wanted, row->tried_at, row->succeeded_at, row->upstream_at,
	    row->error, row->error_text, row->tool, row->retired));
}

int
source_list(struct db *db, struct arena *arena, struct source_row **rows, size_t *count,
    struct err *err)
{
	struct source_row *list;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_SOURCE_LIST);
	while ((result = stmt_step(db, st, err)) > 0) {
		source_read(st, arena, mem_grow(&list, n, &room, sizeof(*list)));
		n++;
	}
	*count = n;
	*rows = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
meta_number(struct db *db, const char *name, int64_t *value, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	*value = 0;
	st = stmt_get(db, STMT_META_GET);
	stmt_bind(st, 1, "t", name);
	result = stmt_step(db, st, err);
	if (result > 0)
		*value = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
meta_set_number(struct db *db, const char *name, int64_t value, struct err *err)
{
	return (stmt_run(db, STMT_META_SET, err, "ti", name, value));
}

int
meta_uuid(struct db *db, const char *name, struct uuid *uuid, struct err *err)
{
	sqlite3_stmt *st;
	bool good;
	int result;

	st = stmt_get(db, STMT_META_GET);
	stmt_bind(st, 1, "t", name);
	result = stmt_step(db, st, err);
	good = result > 0 && uuid_parse(stmt_text(st, 0), uuid);
	(void)sqlite3_reset(st);
	if (result < 0)
		return (-1);
	if (!good)
		return (err_set(err, ERR_DB_CORRUPT, "%s: meta has no %s", db_path(db), name));
	return (0);
}
