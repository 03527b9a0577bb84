/*
 * Owns nothing: the libraries keep the functions for the whole process.
 */
#include "config.h"

#include "sync/libraries.h"

#include <curl/curl.h>
#include <jansson.h>

#include "base/libraries.h"
#include "base/mem.h"

void
sync_libraries_start(void)
{
	libraries_start();
	json_set_alloc_funcs(mem_library_alloc, mem_library_free);
}

void
sync_network_start(void)
{
	/* All that can be wrong with it here is memory. */
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, mem_library_alloc, mem_library_free,
	    mem_realloc, mem_dup, mem_library_array) != CURLE_OK)
		mem_exhausted();
}

void
sync_network_stop(void)
{
	curl_global_cleanup();
}
