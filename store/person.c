/*
 * Owns nothing: rows go to the caller's arena.
 */
#include "config.h"

#include "store/person.h"

#include <string.h>

#include "store/stmt.h"

static day_number
person_day(sqlite3_stmt *st, int column)
{
	if (sqlite3_column_type(st, column) == SQLITE_NULL)
		return (DAY_NONE);
	return ((day_number)sqlite3_column_int64(st, column));
}

int
person_get(struct db *db, int64_t id, struct arena *arena, struct person *person,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_PERSON_GET);
	stmt_bind(st, 1, "i", id);
	result = stmt_step(db, st, err);
	if (result > 0)
		*person = (struct person){
			.id = sqlite3_column_int64(st, 0),
			.uuid = stmt_uuid(st, 1),
			.uid = arena_dup(arena, stmt_text(st, 2)),
			.owner = sqlite3_column_int64(st, 3),
			.status = (enum person_status)sqlite3_column_int(st, 4),
			.flags = (unsigned int)sqlite3_column_int(st, 5),
			.mail = arena_dup(arena, stmt_text(st, 6)),
			.wanted_mail = arena_dup(arena, stmt_text(st, 7)),
			.due = sqlite3_column_int64(st, 8),
			.departed_on = person_day(st, 9),
			.excluded_on = person_day(st, 10),
			.gone_on = person_day(st, 11),
			.inactive_on = person_day(st, 12),
		};
	(void)sqlite3_reset(st);
	return (result);
}

/* The numbers of a person that may be null, for binding. */
struct person_nullable {
	int64_t	owner, due, days[4];
	int64_t	*owner_at, *due_at, *days_at[4];
};

static void
person_nullable(const struct person *person, struct person_nullable *n)
{
	const day_number days[4] = { person->departed_on, person->excluded_on, person->gone_on,
	    person->inactive_on };
	size_t i;

	n->owner = person->owner;
	n->owner_at = person->owner != 0 ? &n->owner : NULL;
	n->due = person->due;
	n->due_at = person->due != 0 ? &n->due : NULL;
	for (i = 0; i < 4; i++) {
		n->days[i] = days[i];
		n->days_at[i] = days[i] != DAY_NONE ? &n->days[i] : NULL;
	}
}

int
person_add(struct db *db, const struct person *person, struct err *err)
{
	struct person_nullable n;

	person_nullable(person, &n);
	return (stmt_run(db, STMT_PERSON_ADD, err, "iutoiittooooo", person->id, &person->uuid,
	    person->uid, n.owner_at, (int64_t)person->status, (int64_t)person->flags,
	    person->mail, person->wanted_mail, n.due_at, n.days_at[0], n.days_at[1],
	    n.days_at[2], n.days_at[3]));
}

int
person_save(struct db *db, const struct person *person, struct err *err)
{
	struct person_nullable n;

	person_nullable(person, &n);
	return (stmt_run(db, STMT_PERSON_SAVE, err, "ioiittooooo", person->id, n.owner_at,
	    (int64_t)person->status, (int64_t)person->flags, person->mail, person->wanted_mail,
	    n.due_at, n.days_at[0], n.days_at[1], n.days_at[2], n.days_at[3]));
}

static int
person_one(struct db *db, sqlite3_stmt *st, int64_t *id, struct err *err)
{
	int result;

	result = stmt_step(db, st, err);
	if (result > 0)
		*id = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return (result);
}

int
person_by_uid(struct db *db, const char *uid, int64_t *id, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_PERSON_BY_UID);
	stmt_bind(st, 1, "t", uid);
	return (person_one(db, st, id, err));
}

int
person_by_uuid(struct db *db, const struct uuid *uuid, int64_t *id, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_PERSON_BY_UUID);
	stmt_bind(st, 1, "u", uuid);
	return (person_one(db, st, id, err));
}

int
person_last(struct db *db, int64_t *id, struct err *err)
{
	return (person_one(db, stmt_get(db, STMT_PERSON_LAST), id, err) < 0 ? -1 : 0);
}

int
person_each(struct db *db, enum person_set set, const char *text, int64_t instant,
    void (*found)(void *context, int64_t person), void *context, struct err *err)
{
	static const enum stmt_id ids[] = {
		[PERSONS_ALL] = STMT_PERSON_LIST,
		[PERSONS_BY_MAIL] = STMT_PERSON_BY_MAIL,
		[PERSONS_BY_WANTED] = STMT_PERSON_BY_WANTED,
		[PERSONS_WANTING] = STMT_PERSON_WANTING,
		[PERSONS_BY_MANAGER] = STMT_VALUES_OF_MANAGER,
		[PERSONS_PENDING] = STMT_VALUE_PENDING,
		[PERSONS_DUE] = STMT_PERSON_DUE,
		[PERSONS_HOLDING] = STMT_VALUE_HOLDING,
		[PERSONS_COMING] = STMT_PERSON_COMING,
		[PERSONS_GOING] = STMT_PERSON_GOING,
	};
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, ids[set]);
	if (set == PERSONS_DUE)
		stmt_bind(st, 1, "i", instant);
	else if (text != NULL)
		stmt_bind(st, 1, "t", text);
	while ((result = stmt_step(db, st, err)) > 0)
		found(context, sqlite3_column_int64(st, 0));
	return (result);
}

int
person_next_due(struct db *db, int64_t *due, struct err *err)
{
	*due = 0;
	return (person_one(db, stmt_get(db, STMT_PERSON_NEXT_DUE), due, err) < 0 ? -1 : 0);
}

int
value_list(struct db *db, int64_t person, struct arena *arena, char state[FIELD_N],
    const char *value[FIELD_N], struct err *err)
{
	enum field_id field;
	sqlite3_stmt *st;
	int result;

	memset(state, 0, FIELD_N);
	memset(value, 0, FIELD_N * sizeof(*value));
	st = stmt_get(db, STMT_VALUE_LIST);
	stmt_bind(st, 1, "i", person);
	while ((result = stmt_step(db, st, err)) > 0) {
		field = field_find(stmt_text(st, 0));
		if (field == FIELD_N)
			continue;	/* of a field that a release has dropped */
		state[field] = stmt_text(st, 1)[0];
		value[field] = arena_dup(arena, stmt_text(st, 2));
	}
	return (result);
}

int
value_put(struct db *db, int64_t person, enum field_id field, char state, const char *value,
    struct err *err)
{
	char letter[2] = { state, '\0' };

	return (stmt_run(db, STMT_VALUE_PUT, err, "ittt", person, field_get(field)->name,
	    letter, value));
}

int
value_delete(struct db *db, int64_t person, enum field_id field, struct err *err)
{
	return (stmt_run(db, STMT_VALUE_DELETE, err, "it", person, field_get(field)->name));
}

int
value_delete_all(struct db *db, int64_t person, struct err *err)
{
	return (stmt_run(db, STMT_VALUE_DELETE_ALL, err, "i", person));
}

int
value_move_manager(struct db *db, const char *from, const char *to, struct err *err)
{
	return (stmt_run(db, STMT_VALUE_MOVE_MANAGER, err, "tt", from, to));
}

static void
decision_read(sqlite3_stmt *st, int first, struct arena *arena, struct decision_row *row)
{
	row->kind = arena_dup(arena, stmt_text(st, first));
	row->reason = arena_dup(arena, stmt_text(st, first + 1));
	row->actor = arena_dup(arena, stmt_text(st, first + 2));
	row->made_at = sqlite3_column_int64(st, first + 3);
}

int
decision_list(struct db *db, int64_t person, struct arena *arena, struct decision_row **rows,
    size_t *count, struct err *err)
{
	struct decision_row *list, *row;
	sqlite3_stmt *st;
	size_t n, room;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, person != 0 ? STMT_DECISION_LIST : STMT_DECISION_LIST_ALL);
	if (person != 0)
		stmt_bind(st, 1, "i", person);
	while ((result = stmt_step(db, st, err)) > 0) {
		row = mem_grow(&list, n++, &room, sizeof(*list));
		row->person = person != 0 ? person : sqlite3_column_int64(st, 0);
		decision_read(st, person != 0 ? 0 : 1, arena, row);
	}
	*count = n;
	*rows = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
decision_put(struct db *db, const struct decision_row *row, struct err *err)
{
	return (stmt_run(db, STMT_DECISION_PUT, err, "ittti", row->person, row->kind,
	    row->reason, row->actor, row->made_at));
}

int
decision_delete(struct db *db, int64_t person, const char *kind, struct err *err)
{
	return (stmt_run(db, STMT_DECISION_DELETE, err, "it", person, kind));
}

int
grp_get(struct db *db, int64_t id, struct arena *arena, struct grp_row *row,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_GRP_GET);
	stmt_bind(st, 1, "i", id);
	result = stmt_step(db, st, err);
	if (result > 0)
		*row = (struct grp_row){
			.id = id,
			.uuid = stmt_uuid(st, 0),
			.base = arena_dup(arena, stmt_text(st, 1)),
			.cn = arena_dup(arena, stmt_text(st, 2)),
			.folded = arena_dup(arena, stmt_text(st, 3)),
			.source = sqlite3_column_int64(st, 4),
			.type = arena_dup(arena, stmt_text(st, 5)),
			.kombo = arena_dup(arena, stmt_text(st, 6)),
		};
	(void)sqlite3_reset(st);
	return (result);
}

int
grp_by_uuid(struct db *db, const struct uuid *uuid, int64_t *id, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_GRP_BY_UUID);
	stmt_bind(st, 1, "u", uuid);
	result = stmt_step(db, st, err);
	*id = result > 0 ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (result);
}

int
grp_by_folded(struct db *db, const char *folded, int64_t *id, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_GRP_BY_FOLDED);
	stmt_bind(st, 1, "t", folded);
	return (person_one(db, st, id, err));
}

int
grp_put(struct db *db, const struct grp_row *row, struct err *err)
{
	return (stmt_run(db, STMT_GRP_PUT, err, "iuttt", row->id, &row->uuid, row->base,
	    row->cn, row->folded));
}
