/*
 * Persistent containers: a change makes a new version that shares all it did not touch with
 * the old one, so that any number of readers go on with theirs without a lock. One writer.
 *
 * What a new version no longer uses is put on a list; it is freed when the last reader of the
 * older versions has gone (image/image.c).
 */
#ifndef ROLLCALL_IMAGE_COW_H
#define ROLLCALL_IMAGE_COW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory to free later, by a function of its own. */
struct cow_trash {
	struct cow_waste {
		void	(*release)(void *context, void *memory);
		void	*context;
		void	*memory;
	} *list;
	size_t	 count;
	size_t	 room;
};

void	cow_discard(struct cow_trash *trash, void *memory);	/* free(3) is enough for it */
void	cow_discard_by(struct cow_trash *trash, void (*release)(void *context, void *memory),
	    void *context, void *memory);
void	cow_empty(struct cow_trash *trash);			/* frees everything on the list */

/*
 * A sorted set of 64-bit numbers. Indexes are sets of (hash of attribute and value) << 32 | id.
 */
struct cow_set;

/* From `count` numbers in ascending order without duplicates. */
struct cow_set *cow_set_build(const uint64_t *numbers, size_t count);
/* With `add` put in and `del` taken out, each ascending, none in both; the old one's parts that
 * are no longer used go to the trash. NULL for `old` is the empty set. */
struct cow_set *cow_set_apply(struct cow_set *old, const uint64_t *add, size_t add_count,
	    const uint64_t *del, size_t del_count, struct cow_trash *trash);
/* Frees the set and all its parts: no other version may share them. */
void	cow_set_close(struct cow_set **set);
size_t	cow_set_count(const struct cow_set *set);
size_t	cow_set_memory(const struct cow_set *set);

/* How many numbers lie in low … high, both included, in a few steps. */
size_t	cow_set_range_count(const struct cow_set *set, uint64_t low, uint64_t high);

/* A walk over low … high, ascending. */
struct cow_cursor {
	const struct cow_set	*set;
	uint64_t		 high;
	size_t			 chunk;
	size_t			 at;
};
void	cow_cursor_open(struct cow_cursor *cursor, const struct cow_set *set, uint64_t low,
	    uint64_t high);
/* … and how many numbers it will give, for little more. */
size_t	cow_cursor_open_count(struct cow_cursor *cursor, const struct cow_set *set,
	    uint64_t low, uint64_t high);
bool	cow_cursor_next(struct cow_cursor *cursor, uint64_t *number);
/* Moves on to the first number that is not below `number`. */
void	cow_cursor_seek(struct cow_cursor *cursor, uint64_t number);

/*
 * Pointers by a dense 32-bit index, counted: the n-th that is there can be found.
 */
struct cow_array;

struct cow_put {
	uint32_t	 index;
	void		*pointer;	/* NULL takes it out */
};

/* `puts` ascending by index, no index twice. NULL for `old` is the empty array. */
struct cow_array *cow_array_apply(struct cow_array *old, const struct cow_put *puts,
	    size_t count, struct cow_trash *trash);
void	cow_array_close(struct cow_array **array);	/* not what the pointers lead to */
void	*cow_array_get(const struct cow_array *array, uint32_t index);
size_t	cow_array_count(const struct cow_array *array);
size_t	cow_array_memory(const struct cow_array *array);
/* The first that is there with an index not below *index, which is set to it; NULL: none. */
void	*cow_array_next(const struct cow_array *array, uint32_t *index);
/* The index of the n-th that is there, from 0; false when there are not so many. */
bool	cow_array_nth(const struct cow_array *array, size_t n, uint32_t *index);

/*
 * 32-bit ids in an order of the owner's: for ordering filters and sorting.
 */
struct cow_order;

/* Compares two ids, whose entries the context can find. Never 0 for two different ids. */
typedef int cow_compare(void *context, uint32_t a, uint32_t b);

/* From ids sorted by the order. */
struct cow_order *cow_order_build(const uint32_t *ids, size_t count);
/*
 * Takes `del` out, then puts `add` in: both sorted. The ids of `del` are compared as
 * `old_context` sees them, those of `add` as `new_context` does; an id that stays must compare
 * alike in both.
 */
struct cow_order *cow_order_apply(struct cow_order *old, cow_compare *compare,
	    void *old_context, const uint32_t *del, size_t del_count, void *new_context,
	    const uint32_t *add, size_t add_count, struct cow_trash *trash);
void	cow_order_close(struct cow_order **order);
size_t	cow_order_count(const struct cow_order *order);
size_t	cow_order_memory(const struct cow_order *order);
/* The id at a place, from 0; the place must exist. */
uint32_t cow_order_at(const struct cow_order *order, size_t place);
/*
 * The first place whose id does not come before what `probe` looks for: probe(context, id) is
 * negative when the id comes before it, else 0 or positive. May be the count.
 */
size_t	cow_order_find(const struct cow_order *order, int (*probe)(void *context, uint32_t id),
	    void *context);

#endif
