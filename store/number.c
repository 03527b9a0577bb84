/*
 * Owns nothing: numbers stand beside their people and groups, the last one given in meta.
 */
#include "config.h"

#include "store/number.h"

#include <inttypes.h>

#include "store/source.h"
#include "store/stmt.h"

/* What two systems of 16 bits took for nobody at all. */
#define NUMBER_NOBODY		65534
#define NUMBER_NOBODY_END	65536

struct number_kind {
	enum stmt_id	 get;
	enum stmt_id	 set;
	const char	*last;		/* in meta */
	const char	*name;
};

static const struct number_kind number_person = { STMT_PERSON_NUMBER, STMT_PERSON_SET_NUMBER,
    "uid_number_last", "uidNumber" };
static const struct number_kind number_group = { STMT_GRP_NUMBER, STMT_GRP_SET_NUMBER,
    "gid_number_last", "gidNumber" };

static int
number_next(struct db *db, const struct number_kind *kind, int64_t first, int64_t *number,
    struct err *err)
{
	int64_t last;

	if (meta_number(db, kind->last, &last, err) < 0)
		return (-1);
	*number = last + 1 > first ? last + 1 : first;
	if (*number == NUMBER_NOBODY || *number == NUMBER_NOBODY + 1)
		*number = NUMBER_NOBODY_END;
	if (*number > NUMBER_LAST)
		return (err_set(err, ERR_CONFIG, "[posix]: there is no %s after %" PRId64
		    ": begin lower", kind->name, NUMBER_LAST));
	return (meta_set_number(db, kind->last, *number, err));
}

/* 1 there is one, 0 none, -1 failed. */
static int
number_read(struct db *db, const struct number_kind *kind, int64_t id, int64_t *number,
    struct err *err)
{
	sqlite3_stmt *st;
	int result;

	*number = 0;
	st = stmt_get(db, kind->get);
	stmt_bind(st, 1, "i", id);
	result = stmt_step(db, st, err);
	if (result > 0)
		*number = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return (result < 0 ? -1 : *number != 0);
}

static int
number_of(struct db *db, const struct number_kind *kind, int64_t id, int64_t first,
    int64_t *number, struct err *err)
{
	int result;

	result = number_read(db, kind, id, number, err);
	if (result != 0)
		return (result < 0 ? -1 : 0);
	if (number_next(db, kind, first, number, err) < 0)
		return (-1);
	return (stmt_run(db, kind->set, err, "ii", id, *number));
}

int
number_of_person(struct db *db, int64_t person, int64_t first, int64_t *number,
    struct err *err)
{
	return (number_of(db, &number_person, person, first, number, err));
}

int
number_of_group(struct db *db, int64_t group, int64_t first, int64_t *number,
    struct err *err)
{
	return (number_of(db, &number_group, group, first, number, err));
}

int
number_held(struct db *db, int64_t person, int64_t *number, struct err *err)
{
	return (number_read(db, &number_person, person, number, err));
}
