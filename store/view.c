/*
 * Owns nothing: rows are borrowed from SQLite until the next step.
 */
#include "config.h"

#include "store/view.h"

#include "store/stmt.h"

enum { VIEW_FIRST_FIELD = 15 };		/* column of the first field in VIEW_PEOPLE */

int
view_epoch(struct db *db, struct uuid *epoch, struct err *err)
{
	sqlite3_stmt *st;
	bool good;
	int result;

	st = stmt_get(db, STMT_EPOCH);
	result = stmt_step(db, st, err);
	good = result > 0 && uuid_parse(stmt_text(st, 0), epoch);
	(void)sqlite3_reset(st);
	if (result < 0)
		return (-1);
	if (!good)
		return (err_set(err, ERR_DB_CORRUPT, "%s has no epoch", db_path(db)));
	return (0);
}

int
view_settings(struct db *db, void (*found)(void *context, const char *name,
    const char *value), void *context, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_SETTING_LIST);
	while ((result = stmt_step(db, st, err)) > 0)
		found(context, stmt_text(st, 0), stmt_text(st, 1));
	return (result);
}

int
view_find(struct db *db, const char *name, struct view_row *row, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_VIEW_FIND);
	stmt_bind(st, 1, "t", name);
	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct view_row){
			.id = sqlite3_column_int64(st, 0),
			.revision = sqlite3_column_int64(st, 1),
			.stamp = sqlite3_column_int64(st, 2),
			.forgotten = sqlite3_column_int64(st, 3),
		};
	(void)sqlite3_reset(st);
	return (result);
}

/* Starts a walk over what changed in a view after `since`; ends one left unfinished. */
static void
view_walk(struct db *db, enum stmt_id id, int64_t view, int64_t since)
{
	stmt_bind(stmt_get(db, id), 1, "ii", view, since);
}

void
view_people_walk(struct db *db, int64_t view, int64_t since, bool managers)
{
	/* The whole view is read in the order of ids, what changed by the index of revisions. */
	(void)stmt_get(db, STMT_VIEW_PEOPLE);
	(void)stmt_get(db, STMT_VIEW_PEOPLE_ALL);
	db->people_stmt = since == 0 ? STMT_VIEW_PEOPLE_ALL : STMT_VIEW_PEOPLE;
	stmt_bind(stmt_get(db, db->people_stmt), 1, "iii", view, since, (int64_t)managers);
}

int
view_people_next(struct db *db, struct view_person *person, struct err *err)
{
	sqlite3_stmt *st = db->stmts[db->people_stmt];
	size_t i;
	int result;

	result = stmt_step(db, st, err);
	if (result <= 0)
		return (result);
	*person = (struct view_person){
		.id = sqlite3_column_int64(st, 0),
		.version = (uint64_t)sqlite3_column_int64(st, 1),
		.created = sqlite3_column_int64(st, 2),
		.modified = sqlite3_column_int64(st, 3),
		.revision = sqlite3_column_int64(st, 4),
		.uuid = stmt_uuid(st, 5),
		.uid = stmt_text(st, 6),
		.status = (enum person_status)sqlite3_column_int(st, 7),
		.active = sqlite3_column_int(st, 8) != 0,
		.source = stmt_text(st, 9),
		.manager = sqlite3_column_int64(st, 10),
		.manager_uuid = stmt_uuid(st, 11),
		.manager_uid = stmt_text(st, 12),
		.manager_name = stmt_text(st, 13),
		.uid_number = sqlite3_column_int64(st, 14),
	};
	for (i = 0; i < FIELD_N; i++)
		person->value[i] = stmt_text(st, VIEW_FIRST_FIELD + (int)i);
	return (1);
}

void
view_groups_walk(struct db *db, int64_t view, int64_t since)
{
	view_walk(db, STMT_VIEW_GROUPS, view, since);
}

int
view_groups_next(struct db *db, struct view_group *group, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_VIEW_GROUPS];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		*group = (struct view_group){
			.id = sqlite3_column_int64(st, 0),
			.version = (uint64_t)sqlite3_column_int64(st, 1),
			.created = sqlite3_column_int64(st, 2),
			.modified = sqlite3_column_int64(st, 3),
			.revision = sqlite3_column_int64(st, 4),
			.members = sqlite3_column_int64(st, 5),
			.uuid = stmt_uuid(st, 6),
			.cn = stmt_text(st, 7),
			.type = stmt_text(st, 8),
			.source = stmt_text(st, 9),
			.gid_number = sqlite3_column_int64(st, 10),
		};
	return (result);
}

void
view_tombstones_walk(struct db *db, int64_t view, int64_t since)
{
	view_walk(db, STMT_VIEW_TOMBSTONES, view, since);
}

int
view_tombstones_next(struct db *db, struct view_tombstone *tombstone, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_VIEW_TOMBSTONES];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		*tombstone = (struct view_tombstone){
			.uuid = stmt_uuid(st, 0),
			.group = stmt_text(st, 1)[0] == 'G',
			.stamp = sqlite3_column_int64(st, 2),
			.revision = sqlite3_column_int64(st, 3),
		};
	return (result);
}

void
view_names_walk(struct db *db, int64_t view)
{
	stmt_bind(stmt_get(db, STMT_VIEW_NAMES), 1, "i", view);
}

int
view_names_next(struct db *db, struct uuid *group, int64_t *named, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_VIEW_NAMES];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0) {
		*group = stmt_uuid(st, 0);
		*named = sqlite3_column_int64(st, 1);
	}
	return (result);
}

void
view_all_memberships_walk(struct db *db)
{
	(void)stmt_get(db, STMT_VIEW_MEMBERSHIPS_ALL);
}

int
view_all_memberships_next(struct db *db, int64_t *person, int64_t *group, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_VIEW_MEMBERSHIPS_ALL];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0) {
		*person = sqlite3_column_int64(st, 0);
		*group = sqlite3_column_int64(st, 1);
	}
	return (result);
}

void
view_memberships_walk(struct db *db, int64_t person)
{
	stmt_bind(stmt_get(db, STMT_VIEW_MEMBERSHIPS), 1, "i", person);
}

int
view_memberships_next(struct db *db, int64_t *group, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_VIEW_MEMBERSHIPS];
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		*group = sqlite3_column_int64(st, 0);
	return (result);
}
