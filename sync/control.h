/*
 * The control socket of rollcalld: requests of admins, one thread a connection. The kernel says
 * who asks (SO_PEERCRED, rulings F5).
 */
#ifndef ROLLCALL_SYNC_CONTROL_H
#define ROLLCALL_SYNC_CONTROL_H

#include "base/err.h"
#include "sync/engine.h"

struct control;

/*
 * Listens on the configured socket; a stale one is replaced, one that is answered is ERR_BUSY.
 * Allowed are root, the daemon's own user, and members of [server] admin_group; the system user
 * of rollcall-scimd ([scim] user) may ask for scim.write alone.
 */
int	control_open(struct engine *engine, struct control **control, struct err *err);

/* Stops listening, ends connections, waits for their threads. */
void	control_close(struct control **control);

#endif
