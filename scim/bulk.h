/*
 * Bulk requests (RFC 7644 §3.7): writes one after another, each of them whole or not at all.
 */
#ifndef ROLLCALL_SCIM_BULK_H
#define ROLLCALL_SCIM_BULK_H

#include "scim/request.h"

#define BULK_OPERATIONS	1000		/* at most; the size is BODY_MAX */

/*
 * Fills request->answer. -1 when the request itself cannot be: ERR_SCIM_SYNTAX, or
 * ERR_TOO_LARGE, which names the limit. What becomes of each operation stands in the answer.
 *
 * Operations come in the order they are written, but for one that names a resource of a later
 * one by "bulkId:…": that is made first. Resources that name each other are made without the
 * names, and get them afterwards (409 when that fails: they are gone again).
 */
int	bulk_do(struct request *request, struct err *err);

#endif
