/*
 * Owns nothing. Safe from any thread.
 */
#include "config.h"

#include "tests/sandbox/shape.h"

#include <string.h>

#include "tests/sandbox/draw.h"

static const char *const keys_names[SHAPE_KEYS_N] = {
	[SHAPE_ALL] = "all",
	[SHAPE_SDK] = "sdk",
	[SHAPE_SPARSE] = "sparse",
	[SHAPE_REQUIRED] = "required",
};

static uint64_t
members_present(const struct shape *shape, enum kind_id kind)
{
	uint64_t set;

	set = kind_members_all(kind);
	if (shape->keys == SHAPE_SDK || shape->keys == SHAPE_REQUIRED)
		set &= ~kind_members_with(kind, KIND_EXTENSION);
	if (shape->keys == SHAPE_REQUIRED)
		set &= ~kind_members_with(kind, KIND_OPTIONAL);
	return (set);
}

/* Fisher and Yates. */
static void
members_shuffle(struct shape *shape, size_t kind, size_t count)
{
	uint8_t *order, swap;
	size_t i, j;

	order = shape->order[kind];
	for (i = count - 1; i > 0; i--) {
		j = draw_below(shape->shuffle, DRAW_ORDER, kind * 100 + i,
		    (uint32_t)i + 1);
		swap = order[i];
		order[i] = order[j];
		order[j] = swap;
	}
}

void
shape_settle(struct shape *shape)
{
	size_t count, i, kind;

	for (kind = 0; kind < KIND_N; kind++) {
		count = kind_get((enum kind_id)kind)->count;
		shape->present[kind] = members_present(shape, (enum kind_id)kind);
		shape->copied[kind] = shape->present[kind] &
		    kind_members_with((enum kind_id)kind, KIND_COPIED);
		for (i = 0; i < count; i++)
			shape->order[kind][i] = (uint8_t)i;
		if (shape->shuffle != 0)
			members_shuffle(shape, kind, count);
	}
}

const char *
shape_keys_name(enum shape_keys keys)
{
	return (keys_names[keys]);
}

enum shape_keys
shape_keys_find(const char *name)
{
	size_t i;

	for (i = 0; i < SHAPE_KEYS_N; i++)
		if (strcmp(keys_names[i], name) == 0)
			break;
	return ((enum shape_keys)i);
}

uint32_t
shape_domain(const struct shape *shape, uint32_t rows)
{
	uint32_t domain;

	if (shape->shuffle == 0)
		return (0);
	for (domain = 1; domain < rows; domain *= 2)
		continue;
	return (domain);
}

/* Each step can be undone modulo a power of two, so no two places have the same row. */
uint32_t
shape_row(const struct shape *shape, uint32_t place, uint32_t domain)
{
	uint32_t mask;

	if (place >= domain)
		return (place);
	mask = domain - 1;
	place = (place * 0x9e3779b1U + (uint32_t)shape->shuffle) & mask;
	place ^= place >> 3;
	place = (place * 0x85ebca6bU + (uint32_t)(shape->shuffle >> 32)) & mask;
	place ^= place >> 2;
	return (place * 0xc2b2ae35U & mask);
}
