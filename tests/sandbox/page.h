/*
 * One page of a listing (kombo/api.md §2.1, §2.2).
 */
#ifndef ROLLCALL_TESTS_SANDBOX_PAGE_H
#define ROLLCALL_TESTS_SANDBOX_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "tests/sandbox/query.h"

/* Where a query's page begins; false when its cursor is not good (any more). */
bool
page_place(const struct tenant *tenant, const struct query *query, uint64_t *place);

/*
 * Adds the answer's whole body. Returns the place where the next page begins, or
 * PAGE_END. The order of rows: as they came to be, or as the shape shuffles them.
 */
#define PAGE_END UINT64_MAX
uint64_t page_render(struct tenant *tenant, const struct query *query, uint64_t place,
	    int64_t now, struct buf *out);

#endif
