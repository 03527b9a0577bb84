/*
 * Waiting that a test can cut short by moving the clock, and a stop can interrupt.
 */
#ifndef ROLLCALL_SYNC_PAUSE_H
#define ROLLCALL_SYNC_PAUSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Waits until clock_now() has advanced by `duration` microseconds. False when *cancel (may be
 * NULL) was set meanwhile.
 */
bool	pause_for(int64_t duration, const atomic_bool *cancel);

#endif
