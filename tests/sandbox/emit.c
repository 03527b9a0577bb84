/*
 * Owns nothing. Safe from any thread.
 */
#include "config.h"

#include "tests/sandbox/emit.h"

#include "base/clock.h"

/* What follows the backslash; 0 for bytes that stand for themselves, 'u' for \u00xx. */
static const char emit_escapes[256] = {
	[0x00] = 'u',
	[0x01] = 'u',
	[0x02] = 'u',
	[0x03] = 'u',
	[0x04] = 'u',
	[0x05] = 'u',
	[0x06] = 'u',
	[0x07] = 'u',
	['\b'] = 'b',
	['\t'] = 't',
	['\n'] = 'n',
	[0x0b] = 'u',
	['\f'] = 'f',
	['\r'] = 'r',
	[0x0e] = 'u',
	[0x0f] = 'u',
	[0x10] = 'u',
	[0x11] = 'u',
	[0x12] = 'u',
	[0x13] = 'u',
	[0x14] = 'u',
	[0x15] = 'u',
	[0x16] = 'u',
	[0x17] = 'u',
	[0x18] = 'u',
	[0x19] = 'u',
	[0x1a] = 'u',
	[0x1b] = 'u',
	[0x1c] = 'u',
	[0x1d] = 'u',
	[0x1e] = 'u',
	[0x1f] = 'u',
	['"'] = '"',
	['\\'] = '\\',
};

static void
emit_escape(struct buf *out, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	char text[6] = { '\\', emit_escapes[c], '0', '0', digits[c >> 4],
		digits[c & 15] };

	emit_raw(out, text, text[1] == 'u' ? 6 : 2);
}

void
emit_text_part(struct buf *out, const char *text)
{
	const char *run;

	for (;;) {
		for (run = text; emit_escapes[(unsigned char)*text] == 0; text++)
			continue;
		emit_raw(out, run, (size_t)(text - run));
		if (*text == '\0')
			return;
		emit_escape(out, (unsigned char)*text++);
	}
}

void
emit_text(struct buf *out, const char *text)
{
	if (text == NULL) {
		emit_null(out);
		return;
	}
	emit_lit(out, "\"");
	emit_text_part(out, text);
	emit_lit(out, "\"");
}

void
emit_number(struct buf *out, const char *number)
{
	if (number == NULL)
		emit_null(out);
	else
		emit_raw(out, number, strlen(number));
}

void
emit_integer(struct buf *out, int64_t number)
{
	uint64_t rest;
	char text[24], *p;

	p = text + sizeof(text);
	rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		*--p = '-';
	emit_raw(out, p, (size_t)(text + sizeof(text) - p));
}

void
emit_bool(struct buf *out, bool value)
{
	if (value)
		emit_lit(out, "true");
	else
		emit_lit(out, "false");
}

static void
digits_put(char *at, unsigned int value, int count)
{
	while (count-- > 0) {
		at[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

/*
 * Ten characters of a date: base/day.h's way with snprintf is too slow for a page of
 * them.
 */
static void
day_put(char *at, day_number number)
{
	unsigned int doe, doy, mp, yoe, z;
	int year;

	z = (unsigned int)(number + 719468);
	doe = z % 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	year = (int)(yoe + z / 146097 * 400) + (mp >= 10);
	digits_put(at, (unsigned int)year, 4);
	at[4] = at[7] = '-';
	digits_put(at + 5, mp < 10 ? mp + 3 : mp - 9, 2);
	digits_put(at + 8, doy - (153 * mp + 2) / 5 + 1, 2);
}

void
emit_instant_text(int64_t instant, char text[EMIT_INSTANT_LEN])
{
	unsigned int ms, seconds;
	int64_t day, rest;

	day = instant / CLOCK_DAY - (instant % CLOCK_DAY < 0);
	rest = instant - day * CLOCK_DAY;
	ms = (unsigned int)(rest / 1000);
	seconds = ms / 1000;
	memcpy(text, "0000-00-00T00:00:00.000Z", EMIT_INSTANT_LEN);
	day_put(text, (day_number)day);
	digits_put(text + 11, seconds / 3600, 2);
	digits_put(text + 14, seconds / 60 % 60, 2);
	digits_put(text + 17, seconds % 60, 2);
	digits_put(text + 20, ms % 1000, 3);
}

void
emit_instant(struct buf *out, int64_t instant)
{
	char text[EMIT_INSTANT_LEN + 2];

	if (instant == 0) {
		emit_null(out);
		return;
	}
	text[0] = text[EMIT_INSTANT_LEN + 1] = '"';
	emit_instant_text(instant, text + 1);
	emit_raw(out, text, sizeof(text));
}

void
emit_day(struct buf *out, day_number day)
{
	char text[] = "\"0000-00-00T00:00:00.000Z\"";

	if (day == DAY_NONE) {
		emit_null(out);
		return;
	}
	day_put(text + 1, day);
	emit_raw(out, text, sizeof(text) - 1);
}

void
emit_key(struct buf *out, const char *key)
{
	emit_text(out, key);
	emit_lit(out, ":");
}

void
emit_pair_text(struct buf *out, const char *key, const char *text)
{
	emit_key(out, key);
	emit_text(out, text);
	emit_lit(out, ",");
}

void
emit_pair_instant(struct buf *out, const char *key, int64_t instant)
{
	emit_key(out, key);
	emit_instant(out, instant);
	emit_lit(out, ",");
}

void
emit_pair_integer(struct buf *out, const char *key, int64_t number)
{
	emit_key(out, key);
	emit_integer(out, number);
	emit_lit(out, ",");
}

void
emit_pair_bool(struct buf *out, const char *key, bool value)
{
	emit_key(out, key);
	emit_bool(out, value);
	emit_lit(out, ",");
}

void
emit_close(struct buf *out, char close)
{
	if (out->data[out->len - 1] == ',')
		out->len--;
	emit_raw(out, &close, 1);
}

void
emit_end(struct buf *out)
{
	*buf_reserve(out, 1) = '\0';
}
