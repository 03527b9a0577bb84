/*
 * Groups, legal entities and locations of an integration: few enough to be kept.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_ORG_H
#define ROLLCALL_TESTS_SANDBOX_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "tests/sandbox/employee.h"
#include "tests/sandbox/links.h"

#define ORG_ODD_GROUPS		19
#define ORG_ODD_MEMBERS		16	/* of these; the others have no members */
#define ORG_ODD_LOCATIONS	4	/* that people may work at */

/* Owns its texts. Places of units never change; deleted ones stay. */
struct unit {
	char		*key;		/* what the Kombo id is derived from */
	char		*remote_id;	/* the same, or NULL (kombo/api.md §3.4) */
	char		*name;
	char		*type;		/* of a group or location */
	char		*parent;	/* of a group: key of the one above, or NULL */
	struct address	 address;
	bool		 has_address;
	int64_t		 changed_at;
	int64_t		 deleted_at;	/* 0 for none */
	/*
	 * As it stands inside an employee; render.c makes it when it is of another
	 * version.
	 */
	struct buf	 copy;
	uint64_t	 copy_version;
};

struct units {
	struct unit	*list;
	size_t		 count;
	size_t		 room;
};

struct org {
	struct units	 groups, entities, locations;
};

/*
 * Fills in how many there are of each, from people.count, nations and whether it is
 * odd.
 */
void	org_plan(struct people *people, bool centers);

void	org_open(struct org *org, const struct people *people);
void	org_close(struct org *org);

/*
 * A further unit with that key, changed at `now`; borrowed until the next one is added.
 */
struct unit *
units_add(struct units *units, const char *key, const char *name, int64_t now);

/* The place of the unit with that key or name, or the count of units. */
size_t	 units_find(const struct units *units, const char *text);

/* Replaces the address, all of it; NULL for none. */
void	 unit_set_address(struct unit *unit, const struct address *address);

#endif
