/*
 * Owns nothing. Written for speed: every entry that is sent has three of these.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/stamp.h"

#include <stdbool.h>
#include <string.h>

#include "base/clock.h"

#define STAMP_SECONDS_SIZE 14	/* "20261120101530" */

/*
 * Stamps that are not above a floor are told apart by the counters of a CSN, of 48 bits, and by
 * some microseconds above it: together a number, in which the known stamp stands in the middle.
 */
#define STAMP_COUNTER_BITS	48
#define STAMP_COUNTER_MAX	((INT64_C(1) << STAMP_COUNTER_BITS) - 1)
#define STAMP_MIDDLE		(INT64_C(1) << 52)		/* 142 years */
#define STAMP_SPAN		(2 * STAMP_MIDDLE >> STAMP_COUNTER_BITS)

/* Writes a number below 100; returns where it ends. */
static char *
stamp_pair(char *text, uint32_t number)
{
	text[0] = (char)('0' + number / 10);
	text[1] = (char)('0' + number % 10);
	return (text + 2);
}

/* The calendar date of a day since 1970 (years 1970 to 9999). */
static char *
stamp_day(char *text, uint32_t day)
{
	uint32_t century, month, year;

	/* Counted from 1 March of the year 0, so that leap days stand at the end. */
	day += 719468;
	century = day / 146097;
	day %= 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += century * 400 + (month >= 10);
	text = stamp_pair(stamp_pair(text, year / 100), year % 100);
	text = stamp_pair(text, month < 10 ? month + 3 : month - 9);
	return (stamp_pair(text, day + 1));
}

/*
 * Entries are published many at a time: most stamps are of the second of the one before, which
 * each thread remembers.
 */
static char *
stamp_seconds(int64_t stamp, char *text)
{
	static _Thread_local char last_text[STAMP_SECONDS_SIZE];
	static _Thread_local int64_t last = -1;
	uint32_t second;
	char *end;

	if (stamp < 0)
		stamp = 0;
	stamp /= CLOCK_SECOND;
	if (stamp != last) {
		second = (uint32_t)(stamp % (CLOCK_DAY / CLOCK_SECOND));
		end = stamp_day(last_text, (uint32_t)(stamp / (CLOCK_DAY / CLOCK_SECOND)));
		end = stamp_pair(end, second / 3600);
		end = stamp_pair(end, second / 60 % 60);
		(void)stamp_pair(end, second % 60);
		last = stamp;
	}
	memcpy(text, last_text, STAMP_SECONDS_SIZE);
	return (text + STAMP_SECONDS_SIZE);
}

size_t
stamp_time(int64_t stamp, char text[STAMP_TIME_SIZE])
{
	memcpy(stamp_seconds(stamp, text), "Z", 2);
	return (STAMP_TIME_SIZE - 1);
}

/* The counter's 48 bits are those beside the server id: 24 before it, 24 behind. */
static size_t
stamp_write_csn(int64_t time, uint64_t counter, char text[STAMP_CSN_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	uint32_t micros = time < 0 ? 0 : (uint32_t)(time % CLOCK_SECOND);
	unsigned int i, sid = (unsigned int)slap_serverID;
	char *end;

	end = stamp_seconds(time, text);
	*end++ = '.';
	end = stamp_pair(end, micros / 10000);
	end = stamp_pair(end, micros / 100 % 100);
	end = stamp_pair(end, micros % 100);
	memcpy(end, "Z#000000#", 9);
	end[9] = hex[sid >> 8 & 15];
	end[10] = hex[sid >> 4 & 15];
	end[11] = hex[sid & 15];
	memcpy(end + 12, "#000000", 8);
	for (i = 0; counter != 0 && i < 12; i++, counter >>= 4)
		end[(i < 6 ? 18 : 13) - i] = hex[counter & 15];
	return (STAMP_CSN_SIZE - 1);
}

static size_t
stamp_write_low(const struct stamp_base *base, int64_t number, char text[STAMP_CSN_SIZE])
{
	return (stamp_write_csn(base->floor + (number >> STAMP_COUNTER_BITS),
	    (uint64_t)(number & STAMP_COUNTER_MAX), text));
}

static bool
stamp_is_plain(const struct stamp_base *base, int64_t stamp)
{
	return (base->floor == 0 || stamp > base->floor + STAMP_SPAN);
}

int64_t
stamp_latest(const struct stamp_base *base, int64_t stamp)
{
	return (stamp_is_plain(base, stamp) ? stamp : base->floor + STAMP_SPAN);
}

int64_t
stamp_oldest(const struct stamp_base *base, int64_t forgotten)
{
	return (base->floor != 0 && forgotten < base->known ? base->known : forgotten);
}

size_t
stamp_csn(const struct stamp_base *base, int64_t stamp, char text[STAMP_CSN_SIZE])
{
	if (stamp_is_plain(base, stamp))
		return (stamp_write_csn(stamp, 0, text));
	return (stamp_write_low(base, STAMP_MIDDLE + (stamp - base->known), text));
}

size_t
stamp_csn_before(const struct stamp_base *base, int64_t stamp, char text[STAMP_CSN_SIZE])
{
	if (stamp_is_plain(base, stamp))
		return (stamp_write_csn(stamp - 1, STAMP_COUNTER_MAX, text));
	return (stamp_csn(base, stamp - 1, text));
}

size_t
stamp_csn_gone(const struct stamp_base *base, uint32_t n, char text[STAMP_CSN_SIZE])
{
	return (stamp_write_low(base, n, text));
}
