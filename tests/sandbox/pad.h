/*
 * A pad on which short texts are put together while one record is made. What does not
 * fit is cut off; the room is meant to be ample.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_PAD_H
#define ROLLCALL_TESTS_SANDBOX_PAD_H

#include <stdint.h>
#include <string.h>

struct pad {
	size_t	used;
	char	text[4096];
};

static inline void
pad_reset(struct pad *pad)
{
	pad->used = 0;
}

/* Starts a text; it ends with pad_end. */
static inline const char *
pad_begin(struct pad *pad)
{
	return (pad->text + pad->used);
}

static inline void
pad_str(struct pad *pad, const char *text)
{
	size_t len;

	len = strlen(text);
	if (len > sizeof(pad->text) - 1 - pad->used)
		len = sizeof(pad->text) - 1 - pad->used;
	memcpy(pad->text + pad->used, text, len);
	pad->used += len;
}

/* A number with at least `digits` digits. */
static inline void
pad_number(struct pad *pad, uint64_t number, int digits)
{
	char text[24], *p;

	p = text + sizeof(text) - 1;
	*p = '\0';
	do {
		*--p = (char)('0' + number % 10);
		number /= 10;
		digits--;
	} while (p > text && (number > 0 || digits > 0));
	pad_str(pad, p);
}

static inline void
pad_end(struct pad *pad)
{
	pad->text[pad->used] = '\0';
	if (pad->used < sizeof(pad->text) - 1)
		pad->used++;
}

#endif
