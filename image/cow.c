/*
 * Owns what versions no longer use, until it is freed.
 */
#include "config.h"

#include "image/cow.h"

#include <stdlib.h>

#include "base/mem.h"

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
