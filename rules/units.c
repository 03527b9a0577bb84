/*
 * Owns the entries and their texts. One thread at a time.
 */
#include "config.h"

#include "rules/units.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"

struct units {
	struct arena		 *arena;
	const struct conf	 *conf;
	struct unit_entry	**list;
	size_t			  count;
	size_t			  room;
	struct map		  by_key;	/* hash of key → index + 1; 0: asked for in vain */
	units_load		 *load;
	void			 *load_context;
	struct unit_names {
		const char	**folded;
		const char	**ids;
		size_t		  count;
	} expose, hide;
};

static void
units_names(struct units *units, enum conf_key key, struct unit_names *names)
{
	const struct conf_list *list;
	size_t i;

	list = conf_list(&units->conf->set, key);
	names->count = list->count;
	names->folded = arena_alloc(units->arena, (list->count + 1) * sizeof(char *));
	names->ids = arena_alloc(units->arena, (list->count + 1) * sizeof(char *));
	for (i = 0; i < list->count; i++) {
		names->ids[i] = list->items[i].text;
		names->folded[i] = text_fold(units->arena, list->items[i].text);
	}
}

struct units *
units_open(const struct conf *conf)
{
	struct units *units;

	units = mem_alloc(sizeof(*units));
	units->arena = arena_open();
	units->conf = conf;
	units_names(units, CONF_EXPOSE_GROUP, &units->expose);
	units_names(units, CONF_HIDE_GROUP, &units->hide);
	return (units);
}

void
units_close(struct units **units)
{
	if (*units == NULL)
		return;
	map_close(&(*units)->by_key);
	arena_close(&(*units)->arena);
	mem_free(&(*units)->list);
	mem_free(units);
}

void
units_set_loader(struct units *units, units_load *load, void *context)
{
	units->load = load;
	units->load_context = context;
}

static uint64_t
units_key(int64_t source, enum unit_model model, const char *kombo, size_t len)
{
	return (hash64_seed(kombo, len, (uint64_t)source * 256 + (uint64_t)model));
}

static bool
units_named(const struct unit_names *names, const struct unit_entry *entry)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (strcmp(names->ids[i], entry->unit.kombo) == 0 ||
		    strcmp(names->folded[i], entry->folded) == 0)
			return (true);
	return (false);
}

static int
units_field(const char *type)
{
	static const enum field_id fields[] = { FIELD_DEPARTMENT, FIELD_TEAM, FIELD_COST_CENTER };
	size_t i;

	for (i = 0; type != NULL && i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(field_get(fields[i])->kombo + strlen("groups:"), type) == 0)
			return ((int)fields[i]);
	return (-1);
}

static bool
units_type_served(const struct units *units, const char *type)
{
	const struct conf_list *types;
	size_t i;

	types = conf_list(&units->conf->set, CONF_GROUP_TYPES);
	for (i = 0; type != NULL && i < types->count; i++)
		if (strcmp(types->items[i].text, type) == 0)
			return (true);
	return (false);
}

static void
units_settle_group(const struct units *units, struct unit_entry *entry)
{
	entry->field = units_field(entry->unit.type);
	entry->local = entry->unit.type != NULL && strcmp(entry->unit.type, UNIT_LOCAL) == 0;
	entry->hidden = units_named(&units->hide, entry);
	entry->exposed = !entry->unit.gone && !entry->hidden && entry->unit.name != NULL &&
	    (entry->local || (units_type_served(units, entry->unit.type) &&
	    (units->expose.count == 0 || units_named(&units->expose, entry))));
}

static struct unit_entry *
units_add(struct units *units, uint64_t key)
{
	struct unit_entry **slot;

	slot = mem_grow(&units->list, units->count, &units->room, sizeof(*units->list));
	*slot = arena_alloc(units->arena, sizeof(**slot));
	map_set(&units->by_key, key, ++units->count);
	return (*slot);
}

struct unit_entry *
units_put(struct units *units, const struct unit *unit)
{
	struct unit_entry *entry;
	struct arena *arena = units->arena;
	size_t len;

	len = strlen(unit->kombo);
	entry = units_peek(units, unit->source, unit->model, unit->kombo, len);
	if (entry == NULL)
		entry = units_add(units, units_key(unit->source, unit->model, unit->kombo,
		    len));
	entry->unit = (struct unit){
		.id = unit->id,
		.source = unit->source,
		.model = unit->model,
		.kombo = arena_dup(arena, unit->kombo),
		.remote = arena_dup(arena, unit->remote),
		.name = arena_dup(arena, unit->name),
		.type = arena_dup(arena, unit->type),
		.place = arena_dup(arena, unit->place),
		.gone = unit->gone,
	};
	entry->folded = unit->name != NULL ? text_fold(arena, entry->unit.name) : "";
	entry->field = -1;
	if (unit->model == UNIT_GROUP)
		units_settle_group(units, entry);
	return (entry);
}

struct unit_entry *
units_peek(const struct units *units, int64_t source, enum unit_model model,
    const char *kombo, size_t len)
{
	struct unit_entry *entry;
	uint64_t at;

	if (!map_get(&units->by_key, units_key(source, model, kombo, len), &at) || at == 0)
		return (NULL);
	entry = units->list[at - 1];
	if (entry->unit.source != source || entry->unit.model != model ||
	    strlen(entry->unit.kombo) != len || memcmp(entry->unit.kombo, kombo, len) != 0)
		return (NULL);	/* two ids of one 64-bit hash: not in this world */
	return (entry);
}

struct unit_entry *
units_find(struct units *units, int64_t source, enum unit_model model, const char *kombo)
{
	uint64_t at, key;
	size_t len;

	len = strlen(kombo);
	key = units_key(source, model, kombo, len);
	if (units->load != NULL && !map_get(&units->by_key, key, &at)) {
		map_set(&units->by_key, key, 0);
		units->load(units->load_context, source, model, kombo);
	}
	return (units_peek(units, source, model, kombo, len));
}

size_t
units_count(const struct units *units)
{
	return (units->count);
}

struct unit_entry *
units_at(const struct units *units, size_t at)
{
	return (units->list[at]);
}
