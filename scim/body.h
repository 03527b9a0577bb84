/*
 * What a client sends behind the head: kept while it comes, bounded, and read as JSON.
 */
#ifndef ROLLCALL_SCIM_BODY_H
#define ROLLCALL_SCIM_BODY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

#define BODY_MAX	((size_t)1 << 20)	/* bytes */
#define BODY_DEPTH	32			/* objects and lists in one another */

struct body {
	struct buf	 text;
	size_t		 seen;		/* bytes that came, kept or not */
	bool		 keep;		/* else they are counted and thrown away */
	json_t		*json;		/* NULL: not read yet */
};

/* Takes in the next bytes; false when the body is longer than BODY_MAX. */
bool	body_add(struct body *body, const char *bytes, size_t len);
void	body_close(struct body *body);

/*
 * Whether a Content-Type (NULL: none is given) is application/scim+json or application/json;
 * what stands behind a semicolon does not count.
 */
bool	body_is_json(const char *type);

/*
 * Reads the body as one JSON object without two members of one name: *json is borrowed and
 * lives as long as the body. ERR_SCIM_SYNTAX says where it stops making sense.
 */
int	body_read(struct body *body, const json_t **json, struct err *err);

#endif
