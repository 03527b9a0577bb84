/*
 * Plausible everyday events: hires, moves, leavers, renames.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_CHURN_H
#define ROLLCALL_TESTS_SANDBOX_CHURN_H

#include <stdint.h>

#include "base/mem.h"
#include "tests/sandbox/tenant.h"

/*
 * The event number `serial`: the same number brings the same event to the same data.
 * Adds {"event":…,"who":…}, where "who" is the index of the person or the place of the
 * group.
 */
void churn_event(struct tenant *tenant, uint64_t serial, int64_t now, struct buf *out);

#endif
