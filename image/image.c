/*
 * Owns the snapshots of one view, from the oldest somebody still reads to the current one, and
 * the connection they are read from. Threads: one writer at a time (the follower, or whoever
 * calls image_load and image_refresh); any number of readers. `lock` guards the list of
 * snapshots and the state, for a few instructions; `writer` is held while the database is read.
 */
#include "config.h"

#include "image/image.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/behind.h"
#include "base/clock.h"
#include "image/inside.h"

#define FOLLOW_STEP	(10 * 1000)	/* microseconds between two looks */
#define FOLLOW_NICE	10
#define REOPEN_STEP	CLOCK_SECOND	/* … at a database that could not be opened */

struct image *
image_open(const char *path, const char *view, const struct image_ops *ops, void *context)
{
	pthread_condattr_t attr;
	struct image *image;

	image = mem_alloc(sizeof(*image));
	image->ops = ops;
	image->context = context;
	image->path = mem_dup(path);
	image->name = mem_dup(view);
	(void)pthread_mutex_init(&image->writer, NULL);
	(void)pthread_mutex_init(&image->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&image->wake, &attr);
	(void)pthread_cond_init(&image->started, NULL);
	(void)pthread_condattr_destroy(&attr);
	return (image);
}

/* Frees old snapshots nobody reads any more, oldest first. */
static void
image_sweep(struct image *image)
{
	struct image_snap *snap;

	for (;;) {
		(void)pthread_mutex_lock(&image->lock);
		snap = image->oldest;
		if (snap == NULL || snap == image->current || snap->holders > 0) {
			(void)pthread_mutex_unlock(&image->lock);
			return;
		}
		image->oldest = snap->next;
		(void)pthread_mutex_unlock(&image->lock);
		snap_close(&snap);
	}
}

void
image_close(struct image **out)
{
	struct image *image = *out;

	if (image == NULL)
		return;
	if (image->following) {
		(void)pthread_mutex_lock(&image->lock);
		image->stop = true;
		(void)pthread_cond_signal(&image->wake);
		(void)pthread_mutex_unlock(&image->lock);
		(void)pthread_join(image->follower, NULL);
	}
	image_sweep(image);
	snap_close_whole(&image->current);
	db_close(&image->db);
	(void)pthread_cond_destroy(&image->wake);
	(void)pthread_cond_destroy(&image->started);
	(void)pthread_mutex_destroy(&image->lock);
	(void)pthread_mutex_destroy(&image->writer);
	mem_free(&image->path);
	mem_free(&image->name);
	mem_free(out);
}

/* ---- readers --------------------------------------------------------------------------------- */

const struct image_snap *
image_acquire(struct image *image)
{
	struct image_snap *snap;

	(void)pthread_mutex_lock(&image->lock);
	snap = image->current;
	if (snap != NULL)
		snap->holders++;
	(void)pthread_mutex_unlock(&image->lock);
	return (snap);
}

void
image_release(struct image *image, const struct image_snap *snap)
{
	if (snap == NULL)
		return;
	(void)pthread_mutex_lock(&image->lock);
	((struct image_snap *)(uintptr_t)snap)->holders--;
	(void)pthread_mutex_unlock(&image->lock);
}

static size_t
image_memory(const struct image_snap *snap)
{
	size_t i, total;

	total = cow_array_memory(snap->people) + cow_array_memory(snap->groups) +
	    cow_array_memory(snap->gone);
	for (i = 0; i < SNAP_SETS; i++)
		total += cow_set_memory(snap->sets[i]);
	for (i = 0; i < snap->ops->orders; i++)
		total += cow_order_memory(snap->orders[i]);
	return (total);
}

/* Under the lock. */
static bool
image_is_expired(const struct image *image)
{
	return (!image->state.sound && image->max_age != 0 &&
	    clock_now() - image->state.read_at > image->max_age);
}

bool
image_expired(const struct image *image)
{
	return (atomic_load_explicit(&image->expired, memory_order_relaxed));
}

void
image_state(struct image *image, struct image_state *state)
{
	const struct image_snap *snap;

	snap = image_acquire(image);
	(void)pthread_mutex_lock(&image->lock);
	*state = image->state;
	state->expired = image_is_expired(image);
	(void)pthread_mutex_unlock(&image->lock);
	state->loaded = snap != NULL;
	if (snap == NULL)
		return;
	state->revision = snap->revision;
	state->people = snap_people(snap);
	state->groups = snap_groups(snap);
	state->memory = image_memory(snap);
	image_release(image, snap);
}

/* ---- keeping up ------------------------------------------------------------------------------------ */

static int
image_connect(struct image *image, struct err *err)
{
	if (image->db != NULL && !db_replaced(image->db))
		return (0);
	image->replaced |= image->db != NULL;
	db_close(&image->db);
	image->data_version = -1;
	return (db_open(image->path, DB_READER, &image->db, err));
}

/* 1 taken in, 0 nothing new, -1. */
static int
image_look(struct image *image, struct err *err)
{
	int64_t version;
	int result;

	if (image_connect(image, err) < 0 || db_data_version(image->db, &version, err) < 0)
		return (-1);
	if (version == image->data_version && image->current != NULL)
		return (0);
	result = image_read(image, err);
	if (result >= 0)
		image->data_version = version;
	return (result);
}

static void
image_note(struct image *image, int result, const struct err *err)
{
	bool was_sound, same;

	(void)pthread_mutex_lock(&image->lock);
	was_sound = image->state.sound;
	same = strcmp(image->state.err.text, err->text) == 0;
	image->state.sound = result >= 0;
	image->state.err = *err;
	if (result >= 0)
		image->state.read_at = clock_now();
	(void)pthread_mutex_unlock(&image->lock);
	if (result < 0 && (was_sound || !same))
		image->ops->report(image->context, LOG_LEVEL_ERROR, err->text);
	else if (result >= 0 && !was_sound && image->retry_at != 0)
		image->ops->report(image->context, LOG_LEVEL_INFO,
		    "the database can be read again");
}

static int
image_try(struct image *image, struct err *err)
{
	struct err own = ERR_INIT;
	int result;

	result = image_look(image, &own);
	if (result < 0) {
		image->replaced |= image->db != NULL && db_replaced(image->db);
		db_close(&image->db);	/* whatever it was, begin anew */
		image->retry_at = clock_monotonic() + REOPEN_STEP;
	}
	image_note(image, result, &own);
	if (result >= 0)
		image->retry_at = 0;
	else if (err != NULL)
		*err = own;
	if (image->ops->looked != NULL)
		image->ops->looked(image->context);
	image_sweep(image);
	return (result);
}

int
image_load(struct image *image, struct err *err)
{
	int result;

	(void)pthread_mutex_lock(&image->writer);
	result = image_try(image, err);
	(void)pthread_mutex_unlock(&image->writer);
	return (result < 0 ? -1 : 0);
}

int
image_refresh(struct image *image, struct err *err)
{
	int result;

	(void)pthread_mutex_lock(&image->writer);
	result = image_try(image, err);
	(void)pthread_mutex_unlock(&image->writer);
	return (result);
}

static bool
image_wait(struct image *image)
{
	struct timespec until;
	bool stop;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += FOLLOW_STEP * 1000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	(void)pthread_mutex_lock(&image->lock);
	if (!image->stop)
		(void)pthread_cond_timedwait(&image->wake, &image->lock, &until);
	stop = image->stop;
	(void)pthread_mutex_unlock(&image->lock);
	return (!stop);
}

/* Loads for whoever waits in image_start. */
static void
image_run_first(struct image *image)
{
	struct err err = ERR_INIT;
	int result;

	(void)pthread_mutex_lock(&image->writer);
	result = image_try(image, &err);
	(void)pthread_mutex_unlock(&image->writer);
	(void)pthread_mutex_lock(&image->lock);
	*image->first = (struct image_first){ .done = true, .result = result, .err = err };
	image->first = NULL;
	(void)pthread_cond_signal(&image->started);
	(void)pthread_mutex_unlock(&image->lock);
}

static void *
image_run(void *context)
{
	struct image *image = context;
	struct err err;

	if (image->first != NULL)
		image_run_first(image);
	behind_others(FOLLOW_NICE);	/* whoever searches goes first */
	while (image_wait(image)) {
		(void)pthread_mutex_lock(&image->writer);
		if (image->retry_at == 0 || clock_monotonic() >= image->retry_at)
			(void)image_try(image, &err);
		(void)pthread_mutex_unlock(&image->writer);
		(void)pthread_mutex_lock(&image->lock);
		atomic_store_explicit(&image->expired, image_is_expired(image),
		    memory_order_relaxed);
		(void)pthread_mutex_unlock(&image->lock);
	}
	return (NULL);
}

int
image_follow(struct image *image, struct err *err)
{
	sigset_t all, before;
	int result;

	/* Signals are for the program's own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	result = pthread_create(&image->follower, NULL, image_run, image);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (result != 0)
		return (err_set_errno(err, ERR_SYSTEM, result, "a thread to follow %s",
		    image->path));
	image->following = true;
	return (0);
}

int
image_start(struct image *image, struct err *err)
{
	struct image_first first = { .done = false };

	image->first = &first;
	if (image_follow(image, err) < 0) {
		image->first = NULL;
		return (-1);
	}
	(void)pthread_mutex_lock(&image->lock);
	while (!first.done)
		(void)pthread_cond_wait(&image->started, &image->lock);
	(void)pthread_mutex_unlock(&image->lock);
	if (first.result < 0)
		*err = first.err;
	return (first.result < 0 ? -1 : 0);
}
