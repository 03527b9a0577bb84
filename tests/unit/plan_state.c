/*
 * Owns an empty database for the length of a step: the exported state is taken over there, and
 * with the configuration makes the same directory (semantics 3.11, rulings F11).
 */
#include "config.h"

#include "tests/unit/plan_admin.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "store/state.h"
#include "sync/conf_rows.h"

static void
good(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%s", err->text);
}

/* What is served, and what stands behind it, without stamps and without numbers of views. */
static const char *const state_tables[] = {
	"SELECT * FROM v_person ORDER BY id",
	"SELECT w.name, s.person, s.manager, s.version FROM v_shown s JOIN view w"
	    " ON w.id = s.view ORDER BY 1, 2",
	"SELECT w.name, s.grp, s.members, s.member_hash, s.version FROM v_group_shown s"
	    " JOIN view w ON w.id = s.view ORDER BY 1, 2",
	"SELECT * FROM v_group ORDER BY id", "SELECT * FROM v_member ORDER BY person, grp",
	"SELECT * FROM person ORDER BY id", "SELECT * FROM record ORDER BY id",
	"SELECT * FROM employee ORDER BY id", "SELECT * FROM value ORDER BY person, field",
	"SELECT * FROM decision ORDER BY person, kind",
	"SELECT * FROM link ORDER BY source, kombo", "SELECT * FROM unit ORDER BY id",
	"SELECT * FROM grp ORDER BY id", "SELECT uuid, kind, hash FROM suppressed ORDER BY 1, 2, 3",
};

static void
state_take(struct house *house, struct house *other, FILE *file)
{
	struct plan_order order = { .conf = house->conf, .everybody = true,
	    .zones = house->zones, .now = house->now };
	struct plan_report report;
	struct err err = ERR_INIT;
	struct plan *plan;
	int64_t count;

	good(db_begin(other->db, &err), &err);
	good(conf_rows_write(other->db, house->conf, &err), &err);
	good(state_import(other->db, file, house->now, &count, &err), &err);
	good(plan_open(other->db, &order, &plan, &err), &err);
	good(plan_publish(plan, &report, &err), &err);
	plan_close(&plan);
	good(db_commit(other->db, &err), &err);
}

static void
state_compare_tables(struct house *house, struct house *other)
{
	struct buf new = BUF_INIT, old = BUF_INIT;
	size_t i;

	for (i = 0; i < ROWS(state_tables); i++) {
		buf_reset(&old);
		buf_reset(&new);
		house_dump(house, state_tables[i], &old);
		house_dump(other, state_tables[i], &new);
		if (strcmp(old.data, new.data) == 0)
			continue;
		house_print_difference(old.data, new.data);
		fail_msg("semantics 3.11: the state makes another directory: %s",
		    state_tables[i]);
	}
	buf_close(&new);
	buf_close(&old);
}

void
state_compare(struct house *house)
{
	static const char *const files[] = { "", "-wal", "-shm" };
	struct house other = { .seed = 0 };
	struct err err = ERR_INIT;
	char path[128];
	int64_t count;
	FILE *file;
	size_t i;

	file = tmpfile();
	assert_non_null(file);
	good(state_export(house->db, file, &count, &err), &err);
	rewind(file);
	(void)snprintf(path, sizeof(path), "%s/other.db", house->folder);
	good(db_open(path, DB_WRITER, &other.db, &err), &err);
	state_take(house, &other, file);
	state_compare_tables(house, &other);
	(void)fclose(file);
	house_forget_queries(&other);
	db_close(&other.db);
	for (i = 0; i < ROWS(files); i++) {
		(void)snprintf(path, sizeof(path), "%s/other.db%s", house->folder, files[i]);
		(void)remove(path);
	}
}
