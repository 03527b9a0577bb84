/*
 * Owns nothing. Looks at the clock twenty times a second, since it may jump.
 */
#include "config.h"

#include "sync/pause.h"

#include <time.h>

#include "base/clock.h"

#define PAUSE_STEP (50 * 1000)

bool
pause_for(int64_t duration, const atomic_bool *cancel)
{
	struct timespec ts;
	int64_t end, left, until;

	/* Whichever comes first: a clock set back must not make it longer. */
	until = clock_now() + duration;
	end = clock_monotonic() + duration;
	while (clock_monotonic() < end && (left = until - clock_now()) > 0) {
		if (cancel != NULL && atomic_load(cancel))
			return (false);
		if (left > PAUSE_STEP)
			left = PAUSE_STEP;
		ts = (struct timespec){ .tv_sec = 0, .tv_nsec = (long)(left * 1000) };
		(void)nanosleep(&ts, NULL);
	}
	return (true);
}
