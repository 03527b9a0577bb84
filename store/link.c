/*
 * Owns nothing: rows go to the caller's arena.
 */
#include "config.h"

#include "store/link.h"

#include "store/stmt.h"

static void
link_read(sqlite3_stmt *st, struct arena *arena, struct link_row *row)
{
	*row = (struct link_row){
		.source = sqlite3_column_int64(st, 0),
		.kombo = arena_dup(arena, stmt_text(st, 1)),
		.person = sqlite3_column_int64(st, 2),
		.salt = sqlite3_column_int64(st, 3),
		.reason = arena_dup(arena, stmt_text(st, 4)),
		.actor = arena_dup(arena, stmt_text(st, 5)),
		.made_at = sqlite3_column_int64(st, 6),
	};
}

int
link_any(struct db *db, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_LINK_ANY);
	result = stmt_step(db, st, err);
	(void)sqlite3_reset(st);
	return (result);
}

int
link_get(struct db *db, int64_t source, const char *kombo, struct arena *arena,
    struct link_row *row, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_LINK_GET);
	stmt_bind(st, 1, "it", source, kombo);
	result = stmt_step(db, st, err);
	if (result > 0)
		link_read(st, arena, row);
	(void)sqlite3_reset(st);
	return (result);
}

int
link_put(struct db *db, const struct link_row *row, struct err *err)
{
	int64_t person = row->person;

	return (stmt_run(db, STMT_LINK_PUT, err, "itoitti", row->source, row->kombo,
	    person != 0 ? &person : NULL, row->salt, row->reason, row->actor, row->made_at));
}

int
link_delete_source(struct db *db, int64_t source, struct err *err)
{
	return (stmt_run(db, STMT_LINK_DELETE_SOURCE, err, "i", source));
}

int
link_move(struct db *db, int64_t source, const char *from, const char *to, struct err *err)
{
	return (stmt_run(db, STMT_LINK_MOVE, err, "itt", source, from, to));
}

int
link_move_person(struct db *db, int64_t from, int64_t to, struct err *err)
{
	return (stmt_run(db, STMT_LINK_MOVE_PERSON, err, "ii", from, to));
}

int
suspect_put(struct db *db, int64_t record, int64_t person, struct err *err)
{
	return (stmt_run(db, STMT_SUSPECT_PUT, err, "ii", record, person));
}

int
suspect_clear(struct db *db, int64_t record, struct err *err)
{
	return (stmt_run(db, STMT_SUSPECT_CLEAR, err, "i", record));
}

int
suspect_list(struct db *db, int64_t record, struct arena *arena, int64_t **people,
    size_t *count, struct err *err)
{
	int64_t *list, *slot;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_SUSPECT_LIST);
	stmt_bind(st, 1, "i", record);
	while ((result = stmt_step(db, st, err)) > 0) {
		slot = mem_grow(&list, n++, &room, sizeof(*list));
		*slot = sqlite3_column_int64(st, 0);
	}
	*count = n;
	*people = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}
