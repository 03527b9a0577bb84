/*
 * Owns nothing: containers belong to a snapshot of an image. Each is a directory of immutable
 * chunks; a change copies the chunks it touches and the directory, never the rest. Chunks are
 * exactly as large as what they hold, since nothing is ever changed in place.
 */
#include "config.h"

#include "image/cow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CHUNK_TARGET	512	/* items in a chunk at most */
#define CHUNK_SMALL	128	/* what a change leaves below this joins the next chunk */
#define ARRAY_CHUNK	1024	/* pointers in a chunk of an array */

/* ---- trash -------------------------------------------------------------------------------- */

static void
cow_free(void *context, void *memory)
{
	(void)context;
	free(memory);
}

void
cow_discard_by(struct cow_trash *trash, void (*release)(void *context, void *memory),
    void *context, void *memory)
{
	struct cow_waste *waste;

	waste = mem_grow(&trash->list, trash->count++, &trash->room, sizeof(*waste));
	*waste = (struct cow_waste){ .release = release, .context = context,
	    .memory = memory };
}

void
cow_discard(struct cow_trash *trash, void *memory)
{
	cow_discard_by(trash, cow_free, NULL, memory);
}

void
cow_empty(struct cow_trash *trash)
{
	size_t i;

	for (i = 0; i < trash->count; i++)
		trash->list[i].release(trash->list[i].context, trash->list[i].memory);
	mem_free(&trash->list);
	trash->count = trash->room = 0;
}

/* ---- sets ----------------------------------------------------------------------------------- */

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

	if (cursor->chunk >= set->chunks)
		return;
	if (cursor->chunk + 1 < set->chunks && set->first[cursor->chunk + 1] <= number) {
		cow_cursor_open(cursor, set, number, cursor->high);
		return;
	}
	while (cursor->at < set_chunk_count(set, cursor->chunk) &&
	    set->chunk[cursor->chunk][cursor->at] < number)
		cursor->at++;
}

/* ---- arrays ------------------------------------------------------------------------------------- */

struct array_chunk {
	size_t	 count;
	void	*pointer[ARRAY_CHUNK];
};

struct cow_array {
	size_t			  count;
	size_t			  chunks;
	struct array_chunk	**chunk;	/* NULL where nothing is */
	size_t			 *before;	/* one more at the end */
};

static void
array_recount(struct cow_array *array)
{
	size_t i;

	array->count = 0;
	for (i = 0; i < array->chunks; i++) {
		array->before[i] = array->count;
		array->count += array->chunk[i] != NULL ? array->chunk[i]->count : 0;
	}
	array->before[array->chunks] = array->count;
}

/* The chunk for writing: a copy of the old one, made the first time it is touched. */
static struct array_chunk *
array_touch(struct cow_array *array, const struct cow_array *old, size_t at,
    struct cow_trash *trash)
{
	struct array_chunk *shared;

	shared = old != NULL && at < old->chunks ? old->chunk[at] : NULL;
	if (array->chunk[at] != NULL && array->chunk[at] != shared)
		return (array->chunk[at]);
	array->chunk[at] = mem_alloc(sizeof(**array->chunk));
	if (shared != NULL) {
		memcpy(array->chunk[at], shared, sizeof(*shared));
		cow_discard(trash, shared);
	}
	return (array->chunk[at]);
}

struct cow_array *
cow_array_apply(struct cow_array *old, const struct cow_put *puts, size_t count,
    struct cow_trash *trash)
{
	struct array_chunk *chunk;
	struct cow_array *array;
	size_t i;
	void **slot;

	array = mem_alloc(sizeof(*array));
	array->chunks = old != NULL ? old->chunks : 0;
	if (count > 0 && puts[count - 1].index / ARRAY_CHUNK >= array->chunks)
		array->chunks = puts[count - 1].index / ARRAY_CHUNK + 1;
	array->chunk = mem_alloc((array->chunks + 1) * sizeof(*array->chunk));
	array->before = mem_alloc((array->chunks + 1) * sizeof(*array->before));
	if (old != NULL && old->chunks > 0)
		memcpy(array->chunk, old->chunk, old->chunks * sizeof(*array->chunk));
	for (i = 0; i < count; i++) {
		chunk = array_touch(array, old, puts[i].index / ARRAY_CHUNK, trash);
		slot = &chunk->pointer[puts[i].index % ARRAY_CHUNK];
		chunk->count += (puts[i].pointer != NULL) - (size_t)(*slot != NULL);
		*slot = puts[i].pointer;
	}
	array_recount(array);
	if (old != NULL) {
		cow_discard(trash, old->chunk);
		cow_discard(trash, old->before);
		cow_discard(trash, old);
	}
	return (array);
}

void
cow_array_close(struct cow_array **array)
{
	size_t i;

	if (*array == NULL)
		return;
	for (i = 0; i < (*array)->chunks; i++)
		mem_free(&(*array)->chunk[i]);
	mem_free(&(*array)->chunk);
	mem_free(&(*array)->before);
	mem_free(array);
}

void *
cow_array_get(const struct cow_array *array, uint32_t index)
{
	const struct array_chunk *chunk;

	if (index / ARRAY_CHUNK >= array->chunks)
		return (NULL);
	chunk = array->chunk[index / ARRAY_CHUNK];
	return (chunk != NULL ? chunk->pointer[index % ARRAY_CHUNK] : NULL);
}

size_t
cow_array_count(const struct cow_array *array)
{
	return (array->count);
}

size_t
cow_array_memory(const struct cow_array *array)
{
	size_t i, total;

	total = sizeof(*array) + array->chunks * 2 * sizeof(void *);
	for (i = 0; i < array->chunks; i++)
		total += array->chunk[i] != NULL ? sizeof(*array->chunk[i]) : 0;
	return (total);
}

void *
cow_array_next(const struct cow_array *array, uint32_t *index)
{
	const struct array_chunk *chunk;
	size_t at, i;

	i = *index % ARRAY_CHUNK;
	for (at = *index / ARRAY_CHUNK; at < array->chunks; at++, i = 0) {
		chunk = array->chunk[at];
		for (; chunk != NULL && i < ARRAY_CHUNK; i++) {
			if (chunk->pointer[i] != NULL) {
				*index = (uint32_t)(at * ARRAY_CHUNK + i);
				return (chunk->pointer[i]);
			}
		}
	}
	return (NULL);
}

bool
cow_array_nth(const struct cow_array *array, size_t n, uint32_t *index)
{
	const struct array_chunk *chunk;
	size_t high, i, low, middle;

	if (n >= array->count)
		return (false);
	low = 0;
	high = array->chunks;
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (array->before[middle] <= n)
			low = middle;
		else
			high = middle;
	}
	chunk = array->chunk[low];
	n -= array->before[low];
	for (i = 0; i < ARRAY_CHUNK; i++)
		if (chunk->pointer[i] != NULL && n-- == 0)
			break;
	*index = (uint32_t)(low * ARRAY_CHUNK + i);
	return (true);
}

/* ---- orders ---------------------------------------------------------------------------------------- */

struct cow_order {
	size_t		  count;
	size_t		  chunks;
	size_t		 *before;	/* one more at the end */
	uint32_t	**chunk;
};

static struct cow_order *
order_new(size_t chunks)
{
	struct cow_order *order;

	order = mem_alloc(sizeof(*order));
	order->before = mem_alloc((chunks + 1) * sizeof(*order->before));
	order->chunk = mem_alloc((chunks + 1) * sizeof(*order->chunk));
	return (order);
}

static void
order_append(struct cow_order *order, uint32_t *chunk, size_t count)
{
	order->before[order->chunks] = order->count;
	order->chunk[order->chunks++] = chunk;
	order->count += count;
	order->before[order->chunks] = order->count;
}

static void
order_append_copy(struct cow_order *order, const uint32_t *ids, size_t count)
{
	uint32_t *chunk;
	size_t n, pieces;

	for (pieces = (count + CHUNK_TARGET - 1) / CHUNK_TARGET; pieces > 0; pieces--) {
		n = (count + pieces - 1) / pieces;
		chunk = mem_realloc(NULL, n * sizeof(*chunk));
		memcpy(chunk, ids, n * sizeof(*chunk));
		order_append(order, chunk, n);
		ids += n;
		count -= n;
	}
}

struct cow_order *
cow_order_build(const uint32_t *ids, size_t count)
{
	struct cow_order *order;

	order = order_new((count + CHUNK_TARGET - 1) / CHUNK_TARGET);
	order_append_copy(order, ids, count);
	return (order);
}

static size_t
order_chunk_count(const struct cow_order *order, size_t chunk)
{
	return (order->before[chunk + 1] - order->before[chunk]);
}

/* Changes and how to compare them, consumed chunk by chunk. */
struct order_change {
	cow_compare	*compare;
	void		*old_context;
	void		*new_context;
	const uint32_t	*del;
	size_t		 del_count;
	const uint32_t	*add;
	size_t		 add_count;
};

/* How many of `ids` come before `limit`, as the context sees both. */
static size_t
order_below(const struct order_change *change, void *context, const uint32_t *ids,
    size_t count, uint32_t limit)
{
	size_t n;

	for (n = 0; n < count && change->compare(context, ids[n], limit) < 0; n++)
		continue;
	return (n);
}

/*
 * Merges one chunk. An id in `del` is skipped by equality: it may also be in `add`, at its new
 * place, so the additions are compared with ids that stay.
 */
static size_t
order_merge(const struct order_change *change, const uint32_t *old, size_t count,
    size_t adds, size_t dels, uint32_t *out)
{
	size_t a, d, i, n;

	a = d = n = 0;
	for (i = 0; i < count; i++) {
		if (d < dels && change->del[d] == old[i]) {
			d++;
			continue;
		}
		while (a < adds && change->compare(change->new_context, change->add[a],
		    old[i]) < 0)
			out[n++] = change->add[a++];
		out[n++] = old[i];
	}
	while (a < adds)
		out[n++] = change->add[a++];
	return (n);
}

/* The first id of a later chunk that stays: what bounds the additions to this one. */
static bool
order_bound(const struct cow_order *old, size_t chunk, const struct order_change *change,
    uint32_t *bound)
{
	size_t at, d, i;

	d = 0;
	for (at = chunk + 1; at < old->chunks; at++) {
		for (i = 0; i < order_chunk_count(old, at); i++) {
			while (d < change->del_count && change->del[d] != old->chunk[at][i] &&
			    change->compare(change->old_context, change->del[d],
			    old->chunk[at][i]) < 0)
				d++;
			if (d < change->del_count && change->del[d] == old->chunk[at][i])
				continue;
			*bound = old->chunk[at][i];
			return (true);
		}
	}
	return (false);
}

static void
order_apply_chunk(struct cow_order *order, const struct cow_order *old, size_t at,
    struct order_change *change, struct cow_trash *trash)
{
	size_t adds, count, dels, n;
	uint32_t *merged, bound;

	count = order_chunk_count(old, at);
	dels = at + 1 < old->chunks ? order_below(change, change->old_context, change->del,
	    change->del_count, old->chunk[at + 1][0]) : change->del_count;
	adds = change->add_count == 0 ? 0 : !order_bound(old, at, change, &bound) ?
	    change->add_count : order_below(change, change->new_context, change->add,
	    change->add_count, bound);
	if (adds == 0 && dels == 0) {
		order_append(order, old->chunk[at], count);
		return;
	}
	merged = mem_realloc(NULL, (count + adds + 1) * sizeof(*merged));
	n = order_merge(change, old->chunk[at], count, adds, dels, merged);
	order_append_copy(order, merged, n);
	mem_free(&merged);
	cow_discard(trash, old->chunk[at]);
	change->add += adds, change->add_count -= adds;
	change->del += dels, change->del_count -= dels;
}

struct cow_order *
cow_order_apply(struct cow_order *old, cow_compare *compare, void *old_context,
    const uint32_t *del, size_t del_count, void *new_context, const uint32_t *add,
    size_t add_count, struct cow_trash *trash)
{
	struct order_change change = { .compare = compare, .old_context = old_context,
	    .new_context = new_context, .del = del, .del_count = del_count, .add = add,
	    .add_count = add_count };
	struct cow_order *order;
	size_t i;

	/* A chunk that grows may become two. */
	order = order_new(old->chunks * 2 + add_count / CHUNK_TARGET + 2);
	for (i = 0; i < old->chunks; i++)
		order_apply_chunk(order, old, i, &change, trash);
	if (old->chunks == 0)
		order_append_copy(order, add, add_count);
	cow_discard(trash, old->before);
	cow_discard(trash, old->chunk);
	cow_discard(trash, old);
	return (order);
}

void
cow_order_close(struct cow_order **order)
{
	size_t i;

	if (*order == NULL)
		return;
	for (i = 0; i < (*order)->chunks; i++)
		mem_free(&(*order)->chunk[i]);
	mem_free(&(*order)->before);
	mem_free(&(*order)->chunk);
	mem_free(order);
}

size_t
cow_order_count(const struct cow_order *order)
{
	return (order->count);
}

size_t
cow_order_memory(const struct cow_order *order)
{
	return (sizeof(*order) + order->count * sizeof(uint32_t) +
	    order->chunks * (sizeof(size_t) + sizeof(void *)));
}

uint32_t
cow_order_at(const struct cow_order *order, size_t place)
{
	size_t high, low, middle;

	low = 0;
	high = order->chunks;
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (order->before[middle] <= place)
			low = middle;
		else
			high = middle;
	}
	return (order->chunk[low][place - order->before[low]]);
}

size_t
cow_order_find(const struct cow_order *order, int (*probe)(void *context, uint32_t id),
    void *context)
{
	size_t high, low, middle;

	low = 0;
	high = order->count;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (probe(context, cow_order_at(order, middle)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (low);
}
