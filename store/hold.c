/*
 * Owns nothing: rows go to the caller's arena.
 */
#include "config.h"

#include "store/hold.h"

#include <string.h>

#include "base/clock.h"
#include "store/stmt.h"

static void
hold_bind_digest(sqlite3_stmt *st, int parameter, const uint8_t *digest)
{
	(void)sqlite3_bind_blob(st, parameter, digest, DIGEST_SHA256_SIZE, SQLITE_STATIC);
}

static void
hold_read_digest(sqlite3_stmt *st, int column, uint8_t *digest)
{
	const void *blob;

	blob = sqlite3_column_blob(st, column);
	if (blob != NULL && sqlite3_column_bytes(st, column) == DIGEST_SHA256_SIZE)
		memcpy(digest, blob, DIGEST_SHA256_SIZE);
}

/* ---- plans ----------------------------------------------------------------------------------- */

static void
hold_read_plan(sqlite3_stmt *st, struct arena *arena, struct hold_plan *plan)
{
	*plan = (struct hold_plan){
		.id = arena_dup(arena, stmt_text(st, 0)),
		.source = arena_dup(arena, stmt_text(st, 1)),
		.state = arena_dup(arena, stmt_text(st, 3)),
		.approvable = sqlite3_column_int(st, 4) != 0,
		.made_at = sqlite3_column_int64(st, 5),
		.seen_at = sqlite3_column_int64(st, 6),
		.approved_at = sqlite3_column_int64(st, 7),
		.approved_by = arena_dup(arena, stmt_text(st, 8)),
	};
	hold_read_digest(st, 2, plan->conf);
}

int
hold_plan_find(struct db *db, const char *id, struct arena *arena, struct hold_plan *plan,
    struct err *err)
{
	sqlite3_stmt *st;
	int count, result;

	st = stmt_get(db, STMT_PLAN_GET);
	stmt_bind(st, 1, "t", id);
	for (count = 0; (result = stmt_step(db, st, err)) > 0; count++)
		if (count == 0)
			hold_read_plan(st, arena, plan);
	return (result < 0 ? -1 : count);
}

int
hold_plan_list(struct db *db, struct arena *arena, struct hold_plan **plans, size_t *count,
    struct err *err)
{
	struct hold_plan *list;
	sqlite3_stmt *st;
	size_t room;
	int result;

	list = NULL;
	*count = room = 0;
	st = stmt_get(db, STMT_PLAN_LIST);
	while ((result = stmt_step(db, st, err)) > 0)
		hold_read_plan(st, arena, mem_grow(&list, (*count)++, &room, sizeof(*list)));
	*plans = arena_keep(arena, &list, *count, sizeof(*list));
	return (result);
}

int
hold_plan_put(struct db *db, const struct hold_plan *plan, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_PLAN_PUT);
	stmt_bind(st, 1, "tt", plan->id, plan->source);
	hold_bind_digest(st, 3, plan->conf);
	stmt_bind(st, 4, "tiiiit", plan->state, (int64_t)plan->approvable, plan->made_at,
	    plan->seen_at, plan->approved_at, plan->approved_by);
	return (stmt_step(db, st, err));
}

int
hold_plan_replace(struct db *db, const char *source, const char *id, struct err *err)
{
	return (stmt_run(db, STMT_PLAN_REPLACE, err, "tt", source, id));
}

int
hold_expire(struct db *db, int64_t since, struct err *err)
{
	if (stmt_run(db, STMT_PLAN_EXPIRE, err, "i", since) < 0 ||
	    stmt_run(db, STMT_PLAN_FORGET_CHANGES, err, "") < 0)
		return (-1);
	return (stmt_run(db, STMT_PLAN_FORGET_CLASSES, err, ""));
}

/* ---- why ---------------------------------------------------------------------------------------- */

int
hold_class_put(struct db *db, const char *plan, const struct hold_class *class,
    struct err *err)
{
	return (stmt_run(db, STMT_PLAN_CLASS_PUT, err, "ttttiii", plan, class->source,
	    class->class, class->subject, class->number, class->allowance, class->earlier));
}

int
hold_class_list(struct db *db, const char *plan, struct arena *arena,
    struct hold_class **classes, size_t *count, struct err *err)
{
	struct hold_class *list, *slot;
	sqlite3_stmt *st;
	size_t room;
	int result;

	list = NULL;
	*count = room = 0;
	st = stmt_get(db, STMT_PLAN_CLASS_LIST);
	stmt_bind(st, 1, "t", plan);
	while ((result = stmt_step(db, st, err)) > 0) {
		slot = mem_grow(&list, (*count)++, &room, sizeof(*list));
		*slot = (struct hold_class){
			.source = arena_dup(arena, stmt_text(st, 0)),
			.class = arena_dup(arena, stmt_text(st, 1)),
			.subject = arena_dup(arena, stmt_text(st, 2)),
			.number = sqlite3_column_int64(st, 3),
			.allowance = sqlite3_column_int64(st, 4),
			.earlier = sqlite3_column_int64(st, 5),
		};
	}
	*classes = arena_keep(arena, &list, *count, sizeof(*list));
	return (result);
}

int
hold_change_put(struct db *db, const char *plan, const struct hold_change *change,
    struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_PLAN_CHANGE_PUT);
	stmt_bind(st, 1, "t", plan);
	hold_bind_digest(st, 2, change->digest);
	stmt_bind(st, 3, "tttit", change->source, change->class, change->subject,
	    change->person, change->kombo);
	return (stmt_step(db, st, err));
}

int
hold_change_list(struct db *db, const char *plan, struct arena *arena,
    struct hold_change **changes, size_t *count, struct err *err)
{
	struct hold_change *list, *slot;
	sqlite3_stmt *st;
	size_t room;
	int result;

	list = NULL;
	*count = room = 0;
	st = stmt_get(db, STMT_PLAN_CHANGE_LIST);
	stmt_bind(st, 1, "t", plan);
	while ((result = stmt_step(db, st, err)) > 0) {
		slot = mem_grow(&list, (*count)++, &room, sizeof(*list));
		*slot = (struct hold_change){
			.source = arena_dup(arena, stmt_text(st, 1)),
			.class = arena_dup(arena, stmt_text(st, 2)),
			.subject = arena_dup(arena, stmt_text(st, 3)),
			.person = sqlite3_column_int64(st, 4),
			.kombo = arena_dup(arena, stmt_text(st, 5)),
		};
		hold_read_digest(st, 0, slot->digest);
	}
	*changes = arena_keep(arena, &list, *count, sizeof(*list));
	return (result);
}

int
hold_change_has(struct db *db, const char *plan, const uint8_t *digest, struct err *err)
{
	sqlite3_stmt *st;
	int result;

	st = stmt_get(db, STMT_PLAN_CHANGE_HAS);
	stmt_bind(st, 1, "t", plan);
	hold_bind_digest(st, 2, digest);
	result = stmt_step(db, st, err);
	(void)sqlite3_reset(st);
	return (result);
}

/* ---- what passed, and of how many --------------------------------------------------------- */

static int
hold_number(struct db *db, sqlite3_stmt *st, int64_t *number, struct err *err)
{
	int result;

	*number = 0;
	result = stmt_step(db, st, err);
	if (result > 0)
		*number = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : 0);
}

int
removal_add(struct db *db, int64_t source, int64_t now, int64_t number, struct err *err)
{
	if (stmt_run(db, STMT_REMOVAL_EXPIRE, err, "i", now - 2 * CLOCK_DAY) < 0)
		return (-1);
	return (stmt_run(db, STMT_REMOVAL_ADD, err, "iii", source, now, number));
}

int
removal_sum(struct db *db, int64_t source, int64_t since, int64_t *number, struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_REMOVAL_SUM);
	stmt_bind(st, 1, "ii", source, since);
	return (hold_number(db, st, number, err));
}

int
base_people(struct db *db, const char *source, int64_t enough, int64_t *count,
    struct err *err)
{
	sqlite3_stmt *st;

	st = stmt_get(db, STMT_BASE_PEOPLE);
	stmt_bind(st, 1, "ti", source, enough);
	return (hold_number(db, st, count, err));
}
