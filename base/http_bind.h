/*
 * Inside base/ only: sockets to listen on.
 */
#ifndef ROLLCALL_BASE_HTTP_BIND_H
#define ROLLCALL_BASE_HTTP_BIND_H

#include <sys/types.h>

#include "base/err.h"

/* Whose a Unix socket is, and who may connect. */
struct bind_owner {
	const char	*group;		/* NULL: the program's */
	mode_t		 mode;
};

/* The path of a Unix socket, in the text; NULL when it is none. */
const char *bind_path(const char *text);

/*
 * Listens on a text of CONF_TYPE_LISTEN. The socket in *fd is the caller's; it is not
 * blocking. ERR_SYSTEM: the address is taken or not ours; ERR_CONFIG: no such group.
 */
int	bind_listen(const char *text, const struct bind_owner *owner, int *fd,
	    struct err *err);

#endif
