/*
 * What a document asks of rollcalld: changes of the fields of schema/fields.def, of members
 * and of the client's own id. The reverse of scim/person.c.
 */
#ifndef ROLLCALL_SCIM_CHANGE_H
#define ROLLCALL_SCIM_CHANGE_H

#include "scim/doc.h"

enum change_op {
	CHANGE_CREATE,		/* POST: what is named */
	CHANGE_SOME,		/* PATCH: what differs */
	CHANGE_ALL		/* PUT: what is named; the daemon empties what is not */
};

struct change {
	json_t	*fields;	/* of a person by field; of a group "display_name"; may be empty */
	json_t	*members;	/* {"add", "remove"} or {"set"}; NULL: untouched */
	json_t	*external_id;	/* a string or null; NULL: untouched */
};

/*
 * From what there was (`before`, JSON in the schemas' names; NULL for CHANGE_CREATE) to the
 * document. `today` is a date, "2026-11-20": whether an end date has passed. -1:
 *
 *   ERR_MUTABILITY   CHANGE_SOME touches what nobody may change
 *   ERR_SCIM_VALUE   something required is missing, an element has a type there is no place
 *                    for, userName is no e-mail address where it has to be one
 *
 * With CHANGE_CREATE and CHANGE_ALL values nobody may change are left out (RFC 7644 §3.5.1).
 */
int	change_make(struct doc *doc, enum change_op op, const json_t *before,
	    const char *today, struct change *change, struct err *err);
void	change_close(struct change *change);

/* Whether nothing is asked for. */
bool	change_is_empty(const struct change *change);

#endif
