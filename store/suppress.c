/*
 * Owns nothing: the key is read once for a connection and kept in struct db.
 */
#include "config.h"

#include "store/suppress.h"

#include <string.h>

#include "store/seal.h"
#include "store/stmt.h"

#define SUPPRESS_KEY "erasure_key"	/* in meta */

/* ---- the key ------------------------------------------------------------------------------- */

/* As it stands in meta: in hexadecimal, or sealed (store/seal.h). In the arena. */
static int
suppress_stored_key(struct db *db, struct arena *arena, const char **key, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_META_GET);
	stmt_bind(st, 1, "t", SUPPRESS_KEY);
	result = stmt_step(db, st, err);
	if (result > 0)
		*key = arena_dup(arena, stmt_text(st, 0));
	(void)sqlite3_reset(st);
	if (result == 0)
		return (err_set(err, ERR_DB_CORRUPT, "%s: meta has no %s", db->path,
		    SUPPRESS_KEY));
	return (result < 0 ? -1 : 0);
}

static int
suppress_read_key(struct db *db, const char *stored, struct err *err)
{
	if (seal_is(stored))
		return (seal_open(stored, db->state_key, db->erasure_key, err));
	if (!digest_from_hex(stored, db->erasure_key, sizeof(db->erasure_key)))
		return (err_set(err, ERR_DB_CORRUPT, "%s: meta: %s cannot be read", db->path,
		    SUPPRESS_KEY));
	return (0);
}

static int
suppress_load_key(struct db *db, struct err *err)
{
	struct arena *arena;
	const char *stored;
	int result;

	if (db->has_erasure_key)
		return (0);
	arena = arena_open();
	result = suppress_stored_key(db, arena, &stored, err);
	if (result == 0)
		result = suppress_read_key(db, stored, err);
	db->has_erasure_key = result == 0;
	arena_close(&arena);
	return (result < 0 ? err_context(err, "%s", db->path) : 0);
}

void
suppress_use(struct db *db, const char *reference)
{
	mem_free(&db->state_key);
	db->state_key = reference != NULL ? mem_dup(reference) : NULL;
	db->has_erasure_key = false;
}

/* The key as it was leaves the file too. */
static int
suppress_seal(struct db *db, struct err *err)
{
	char sealed[SEAL_SIZE];

	if (seal_make(db->erasure_key, db->state_key, sealed, err) < 0 ||
	    stmt_run(db, STMT_META_SET, err, "tt", SUPPRESS_KEY, sealed) < 0)
		return (-1);
	return (db_erased(db, err));
}

int
suppress_unlock(struct db *db, struct err *err)
{
	struct arena *arena;
	const char *stored;
	int result;

	db->has_erasure_key = false;
	if (suppress_load_key(db, err) < 0)
		return (-1);
	arena = arena_open();
	result = suppress_stored_key(db, arena, &stored, err);
	if (result == 0 && db->state_key != NULL && !seal_is(stored))
		result = suppress_seal(db, err);
	arena_close(&arena);
	return (result);
}

/* ---- hashes ------------------------------------------------------------------------------ */

int
suppress_hash(struct db *db, enum suppress_kind kind, const char *source, const char *text,
    uint8_t hash[DIGEST_SHA256_SIZE], struct err *err)
{
	struct buf all = BUF_INIT;

	if (suppress_load_key(db, err) < 0)
		return (-1);
	buf_char(&all, (char)kind);
	buf_add(&all, source, strlen(source) + 1);
	buf_str(&all, text);
	digest_hmac_sha256(db->erasure_key, sizeof(db->erasure_key), all.data, all.len, hash);
	buf_close(&all);
	return (0);
}

int
suppress_add(struct db *db, const struct suppress_row *row, struct err *err)
{
	char kind[2] = { row->kind, '\0' };
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_SUPPRESS_ADD);
	stmt_bind(st, 1, "ut", &row->uuid, kind);
	(void)sqlite3_bind_blob(st, 3, row->hash, sizeof(row->hash), SQLITE_STATIC);
	stmt_bind(st, 4, "i", row->erased_at);
	return (stmt_step(db, st, err));
}

int
suppress_delete(struct db *db, const struct uuid *uuid, struct err *err)
{
	return (stmt_run(db, STMT_SUPPRESS_DELETE, err, "u", uuid));
}

int
suppress_count(struct db *db, int64_t *count, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_SUPPRESS_COUNT);
	result = stmt_step(db, st, err);
	*count = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
suppress_has(struct db *db, enum suppress_kind kind, const char *source, const char *text,
    struct err *err)
{
	uint8_t hash[DIGEST_SHA256_SIZE];
	char letter[2] = { (char)kind, '\0' };
	sqlite3_stmt *st;
	int result;

	if (text == NULL)
		return (0);
	if (suppress_hash(db, kind, source, text, hash, err) < 0)
		return (-1);
	st = stmt_get(db, STMT_SUPPRESS_FIND);
	(void)sqlite3_bind_blob(st, 1, hash, sizeof(hash), SQLITE_STATIC);
	stmt_bind(st, 2, "t", letter);
	result = stmt_step(db, st, err);
	(void)sqlite3_reset(st);
	return (result);
}

int
suppress_has_uuid(struct db *db, const struct uuid *uuid, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_SUPPRESS_FIND_UUID);
	stmt_bind(st, 1, "u", uuid);
	result = stmt_step(db, st, err);
	(void)sqlite3_reset(st);
	return (result);
}

int
suppress_list(struct db *db, struct arena *arena, struct suppress_row **rows, size_t *count,
    struct err *err)
{
	struct suppress_row *list, *row;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_SUPPRESS_LIST);
	while ((result = stmt_step(db, st, err)) > 0) {
		row = mem_grow(&list, n++, &room, sizeof(*list));
		row->uuid = stmt_uuid(st, 0);
		row->kind = stmt_text(st, 1)[0];
		if (sqlite3_column_bytes(st, 2) == (int)sizeof(row->hash))
			memcpy(row->hash, sqlite3_column_blob(st, 2), sizeof(row->hash));
		row->erased_at = sqlite3_column_int64(st, 3);
	}
	*count = n;
	*rows = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}
