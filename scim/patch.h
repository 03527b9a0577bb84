/*
 * PATCH (RFC 7644 §3.5.2): the operations of a message, applied to a document in order.
 */
#ifndef ROLLCALL_SCIM_PATCH_H
#define ROLLCALL_SCIM_PATCH_H

#include "scim/doc.h"

#define PATCH_OPERATIONS 1000	/* at most, in one request */

/*
 * Beyond the RFC, since real clients send it (scim/interop.md §1): operations in any letter
 * case; values without a path whose names are paths themselves, with URNs, dots or brackets;
 * a dot behind a URN; booleans as strings; single values for lists and lists of one for
 * single values; elements to be removed as a value.
 *
 * On -1 the document is of no more use; err says which operation it was, counted from 1:
 * ERR_SCIM_SYNTAX, _PATH, _FILTER, _VALUE, _TARGET, ERR_MUTABILITY, ERR_TOO_LARGE.
 */
int	patch_apply(struct doc *doc, const json_t *body, struct err *err);

#endif
