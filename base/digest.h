/*
 * Digests, random bytes, UUIDs and their texts (GnuTLS).
 */
#ifndef ROLLCALL_BASE_DIGEST_H
#define ROLLCALL_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_SHA256_SIZE	32
#define UUID_SIZE		16
#define UUID_TEXT_SIZE		37

struct uuid {
	uint8_t	bytes[UUID_SIZE];
};

void	digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_SHA256_SIZE]);
void	digest_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
	    uint8_t out[DIGEST_SHA256_SIZE]);
void	digest_sha1(const void *data, size_t len, uint8_t out[20]);

/*
 * Ends the process when a call of GnuTLS failed: that happens for want of memory, whatever it
 * calls that, or when it is misbuilt or forbidden by policy: no way to go on.
 */
void	digest_must(int result);

/* Bytes fit for secrets. */
void	digest_random(void *out, size_t len);

/* Compares without telling by its time where the difference is. */
bool	digest_equal(const void *a, const void *b, size_t len);

/* Lower-case hexadecimal; `text` has room for 2 * len + 1. Returns `text`. */
const char *digest_hex(const void *data, size_t len, char *text);
bool	digest_from_hex(const char *text, void *out, size_t len);

/* base64url without padding (RFC 4648 §5); room for len * 4 / 3 + 4. Returns `text`. */
const char *digest_base64url(const void *data, size_t len, char *text);
/* Decodes it; *len is the room on entry and the length on return. False when malformed. */
bool	digest_from_base64url(const char *text, void *out, size_t *len);

/* base64 with padding (RFC 4648 §4); room for (len + 2) / 3 * 4 + 1. Returns `text`. */
const char *digest_base64(const void *data, size_t len, char *text);

/* RFC 9562: version 4 (random) and version 5 (SHA-1 of a namespace and a name). */
struct uuid uuid_random(void);
struct uuid uuid_named(const struct uuid *space, const void *name, size_t len);
const char *uuid_format(const struct uuid *uuid, char text[UUID_TEXT_SIZE]);
/* Any letter case; exactly 36 characters. */
bool	uuid_parse(const char *text, struct uuid *uuid);

/* A fast hash for tables and change detection (XXH3); not for secrets. */
uint64_t hash64(const void *data, size_t len);
uint64_t hash64_seed(const void *data, size_t len, uint64_t seed);
uint64_t hash64_text(const char *text);

#endif
