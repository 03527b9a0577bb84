/*
 * Memory of one operation, in slapd's own temporary memory, given back all at once and last
 * first, as that memory likes it.
 */
#ifndef ROLLCALL_BACKEND_SCRATCH_H
#define ROLLCALL_BACKEND_SCRATCH_H

#include "backend/slapd.h"

struct scratch_block {
	struct scratch_block	*before;
	max_align_t		 memory[];
};

struct scratch {
	void			*context;	/* op->o_tmpmemctx */
	struct scratch_block	*last;
};

/* Zeroed, aligned for any type. */
static inline void *
scratch_alloc(struct scratch *scratch, size_t size)
{
	struct scratch_block *block;

	block = slap_sl_malloc(sizeof(*block) + size, scratch->context);
	block->before = scratch->last;
	scratch->last = block;
	return (memset(block->memory, 0, size));
}

static inline void
scratch_close(struct scratch *scratch)
{
	struct scratch_block *block;

	while ((block = scratch->last) != NULL) {
		scratch->last = block->before;
		slap_sl_free(block, scratch->context);
	}
}

#endif
