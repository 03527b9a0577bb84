/*
 * How the objects of a page are put together from their members; for render*.c alone.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_PAINT_H
#define ROLLCALL_TESTS_SANDBOX_PAINT_H

#include "tests/sandbox/render.h"

/* What a member may be taken from; whichever the kind has are set. */
struct record {
	const char		*id;		/* Kombo id */
	const struct sight	*sight;
	const struct employee	*employee;
	const struct contract	*contract;
	const struct balance	*balance;
	struct unit		*unit;
	enum kind_id		 unit_kind;
	const struct address	*address;
};

/* Writes the value of a member. */
typedef void painter(struct scene *scene, const struct record *record, size_t member);

/* Which members there are, and which of them are null. */
struct outline {
	uint64_t	present;
	uint64_t	nulls;
};

/* The object of a kind; painters by member. */
void	paint_object(struct scene *scene, enum kind_id kind, painter *const *painters,
	    const struct record *record, struct outline outline);

/* The outline of a record that is seen so; `present` is what there would be. */
struct outline paint_outline(const struct scene *scene, enum kind_id kind,
	    const struct record *record, uint64_t present);

/* The Kombo id of a key, quoted; NULL is null. */
void	paint_id(struct scene *scene, const char *key);

/* An open enumeration's text, or in its place a word that no client knows. */
void	paint_word(struct scene *scene, const char *text, uint64_t which);

/* An address or null. */
void	paint_address(struct scene *scene, const struct address *address);

/* Members that all kinds share. */
painter	paint_record_id, paint_changed_at, paint_deleted_at, paint_empty_list,
	    paint_empty_object, paint_null;

/* Lists inside an employee (render_contract.c). */
painter	paint_contracts, paint_balances;

/* A unit inside an employee. */
void	paint_unit_copy(struct scene *scene, enum kind_id kind, struct unit *unit);

/* Raw source data (kombo/api.md §3.8), or null. */
void	paint_remote_data(struct scene *scene, const char *path, const char *remote_id);

#endif
