/*
 * Owns nothing.
 */
#include "config.h"

#include "base/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

#define V4_OFFSET	12		/* ::ffff:192.0.2.1 */
#define V4_BITS		32
#define HOST_BITS	64		/* of an IPv6 address, those of a network */

static void
net_set_v4(struct net *net, const void *address)
{
	*net = (struct net){ .bytes = { [V4_OFFSET - 2] = 0xff, [V4_OFFSET - 1] = 0xff },
		.bits = NET_BITS };
	memcpy(net->bytes + V4_OFFSET, address, NET_SIZE - V4_OFFSET);
}

static void
net_set_v6(struct net *net, const void *address)
{
	*net = (struct net){ .bits = NET_BITS };
	memcpy(net->bytes, address, NET_SIZE);
}

static bool
net_is_v4(const struct net *net)
{
	struct net mapped;

	net_set_v4(&mapped, net->bytes + V4_OFFSET);
	return (memcmp(mapped.bytes, net->bytes, V4_OFFSET) == 0 &&
	    net->bits >= NET_BITS - V4_BITS);
}

/* Clears the bits that do not count; whether some were set. */
static bool
net_mask(struct net *net)
{
	uint8_t keep;
	bool extra;
	size_t i;

	extra = false;
	for (i = 0; i < NET_SIZE; i++) {
		keep = net->bits >= 8 * (i + 1) ? 0xff : net->bits <= 8 * i ? 0 :
		    (uint8_t)(0xff00 >> (net->bits - 8 * i));
		extra |= (net->bytes[i] & ~keep) != 0;
		net->bytes[i] &= keep;
	}
	return (extra);
}

static bool
net_parse_host(const char *host, struct net *net)
{
	uint8_t bytes[NET_SIZE];

	if (inet_pton(AF_INET, host, bytes) == 1)
		net_set_v4(net, bytes);
	else if (inet_pton(AF_INET6, host, bytes) == 1)
		net_set_v6(net, bytes);
	else
		return (false);
	return (true);
}

/* The length of a prefix, "24", of an address with `most` bits; -1 when it is none. */
static int
net_parse_length(const char *text, unsigned int most)
{
	unsigned long length;

	if (strspn(text, "0123456789") != strlen(text) || *text == '\0' ||
	    strlen(text) > 3)
		return (-1);
	length = strtoul(text, NULL, 10);
	return (length <= most ? (int)length : -1);
}

int
net_parse(const char *text, struct net *net, struct err *err)
{
	char host[NET_TEXT_SIZE], right[NET_TEXT_SIZE];
	unsigned int most;
	size_t len;
	int length;

	*net = (struct net){ .bits = NET_BITS, .local = true };
	if (strcmp(text, NET_LOCAL) == 0)
		return (0);
	len = strcspn(text, "/");
	(void)snprintf(host, sizeof(host), "%.*s", (int)len, text);
	if (len >= sizeof(host) || !net_parse_host(host, net))
		return (err_set(err, ERR_CONFIG, "is no address: write 192.0.2.1, "
		    "192.0.2.0/24, 2001:db8::/32 or " NET_LOCAL));
	if (text[len] == '\0')
		return (0);
	most = strchr(host, ':') == NULL ? V4_BITS : NET_BITS;
	length = net_parse_length(text + len + 1, most);
	if (length < 0)
		return (err_set(err, ERR_CONFIG, "has no length within 0..%u after the "
		    "slash", most));
	net->bits = NET_BITS - most + (unsigned int)length;
	if (net_mask(net))
		return (err_set(err, ERR_CONFIG, "has bits beyond its length: write %s",
		    net_format(net, right)));
	return (0);
}

const char *
net_format(const struct net *net, char text[NET_TEXT_SIZE])
{
	char host[INET6_ADDRSTRLEN];
	unsigned int bits;
	bool v4;

	if (net->local) {
		(void)snprintf(text, NET_TEXT_SIZE, NET_LOCAL);
		return (text);
	}
	v4 = net_is_v4(net);
	(void)inet_ntop(v4 ? AF_INET : AF_INET6, net->bytes + (v4 ? V4_OFFSET : 0), host,
	    sizeof(host));
	bits = net->bits - (v4 ? NET_BITS - V4_BITS : 0);
	if (net->bits == NET_BITS)
		(void)snprintf(text, NET_TEXT_SIZE, "%s", host);
	else
		(void)snprintf(text, NET_TEXT_SIZE, "%s/%u", host, bits);
	return (text);
}

void
net_peer(const struct sockaddr *address, struct net *net)
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	*net = (struct net){ .bits = NET_BITS, .local = true };
	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		net_set_v4(net, &v4.sin_addr);
	} else if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		net_set_v6(net, &v6.sin6_addr);
	}
}

bool
net_has(const struct net *net, const struct net *address)
{
	struct net masked = *address;

	masked.bits = net->bits;
	(void)net_mask(&masked);
	return (net->local == address->local &&
	    memcmp(net->bytes, masked.bytes, NET_SIZE) == 0);
}

uint64_t
net_hash(const struct net *address, uint64_t seed)
{
	return (hash64_seed(address->bytes, net_is_v4(address) ? NET_SIZE : HOST_BITS / 8,
	    seed + (address->local ? 1 : 0)));
}
