/*
 * "sealed:SALT:KEY:PROOF" in hexadecimal. KEY is the key xor HMAC-SHA256(secret, "key" SALT), of
 * which each salt makes another; PROOF is HMAC-SHA256(secret, "proof" SALT KEY).
 */
#include "config.h"

#include "store/seal.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/secret.h"

#define SEAL_WORD	"sealed:"
#define SEAL_SALT	16
#define SEAL_SECRET_MIN	16	/* characters */

struct seal {
	uint8_t	salt[SEAL_SALT];
	uint8_t	key[SEAL_KEY];		/* masked */
	uint8_t	proof[DIGEST_SHA256_SIZE];
};

bool
seal_is(const char *text)
{
	return (strncmp(text, SEAL_WORD, strlen(SEAL_WORD)) == 0);
}

static int
seal_secret(const char *reference, char **secret, struct err *err)
{
	if (secret_read(reference, secret, err) < 0)
		return (err_context(err, "[server] state_key"));
	if (strlen(*secret) >= SEAL_SECRET_MIN)
		return (0);
	secret_free(secret);
	return (err_set(err, ERR_SECRET, "[server] state_key: the secret is shorter than %d "
	    "characters", SEAL_SECRET_MIN));
}

/* key xor what the secret makes of the salt: masks and unmasks. */
static void
seal_mask(const char *secret, const struct seal *seal, const uint8_t from[SEAL_KEY],
    uint8_t to[SEAL_KEY])
{
	uint8_t mask[DIGEST_SHA256_SIZE], text[3 + SEAL_SALT];
	size_t i;

	memcpy(text, "key", 3);
	memcpy(text + 3, seal->salt, SEAL_SALT);
	digest_hmac_sha256(secret, strlen(secret), text, sizeof(text), mask);
	for (i = 0; i < SEAL_KEY; i++)
		to[i] = from[i] ^ mask[i];
	explicit_bzero(mask, sizeof(mask));
}

static void
seal_prove(const char *secret, const struct seal *seal, uint8_t proof[DIGEST_SHA256_SIZE])
{
	uint8_t text[5 + SEAL_SALT + SEAL_KEY];

	memcpy(text, "proof", 5);
	memcpy(text + 5, seal->salt, SEAL_SALT);
	memcpy(text + 5 + SEAL_SALT, seal->key, SEAL_KEY);
	digest_hmac_sha256(secret, strlen(secret), text, sizeof(text), proof);
}

int
seal_make(const uint8_t key[SEAL_KEY], const char *reference, char text[SEAL_SIZE],
    struct err *err)
{
	char hidden[SEAL_KEY * 2 + 1], proof[DIGEST_SHA256_SIZE * 2 + 1], salt[SEAL_SALT * 2 + 1];
	struct seal seal;
	char *secret;

	if (seal_secret(reference, &secret, err) < 0)
		return (-1);
	digest_random(seal.salt, sizeof(seal.salt));
	seal_mask(secret, &seal, key, seal.key);
	seal_prove(secret, &seal, seal.proof);
	secret_free(&secret);
	(void)snprintf(text, SEAL_SIZE, SEAL_WORD "%s:%s:%s",
	    digest_hex(seal.salt, sizeof(seal.salt), salt),
	    digest_hex(seal.key, sizeof(seal.key), hidden),
	    digest_hex(seal.proof, sizeof(seal.proof), proof));
	return (0);
}

static bool
seal_read(const char *text, struct seal *seal)
{
	char hidden[SEAL_KEY * 2 + 1], proof[DIGEST_SHA256_SIZE * 2 + 1], salt[SEAL_SALT * 2 + 1];
	int end;

	end = 0;
	return (sscanf(text, SEAL_WORD "%32[0-9a-f]:%64[0-9a-f]:%64[0-9a-f]%n", salt, hidden,
	    proof, &end) == 3 && text[end] == '\0' &&
	    digest_from_hex(salt, seal->salt, sizeof(seal->salt)) &&
	    digest_from_hex(hidden, seal->key, sizeof(seal->key)) &&
	    digest_from_hex(proof, seal->proof, sizeof(seal->proof)));
}

int
seal_open(const char *text, const char *reference, uint8_t key[SEAL_KEY], struct err *err)
{
	uint8_t proof[DIGEST_SHA256_SIZE];
	struct seal seal;
	char *secret;
	bool right;

	if (!seal_read(text, &seal))
		return (err_set(err, ERR_DB_CORRUPT, "the sealed key of the hashes of erased "
		    "people cannot be read"));
	if (reference == NULL)
		return (err_set(err, ERR_SECRET, "the key of the hashes of erased people is "
		    "sealed: give the secret it was sealed by as [server] state_key"));
	if (seal_secret(reference, &secret, err) < 0)
		return (-1);
	seal_prove(secret, &seal, proof);
	right = digest_equal(proof, seal.proof, sizeof(proof));
	if (right)
		seal_mask(secret, &seal, seal.key, key);
	secret_free(&secret);
	if (!right)
		return (err_set(err, ERR_SECRET, "[server] state_key is not the secret that the "
		    "key of the hashes of erased people was sealed by: give that one"));
	return (0);
}
