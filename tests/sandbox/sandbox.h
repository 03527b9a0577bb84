/*
 * The whole of it: the integrations, the time, the switches, under one lock.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_SANDBOX_H
#define ROLLCALL_TESTS_SANDBOX_SANDBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/sandbox/fault.h"
#include "tests/sandbox/hook.h"
#include "tests/sandbox/tape.h"
#include "tests/sandbox/tenant.h"
#include "tests/sandbox/traffic.h"

struct sandbox {
	pthread_mutex_t	 lock;
	struct tenant	**tenants;
	size_t		 tenant_count;
	size_t		 tenant_room;
	int64_t		 offset;	/* of the server's time, beyond clock_now's */
	int64_t		 date_skew;	/* of the Date header, beyond that */
	bool		 gzip;
	struct faults	 faults;
	struct traffic	 traffic;
	struct hook	 hook;
	struct tape	*tape;		/* NULL: nothing is prerecorded */
	uint64_t	 serial;	/* of sync ids, webhook ids and the like */
	uint64_t	 churned;	/* events of churn so far */
	/* The thread of --churn, and the end. */
	pthread_t	 churner;
	bool		 churning;
	int64_t		 churn_interval;
	pthread_cond_t	 wake;
	bool		 ending;
};

void	sandbox_open(struct sandbox *sandbox);
void	sandbox_close(struct sandbox *sandbox);

/* Takes the integration. */
void	sandbox_add(struct sandbox *sandbox, struct tenant *tenant);

/* The integration of that id, or NULL. */
struct tenant *sandbox_find(const struct sandbox *sandbox, const char *id);

/* The server's time, whole milliseconds as Kombo has them. */
int64_t	sandbox_now(const struct sandbox *sandbox);

#define SANDBOX_NEWS_MAX 16

/*
 * Webhooks that are due: data-changed for each integration with news, when they are to
 * be sent by themselves. Made under the lock; told, and freed, without it.
 */
size_t	sandbox_news(struct sandbox *sandbox, struct hook_post *posts, size_t room);
/* The same for forced syncs that have ended: sync-finished, whenever there is a URL. */
size_t	sandbox_ends(struct sandbox *sandbox, struct hook_post *posts, size_t room);
void	sandbox_tell(struct hook_post *posts, size_t count);

/*
 * A churn event every `seconds`, in a thread of its own that ends with sandbox_close.
 */
void	sandbox_churn(struct sandbox *sandbox, int64_t seconds);

#endif
