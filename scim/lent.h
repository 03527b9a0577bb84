/*
 * Bytes of a snapshot that an answer sends from where they lie, without a copy: between
 * the parts of a text that is written for the answer.
 */
#ifndef ROLLCALL_SCIM_LENT_H
#define ROLLCALL_SCIM_LENT_H

#include <microhttpd.h>

#include "scim/view.h"

#define LENT_MAX 256		/* pieces: libmicrohttpd keeps their list in the connection */

struct lent_piece {
	size_t		 at;		/* behind so many bytes of the text */
	const char	*bytes;
	size_t		 len;
};

#define LENT_FEW 3

struct lent {
	struct lent_piece	 few[LENT_FEW];		/* the first ones */
	struct lent_piece	*rest;
	size_t			 count;
};

/* Puts bytes of the snapshot behind what the text holds so far. LENT_MAX times at most. */
void	lent_add(struct lent *lent, const struct buf *text, const char *bytes, size_t len);
void	lent_close(struct lent *lent);

/*
 * The response with text and pieces. A long one takes the text and the snapshot, which
 * becomes NULL: it is released when the last byte was sent, or the connection ends. A
 * short one is a copy. NULL when there is no memory for it.
 */
struct MHD_Response *lent_response(struct lent *lent, struct buf *text,
	    struct view *view, const struct image_snap **snap);

#endif
