/*
 * Small texts that others keep for us and must neither read nor change: AES-SIV (RFC 5297;
 * GnuTLS), which needs no nonce. The same text under the same key gives the same bytes.
 */
#ifndef ROLLCALL_BASE_CIPHER_H
#define ROLLCALL_BASE_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CIPHER_KEY_SIZE	32
#define CIPHER_GROWTH	16	/* bytes that a sealed text is longer */

/* Seals: `out` has room for len + CIPHER_GROWTH, which is how long it becomes. */
void	cipher_seal(const uint8_t key[CIPHER_KEY_SIZE], const void *text, size_t len,
	    uint8_t *out);

/*
 * Opens: `out` has room for len - CIPHER_GROWTH. False when it was not sealed so under this
 * key; what is in `out` then means nothing.
 */
bool	cipher_open(const uint8_t key[CIPHER_KEY_SIZE], const uint8_t *sealed, size_t len,
	    void *out);

#endif
