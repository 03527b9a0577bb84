/*
 * Orders of ids, in chunks like those of sets (image/cow_set.c).
 */
#include "config.h"

#include "image/cow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CHUNK_TARGET	512	/* items in a chunk at most */

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
