/*
 * Owns the list of names; texts are in its arena. There are few of them beside people.
 */
#include "config.h"

#include "sync/csv/named.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"

struct named_unit {
	struct unit	unit;
	int64_t		line;	/* that gave the address, 0: none has */
};

struct named {
	struct arena		*arena;
	int64_t			 source;
	struct named_unit	*units;
	size_t			 count;
	size_t			 room;
	struct map		 by_key;	/* model and id → index */
};

struct named *
named_open(int64_t source)
{
	struct named *named;

	named = mem_alloc(sizeof(*named));
	named->arena = arena_open();
	named->source = source;
	return (named);
}

void
named_close(struct named **named)
{
	if (*named == NULL)
		return;
	map_close(&(*named)->by_key);
	mem_free(&(*named)->units);
	arena_close(&(*named)->arena);
	mem_free(named);
}

const char *
named_type(enum field_id id)
{
	/* "groups:TEAM" */
	return (strchr(field_get(id)->kombo, ':') + 1);
}

static struct named_unit *
named_unit(struct named *named, const struct unit *unit, const char *id, int64_t line)
{
	struct named_unit *entry;
	uint64_t *slot;

	slot = map_at(&named->by_key, hash64_seed(id, strlen(id), (uint64_t)unit->model),
	    UINT64_MAX);
	if (*slot != UINT64_MAX)
		return (&named->units[*slot]);
	*slot = named->count;
	entry = mem_grow(&named->units, named->count++, &named->room, sizeof(*entry));
	entry->unit = (struct unit){
		.source = named->source,
		.model = unit->model,
		.kombo = arena_dup(named->arena, id),
		.name = arena_dup(named->arena, unit->name),
		.type = arena_dup(named->arena, unit->type),
		.place = arena_dup(named->arena, unit->place),
	};
	entry->unit.remote = entry->unit.kombo;
	entry->line = unit->place != NULL ? line : 0;
	return (entry);
}

const char *
named_id(struct named *named, struct arena *arena, const struct unit *unit, int64_t line,
    int64_t *other)
{
	struct named_unit *entry;
	const char *id;

	*other = 0;
	id = text_fold(arena, unit->name);
	if (unit->model == UNIT_GROUP)
		id = arena_printf(arena, "%s:%s", unit->type, id);
	entry = named_unit(named, unit, id, line);
	if (strcmp(unit->name, entry->unit.name) < 0)
		entry->unit.name = arena_dup(named->arena, unit->name);
	if (unit->place != NULL && entry->unit.place == NULL) {
		entry->unit.place = arena_dup(named->arena, unit->place);
		entry->line = line;
	} else if (unit->place != NULL && strcmp(unit->place, entry->unit.place) != 0) {
		*other = entry->line;
	}
	return (id);
}

int
named_stage(const struct named *named, struct stage *stage, struct err *err)
{
	size_t i;

	for (i = 0; i < named->count; i++)
		if (stage_put_unit(stage, &named->units[i].unit, err) < 0)
			return (-1);
	return (0);
}
