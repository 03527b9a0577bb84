/*
 * Opaque cursors: a place in a listing, good for one set of filters and one generation
 * of the data alone (kombo/api.md §2.2, §11, 3). Each holds "+", "/" and "=", so that a
 * client that does not encode them fails.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_CURSOR_H
#define ROLLCALL_TESTS_SANDBOX_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#define CURSOR_SIZE 32

/* `filters` stands for the query, `generation` for the data. Returns `text`. */
const char *cursor_write(uint64_t place, uint64_t filters, uint64_t generation,
	    char text[CURSOR_SIZE]);

/*
 * False when the text is no cursor, or one of other filters or of another generation.
 */
bool	cursor_read(const char *text, uint64_t filters, uint64_t generation,
	    uint64_t *place);

#endif
