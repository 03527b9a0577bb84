/*
 * Owns one temporary database. Invariants: it has no name in the file system once it is open;
 * nothing in it outlives the struct. One thread at a time.
 */
#include "config.h"

#include "store/stage.h"

#include <stdio.h>
#include <string.h>

#include "store/stmt.h"

enum stage_stmt {
	STAGE_PUT, STAGE_WALK, STAGE_GET, STAGE_FIND, STAGE_PUT_UNIT, STAGE_UNITS,
	STAGE_SET_RECORD, STAGE_GIVE, STAGE_GIVE_UNITS, STAGE_N
};

enum { STAGE_FIRST_FIELD = 8 };		/* column of the first field in STAGE_GET */

struct stage {
	struct db	 db;		/* for the helpers of store/stmt.h */
	sqlite3_stmt	*stmts[STAGE_N];
};

static const char stage_schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;"
    "PRAGMA locking_mode = EXCLUSIVE;"
    "CREATE TABLE employee (id INTEGER PRIMARY KEY, kombo TEXT NOT NULL UNIQUE,"
    " record INTEGER, source INTEGER, remote TEXT, gone INTEGER, invalid INTEGER,"
    " hash INTEGER, employments TEXT, {fields});"
    "CREATE TABLE unit (model TEXT, kombo TEXT, source INTEGER, remote TEXT, name TEXT,"
    " type TEXT, place TEXT, gone INTEGER, PRIMARY KEY (model, kombo)) WITHOUT ROWID;";

static const char *const stage_sql[STAGE_N] = {
	[STAGE_PUT] = "INSERT OR REPLACE INTO employee (kombo, record, source, remote, gone,"
	    " invalid, hash, employments, {fields}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, {marks})",
	[STAGE_WALK] = "SELECT id, record, kombo, gone FROM employee"
	    " ORDER BY remote, kombo",
	[STAGE_GET] = "SELECT kombo, record, source, remote, gone, invalid, hash, employments,"
	    " {fields} FROM employee WHERE id = ?1",
	[STAGE_FIND] = "SELECT id FROM employee WHERE kombo = ?1",
	[STAGE_PUT_UNIT] = "INSERT OR REPLACE INTO unit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[STAGE_UNITS] = "SELECT model, kombo, source, remote, name, type, place, gone FROM unit"
	    " ORDER BY model, remote, kombo",
	[STAGE_SET_RECORD] = "UPDATE employee SET record = ?2 WHERE id = ?1",
	[STAGE_GIVE] = "UPDATE employee SET source = ?1",
	[STAGE_GIVE_UNITS] = "UPDATE unit SET source = ?1",
};

static int
stage_prepare(struct stage *stage, struct err *err)
{
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = sqlite3_exec(stage->db.sqlite, stmt_expand(arena, stage_schema), NULL, NULL,
	    NULL);
	for (i = 0; i < STAGE_N && result == SQLITE_OK; i++)
		result = sqlite3_prepare_v3(stage->db.sqlite, stmt_expand(arena, stage_sql[i]),
		    -1, SQLITE_PREPARE_PERSISTENT, &stage->stmts[i], NULL);
	arena_close(&arena);
	return (result == SQLITE_OK ? 0 : db_fail(&stage->db, "preparing", err));
}

int
stage_open(struct stage **out, struct err *err)
{
	struct stage *stage;

	*out = NULL;
	stage = mem_alloc(sizeof(*stage));
	stage->db.path = mem_dup("temporary database");
	if (sqlite3_open_v2("", &stage->db.sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL) != SQLITE_OK) {
		(void)db_fail(&stage->db, "opening", err);
		stage_close(&stage);
		return (-1);
	}
	if (stage_prepare(stage, err) < 0) {
		stage_close(&stage);
		return (-1);
	}
	/* Each row a transaction of its own would sort the cache again and again. */
	(void)sqlite3_exec(stage->db.sqlite, "BEGIN", NULL, NULL, NULL);
	*out = stage;
	return (0);
}

void
stage_close(struct stage **stage)
{
	size_t i;

	if (*stage == NULL)
		return;
	for (i = 0; i < STAGE_N; i++)
		sqlite3_finalize((*stage)->stmts[i]);
	(void)sqlite3_close((*stage)->db.sqlite);
	mem_free(&(*stage)->db.path);
	mem_free(stage);
}

static sqlite3_stmt *
stage_stmt(struct stage *stage, enum stage_stmt id)
{
	(void)sqlite3_reset(stage->stmts[id]);
	(void)sqlite3_clear_bindings(stage->stmts[id]);
	return (stage->stmts[id]);
}

int
stage_put(struct stage *stage, const struct employee *employee, struct err *err)
{
	sqlite3_stmt *st;
	size_t i;

	st = stage_stmt(stage, STAGE_PUT);
	stmt_bind(st, 1, "tiitiiit", employee->kombo, employee->record, employee->source,
	    employee->remote, (int64_t)employee->gone, (int64_t)employee->invalid,
	    (int64_t)employee->hash, employee->employments);
	for (i = 0; i < FIELD_N; i++)
		stmt_bind(st, 9 + (int)i, "t", employee->value[i]);
	return (stmt_step(&stage->db, st, err));
}

int
stage_walk(struct stage *stage, struct err *err)
{
	(void)stage_stmt(stage, STAGE_WALK);
	if (sqlite3_exec(stage->db.sqlite, "CREATE INDEX IF NOT EXISTS employee_order"
	    " ON employee (remote, kombo)", NULL, NULL, NULL) != SQLITE_OK)
		return (db_fail(&stage->db, "sorting", err));
	return (0);
}

int
stage_next(struct stage *stage, struct stage_ref *ref, struct err *err)
{
	sqlite3_stmt *st = stage->stmts[STAGE_WALK];
	int result;

	result = stmt_step(&stage->db, st, err);
	if (result > 0)
		*ref = (struct stage_ref){
			.row = sqlite3_column_int64(st, 0),
			.record = sqlite3_column_int64(st, 1),
			.kombo = stmt_text(st, 2),
			.gone = sqlite3_column_int(st, 3) != 0,
		};
	return (result);
}

int
stage_get(struct stage *stage, int64_t row, struct arena *arena, struct employee *employee,
    struct err *err)
{
	sqlite3_stmt *st;
	size_t i;
	int result;

	st = stage_stmt(stage, STAGE_GET);
	stmt_bind(st, 1, "i", row);
	result = stmt_step(&stage->db, st, err);
	if (result > 0) {
		*employee = (struct employee){
			.kombo = arena_dup(arena, stmt_text(st, 0)),
			.record = sqlite3_column_int64(st, 1),
			.source = sqlite3_column_int64(st, 2),
			.remote = arena_dup(arena, stmt_text(st, 3)),
			.gone = sqlite3_column_int(st, 4) != 0,
			.invalid = (uint32_t)sqlite3_column_int64(st, 5),
			.hash = (uint64_t)sqlite3_column_int64(st, 6),
			.employments = arena_dup(arena, stmt_text(st, 7)),
		};
		for (i = 0; i < FIELD_N; i++)
			employee->value[i] = arena_dup(arena,
			    stmt_text(st, STAGE_FIRST_FIELD + (int)i));
	}
	(void)sqlite3_reset(st);
	return (result);
}

static int
stage_number(struct stage *stage, sqlite3_stmt *st, int64_t *number, struct err *err)
{
	int result;

	result = stmt_step(&stage->db, st, err);
	if (result > 0)
		*number = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return (result);
}

int
stage_find(struct stage *stage, const char *kombo, int64_t *row, struct err *err)
{
	sqlite3_stmt *st;

	st = stage_stmt(stage, STAGE_FIND);
	stmt_bind(st, 1, "t", kombo);
	return (stage_number(stage, st, row, err));
}

int
stage_put_unit(struct stage *stage, const struct unit *unit, struct err *err)
{
	char model[2] = { (char)unit->model, '\0' };
	sqlite3_stmt *st;

	st = stage_stmt(stage, STAGE_PUT_UNIT);
	stmt_bind(st, 1, "ttitttti", model, unit->kombo, unit->source, unit->remote, unit->name,
	    unit->type, unit->place, (int64_t)unit->gone);
	return (stmt_step(&stage->db, st, err));
}

int
stage_units(struct stage *stage, void (*found)(void *context, const struct unit *unit),
    void *context, struct err *err)
{
	struct unit unit;
	sqlite3_stmt *st;
	int result;

	st = stage_stmt(stage, STAGE_UNITS);
	while ((result = stmt_step(&stage->db, st, err)) > 0) {
		unit = (struct unit){
			.model = (enum unit_model)stmt_text(st, 0)[0],
			.kombo = stmt_text(st, 1),
			.source = sqlite3_column_int64(st, 2),
			.remote = stmt_text(st, 3),
			.name = stmt_text(st, 4),
			.type = stmt_text(st, 5),
			.place = stmt_text(st, 6),
			.gone = sqlite3_column_int(st, 7) != 0,
		};
		found(context, &unit);
	}
	return (result);
}

int
stage_set_record(struct stage *stage, int64_t row, int64_t record, struct err *err)
{
	sqlite3_stmt *st;

	st = stage_stmt(stage, STAGE_SET_RECORD);
	stmt_bind(st, 1, "ii", row, record);
	return (stmt_step(&stage->db, st, err));
}

static int
stage_give(struct stage *stage, enum stage_stmt id, int64_t source, struct err *err)
{
	sqlite3_stmt *st;

	st = stage_stmt(stage, id);
	stmt_bind(st, 1, "i", source);
	return (stmt_step(&stage->db, st, err));
}

int
stage_set_source(struct stage *stage, int64_t source, struct err *err)
{
	if (stage_give(stage, STAGE_GIVE, source, err) < 0)
		return (-1);
	return (stage_give(stage, STAGE_GIVE_UNITS, source, err));
}
