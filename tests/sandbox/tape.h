/*
 * Prerecorded answers: every page of a complete fetch (page_size=250,
 * include_deleted=true, no filters) of all models, rendered once into an unlinked file,
 * so that a benchmark measures the client and not the sandbox.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_TAPE_H
#define ROLLCALL_TESTS_SANDBOX_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tests/sandbox/answer.h"
#include "tests/sandbox/query.h"
#include "tests/sandbox/tenant.h"

struct tape;

/*
 * Records all pages of the integrations, about 4.4 KB a person; with `gzip` also
 * compressed. The file is in $TMPDIR or /var/tmp. *out replaces nothing: close an older
 * tape first.
 */
int	tape_open(struct tenant *const *tenants, size_t count, bool gzip, int64_t now,
	    struct tape **out, struct err *err);
void	tape_close(struct tape **tape);

/*
 * Fills in the recorded answer of a query whose page begins at `place`. False when
 * there is none: another query, or the integration has changed since.
 */
bool tape_find(const struct tape *tape, const struct tenant *tenant,
    const struct query *query, uint64_t place, bool gzip, struct answer *answer);

/* Bytes and pages recorded. */
uint64_t tape_size(const struct tape *tape);
size_t	tape_pages(const struct tape *tape);

#endif
