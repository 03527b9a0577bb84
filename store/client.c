/*
 * Owns nothing: rows go to the caller's arena.
 */
#include "config.h"

#include "store/client.h"

#include <string.h>

#include "store/stmt.h"

static void
client_read(sqlite3_stmt *st, struct arena *arena, struct client_row *row)
{
	*row = (struct client_row){
		.id = sqlite3_column_int64(st, 0),
		.name = arena_dup(arena, stmt_text(st, 1)),
		.protocol = arena_dup(arena, stmt_text(st, 2)),
		.view = arena_dup(arena, stmt_text(st, 3)),
		.rights = arena_dup(arena, stmt_text(st, 4)),
		.created = sqlite3_column_int64(st, 5),
		.modified = sqlite3_column_int64(st, 6),
		.expires = sqlite3_column_int64(st, 7),
		.uuid = stmt_uuid(st, 8),
		.secret = arena_dup(arena, stmt_text(st, 9)),
		.old_secret = arena_dup(arena, stmt_text(st, 10)),
		.old_expires = sqlite3_column_int64(st, 11),
	};
}

int
client_find(struct db *db, const char *protocol, const char *name, struct arena *arena,
    struct client_row *row, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_CLIENT_FIND);
	stmt_bind(st, 1, "tt", protocol, name);
	result = stmt_step(db, st, err);
	if (result > 0)
		client_read(st, arena, row);
	(void)sqlite3_reset(st);
	return (result);
}

int
client_list(struct db *db, struct arena *arena, struct client_row **rows, size_t *count,
    struct err *err)
{
	struct client_row *list;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_CLIENT_LIST);
	while ((result = stmt_step(db, st, err)) > 0) {
		client_read(st, arena, mem_grow(&list, n, &room, sizeof(*list)));
		n++;
	}
	*count = n;
	*rows = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
client_cursor_key(struct db *db, uint8_t key[DIGEST_SHA256_SIZE], struct err *err)
{
	sqlite3_stmt *st;
	bool good;
	int result;

	st = stmt_get(db, STMT_CURSOR_KEY);
	result = stmt_step(db, st, err);
	good = result > 0 && digest_from_hex(stmt_text(st, 0), key, DIGEST_SHA256_SIZE);
	(void)sqlite3_reset(st);
	if (result < 0)
		return (-1);
	if (!good)
		return (err_set(err, ERR_DB_OLDER, "%s has no key for cursors: start "
		    "rollcalld once, it makes one", db_path(db)));
	return (0);
}

int
client_get(struct db *db, int64_t id, struct arena *arena, struct client_row *row,
    struct err *err)
{
	struct client_row *rows;
	size_t count, i;

	if (client_list(db, arena, &rows, &count, err) < 0)
		return (-1);
	for (i = 0; i < count && rows[i].id != id; i++)
		continue;
	if (i < count)
		*row = rows[i];
	return (i < count);
}

int
client_add(struct db *db, const struct client_row *row, struct err *err)
{
	return (stmt_run(db, STMT_CLIENT_ADD, err, "ttttiout", row->name, row->protocol,
	    row->view, row->rights, row->created, row->expires != 0 ? &row->expires : NULL,
	    &row->uuid, row->secret));
}

int
client_rotate(struct db *db, int64_t id, const char *secret, int64_t now,
    int64_t old_expires, struct err *err)
{
	return (stmt_run(db, STMT_CLIENT_ROTATE, err, "itio", id, secret, now,
	    old_expires != 0 ? &old_expires : NULL));
}

int
client_delete(struct db *db, int64_t id, struct err *err)
{
	if (stmt_run(db, STMT_EXTERNAL_DELETE_CLIENT, err, "i", id) < 0)
		return (-1);
	return (stmt_run(db, STMT_CLIENT_DELETE, err, "i", id));
}
