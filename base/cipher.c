/*
 * Owns nothing. Safe from any thread.
 */
#include "config.h"

#include "base/cipher.h"

#include <gnutls/crypto.h>

#include "base/digest.h"

/* SIV takes a nonce as one more text that is not sealed: always the same one. */
static const uint8_t cipher_nonce[16];

static gnutls_aead_cipher_hd_t
cipher_begin(const uint8_t key[CIPHER_KEY_SIZE])
{
	const gnutls_datum_t datum = { (uint8_t *)(uintptr_t)key, CIPHER_KEY_SIZE };
	gnutls_aead_cipher_hd_t handle;

	digest_must(gnutls_aead_cipher_init(&handle, GNUTLS_CIPHER_AES_128_SIV, &datum));
	return (handle);
}

void
cipher_seal(const uint8_t key[CIPHER_KEY_SIZE], const void *text, size_t len, uint8_t *out)
{
	gnutls_aead_cipher_hd_t handle;
	size_t room = len + CIPHER_GROWTH;

	handle = cipher_begin(key);
	digest_must(gnutls_aead_cipher_encrypt(handle, cipher_nonce, sizeof(cipher_nonce), NULL,
	    0, CIPHER_GROWTH, text, len, out, &room));
	gnutls_aead_cipher_deinit(handle);
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
