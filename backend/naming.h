/*
 * Names of entries: what stands where in the tree of one suffix (design/architecture.md §4).
 */
#ifndef ROLLCALL_BACKEND_NAMING_H
#define ROLLCALL_BACKEND_NAMING_H

#include <stdbool.h>

#include "backend/types.h"

#include "base/err.h"
#include "base/mem.h"

/* A name as slapd shows it and as slapd compares it. */
struct name {
	struct berval	 pretty;
	struct berval	 normal;
};

enum naming_unit { UNIT_PEOPLE, UNIT_GROUPS, UNIT_SERVICES, UNIT_N };

struct naming {
	struct name		 suffix;
	struct name		 unit[UNIT_N];
	/* creatorsName and modifiersName of everything; each ended by a null one. */
	struct berval		 maker_pretty[2];
	struct berval		 maker_normal[2];
	enum types_fixed	 first;		/* type of the suffix's first RDN: dc, o or ou */
	struct berval		 value;		/* … and its value as it is written */
};

/*
 * Prepares the names below a suffix. -1: its first RDN is of a type
 * that no entry can be made for.
 */
int	naming_open(struct naming *naming, const struct berval *suffix,
	    const struct berval *nsuffix, struct err *err);
void	naming_close(struct naming *naming);

/* "people", "groups", "services". */
const char *naming_unit_name(enum naming_unit unit);

/*
 * The name "type=value" directly below a parent; the value is plain text. Both texts are in
 * the arena. False when slapd makes no name of it.
 */
bool	naming_make(const struct name *parent, const char *type, const char *value,
	    struct arena *arena, struct name *name);

/*
 * Finds the place of a normalised name. *role is what an entry of that name would be and
 * *unit the branch (of ROLE_UNIT, ROLE_PERSON, ROLE_GROUP and ROLE_SERVICE). False when no entry
 * of the tree can have that name.
 */
bool	naming_place(const struct naming *naming, const struct berval *normal,
	    enum role *role, enum naming_unit *unit);

#endif
