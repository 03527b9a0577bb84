/*
 * Who is in: [include], [exclude] and [hide] of a source or a view (semantics 3.10). They look
 * at a record's current values, never at those that are served (rulings A23).
 */
#ifndef ROLLCALL_RULES_SCOPE_H
#define ROLLCALL_RULES_SCOPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "rules/reasons.h"
#include "rules/units.h"

enum scope_key { SCOPE_ENTITY, SCOPE_TYPE, SCOPE_GROUP, SCOPE_LOCATION, SCOPE_NUMBER, SCOPE_KEYS };

/* A record as filters see it. Units are live ones or NULL; groups may hold NULLs. */
struct scope_facts {
	const struct unit_entry		 *entity;
	const struct unit_entry		 *location;
	const struct unit_entry	*const	 *groups;
	size_t				  group_count;
	const char			 *type;		/* employment type in force today, folded */
	const char			 *number;
};

/* Compiled settings of one source or view. */
struct scope;

struct scope *scope_open_source(const struct conf_set *set);
struct scope *scope_open_view(const struct conf_set *set);
void	scope_close(struct scope **scope);

/* All reasons at once, bits of filter.*, exclude.* and hidden. */
uint32_t scope_check(const struct scope *scope, const struct scope_facts *facts);

/*
 * The settings behind one reason: for a filter every line of that include, for an exclude or
 * hide the lines that match. At most `room` items; returns how many there are.
 */
size_t	scope_explain(const struct scope *scope, const struct scope_facts *facts,
	    enum reason reason, const struct conf_item **items, size_t room);

/*
 * Walks the include and exclude items of a key, to tell which match nothing at all (rulings
 * A22). NULL after the last.
 */
const struct conf_item *scope_item(const struct scope *scope, enum scope_key key, size_t at);

#endif
