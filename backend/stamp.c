/*
 * Owns nothing. Written for speed: every entry that is sent has three of these.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/stamp.h"

#include <string.h>

#include "base/clock.h"

#define STAMP_SECONDS_SIZE 14	/* "20261120101530" */

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

size_t
stamp_csn(int64_t stamp, char text[STAMP_CSN_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	uint32_t micros = stamp < 0 ? 0 : (uint32_t)(stamp % CLOCK_SECOND);
	unsigned int sid = (unsigned int)slap_serverID;
	char *end;

	end = stamp_seconds(stamp, text);
	*end++ = '.';
	end = stamp_pair(end, micros / 10000);
	end = stamp_pair(end, micros / 100 % 100);
	end = stamp_pair(end, micros % 100);
	memcpy(end, "Z#000000#", 9);
	end[9] = hex[sid >> 8 & 15];
	end[10] = hex[sid >> 4 & 15];
	end[11] = hex[sid & 15];
	memcpy(end + 12, "#000000", 8);
	return (STAMP_CSN_SIZE - 1);
}
