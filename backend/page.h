/*
 * Paged results (RFC 2696). A cookie says all there is to know of where a search stands, so
 * that a connection may have any number of them and the server remembers none. Entries come in
 * the order of their ids: one that stays is sent once, however the directory changes.
 */
#ifndef ROLLCALL_BACKEND_PAGE_H
#define ROLLCALL_BACKEND_PAGE_H

#include <stdbool.h>

#include "backend/slapd.h"

struct page {
	bool	 wanted;
	int	 size;		/* entries on a page */
	ID	 after;		/* the last one sent before, 0 for none */
	int	 sent;		/* on earlier pages */
};

/*
 * What an operation asks for. False, with the result filled in, when its cookie is not one
 * that this server gave for the same search.
 */
bool	page_open(Operation *op, SlapReply *rs, struct page *page);

/* Adds the control to the result: with a cookie to go on after `last`, 0 at the end. */
void	page_answer(Operation *op, SlapReply *rs, const struct page *page, ID last);

#endif
