/*
 * What one search sends, in as few segments of TCP as it fits in. slapd writes each entry and
 * the result by themselves and at once, which makes the kernel send as many segments and wake
 * the client as often; while a cork is in, the kernel waits for a full segment (tcp(7)).
 */
#ifndef ROLLCALL_BACKEND_CORK_H
#define ROLLCALL_BACKEND_CORK_H

#include <stdbool.h>

#include "backend/slapd.h"

/* Zeroed: not in. */
struct cork {
	bool	 in;
	bool	 useless;	/* no connection, or not TCP's */
	int	 fd;
};

/* Before something is sent. Calls that change nothing cost nothing. */
void	cork_put(struct cork *cork, const Operation *op);
/* Sends what is held back: after the last, and whenever nothing may follow for a while. */
void	cork_pull(struct cork *cork);

#endif
