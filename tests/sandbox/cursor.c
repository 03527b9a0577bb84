/*
 * Owns nothing. Safe from any thread.
 */
#include "config.h"

#include "tests/sandbox/cursor.h"

#include <string.h>

#include "base/digest.h"

/*
 * Three bytes that are "+/+/" in base64, the place behind a mask, a seal over
 * everything: 19 bytes, so that the text ends with "==".
 */
#define CURSOR_HEAD	"\xfb\xff\xbf"
#define CURSOR_HEAD_LEN	3
#define CURSOR_LEN	(CURSOR_HEAD_LEN + 2 * sizeof(uint64_t))
#define CURSOR_TEXT_LEN	28	/* of CURSOR_LEN bytes, padded */

static uint64_t
cursor_seal(uint64_t place, uint64_t filters, uint64_t generation)
{
	uint64_t parts[] = { place, filters, generation };

	return (hash64(parts, sizeof(parts)));
}

const char *
cursor_write(uint64_t place, uint64_t filters, uint64_t generation,
    char text[CURSOR_SIZE])
{
	uint8_t bytes[CURSOR_LEN];
	uint64_t masked, seal;

	seal = cursor_seal(place, filters, generation);
	masked = place ^ seal;
	memcpy(bytes, CURSOR_HEAD, CURSOR_HEAD_LEN);
	memcpy(bytes + CURSOR_HEAD_LEN, &masked, sizeof(masked));
	memcpy(bytes + CURSOR_HEAD_LEN + sizeof(masked), &seal, sizeof(seal));
	return (digest_base64(bytes, sizeof(bytes), text));
}

/* base/digest.h reads base64url alone. */
static bool
cursor_decode(const char *text, uint8_t bytes[CURSOR_LEN])
{
	char url[CURSOR_SIZE], *p;
	size_t len;

	len = strlen(text);
	if (len != CURSOR_TEXT_LEN || strcmp(text + len - 2, "==") != 0)
		return (false);
	memcpy(url, text, len - 2);
	url[len - 2] = '\0';
	for (p = url; *p != '\0'; p++)
		*p = *p == '+'             ? '-' :
		    *p == '/'              ? '_' :
		    *p == '-' || *p == '_' ? '!' :
					     *p;
	len = CURSOR_LEN;
	return (digest_from_base64url(url, bytes, &len) && len == CURSOR_LEN);
}

bool
cursor_read(const char *text, uint64_t filters, uint64_t generation, uint64_t *place)
{
	uint8_t bytes[CURSOR_LEN];
	uint64_t masked, seal;

	if (!cursor_decode(text, bytes) ||
	    memcmp(bytes, CURSOR_HEAD, CURSOR_HEAD_LEN) != 0)
		return (false);
	memcpy(&masked, bytes + CURSOR_HEAD_LEN, sizeof(masked));
	memcpy(&seal, bytes + CURSOR_HEAD_LEN + sizeof(masked), sizeof(seal));
	*place = masked ^ seal;
	return (seal == cursor_seal(*place, filters, generation));
}
