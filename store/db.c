/*
 * Owns connections to the database. Invariants: a writer is in WAL mode with secure_delete on
 * and keeps the WAL's files when it closes (rulings F22); every statement of the role is
 * prepared; the write-ahead log is copied back by the writer alone.
 */
#include "config.h"

#include "store/db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/fields.h"
#include "store/stmt.h"

#define DB_BUSY_MS	5000
#define DB_WIPE_MS	500

static const struct {
	int		 version;
	const char	*sql;
} db_migrations[] = {
#define MIGRATION(number, text) { number, text },
#include "schema/migrations.inc"
#undef MIGRATION
};

/* Tables that have a column for every field. */
static const char *const db_field_tables[] = { "employee", "v_person", "incoming_employee" };

/* Indexes over columns and values of fields.def. */
static const char db_field_indexes[] =
    "CREATE INDEX IF NOT EXISTS employee_manager ON employee (manager)"
    " WHERE manager IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS employee_number ON employee (employee_number)"
    " WHERE employee_number IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS value_manager ON value (value)"
    " WHERE field = 'manager';";

static enum err_code
db_code(int result)
{
	switch (result & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return (ERR_DB_LOCKED);
	case SQLITE_FULL:
		return (ERR_DB_FULL);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return (ERR_DB_READONLY);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return (ERR_DB_CORRUPT);
	case SQLITE_IOERR:
		return (ERR_DB_IO);
	case SQLITE_CANTOPEN:
		return (ERR_DB_MISSING);
	case SQLITE_NOMEM:
		return (ERR_NOMEM);
	}
	return (ERR_DB_OTHER);
}

/* What SQLITE_IOERR means, by what the operating system said last. */
static enum err_code
db_io_code(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return (ERR_DB_FULL);
	case EROFS:
		return (ERR_DB_READONLY);
	}
	return (ERR_DB_IO);
}

static const char *
db_advice(enum err_code code)
{
	switch ((int)code) {
	case ERR_DB_LOCKED:
		return ("; another process holds it: only one rollcalld may run");
	case ERR_DB_FULL:
		return ("; make room on its file system: nothing was changed");
	case ERR_DB_READONLY:
		return ("; its folder and files must be writable by group rollcall, and their "
		    "file system mounted for writing: nothing was changed");
	case ERR_DB_IO:
		return ("; its disk fails, the system's log says how: nothing was changed");
	case ERR_DB_CORRUPT:
		return ("; restore it with a backup: readers go on with what they have");
	}
	return ("");
}

/*
 * The last error of the operating system: of the write-ahead log's file if there was one, else
 * of the database's. sqlite3_system_errno knows nothing of those in a COMMIT.
 */
static int
db_system_error(struct db *db)
{
	sqlite3_file *log;
	int error;

	log = NULL;
	error = 0;
	(void)sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (log != NULL && log->pMethods != NULL)
		(void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
	if (error == 0)
		(void)sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
	return (error);
}

int
db_fail(struct db *db, const char *what, struct err *err)
{
	enum err_code code;

	code = db_code(sqlite3_extended_errcode(db->sqlite));
	switch (sqlite3_extended_errcode(db->sqlite)) {
	case SQLITE_IOERR_WRITE:
	case SQLITE_IOERR_FSYNC:
	case SQLITE_IOERR_TRUNCATE:
		code = db_io_code(db_system_error(db));
		break;
	}
	return (err_set(err, code, "%s: %s: %s%s", db->path, what,
	    sqlite3_errmsg(db->sqlite), db_advice(code)));
}

static int
db_exec(struct db *db, const char *sql, const char *what, struct err *err)
{
	if (sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
		return (db_fail(db, what, err));
	return (0);
}

/* The first column of the first row of a query, as a number. */
static int
db_number(struct db *db, const char *sql, int64_t *number, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	if (sqlite3_prepare_v2(db->sqlite, sql, -1, &st, NULL) != SQLITE_OK)
		return (db_fail(db, "opening", err));
	result = sqlite3_step(st);
	*number = result == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	if (result != SQLITE_ROW)
		(void)db_fail(db, "opening", err);
	sqlite3_finalize(st);
	return (result == SQLITE_ROW ? 0 : -1);
}

static int
db_settings(struct db *db, struct err *err)
{
	int keep;

	(void)sqlite3_extended_result_codes(db->sqlite, 1);
	(void)sqlite3_busy_timeout(db->sqlite, DB_BUSY_MS);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (db->role != DB_WRITER) {
		(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		return (db_exec(db, "PRAGMA query_only = ON", "opening", err));
	}
	keep = 1;
	(void)sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	return (db_exec(db, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;"
	    "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
	    "PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;"
	    "PRAGMA journal_size_limit = 67108864", "opening", err));
}

static int
db_add_field_columns(struct db *db, const char *table, struct err *err)
{
	sqlite3_stmt *st;
	char sql[256];
	size_t i;
	int known;

	for (i = 0; i < FIELD_N; i++) {
		(void)snprintf(sql, sizeof(sql),
		    "SELECT 1 FROM pragma_table_info('%s') WHERE name = '%s'", table,
		    field_get((enum field_id)i)->name);
		if (sqlite3_prepare_v2(db->sqlite, sql, -1, &st, NULL) != SQLITE_OK)
			return (db_fail(db, "reading its schema", err));
		known = sqlite3_step(st) == SQLITE_ROW;
		sqlite3_finalize(st);
		(void)snprintf(sql, sizeof(sql), "ALTER TABLE %s ADD COLUMN %s TEXT", table,
		    field_get((enum field_id)i)->name);
		if (!known && db_exec(db, sql, "adding a field", err) < 0)
			return (-1);
	}
	return (0);
}

static int
db_migrate_steps(struct db *db, int64_t version, struct err *err)
{
	char pragma[64];
	size_t i;

	for (i = 0; i < sizeof(db_migrations) / sizeof(db_migrations[0]); i++) {
		if (db_migrations[i].version <= version)
			continue;
		if (db_exec(db, db_migrations[i].sql, "migrating", err) < 0)
			return (-1);
		(void)snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d",
		    db_migrations[i].version);
		if (db_exec(db, pragma, "migrating", err) < 0)
			return (-1);
	}
	for (i = 0; i < sizeof(db_field_tables) / sizeof(db_field_tables[0]); i++)
		if (db_add_field_columns(db, db_field_tables[i], err) < 0)
			return (-1);
	return (db_exec(db, db_field_indexes, "indexing", err));
}

/*
 * Names a new database: the epoch its readers follow, the namespace of its people's UUIDs, the
 * keys of its hashes of who was erased and of the cursors its readers give out.
 */
static int
db_name(struct db *db, struct err *err)
{
	char cursors[65], epoch[UUID_TEXT_SIZE], hex[65], space[UUID_TEXT_SIZE], sql[512];
	struct uuid a, b;
	uint8_t cursor_key[32], key[32];

	a = uuid_random();
	b = uuid_random();
	digest_random(key, sizeof(key));
	digest_random(cursor_key, sizeof(cursor_key));
	(void)snprintf(sql, sizeof(sql), "INSERT OR IGNORE INTO meta VALUES ('epoch', '%s'),"
	    " ('namespace', '%s'), ('erasure_key', '%s'), ('cursor_key', '%s'),"
	    " ('revision', 0), ('stamp', 0), ('instant', 0)", uuid_format(&a, epoch),
	    uuid_format(&b, space), digest_hex(key, sizeof(key), hex),
	    digest_hex(cursor_key, sizeof(cursor_key), cursors));
	return (db_exec(db, sql, "naming", err));
}

static int
db_check_version(struct db *db, int64_t version, struct err *err)
{
	if (version > DB_VERSION)
		return (err_set(err, ERR_DB_NEWER, "%s was made by a newer release (form "
		    "%lld, this one knows %d): install that release, or restore a backup",
		    db->path, (long long)version, DB_VERSION));
	if (db->role != DB_WRITER && version < DB_VERSION)
		return (err_set(err, ERR_DB_OLDER, "%s is of form %lld, this release reads "
		    "%d: start rollcalld once, it brings the database up to date", db->path,
		    (long long)version, DB_VERSION));
	return (0);
}

static int
db_migrate(struct db *db, struct err *err)
{
	int64_t version = 0;

	if (db_number(db, "PRAGMA user_version", &version, err) < 0 ||
	    db_check_version(db, version, err) < 0)
		return (-1);
	if (db->role != DB_WRITER)
		return (0);
	if (db_exec(db, "BEGIN IMMEDIATE", "migrating", err) < 0)
		return (-1);
	if (db_migrate_steps(db, version, err) < 0 || db_name(db, err) < 0 ||
	    db_exec(db, "COMMIT", "migrating", err) < 0) {
		db_rollback(db);
		return (-1);
	}
	return (0);
}

static bool
db_may_have(const struct db *db, enum stmt_id id)
{
	if (db->role == DB_WRITER)
		return (true);
	if ((stmt_row(id)->flags & STMT_WRITE) != 0)
		return (false);
	return (db->role == DB_ADMIN || id < STMT_READER_N);
}

static int
db_prepare(struct db *db, struct err *err)
{
	struct arena *arena;
	const char *sql;
	size_t i;
	int result;

	arena = arena_open();
	result = 0;
	for (i = 0; i < STMT_N && result == 0; i++) {
		if (!db_may_have(db, (enum stmt_id)i))
			continue;
		sql = stmt_expand(arena, stmt_row((enum stmt_id)i)->sql);
		if (sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT,
		    &db->stmts[i], NULL) != SQLITE_OK)
			result = db_fail(db, stmt_row((enum stmt_id)i)->name, err);
	}
	arena_close(&arena);
	return (result);
}

static void
db_remember_file(struct db *db)
{
	struct stat st;

	if (stat(db->path, &st) == 0) {
		db->device = (uint64_t)st.st_dev;
		db->inode = (uint64_t)st.st_ino;
	}
}

static int
db_connect(struct db *db, struct err *err)
{
	struct stat st;
	int flags;

	if (db->role != DB_WRITER && stat(db->path, &st) < 0)
		return (err_set(err, ERR_DB_MISSING, "%s: %s: start rollcalld, which makes "
		    "it, or name the right file", db->path, strerror(errno)));
	flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	if (db->role == DB_WRITER)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(db->path, &db->sqlite, flags, NULL) != SQLITE_OK)
		return (db_fail(db, "opening", err));
	return (0);
}

int
db_open(const char *path, enum db_role role, struct db **out, struct err *err)
{
	struct db *db;

	*out = NULL;
	db = mem_alloc(sizeof(*db));
	db->path = mem_dup(path);
	db->role = role;
	if (db_connect(db, err) < 0 || db_settings(db, err) < 0 || db_migrate(db, err) < 0 ||
	    db_prepare(db, err) < 0) {
		db_close(&db);
		return (-1);
	}
	db_remember_file(db);
	/* Whoever wrote last may have been killed before the log was emptied. */
	db->wipe = role == DB_WRITER;
	db_wipe(db);
	*out = db;
	return (0);
}

/* Journal and syncing are for what shall outlive the process. */
static int
db_fill_copy(struct db *copy, struct db *from, struct err *err)
{
	sqlite3_backup *backup;

	(void)sqlite3_extended_result_codes(copy->sqlite, 1);
	if (db_exec(copy, "PRAGMA temp_store = FILE; PRAGMA cache_size = -65536", "copying",
	    err) < 0)
		return (-1);
	backup = sqlite3_backup_init(copy->sqlite, "main", from->sqlite, "main");
	if (backup == NULL)
		return (db_fail(copy, "copying", err));
	(void)sqlite3_backup_step(backup, -1);
	if (sqlite3_backup_finish(backup) != SQLITE_OK)
		return (db_fail(copy, "copying", err));
	return (db_exec(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
	    "PRAGMA locking_mode = EXCLUSIVE", "copying", err));
}

int
db_copy(struct db *from, struct db **out, struct err *err)
{
	struct db *copy;

	*out = NULL;
	copy = mem_alloc(sizeof(*copy));
	copy->path = mem_printf("a copy of %s", from->path);
	copy->role = DB_WRITER;
	if (sqlite3_open_v2("", &copy->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL) != SQLITE_OK) {
		(void)db_fail(copy, "opening", err);
		db_close(&copy);
		return (-1);
	}
	if (db_fill_copy(copy, from, err) < 0 || db_prepare(copy, err) < 0) {
		db_close(&copy);
		return (-1);
	}
	*out = copy;
	return (0);
}

void
db_close(struct db **db)
{
	size_t i;

	if (*db == NULL)
		return;
	for (i = 0; i < STMT_N; i++)
		sqlite3_finalize((*db)->stmts[i]);
	(void)sqlite3_close((*db)->sqlite);
	explicit_bzero((*db)->erasure_key, sizeof((*db)->erasure_key));
	mem_free(&(*db)->state_key);
	mem_free(&(*db)->path);
	mem_free(db);
}

int
db_begin(struct db *db, struct err *err)
{
	if (db_exec(db, db->role == DB_WRITER ? "BEGIN IMMEDIATE" : "BEGIN",
	    "beginning a transaction", err) < 0)
		return (-1);
	db->begun = true;
	return (0);
}

int
db_commit(struct db *db, struct err *err)
{
	if (!stmt_allowed(db, err) || db_exec(db, "COMMIT", "committing", err) < 0) {
		db_rollback(db);
		return (-1);
	}
	db->begun = false;
	db_wipe(db);
	return (0);
}

/*
 * Ends walks that were left in the middle: the connection would go on seeing what they see,
 * for ever.
 */
static void
db_end_walks(struct db *db)
{
	sqlite3_stmt *st;

	for (st = NULL; (st = sqlite3_next_stmt(db->sqlite, st)) != NULL;)
		if (sqlite3_stmt_busy(st))
			(void)sqlite3_reset(st);
}

void
db_rollback(struct db *db)
{
	db->begun = false;
	db->has_erasure_key = false;	/* it may be another one again */
	db_end_walks(db);
	if (!sqlite3_get_autocommit(db->sqlite))
		(void)sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

int
db_data_version(struct db *db, int64_t *version, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_DATA_VERSION);
	result = stmt_step(db, st, err);
	if (result < 0)
		return (-1);
	*version = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return (0);
}

bool
db_replaced(const struct db *db)
{
	struct stat st;

	if (stat(db->path, &st) < 0)
		return (true);
	return ((uint64_t)st.st_dev != db->device || (uint64_t)st.st_ino != db->inode);
}

int
db_checkpoint(struct db *db, bool truncate, struct err *err)
{
	int mode;

	mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
	if (sqlite3_wal_checkpoint_v2(db->sqlite, "main", mode, NULL, NULL) != SQLITE_OK)
		return (db_fail(db, "copying the write-ahead log", err));
	return (0);
}

int
db_erased(struct db *db, struct err *err)
{
	db->wipe = true;
	return (stmt_run(db, STMT_VACUUM_WANT, err, "i", clock_now()));
}

void
db_wipe(struct db *db)
{
	if (!db->wipe)
		return;
	(void)sqlite3_busy_timeout(db->sqlite, DB_WIPE_MS);
	db->wipe = sqlite3_wal_checkpoint_v2(db->sqlite, "main", SQLITE_CHECKPOINT_TRUNCATE,
	    NULL, NULL) != SQLITE_OK;
	(void)sqlite3_busy_timeout(db->sqlite, DB_BUSY_MS);
}

int
db_vacuum_wanted(struct db *db, int64_t *since, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_META_GET);
	stmt_bind(st, 1, "t", "vacuum_wanted");
	result = stmt_step(db, st, err);
	*since = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
db_vacuum(struct db *db, struct err *err)
{
	if (db_exec(db, "VACUUM", "writing it anew", err) < 0 ||
	    stmt_run(db, STMT_VACUUM_DONE, err, "") < 0)
		return (-1);
	db->wipe = true;
	db_wipe(db);
	return (0);
}

const char *
db_path(const struct db *db)
{
	return (db->path);
}
