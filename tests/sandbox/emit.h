/*
 * Writing JSON straight into a buffer: no trees, no formatting functions, since a page
 * is 250 records of 3 KB. The buffer is not NUL-terminated until emit_end.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_EMIT_H
#define ROLLCALL_TESTS_SANDBOX_EMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/day.h"
#include "base/mem.h"

/*
 * "2026-11-20T00:00:00.000Z", as JavaScript's toISOString has it (kombo/api.md §2.6).
 */
#define EMIT_INSTANT_LEN 24

static inline void
emit_raw(struct buf *out, const char *bytes, size_t len)
{
	if (out->room - out->len <= len)
		(void)buf_reserve(out, len);
	memcpy(out->data + out->len, bytes, len);
	out->len += len;
}

/* A literal of the source. */
#define emit_lit(out, text) emit_raw(out, text, sizeof(text) - 1)

static inline void
emit_null(struct buf *out)
{
	emit_lit(out, "null");
}

/* A string, escaped and quoted, or null. `text` is UTF-8. */
void	emit_text(struct buf *out, const char *text);

/* The inside of a string: escaped, without the quotes. */
void	emit_text_part(struct buf *out, const char *text);

/* A number that is kept as its text, or null. */
void	emit_number(struct buf *out, const char *number);

void	emit_integer(struct buf *out, int64_t number);
void	emit_bool(struct buf *out, bool value);

/* An instant in microseconds, quoted, cut to milliseconds; 0 is null. */
void	emit_instant(struct buf *out, int64_t instant);

/* A calendar date as midnight UTC, quoted; DAY_NONE is null. */
void	emit_day(struct buf *out, day_number day);

/* The 24 characters of an instant, without quotes and NUL. */
void	emit_instant_text(int64_t instant, char text[EMIT_INSTANT_LEN]);

/*
 * "key": with a text, an instant and so on, and a comma. For whatever is not in a
 * hurry.
 */
void	emit_pair_text(struct buf *out, const char *key, const char *text);
void	emit_pair_instant(struct buf *out, const char *key, int64_t instant);
void	emit_pair_integer(struct buf *out, const char *key, int64_t number);
void	emit_pair_bool(struct buf *out, const char *key, bool value);
void	emit_key(struct buf *out, const char *key);

/*
 * Ends an object or array with `close` in place of a comma that is last, adds the NUL.
 */
void	emit_close(struct buf *out, char close);
void	emit_end(struct buf *out);

#endif
