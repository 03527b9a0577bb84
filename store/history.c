/*
 * Owns nothing: rows go to the caller's arena.
 */
#include "config.h"

#include "store/history.h"

#include <string.h>

#include "store/stmt.h"

int
run_begin(struct db *db, struct run_row *row, struct err *err)
{
	if (stmt_run(db, STMT_RUN_ADD, err, "ttiti", row->kind, row->source,
	    (int64_t)row->complete, row->actor, row->started) < 0)
		return (-1);
	row->id = sqlite3_last_insert_rowid(db->sqlite);
	return (0);
}

int
run_end(struct db *db, const struct run_row *row, struct err *err)
{
	return (stmt_run(db, STMT_RUN_END, err, "iittot", row->id, row->ended, row->outcome,
	    row->error, row->revision != 0 ? &row->revision : NULL, row->counts));
}

int
run_end_interrupted(struct db *db, int64_t now, int64_t *count, struct err *err)
{
	static const char text[] = "the program ended in the middle of the run: nothing of it was "
	    "published, and it is done again";

	if (stmt_run(db, STMT_SOURCE_INTERRUPT, err, "tt", err_kind(ERR_CANCELLED)->name,
	    text) < 0 || stmt_run(db, STMT_RUN_INTERRUPT, err, "it", now, text) < 0)
		return (-1);
	*count = sqlite3_changes64(db->sqlite);
	return (0);
}

static int
run_read(struct db *db, enum stmt_id id, const char *source, struct arena *arena,
    struct run_row *row, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, id);
	stmt_bind(st, 1, "t", source);
	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct run_row){
			.id = sqlite3_column_int64(st, 0),
			.kind = arena_dup(arena, stmt_text(st, 1)),
			.source = arena_dup(arena, stmt_text(st, 2)),
			.complete = sqlite3_column_int(st, 3) != 0,
			.actor = arena_dup(arena, stmt_text(st, 4)),
			.started = sqlite3_column_int64(st, 5),
			.ended = sqlite3_column_int64(st, 6),
			.outcome = arena_dup(arena, stmt_text(st, 7)),
			.error = arena_dup(arena, stmt_text(st, 8)),
			.revision = sqlite3_column_int64(st, 9),
			.counts = arena_dup(arena, stmt_text(st, 10)),
		};
	(void)sqlite3_reset(st);
	return (result);
}

int
run_last(struct db *db, const char *source, struct arena *arena, struct run_row *row,
    struct err *err)
{
	return (run_read(db, STMT_RUN_LAST, source, arena, row, err));
}

int
run_last_complete(struct db *db, const char *source, struct arena *arena,
    struct run_row *row, struct err *err)
{
	return (run_read(db, STMT_RUN_LAST_COMPLETE, source, arena, row, err));
}

int
problem_clear(struct db *db, int64_t source, struct err *err)
{
	return (stmt_run(db, STMT_PROBLEM_CLEAR, err, "i", source));
}

int
problem_put(struct db *db, int64_t source, const struct problem_row *row, struct err *err)
{
	return (stmt_run(db, STMT_PROBLEM_PUT, err, "itttt", source, row->model, row->kombo,
	    row->code, row->detail));
}

int
problem_list(struct db *db, int64_t source, struct arena *arena, struct problem_row **rows,
    size_t *count, struct err *err)
{
	struct problem_row *list, *row;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_PROBLEM_LIST);
	stmt_bind(st, 1, "i", source);
	while ((result = stmt_step(db, st, err)) > 0) {
		row = mem_grow(&list, n++, &room, sizeof(*list));
		row->model = arena_dup(arena, stmt_text(st, 0));
		row->kombo = arena_dup(arena, stmt_text(st, 1));
		row->code = arena_dup(arena, stmt_text(st, 2));
		row->detail = arena_dup(arena, stmt_text(st, 3));
	}
	*count = n;
	*rows = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
accepted_conf_get(struct db *db, struct arena *arena, const char **text, uint8_t digest[32],
    struct err *err)
{
	sqlite3_stmt *st;
	const void *blob;
	int result;

	st = stmt_get(db, STMT_CONF_GET);
	result = stmt_step(db, st, err);
	if (result > 0) {
		memset(digest, 0, 32);
		blob = sqlite3_column_blob(st, 1);
		if (blob != NULL && sqlite3_column_bytes(st, 1) == 32)
			memcpy(digest, blob, 32);
		*text = arena_dup(arena, stmt_text(st, 2));
	}
	(void)sqlite3_reset(st);
	return (result);
}

int
accepted_conf_put(struct db *db, int64_t now, const char *text, const uint8_t digest[32],
    struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_CONF_PUT);
	stmt_bind(st, 1, "i", now);
	(void)sqlite3_bind_blob(st, 2, digest, 32, SQLITE_STATIC);
	stmt_bind(st, 3, "t", text);
	return (stmt_step(db, st, err));
}
