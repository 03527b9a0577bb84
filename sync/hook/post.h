/*
 * Posting an event to the URL of a hook, signed as Standard Webhooks 1.0 says.
 */
#ifndef ROLLCALL_SYNC_HOOK_POST_H
#define ROLLCALL_SYNC_HOOK_POST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sync/hook/body.h"

#define HOOK_SIGNATURE_SIZE 64

/*
 * "v1,…" of id, timestamp (seconds) and body, by the secret: its bytes, or what follows
 * "whsec_" decoded from base64. -1 with ERR_SECRET when that is no base64.
 */
int	hook_sign(const char *secret, const char *id, int64_t timestamp, const struct buf *body,
	    char signature[HOOK_SIGNATURE_SIZE], struct err *err);

/*
 * 0: the answer is 2xx; -1: ERR_HOOK says what it was, ERR_SECRET that the secret cannot be
 * read; ERR_CANCELLED: *stop was set.
 */
int	hook_post(const struct conf_set *set, const struct hook_body *body,
	    const atomic_bool *stop, struct err *err);

#endif
