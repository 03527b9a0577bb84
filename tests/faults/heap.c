/*
 * Owns malloc and its sisters in the program it is linked into, libraries included: those that
 * the order names find no memory. Nothing here when a sanitizer owns them.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>

#include "tests/faults/fault.h"

#ifndef __SANITIZE_ADDRESS__

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

void	*malloc(size_t size);
void	*calloc(size_t count, size_t size);
void	*realloc(void *p, size_t size);

static bool heap_ready;	/* from main on */

static bool
heap_fails(void)
{
	if (!heap_ready || fault_strikes(FAULT_ALLOC) != FAULT_HEAP)
		return (false);
	errno = ENOMEM;
	return (true);
}

void *
malloc(size_t size)
{
	return (heap_fails() ? NULL : __libc_malloc(size));
}

void *
calloc(size_t count, size_t size)
{
	return (heap_fails() ? NULL : __libc_calloc(count, size));
}

void *
realloc(void *p, size_t size)
{
	return (heap_fails() ? NULL : __libc_realloc(p, size));
}

__attribute__((constructor(300))) static void
heap_begin(void)
{
	heap_ready = true;
	if (fault_order != NULL)
		fault_order->abilities |= FAULT_ALLOC;
}

#endif
