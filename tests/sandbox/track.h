/*
 * What can be seen of a record now, and when it counts as updated (kombo/api.md §2.4,
 * §4).
 */
#ifndef ROLLCALL_TESTS_SANDBOX_TRACK_H
#define ROLLCALL_TESTS_SANDBOX_TRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/sandbox/tenant.h"

struct sight {
	bool	exists;		/* Kombo has a row */
	bool	anonymous;	/* of which only the id and the instants are left */
	int64_t	deleted_at;	/* 0 for not */
	int64_t	changed_at;	/* of the record's own fields */
};

/*
 * A person; deletion, the limits of the credentials and the time since are considered.
 */
struct sight track_employee(const struct tenant *tenant,
    const struct employee *employee, int64_t now);

/* An employment of a person who is seen so. */
struct sight track_contract(const struct tenant *tenant, const struct sight *employee,
	    const struct contract *contract, int64_t now);

/* A group, a legal entity or a location. */
struct sight track_unit(const struct tenant *tenant, enum kind_id kind,
	    const struct unit *unit, int64_t now);

/*
 * When an employee's row was last updated in the sense of updated_after: its own
 * fields, or any of the relations of kombo/api.md §2.4.
 */
int64_t	track_updated(const struct tenant *tenant, const struct employee *employee,
	    const struct sight *sight, int64_t now);

/*
 * False when the row of a person cannot have been updated after `since`; found out
 * without making the person. True says nothing.
 */
bool	track_may(const struct tenant *tenant, uint32_t index, int64_t since);

#endif
