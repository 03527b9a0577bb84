/*
 * People as settled: identity, held values, decisions; names of groups.
 */
#ifndef ROLLCALL_STORE_PERSON_H
#define ROLLCALL_STORE_PERSON_H

#include <stdint.h>

#include "base/mem.h"
#include "base/model.h"
#include "store/db.h"

/* 1 found, 0 not, -1 failed. Texts are in the arena. */
int	person_get(struct db *db, int64_t id, struct arena *arena, struct person *person,
	    struct err *err);
/* person->id names the row: the next is person_last + 1. */
int	person_add(struct db *db, const struct person *person, struct err *err);
int	person_last(struct db *db, int64_t *id, struct err *err);
/* uuid and uid never change and are not written. */
int	person_save(struct db *db, const struct person *person, struct err *err);

/* Id of the person with that uid or uuid: 1 found, 0 not, -1 failed. */
int	person_by_uid(struct db *db, const char *uid, int64_t *id, struct err *err);
int	person_by_uuid(struct db *db, const struct uuid *uuid, int64_t *id, struct err *err);

/* What person_each walks. */
enum person_set {
	PERSONS_ALL,
	PERSONS_BY_MAIL,	/* whose settled address is `text` */
	PERSONS_BY_WANTED,	/* who want the address `text` */
	PERSONS_WANTING,	/* who want some address that another has */
	PERSONS_BY_MANAGER,	/* for whom the manager `text`, a Kombo id, is held */
	PERSONS_PENDING,	/* of whom a value waits for the next complete fetch */
	PERSONS_DUE,		/* whose due instant is not after `instant` */
	PERSONS_COMING,		/* settled as onboarding, or still PERSON_JOINED */
	PERSONS_HOLDING,	/* for whom a value imported once or set by hand is held */
	PERSONS_GOING		/* settled as offboarding, or active with a date to come */
};
int	person_each(struct db *db, enum person_set set, const char *text, int64_t instant,
	    void (*found)(void *context, int64_t person), void *context, struct err *err);

/* The earliest due instant; 0 when nobody has one. */
int	person_next_due(struct db *db, int64_t *due, struct err *err);

/* Held values (rules/modes.h): the state is its letter. Texts are in the arena. */
int	value_list(struct db *db, int64_t person, struct arena *arena,
	    char state[FIELD_N], const char *value[FIELD_N], struct err *err);
int	value_put(struct db *db, int64_t person, enum field_id field, char state,
	    const char *value, struct err *err);
int	value_delete(struct db *db, int64_t person, enum field_id field, struct err *err);
int	value_delete_all(struct db *db, int64_t person, struct err *err);

/* A manager's Kombo id has become another: who holds the old one holds the new one. */
int	value_move_manager(struct db *db, const char *from, const char *to, struct err *err);

struct decision_row {
	int64_t		 person;
	const char	*kind;		/* hide, ignore-onboarding, release */
	const char	*reason;	/* NULL for none */
	const char	*actor;
	int64_t		 made_at;
};
/* Of one person, or of all when person is 0. *rows is in the arena. */
int	decision_list(struct db *db, int64_t person, struct arena *arena,
	    struct decision_row **rows, size_t *count, struct err *err);
int	decision_put(struct db *db, const struct decision_row *row, struct err *err);
int	decision_delete(struct db *db, int64_t person, const char *kind, struct err *err);

/* A group's name for life (rulings F14). */
struct grp_row {
	int64_t		 id;		/* unit.id */
	struct uuid	 uuid;
	const char	*base;		/* the name cn was made of */
	const char	*cn;
	const char	*folded;	/* cn as LDAP compares it */
	/* of the unit, filled by grp_get alone: */
	int64_t		 source;
	const char	*type;
	const char	*kombo;
};
/* 1 found, 0 the unit was never given a name, -1 failed. Texts are in the arena. */
int	grp_get(struct db *db, int64_t id, struct arena *arena, struct grp_row *row,
	    struct err *err);
/* The id of the group with that UUID: 1 found, 0 not, -1 failed. */
int	grp_by_uuid(struct db *db, const struct uuid *uuid, int64_t *id, struct err *err);
/* The id of the group whose cn is compared like that: 1 found, 0 not, -1 failed. */
int	grp_by_folded(struct db *db, const char *folded, int64_t *id, struct err *err);
int	grp_put(struct db *db, const struct grp_row *row, struct err *err);

#endif
