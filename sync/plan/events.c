/*
 * Owns the list of hooks that want events, for the length of one publication.
 */
#include "config.h"

#include "sync/plan/events.h"

#include <string.h>

#include "base/model.h"
#include "rules/reasons.h"
#include "sync/plan/people.h"

#define EVENTS_OF_PEOPLE (EVENT_BIT(EVENT_JOINED) | EVENT_BIT(EVENT_ONBOARDING) |	\
	EVENT_BIT(EVENT_STARTED) | EVENT_BIT(EVENT_CHANGED) |			\
	EVENT_BIT(EVENT_OFFBOARDING) | EVENT_BIT(EVENT_LEFT))

struct events_hook {
	int64_t		id;
	uint32_t	wanted;		/* bits of enum event_kind */
};

struct events {
	struct db		*db;
	int64_t			 now;
	int64_t			 revision;
	struct arena		*arena;		/* of one event */
	struct events_hook	*hooks;
	size_t			 count;
	size_t			 room;
	uint32_t		 wanted;	/* by any */
};

/* ---- hooks ----------------------------------------------------------------------------------- */

static int
events_drop_hooks(struct db *db, const struct conf *conf, struct arena *arena, struct err *err)
{
	struct hook_row *rows;
	size_t count, i;

	if (hook_list(db, arena, &rows, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		if (conf_hook(conf, rows[i].name) == NULL &&
		    hook_delete(db, rows[i].id, err) < 0)
			return (-1);
	return (0);
}

int
events_take_hooks(struct db *db, const struct conf *conf, struct err *err)
{
	struct hook_row row;
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = events_drop_hooks(db, conf, arena, err);
	for (i = 0; i < conf->hook_count && result >= 0; i++) {
		result = hook_find(db, conf->hooks[i].name, arena, &row, err);
		if (result == 0)
			result = hook_add(db, conf->hooks[i].name, err);
	}
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

static int
events_find_hooks(struct events *events, const struct conf *conf, struct err *err)
{
	struct events_hook *hook;
	struct hook_row row;
	size_t i;
	int result;

	for (i = 0; i < conf->hook_count; i++) {
		result = hook_find(events->db, conf->hooks[i].name, events->arena, &row, err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		hook = mem_grow(&events->hooks, events->count++, &events->room, sizeof(*hook));
		hook->id = row.id;
		hook->wanted = conf->hooks[i].events;
		events->wanted |= hook->wanted;
	}
	return (0);
}

int
events_open(struct db *db, const struct conf *conf, int64_t now, int64_t revision,
    struct events **out, struct err *err)
{
	struct events *events;

	*out = NULL;
	if (conf->hook_count == 0)
		return (0);
	events = mem_alloc(sizeof(*events));
	events->db = db;
	events->now = now;
	events->revision = revision;
	events->arena = arena_open();
	if (events_find_hooks(events, conf, err) < 0) {
		events_close(&events);
		return (-1);
	}
	if ((events->wanted & EVENTS_OF_PEOPLE) == 0)
		events_close(&events);
	*out = events;
	return (0);
}

void
events_close(struct events **events)
{
	if (*events == NULL)
		return;
	arena_close(&(*events)->arena);
	mem_free(&(*events)->hooks);
	mem_free(events);
}

static int
events_queue(struct events *events, enum event_kind kind, struct event_row *row,
    struct err *err)
{
	size_t i;

	row->kind = event_name(kind);
	for (i = 0; i < events->count; i++)
		if ((events->hooks[i].wanted & EVENT_BIT(kind)) != 0 &&
		    event_add(events->db, events->hooks[i].id, row, err) < 0)
			return (-1);
	return (0);
}

/* ---- of people --------------------------------------------------------------------------------- */

uint32_t
events_of(const struct events_change *change)
{
	bool is, was;
	uint32_t events;

	/* A leaver who is still shown, as inactive, is not here any more (rulings B1). */
	was = change->shown != 0 && change->old_status != STATUS_DEPARTED;
	is = change->views != 0 && change->status != STATUS_DEPARTED;
	if (!is)
		return (was ? EVENT_BIT(EVENT_LEFT) : 0);
	events = was && change->changed ? EVENT_BIT(EVENT_CHANGED) : 0;
	if (change->status == STATUS_ONBOARDING)
		return (events | (was && change->old_status == STATUS_ONBOARDING ? 0 :
		    EVENT_BIT(EVENT_ONBOARDING)));
	if (!was)
		events |= EVENT_BIT(EVENT_JOINED);
	else if (change->old_status == STATUS_ONBOARDING)
		events |= EVENT_BIT(EVENT_STARTED);
	if (change->status == STATUS_OFFBOARDING &&
	    (!was || change->old_status != STATUS_OFFBOARDING))
		events |= EVENT_BIT(EVENT_OFFBOARDING);
	return (events);
}

int
events_person(struct events *events, const struct events_change *change, struct err *err)
{
	struct event_row row;
	enum event_kind kind;
	uint32_t kinds;

	kinds = events == NULL ? 0 : events_of(change) & events->wanted;
	if (kinds == 0)
		return (0);
	arena_reset(events->arena);
	row = (struct event_row){
		.made_at = events->now,
		.source = change->source,
		.has_person = true,
		.person = *change->uuid,
		.status = status_name((enum person_status)change->status),
		.reasons = reasons_join(events->arena, change->reasons),
		.revision = events->revision,
	};
	for (kind = 0; kind < EVENT_N; kind++)
		if ((kinds & EVENT_BIT(kind)) != 0 &&
		    events_queue(events, kind, &row, err) < 0)
			return (-1);
	return (0);
}

int
events_mark(struct events *events, const struct mark *mark, const struct loaded *loaded,
    bool changed, struct err *err)
{
	struct events_change change;

	if (events == NULL)
		return (0);
	change = (struct events_change){
		.uuid = &mark->uuid,
		.source = loaded->input.count == 0 ? NULL :
		    loaded->records[loaded->verdict.owner].source->conf->name,
		.shown = mark->shown,
		.views = mark->views,
		.old_status = mark->old_status,
		.status = mark->status,
		.reasons = loaded->verdict.reasons,
		.changed = changed,
	};
	return (events_person(events, &change, err));
}

/* ---- of sources -------------------------------------------------------------------------------- */

/* Whether what is to be told differs from what was told last; it is noted. */
static int
events_is_news(struct events *events, enum event_kind kind, const struct event_row *row,
    struct err *err)
{
	const char *source = row->source != NULL ? row->source : "";
	const char *now, *told;

	now = kind == EVENT_RECOVERED ? "" : kind == EVENT_HELD ?
	    arena_printf(events->arena, "%s %s", event_name(kind), row->reasons) :
	    event_name(kind);
	if (told_get(events->db, source, events->arena, &told, err) < 0)
		return (-1);
	if (strcmp(told, now) == 0)
		return (0);
	return (told_put(events->db, source, now, err) < 0 ? -1 : 1);
}

int
events_source(struct db *db, const struct conf *conf, enum event_kind kind,
    const char *source, const char *reasons, int64_t now, struct err *err)
{
	struct event_row row = {
		.made_at = now,
		.source = source,
		.reasons = reasons != NULL ? reasons : "",
	};
	struct events events = { .db = db };
	int result;

	events.arena = arena_open();
	result = events_is_news(&events, kind, &row, err);
	if (result > 0)
		result = events_find_hooks(&events, conf, err);
	if (result == 0)
		result = events_queue(&events, kind, &row, err);
	arena_close(&events.arena);
	mem_free(&events.hooks);
	return (result);
}
