/*
 * Owns the form of the chain: chain(n) = SHA-256 of chain(n - 1), the act, and the row without
 * its values; the values count by `seal`, an HMAC under a key of the row's own. The newest link
 * and the last forgotten one stand in meta (audit_end, audit_start).
 */
#include "config.h"

#include "store/audit.h"

#include <stdio.h>
#include <string.h>

#include "store/stmt.h"

#define AUDIT_SALT_SIZE	16
#define AUDIT_SALTS	128	/* drawn at once */

struct audit_log {
	struct db	*db;
	struct buf	 text;		/* what is hashed */
	int64_t		 act;
	int64_t		 id;		/* of the last row */
	uint8_t		 act_hash[DIGEST_SHA256_SIZE];
	uint8_t		 chain[DIGEST_SHA256_SIZE];
	uint8_t		 salts[AUDIT_SALTS][AUDIT_SALT_SIZE];
	size_t		 salts_used;
};

/* ---- what is hashed --------------------------------------------------------------------- */

/* A text that may be missing: its length first, so that no two lists of texts look alike. */
static void
audit_hash_text(struct buf *text, const char *value)
{
	uint32_t len;

	len = value == NULL ? UINT32_MAX : (uint32_t)strlen(value);
	buf_add(text, &len, sizeof(len));
	if (value != NULL)
		buf_add(text, value, len);
}

static void
audit_hash_act(struct buf *text, const struct audit_act *act,
    uint8_t hash[DIGEST_SHA256_SIZE])
{
	buf_reset(text);
	buf_add(text, &act->made_at, sizeof(act->made_at));
	buf_add(text, &act->run, sizeof(act->run));
	buf_add(text, act->conf, sizeof(act->conf));
	audit_hash_text(text, act->cause);
	audit_hash_text(text, act->actor);
	audit_hash_text(text, act->source);
	digest_sha256(text->data, text->len, hash);
}

static void
audit_seal(struct buf *text, const uint8_t *salt, const struct audit_row *row,
    uint8_t seal[DIGEST_SHA256_SIZE])
{
	buf_reset(text);
	audit_hash_text(text, row->old);
	audit_hash_text(text, row->new);
	digest_hmac_sha256(salt, AUDIT_SALT_SIZE, text->data, text->len, seal);
}

/* Puts the next link in place of the one before; `seal` is NULL for a row without values. */
static void
audit_link(struct buf *text, const uint8_t act_hash[DIGEST_SHA256_SIZE],
    const struct audit_row *row, const uint8_t *seal, uint8_t chain[DIGEST_SHA256_SIZE])
{
	static const uint8_t none[DIGEST_SHA256_SIZE];

	buf_reset(text);
	buf_add(text, chain, DIGEST_SHA256_SIZE);
	buf_add(text, act_hash, DIGEST_SHA256_SIZE);
	buf_add(text, &row->id, sizeof(row->id));
	buf_add(text, &row->person, sizeof(row->person));
	buf_add(text, row->uuid.bytes, sizeof(row->uuid.bytes));
	audit_hash_text(text, row->what);
	audit_hash_text(text, row->field);
	audit_hash_text(text, row->reason);
	buf_add(text, seal != NULL ? seal : none, DIGEST_SHA256_SIZE);
	digest_sha256(text->data, text->len, chain);
}

/* ---- the ends of the chain ------------------------------------------------------------------ */

/* A link in meta: the id of its row and the hash; zeros when there is none. */
static int
audit_end_get(struct db *db, const char *name, int64_t *id,
    uint8_t chain[DIGEST_SHA256_SIZE], struct err *err)
{
	char hex[DIGEST_SHA256_SIZE * 2 + 1];
	long long number;
	sqlite3_stmt *st;
	int result;

	*id = 0;
	memset(chain, 0, DIGEST_SHA256_SIZE);
	st = stmt_get(db, STMT_META_GET);
	stmt_bind(st, 1, "t", name);
	result = stmt_step(db, st, err);
	if (result > 0 && (sscanf(stmt_text(st, 0), "%lld %64s", &number, hex) != 2 ||
	    !digest_from_hex(hex, chain, DIGEST_SHA256_SIZE)))
		result = err_set(err, ERR_DB_CORRUPT, "%s: meta: %s cannot be read", db->path,
		    name);
	else if (result > 0)
		*id = number;
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

static int
audit_end_set(struct db *db, const char *name, int64_t id,
    const uint8_t chain[DIGEST_SHA256_SIZE], struct err *err)
{
	char hex[DIGEST_SHA256_SIZE * 2 + 1], text[sizeof(hex) + 32];

	(void)snprintf(text, sizeof(text), "%lld %s", (long long)id, digest_hex(chain,
	    DIGEST_SHA256_SIZE, hex));
	return (stmt_run(db, STMT_META_SET, err, "tt", name, text));
}

/* ---- appending ---------------------------------------------------------------------------------- */

int
audit_log_open(struct db *db, const struct audit_act *act, struct audit_log **out,
    struct err *err)
{
	struct audit_log *log;
	sqlite3_stmt *st;

	*out = log = mem_alloc(sizeof(*log));
	log->db = db;
	log->salts_used = AUDIT_SALTS;
	st = stmt_get(db, STMT_ACT_ADD);
	stmt_bind(st, 1, "ittto", act->made_at, act->cause, act->actor, act->source,
	    act->run != 0 ? &act->run : NULL);
	(void)sqlite3_bind_blob(st, 6, act->conf, sizeof(act->conf), SQLITE_STATIC);
	if (stmt_step(db, st, err) < 0 ||
	    audit_end_get(db, "audit_end", &log->id, log->chain, err) < 0) {
		audit_log_close(out);
		return (-1);
	}
	log->act = sqlite3_last_insert_rowid(db->sqlite);
	audit_hash_act(&log->text, act, log->act_hash);
	return (0);
}

static const uint8_t *
audit_salt(struct audit_log *log)
{
	if (log->salts_used == AUDIT_SALTS) {
		digest_random(log->salts, sizeof(log->salts));
		log->salts_used = 0;
	}
	return (log->salts[log->salts_used++]);
}

int
audit_log_add(struct audit_log *log, const struct audit_row *given, struct err *err)
{
	uint8_t seal[DIGEST_SHA256_SIZE];
	struct audit_row row = *given;
	const uint8_t *salt;
	sqlite3_stmt *st;

	row.id = ++log->id;
	salt = NULL;
	if (row.old != NULL || row.new != NULL) {
		salt = audit_salt(log);
		audit_seal(&log->text, salt, &row, seal);
	}
	audit_link(&log->text, log->act_hash, &row, salt != NULL ? seal : NULL, log->chain);
	st = stmt_get(log->db, STMT_AUDIT_ADD);
	stmt_bind(st, 1, "iio", row.id, log->act, row.person != 0 ? &row.person : NULL);
	if (row.person != 0)
		stmt_bind(st, 4, "u", &row.uuid);
	stmt_bind(st, 5, "ttttt", row.what, row.field, row.reason, row.old, row.new);
	if (salt != NULL) {
		(void)sqlite3_bind_blob(st, 10, salt, AUDIT_SALT_SIZE, SQLITE_STATIC);
		(void)sqlite3_bind_blob(st, 11, seal, sizeof(seal), SQLITE_STATIC);
	}
	(void)sqlite3_bind_blob(st, 12, log->chain, sizeof(log->chain), SQLITE_STATIC);
	return (stmt_step(log->db, st, err));
}

int
audit_log_end(struct audit_log *log, struct err *err)
{
	return (log == NULL ? 0 : audit_end_set(log->db, "audit_end", log->id, log->chain, err));
}

void
audit_log_close(struct audit_log **log)
{
	if (*log == NULL)
		return;
	buf_close(&(*log)->text);
	mem_free(log);
}

int
audit_note(struct db *db, const struct audit_act *act, const struct audit_row *row,
    struct err *err)
{
	struct audit_log *log;
	int result;

	if (audit_log_open(db, act, &log, err) < 0)
		return (-1);
	result = audit_log_add(log, row, err);
	if (result == 0)
		result = audit_log_end(log, err);
	audit_log_close(&log);
	return (result);
}

/* ---- reading -------------------------------------------------------------------------------------- */

static void
audit_read_act(sqlite3_stmt *st, struct audit_act *act)
{
	const void *blob;

	*act = (struct audit_act){
		.id = sqlite3_column_int64(st, 0),
		.made_at = sqlite3_column_int64(st, 1),
		.cause = stmt_text(st, 2),
		.actor = stmt_text(st, 3),
		.source = stmt_text(st, 4),
		.run = sqlite3_column_int64(st, 5),
	};
	blob = sqlite3_column_blob(st, 6);
	if (blob != NULL && sqlite3_column_bytes(st, 6) == sizeof(act->conf))
		memcpy(act->conf, blob, sizeof(act->conf));
}

/* Columns 7 to 16: see AUDIT_LIST. */
static void
audit_read(sqlite3_stmt *st, struct audit_act *act, struct audit_row *row)
{
	audit_read_act(st, act);
	*row = (struct audit_row){
		.id = sqlite3_column_int64(st, 7),
		.act = act->id,
		.person = sqlite3_column_int64(st, 8),
		.uuid = stmt_uuid(st, 9),
		.what = stmt_text(st, 10),
		.field = stmt_text(st, 11),
		.reason = stmt_text(st, 12),
		.old = stmt_text(st, 13),
		.new = stmt_text(st, 14),
		.of = act,
		.erased = sqlite3_column_type(st, 15) == SQLITE_NULL &&
		    sqlite3_column_type(st, 16) != SQLITE_NULL,
	};
}

void
audit_walk(struct db *db, int64_t person, int64_t since)
{
	db->audit_stmt = person != 0 ? STMT_AUDIT_OF_PERSON : STMT_AUDIT_LIST;
	stmt_bind(stmt_get(db, db->audit_stmt), 1, "ii", since, person);
}

int
audit_next(struct db *db, struct audit_act *act, struct audit_row *row, struct err *err)
{
	sqlite3_stmt *st = db->stmts[db->audit_stmt];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		audit_read(st, act, row);
	return (result);
}

static bool
audit_blob_is(sqlite3_stmt *st, int column, const uint8_t *bytes)
{
	const void *blob;

	blob = sqlite3_column_blob(st, column);
	return (blob != NULL && sqlite3_column_bytes(st, column) == DIGEST_SHA256_SIZE &&
	    memcmp(blob, bytes, DIGEST_SHA256_SIZE) == 0);
}

/* Whether the values are those that were sealed, as far as that can still be told. */
static bool
audit_values_hold(sqlite3_stmt *st, struct buf *text, const struct audit_row *row)
{
	uint8_t seal[DIGEST_SHA256_SIZE];

	if (sqlite3_column_type(st, 15) == SQLITE_NULL)
		return (row->erased || (row->old == NULL && row->new == NULL));
	if (sqlite3_column_bytes(st, 15) != AUDIT_SALT_SIZE)
		return (false);
	audit_seal(text, sqlite3_column_blob(st, 15), row, seal);
	return (audit_blob_is(st, 16, seal));
}

/* The walk itself; stops at the first row that is not as it was written. */
static int
audit_verify_rows(struct db *db, struct audit_check *check, int64_t *id,
    uint8_t chain[DIGEST_SHA256_SIZE], struct err *err)
{
	uint8_t act_hash[DIGEST_SHA256_SIZE];
	struct buf text = BUF_INIT;
	struct audit_act act;
	struct audit_row row;
	sqlite3_stmt *st;
	int64_t of;
	int result;

	of = 0;
	audit_walk(db, 0, INT64_MIN);
	st = db->stmts[db->audit_stmt];
	while ((result = audit_next(db, &act, &row, err)) > 0) {
		if (of != act.id)
			audit_hash_act(&text, &act, act_hash);
		of = act.id;
		audit_link(&text, act_hash, &row, sqlite3_column_blob(st, 16), chain);
		if (row.id != *id + 1 || !audit_blob_is(st, 17, chain) ||
		    !audit_values_hold(st, &text, &row)) {
			check->broken = row.id;
			(void)sqlite3_reset(st);
			break;
		}
		*id = row.id;
		check->rows++;
	}
	buf_close(&text);
	return (result < 0 ? -1 : 0);
}

int
audit_verify(struct db *db, struct audit_check *check, struct err *err)
{
	uint8_t chain[DIGEST_SHA256_SIZE], end[DIGEST_SHA256_SIZE];
	int64_t id, last;

	*check = (struct audit_check){ .rows = 0 };
	if (audit_end_get(db, "audit_start", &id, chain, err) < 0 ||
	    audit_end_get(db, "audit_end", &last, end, err) < 0 ||
	    audit_verify_rows(db, check, &id, chain, err) < 0)
		return (-1);
	/* Rows cut off at the end: the first one that is missing. */
	if (check->broken == 0 && (id != last || memcmp(chain, end, sizeof(end)) != 0) &&
	    last != 0)
		check->broken = id + 1;
	return (0);
}

/* ---- erasing --------------------------------------------------------------------------------------- */

int
audit_erase_person(struct db *db, int64_t person, int64_t *count, struct err *err)
{
	if (stmt_run(db, STMT_AUDIT_ERASE_PERSON, err, "i", person) < 0)
		return (-1);
	*count = sqlite3_changes(db->sqlite);
	return (0);
}

int
audit_erase_field(struct db *db, int64_t source, const char *field, int64_t *count,
    struct err *err)
{
	if (stmt_run(db, STMT_AUDIT_ERASE_FIELD, err, "it", source, field) < 0)
		return (-1);
	*count = sqlite3_changes(db->sqlite);
	if (stmt_run(db, STMT_AUDIT_ERASE_MEMBER, err, "it", source, field) < 0)
		return (-1);
	*count += sqlite3_changes(db->sqlite);
	return (0);
}

/* The first act that stays, and the last row before it: where the chain will begin. */
static int
audit_find_start(struct db *db, int64_t before, int64_t *act, int64_t *id,
    uint8_t chain[DIGEST_SHA256_SIZE], struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_ACT_FIRST_SINCE);
	stmt_bind(st, 1, "i", before);
	result = stmt_step(db, st, err);
	*act = result > 0 ? sqlite3_column_int64(st, 0) : INT64_MAX;
	(void)sqlite3_reset(st);
	*id = 0;
	if (result < 0)
		return (-1);
	st = stmt_get(db, STMT_AUDIT_LAST_BEFORE);
	stmt_bind(st, 1, "i", *act);
	result = stmt_step(db, st, err);
	if (result > 0 && sqlite3_column_bytes(st, 1) == DIGEST_SHA256_SIZE) {
		*id = sqlite3_column_int64(st, 0);
		memcpy(chain, sqlite3_column_blob(st, 1), DIGEST_SHA256_SIZE);
	}
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
audit_expire(struct db *db, int64_t before, int64_t *count, struct err *err)
{
	uint8_t chain[DIGEST_SHA256_SIZE];
	int64_t act, id;

	*count = 0;
	if (audit_find_start(db, before, &act, &id, chain, err) < 0)
		return (-1);
	if (id != 0) {
		if (stmt_run(db, STMT_AUDIT_EXPIRE, err, "i", id) < 0)
			return (-1);
		*count = sqlite3_changes(db->sqlite);
		if (audit_end_set(db, "audit_start", id, chain, err) < 0)
			return (-1);
	}
	if (stmt_run(db, STMT_ACT_EXPIRE, err, "i", act) < 0)
		return (-1);
	return (stmt_run(db, STMT_RUN_EXPIRE, err, "i", before));
}
