/*
 * What Kombo tells of an integration itself (kombo/api.md §6.2, §6.4).
 */
#ifndef ROLLCALL_TESTS_SANDBOX_DETAILS_H
#define ROLLCALL_TESTS_SANDBOX_DETAILS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "tests/sandbox/serve.h"
#include "tests/sandbox/tenant.h"

/* The members of `data` of GET /integrations/{id}. */
void	details_integration(const struct tenant *tenant, struct buf *out);

/* The two listings of fields. */
enum details_list { DETAILS_CUSTOM_FIELDS, DETAILS_INTEGRATION_FIELDS };

/*
 * The members of `data` of GET /integrations/{id}/custom-fields or /integration-fields,
 * by the request's page_size and cursor. -1 with the message of INPUT_INVALID in err.
 */
int	details_fields(const struct tenant *tenant, enum details_list list,
	    const struct request *request, struct buf *out, struct err *err);

/* True for the keys that custom_fields of employees have. */
bool	details_is_custom_field(const char *key);

#endif
