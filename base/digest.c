/*
 * Owns nothing. Safe from any thread.
 */
#include "config.h"

#include "base/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/mem.h"

static const char base64_plain[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64_url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
digest_must(int result)
{
	if (result >= 0)
		return;
	(void)fprintf(stderr, "GnuTLS: %s\n", gnutls_strerror(result));
	switch (result) {
	case GNUTLS_E_MEMORY_ERROR:
	case GNUTLS_E_HASH_FAILED:
	case GNUTLS_E_RANDOM_FAILED:
		mem_exhausted();
	}
	abort();
}

void
digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_SHA256_SIZE])
{
	digest_must(gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, out));
}

void
digest_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
    uint8_t out[DIGEST_SHA256_SIZE])
{
	digest_must(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, key_len, data, len, out));
}

void
digest_sha1(const void *data, size_t len, uint8_t out[20])
{
	digest_must(gnutls_hash_fast(GNUTLS_DIG_SHA1, data, len, out));
}

void
digest_random(void *out, size_t len)
{
	digest_must(gnutls_rnd(GNUTLS_RND_KEY, out, len));
}

bool
digest_equal(const void *a, const void *b, size_t len)
{
	return (gnutls_memcmp(a, b, len) == 0);
}

const char *
digest_hex(const void *data, size_t len, char *text)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = data;
	size_t i;

	for (i = 0; i < len; i++) {
		text[i * 2] = digits[bytes[i] >> 4];
		text[i * 2 + 1] = digits[bytes[i] & 15];
	}
	text[len * 2] = '\0';
	return (text);
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

bool
digest_from_hex(const char *text, void *out, size_t len)
{
	uint8_t *bytes = out;
	size_t i;
	int high, low;

	for (i = 0; i < len; i++) {
		high = hex_value(text[i * 2]);
		low = high < 0 ? -1 : hex_value(text[i * 2 + 1]);
		if (low < 0)
			return (false);
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return (text[len * 2] == '\0');
}

static size_t
base64_encode(const char *alphabet, const uint8_t *in, size_t len, char *out)
{
	uint32_t group;
	size_t i, n;

	n = 0;
	for (i = 0; i + 2 < len; i += 3) {
		group = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
		out[n++] = alphabet[group >> 18];
		out[n++] = alphabet[group >> 12 & 63];
		out[n++] = alphabet[group >> 6 & 63];
		out[n++] = alphabet[group & 63];
	}
	if (i < len) {
		group = (uint32_t)in[i] << 16 | (i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0);
		out[n++] = alphabet[group >> 18];
		out[n++] = alphabet[group >> 12 & 63];
		if (i + 1 < len)
			out[n++] = alphabet[group >> 6 & 63];
	}
	out[n] = '\0';
	return (n);
}

const char *
digest_base64url(const void *data, size_t len, char *text)
{
	(void)base64_encode(base64_url, data, len, text);
	return (text);
}

const char *
digest_base64(const void *data, size_t len, char *text)
{
	size_t n;

	n = base64_encode(base64_plain, data, len, text);
	while (n % 4 != 0)
		text[n++] = '=';
	text[n] = '\0';
	return (text);
}

bool
digest_from_base64url(const char *text, void *out, size_t *len)
{
	uint8_t *bytes = out;
	const char *at;
	uint32_t group;
	size_t n;
	int bits;

	group = 0;
	bits = 0;
	n = 0;
	for (; *text != '\0'; text++) {
		at = strchr(base64_url, *text);
		if (at == NULL)
			return (false);
		group = group << 6 | (uint32_t)(at - base64_url);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			if (n == *len)
				return (false);
			bytes[n++] = (uint8_t)(group >> bits);
		}
	}
	*len = n;
	return (bits < 6 && (group & ((1U << bits) - 1)) == 0);
}

static void
uuid_stamp(struct uuid *uuid, unsigned int version)
{
	uuid->bytes[6] = (uint8_t)((uuid->bytes[6] & 0x0f) | version << 4);
	uuid->bytes[8] = (uint8_t)((uuid->bytes[8] & 0x3f) | 0x80);
}

struct uuid
uuid_random(void)
{
	struct uuid uuid;

	digest_random(uuid.bytes, sizeof(uuid.bytes));
	uuid_stamp(&uuid, 4);
	return (uuid);
}

struct uuid
uuid_named(const struct uuid *space, const void *name, size_t len)
{
	struct buf input = BUF_INIT;
	uint8_t sha1[20];
	struct uuid uuid;

	buf_add(&input, space->bytes, sizeof(space->bytes));
	buf_add(&input, name, len);
	digest_sha1(input.data, input.len, sha1);
	buf_close(&input);
	memcpy(uuid.bytes, sha1, sizeof(uuid.bytes));
	uuid_stamp(&uuid, 5);
	return (uuid);
}

const char *
uuid_format(const struct uuid *uuid, char text[UUID_TEXT_SIZE])
{
	static const size_t groups[] = { 4, 2, 2, 2, 6 };
	const uint8_t *bytes;
	char *p;
	size_t i;

	bytes = uuid->bytes;
	p = text;
	for (i = 0; i < 5; i++) {
		(void)digest_hex(bytes, groups[i], p);
		bytes += groups[i];
		p += groups[i] * 2;
		*p++ = i < 4 ? '-' : '\0';
	}
	return (text);
}

bool
uuid_parse(const char *text, struct uuid *uuid)
{
	char hex[33];
	size_t i, n;

	n = 0;
	for (i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return (false);
			continue;
		}
		if (text[i] == '\0')
			return (false);
		hex[n++] = text[i];
	}
	hex[n] = '\0';
	return (text[36] == '\0' && digest_from_hex(hex, uuid->bytes, sizeof(uuid->bytes)));
}

uint64_t
hash64(const void *data, size_t len)
{
	return (XXH3_64bits(data, len));
}

uint64_t
hash64_seed(const void *data, size_t len, uint64_t seed)
{
	return (XXH3_64bits_withSeed(data, len, seed));
}

uint64_t
hash64_text(const char *text)
{
	return (XXH3_64bits(text, strlen(text)));
}
