/*
 * Owns everything: the integrations, the scripts, the notes, the tape, and the thread
 * of --churn. One lock covers it all.
 */
#include "config.h"

#include "tests/sandbox/sandbox.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/sandbox/churn.h"

void
sandbox_open(struct sandbox *sandbox)
{
	pthread_condattr_t clock;

	memset(sandbox, 0, sizeof(*sandbox));
	sandbox->gzip = true;
	sandbox->traffic.limit = TRAFFIC_LIMIT;
	(void)pthread_mutex_init(&sandbox->lock, NULL);
	(void)pthread_condattr_init(&clock);
	(void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&sandbox->wake, &clock);
	(void)pthread_condattr_destroy(&clock);
}

void
sandbox_close(struct sandbox *sandbox)
{
	size_t i;

	(void)pthread_mutex_lock(&sandbox->lock);
	sandbox->ending = true;
	(void)pthread_cond_broadcast(&sandbox->wake);
	(void)pthread_mutex_unlock(&sandbox->lock);
	if (sandbox->churning)
		(void)pthread_join(sandbox->churner, NULL);
	for (i = 0; i < sandbox->tenant_count; i++)
		tenant_close(&sandbox->tenants[i]);
	mem_free(&sandbox->tenants);
	faults_clear(&sandbox->faults);
	traffic_clear(&sandbox->traffic);
	hook_close(&sandbox->hook);
	tape_close(&sandbox->tape);
	(void)pthread_cond_destroy(&sandbox->wake);
	(void)pthread_mutex_destroy(&sandbox->lock);
}

void
sandbox_add(struct sandbox *sandbox, struct tenant *tenant)
{
	struct tenant **place;

	place = mem_grow(&sandbox->tenants, sandbox->tenant_count,
	    &sandbox->tenant_room, sizeof(struct tenant *));
	*place = tenant;
	sandbox->tenant_count++;
}

struct tenant *
sandbox_find(const struct sandbox *sandbox, const char *id)
{
	size_t i;

	for (i = 0; i < sandbox->tenant_count; i++)
		if (strcmp(sandbox->tenants[i]->id, id) == 0)
			return (sandbox->tenants[i]);
	return (NULL);
}

int64_t
sandbox_now(const struct sandbox *sandbox)
{
	return ((clock_now() + sandbox->offset) / 1000 * 1000);
}

size_t
sandbox_news(struct sandbox *sandbox, struct hook_post *posts, size_t room)
{
	struct hook_event event = { .type = "data-changed", .variant = HOOK_GOOD };
	struct tenant *tenant;
	size_t count, i;

	event.now = sandbox_now(sandbox);
	count = 0;
	for (i = 0; i < sandbox->tenant_count && count < room; i++) {
		tenant = sandbox->tenants[i];
		event.models = tenant->news;
		if (event.models == 0)
			continue;
		tenant->news = 0;
		event.tenant = tenant;
		event.serial = ++sandbox->serial;
		if (sandbox->hook.automatic && hook_make(&sandbox->hook, &event,
		    &posts[count], NULL) == 0)
			count++;
	}
	return (count);
}

size_t
sandbox_ends(struct sandbox *sandbox, struct hook_post *posts, size_t room)
{
	struct hook_event event = { .type = "sync-finished", .variant = HOOK_GOOD };
	struct tenant *tenant;
	size_t count, i;

	event.now = sandbox_now(sandbox);
	count = 0;
	for (i = 0; i < sandbox->tenant_count && count < room; i++) {
		tenant = sandbox->tenants[i];
		if (tenant->sync_ends == 0 || event.now < tenant->sync_ends)
			continue;
		tenant->sync_ends = 0;
		event.tenant = tenant;
		event.state = tenant->sync_state;
		event.serial = ++sandbox->serial;
		if (sandbox->hook.url != NULL && hook_make(&sandbox->hook, &event,
		    &posts[count], NULL) == 0)
			count++;
	}
	return (count);
}

void
sandbox_tell(struct hook_post *posts, size_t count)
{
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < count; i++) {
		if (hook_send(&posts[i], &err) != 0)
			log_err(LOG_LEVEL_WARNING, "sandbox.webhook", &err, "id=%s",
			    posts[i].id);
		hook_post_close(&posts[i]);
	}
}

/* Waits for `seconds` or the end; false at the end. The lock is held. */
static bool
churner_wait(struct sandbox *sandbox)
{
	struct timespec until;
	int64_t at;
	int late;

	at = clock_monotonic() + sandbox->churn_interval;
	until.tv_sec = (time_t)(at / CLOCK_SECOND);
	until.tv_nsec = (long)(at % CLOCK_SECOND * 1000);
	for (late = 0; !sandbox->ending && late == 0;)
		late = pthread_cond_timedwait(&sandbox->wake, &sandbox->lock, &until);
	return (!sandbox->ending);
}

static void *
churner_run(void *closure)
{
	struct hook_post posts[SANDBOX_NEWS_MAX];
	struct sandbox *sandbox = closure;
	struct tenant *tenant;
	struct buf told = BUF_INIT;
	size_t count;

	(void)pthread_mutex_lock(&sandbox->lock);
	while (churner_wait(sandbox)) {
		tenant = sandbox->tenants[sandbox->churned % sandbox->tenant_count];
		buf_reset(&told);
		churn_event(tenant, sandbox->churned++, sandbox_now(sandbox), &told);
		buf_char(&told, '\0');
		log_info("sandbox.churn", "integration=%s event=%s", tenant->id,
		    told.data);
		count = sandbox_news(sandbox, posts, SANDBOX_NEWS_MAX);
		(void)pthread_mutex_unlock(&sandbox->lock);
		sandbox_tell(posts, count);
		(void)pthread_mutex_lock(&sandbox->lock);
	}
	(void)pthread_mutex_unlock(&sandbox->lock);
	buf_close(&told);
	return (NULL);
}

void
sandbox_churn(struct sandbox *sandbox, int64_t seconds)
{
	sandbox->churn_interval = seconds * CLOCK_SECOND;
	sandbox->churning = pthread_create(&sandbox->churner, NULL, churner_run,
				sandbox) == 0;
}
