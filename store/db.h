/*
 * A connection to the database: opening, migrating, transactions. Only store/ knows that it
 * is SQLite.
 */
#ifndef ROLLCALL_STORE_DB_H
#define ROLLCALL_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The form of the database this release reads and writes: the last of schema/migrations. */
#define DB_VERSION 2

enum db_role {
	DB_READER,	/* views and access only: slapd's module, the SCIM server */
	DB_ADMIN,	/* everything, reading only: the command while the daemon runs */
	DB_WRITER	/* the one publisher: creates and migrates the database */
};

struct db;

/*
 * Opens the database. A writer creates it and brings it to DB_VERSION; the others answer
 * ERR_DB_MISSING, ERR_DB_OLDER or ERR_DB_NEWER. Every statement of the role is prepared here.
 * A connection belongs to one thread at a time.
 */
int	db_open(const char *path, enum db_role role, struct db **db, struct err *err);
void	db_close(struct db **db);

/*
 * A copy of the whole database as `from` sees it now, to be written to: a trial of what would
 * be. It has no name in the file system, belongs to nobody else, and is gone when it is closed.
 * Nothing of it survives a failure: close it then.
 */
int	db_copy(struct db *from, struct db **copy, struct err *err);

/* A writer's transaction takes the write lock at once; a reader's pins what it sees. */
int	db_begin(struct db *db, struct err *err);
int	db_commit(struct db *db, struct err *err);
void	db_rollback(struct db *db);	/* nothing to do when none is open */

/*
 * A number that changes whenever another connection has committed (cheap: no lock is taken).
 * -1 with err when the database cannot be asked.
 */
int	db_data_version(struct db *db, int64_t *version, struct err *err);

/* True when the file at the path is no longer the one that was opened. */
bool	db_replaced(const struct db *db);

/* Copies the write-ahead log into the database and, with `truncate`, empties it. */
int	db_checkpoint(struct db *db, bool truncate, struct err *err);

/*
 * Says that the transaction under way erases values: its commit also empties the write-ahead
 * log, which still holds them, and the file wants to be written anew (db_vacuum). A reader that
 * keeps the log open puts that off to the next commit, or db_wipe.
 */
int	db_erased(struct db *db, struct err *err);
/* Empties the log if that is still to be done. */
void	db_wipe(struct db *db);

/*
 * Since when the file wants to be written anew, 0: it does not. db_vacuum does so; it takes as
 * long as copying the file, and nothing can be written meanwhile.
 */
int	db_vacuum_wanted(struct db *db, int64_t *since, struct err *err);
int	db_vacuum(struct db *db, struct err *err);

/*
 * Copies the database, as it is at one moment, into a new file of mode 0600; writing goes on
 * meanwhile. The copy knows that it is one: opened as the database it answers the instant it was
 * made in db_restored_from, else 0. db_renew gives it an epoch of its own, so that readers take
 * nothing from before (rulings F8), and makes it a database like any other.
 */
int	db_backup(struct db *db, const char *path, struct err *err);
int	db_restored_from(struct db *db, int64_t *instant, struct err *err);
int	db_renew(struct db *db, struct err *err);

const char *db_path(const struct db *db);

#endif
