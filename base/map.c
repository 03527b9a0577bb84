/*
 * Open addressing with linear probing, at most 70 % full; nothing is ever taken out, so a
 * probe ends at the first empty slot.
 */
#include "config.h"

#include "base/map.h"

#include "base/mem.h"

struct map_slot {
	uint64_t	key;
	uint64_t	value;
	bool		used;
};

static size_t
map_find(const struct map *map, uint64_t key)
{
	size_t at, mask;

	mask = map->room - 1;
	at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 17) & mask;
	while (map->slots[at].used && map->slots[at].key != key)
		at = (at + 1) & mask;
	return (at);
}

static void
map_resize(struct map *map)
{
	struct map old = *map;
	size_t i;

	map->room = old.room > 0 ? old.room * 2 : 16;
	map->slots = mem_alloc(map->room * sizeof(*map->slots));
	for (i = 0; i < old.room; i++)
		if (old.slots[i].used)
			map->slots[map_find(map, old.slots[i].key)] = old.slots[i];
	mem_free(&old.slots);
}

void
map_close(struct map *map)
{
	mem_free(&map->slots);
	map->count = map->room = 0;
}

bool
map_get(const struct map *map, uint64_t key, uint64_t *value)
{
	size_t at;

	if (map->room == 0)
		return (false);
	at = map_find(map, key);
	if (!map->slots[at].used)
		return (false);
	*value = map->slots[at].value;
	return (true);
}

uint64_t *
map_at(struct map *map, uint64_t key, uint64_t missing)
{
	struct map_slot *slot;

	if ((map->count + 1) * 10 > map->room * 7)
		map_resize(map);
	slot = &map->slots[map_find(map, key)];
	if (!slot->used) {
		*slot = (struct map_slot){ .key = key, .value = missing, .used = true };
		map->count++;
	}
	return (&slot->value);
}

void
map_set(struct map *map, uint64_t key, uint64_t value)
{
	*map_at(map, key, value) = value;
}

bool
map_next(const struct map *map, size_t *at, uint64_t *key, uint64_t *value)
{
	for (; *at < map->room; (*at)++) {
		if (map->slots[*at].used) {
			*key = map->slots[*at].key;
			*value = map->slots[*at].value;
			(*at)++;
			return (true);
		}
	}
	return (false);
}
