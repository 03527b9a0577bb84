/*
 * Records of the HR systems: employees and their identities, legal entities, places, groups.
 */
#ifndef ROLLCALL_STORE_RECORD_H
#define ROLLCALL_STORE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/model.h"
#include "store/db.h"

/* A known record. Texts are in the arena given, or borrowed until the next step of a walk. */
struct record_row {
	int64_t		 id;
	int64_t		 source;
	const char	*kombo;
	const char	*remote;
	int64_t		 person;	/* 0 for none */
	const char	*reasons;	/* NULL for none */
	/* filled by record_state and record_walk_next alone: */
	bool		 stored;	/* values are in the store */
	uint64_t	 hash;
	bool		 gone;
};

/* 1 found, 0 not, -1 failed. */
int	record_find(struct db *db, int64_t source, const char *kombo, struct arena *arena,
	    struct record_row *row, struct err *err);
int	record_find_remote(struct db *db, int64_t source, const char *remote,
	    struct arena *arena, struct record_row *row, struct err *err);
/*
 * As record_find, but says what is stored of it, without any text. Nothing stays open: a fetch
 * that waits for the network must not keep the write-ahead log from being emptied.
 */
int	record_state(struct db *db, int64_t source, const char *kombo, struct record_row *row,
	    struct err *err);
int	record_get(struct db *db, int64_t id, struct arena *arena, struct record_row *row,
	    struct err *err);

/* Adds the row; row->id is set. */
int	record_add(struct db *db, struct record_row *row, struct err *err);
int	record_save(struct db *db, const struct record_row *row, struct err *err);
int	record_delete(struct db *db, int64_t id, struct err *err);

/* By which rule (enum identity_rule) the record was found to be its person's; 0 for none. */
int	record_join(struct db *db, int64_t id, int64_t rule, struct err *err);
int	record_joined(struct db *db, int64_t id, int64_t *rule, struct err *err);

/*
 * Walks the records of a source: record_walk, then record_walk_next until 0. One walk at a
 * time on a connection.
 */
void	record_walk(struct db *db, int64_t source);
int	record_walk_next(struct db *db, struct record_row *row, struct err *err);

/* The ids of a person's records, ascending. *ids is in the arena. */
int	record_ids_of_person(struct db *db, int64_t person, struct arena *arena, int64_t **ids,
	    size_t *count, struct err *err);

/* Calls back with source and Kombo id of each of a person's records; borrowed. */
int	record_keys_of_person(struct db *db, int64_t person,
	    void (*found)(void *context, int64_t source, const char *kombo), void *context,
	    struct err *err);

/*
 * Erases the values of a source's employees, and the records of nobody; those of people stay,
 * by their ids. Units: with the names that groups kept; nobody may be their member any more.
 */
int	record_purge_source(struct db *db, int64_t source, struct err *err);
int	unit_purge_source(struct db *db, int64_t source, struct err *err);

/* An employee's values in the arena. 1 found, 0 nothing is stored of it, -1 failed. */
int	employee_get(struct db *db, int64_t record, struct arena *arena,
	    struct employee *employee, struct err *err);
/* employee->record names the row. */
int	employee_put(struct db *db, const struct employee *employee, struct err *err);
int	employee_delete(struct db *db, int64_t record, struct err *err);

/* Calls back with the person of every stored employee whose manager has that Kombo id. */
int	employee_reports(struct db *db, int64_t source, const char *manager,
	    void (*found)(void *context, int64_t person), void *context, struct err *err);

/* Calls back with every record that has reasons; filled are id, source, kombo, person, reasons. */
int	record_excluded(struct db *db, void (*found)(void *context,
	    const struct record_row *row), void *context, struct err *err);

/* Calls back with every person who has a record of that employee number, or Kombo id. */
int	record_by_number(struct db *db, const char *number,
	    void (*found)(void *context, int64_t person), void *context, struct err *err);
int	record_by_kombo(struct db *db, const char *kombo,
	    void (*found)(void *context, int64_t person), void *context, struct err *err);

/* Walks all stored employees: employee_walk, then employee_next until 0; texts are borrowed. */
void	employee_walk(struct db *db);
int	employee_next(struct db *db, struct employee *employee, struct err *err);

/*
 * Calls back with every stored employee that belongs to a person, with its references alone
 * (LEGAL_ENTITY, WORK_LOCATION, GROUPS): reads the whole table.
 */
int	employee_units(struct db *db, void (*found)(void *context, int64_t person,
	    const struct employee *employee), void *context, struct err *err);

/* Calls back with every unit; its texts are borrowed. */
int	unit_list(struct db *db, void (*found)(void *context, const struct unit *unit),
	    void *context, struct err *err);
/* The same with the one of that Kombo id, if there is one. */
int	unit_get(struct db *db, int64_t source, enum unit_model model, const char *kombo,
	    void (*found)(void *context, const struct unit *unit), void *context,
	    struct err *err);
/* Its Kombo id has become another, which no other unit of its source and model has. */
int	unit_renumber(struct db *db, int64_t id, const char *kombo, struct err *err);
/* Inserts or updates by source, model and Kombo id; unit->id is set. */
int	unit_put(struct db *db, struct unit *unit, struct err *err);

#endif
