/*
 * Owns nothing. Safe from any thread.
 */
#include "config.h"

#include "base/cipher.h"

#include <stdio.h>
#include <stdlib.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base/mem.h"

/* SIV takes a nonce as one more text that is not sealed: always the same one. */
static const uint8_t cipher_nonce[16];

/* As in base/digest.c: for want of memory, or GnuTLS cannot do it here at all. */
static gnutls_aead_cipher_hd_t
cipher_begin(const uint8_t key[CIPHER_KEY_SIZE])
{
	const gnutls_datum_t datum = { (uint8_t *)(uintptr_t)key, CIPHER_KEY_SIZE };
	gnutls_aead_cipher_hd_t handle;
	int result;

	result = gnutls_aead_cipher_init(&handle, GNUTLS_CIPHER_AES_128_SIV, &datum);
	if (result == GNUTLS_E_MEMORY_ERROR)
		mem_exhausted();
	if (result < 0) {
		(void)fprintf(stderr, "GnuTLS: %s\n", gnutls_strerror(result));
		abort();
	}
	return (handle);
}

void
cipher_seal(const uint8_t key[CIPHER_KEY_SIZE], const void *text, size_t len, uint8_t *out)
{
	gnutls_aead_cipher_hd_t handle;
	size_t room = len + CIPHER_GROWTH;
	int result;

	handle = cipher_begin(key);
	result = gnutls_aead_cipher_encrypt(handle, cipher_nonce, sizeof(cipher_nonce), NULL, 0,
	    CIPHER_GROWTH, text, len, out, &room);
	gnutls_aead_cipher_deinit(handle);
	if (result < 0 || room != len + CIPHER_GROWTH) {
		(void)fprintf(stderr, "GnuTLS: %s\n", gnutls_strerror(result));
		abort();
	}
}

bool
cipher_open(const uint8_t key[CIPHER_KEY_SIZE], const uint8_t *sealed, size_t len, void *out)
{
	gnutls_aead_cipher_hd_t handle;
	size_t room;
	int result;

	if (len <= CIPHER_GROWTH)
		return (false);
	room = len - CIPHER_GROWTH;
	handle = cipher_begin(key);
	result = gnutls_aead_cipher_decrypt(handle, cipher_nonce, sizeof(cipher_nonce), NULL, 0,
	    CIPHER_GROWTH, sealed, len, out, &room);
	gnutls_aead_cipher_deinit(handle);
	return (result == 0 && room == len - CIPHER_GROWTH);
}
