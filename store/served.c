/*
 * Owns nothing: rows go to the caller's arena, or are borrowed until the next step.
 */
#include "config.h"

#include "store/served.h"

#include <string.h>

#include "base/clock.h"
#include "store/source.h"
#include "store/stmt.h"

int
served_get(struct db *db, int64_t id, struct arena *arena, struct served_person *person,
    struct err *err)
{
	sqlite3_stmt *st;
	size_t i;
	int result;

	st = stmt_get(db, STMT_SERVED_GET);
	stmt_bind(st, 1, "i", id);
	result = stmt_step(db, st, err);
	if (result > 0) {
		*person = (struct served_person){
			.id = id,
			.uuid = stmt_uuid(st, 0),
			.uid = arena_dup(arena, stmt_text(st, 1)),
			.status = (enum person_status)sqlite3_column_int(st, 2),
			.active = sqlite3_column_int(st, 3) != 0,
			.source = arena_dup(arena, stmt_text(st, 4)),
			.hash = (uint64_t)sqlite3_column_int64(st, 5),
			.uid_number = sqlite3_column_int64(st, 6),
		};
		for (i = 0; i < FIELD_N; i++)
			person->value[i] = arena_dup(arena, stmt_text(st, 7 + (int)i));
	}
	(void)sqlite3_reset(st);
	return (result);
}

int
served_put(struct db *db, const struct served_person *person, struct err *err)
{
	sqlite3_stmt *st;
	size_t i;

	st = stmt_get(db, STMT_SERVED_PUT);
	stmt_bind(st, 1, "iutiitio", person->id, &person->uuid, person->uid,
	    (int64_t)person->status, (int64_t)person->active, person->source,
	    (int64_t)person->hash, person->uid_number != 0 ? &person->uid_number : NULL);
	for (i = 0; i < FIELD_N; i++)
		stmt_bind(st, 9 + (int)i, "t", person->value[i]);
	return (stmt_step(db, st, err));
}

int
served_delete(struct db *db, int64_t id, struct err *err)
{
	return (stmt_run(db, STMT_SERVED_DELETE, err, "i", id));
}

void
served_walk(struct db *db)
{
	(void)stmt_get(db, STMT_SERVED_LIST);
}

int
served_next(struct db *db, struct served_person *person, struct err *err)
{
	sqlite3_stmt *st = db->stmts[STMT_SERVED_LIST];
	size_t i;
	int result;

	result = stmt_step(db, st, err);
	if (result <= 0)
		return (result);
	*person = (struct served_person){
		.id = sqlite3_column_int64(st, 0),
		.uuid = stmt_uuid(st, 1),
		.uid = stmt_text(st, 2),
		.status = (enum person_status)sqlite3_column_int(st, 3),
		.active = sqlite3_column_int(st, 4) != 0,
		.source = stmt_text(st, 5),
		.hash = (uint64_t)sqlite3_column_int64(st, 6),
		.uid_number = sqlite3_column_int64(st, 7),
	};
	for (i = 0; i < FIELD_N; i++)
		person->value[i] = stmt_text(st, 8 + (int)i);
	return (1);
}

int
shown_list(struct db *db, int64_t person, struct shown_row *rows, size_t room, size_t *count,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	*count = 0;
	st = stmt_get(db, STMT_SHOWN_LIST);
	stmt_bind(st, 1, "i", person);
	while ((result = stmt_step(db, st, err)) > 0 && *count < room)
		rows[(*count)++] = (struct shown_row){
			.view = sqlite3_column_int64(st, 0),
			.person = person,
			.manager = sqlite3_column_int64(st, 1),
			.version = (uint64_t)sqlite3_column_int64(st, 2),
			.created = sqlite3_column_int64(st, 3),
		};
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

static int
served_modified(struct db *db, enum stmt_id stmt, int64_t view, int64_t id,
    int64_t *modified, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, stmt);
	stmt_bind(st, 1, "ii", view, id);
	result = stmt_step(db, st, err);
	*modified = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result);
}

int
shown_modified(struct db *db, int64_t view, int64_t person, int64_t *modified,
    struct err *err)
{
	return (served_modified(db, STMT_SHOWN_MODIFIED, view, person, modified, err));
}

int
group_shown_modified(struct db *db, int64_t view, int64_t group, int64_t *modified,
    struct err *err)
{
	return (served_modified(db, STMT_GROUP_SHOWN_MODIFIED, view, group, modified, err));
}

int
shown_put(struct db *db, const struct shown_row *row, struct err *err)
{
	return (stmt_run(db, STMT_SHOWN_PUT, err, "iioiiii", row->view, row->person,
	    row->manager != 0 ? &row->manager : NULL, (int64_t)row->version, row->created,
	    row->modified, row->revision));
}

int
shown_delete(struct db *db, int64_t view, int64_t person, struct err *err)
{
	return (stmt_run(db, STMT_SHOWN_DELETE, err, "ii", view, person));
}

int
shown_count(struct db *db, int64_t view, int64_t *count, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_SHOWN_COUNT);
	stmt_bind(st, 1, "i", view);
	result = stmt_step(db, st, err);
	*count = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
member_list(struct db *db, int64_t person, struct arena *arena, int64_t **groups,
    size_t *count, struct err *err)
{
	int64_t *group, *list;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_MEMBER_LIST);
	stmt_bind(st, 1, "i", person);
	while ((result = stmt_step(db, st, err)) > 0) {
		group = mem_grow(&list, n++, &room, sizeof(*list));
		*group = sqlite3_column_int64(st, 0);
	}
	*count = n;
	*groups = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
member_add(struct db *db, int64_t person, int64_t group, struct err *err)
{
	return (stmt_run(db, STMT_MEMBER_ADD, err, "ii", person, group));
}

int
member_delete(struct db *db, int64_t person, int64_t group, struct err *err)
{
	return (stmt_run(db, STMT_MEMBER_DELETE, err, "ii", person, group));
}

int
group_put(struct db *db, const struct served_group *group, struct err *err)
{
	return (stmt_run(db, STMT_GROUP_PUT, err, "iuttto", group->id, &group->uuid, group->cn,
	    group->type, group->source, group->gid_number != 0 ? &group->gid_number : NULL));
}

int
group_delete(struct db *db, int64_t id, struct err *err)
{
	return (stmt_run(db, STMT_GROUP_DELETE, err, "i", id));
}

int
group_shown_list(struct db *db, int64_t group, struct group_shown_row *rows, size_t room,
    size_t *count, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	*count = 0;
	st = stmt_get(db, STMT_GROUP_SHOWN_LIST);
	stmt_bind(st, 1, "i", group);
	while ((result = stmt_step(db, st, err)) > 0 && *count < room)
		rows[(*count)++] = (struct group_shown_row){
			.view = sqlite3_column_int64(st, 0),
			.group = sqlite3_column_int64(st, 1),
			.members = sqlite3_column_int64(st, 2),
			.member_hash = (uint64_t)sqlite3_column_int64(st, 3),
			.version = (uint64_t)sqlite3_column_int64(st, 4),
			.created = sqlite3_column_int64(st, 5),
		};
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
group_shown_put(struct db *db, const struct group_shown_row *row, struct err *err)
{
	return (stmt_run(db, STMT_GROUP_SHOWN_PUT, err, "iiiiiiiii", row->view, row->group,
	    row->members, (int64_t)row->member_hash, (int64_t)row->version, row->created,
	    row->modified, row->revision, (int64_t)hash64_text(row->cn)));
}

int
group_shown_delete(struct db *db, int64_t view, int64_t group, struct err *err)
{
	return (stmt_run(db, STMT_GROUP_SHOWN_DELETE, err, "ii", view, group));
}

int
tombstone_put(struct db *db, int64_t view, const struct uuid *uuid, bool group, int64_t stamp,
    int64_t revision, struct err *err)
{
	return (stmt_run(db, STMT_TOMBSTONE_PUT, err, "iutii", view, uuid, group ? "G" : "P",
	    stamp, revision));
}

int
tombstone_delete(struct db *db, int64_t view, const struct uuid *uuid, struct err *err)
{
	return (stmt_run(db, STMT_TOMBSTONE_DELETE, err, "iu", view, uuid));
}

int
tombstone_expire(struct db *db, int64_t stamp, int64_t *count, struct err *err)
{
	if (stmt_run(db, STMT_TOMBSTONE_FORGET, err, "i", stamp) < 0 ||
	    stmt_run(db, STMT_TOMBSTONE_EXPIRE, err, "i", stamp) < 0)
		return (-1);
	*count = sqlite3_changes(db->sqlite);
	return (0);
}

int
tombstone_horizon(struct db *db, int64_t *stamp, struct err *err)
{
	int64_t last, now;

	if (meta_number(db, "stamp", &last, err) < 0)
		return (-1);
	now = clock_now();
	*stamp = now > last ? now : last;
	return (meta_set_number(db, "stamp", *stamp, err));
}

int
tombstone_forget_all(struct db *db, struct err *err)
{
	int64_t stamp;

	if (tombstone_horizon(db, &stamp, err) < 0)
		return (-1);
	return (stmt_run(db, STMT_TOMBSTONE_FORGET_ALL, err, "i", stamp));
}

int
setting_clear(struct db *db, struct err *err)
{
	return (stmt_run(db, STMT_SETTING_CLEAR, err, ""));
}

int
setting_put(struct db *db, const char *name, const char *value, struct err *err)
{
	return (stmt_run(db, STMT_SETTING_PUT, err, "tt", name, value));
}

int
served_view_each(struct db *db, void (*found)(void *context, const struct served_view *view),
    void *context, struct err *err)
{
	struct served_view view;
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_VIEW_LIST);
	while ((result = stmt_step(db, st, err)) > 0) {
		view = (struct served_view){
			.id = sqlite3_column_int64(st, 0),
			.name = stmt_text(st, 1),
			.revision = sqlite3_column_int64(st, 2),
			.stamp = sqlite3_column_int64(st, 3),
		};
		found(context, &view);
	}
	return (result);
}

int
served_view_add(struct db *db, const char *name, int64_t *id, struct err *err)
{
	int64_t horizon;

	if (tombstone_horizon(db, &horizon, err) < 0 ||
	    stmt_run(db, STMT_VIEW_ADD, err, "ti", name, horizon) < 0)
		return (-1);
	*id = sqlite3_last_insert_rowid(db->sqlite);
	return (0);
}

int
served_view_touch(struct db *db, int64_t view, int64_t revision, int64_t stamp,
    struct err *err)
{
	return (stmt_run(db, STMT_VIEW_TOUCH, err, "iii", view, revision, stamp));
}

int
served_view_drop(struct db *db, int64_t view, struct err *err)
{
	static const enum stmt_id ids[] = { STMT_VIEW_DROP_SHOWN, STMT_VIEW_DROP_GROUPS,
	    STMT_VIEW_DROP_TOMBSTONES, STMT_VIEW_DROP };
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (stmt_run(db, ids[i], err, "i", view) < 0)
			return (-1);
	return (0);
}
