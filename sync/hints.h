/*
 * What Kombo's webhooks have told, for whoever waits for it: which integrations to look at, and
 * how its own last sync of each ended. A lock of its own, so that a webhook is answered at once
 * whatever the publisher does.
 */
#ifndef ROLLCALL_SYNC_HINTS_H
#define ROLLCALL_SYNC_HINTS_H

#include <stdbool.h>
#include <stdint.h>

#define HINT_STATE_SIZE 32

struct hints;

struct hints *hints_open(void);
void	hints_close(struct hints **hints);

/* Everything below is safe from any thread. */

/* How a webhook fared. */
enum hint_fate { HINT_ACCEPTED, HINT_REPEATED, HINT_REFUSED, HINT_FATE_N };

void	hints_count(struct hints *hints, enum hint_fate fate);

/* The data of an integration may have changed: noted once, until it is taken. */
void	hints_want(struct hints *hints, const char *integration);

/* Kombo's sync of an integration ended; `state` is Kombo's word, NULL: none was given. */
void	hints_finish(struct hints *hints, const char *integration, const char *state);

/* Calls back with each integration that was noted, and forgets them. */
void	hints_take(struct hints *hints, void (*found)(void *context, const char *integration),
	    void *context);

/* Whether a sync ended since an instant of clock_monotonic(), and in which state. */
bool	hints_finished(struct hints *hints, const char *integration, int64_t since,
	    char state[HINT_STATE_SIZE]);

struct hints_figures {
	bool	listening;
	int64_t	fate[HINT_FATE_N];	/* since the start */
	int64_t	last_at;		/* instant of the last one accepted, 0 for none */
};
void	hints_set_listening(struct hints *hints, bool listening);
void	hints_get_figures(struct hints *hints, struct hints_figures *figures);

#endif
