/*
 * Outgoing events and the hooks they wait for: one queue for each hook, in the order of ids.
 * Ids and reasons only, never values of people's fields.
 */
#ifndef ROLLCALL_STORE_EVENT_H
#define ROLLCALL_STORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/mem.h"
#include "store/db.h"

struct hook_row {
	int64_t		 id;
	const char	*name;
	int64_t		 delivered;	/* events it has taken */
	int64_t		 delivered_at;	/* instants, 0: never */
	int64_t		 failing_since;
	int64_t		 attempts;	/* in vain, one after the other */
	int64_t		 next_at;
	int64_t		 parked_at;
	int64_t		 dropped;	/* events that waited too long for it */
	const char	*error;		/* of the last attempt, "" for none */
	int64_t		 waiting;	/* events in its queue; read only */
	int64_t		 oldest;	/* instant of the first of them, 0 for none; read only */
};

/* All, by name. Texts are in the arena. */
int	hook_list(struct db *db, struct arena *arena, struct hook_row **rows, size_t *count,
	    struct err *err);
/* 1 found, 0 not, -1 failed. */
int	hook_find(struct db *db, const char *name, struct arena *arena, struct hook_row *row,
	    struct err *err);
int	hook_add(struct db *db, const char *name, struct err *err);
int	hook_save(struct db *db, const struct hook_row *row, struct err *err);
/* With its queue. */
int	hook_delete(struct db *db, int64_t hook, struct err *err);

struct event_row {
	int64_t		 id;		/* given by event_add */
	const char	*kind;		/* base/event.h */
	int64_t		 made_at;
	const char	*source;	/* NULL when it concerns all */
	bool		 has_person;
	struct uuid	 person;
	const char	*status;	/* of the person, NULL for none */
	const char	*reasons;	/* codes, blank between them; "" for none */
	int64_t		 revision;	/* 0: it came with none */
};

/* Queues the event for a hook. */
int	event_add(struct db *db, int64_t hook, const struct event_row *row, struct err *err);

/* The first events in a hook's queue, `most` or fewer. Texts are in the arena. */
int	event_next(struct db *db, int64_t hook, int64_t most, struct arena *arena,
	    struct event_row **rows, size_t *count, struct err *err);

/* Takes out of the queue what was delivered: all events up to an id. */
int	event_done(struct db *db, int64_t hook, int64_t last, struct err *err);

/* Takes out what is older than the instant; *count gets how many. */
int	event_expire(struct db *db, int64_t hook, int64_t before, int64_t *count,
	    struct err *err);

/* What hooks were last told of a source; *state is in the arena, "" for nothing. */
int	told_get(struct db *db, const char *source, struct arena *arena, const char **state,
	    struct err *err);
/* "" forgets it. */
int	told_put(struct db *db, const char *source, const char *state, struct err *err);

#endif
