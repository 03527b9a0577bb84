/*
 * The clients of SCIM and their tokens, in memory, as the database has them. Only
 * hashes are kept there, so a token is hashed and looked for among them.
 */
#ifndef ROLLCALL_SCIM_CLIENTS_H
#define ROLLCALL_SCIM_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "scim/external.h"
#include "scim/view.h"

struct clients;

/* What a client may change: nothing but its own externalId, what the HR system leaves to be
 * edited, also people and groups of no HR system. */
enum right { RIGHT_READ, RIGHT_EDIT, RIGHT_LOCAL };

/* Who asks. The view lives as long as the views do. */
struct client {
	int64_t		 id;
	enum right	 right;
	struct view	*view;
	uint8_t		 cursor_key[DIGEST_SHA256_SIZE];	/* seals its cursors */
};

struct clients *clients_open(const char *database, struct views *views);
void	clients_close(struct clients **clients);

/*
 * Reads the table again when the database has changed, and what clients call people and
 * groups, and opens the views that are new. One thread. A database that cannot be read leaves the clients as they are; the
 * log tells, once.
 */
void	clients_refresh(struct clients *clients);

/* Whether the table was ever read. Any thread. */
bool	clients_known(const struct clients *clients);

/* What they call people and groups, kept current beside them. */
struct externals *clients_externals(struct clients *clients);

/*
 * Whose token it is; false when it is nobody's or has expired. Its time does not tell
 * how much of a token is right. Any thread.
 */
bool	clients_find(struct clients *clients, const char *token, size_t len,
	    struct client *client);

#endif
