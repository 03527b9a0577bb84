/*
 * Owns nothing: rows go to the caller's arena or stage.
 */
#include "config.h"

#include "store/incoming.h"

#include <stdio.h>
#include <string.h>

#include "store/record.h"
#include "store/stmt.h"

enum { EMPLOYEE_FIRST_FIELD = 8 };	/* column of the first field in INCOMING_EMPLOYEES */

/* ---- writing ------------------------------------------------------------------------------ */

int
incoming_drop(struct db *db, int64_t source, struct err *err)
{
	if (stmt_run(db, STMT_INCOMING_DROP, err, "i", source) < 0 ||
	    stmt_run(db, STMT_INCOMING_DROP_EMPLOYEES, err, "i", source) < 0 ||
	    stmt_run(db, STMT_INCOMING_DROP_UNITS, err, "i", source) < 0)
		return (-1);
	return (stmt_run(db, STMT_INCOMING_DROP_ABSENT, err, "i", source));
}

int
incoming_put(struct db *db, const struct incoming_row *row, struct err *err)
{
	if (incoming_drop(db, row->source, err) < 0)
		return (-1);
	return (stmt_run(db, STMT_INCOMING_PUT, err, "iiiiiiitiiii", row->source, row->run,
	    (int64_t)row->complete, (int64_t)row->healthy, (int64_t)row->whole, row->started,
	    row->upstream_at, row->tool, row->seen, row->live, row->refused, row->requests));
}

int
incoming_put_employee(struct db *db, const struct employee *employee, struct err *err)
{
	sqlite3_stmt *st;
	size_t i;

	st = stmt_get(db, STMT_INCOMING_PUT_EMPLOYEE);
	stmt_bind(st, 1, "ititiiit", employee->source, employee->kombo, employee->record,
	    employee->remote, (int64_t)employee->gone, (int64_t)employee->invalid,
	    (int64_t)employee->hash, employee->employments);
	for (i = 0; i < FIELD_N; i++)
		stmt_bind(st, 9 + (int)i, "t", employee->value[i]);
	return (stmt_step(db, st, err));
}

int
incoming_put_unit(struct db *db, const struct unit *unit, struct err *err)
{
	const char model[2] = { (char)unit->model, '\0' };

	return (stmt_run(db, STMT_INCOMING_PUT_UNIT, err, "itttttti", unit->source, model,
	    unit->kombo, unit->remote, unit->name, unit->type, unit->place,
	    (int64_t)unit->gone));
}

int
incoming_put_absent(struct db *db, int64_t source, int64_t record, struct err *err)
{
	return (stmt_run(db, STMT_INCOMING_PUT_ABSENT, err, "ii", source, record));
}

int
incoming_forget(struct db *db, int64_t source, const char *kombo, int64_t record,
    struct err *err)
{
	if (stmt_run(db, STMT_INCOMING_FORGET, err, "it", source, kombo) < 0)
		return (-1);
	return (stmt_run(db, STMT_INCOMING_FORGET_ABSENT, err, "ii", source, record));
}

int
incoming_erase_field(struct db *db, int64_t source, enum field_id field, struct err *err)
{
	sqlite3_stmt *st;
	char sql[160];
	int result;

	(void)snprintf(sql, sizeof(sql), "UPDATE incoming_employee SET %s = NULL"
	    " WHERE source = ?1 AND %s IS NOT NULL", field_get(field)->name,
	    field_get(field)->name);
	if (sqlite3_prepare_v2(db->sqlite, sql, -1, &st, NULL) != SQLITE_OK)
		return (db_fail(db, "erasing a field", err));
	stmt_bind(st, 1, "i", source);
	result = stmt_step(db, st, err);
	(void)sqlite3_finalize(st);
	return (result);
}

/* ---- reading ------------------------------------------------------------------------------- */

int
incoming_get(struct db *db, int64_t source, struct arena *arena, struct incoming_row *row,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_INCOMING_GET);
	stmt_bind(st, 1, "i", source);
	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct incoming_row){
			.source = source,
			.run = sqlite3_column_int64(st, 0),
			.complete = sqlite3_column_int(st, 1) != 0,
			.healthy = sqlite3_column_int(st, 2) != 0,
			.whole = (unsigned int)sqlite3_column_int(st, 3),
			.started = sqlite3_column_int64(st, 4),
			.upstream_at = sqlite3_column_int64(st, 5),
			.tool = arena_dup(arena, stmt_text(st, 6)),
			.seen = sqlite3_column_int64(st, 7),
			.live = sqlite3_column_int64(st, 8),
			.refused = sqlite3_column_int64(st, 9),
			.requests = sqlite3_column_int64(st, 10),
		};
	(void)sqlite3_reset(st);
	return (result);
}

/* The numbers that a statement gives, one a row; the caller frees them. */
static int
incoming_numbers(struct db *db, sqlite3_stmt *st, int64_t **numbers, size_t *count,
    struct err *err)
{
	size_t room;
	int64_t *slot;
	int result;

	*numbers = NULL;
	*count = room = 0;
	while ((result = stmt_step(db, st, err)) > 0) {
		slot = mem_grow(numbers, *count, &room, sizeof(**numbers));
		*slot = sqlite3_column_int64(st, 0);
		(*count)++;
	}
	return (result);
}

int
incoming_absent(struct db *db, int64_t source, int64_t **records, size_t *count,
    struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_INCOMING_ABSENT);
	stmt_bind(st, 1, "i", source);
	return (incoming_numbers(db, st, records, count, err));
}

static void
incoming_read(sqlite3_stmt *st, struct arena *arena, struct employee *employee)
{
	size_t i;

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
		employee->value[i] = arena_dup(arena, stmt_text(st,
		    EMPLOYEE_FIRST_FIELD + (int)i));
}

int
incoming_employee(struct db *db, int64_t source, const char *kombo, struct arena *arena,
    struct employee *employee, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_INCOMING_EMPLOYEE);
	stmt_bind(st, 1, "it", source, kombo);
	result = stmt_step(db, st, err);
	if (result > 0)
		incoming_read(st, arena, employee);
	(void)sqlite3_reset(st);
	return (result);
}

int
incoming_find(struct db *db, const char *text,
    void (*found)(void *context, int64_t source, const char *kombo), void *context,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_INCOMING_FIND);
	stmt_bind(st, 1, "t", text);
	while ((result = stmt_step(db, st, err)) > 0)
		found(context, sqlite3_column_int64(st, 0), stmt_text(st, 1));
	return (result);
}

/* A record may have been forgotten, or become known, since the fetch. */
static int
incoming_settle(struct db *db, struct arena *arena, struct employee *employee,
    struct err *err)
{
	struct record_row row;
	int result;

	result = employee->record == 0 ? 0 : record_get(db, employee->record, arena, &row, err);
	if (result == 0)
		result = record_find(db, employee->source, employee->kombo, arena, &row, err);
	if (result >= 0)
		employee->record = result > 0 ? row.id : 0;
	return (result < 0 ? -1 : 0);
}

static int
incoming_load_units(struct db *db, int64_t source, struct stage *stage, struct err *err)
{
	struct unit unit;
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_INCOMING_UNITS);
	stmt_bind(st, 1, "i", source);
	while ((result = stmt_step(db, st, err)) > 0) {
		unit = (struct unit){
			.source = source,
			.model = (enum unit_model)stmt_text(st, 0)[0],
			.kombo = stmt_text(st, 1),
			.remote = stmt_text(st, 2),
			.name = stmt_text(st, 3),
			.type = stmt_text(st, 4),
			.place = stmt_text(st, 5),
			.gone = sqlite3_column_int(st, 6) != 0,
		};
		if (stage_put_unit(stage, &unit, err) < 0) {
			(void)sqlite3_reset(st);
			return (-1);
		}
	}
	return (result);
}

int
incoming_load(struct db *db, int64_t source, struct stage *stage, struct err *err)
{
	struct employee employee;
	struct arena *arena;
	sqlite3_stmt *st;
	int result;

	arena = arena_open();
	st = stmt_get(db, STMT_INCOMING_EMPLOYEES);
	stmt_bind(st, 1, "i", source);
	while ((result = stmt_step(db, st, err)) > 0) {
		arena_reset(arena);
		incoming_read(st, arena, &employee);
		if (incoming_settle(db, arena, &employee, err) < 0 ||
		    stage_put(stage, &employee, err) < 0) {
			(void)sqlite3_reset(st);
			result = -1;
			break;
		}
	}
	arena_close(&arena);
	return (result < 0 ? -1 : incoming_load_units(db, source, stage, err));
}
