/*
 * Finding records by what a control request calls them.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_FIND_H
#define ROLLCALL_TESTS_SANDBOX_FIND_H

#include <stdint.h>

#include <jansson.h>

#include "base/err.h"
#include "tests/sandbox/tenant.h"

/*
 * A person: a number is an index; a text is a Kombo id, a remote id, an employee number
 * or a work e-mail, tried in this order over all people; {"remote_id":…} and the like
 * say which.
 */
int	find_person(const struct tenant *tenant, const json_t *who, uint32_t *index,
	    struct err *err);

/* A unit: a number is a place; a text is a Kombo id, a remote id or a name. */
int	find_unit(struct tenant *tenant, enum kind_id kind, const json_t *which,
	    uint32_t *place, struct err *err);

/* The units of a kind, to be changed. */
struct units *find_units(struct tenant *tenant, enum kind_id kind);

#endif
