/*
 * Failed logins, counted, so that whoever goes on failing is told to wait. Nobody is kept
 * out by it: a good token is let in without asking here (scim/route.c).
 *
 * A token is counted by how it begins: a client that goes on with one that was revoked
 * waits alone. An address is counted only for each new token that comes from it, so only
 * who tries many makes others with wrong tokens at that address wait.
 *
 * Memory is what throttle_open takes; who was counted longest ago is forgotten first.
 */
#ifndef ROLLCALL_SCIM_THROTTLE_H
#define ROLLCALL_SCIM_THROTTLE_H

#include <stddef.h>

#include "base/net.h"

struct throttle;

/* Allows so many failures a minute, of a token and of an address, and as many at once. */
struct throttle *throttle_open(unsigned int per_minute);
void	throttle_close(struct throttle **throttle);

/*
 * Counts a failed login with that token from that address. 0: within what is allowed;
 * else the seconds after which it would be again. Failures beyond are not counted.
 * `now` is clock_now(). Any thread.
 */
unsigned int throttle_failed(struct throttle *throttle, const struct net *address,
	    const char *token, size_t len, int64_t now);

#endif
