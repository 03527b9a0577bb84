/*
 * Owns nothing. Written for speed: every entry that is sent has three of these.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/stamp.h"

#include <string.h>

#include "base/clock.h"

/* Writes a number with leading zeros; returns where it ends. */
static char *
stamp_digits(char *text, unsigned int number, unsigned int digits)
{
	unsigned int i;

	for (i = digits; i > 0; i--) {
		text[i - 1] = (char)('0' + number % 10);
		number /= 10;
	}
	return (text + digits);
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
	text = stamp_digits(text, year, 4);
	text = stamp_digits(text, month < 10 ? month + 3 : month - 9, 2);
	return (stamp_digits(text, day + 1, 2));
}

static char *
stamp_seconds(int64_t stamp, char *text)
{
	uint32_t second;

	if (stamp < 0)
		stamp = 0;
	second = (uint32_t)(stamp / CLOCK_SECOND % (CLOCK_DAY / CLOCK_SECOND));
	text = stamp_day(text, (uint32_t)(stamp / CLOCK_DAY));
	text = stamp_digits(text, second / 3600, 2);
	text = stamp_digits(text, second / 60 % 60, 2);
	return (stamp_digits(text, second % 60, 2));
}

size_t
stamp_time(int64_t stamp, char text[STAMP_TIME_SIZE])
{
	memcpy(stamp_seconds(stamp, text), "Z", 2);
	return (STAMP_TIME_SIZE - 1);
}

size_t
stamp_csn(int64_t stamp, char text[STAMP_CSN_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned int sid = (unsigned int)slap_serverID;
	char *end;

	end = stamp_seconds(stamp, text);
	*end++ = '.';
	end = stamp_digits(end, stamp < 0 ? 0 : (unsigned int)(stamp % CLOCK_SECOND), 6);
	memcpy(end, "Z#000000#", 9);
	end[9] = hex[sid >> 8 & 15];
	end[10] = hex[sid >> 4 & 15];
	end[11] = hex[sid & 15];
	memcpy(end + 12, "#000000", 8);
	return (STAMP_CSN_SIZE - 1);
}
