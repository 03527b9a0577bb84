/*
 * The address a request comes from. Behind a proxy the connection's address is the
 * proxy's: it names the client in a header, which is believed only when the connection
 * comes from a proxy that the configuration trusts.
 */
#ifndef ROLLCALL_SCIM_ORIGIN_H
#define ROLLCALL_SCIM_ORIGIN_H

#include <microhttpd.h>

#include "base/conf.h"
#include "base/net.h"

/* As the choices of proxy_header are in order. */
enum origin_header {
	ORIGIN_X_FORWARDED_FOR,
	ORIGIN_FORWARDED		/* RFC 7239 */
};

struct origin {
	enum origin_header	 header;
	struct net		*trusted;
	size_t			 count;
};

/* From trusted_proxy and proxy_header of the main file. */
struct origin *origin_open(const struct conf *conf);
void	origin_close(struct origin **origin);

bool	origin_trusts(const struct origin *origin, const struct net *address);

/*
 * Walks the header's lines, given in the order they came, from the last address back:
 * the first one that is no trusted proxy is the client's. Where an address cannot be
 * read, what stands before it is not believed either. On entry *address is the
 * connection's, of a trusted proxy.
 */
void	origin_walk(const struct origin *origin, const char *const *lines, size_t count,
	    struct net *address);

/* The client's address of a request on that connection. */
void	origin_find(const struct origin *origin, struct MHD_Connection *connection,
	    struct net *address);

#endif
