/*
 * Webhooks from Kombo to a client (kombo/api.md §8).
 */
#ifndef ROLLCALL_TESTS_SANDBOX_HOOK_H
#define ROLLCALL_TESTS_SANDBOX_HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "tests/sandbox/tenant.h"

/* Where they go, and what was sent last. */
struct hook {
	char		*url;		/* NULL: nowhere */
	char		*secret;
	bool		 automatic;	/* data-changed after every change */
	char		*last_id;
	struct buf	 last_body;
};

/* What is wrong with one. */
enum hook_variant {
	HOOK_GOOD,
	HOOK_WRONG_SIGNATURE,	/* made with another secret */
	HOOK_NO_SIGNATURE,	/* without the header */
	HOOK_REPLAY,		/* the last one again, byte for byte */
	HOOK_DUPLICATE_ID,	/* a new one with the id of the last */
	HOOK_VARIANT_N
};

enum hook_variant hook_variant_find(const char *name);	/* HOOK_VARIANT_N for none */

/* An event to be told. */
struct hook_event {
	const char		*type;	/* "data-changed" …; unknown ones get data {} */
	const struct tenant	*tenant;
	unsigned int		 models;	/* enum tenant_news, for data-changed */
	const char		*model;		/* a further model name, or NULL */
	const char		*state;		/* of sync-finished, or NULL */
	uint64_t		 serial;	/* makes its id */
	int64_t			 now;
	enum hook_variant	 variant;
};

/* One request, ready to go: made under the lock, sent without it. */
struct hook_post {
	char		*url;
	char		*id;
	struct buf	 body;
	char		 signature[64];	/* "" for none */
	long		 status;	/* the receiver's answer, 0 for none */
};

/* ERR_NOT_FOUND when no URL was given. post_close is due in both cases. */
int hook_make(struct hook *hook, const struct hook_event *event, struct hook_post *post,
    struct err *err);

/* Sends it; ERR_NETWORK when nobody answers. */
int	hook_send(struct hook_post *post, struct err *err);
void	hook_post_close(struct hook_post *post);

void	hook_close(struct hook *hook);

/*
 * X-Kombo-Signature of a body (kombo/api.md §8.1); `text` has 64 bytes. Returns `text`.
 */
const char *hook_sign(const char *secret, const void *body, size_t len, char text[64]);

#endif
