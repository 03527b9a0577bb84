/*
 * Which attributes a client wants to see (RFC 7644 §3.9, scim/facts.md §3.6), and
 * resources as they are sent: whole as they are kept, or in part.
 */
#ifndef ROLLCALL_SCIM_SELECT_H
#define ROLLCALL_SCIM_SELECT_H

#include "image/image.h"
#include "scim/lent.h"
#include "scim/own.h"
#include "scim/resource.h"
#include "scim/site.h"

struct selection {
	bool		 all;			/* nothing was asked for */
	uint64_t	 bits[ATTR_MAX / 64];	/* by id of simple attributes */
};

/*
 * From the parameters attributes and excludedAttributes, lists with commas; NULL or ""
 * when not given. -1 when both are given. Unknown names are ignored.
 */
int	select_read(enum resource_type type, const char *attributes,
	    const char *excluded, struct selection *selection, struct err *err);

struct sending {
	const struct site	*site;
	const struct image_snap	*snap;
	const struct selection	*selection;
	const struct own	*own;		/* begun; NULL: the client adds nothing */
};

/* Adds a whole one as JSON, but for the members of a group. */
void	sending_add_core(const struct sending *sending, const struct image_entry *entry,
	    struct buf *out);

/* Adds a resource as JSON. */
void	sending_add(const struct sending *sending, const struct image_entry *entry,
	    struct buf *out);

/*
 * Adds a whole one, with a comma behind it when `more` come, without a copy: the text gets
 * what is the client's own, the rest are SENDING_PIECES pieces of the snapshot at most.
 */
#define SENDING_PIECES	3
void	sending_lend(const struct sending *sending, const struct image_entry *entry,
	    bool more, struct buf *text, struct lent *lent);

#endif
