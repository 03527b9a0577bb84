/*
 * When what runs: each source by its interval with some jitter, dates by the tick.
 */
#ifndef ROLLCALL_SYNC_SCHEDULE_H
#define ROLLCALL_SYNC_SCHEDULE_H

#include <stdint.h>

#include "sync/engine.h"

struct schedule;

struct schedule *schedule_open(struct engine *engine);

/* Cancels fetches that are under way and waits for their threads. */
void	schedule_close(struct schedule **schedule);

/* Does what is due now: starts runs in threads of their own, lets dates take effect. */
void	schedule_work(struct schedule *schedule);

/* Microseconds until something is due, at most a minute. */
int64_t	schedule_wait(struct schedule *schedule);

/* The configuration changed: intervals are looked at anew; wanted complete fetches start. */
void	schedule_reload(struct schedule *schedule);

#endif
