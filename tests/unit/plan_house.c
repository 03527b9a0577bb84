/*
 * Owns the folder of its files. What a house does is what sync/engine.c does, without a lock, a
 * thread or the system's clock.
 */
#include "config.h"

#include "tests/unit/plan_house.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "rules/modes.h"
#include "store/person.h"
#include "store/record.h"
#include "store/source.h"
#include "store/stmt.h"

/* Fails the test with what an err says. */
static void
house_good(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%s", err->text);
}

/* ---- opening and closing ------------------------------------------------------------------ */

const char *
house_top(void)
{
	const char *top;

	top = getenv("ROLLCALL_TEST_FOLDER");
	if (top != NULL)
		return (top);
	return (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

void
house_open(struct house *house, uint64_t seed, bool shuffle)
{
	struct err err = ERR_INIT;

	*house = (struct house){ .seed = seed, .draw = { seed }, .order_draw = { seed + 1 } };
	(void)snprintf(house->folder, sizeof(house->folder), "%s/rollcall-plan-XXXXXX",
	    house_top());
	assert_non_null(mkdtemp(house->folder));
	(void)setenv("ROLLCALL_TEST_KEY", "hunter2", 1);
	if (shuffle)
		house->order = &house->order_draw;
	house->path = mem_printf("%s/rollcall.db", house->folder);
	house_good(db_open(house->path, DB_WRITER, &house->db, &err), &err);
	house_good(db_open(house->path, DB_READER, &house->reader, &err), &err);
	house_number(house, "UPDATE meta SET value = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'"
	    " WHERE name = 'namespace'");
	house->zones = zones_open();
	house->now = INT64_C(1790000000) * CLOCK_SECOND;
	house->engine = (struct engine){ .folder = house->folder, .lock_fd = -1, .db = house->db,
	    .zones = house->zones, .lock = PTHREAD_MUTEX_INITIALIZER,
	    .source_ended = PTHREAD_COND_INITIALIZER };
	(void)house_engine(house);
	hr_open(&house->hr[0], "de");
	hr_open(&house->hr[1], "fr");
	hr_open(&house->hr[HR_CSV], "csv");
}

/* The file whose number every program adds to its clock (base/clock.h), made once. */
static int
house_clock(void)
{
	static int fd = -1;
	char path[128];

	if (fd >= 0)
		return (fd);
	(void)snprintf(path, sizeof(path), "%s/rollcall-clock-XXXXXX", house_top());
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, sizeof(int64_t)), 0);
	(void)setenv("ROLLCALL_CLOCK", path, 1);
	(void)clock_now();	/* maps it */
	(void)unlink(path);
	return (fd);
}

struct engine *
house_engine(struct house *house)
{
	int64_t offset;
	int fd;

	fd = house_clock();
	assert_int_equal(pread(fd, &offset, sizeof(offset), 0), sizeof(offset));
	offset += house->now - clock_now();
	assert_int_equal(pwrite(fd, &offset, sizeof(offset), 0), sizeof(offset));
	return (&house->engine);
}

const char *
house_csv_path(void)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/people.csv", house_top());
	return (path);
}

static void
house_remove(const struct house *house, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", house->folder, name);
	(void)remove(path);
}

void
house_forget_queries(struct house *house)
{
	size_t i;

	for (i = 0; i < house->query_count; i++)
		(void)sqlite3_finalize(house->queries[i]);
	mem_free(&house->queries);
	map_close(&house->by_sql);
}

void
house_close(struct house *house)
{
	static const char *const files[] = { "rollcall.conf", "sources.d/de.conf",
	    "sources.d/fr.conf", "sources.d/csv.conf", "sources.d/local.conf", "sources.d",
	    "rollcall.db", "rollcall.db-wal", "rollcall.db-shm", "rollcall.db.erased" };
	size_t i;

	house_forget_queries(house);
	db_close(&house->reader);
	db_close(&house->db);
	while (house->engine.conf != NULL) {
		house->engine.conf->holders = 0;
		engine_sweep_conf(&house->engine);
	}
	zones_close(&house->zones);
	for (i = 0; i < ROWS(files); i++)
		house_remove(house, files[i]);
	assert_int_equal(rmdir(house->folder), 0);
	mem_free(&house->path);
}

sqlite3_stmt *
house_query(struct house *house, const char *sql)
{
	sqlite3_stmt **slot;
	uint64_t at;

	if (!map_get(&house->by_sql, hash64_text(sql), &at)) {
		at = house->query_count++;
		map_set(&house->by_sql, hash64_text(sql), at);
		slot = mem_grow(&house->queries, at, &house->query_room, sizeof(*slot));
		if (sqlite3_prepare_v2(house->db->sqlite, sql, -1, slot, NULL) != SQLITE_OK)
			fail_msg("%s: %s", sql, sqlite3_errmsg(house->db->sqlite));
	}
	(void)sqlite3_reset(house->queries[at]);
	return (house->queries[at]);
}

int64_t
house_number(struct house *house, const char *sql)
{
	sqlite3_stmt *st;
	int64_t number;

	st = house_query(house, sql);
	number = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	assert_int_equal(sqlite3_reset(st), SQLITE_OK);
	return (number);
}

static void
house_dump_column(sqlite3_stmt *st, int column, struct buf *out)
{
	const uint8_t *bytes;
	int i;

	switch (sqlite3_column_type(st, column)) {
	case SQLITE_NULL:
		buf_char(out, '-');
		break;
	case SQLITE_BLOB:
		bytes = sqlite3_column_blob(st, column);
		for (i = 0; i < sqlite3_column_bytes(st, column); i++)
			buf_printf(out, "%02x", bytes[i]);
		break;
	default:
		buf_str(out, stmt_text(st, column));
	}
}

void
house_dump(struct house *house, const char *sql, struct buf *out)
{
	sqlite3_stmt *st;
	int i;

	buf_str(out, "");
	st = house_query(house, sql);
	while (sqlite3_step(st) == SQLITE_ROW) {
		for (i = 0; i < sqlite3_column_count(st); i++) {
			if (i > 0)
				buf_char(out, '|');
			house_dump_column(st, i, out);
		}
		buf_char(out, '\n');
	}
	(void)sqlite3_reset(st);
}

/* ---- publishing ---------------------------------------------------------------------------- */

static void
house_order(struct house *house, struct plan_order *order)
{
	order->zones = house->zones;
	order->now = house->now;
	if (order->conf == NULL)
		order->conf = house->conf;
}

static int
house_plan(struct house *house, struct plan_order *order, struct plan_report *report,
    struct err *err)
{
	struct plan *plan;
	int result;

	house_order(house, order);
	if (plan_open(house->db, order, &plan, err) < 0)
		return (-1);
	result = plan_publish(plan, report, err);
	plan_close(&plan);
	return (result);
}

void
house_preview(struct house *house, struct plan_order *order,
    int (*found)(void *context, const struct plan_item *item), void *context)
{
	struct err err = ERR_INIT;
	struct plan *plan;

	house_order(house, order);
	house_good(plan_open(house->db, order, &plan, &err), &err);
	house_good(plan_each(plan, found, context, &err), &err);
	plan_close(&plan);
}

/* What somebody beside the publisher reads: the sum of all entries' versions and stamps. */
static int64_t
house_read(struct db *db)
{
	sqlite3_stmt *st;
	int64_t sum;

	assert_int_equal(sqlite3_prepare_v2(db->sqlite, "SELECT (SELECT coalesce(sum(version %"
	    " 1000003 + modified % 1000033), 0) FROM v_shown) + (SELECT coalesce(sum(version %"
	    " 1000003 + modified % 1000033), 0) FROM v_group_shown) + (SELECT count(*) FROM"
	    " v_person) + (SELECT count(*) FROM v_member)", -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	sum = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	return (sum);
}

/* Commits, or takes back; a reader sees all of it or nothing (acceptance 12). */
static void
house_end(struct house *house, int64_t before, bool commit)
{
	struct err err = ERR_INIT;

	if (house_read(house->reader) != before)
		fail_msg("acceptance 12: a reader sees what is not committed");
	if (commit)
		house_good(db_commit(house->db, &err), &err);
	else
		db_rollback(house->db);
	if (house_read(house->reader) != house_read(house->db))
		fail_msg("acceptance 12: a reader does not see what is committed");
}

void
house_publish(struct house *house, struct plan_order *order)
{
	struct err err = ERR_INIT;
	int64_t before;

	before = house_read(house->reader);
	house_good(db_begin(house->db, &err), &err);
	house_good(house_plan(house, order, &house->report, &err), &err);
	house_end(house, before, true);
}

void
house_judge(struct house *house, int64_t person)
{
	house_publish(house, &(struct plan_order){ .people = &person, .people_count = 1 });
}

/* All that a plan may write, but for the clock. */
static const char *const house_tables[] = {
	"SELECT * FROM record ORDER BY id", "SELECT * FROM employee ORDER BY id",
	"SELECT * FROM unit ORDER BY id", "SELECT * FROM person ORDER BY id",
	"SELECT * FROM value ORDER BY person, field", "SELECT * FROM grp ORDER BY id",
	"SELECT * FROM view ORDER BY id", "SELECT * FROM v_person ORDER BY id",
	"SELECT * FROM v_shown ORDER BY view, person", "SELECT * FROM v_group ORDER BY id",
	"SELECT * FROM v_group_shown ORDER BY view, grp",
	"SELECT * FROM v_member ORDER BY person, grp",
	"SELECT * FROM v_tombstone ORDER BY view, uuid",
	"SELECT value FROM meta WHERE name IN ('revision', 'stamp') ORDER BY name",
	"SELECT * FROM retired", "SELECT count(*) FROM act",
	"SELECT person, what, field, reason, old, new FROM audit ORDER BY id DESC"
	    " LIMIT 9",
};

static void
house_dump_all(struct house *house, struct buf *out)
{
	size_t i;

	for (i = 0; i < ROWS(house_tables); i++) {
		buf_printf(out, "%s\n", house_tables[i]);
		house_dump(house, house_tables[i], out);
	}
}

void
house_print_difference(const char *a, const char *b)
{
	size_t la, lb, told;

	for (told = 0; (*a != '\0' || *b != '\0') && told < 8; a += la, b += lb) {
		la = strcspn(a, "\n");
		lb = strcspn(b, "\n");
		if (la != lb || strncmp(a, b, la) != 0) {
			print_error("until now: %.*s\nnow:       %.*s\n", (int)la, a, (int)lb, b);
			told++;
		}
		la += a[la] == '\n';
		lb += b[lb] == '\n';
	}
}

bool
house_changes_nothing(struct house *house, struct plan_order *order)
{
	struct buf after = BUF_INIT, before = BUF_INIT;
	struct plan_report report;
	struct err err = ERR_INIT;
	bool same;

	house_good(db_begin(house->db, &err), &err);
	house_dump_all(house, &before);
	house_good(house_plan(house, order, &report, &err), &err);
	house_dump_all(house, &after);
	db_rollback(house->db);
	same = strcmp(before.data, after.data) == 0;
	if (!same)
		house_print_difference(before.data, after.data);
	buf_close(&before);
	buf_close(&after);
	return (same);
}

/* ---- configuration -------------------------------------------------------------------------- */

static void
house_write(const struct house *house, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	house_remove(house, name);
	if (text == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/sources.d", house->folder);
	(void)mkdir(path, 0750);
	(void)snprintf(path, sizeof(path), "%s/%s", house->folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0640), 0);
}

/* Sources have their rows; nobody but the tests fetches. */
static void
house_sync(struct house *house)
{
	struct source_row row;
	struct err err = ERR_INIT;
	struct arena *arena;
	size_t i;

	house_number(house, "UPDATE source SET approved = 1, enabled = 0 WHERE retired = ''");
	arena = arena_open();
	for (i = 0; i < HR_SOURCES; i++)
		if (source_find(house->db, house->hr[i].name, arena, &row, &err) == 1)
			house->hr[i].source = row.id;
	arena_close(&arena);
}

struct conf *
house_load(struct house *house, const struct house_files *files)
{
	struct conf_findings findings;
	struct err err = ERR_INIT;
	struct conf *conf;

	house_write(house, "rollcall.conf", files->main);
	house_write(house, "sources.d/de.conf", files->de);
	house_write(house, "sources.d/fr.conf", files->fr);
	house_write(house, "sources.d/csv.conf", files->csv);
	house_write(house, "sources.d/local.conf", files->local);
	(void)conf_load(house->folder, &conf, &findings, &err);
	conf_findings_close(&findings);
	if (conf != NULL)
		house_good(engine_carry(&house->engine, conf, house->conf, &err), &err);
	return (conf);
}

bool
house_try(struct house *house, struct conf *conf, bool gated)
{
	struct engine_trial trial = { .conf = conf, .before = house->conf, .free = !gated };
	struct engine *engine = house_engine(house);
	struct err err = ERR_INIT;
	int result;

	result = engine_try(engine, &trial, &err);
	house_good(result, &err);
	if (result == 0) {
		engine_set_conf(engine, conf);
	} else {
		house_good(engine_note_held(engine, &trial, &err), &err);
		house_good(engine_erase_off(engine, &trial, &err), &err);
		gate_close(&trial.gate);
	}
	engine_sweep_conf(engine);
	house->conf = engine_conf(engine);
	house_sync(house);
	return (result == 0);
}

/* ---- what happens ------------------------------------------------------------------------------ */

void
house_wait(struct house *house, int64_t time)
{
	house->now += time;
	(void)house_engine(house);	/* stamps are of the same time */
	house_publish(house, &(struct plan_order){ .due = true });
}

void
house_decide(struct house *house, int64_t person, const char *kind, bool undo)
{
	struct err err = ERR_INIT;

	if (undo)
		house_good(decision_delete(house->db, person, kind, &err), &err);
	else
		house_good(decision_put(house->db, &(struct decision_row){ .person = person,
		    .kind = kind, .actor = "test", .made_at = house->now }, &err), &err);
	house_judge(house, person);
}

/* The mode of a field for a person; MODE_OFF where nobody can decide about it. */
static enum field_mode
house_mode(struct house *house, int64_t id, enum field_id field)
{
	const struct conf_source *source;
	enum field_mode mode;
	sqlite3_stmt *st;

	st = house_query(house, "SELECT s.name FROM person p JOIN record r ON r.id = p.owner"
	    " JOIN employee e ON e.id = r.id JOIN source s ON s.id = r.source"
	    " WHERE p.id = ?1");
	stmt_bind(st, 1, "i", id);
	source = sqlite3_step(st) == SQLITE_ROW ?
	    conf_source(house->conf, stmt_text(st, 0)) : NULL;
	mode = source != NULL ? source->mode[field] : MODE_OFF;
	(void)sqlite3_reset(st);
	return (mode);
}

void
house_set(struct house *house, int64_t person, enum field_id id, const char *value)
{
	struct err err = ERR_INIT;
	enum field_mode mode;

	mode = house_mode(house, person, id);
	if (mode != MODE_IMPORT_ONCE && mode != MODE_LOCAL)
		return;
	house_good(value_put(house->db, person, id, HELD_LOCAL, value, &err), &err);
	house_judge(house, person);
}

void
house_reset(struct house *house, int64_t person, enum field_id id)
{
	struct err err = ERR_INIT;
	enum field_mode mode;

	mode = house_mode(house, person, id);
	if (mode != MODE_IMPORT_ONCE && mode != MODE_LOCAL)
		return;
	house_good(value_put(house->db, person, id, mode == MODE_LOCAL ? HELD_LOCAL :
	    HELD_AGAIN, NULL, &err), &err);
	house_judge(house, person);
}

int64_t
house_person(struct house *house, size_t source, const struct hr_person *person)
{
	struct record_row row = { .person = 0 };
	struct err err = ERR_INIT;
	struct arena *arena;

	arena = arena_open();
	house_good(record_find(house->db, house->hr[source].source, person->kombo, arena, &row,
	    &err), &err);
	arena_close(&arena);
	return (row.person);
}

int64_t
house_somebody(struct house *house)
{
	int64_t count, person;
	sqlite3_stmt *st;

	count = house_number(house, "SELECT count(*) FROM person");
	if (count == 0)
		return (0);
	st = house_query(house, "SELECT id FROM person ORDER BY id LIMIT 1 OFFSET ?1");
	stmt_bind(st, 1, "i", (int64_t)draw(&house->draw, (unsigned int)count));
	person = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (person);
}

day_number
house_today(struct house *house)
{
	return ((day_number)(house->now / CLOCK_DAY));
}
