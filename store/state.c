/*
 * Owns the list of tables that are state or decisions. Columns are the tables' own, so that a
 * new one needs no word here; a text of another form of the database is refused.
 */
#include "config.h"

#include "store/state.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "store/stmt.h"
#include "store/suppress.h"

#define STATE_LINE_MAX	(1024 * 1024)

/* In the order in which they are written and taken over. */
static const struct {
	const char	*table;
	const char	*select;
} state_tables[] = {
	{ "meta", "SELECT name, value FROM meta WHERE name IN ('namespace', 'erasure_key',"
	    " 'cursor_key', 'person_floor', 'uid_number_last', 'gid_number_last') ORDER BY name" },
	{ "source", "SELECT * FROM source ORDER BY id" },
	{ "unit", "SELECT * FROM unit ORDER BY id" },
	{ "record", "SELECT * FROM record ORDER BY id" },
	{ "employee", "SELECT * FROM employee ORDER BY id" },
	{ "person", "SELECT * FROM person ORDER BY id" },
	{ "value", "SELECT * FROM value ORDER BY person, field" },
	{ "decision", "SELECT * FROM decision ORDER BY person, kind" },
	{ "link", "SELECT * FROM link ORDER BY source, kombo" },
	{ "suspect", "SELECT * FROM suspect ORDER BY record, person" },
	{ "local_member", "SELECT * FROM local_member ORDER BY grp, person" },
	{ "grp", "SELECT * FROM grp ORDER BY id" },
	{ "retired", "SELECT * FROM retired ORDER BY person" },
	{ "suppressed", "SELECT * FROM suppressed ORDER BY uuid, kind, hash" },
	/* Who has left is shown only where she was shown before. */
	{ "shown", "SELECT v.name AS view, s.person AS person FROM v_shown s JOIN view v"
	    " ON v.id = s.view JOIN person p ON p.id = s.person WHERE p.status = 3"
	    " ORDER BY v.name, s.person" },
};

#define STATE_TABLES (sizeof(state_tables) / sizeof(state_tables[0]))

/* ---- writing ------------------------------------------------------------------------------ */

static json_t *
state_blob(sqlite3_stmt *st, int column)
{
	size_t len = (size_t)sqlite3_column_bytes(st, column);
	json_t *value;
	char *hex;

	hex = mem_alloc(len * 2 + 1);
	value = json_pack("{s:s}", "hex", digest_hex(sqlite3_column_blob(st, column), len, hex));
	mem_free(&hex);
	return (value);
}

static json_t *
state_value(sqlite3_stmt *st, int column)
{
	switch (sqlite3_column_type(st, column)) {
	case SQLITE_INTEGER:
		return (json_integer(sqlite3_column_int64(st, column)));
	case SQLITE_TEXT:
		return (json_string(stmt_text(st, column)));
	case SQLITE_BLOB:
		return (state_blob(st, column));
	}
	return (NULL);
}

static int
state_write(FILE *file, json_t *line, struct err *err)
{
	int result;

	result = json_dumpf(line, file, JSON_COMPACT);
	json_decref(line);
	if (result < 0 || fputc('\n', file) == EOF)
		return (err_set(err, ERR_SYSTEM, "the text cannot be written: is the disk full?"));
	return (0);
}

/* Nulls are left out. */
static int
state_write_row(sqlite3_stmt *st, const char *table, FILE *file, struct err *err)
{
	json_t *row, *value;
	int i;

	row = json_object();
	for (i = 0; i < sqlite3_column_count(st); i++) {
		value = state_value(st, i);
		if (value != NULL)
			(void)json_object_set_new(row, sqlite3_column_name(st, i), value);
	}
	return (state_write(file, json_pack("{s:s, s:o}", "table", table, "row", row), err));
}

static int
state_write_table(struct db *db, size_t at, FILE *file, int64_t *count, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	if (sqlite3_prepare_v2(db->sqlite, state_tables[at].select, -1, &st, NULL) != SQLITE_OK)
		return (db_fail(db, state_tables[at].table, err));
	while ((result = stmt_step(db, st, err)) > 0) {
		(*count)++;
		if (state_write_row(st, state_tables[at].table, file, err) < 0) {
			result = -1;
			break;
		}
	}
	(void)sqlite3_finalize(st);
	return (result);
}

int
state_export(struct db *db, FILE *file, int64_t *count, struct err *err)
{
	char made[CLOCK_TEXT_SIZE];
	size_t i;

	*count = 0;
	if (state_write(file, json_pack("{s:s, s:i, s:s}", "rollcall", "state", "form",
	    DB_VERSION, "made", clock_format(clock_now(), 0, made)), err) < 0)
		return (-1);
	for (i = 0; i < STATE_TABLES; i++)
		if (state_write_table(db, i, file, count, err) < 0)
			return (-1);
	return (state_write(file, json_pack("{s:I}", "end", (json_int_t)*count), err));
}

/* ---- taking over ------------------------------------------------------------------------------ */

struct state_reader {
	struct db	*db;
	FILE		*file;
	char		*line;
	int64_t		 number;	/* of the line */
	int64_t		 rows;
	int64_t		 now;
	struct buf	 sql;
	struct err	*err;
};

static int
state_refuse(struct state_reader *reader, const char *why)
{
	return (err_set(reader->err, ERR_USAGE, "line %" PRId64 ": %s; nothing was taken over",
	    reader->number, why));
}

/* The next line as an object: 1, 0 at the end, -1 failed. */
static int
state_read(struct state_reader *reader, json_t **line)
{
	size_t len;

	if (fgets(reader->line, STATE_LINE_MAX, reader->file) == NULL)
		return (0);
	reader->number++;
	len = strlen(reader->line);
	if (len == 0 || reader->line[len - 1] != '\n')
		return (state_refuse(reader, "it is cut off, or too long"));
	*line = json_loadb(reader->line, len - 1, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(*line)) {
		json_decref(*line);
		return (state_refuse(reader, "it is no JSON object"));
	}
	return (1);
}

static bool
state_is_table(const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < STATE_TABLES; i++)
		if (strcmp(state_tables[i].table, name) == 0)
			return (true);
	return (false);
}

/* Only letters: a name becomes part of a statement. */
static bool
state_is_name(const char *name)
{
	return (*name != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name));
}

static int
state_bind_blob(sqlite3_stmt *st, int at, const char *hex)
{
	size_t len = strlen(hex);
	uint8_t *bytes;
	bool good;

	bytes = mem_alloc(len / 2 + 1);
	good = len % 2 == 0 && digest_from_hex(hex, bytes, len / 2);
	(void)sqlite3_bind_blob(st, at, bytes, (int)(len / 2), SQLITE_TRANSIENT);
	mem_free(&bytes);
	return (good ? 0 : -1);
}

static int
state_bind(sqlite3_stmt *st, json_t *row)
{
	const char *hex, *key;
	json_t *value;
	int at;

	at = 0;
	json_object_foreach(row, key, value) {
		at++;
		hex = json_string_value(json_object_get(value, "hex"));
		if (json_is_integer(value))
			(void)sqlite3_bind_int64(st, at, json_integer_value(value));
		else if (json_is_string(value))
			(void)sqlite3_bind_text(st, at, json_string_value(value), -1,
			    SQLITE_TRANSIENT);
		else if (hex == NULL || state_bind_blob(st, at, hex) < 0)
			return (-1);
	}
	return (0);
}

/* INSERT OR REPLACE INTO table (a, b) VALUES (?, ?): what meta has of its own gives way. */
static int
state_make_insert(struct state_reader *reader, const char *table, json_t *row)
{
	const char *key;
	json_t *value;
	size_t i;

	buf_reset(&reader->sql);
	buf_printf(&reader->sql, "INSERT OR %s INTO %s (", strcmp(table, "meta") == 0 ?
	    "REPLACE" : "ABORT", table);
	i = 0;
	json_object_foreach(row, key, value) {
		if (!state_is_name(key))
			return (-1);
		buf_printf(&reader->sql, "%s%s", i++ > 0 ? ", " : "", key);
	}
	buf_str(&reader->sql, ") VALUES (");
	for (; i > 0; i--)
		buf_str(&reader->sql, i > 1 ? "?, " : "?)");
	return (0);
}

static int
state_insert(struct state_reader *reader, const char *table, json_t *row)
{
	sqlite3_stmt *st;
	int result;

	if (json_object_size(row) == 0 || state_make_insert(reader, table, row) < 0)
		return (state_refuse(reader, "the row cannot be read"));
	if (sqlite3_prepare_v2(reader->db->sqlite, reader->sql.data, -1, &st, NULL) != SQLITE_OK)
		return (state_refuse(reader, sqlite3_errmsg(reader->db->sqlite)));
	result = state_bind(st, row);
	if (result < 0)
		result = state_refuse(reader, "a value cannot be read");
	else if (sqlite3_step(st) != SQLITE_DONE)
		result = state_refuse(reader, sqlite3_errmsg(reader->db->sqlite));
	(void)sqlite3_finalize(st);
	return (result);
}

/* Where somebody who has left was shown: an entry whose version is none, to be published. */
static int
state_show(struct state_reader *reader, const json_t *row)
{
	const json_t *person = json_object_get(row, "person");
	const char *view = json_string_value(json_object_get(row, "view"));

	if (view == NULL || !json_is_integer(person))
		return (state_refuse(reader, "the row cannot be read"));
	return (stmt_run(reader->db, STMT_SHOWN_RESTORE, reader->err, "tii", view,
	    (int64_t)json_integer_value(person), reader->now));
}

static int
state_take(struct state_reader *reader, const json_t *line)
{
	const char *table = json_string_value(json_object_get(line, "table"));
	json_t *row = json_object_get(line, "row");

	if (!state_is_table(table) || !json_is_object(row))
		return (state_refuse(reader, "it names no table of this release"));
	reader->rows++;
	return (strcmp(table, "shown") == 0 ? state_show(reader, row) :
	    state_insert(reader, table, row));
}

static int
state_begin(struct state_reader *reader)
{
	json_t *line;
	bool ours;

	line = NULL;
	if (state_read(reader, &line) <= 0)
		return (reader->err->code != ERR_NONE ? -1 : state_refuse(reader, "it is empty"));
	ours = json_is_string(json_object_get(line, "rollcall")) &&
	    json_integer_value(json_object_get(line, "form")) == DB_VERSION;
	json_decref(line);
	if (!ours)
		return (state_refuse(reader, "it is no state of this release: export it with the "
		    "release that takes it over"));
	return (stmt_run(reader->db, STMT_SOURCE_CLEAR, reader->err, ""));
}

/* Rows until the last line, which says how many they were. */
static int
state_take_all(struct state_reader *reader)
{
	const json_t *end;
	json_t *line;
	int result;

	for (;;) {
		line = NULL;
		result = state_read(reader, &line);
		if (result <= 0)
			return (result < 0 ? -1 : state_refuse(reader, "the end is missing"));
		end = json_object_get(line, "end");
		if (end != NULL) {
			result = json_integer_value(end) == reader->rows ? 0 :
			    state_refuse(reader, "lines before it are missing");
			json_decref(line);
			return (result);
		}
		result = state_take(reader, line);
		json_decref(line);
		if (result < 0)
			return (-1);
	}
}

int
state_import(struct db *db, FILE *file, int64_t now, int64_t *count, struct err *err)
{
	struct state_reader reader = { .db = db, .file = file, .now = now, .sql = BUF_INIT,
	    .err = err };
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_STATE_ANY);
	result = stmt_step(db, st, err);
	(void)sqlite3_reset(st);
	if (result > 0)
		return (err_set(err, ERR_CONFLICT, "%s holds people already: state is taken over "
		    "into a new database only", db->path));
	if (result < 0)
		return (-1);
	reader.line = mem_alloc(STATE_LINE_MAX);
	result = state_begin(&reader);
	if (result == 0)
		result = state_take_all(&reader);
	if (result == 0)
		result = suppress_unlock(db, err);
	*count = reader.rows;
	mem_free(&reader.line);
	buf_close(&reader.sql);
	return (result);
}
