/*
 * Owns its threads; `lock` guards the list of jobs.
 */
#include "config.h"

#include "scim/pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"

struct pool {
	pthread_mutex_t	 lock;
	pthread_cond_t	 more;
	struct pool_job	*first;
	struct pool_job	*last;
	size_t		 waiting;
	size_t		 idle;
	pthread_t	 threads[POOL_THREADS];
	size_t		 count;
	atomic_bool	 stopping;
};

struct pool *
pool_open(void)
{
	struct pool *pool;

	pool = mem_alloc(sizeof(*pool));
	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->more, NULL);
	return (pool);
}

/* The next job; NULL when there is none and there will be none. The lock is held. */
static struct pool_job *
pool_take(struct pool *pool)
{
	struct pool_job *job;

	while (pool->first == NULL && !atomic_load(&pool->stopping)) {
		pool->idle++;
		(void)pthread_cond_wait(&pool->more, &pool->lock);
		pool->idle--;
	}
	job = pool->first;
	if (job != NULL) {
		pool->first = job->next;
		pool->waiting--;
	}
	return (job);
}

static void *
pool_run(void *context)
{
	struct pool *pool = context;
	struct pool_job *job;

	(void)pthread_mutex_lock(&pool->lock);
	while ((job = pool_take(pool)) != NULL) {
		(void)pthread_mutex_unlock(&pool->lock);
		job->work(job);
		(void)pthread_mutex_lock(&pool->lock);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return (NULL);
}

/* Whether somebody will do what is put now; a thread is started where that helps. */
static bool
pool_staff(struct pool *pool)
{
	if (pool->idle == 0 && pool->count < POOL_THREADS &&
	    pthread_create(&pool->threads[pool->count], NULL, pool_run, pool) == 0)
		pool->count++;
	return (pool->count > 0);
}

bool
pool_put(struct pool *pool, struct pool_job *job)
{
	bool taken;

	job->next = NULL;
	(void)pthread_mutex_lock(&pool->lock);
	taken = !atomic_load(&pool->stopping) && pool->waiting < POOL_WAITING &&
	    pool_staff(pool);
	if (taken) {
		if (pool->first != NULL)
			pool->last->next = job;
		else
			pool->first = job;
		pool->last = job;
		pool->waiting++;
		(void)pthread_cond_signal(&pool->more);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return (taken);
}

bool
pool_stopping(const struct pool *pool)
{
	return (atomic_load(&pool->stopping));
}

void
pool_stop(struct pool *pool)
{
	(void)pthread_mutex_lock(&pool->lock);
	atomic_store(&pool->stopping, true);
	(void)pthread_cond_broadcast(&pool->more);
	(void)pthread_mutex_unlock(&pool->lock);
	for (; pool->count > 0; pool->count--)
		(void)pthread_join(pool->threads[pool->count - 1], NULL);
}

void
pool_close(struct pool **pool)
{
	if (*pool == NULL)
		return;
	pool_stop(*pool);
	(void)pthread_cond_destroy(&(*pool)->more);
	(void)pthread_mutex_destroy(&(*pool)->lock);
	mem_free(pool);
}
