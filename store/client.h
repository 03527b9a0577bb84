/*
 * Clients of LDAP and SCIM: names, views, rights and hashed secrets.
 */
#ifndef ROLLCALL_STORE_CLIENT_H
#define ROLLCALL_STORE_CLIENT_H

#include <stdint.h>

#include "base/digest.h"
#include "base/mem.h"
#include "store/db.h"

struct client_row {
	int64_t		 id;
	const char	*name;
	const char	*protocol;	/* "ldap", "scim" */
	const char	*view;
	const char	*rights;	/* "read", "edit", "local" */
	int64_t		 created;	/* instants */
	int64_t		 modified;
	int64_t		 expires;	/* 0: never */
	struct uuid	 uuid;
	const char	*secret;	/* "{SSHA}…" (ldap), SHA-256 in hex (scim) */
	const char	*old_secret;	/* still good until old_expires, or NULL */
	int64_t		 old_expires;
};

/* Readers have these. Texts are in the arena. */
int	client_find(struct db *db, const char *protocol, const char *name, struct arena *arena,
	    struct client_row *row, struct err *err);	/* 1 found, 0 not, -1 failed */
int	client_list(struct db *db, struct arena *arena, struct client_row **rows, size_t *count,
	    struct err *err);

/* The client of that id: 1 found, 0 not, -1 failed. */
int	client_get(struct db *db, int64_t id, struct arena *arena, struct client_row *row,
	    struct err *err);

/* The key that cursors of SCIM are sealed with, of the database. */
int	client_cursor_key(struct db *db, uint8_t key[DIGEST_SHA256_SIZE], struct err *err);

/* The publisher's. client_add uses name, protocol, view, rights, created, expires, uuid, secret. */
int	client_add(struct db *db, const struct client_row *row, struct err *err);
/* Puts a new secret in place; the old one stays good until `old_expires`, 0: not at all. */
int	client_rotate(struct db *db, int64_t id, const char *secret, int64_t now,
	    int64_t old_expires, struct err *err);
/* With the ids it has given people and groups. */
int	client_delete(struct db *db, int64_t id, struct err *err);

#endif
