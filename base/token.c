/*
 * Owns nothing. Wipes what it copied.
 */
#include "config.h"

#include "base/token.h"

#include <stdio.h>
#include <string.h>

#define TOKEN_BYTES	32
#define TOKEN_SALT	8

const char *
token_make(const char *prefix, char token[TOKEN_SIZE])
{
	char text[TOKEN_BYTES * 4 / 3 + 4];
	uint8_t bytes[TOKEN_BYTES];

	digest_random(bytes, sizeof(bytes));
	(void)snprintf(token, TOKEN_SIZE, "%.4s%.43s", prefix,
	    digest_base64url(bytes, sizeof(bytes), text));
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(text, sizeof(text));
	return (token);
}

const char *
token_hash_scim(const char *token, char hash[TOKEN_HASH_SIZE])
{
	uint8_t digest[DIGEST_SHA256_SIZE];

	digest_sha256(token, strlen(token), digest);
	return (digest_hex(digest, sizeof(digest), hash));
}

const char *
token_hash_ldap(const char *token, char hash[TOKEN_HASH_SIZE])
{
	char text[(20 + TOKEN_SALT + 2) / 3 * 4 + 1];
	uint8_t salted[TOKEN_SIZE + TOKEN_SALT], sum[20 + TOKEN_SALT];
	size_t len;

	len = strlen(token);
	if (len > TOKEN_SIZE)
		len = TOKEN_SIZE;
	memcpy(salted, token, len);
	digest_random(salted + len, TOKEN_SALT);
	digest_sha1(salted, len + TOKEN_SALT, sum);
	memcpy(sum + 20, salted + len, TOKEN_SALT);
	(void)snprintf(hash, TOKEN_HASH_SIZE, "{SSHA}%s",
	    digest_base64(sum, sizeof(sum), text));
	explicit_bzero(salted, sizeof(salted));
	return (hash);
}
