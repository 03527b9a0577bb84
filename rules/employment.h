/*
 * The employments of a record (kombo/api.md §3.2), of which only type and effective date
 * matter: packed as one text of the record, and the one in force on a day.
 */
#ifndef ROLLCALL_RULES_EMPLOYMENT_H
#define ROLLCALL_RULES_EMPLOYMENT_H

#include "base/day.h"
#include "base/mem.h"

struct employment {
	const char	*id;
	const char	*type;		/* NULL for none */
	day_number	 effective;	/* DAY_NONE for none */
};

/* Adds one to a packed text. */
void	employment_pack(struct buf *packed, const struct employment *employment);

/*
 * The type in force on `today`: of the employment with the latest effective date not after
 * it, else of the earliest one to come, else of the undated one with the smallest id; ties of
 * date go to the greatest id (rulings A27). NULL when the chosen one has none. In the arena.
 * *next gets the next effective date after `today`, or DAY_NONE.
 */
const char *employment_type_on(struct arena *arena, const char *packed, day_number today,
	    day_number *next);

#endif
