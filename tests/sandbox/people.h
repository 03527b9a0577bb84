/*
 * The people that an integration begins with: each a function of the integration's
 * configuration and the index alone, so that none needs to be kept.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_PEOPLE_H
#define ROLLCALL_TESTS_SANDBOX_PEOPLE_H

#include <stdint.h>

#include "tests/sandbox/employee.h"
#include "tests/sandbox/links.h"
#include "tests/sandbox/pad.h"

/* The whole person; texts are in tables or on the pad, which begins anew. */
void	people_make(const struct people *people, uint32_t index, struct pad *pad,
	    struct employee *out);

#endif
