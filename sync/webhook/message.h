/*
 * A webhook of Kombo as it came: whether Kombo sent it, and what it says (kombo/api.md §8).
 */
#ifndef ROLLCALL_SYNC_WEBHOOK_MESSAGE_H
#define ROLLCALL_SYNC_WEBHOOK_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

/*
 * Whether X-Kombo-Signature is the HMAC-SHA256 of the raw body under one of the secrets, in
 * base64url; in constant time. `signature` may be NULL.
 */
bool	message_is_signed(const char *signature, const void *body, size_t len,
	    char *const *secrets, size_t count);

struct message {
	const char	*id;
	const char	*type;
	const char	*integration;	/* NULL: it names none */
	bool		 wants;		/* what we fetch may have changed */
	bool		 finished;	/* Kombo's own sync ended */
	const char	*state;		/* … in this state, NULL: not said */
};

/*
 * Reads a signed body; texts are in the arena. Types and members that are not known are no
 * error. -1: it is no message, err says why.
 */
int	message_read(const void *body, size_t len, struct arena *arena,
	    struct message *message, struct err *err);

#endif
