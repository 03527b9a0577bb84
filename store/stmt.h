/*
 * Inside store/ only: prepared statements by name.
 */
#ifndef ROLLCALL_STORE_STMT_H
#define ROLLCALL_STORE_STMT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/fields.h"
#include "base/mem.h"
#include "store/db.h"

/* schema/views.def: all a reader has. schema/statements.def: the rest. */
enum stmt_id {
#define STMT(ID, flags, sql) STMT_##ID,
#include "schema/views.def"
	STMT_READER_N,
	STMT_FIRST_OF_WRITER = STMT_READER_N - 1,
#include "schema/statements.def"
#undef STMT
	STMT_N
};

enum stmt_flags {
	STMT_SCAN = 1,		/* may read a whole table */
	STMT_WRITE = 2		/* changes the database: a writer's alone */
};

struct stmt_row {
	const char	*name;
	unsigned int	 flags;
	const char	*sql;	/* {fields}, {marks}, {sets} are filled in, see stmt_expand */
};

const struct stmt_row *stmt_row(enum stmt_id id);

/*
 * The text with {fields} as "employee_number, first_name, …", {v.fields} as
 * "v.employee_number, …", {marks} as "?, ?, …" and {sets} as "employee_number =
 * excluded.employee_number, …". In the arena.
 */
const char *stmt_expand(struct arena *arena, const char *sql);

struct db {
	sqlite3		*sqlite;
	char		*path;
	enum db_role	 role;
	bool		 begun;		/* a transaction was begun and has not been ended */
	bool		 wipe;		/* the write-ahead log holds what was erased */
	char		*state_key;		/* store/suppress.h: reference to a secret */
	bool		 has_erasure_key;
	uint8_t		 erasure_key[32];
	uint64_t	 device;
	uint64_t	 inode;
	sqlite3_stmt	*stmts[STMT_N];
	enum stmt_id	 people_stmt;	/* which statement walks a view's people */
	enum stmt_id	 audit_stmt;	/* … and the audit */
};

/* Fills err from SQLite's last error and returns -1; `what` says what was being done. */
int	db_fail(struct db *db, const char *what, struct err *err);

/* The statement, reset and with its parameters cleared. */
sqlite3_stmt *stmt_get(struct db *db, enum stmt_id id);

/*
 * Binds parameters from `first` on: i int64_t, t text (NULL is null), u struct uuid *,
 * n null, o int64_t * (NULL is null). Texts must live until the statement is stepped.
 */
void	stmt_bind(sqlite3_stmt *st, int first, const char *types, ...);

/*
 * False, with err, when SQLite gave up the transaction that was begun (it does so when memory or
 * the disk fails): what would be written now would stand alone, half of what was meant.
 */
bool	stmt_allowed(struct db *db, struct err *err);

/* 1 a row, 0 the end (the statement is reset), -1 failed (reset too). */
int	stmt_step(struct db *db, sqlite3_stmt *st, struct err *err);

/* Binds from parameter 1 and steps to the end: for statements that give no rows. */
int	stmt_run(struct db *db, enum stmt_id id, struct err *err, const char *types, ...);

/* Columns; text is borrowed until the next step, NULL for null. */
const char *stmt_text(sqlite3_stmt *st, int column);
struct uuid stmt_uuid(sqlite3_stmt *st, int column);

#endif
