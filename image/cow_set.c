/*
 * Sets of numbers. Owns nothing: containers belong to a snapshot of an image. Each is a directory
 * of immutable chunks; a change copies the chunks it touches and the directory, never the rest.
 * Chunks are exactly as large as what they hold, since nothing is ever changed in place.
 */
#include "config.h"

#include "image/cow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CHUNK_TARGET	512	/* items in a chunk at most */
#define CHUNKS_AHEAD	12	/* memory is got for so many at once */
#define SEEK_STEPS	8	/* one by one, before a seek begins to halve */
#define CHUNK_SMALL	128	/* what a change leaves below this joins the next chunk */

struct cow_set {
	size_t		 count;		/* numbers */
	size_t		 chunks;
	uint64_t	*first;		/* first number of each chunk */
	size_t		*before;	/* numbers in the chunks before it; one more at the end */
	uint64_t	**chunk;
};

/* What is merged but not yet in a chunk. */
struct set_carry {
	uint64_t	*numbers;
	size_t		 count;
};

/* A directory under construction. */
struct set_maker {
	struct cow_set	*set;
	size_t		 room;
};

static void
set_reserve(struct set_maker *maker)
{
	struct cow_set *set = maker->set;

	if (set->chunks < maker->room)
		return;
	maker->room = maker->room > 0 ? maker->room * 2 : 16;
	set->first = mem_realloc(set->first, maker->room * sizeof(*set->first));
	set->before = mem_realloc(set->before, (maker->room + 1) * sizeof(*set->before));
	set->chunk = mem_realloc(set->chunk, maker->room * sizeof(*set->chunk));
}

static void
set_append(struct set_maker *maker, uint64_t *chunk, size_t count)
{
	struct cow_set *set = maker->set;

	set_reserve(maker);
	set->first[set->chunks] = chunk[0];
	set->before[set->chunks] = set->count;
	set->chunk[set->chunks++] = chunk;
	set->count += count;
	set->before[set->chunks] = set->count;
}

/* Copies numbers into chunks of their own. */
static void
set_append_copy(struct set_maker *maker, const uint64_t *numbers, size_t count)
{
	uint64_t *chunk;
	size_t n, pieces;

	for (pieces = (count + CHUNK_TARGET - 1) / CHUNK_TARGET; pieces > 0; pieces--) {
		n = (count + pieces - 1) / pieces;
		if (pieces % CHUNKS_AHEAD == 0)
			mem_ahead(CHUNKS_AHEAD * CHUNK_TARGET * sizeof(*chunk));
		chunk = mem_realloc(NULL, n * sizeof(*chunk));
		memcpy(chunk, numbers, n * sizeof(*chunk));
		set_append(maker, chunk, n);
		numbers += n;
		count -= n;
	}
}

static struct cow_set *
set_new(struct set_maker *maker)
{
	*maker = (struct set_maker){ .set = mem_alloc(sizeof(struct cow_set)) };
	return (maker->set);
}

struct cow_set *
cow_set_build(const uint64_t *numbers, size_t count)
{
	struct set_maker maker;

	(void)set_new(&maker);
	set_append_copy(&maker, numbers, count);
	return (maker.set);
}

static size_t
set_chunk_count(const struct cow_set *set, size_t chunk)
{
	return (set->before[chunk + 1] - set->before[chunk]);
}

/* The last chunk whose first number is not above `number`; 0 when there is none. */
static size_t
set_find_chunk(const struct cow_set *set, uint64_t number)
{
	size_t high, low, middle;

	low = 0;
	high = set->chunks;
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (set->first[middle] <= number)
			low = middle;
		else
			high = middle;
	}
	return (low);
}

/* The first place from `low` on in a chunk whose number is not below `number`. */
static size_t
set_find_from(const struct cow_set *set, size_t chunk, size_t low, uint64_t number)
{
	const uint64_t *numbers = set->chunk[chunk];
	size_t high, middle;

	high = set_chunk_count(set, chunk);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return (low);
}

static size_t
set_find_in(const struct cow_set *set, size_t chunk, uint64_t number)
{
	return (set_find_from(set, chunk, 0, number));
}

/* Merges changes into one chunk, at the end of `out`. */
static void
set_merge(const uint64_t *old, size_t count, const uint64_t *add, size_t add_count,
    const uint64_t *del, size_t del_count, struct set_carry *out)
{
	size_t a, d, i;

	out->numbers = mem_realloc(out->numbers,
	    (out->count + count + add_count + 1) * sizeof(*out->numbers));
	a = d = 0;
	for (i = 0; i < count || a < add_count;) {
		if (i == count || (a < add_count && add[a] < old[i])) {
			out->numbers[out->count++] = add[a++];
			continue;
		}
		while (d < del_count && del[d] < old[i])
			d++;
		if (a < add_count && add[a] == old[i])
			a++;
		if (d == del_count || del[d] != old[i])
			out->numbers[out->count++] = old[i];
		i++;
	}
}

/* How many of a sorted list lie below `limit`. */
static size_t
set_below(const uint64_t *numbers, size_t count, uint64_t limit)
{
	size_t n;

	for (n = 0; n < count && numbers[n] < limit; n++)
		continue;
	return (n);
}

static void
set_release(void *context, void *memory)
{
	struct cow_set *set = memory;

	(void)context;
	cow_set_close(&set);
}

/* Changes not yet applied, consumed chunk by chunk. */
struct set_change {
	const uint64_t	*add;
	size_t		 add_count;
	const uint64_t	*del;
	size_t		 del_count;
};

static void
set_apply_chunk(struct set_maker *maker, const struct cow_set *old, size_t at,
    struct set_change *change, struct set_carry *carry, struct cow_trash *trash)
{
	size_t adds, dels;
	bool last;

	last = at + 1 == old->chunks;
	adds = last ? change->add_count :
	    set_below(change->add, change->add_count, old->first[at + 1]);
	dels = last ? change->del_count :
	    set_below(change->del, change->del_count, old->first[at + 1]);
	if (adds == 0 && dels == 0 && carry->count == 0) {
		set_append(maker, old->chunk[at], set_chunk_count(old, at));
		return;
	}
	set_merge(old->chunk[at], set_chunk_count(old, at), change->add, adds, change->del,
	    dels, carry);
	cow_discard(trash, old->chunk[at]);
	change->add += adds, change->add_count -= adds;
	change->del += dels, change->del_count -= dels;
	if (!last && carry->count < CHUNK_SMALL)
		return;
	set_append_copy(maker, carry->numbers, carry->count);
	carry->count = 0;
}

struct cow_set *
cow_set_apply(struct cow_set *old, const uint64_t *add, size_t add_count,
    const uint64_t *del, size_t del_count, struct cow_trash *trash)
{
	struct set_change change = { add, add_count, del, del_count };
	struct set_carry carry = { .numbers = NULL };
	struct set_maker maker;
	size_t i;

	if (old == NULL || old->chunks == 0) {
		if (old != NULL)
			cow_discard_by(trash, set_release, NULL, old);
		return (cow_set_build(add, add_count));
	}
	(void)set_new(&maker);
	for (i = 0; i < old->chunks; i++)
		set_apply_chunk(&maker, old, i, &change, &carry, trash);
	mem_free(&carry.numbers);
	cow_discard(trash, old->first);
	cow_discard(trash, old->before);
	cow_discard(trash, old->chunk);
	cow_discard(trash, old);
	return (maker.set);
}

void
cow_set_close(struct cow_set **set)
{
	size_t i;

	if (*set == NULL)
		return;
	for (i = 0; i < (*set)->chunks; i++)
		mem_free(&(*set)->chunk[i]);
	mem_free(&(*set)->first);
	mem_free(&(*set)->before);
	mem_free(&(*set)->chunk);
	mem_free(set);
}

size_t
cow_set_count(const struct cow_set *set)
{
	return (set->count);
}

size_t
cow_set_memory(const struct cow_set *set)
{
	return (sizeof(*set) + set->count * sizeof(uint64_t) +
	    set->chunks * (sizeof(*set->first) + sizeof(*set->before) + sizeof(*set->chunk)));
}

/* How many numbers lie below `number`. */
static size_t
set_rank(const struct cow_set *set, uint64_t number)
{
	size_t chunk;

	if (set->chunks == 0)
		return (0);
	chunk = set_find_chunk(set, number);
	return (set->before[chunk] + set_find_in(set, chunk, number));
}

size_t
cow_set_range_count(const struct cow_set *set, uint64_t low, uint64_t high)
{
	size_t below;

	below = set_rank(set, low);
	if (high == UINT64_MAX)
		return (set->count - below);
	return (set_rank(set, high + 1) - below);
}

void
cow_cursor_open(struct cow_cursor *cursor, const struct cow_set *set, uint64_t low,
    uint64_t high)
{
	*cursor = (struct cow_cursor){ .set = set, .high = high };
	if (set->chunks == 0)
		return;
	cursor->chunk = set_find_chunk(set, low);
	cursor->at = set_find_in(set, cursor->chunk, low);
}

size_t
cow_cursor_open_count(struct cow_cursor *cursor, const struct cow_set *set, uint64_t low,
    uint64_t high)
{
	size_t count;

	cow_cursor_open(cursor, set, low, high);
	if (set->chunks == 0)
		return (0);
	count = set_chunk_count(set, cursor->chunk);
	/* Most ranges end in the chunk they begin in. */
	if (set->chunk[cursor->chunk][count - 1] > high)
		return (set_find_from(set, cursor->chunk, cursor->at, high + 1) - cursor->at);
	return ((high == UINT64_MAX ? set->count : set_rank(set, high + 1)) -
	    set->before[cursor->chunk] - cursor->at);
}

bool
cow_cursor_next(struct cow_cursor *cursor, uint64_t *number)
{
	const struct cow_set *set = cursor->set;

	while (cursor->chunk < set->chunks && cursor->at >= set_chunk_count(set, cursor->chunk)) {
		cursor->chunk++;
		cursor->at = 0;
	}
	if (cursor->chunk >= set->chunks || set->chunk[cursor->chunk][cursor->at] > cursor->high)
		return (false);
	*number = set->chunk[cursor->chunk][cursor->at++];
	return (true);
}

void
cow_cursor_seek(struct cow_cursor *cursor, uint64_t number)
{
	const struct cow_set *set = cursor->set;
	const uint64_t *numbers;
	size_t count, i;

	if (cursor->chunk >= set->chunks)
		return;
	if (cursor->chunk + 1 < set->chunks && set->first[cursor->chunk + 1] <= number) {
		cow_cursor_open(cursor, set, number, cursor->high);
		return;
	}
	/* Most moves are short. */
	numbers = set->chunk[cursor->chunk];
	count = set_chunk_count(set, cursor->chunk);
	for (i = 0; i < SEEK_STEPS; i++, cursor->at++)
		if (cursor->at >= count || numbers[cursor->at] >= number)
			return;
	cursor->at = set_find_from(set, cursor->chunk, cursor->at, number);
}
