/*
 * Writes one resource as JSON, value by value: opens and closes objects and arrays as
 * the attributes call for it, and remembers where each value stands, so that values are
 * kept once, in the JSON itself.
 */
#ifndef ROLLCALL_SCIM_WRITER_H
#define ROLLCALL_SCIM_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "scim/attr.h"

/* Where a value stands in the JSON of its resource; of a string, without the quotes. */
struct item {
	uint32_t	 at;
	uint32_t	 len;
	uint32_t	 element : 23;	/* of a multi-valued attribute, from 0 */
	uint32_t	 attr : 8;	/* id of the attribute, a simple one */
	uint32_t	 escaped : 1;	/* there is a backslash in it */
};

struct writer {
	struct buf		*out;
	size_t			 start;		/* of the resource in it */
	bool			 keep;		/* items are wanted */
	struct item		*items;
	size_t			 count;
	size_t			 room;
	enum schema_id		 extension;	/* whose object is open */
	const struct attr	*open;		/* complex or multi-valued */
	unsigned int		 element;	/* of it, with an object begun */
};

/* Begins a resource at the end of `out`. Items of the one before are forgotten. */
void	writer_begin(struct writer *writer, struct buf *out, bool keep);
/* Ends it: the object is whole. */
void	writer_end(struct writer *writer);
void	writer_close(struct writer *writer);	/* frees the items */

/*
 * Writes a value of a simple attribute. Attributes come in the order of the tree,
 * elements of a multi-valued one ascending from 0, without gaps.
 */
void	writer_text(struct writer *writer, const struct attr *attr,
	    unsigned int element, const char *text);
void	writer_bool(struct writer *writer, const struct attr *attr,
	    unsigned int element, bool value);
/* A value as it stood in another resource: escaped already, without quotes. */
void	writer_copy(struct writer *writer, const struct attr *attr,
	    unsigned int element, const struct item *item, const char *json);

/* Adds `text` to out as a JSON string, with its quotes. */
void	json_quote(struct buf *out, const char *text);

#endif
