/*
 * Secrets of clients: made here, shown once, kept as hashes.
 *
 * A secret has 256 random bits, so a fast hash is enough: nobody guesses it. SCIM tokens are
 * kept as SHA-256; LDAP passwords in slapd's own scheme {SSHA}.
 */
#ifndef ROLLCALL_BASE_TOKEN_H
#define ROLLCALL_BASE_TOKEN_H

#include "base/digest.h"

#define TOKEN_SIZE	52	/* "rcs_", 43 characters, NUL */
#define TOKEN_HASH_SIZE	65	/* either hash as text, and a NUL */

/* "rcs_…" for SCIM, "rcl_…" for LDAP; of [A-Za-z0-9_-]. Returns `token`. */
const char *token_make(const char *prefix, char token[TOKEN_SIZE]);

/* SHA-256 in lower-case hexadecimal. Returns `hash`. */
const char *token_hash_scim(const char *token, char hash[TOKEN_HASH_SIZE]);

/* {SSHA} and base64 of SHA-1 with eight bytes of salt. Returns `hash`. */
const char *token_hash_ldap(const char *token, char hash[TOKEN_HASH_SIZE]);

#endif
