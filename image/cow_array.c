/*
 * Arrays of pointers, in chunks like those of sets (image/cow_set.c) but of one size.
 */
#include "config.h"

#include "image/cow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ARRAY_CHUNK	1024	/* pointers in a chunk of an array */
#define ARRAY_STRIDE	32	/* … that are counted at once */

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

/* Where the n-th of a chunk stands. Most chunks have no gaps. */
static size_t
array_chunk_nth(const struct array_chunk *chunk, size_t n)
{
	size_t i, j, there;

	if (chunk->count == ARRAY_CHUNK)
		return (n);
	for (i = 0;; i += ARRAY_STRIDE, n -= there) {
		for (j = there = 0; j < ARRAY_STRIDE; j++)
			there += chunk->pointer[i + j] != NULL;
		if (n < there)
			break;
	}
	for (; chunk->pointer[i] == NULL || n-- > 0; i++)
		continue;
	return (i);
}

bool
cow_array_nth(const struct cow_array *array, size_t n, uint32_t *index)
{
	size_t high, low, middle;

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
	*index = (uint32_t)(low * ARRAY_CHUNK +
	    array_chunk_nth(array->chunk[low], n - array->before[low]));
	return (true);
}
