/*
 * Whether a row is one that a query asks for; deletion and updated_after are not looked
 * at.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_FILTER_H
#define ROLLCALL_TESTS_SANDBOX_FILTER_H

#include <stdbool.h>

#include "tests/sandbox/query.h"

bool	filter_employee(const struct tenant *tenant, const struct query *query,
	    const struct employee *employee);
bool	filter_contract(const struct tenant *tenant, const struct query *query,
	    const struct employee *employee, const struct contract *contract);
bool	filter_unit(const struct tenant *tenant, const struct query *query,
	    const struct unit *unit);

/* A row of which nothing is left but what its id is derived from. */
bool	filter_anonymous(const struct tenant *tenant, const struct query *query,
	    const char *key);

#endif
