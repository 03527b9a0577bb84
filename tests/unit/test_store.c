/*
 * Every named statement is explained: one that reads a whole table must say so (STMT_SCAN), since
 * what it costs grows with the people.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/stmt.h"

struct fixture {
	char		 folder[64];
	char		*path;
	struct db	*db;
};

static int
open_fixture(void **state)
{
	struct err err = ERR_INIT;
	struct fixture *fixture;

	*state = fixture = mem_alloc(sizeof(*fixture));
	(void)snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/rollcall-store-XXXXXX");
	if (mkdtemp(fixture->folder) == NULL)
		return (-1);
	fixture->path = mem_printf("%s/rollcall.db", fixture->folder);
	return (db_open(fixture->path, DB_WRITER, &fixture->db, &err));
}

static int
close_fixture(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	struct fixture *fixture = *state;
	char *path;
	size_t i;

	db_close(&fixture->db);
	for (i = 0; i < ROWS(ends); i++) {
		path = mem_printf("%s%s", fixture->path, ends[i]);
		(void)remove(path);
		mem_free(&path);
	}
	(void)rmdir(fixture->folder);
	mem_free(&fixture->path);
	mem_free(&fixture);
	return (0);
}

/* An index over a part of its table, as one over what waits, is short however it is read. */
static bool
is_partial(struct fixture *fixture, const char *index)
{
	sqlite3_stmt *st;
	bool partial;

	assert_int_equal(sqlite3_prepare_v2(fixture->db->sqlite, "SELECT 1 FROM sqlite_schema"
	    " WHERE type = 'index' AND name = ?1 AND sql LIKE '% WHERE %'", -1, &st, NULL),
	    SQLITE_OK);
	(void)sqlite3_bind_text(st, 1, index, -1, SQLITE_TRANSIENT);
	partial = sqlite3_step(st) == SQLITE_ROW;
	(void)sqlite3_finalize(st);
	return (partial);
}

/*
 * True when a step of a query's plan, as SQLite tells it, reads everything: by no index, by a
 * whole one, or by the source alone, which has everybody.
 */
static bool
is_scan(struct fixture *fixture, const char *step)
{
	char index[64];
	const char *name;

	if (strstr(step, "record_kombo (source=?)") != NULL)
		return (true);
	if (strncmp(step, "SCAN ", 5) != 0 || strncmp(step, "SCAN CONSTANT", 13) == 0)
		return (false);
	name = strstr(step, " INDEX ");
	if (name == NULL || sscanf(name, " INDEX %63s", index) != 1)
		return (true);
	return (!is_partial(fixture, index));
}

static void
test_scans(void **state)
{
	struct fixture *fixture = *state;
	const struct stmt_row *row;
	struct arena *arena;
	sqlite3_stmt *st;
	const char *sql, *step;
	size_t i;

	arena = arena_open();
	for (i = 0; i < STMT_N; i++) {
		row = stmt_row((enum stmt_id)i);
		sql = arena_printf(arena, "EXPLAIN QUERY PLAN %s",
		    stmt_expand(arena, row->sql));
		if (sqlite3_prepare_v2(fixture->db->sqlite, sql, -1, &st, NULL) != SQLITE_OK)
			fail_msg("%s: %s", row->name, sqlite3_errmsg(fixture->db->sqlite));
		while (sqlite3_step(st) == SQLITE_ROW) {
			step = (const char *)sqlite3_column_text(st, 3);
			if ((row->flags & STMT_SCAN) == 0 && is_scan(fixture, step))
				fail_msg("%s reads a whole table: %s", row->name, step);
		}
		(void)sqlite3_finalize(st);
	}
	arena_close(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_scans, open_fixture, close_fixture),
	};

	return (cmocka_run_group_tests_name("store", tests, NULL, NULL));
}
