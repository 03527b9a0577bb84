/*
 * How records are written, whatever is in them: which keys there are, in which order,
 * and what a client should not mind (kombo/api.md §11, 7).
 */
#ifndef ROLLCALL_TESTS_SANDBOX_SHAPE_H
#define ROLLCALL_TESTS_SANDBOX_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/sandbox/kind.h"

enum shape_keys {
	SHAPE_ALL,		/* every key of the schemas */
	SHAPE_SDK,		/* without those that the SDK does not know */
	SHAPE_SPARSE,		/* optional keys are absent where they would be null */
	SHAPE_REQUIRED,		/* all optional keys are absent */
	SHAPE_KEYS_N
};

struct shape {
	/* The settings; call shape_settle after changing any. */
	enum shape_keys	 keys;
	bool		 extra;		/* unknown keys and words */
	bool		 remote_data;	/* filled and not null */
	bool		 empty_tail;	/* an empty page follows a full last one */
	bool		 hide_nested;	/* no deleted employments inside employees */
	uint64_t	 shuffle;	/* seed of the order, 0 for none */
	/* What follows from them. */
	uint64_t	 present[KIND_N];	/* members in a record of its own */
	uint64_t	 copied[KIND_N];	/* in the copy inside an employee */
	uint8_t		 order[KIND_N][KIND_MEMBERS_MAX];
};

void	shape_settle(struct shape *shape);

const char *shape_keys_name(enum shape_keys keys);
enum shape_keys shape_keys_find(const char *name);	/* SHAPE_KEYS_N for none */

/*
 * The row at a place of a listing: a mixture of 0 to `domain` - 1, which is a power of
 * two, or the place itself beyond that or when nothing is shuffled.
 */
uint32_t shape_row(const struct shape *shape, uint32_t place, uint32_t domain);

/* A domain for so many rows: 0 when nothing is shuffled. */
uint32_t shape_domain(const struct shape *shape, uint32_t rows);

#endif
