/*
 * Owns pictures. An entry is one text: all that a reader of the view can make of it.
 */
#include "config.h"

#include "tests/unit/plan_check.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "store/audit.h"

struct entry {
	int64_t		 view;
	const char	*uuid;		/* hexadecimal */
	const char	*content;
	int64_t		 version;
	int64_t		 created;
	int64_t		 modified;
	int64_t		 revision;
};

struct picture {
	struct arena	*arena;
	struct entry	*list;
	size_t		 count;
	size_t		 room;
	struct map	 by_key;	/* view and uuid → index */
	int64_t		 revision;
	int64_t		 stamp;
};

/* v_person's columns, but for its hash. */
static const char *
picture_columns(struct arena *arena)
{
	const char *text;
	size_t i;

	text = "p.uid || '|' || p.status || '|' || p.active || '|' || p.source";
	for (i = 0; i < FIELD_N; i++)
		text = arena_printf(arena, "%s || '|' || coalesce(p.%s, '-')", text,
		    field_get((enum field_id)i)->name);
	return (text);
}

static uint64_t
picture_key(int64_t view, const char *uuid)
{
	return (hash64_seed(uuid, strlen(uuid), (uint64_t)view));
}

static void
picture_take(struct house *house, struct picture *picture, const char *sql)
{
	struct entry *entry;
	sqlite3_stmt *st;

	st = house_query(house, sql);
	while (sqlite3_step(st) == SQLITE_ROW) {
		entry = mem_grow(&picture->list, picture->count, &picture->room,
		    sizeof(*entry));
		*entry = (struct entry){
			.view = sqlite3_column_int64(st, 0),
			.uuid = arena_dup(picture->arena, stmt_text(st, 1)),
			.version = sqlite3_column_int64(st, 2),
			.created = sqlite3_column_int64(st, 3),
			.modified = sqlite3_column_int64(st, 4),
			.revision = sqlite3_column_int64(st, 5),
			.content = arena_dup(picture->arena, stmt_text(st, 6)),
		};
		map_set(&picture->by_key, picture_key(entry->view, entry->uuid),
		    picture->count++);
	}
	(void)sqlite3_reset(st);
}

struct picture *
picture_open(struct house *house)
{
	struct picture *picture;
	struct arena *arena;

	picture = mem_alloc(sizeof(*picture));
	picture->arena = arena = arena_open();
	picture_take(house, picture, arena_printf(arena,
	    "SELECT s.view, hex(p.uuid), s.version, s.created, s.modified, s.revision,"
	    " %s || '|' || %lld || '|' || coalesce((SELECT hex(m.uuid) || m.uid ||"
	    " coalesce(m.display_name, '-') FROM v_person m WHERE m.id = s.manager), '-') ||"
	    " '|' || coalesce((SELECT group_concat(t) FROM (SELECT hex(g.uuid) || g.cn ||"
	    " g.type AS t FROM v_member k JOIN v_group g ON g.id = k.grp"
	    " JOIN v_group_shown q ON q.grp = g.id AND q.view = s.view"
	    " WHERE k.person = s.person ORDER BY 1)), '-')"
	    " FROM v_shown s JOIN v_person p ON p.id = s.person JOIN view w ON w.id = s.view",
	    picture_columns(arena),
	    (long long)conf_number(&house->conf->set, CONF_SCIM_USER_NAME)));
	picture_take(house, picture,
	    "SELECT s.view, hex(g.uuid), s.version, s.created, s.modified, s.revision,"
	    " g.cn || '|' || g.type || '|' || (SELECT coalesce(group_concat(t), '-') FROM"
	    " (SELECT hex(p.uuid)"
	    " AS t FROM v_member k JOIN v_shown q ON q.person = k.person AND q.view = s.view"
	    " JOIN v_person p ON p.id = k.person WHERE k.grp = s.grp ORDER BY 1))"
	    " FROM v_group_shown s JOIN v_group g ON g.id = s.grp"
	    " JOIN view w ON w.id = s.view");
	picture->revision = house_number(house, "SELECT value FROM meta WHERE name = 'revision'");
	picture->stamp = house_number(house, "SELECT value FROM meta WHERE name = 'stamp'");
	return (picture);
}

void
picture_close(struct picture **picture)
{
	if (*picture == NULL)
		return;
	map_close(&(*picture)->by_key);
	mem_free(&(*picture)->list);
	arena_close(&(*picture)->arena);
	mem_free(picture);
}

static const struct entry *
picture_find(const struct picture *picture, int64_t view, const char *uuid)
{
	uint64_t at;

	if (!map_get(&picture->by_key, picture_key(view, uuid), &at))
		return (NULL);
	return (&picture->list[at]);
}

/* ---- from one to the next ------------------------------------------------------------------ */

static void
check_entry(const struct picture *before, const struct entry *old, const struct entry *new,
    bool once)
{
	bool changed;

	changed = old == NULL || strcmp(old->content, new->content) != 0;
	if (!changed) {
		if (old->version != new->version)
			print_error("nothing to see: %s\n", new->content);
		assert_int_equal(new->version, old->version);
		assert_int_equal(new->modified, old->modified);
		assert_int_equal(new->revision, old->revision);
		assert_int_equal(new->created, old->created);
		return;
	}
	if (old != NULL && new->modified == old->modified)
		print_error("unnoticed: %s\n       now: %s\n", old->content, new->content);
	assert_true(new->modified > before->stamp);
	assert_true(new->revision > before->revision);
	if (once)
		assert_int_equal(new->created, old == NULL ? new->modified : old->created);
	if (old != NULL)
		assert_true(new->version != old->version);
}

/* What is no more has a tombstone, unless its view is no more either. */
static void
check_gone(struct house *house, const struct picture *before, const struct entry *old)
{
	sqlite3_stmt *st;

	st = house_query(house, "SELECT (SELECT count(*) FROM view WHERE id = ?1) -"
	    " (SELECT count(*) FROM v_tombstone WHERE view = ?1 AND hex(uuid) = ?2 AND"
	    " stamp > ?3 AND revision > ?4)");
	stmt_bind(st, 1, "itii", old->view, old->uuid, before->stamp, before->revision);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int64(st, 0), 0);
	(void)sqlite3_reset(st);
}

void
check_step(struct house *house, const struct picture *before, const struct picture *after,
    bool once)
{
	const struct entry *entry;
	bool any;
	size_t i;

	any = false;
	for (i = 0; i < after->count; i++) {
		entry = &after->list[i];
		check_entry(before, picture_find(before, entry->view, entry->uuid), entry,
		    once);
		any |= entry->revision > before->revision;
	}
	for (i = 0; i < before->count; i++) {
		entry = &before->list[i];
		if (picture_find(after, entry->view, entry->uuid) != NULL)
			continue;
		check_gone(house, before, entry);
		any = true;
	}
	if (!any)
		assert_int_equal(after->revision, before->revision);
	assert_true(after->revision >= before->revision && after->stamp >= before->stamp);
}

/* ---- what must be true at any time --------------------------------------------------------- */

/* Each gives no row. */
static const char *const check_never[] = {
	/* references lead to what the view shows */
	"SELECT view, person, manager FROM v_shown s WHERE manager IS NOT NULL AND (manager ="
	    " person OR NOT EXISTS (SELECT 1 FROM v_shown m WHERE m.view = s.view AND"
	    " m.person = s.manager))",
	/* one address, one person, but for two who have left */
	"SELECT a.id, b.id, a.work_email FROM v_person a JOIN v_person b ON"
	    " a.work_email = b.work_email AND a.id < b.id"
	    " WHERE a.status <> 3 OR b.status <> 3",
	/* who is served is in some view, and the reverse */
	"SELECT id FROM v_person WHERE id NOT IN (SELECT person FROM v_shown JOIN view ON"
	    " view.id = view)",
	"SELECT person FROM v_shown WHERE person NOT IN (SELECT id FROM v_person)",
	/* members are served and have not left; groups have members where they are shown */
	"SELECT person, grp FROM v_member WHERE person NOT IN (SELECT id FROM v_person"
	    " WHERE status <> 3) OR grp NOT IN (SELECT id FROM v_group)",
	"SELECT id FROM v_group WHERE id NOT IN (SELECT grp FROM v_group_shown)",
	"SELECT view, grp FROM v_group_shown WHERE (members <= 0 AND (grp NOT IN (SELECT id"
	    " FROM v_group WHERE type = 'LOCAL') OR view = (SELECT id FROM view WHERE"
	    " name = 'ldap'))) OR grp NOT IN (SELECT id FROM v_group)",
	"SELECT q.view, q.grp, q.members FROM v_group_shown q WHERE members <> (SELECT count(*)"
	    " FROM v_member k JOIN v_shown s ON s.person = k.person AND s.view = q.view"
	    " WHERE k.grp = q.grp)",
	"SELECT k.grp, s.view FROM v_member k JOIN v_shown s ON s.person = k.person WHERE NOT"
	    " EXISTS (SELECT 1 FROM v_group_shown q WHERE q.grp = k.grp AND q.view = s.view)",
	/* names */
	"SELECT uid FROM person GROUP BY uid HAVING count(*) > 1",
	"SELECT hex(uuid) FROM person GROUP BY uuid HAVING count(*) > 1",
	"SELECT p.id FROM person p JOIN v_person v ON v.id = p.id WHERE p.uid <> v.uid OR"
	    " p.uuid <> v.uuid",
	"SELECT g.id FROM grp g JOIN v_group v ON v.id = g.id WHERE g.cn <> v.cn OR"
	    " g.uuid <> v.uuid",
	/* a tombstone is of what is not shown; stamps are unique in a view */
	"SELECT t.view, hex(t.uuid) FROM v_tombstone t JOIN v_person p ON p.uuid = t.uuid"
	    " JOIN v_shown s ON s.person = p.id AND s.view = t.view",
	"SELECT t.view, hex(t.uuid) FROM v_tombstone t JOIN v_group g ON g.uuid = t.uuid"
	    " JOIN v_group_shown s ON s.grp = g.id AND s.view = t.view",
	"SELECT view, stamp FROM (SELECT view, modified AS stamp FROM v_shown UNION ALL SELECT"
	    " view, modified FROM v_group_shown UNION ALL SELECT view, stamp FROM v_tombstone)"
	    " GROUP BY view, stamp HAVING count(*) > 1",
	"SELECT w.id FROM view w WHERE w.stamp < (SELECT max(modified) FROM v_shown s"
	    " WHERE s.view = w.id) OR w.revision < (SELECT max(revision) FROM v_shown s"
	    " WHERE s.view = w.id)",
	"SELECT view, person FROM v_shown WHERE created > modified",
	/* of the excluded nothing is kept; of the purged neither (rulings A7) */
	"SELECT id FROM employee WHERE id NOT IN (SELECT id FROM record"
	    " WHERE person IS NOT NULL)",
	"SELECT id FROM person p WHERE (flags & 8) <> 0 AND (EXISTS (SELECT 1 FROM v_person v"
	    " WHERE v.id = p.id) OR EXISTS (SELECT 1 FROM value v WHERE v.person = p.id) OR"
	    " mail IS NOT NULL OR due IS NOT NULL)",
	"SELECT id FROM record WHERE person IS NULL AND (remote IS NOT NULL OR"
	    " reasons IS NULL)",
	/* who is served and has not left has no reason */
	"SELECT r.id, r.reasons FROM record r JOIN v_person v ON v.id = r.person JOIN person p"
	    " ON p.owner = r.id WHERE r.reasons IS NOT NULL AND v.status <> 3",
	/* … and who is not served has one, unless the source's people were erased */
	"SELECT r.id FROM record r JOIN person p ON p.owner = r.id JOIN source s"
	    " ON s.id = r.source WHERE r.reasons IS NULL AND s.retired <> 'purged' AND"
	    " p.id NOT IN (SELECT id FROM v_person)",
	/* the hidden are nowhere: not as an entry, a manager or a member (acceptance 4) */
	"SELECT d.person FROM decision d WHERE d.kind IN ('hide', 'ignore-onboarding') AND"
	    " (EXISTS (SELECT 1 FROM v_person v WHERE v.id = d.person) OR EXISTS"
	    " (SELECT 1 FROM v_member k WHERE k.person = d.person) OR EXISTS"
	    " (SELECT 1 FROM v_shown s WHERE s.manager = d.person))",
	/* of the purged nothing is kept (rulings A7) */
	"SELECT p.id FROM person p JOIN record r ON r.person = p.id JOIN employee e ON"
	    " e.id = r.id WHERE (p.flags & 8) <> 0",
};

static void
check_member_hashes(struct house *house)
{
	sqlite3_stmt *groups, *members;
	uint64_t sum;

	groups = house_query(house, "SELECT view, grp, member_hash FROM v_group_shown");
	members = house_query(house, "SELECT p.uuid FROM v_member k"
	    " JOIN v_shown s ON s.person = k.person JOIN v_person p ON p.id = k.person"
	    " WHERE s.view = ?1 AND k.grp = ?2");
	while (sqlite3_step(groups) == SQLITE_ROW) {
		sum = 0;
		sqlite3_bind_int64(members, 1, sqlite3_column_int64(groups, 0));
		sqlite3_bind_int64(members, 2, sqlite3_column_int64(groups, 1));
		while (sqlite3_step(members) == SQLITE_ROW)
			sum += hash64(sqlite3_column_blob(members, 0), UUID_SIZE);
		sqlite3_reset(members);
		assert_int_equal((int64_t)sum, sqlite3_column_int64(groups, 2));
	}
}

void
check_state(struct house *house)
{
	struct buf rows = BUF_INIT;
	size_t i;

	for (i = 0; i < ROWS(check_never); i++) {
		house_dump(house, check_never[i], &rows);
		if (rows.len > 0)
			fail_msg("acceptance 4, 15: %s:\n%s", check_never[i], rows.data);
	}
	buf_close(&rows);
	check_member_hashes(house);
}

static bool
check_one_file_has(const char *path, const char *text)
{
	struct buf bytes = BUF_INIT;
	FILE *file;
	size_t n;
	bool has;

	file = fopen(path, "r");
	if (file == NULL)
		return (false);
	while ((n = fread(buf_reserve(&bytes, 65536), 1, 65536, file)) > 0)
		bytes.len += n;
	(void)fclose(file);
	has = bytes.len > 0 && memmem(bytes.data, bytes.len, text, strlen(text)) != NULL;
	buf_close(&bytes);
	return (has);
}

static bool
check_file_has(struct house *house, const char *text)
{
	struct err err = ERR_INIT;
	char path[128];

	assert_int_equal(db_checkpoint(house->db, true, &err), 0);
	(void)snprintf(path, sizeof(path), "%s-wal", house->path);
	return (check_one_file_has(house->path, text) || check_one_file_has(path, text));
}

void
check_off(struct house *house)
{
	const struct conf *conf = house->conf;
	bool off;
	size_t i, j;

	for (i = 0; i < HR_MARKS; i++) {
		off = conf->source_count > 0;
		for (j = 0; j < conf->source_count; j++)
			off &= conf->sources[j].mode[hr_marks[i].id] == MODE_OFF;
		if (off && check_file_has(house, hr_marks[i].text))
			fail_msg("acceptance 3: %s is off and still in the file",
			    hr_marks[i].text);
	}
}

void
check_history(struct house *house)
{
	struct audit_check found;
	struct err err = ERR_INIT;

	if (audit_verify(house->db, &found, &err) < 0)
		fail_msg("%s", err.text);
	if (found.broken != 0)
		fail_msg("the chain of the audit breaks at row %lld of %lld",
		    (long long)found.broken, (long long)found.rows);
}
