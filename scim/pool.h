/*
 * Threads for what takes its time: writes, which wait for rollcalld. The threads that answer
 * reads never do.
 */
#ifndef ROLLCALL_SCIM_POOL_H
#define ROLLCALL_SCIM_POOL_H

#include <stdbool.h>
#include <stddef.h>

#define POOL_THREADS	4
#define POOL_WAITING	256	/* jobs, at most */

struct pool;

/* A part of whoever wants it done; `work` is called once, by one of the threads. */
struct pool_job {
	void		(*work)(struct pool_job *job);
	struct pool_job	*next;
};

/* Threads are started with the first job. */
struct pool *pool_open(void);

/* False when too many jobs wait, or the pool is being closed: nothing was taken. */
bool	pool_put(struct pool *pool, struct pool_job *job);

/* Takes no more jobs, and waits until those that were taken are done. */
void	pool_stop(struct pool *pool);

/* Whether it is being stopped: what is not begun need not begin. Any thread. */
bool	pool_stopping(const struct pool *pool);

void	pool_close(struct pool **pool);

#endif
