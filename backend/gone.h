/*
 * What is no more, as the log that syncprov asks for what was deleted while a replica was away,
 * also across restarts: "syncprov-sessionlog-source cn=deletions,<suffix>". It is made of the
 * view's tombstones and holds UUIDs and times alone (rulings F16). Nobody else sees it: to
 * clients that name is one that does not exist.
 */
#ifndef ROLLCALL_BACKEND_GONE_H
#define ROLLCALL_BACKEND_GONE_H

#include <stdbool.h>

#include "backend/slapd.h"

/* Whether syncprov searches the log: gone_search answers. */
bool	gone_is_asked(const Operation *op);
int	gone_search(Operation *op, SlapReply *rs);

/*
 * For bi_entry_get_rw: the top of the log, with minCSN, to be given back with unpack_release.
 * NULL: the name is another one, or the log's attributes are unknown (accesslog is not loaded).
 */
Entry	*gone_entry(Operation *op, struct berval *ndn);

#endif
