/*
 * Takes a page apart without understanding it: where `next` stands, where each element of
 * `results` begins and ends, and which members an element has. So one record that jansson
 * refuses costs that record, not the page (kombo/api.md §10.7, §10.8), and members nobody asked
 * for are never decoded at all.
 */
#ifndef ROLLCALL_SYNC_KOMBO_SPLIT_H
#define ROLLCALL_SYNC_KOMBO_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A run of bytes of the page, without white space around it. */
struct slice {
	const char	*at;
	size_t		 len;
};

struct page {
	struct slice	 next;		/* a JSON string or null; len 0 when absent */
	struct slice	*elements;
	size_t		 count;
	size_t		 room;
};
#define PAGE_INIT { .next = { NULL, 0 }, .elements = NULL, .count = 0, .room = 0 }

void	page_close(struct page *page);

/*
 * Finds data.next and the elements of data.results. ERR_KOMBO_ANSWER with the offset when the
 * bytes are not one JSON object with these, whatever stands inside the elements. The page is
 * reused from call to call; slices point into `bytes`.
 */
int	page_split(const char *bytes, size_t len, struct page *page, struct err *err);

/*
 * Walks the members of an object: *at starts as 0. 1: name is the text between the quotes,
 * as it stands, value the member's value; 0: the end; -1: no object.
 */
int	slice_member(const struct slice *object, size_t *at, struct slice *name,
	    struct slice *value);

/* Walks the elements of an array in the same way. */
int	slice_element(const struct slice *array, size_t *at, struct slice *element);

bool	slice_is(const struct slice *slice, const char *text);

#endif
