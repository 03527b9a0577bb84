/*
 * Owns a row for each integration that was ever named; only those of our sources are
 * (sync/webhook/webhook.c), so there are few.
 */
#include "config.h"

#include "sync/hints.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

struct hint {
	char	*integration;
	bool	 wanted;
	int64_t	 finished_at;		/* clock_monotonic(), 0: never */
	char	 state[HINT_STATE_SIZE];
};

struct hints {
	pthread_mutex_t		 lock;
	struct hint		*rows;
	size_t			 count;
	size_t			 room;
	struct hints_figures	 figures;
};

struct hints *
hints_open(void)
{
	struct hints *hints;

	hints = mem_alloc(sizeof(*hints));
	(void)pthread_mutex_init(&hints->lock, NULL);
	return (hints);
}

void
hints_close(struct hints **out)
{
	struct hints *hints = *out;
	size_t i;

	if (hints == NULL)
		return;
	for (i = 0; i < hints->count; i++)
		mem_free(&hints->rows[i].integration);
	mem_free(&hints->rows);
	(void)pthread_mutex_destroy(&hints->lock);
	mem_free(out);
}

/* The row of an integration, made when there is none. Locked. */
static struct hint *
hints_row(struct hints *hints, const char *integration)
{
	struct hint *row;
	size_t i;

	for (i = 0; i < hints->count; i++)
		if (strcmp(hints->rows[i].integration, integration) == 0)
			return (&hints->rows[i]);
	row = mem_grow(&hints->rows, hints->count++, &hints->room, sizeof(*row));
	row->integration = mem_dup(integration);
	return (row);
}

void
hints_count(struct hints *hints, enum hint_fate fate)
{
	(void)pthread_mutex_lock(&hints->lock);
	hints->figures.fate[fate]++;
	if (fate == HINT_ACCEPTED)
		hints->figures.last_at = clock_now();
	(void)pthread_mutex_unlock(&hints->lock);
}

void
hints_want(struct hints *hints, const char *integration)
{
	(void)pthread_mutex_lock(&hints->lock);
	hints_row(hints, integration)->wanted = true;
	(void)pthread_mutex_unlock(&hints->lock);
}

void
hints_finish(struct hints *hints, const char *integration, const char *state)
{
	struct hint *row;

	(void)pthread_mutex_lock(&hints->lock);
	row = hints_row(hints, integration);
	row->finished_at = clock_monotonic();
	(void)snprintf(row->state, sizeof(row->state), "%s", state != NULL ? state : "");
	(void)pthread_mutex_unlock(&hints->lock);
}

void
hints_take(struct hints *hints, void (*found)(void *context, const char *integration),
    void *context)
{
	char **names;
	size_t count, i;

	names = NULL;
	count = 0;
	(void)pthread_mutex_lock(&hints->lock);
	for (i = 0; i < hints->count; i++) {
		if (!hints->rows[i].wanted)
			continue;
		if (names == NULL)
			names = mem_alloc(hints->count * sizeof(*names));
		names[count++] = mem_dup(hints->rows[i].integration);
		hints->rows[i].wanted = false;
	}
	(void)pthread_mutex_unlock(&hints->lock);
	for (i = 0; i < count; i++) {
		found(context, names[i]);
		mem_free(&names[i]);
	}
	mem_free(&names);
}

bool
hints_finished(struct hints *hints, const char *integration, int64_t since,
    char state[HINT_STATE_SIZE])
{
	const struct hint *row;
	bool finished;

	(void)pthread_mutex_lock(&hints->lock);
	row = hints_row(hints, integration);
	finished = row->finished_at != 0 && row->finished_at >= since;
	if (finished)
		memcpy(state, row->state, HINT_STATE_SIZE);
	(void)pthread_mutex_unlock(&hints->lock);
	return (finished);
}

void
hints_set_listening(struct hints *hints, bool listening)
{
	(void)pthread_mutex_lock(&hints->lock);
	hints->figures.listening = listening;
	(void)pthread_mutex_unlock(&hints->lock);
}

void
hints_get_figures(struct hints *hints, struct hints_figures *figures)
{
	(void)pthread_mutex_lock(&hints->lock);
	*figures = hints->figures;
	(void)pthread_mutex_unlock(&hints->lock);
}
