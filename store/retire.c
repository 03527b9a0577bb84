/*
 * Owns nothing.
 */
#include "config.h"

#include "store/retire.h"

#include "store/audit.h"
#include "store/stmt.h"

int
retire_put(struct db *db, int64_t person, int64_t now, struct err *err)
{
	if (stmt_run(db, STMT_EXTERNAL_DELETE_PERSON, err, "i", person) < 0 ||
	    stmt_run(db, STMT_LOCAL_MEMBER_DELETE_PERSON, err, "i", person) < 0)
		return (-1);
	return (stmt_run(db, STMT_RETIRED_PUT, err, "ii", person, now));
}

int
retire_delete(struct db *db, int64_t person, struct err *err)
{
	return (stmt_run(db, STMT_RETIRED_DELETE, err, "i", person));
}

int
retire_list(struct db *db, int64_t before, struct arena *arena, int64_t **people,
    size_t *count, struct err *err)
{
	sqlite3_stmt *st;
	size_t n, room;
	int64_t *list;
	int result;

	list = NULL;
	n = room = 0;
	st = stmt_get(db, STMT_RETIRED_BEFORE);
	stmt_bind(st, 1, "i", before);
	while ((result = stmt_step(db, st, err)) > 0)
		*(int64_t *)mem_grow(&list, n++, &room, sizeof(*list)) =
		    sqlite3_column_int64(st, 0);
	*count = n;
	*people = arena_keep(arena, &list, n, sizeof(*list));
	return (result);
}

int
retire_forget(struct db *db, int64_t person, struct err *err)
{
	/* Records are unlinked after all that finds them by the person. */
	static const enum stmt_id steps[] = { STMT_VALUE_DELETE_ALL, STMT_DECISION_DELETE_ALL,
	    STMT_EMPLOYEES_DELETE_PERSON, STMT_INCOMING_DELETE_PERSON, STMT_LINK_DELETE_PERSON,
	    STMT_SUSPECT_DELETE_PERSON, STMT_RECORDS_UNLINK,
	    STMT_RETIRED_DELETE, STMT_PERSON_FLOOR, STMT_PERSON_DELETE };
	int64_t count;
	size_t i;

	if (audit_erase_person(db, person, &count, err) < 0)
		return (-1);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (stmt_run(db, steps[i], err, "i", person) < 0)
			return (-1);
	return (db_erased(db, err));
}
