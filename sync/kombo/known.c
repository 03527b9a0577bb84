/*
 * Owns the list of a source's records and which of them have been seen.
 */
#include "config.h"

#include "sync/kombo/known.h"

#include <string.h>

#include "base/digest.h"
#include "base/map.h"
#include "store/record.h"

struct known_slot {
	int64_t		id;
	uint64_t	hash;
	bool		stored;
	bool		gone;
	bool		seen;
};

struct known {
	struct db		*db;
	int64_t			 source;
	bool			 complete;
	struct arena		*arena;
	struct known_slot	*slots;
	size_t			 count;
	size_t			 room;
	struct map		 by_kombo;	/* hash of the Kombo id → index of a slot */
	struct map		 by_record;
};

static int
known_load(struct known *known, struct err *err)
{
	struct known_slot *slot;
	struct record_row row;
	int result;

	record_walk(known->db, known->source);
	while ((result = record_walk_next(known->db, &row, err)) > 0) {
		map_set(&known->by_kombo, hash64_text(row.kombo), known->count);
		map_set(&known->by_record, (uint64_t)row.id, known->count);
		slot = mem_grow(&known->slots, known->count++, &known->room,
		    sizeof(*known->slots));
		*slot = (struct known_slot){ .id = row.id, .hash = row.hash,
		    .stored = row.stored, .gone = row.gone };
	}
	return (result);
}

int
known_open(struct db *db, int64_t source, bool complete, struct known **out, struct err *err)
{
	struct known *known;

	known = mem_alloc(sizeof(*known));
	known->db = db;
	known->source = source;
	known->complete = complete;
	known->arena = arena_open();
	*out = known;
	if (db != NULL && complete && known_load(known, err) < 0) {
		known_close(out);
		return (-1);
	}
	return (0);
}

void
known_close(struct known **known)
{
	if (*known == NULL)
		return;
	map_close(&(*known)->by_kombo);
	map_close(&(*known)->by_record);
	mem_free(&(*known)->slots);
	arena_close(&(*known)->arena);
	mem_free(known);
}

static void
known_tick(struct known_slot *slot, struct known_record *record)
{
	slot->seen = true;
	*record = (struct known_record){ .id = slot->id, .stored = slot->stored,
	    .gone = slot->gone, .hash = slot->hash };
}

/* A Kombo id never seen: perhaps the integration was made anew (semantics 3.3). */
static int
known_find_remote(struct known *known, const char *remote, struct known_record *record,
    struct err *err)
{
	struct record_row row, state;
	uint64_t at;
	int result;

	if (remote == NULL)
		return (0);
	arena_reset(known->arena);
	result = record_find_remote(known->db, known->source, remote, known->arena, &row, err);
	if (result <= 0)
		return (result);
	result = record_state(known->db, known->source, row.kombo, &state, err);
	if (result <= 0)
		return (result);
	*record = (struct known_record){ .id = state.id, .stored = state.stored,
	    .gone = state.gone, .hash = state.hash, .moved = true };
	if (map_get(&known->by_record, (uint64_t)state.id, &at))
		known->slots[at].seen = true;
	return (0);
}

int
known_find(struct known *known, const char *kombo, const char *remote,
    struct known_record *record, struct err *err)
{
	struct record_row row;
	uint64_t at;
	int result;

	*record = (struct known_record){ .id = 0 };
	if (known->db == NULL)
		return (0);
	if (known->complete) {
		if (map_get(&known->by_kombo, hash64_text(kombo), &at)) {
			known_tick(&known->slots[at], record);
			return (0);
		}
		return (known->count > 0 ? known_find_remote(known, remote, record, err) : 0);
	}
	result = record_state(known->db, known->source, kombo, &row, err);
	if (result < 0)
		return (-1);
	if (result == 0)
		return (known_find_remote(known, remote, record, err));
	*record = (struct known_record){ .id = row.id, .stored = row.stored, .gone = row.gone,
	    .hash = row.hash };
	return (0);
}

void
known_absent(const struct known *known, int64_t **ids, size_t *count)
{
	size_t i;

	*ids = mem_alloc((known->count + 1) * sizeof(**ids));
	*count = 0;
	for (i = 0; i < known->count; i++)
		if (!known->slots[i].seen && !known->slots[i].gone)
			(*ids)[(*count)++] = known->slots[i].id;
}
