/*
 * Copies of the database: making one, and what it is when it is put back.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/served.h"
#include "store/stmt.h"

#define BACKUP_PAGES	2048	/* copied before others may write */

/* SQLite's own words about a file that is not ours to name by db_fail. */
static int
backup_fail(sqlite3 *copy, const char *path, struct err *err)
{
	return (err_set(err, ERR_DB_OTHER, "%s: %s", path, copy != NULL ? sqlite3_errmsg(copy) :
	    "out of memory"));
}

static int
backup_pages(struct db *db, sqlite3 *copy, const char *path, struct err *err)
{
	sqlite3_backup *backup;
	int result;

	backup = sqlite3_backup_init(copy, "main", db->sqlite, "main");
	if (backup == NULL)
		return (backup_fail(copy, path, err));
	do {
		result = sqlite3_backup_step(backup, BACKUP_PAGES);
	} while (result == SQLITE_OK);
	if (sqlite3_backup_finish(backup) != SQLITE_OK)
		return (backup_fail(copy, path, err));
	return (0);
}

/* One file, without a log beside it, that says when it was made. */
static int
backup_seal(sqlite3 *copy, const char *path, struct err *err)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql), "PRAGMA journal_mode = DELETE;"
	    "INSERT OR REPLACE INTO meta VALUES ('restored_from', %lld)",
	    (long long)clock_now());
	if (sqlite3_exec(copy, sql, NULL, NULL, NULL) != SQLITE_OK)
		return (backup_fail(copy, path, err));
	return (0);
}

static int
backup_copy(struct db *db, const char *path, struct err *err)
{
	sqlite3 *copy;
	int result;

	if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
	    NULL) != SQLITE_OK)
		result = backup_fail(copy, path, err);
	else
		result = backup_pages(db, copy, path, err);
	if (result == 0)
		result = backup_seal(copy, path, err);
	(void)sqlite3_close(copy);
	return (result);
}

int
db_backup(struct db *db, const char *path, struct err *err)
{
	int fd;

	/* Never over a file that is there: it might be the database. */
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return (err_set_errno(err, errno == EEXIST ? ERR_CONFLICT : ERR_SYSTEM, errno,
		    "%s cannot be made", path));
	(void)close(fd);
	if (backup_copy(db, path, err) == 0)
		return (0);
	(void)unlink(path);
	return (-1);
}

int
db_restored_from(struct db *db, int64_t *instant, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_META_GET);
	stmt_bind(st, 1, "t", "restored_from");
	result = stmt_step(db, st, err);
	*instant = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
db_renew(struct db *db, struct err *err)
{
	char text[UUID_TEXT_SIZE];
	struct uuid epoch;

	epoch = uuid_random();
	if (stmt_run(db, STMT_META_SET, err, "tt", "epoch", uuid_format(&epoch, text)) < 0 ||
	    tombstone_forget_all(db, err) < 0)
		return (-1);
	return (stmt_run(db, STMT_RESTORED_DONE, err, ""));
}
