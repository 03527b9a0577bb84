/*
 * Owns nothing: ICU keeps the functions for the whole process.
 */
#include "config.h"

#include "base/libraries.h"

#include <unicode/uclean.h>

#include "base/mem.h"

static void *
libraries_alloc(const void *context, size_t size)
{
	(void)context;
	return (mem_library_alloc(size));
}

static void *
libraries_realloc(const void *context, void *p, size_t size)
{
	(void)context;
	return (mem_realloc(p, size));
}

static void
libraries_free(const void *context, void *p)
{
	(void)context;
	mem_library_free(p);
}

void
libraries_start(void)
{
	UErrorCode status = U_ZERO_ERROR;

	u_setMemoryFunctions(NULL, libraries_alloc, libraries_realloc, libraries_free, &status);
}
