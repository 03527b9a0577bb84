/*
 * Network addresses and networks, IPv4 and IPv6 alike: an IPv4 address is held as the
 * IPv6 address that maps it, so that one that arrives on either kind of socket is equal.
 */
#ifndef ROLLCALL_BASE_NET_H
#define ROLLCALL_BASE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

#define NET_SIZE	16
#define NET_BITS	(8 * NET_SIZE)
#define NET_TEXT_SIZE	64
#define NET_LOCAL	"unix"

/* An address when all bits count. `local` is whoever comes by a Unix socket. */
struct net {
	uint8_t		bytes[NET_SIZE];
	unsigned int	bits;		/* that count, of NET_BITS */
	bool		local;
};

/*
 * "192.0.2.1", "192.0.2.0/24", "2001:db8::/32" or "unix". -1: it is none of them; the
 * text in err goes on from the value itself, as those of base/conf/form.h do.
 */
int	net_parse(const char *text, struct net *net, struct err *err);

/* The one way to write it. Returns `text`. */
const char *net_format(const struct net *net, char text[NET_TEXT_SIZE]);

/* Of accept(2) or getpeername(2), of the size its family has; all but IPv4 and IPv6 is local. */
void	net_peer(const struct sockaddr *address, struct net *net);

/* Whether the address is one of the network's. */
bool	net_has(const struct net *net, const struct net *address);

/*
 * A number for whoever is behind the address, for tables: IPv6 counts by its first 64
 * bits, since a host has all the others to itself. `seed` keeps outsiders from choosing
 * which addresses share one.
 */
uint64_t net_hash(const struct net *address, uint64_t seed);

#endif
