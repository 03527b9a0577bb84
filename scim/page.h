/*
 * Which part of a list is asked for (RFC 7644 §3.4.2.4, RFC 9865): by index, which is
 * the default, or by cursor, as soon as there is the parameter cursor.
 */
#ifndef ROLLCALL_SCIM_PAGE_H
#define ROLLCALL_SCIM_PAGE_H

#include "scim/cursor.h"
#include "scim/request.h"

struct page {
	unsigned int	 scope;		/* the caller's: of whom lists are asked */
	size_t		 count;		/* at most */
	size_t		 start;		/* by index: from 1 */
	bool		 by_cursor;
	bool		 resumed;	/* by cursor: behind `after`, not from the start */
	struct sort_key	 after;
	struct cursor_bond bond;	/* for the cursor that leads on */
};

/*
 * Fills the page, whose scope is set, from the parameters startIndex, count and cursor
 * of a request. -1 with ERR_SCIM_VALUE, ERR_SCIM_COUNT, ERR_SCIM_CURSOR or
 * ERR_SCIM_EXPIRED.
 */
int	page_read(struct request *request, const struct filter_subject *subject,
	    const struct sorting *sorting, struct page *page, struct err *err);

#endif
