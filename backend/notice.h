/*
 * One change that was published, told to slapd's overlays as an operation of slapd's own: the
 * directory has it already, but whoever asks within the operation is shown the entry as it was
 * before, and then as it is (ldap/slapd-backend.md §2.8).
 */
#ifndef ROLLCALL_BACKEND_NOTICE_H
#define ROLLCALL_BACKEND_NOTICE_H

#include <stdbool.h>

#include "backend/slapd.h"

/*
 * Tells of it: `before` NULL: the entry is new; `after` NULL: it is gone; else it has changed
 * and kept its name. Both are borrowed. op is one of connection_fake_init, made for this
 * database.
 */
void	notice_tell(Operation *op, BackendDB *be, Entry *before, Entry *after,
	    struct berval *csn);

/*
 * For bi_op_add, bi_op_modify and bi_op_delete: whether the operation is one of these, or
 * syncprov's own note of contextCSN, and was answered.
 */
bool	notice_apply(Operation *op, SlapReply *rs);

/*
 * For bi_entry_get_rw: 1 *e is what the operation is to see under a name, -1 it is to see
 * nothing there, 0 it is not about that name.
 */
int	notice_entry(Operation *op, const struct berval *ndn, Entry **e);

#endif
