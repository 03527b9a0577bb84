/*
 * A key sealed by a secret: what is stored of it is of no use without the secret, and the secret
 * can be given later without making anew whatever the key was used for.
 */
#ifndef ROLLCALL_STORE_SEAL_H
#define ROLLCALL_STORE_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SEAL_KEY	32	/* bytes of a key */
#define SEAL_SIZE	192	/* of the text, its NUL included */

/* Whether a text is a sealed key. */
bool	seal_is(const char *text);

/*
 * Both read the secret that `reference` (base/secret.h) names: ERR_SECRET when it cannot be, is
 * shorter than 16 characters, or, for seal_open, NULL or not the one the key was sealed by.
 */
int	seal_make(const uint8_t key[SEAL_KEY], const char *reference, char text[SEAL_SIZE],
	    struct err *err);
int	seal_open(const char *text, const char *reference, uint8_t key[SEAL_KEY],
	    struct err *err);

#endif
