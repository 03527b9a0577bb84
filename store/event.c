/*
 * Owns nothing: rows go to the caller's arena.
 */
#include "config.h"

#include "store/event.h"

#include "store/stmt.h"

/* ---- hooks ----------------------------------------------------------------------------------- */

static void
hook_read(sqlite3_stmt *st, struct arena *arena, struct hook_row *row)
{
	*row = (struct hook_row){
		.id = sqlite3_column_int64(st, 0),
		.name = arena_dup(arena, stmt_text(st, 1)),
		.delivered = sqlite3_column_int64(st, 2),
		.delivered_at = sqlite3_column_int64(st, 3),
		.failing_since = sqlite3_column_int64(st, 4),
		.attempts = sqlite3_column_int64(st, 5),
		.next_at = sqlite3_column_int64(st, 6),
		.parked_at = sqlite3_column_int64(st, 7),
		.dropped = sqlite3_column_int64(st, 8),
		.error = arena_dup(arena, stmt_text(st, 9)),
		.waiting = sqlite3_column_int64(st, 10),
		.oldest = sqlite3_column_int64(st, 11),
	};
}

int
hook_list(struct db *db, struct arena *arena, struct hook_row **rows, size_t *count,
    struct err *err)
{
	struct hook_row *list;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_HOOK_LIST);
	while ((result = stmt_step(db, st, err)) > 0)
		hook_read(st, arena, mem_grow(&list, n++, &room, sizeof(*list)));
	*count = n;
	*rows = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
hook_find(struct db *db, const char *name, struct arena *arena, struct hook_row *row,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_HOOK_FIND);
	stmt_bind(st, 1, "t", name);
	result = stmt_step(db, st, err);
	if (result > 0)
		hook_read(st, arena, row);
	(void)sqlite3_reset(st);
	return (result);
}

int
hook_add(struct db *db, const char *name, struct err *err)
{
	return (stmt_run(db, STMT_HOOK_ADD, err, "t", name));
}

int
hook_save(struct db *db, const struct hook_row *row, struct err *err)
{
	return (stmt_run(db, STMT_HOOK_SAVE, err, "iiiiiiiit", row->id, row->delivered,
	    row->delivered_at, row->failing_since, row->attempts, row->next_at,
	    row->parked_at, row->dropped, row->error));
}

int
hook_delete(struct db *db, int64_t hook, struct err *err)
{
	if (stmt_run(db, STMT_EVENT_DELETE_ALL, err, "i", hook) < 0)
		return (-1);
	return (stmt_run(db, STMT_HOOK_DELETE, err, "i", hook));
}

/* ---- events ---------------------------------------------------------------------------------- */

int
event_add(struct db *db, int64_t hook, const struct event_row *row, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_EVENT_ADD);
	stmt_bind(st, 1, "itit", hook, row->kind, row->made_at, row->source);
	if (row->has_person)
		stmt_bind(st, 5, "u", &row->person);
	stmt_bind(st, 6, "tti", row->status, row->reasons, row->revision);
	return (stmt_step(db, st, err));
}

int
event_next(struct db *db, int64_t hook, int64_t most, struct arena *arena,
    struct event_row **rows, size_t *count, struct err *err)
{
	struct event_row *list, *row;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_EVENT_NEXT);
	stmt_bind(st, 1, "ii", hook, most);
	while ((result = stmt_step(db, st, err)) > 0) {
		row = mem_grow(&list, n++, &room, sizeof(*list));
		*row = (struct event_row){
			.id = sqlite3_column_int64(st, 0),
			.kind = arena_dup(arena, stmt_text(st, 1)),
			.made_at = sqlite3_column_int64(st, 2),
			.source = arena_dup(arena, stmt_text(st, 3)),
			.has_person = sqlite3_column_type(st, 4) != SQLITE_NULL,
			.person = stmt_uuid(st, 4),
			.status = arena_dup(arena, stmt_text(st, 5)),
			.reasons = arena_dup(arena, stmt_text(st, 6)),
			.revision = sqlite3_column_int64(st, 7),
		};
	}
	*count = n;
	*rows = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
event_done(struct db *db, int64_t hook, int64_t last, struct err *err)
{
	return (stmt_run(db, STMT_EVENT_DONE, err, "ii", hook, last));
}

int
event_expire(struct db *db, int64_t hook, int64_t before, int64_t *count, struct err *err)
{
	if (stmt_run(db, STMT_EVENT_EXPIRE, err, "ii", hook, before) < 0)
		return (-1);
	*count = sqlite3_changes64(db->sqlite);
	return (0);
}

/* ---- what was told ----------------------------------------------------------------------------- */

int
told_get(struct db *db, const char *source, struct arena *arena, const char **state,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_TOLD_GET);
	stmt_bind(st, 1, "t", source);
	result = stmt_step(db, st, err);
	*state = result > 0 ? arena_dup(arena, stmt_text(st, 0)) : "";
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
told_put(struct db *db, const char *source, const char *state, struct err *err)
{
	if (*state == '\0')
		return (stmt_run(db, STMT_TOLD_DELETE, err, "t", source));
	return (stmt_run(db, STMT_TOLD_PUT, err, "tt", source, state));
}
