/*
 * Queues outgoing events for the hooks that want them, in the transaction that publishes what
 * they tell of: who sees the directory changed has the event in the queue, and the reverse.
 */
#ifndef ROLLCALL_SYNC_PLAN_EVENTS_H
#define ROLLCALL_SYNC_PLAN_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/event.h"
#include "store/event.h"

/* Brings the table of hooks to the configuration: a hook that is gone leaves with its queue. */
int	events_take_hooks(struct db *db, const struct conf *conf, struct err *err);

/* ---- of people ---------------------------------------------------------------------------- */

struct events;

/* What happened to a person: views are bits, statuses of enum person_status. */
struct events_change {
	const struct uuid	*uuid;
	const char		*source;	/* name of the owner's */
	uint32_t		 shown;		/* views until now */
	uint32_t		 views;		/* … and from now on */
	unsigned int		 old_status;
	unsigned int		 status;
	uint32_t		 reasons;	/* enum reason: why not served, or only partly */
	bool			 changed;	/* some entry of hers is not what it was */
};

/* *events is NULL when no hook wants to hear of people: that costs nothing. */
int	events_open(struct db *db, const struct conf *conf, int64_t now, int64_t revision,
	    struct events **events, struct err *err);
void	events_close(struct events **events);

/* The events that a change makes, as bits of enum event_kind. Pure. */
uint32_t events_of(const struct events_change *change);

/* Queues them. `events` may be NULL. */
int	events_person(struct events *events, const struct events_change *change,
	    struct err *err);

/* The same of a mark that was published; `changed`: some entry of its person did. */
struct loaded;
struct mark;
int	events_mark(struct events *events, const struct mark *mark,
	    const struct loaded *loaded, bool changed, struct err *err);

/* ---- of sources --------------------------------------------------------------------------- */

/*
 * A source is held, fails, or is well (recovered); `source` NULL: it concerns all, a reload.
 * Queues the event when that is news: to be called after every run. `reasons` are codes, blank
 * between them; a hold for other reasons is news. Inside the caller's transaction.
 */
int	events_source(struct db *db, const struct conf *conf, enum event_kind kind,
	    const char *source, const char *reasons, int64_t now, struct err *err);

#endif
