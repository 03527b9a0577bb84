/*
 * A record's values resolved: ids of legal entities, places and groups become their names, the
 * contract in force today its type (semantics 3.2 "s", rulings C2 to C5).
 */
#ifndef ROLLCALL_RULES_VALUES_H
#define ROLLCALL_RULES_VALUES_H

#include "base/mem.h"
#include "base/model.h"
#include "rules/book.h"

/*
 * The value of a field of a record, NULL for none; `today` is needed by EMPLOYMENT_TYPE alone.
 * In the arena, or borrowed from the record or the units.
 */
const char *value_of(struct arena *arena, const struct book *book,
	    const struct employee *record, enum field_id id, day_number today);

/* The record as filters see it. The list of groups is in the arena. */
void	values_facts(struct arena *arena, const struct book *book,
	    const struct employee *record, day_number today, struct scope_facts *facts);

#endif
