/*
 * Owns nothing: rows go to the caller's arena, or are borrowed until the next step.
 */
#include "config.h"

#include "store/record.h"

#include <string.h>

#include "store/stmt.h"

enum { EMPLOYEE_FIRST_FIELD = 7 };	/* column of the first field in EMPLOYEE_GET */

static int64_t *
record_person(struct record_row *row)
{
	return (row->person != 0 ? &row->person : NULL);
}

int
record_find(struct db *db, int64_t source, const char *kombo, struct arena *arena,
    struct record_row *row, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_RECORD_FIND);
	stmt_bind(st, 1, "it", source, kombo);
	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct record_row){
			.id = sqlite3_column_int64(st, 0),
			.source = source,
			.kombo = kombo,
			.remote = arena_dup(arena, stmt_text(st, 1)),
			.person = sqlite3_column_int64(st, 2),
			.reasons = arena_dup(arena, stmt_text(st, 3)),
		};
	(void)sqlite3_reset(st);
	return (result);
}

int
record_find_remote(struct db *db, int64_t source, const char *remote, struct arena *arena,
    struct record_row *row, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_RECORD_FIND_REMOTE);
	stmt_bind(st, 1, "it", source, remote);
	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct record_row){
			.id = sqlite3_column_int64(st, 0),
			.source = source,
			.kombo = arena_dup(arena, stmt_text(st, 1)),
			.remote = remote,
			.person = sqlite3_column_int64(st, 2),
			.reasons = arena_dup(arena, stmt_text(st, 3)),
		};
	(void)sqlite3_reset(st);
	return (result);
}

int
record_get(struct db *db, int64_t id, struct arena *arena, struct record_row *row,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_RECORD_GET);
	stmt_bind(st, 1, "i", id);
	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct record_row){
			.id = id,
			.source = sqlite3_column_int64(st, 0),
			.kombo = arena_dup(arena, stmt_text(st, 1)),
			.remote = arena_dup(arena, stmt_text(st, 2)),
			.person = sqlite3_column_int64(st, 3),
			.reasons = arena_dup(arena, stmt_text(st, 4)),
		};
	(void)sqlite3_reset(st);
	return (result);
}

int
record_add(struct db *db, struct record_row *row, struct err *err)
{
	if (stmt_run(db, STMT_RECORD_ADD, err, "ittot", row->source, row->kombo, row->remote,
	    record_person(row), row->reasons) < 0)
		return (-1);
	row->id = sqlite3_last_insert_rowid(db->sqlite);
	return (0);
}

int
record_save(struct db *db, const struct record_row *row, struct err *err)
{
	struct record_row copy = *row;

	return (stmt_run(db, STMT_RECORD_SAVE, err, "ittot", row->id, row->kombo, row->remote,
	    record_person(&copy), row->reasons));
}

int
record_delete(struct db *db, int64_t id, struct err *err)
{
	return (stmt_run(db, STMT_RECORD_DELETE, err, "i", id));
}

int
record_join(struct db *db, int64_t id, int64_t rule, struct err *err)
{
	return (stmt_run(db, STMT_RECORD_JOIN, err, "ii", id, rule));
}

int
record_joined(struct db *db, int64_t id, int64_t *rule, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_RECORD_JOINED);
	stmt_bind(st, 1, "i", id);
	result = stmt_step(db, st, err);
	*rule = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

static void
record_read_state(sqlite3_stmt *st, int64_t source, struct record_row *row)
{
	*row = (struct record_row){
		.id = sqlite3_column_int64(st, 0),
		.source = source,
		.kombo = stmt_text(st, 1),
		.remote = stmt_text(st, 2),
		.person = sqlite3_column_int64(st, 3),
		.reasons = stmt_text(st, 4),
		.stored = sqlite3_column_type(st, 5) != SQLITE_NULL,
		.hash = (uint64_t)sqlite3_column_int64(st, 5),
		.gone = sqlite3_column_int(st, 6) != 0,
	};
}

int
record_state(struct db *db, int64_t source, const char *kombo, struct record_row *row,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_RECORD_STATE);
	stmt_bind(st, 1, "it", source, kombo);
	result = stmt_step(db, st, err);
	if (result > 0)
		record_read_state(st, source, row);
	row->kombo = row->remote = row->reasons = NULL;
	(void)sqlite3_reset(st);
	return (result);
}

void
record_walk(struct db *db, int64_t source)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_RECORDS_OF_SOURCE);
	stmt_bind(st, 1, "i", source);
}

int
record_walk_next(struct db *db, struct record_row *row, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_RECORDS_OF_SOURCE];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		record_read_state(st, 0, row);
	return (result);
}

int
record_ids_of_person(struct db *db, int64_t person, struct arena *arena, int64_t **ids,
    size_t *count, struct err *err)
{
	int64_t *id, *list;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_RECORDS_OF_PERSON);
	stmt_bind(st, 1, "i", person);
	while ((result = stmt_step(db, st, err)) > 0) {
		id = mem_grow(&list, n, &room, sizeof(*list));
		*id = sqlite3_column_int64(st, 0);
		n++;
	}
	*count = n;
	*ids = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
record_keys_of_person(struct db *db, int64_t person,
    void (*found)(void *context, int64_t source, const char *kombo), void *context,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_RECORD_KEYS_OF_PERSON);
	stmt_bind(st, 1, "i", person);
	while ((result = stmt_step(db, st, err)) > 0)
		found(context, sqlite3_column_int64(st, 0), stmt_text(st, 1));
	return (result);
}

/* Column by column; texts are borrowed, or in the arena when there is one. */
static void
employee_read(sqlite3_stmt *st, struct arena *arena, struct employee *employee)
{
	const char *text;
	size_t i;

	*employee = (struct employee){
		.record = sqlite3_column_int64(st, 0),
		.source = sqlite3_column_int64(st, 1),
		.kombo = stmt_text(st, 2),
		.remote = stmt_text(st, 3),
		.hash = (uint64_t)sqlite3_column_int64(st, 4),
		.gone = sqlite3_column_int(st, 5) != 0,
		.employments = stmt_text(st, 6),
	};
	if (arena != NULL) {
		employee->kombo = arena_dup(arena, employee->kombo);
		employee->remote = arena_dup(arena, employee->remote);
		employee->employments = arena_dup(arena, employee->employments);
	}
	for (i = 0; i < FIELD_N; i++) {
		text = stmt_text(st, EMPLOYEE_FIRST_FIELD + (int)i);
		employee->value[i] = arena != NULL ? arena_dup(arena, text) : text;
	}
}

int
employee_get(struct db *db, int64_t record, struct arena *arena, struct employee *employee,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_EMPLOYEE_GET);
	stmt_bind(st, 1, "i", record);
	result = stmt_step(db, st, err);
	if (result > 0)
		employee_read(st, arena, employee);
	(void)sqlite3_reset(st);
	return (result);
}

void
employee_walk(struct db *db)
{
	(void)stmt_get(db, STMT_EMPLOYEE_LIST);
}

int
employee_next(struct db *db, struct employee *employee, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_EMPLOYEE_LIST];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		employee_read(st, NULL, employee);
	return (result);
}

int
employee_put(struct db *db, const struct employee *employee, struct err *err)
{
	sqlite3_stmt *st;
	size_t i;

	st = stmt_get(db, STMT_EMPLOYEE_PUT);
	stmt_bind(st, 1, "iiit", employee->record, (int64_t)employee->hash,
	    (int64_t)employee->gone, employee->employments);
	for (i = 0; i < FIELD_N; i++)
		stmt_bind(st, 5 + (int)i, "t", employee->value[i]);
	return (stmt_step(db, st, err));
}

int
employee_delete(struct db *db, int64_t record, struct err *err)
{
	return (stmt_run(db, STMT_EMPLOYEE_DELETE, err, "i", record));
}

int
record_purge_source(struct db *db, int64_t source, struct err *err)
{
	if (stmt_run(db, STMT_SUSPECT_PURGE_SOURCE, err, "i", source) < 0 ||
	    stmt_run(db, STMT_EMPLOYEE_PURGE_SOURCE, err, "i", source) < 0)
		return (-1);
	return (stmt_run(db, STMT_RECORD_PURGE_SOURCE, err, "i", source));
}

int
unit_purge_source(struct db *db, int64_t source, struct err *err)
{
	if (stmt_run(db, STMT_GRP_PURGE_SOURCE, err, "i", source) < 0 ||
	    stmt_run(db, STMT_LOCAL_MEMBER_PURGE_SOURCE, err, "i", source) < 0)
		return (-1);
	return (stmt_run(db, STMT_UNIT_PURGE_SOURCE, err, "i", source));
}

/* Calls back with the first column of each row. */
static int
record_people(struct db *db, sqlite3_stmt *st, void (*found)(void *context, int64_t person),
    void *context, struct err *err)
{
	int result;

	while ((result = stmt_step(db, st, err)) > 0)
		found(context, sqlite3_column_int64(st, 0));
	return (result);
}

int
record_by_number(struct db *db, const char *number,
    void (*found)(void *context, int64_t person), void *context, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_EMPLOYEES_BY_NUMBER);
	stmt_bind(st, 1, "t", number);
	return (record_people(db, st, found, context, err));
}

int
record_by_kombo(struct db *db, const char *kombo,
    void (*found)(void *context, int64_t person), void *context, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_RECORDS_BY_KOMBO);
	stmt_bind(st, 1, "t", kombo);
	return (record_people(db, st, found, context, err));
}

int
record_excluded(struct db *db, void (*found)(void *context, const struct record_row *row),
    void *context, struct err *err)
{
	struct record_row row;
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_RECORDS_WITH_REASONS);
	while ((result = stmt_step(db, st, err)) > 0) {
		row = (struct record_row){
			.id = sqlite3_column_int64(st, 0),
			.source = sqlite3_column_int64(st, 1),
			.kombo = stmt_text(st, 2),
			.person = sqlite3_column_int64(st, 3),
			.reasons = stmt_text(st, 4),
		};
		found(context, &row);
	}
	return (result);
}

int
employee_reports(struct db *db, int64_t source, const char *manager,
    void (*found)(void *context, int64_t person), void *context, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_EMPLOYEES_OF_MANAGER);
	stmt_bind(st, 1, "it", source, manager);
	return (record_people(db, st, found, context, err));
}

int
employee_units(struct db *db, void (*found)(void *context, int64_t person,
    const struct employee *employee), void *context, struct err *err)
{
	struct employee employee = { .record = 0 };
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_EMPLOYEE_UNITS);
	while ((result = stmt_step(db, st, err)) > 0) {
		employee.source = sqlite3_column_int64(st, 1);
		employee.value[FIELD_LEGAL_ENTITY] = stmt_text(st, 2);
		employee.value[FIELD_WORK_LOCATION] = stmt_text(st, 3);
		employee.value[FIELD_GROUPS] = stmt_text(st, 4);
		found(context, sqlite3_column_int64(st, 0), &employee);
	}
	return (result);
}

/* Calls back with every row of a statement over units. */
static int
unit_walk(struct db *db, sqlite3_stmt *st, void (*found)(void *context,
    const struct unit *unit), void *context, struct err *err)
{
	struct unit unit;
	int result;

	while ((result = stmt_step(db, st, err)) > 0) {
		unit = (struct unit){
			.id = sqlite3_column_int64(st, 0),
			.source = sqlite3_column_int64(st, 1),
			.model = (enum unit_model)stmt_text(st, 2)[0],
			.kombo = stmt_text(st, 3),
			.remote = stmt_text(st, 4),
			.name = stmt_text(st, 5),
			.type = stmt_text(st, 6),
			.place = stmt_text(st, 7),
			.gone = sqlite3_column_int(st, 8) != 0,
		};
		found(context, &unit);
	}
	return (result);
}

int
unit_list(struct db *db, void (*found)(void *context, const struct unit *unit),
    void *context, struct err *err)
{
	return (unit_walk(db, stmt_get(db, STMT_UNIT_LIST), found, context, err));
}

int
unit_get(struct db *db, int64_t source, enum unit_model model, const char *kombo,
    void (*found)(void *context, const struct unit *unit), void *context, struct err *err)
{
	char letter[2] = { (char)model, '\0' };
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_UNIT_GET);
	stmt_bind(st, 1, "itt", source, letter, kombo);
	return (unit_walk(db, st, found, context, err));
}

int
unit_renumber(struct db *db, int64_t id, const char *kombo, struct err *err)
{
	return (stmt_run(db, STMT_UNIT_RENUMBER, err, "it", id, kombo));
}

int
unit_put(struct db *db, struct unit *unit, struct err *err)
{
	char model[2] = { (char)unit->model, '\0' };
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_UNIT_PUT);
	stmt_bind(st, 1, "itttttti", unit->source, model, unit->kombo, unit->remote,
	    unit->name, unit->type, unit->place, (int64_t)unit->gone);
	result = stmt_step(db, st, err);
	if (result > 0)
		unit->id = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}
