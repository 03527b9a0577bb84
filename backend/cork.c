/*
 * Owns nothing: a cork is one search's. Others on the same connection may put and pull at the
 * same time, and pull what this one holds back: that is early, never late or wrong. The kernel
 * itself pulls after 200 ms.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/cork.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static bool
cork_set(const struct cork *cork, int value)
{
	return (setsockopt(cork->fd, IPPROTO_TCP, TCP_CORK, &value, sizeof(value)) == 0);
}

void
cork_put(struct cork *cork, const Operation *op)
{
	if (cork->in || cork->useless)
		return;
	/* Operations that slapd makes itself have a connection without a socket. */
	if (op->o_conn == NULL || op->o_conn->c_conn_idx < 0) {
		cork->useless = true;
		return;
	}
	cork->fd = op->o_conn->c_sd;
	cork->in = cork_set(cork, 1);
	cork->useless = !cork->in;
}

void
cork_pull(struct cork *cork)
{
	if (cork->in)
		(void)cork_set(cork, 0);
	cork->in = false;
}
