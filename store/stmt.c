/*
 * Owns the table of named statements; immutable.
 */
#include "config.h"

#include "store/stmt.h"

#include <stdarg.h>
#include <string.h>


static const struct stmt_row stmt_rows[STMT_N] = {
#define STMT(ID, bits, text) [STMT_##ID] = { .name = #ID, .flags = bits, .sql = text },
#include "schema/views.def"
#include "schema/statements.def"
#undef STMT
};

const struct stmt_row *
stmt_row(enum stmt_id id)
{
	return (&stmt_rows[id]);
}

/* Adds, for every field, before, its name when `named`, and after. */
static void
stmt_add_fields(struct buf *sql, const char *before, const char *after)
{
	const char *name;
	size_t i;

	for (i = 0; i < FIELD_N; i++) {
		name = field_get((enum field_id)i)->name;
		if (i > 0)
			buf_str(sql, ", ");
		if (strcmp(before, "?") == 0)
			buf_str(sql, "?");
		else
			buf_printf(sql, "%s%s%s%s", before, name, after,
			    *after != '\0' ? name : "");
	}
}

static const struct {
	const char	*mark;
	const char	*before;
	const char	*after;
} stmt_marks[] = {
	{ "{fields}", "", "" },
	{ "{v.fields}", "v.", "" },
	{ "{m.fields}", "m.", "" },
	{ "{marks}", "?", "" },
	{ "{sets}", "", " = excluded." },
};

const char *
stmt_expand(struct arena *arena, const char *sql)
{
	struct buf out = BUF_INIT;
	const char *text;
	size_t i, len, n;

	n = sizeof(stmt_marks) / sizeof(stmt_marks[0]);
	while (*sql != '\0') {
		for (i = 0; i < n; i++) {
			len = strlen(stmt_marks[i].mark);
			if (strncmp(sql, stmt_marks[i].mark, len) == 0)
				break;
		}
		if (i == n) {
			buf_char(&out, *sql++);
			continue;
		}
		stmt_add_fields(&out, stmt_marks[i].before, stmt_marks[i].after);
		sql += len;
	}
	text = arena_dup(arena, out.data);
	buf_close(&out);
	return (text);
}

sqlite3_stmt *
stmt_get(struct db *db, enum stmt_id id)
{
	sqlite3_stmt *st;

	st = db->stmts[id];
	(void)sqlite3_reset(st);
	(void)sqlite3_clear_bindings(st);
	return (st);
}

static void
stmt_bind_list(sqlite3_stmt *st, int first, const char *types, va_list ap)
{
	const struct uuid *uuid;
	const int64_t *number;

	for (; *types != '\0'; types++, first++) {
		switch (*types) {
		case 'i':
			(void)sqlite3_bind_int64(st, first, va_arg(ap, int64_t));
			break;
		case 'o':
			number = va_arg(ap, const int64_t *);
			if (number != NULL)
				(void)sqlite3_bind_int64(st, first, *number);
			break;
		case 't':
			(void)sqlite3_bind_text(st, first, va_arg(ap, const char *), -1,
			    SQLITE_STATIC);
			break;
		case 'u':
			uuid = va_arg(ap, const struct uuid *);
			(void)sqlite3_bind_blob(st, first, uuid->bytes, UUID_SIZE,
			    SQLITE_STATIC);
			break;
		}
	}
}

void
stmt_bind(sqlite3_stmt *st, int first, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	stmt_bind_list(st, first, types, ap);
	va_end(ap);
}

bool
stmt_allowed(struct db *db, struct err *err)
{
	if (!db->begun || !sqlite3_get_autocommit(db->sqlite))
		return (true);
	(void)err_set(err, ERR_DB_OTHER, "%s: the transaction was given up for want of memory or of "
	    "a working disk: nothing was changed", db->path);
	return (false);
}

int
stmt_step(struct db *db, sqlite3_stmt *st, struct err *err)
{
	int result;

	if (!stmt_allowed(db, err))
		return (-1);
	result = sqlite3_step(st);
	if (result == SQLITE_ROW)
		return (1);
	if (result != SQLITE_DONE) {
		(void)db_fail(db, "reading or writing", err);
		(void)sqlite3_reset(st);
		return (-1);
	}
	(void)sqlite3_reset(st);
	return (0);
}

int
stmt_run(struct db *db, enum stmt_id id, struct err *err, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;
	int result;

	st = stmt_get(db, id);
	va_start(ap, types);
	stmt_bind_list(st, 1, types, ap);
	va_end(ap);
	do {
		result = stmt_step(db, st, err);
	} while (result > 0);
	return (result);
}

const char *
stmt_text(sqlite3_stmt *st, int column)
{
	const char *text;

	text = (const char *)sqlite3_column_text(st, column);
	/* No text where there is one: it must not pass for null. */
	if (text == NULL && sqlite3_column_type(st, column) != SQLITE_NULL)
		mem_exhausted();
	return (text);
}

struct uuid
stmt_uuid(sqlite3_stmt *st, int column)
{
	struct uuid uuid = { .bytes = { 0 } };
	const void *blob;

	blob = sqlite3_column_blob(st, column);
	if (blob != NULL && sqlite3_column_bytes(st, column) == UUID_SIZE)
		memcpy(uuid.bytes, blob, UUID_SIZE);
	return (uuid);
}
