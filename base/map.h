/*
 * A hash table from 64-bit keys to 64-bit values, for whoever must remember a million things.
 * Keys are hashes or ids of the caller's; one value a key. One thread at a time.
 */
#ifndef ROLLCALL_BASE_MAP_H
#define ROLLCALL_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
	struct map_slot	*slots;
	size_t		 count;
	size_t		 room;		/* 0 or a power of two */
};
#define MAP_INIT { .slots = NULL, .count = 0, .room = 0 }

void	 map_close(struct map *map);
bool	 map_get(const struct map *map, uint64_t key, uint64_t *value);
void	 map_set(struct map *map, uint64_t key, uint64_t value);

/* The place of a key's value, created with `missing` when it is new; valid until the next call. */
uint64_t *map_at(struct map *map, uint64_t key, uint64_t missing);

/* Walks all pairs in no order: start with *at = 0. */
bool	 map_next(const struct map *map, size_t *at, uint64_t *key, uint64_t *value);

#endif
