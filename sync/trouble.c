/*
 * Owns the one trouble of the process, which is the one publisher.
 */
#include "config.h"

#include "sync/trouble.h"

#include <pthread.h>

#include "base/clock.h"

static pthread_mutex_t trouble_lock = PTHREAD_MUTEX_INITIALIZER;
static struct err trouble_last = ERR_INIT;
static int64_t trouble_since;		/* 0: there is none */

void
trouble_set(const struct err *why)
{
	(void)pthread_mutex_lock(&trouble_lock);
	trouble_last = *why;
	if (trouble_since == 0)
		trouble_since = clock_now();
	(void)pthread_mutex_unlock(&trouble_lock);
}

void
trouble_clear(void)
{
	(void)pthread_mutex_lock(&trouble_lock);
	trouble_since = 0;
	(void)pthread_mutex_unlock(&trouble_lock);
}

bool
trouble_get(struct err *why, int64_t *since)
{
	bool any;

	(void)pthread_mutex_lock(&trouble_lock);
	any = trouble_since != 0;
	*why = trouble_last;
	*since = trouble_since;
	(void)pthread_mutex_unlock(&trouble_lock);
	return (any);
}
