/*
 * Owns ICU calendars, one per zone named so far. A `struct zones` has one user at a time;
 * glibc's TZ is one per process and is not touched.
 */
#include "config.h"

#include "base/day.h"

#include <stdio.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define DAY_MS	86400000.0
#define FAR_MS	1e17
#define ZONE_NAME_SIZE 64

struct zone {
	char		 name[ZONE_NAME_SIZE];
	UCalendar	*calendar;
};

struct zones {
	struct zone	**list;
	size_t		  count;
	size_t		  room;
};

/* Days of the civil calendar, after Howard Hinnant's "chrono-compatible" algorithms. */
day_number
day_from_civil(int year, unsigned int month, unsigned int day)
{
	int era, y;
	unsigned int doe, doy, yoe;

	y = year - (month <= 2);
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = (unsigned int)(y - era * 400);
	doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return (era * 146097 + (int)doe - 719468);
}

static void
day_to_civil(day_number number, int *year, unsigned int *month, unsigned int *day)
{
	int era, z;
	unsigned int doe, doy, mp, yoe;

	z = number + 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = (unsigned int)(z - era * 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int)yoe + era * 400 + (*month <= 2);
}

static bool
day_is_digits(const char *text, const char *shape)
{
	for (; *shape != '\0'; shape++, text++)
		if (*shape == '9' ? *text < '0' || *text > '9' : *text != *shape)
			return (false);
	return (true);
}

static unsigned int
day_digits(const char *text, size_t n)
{
	unsigned int value;
	size_t i;

	value = 0;
	for (i = 0; i < n; i++)
		value = value * 10 + (unsigned int)(text[i] - '0');
	return (value);
}

bool
day_parse(const char *text, day_number *day)
{
	char again[DAY_TEXT_SIZE];
	unsigned int month, mday;
	day_number number;
	int64_t instant;

	if (!day_is_digits(text, "9999-99-99"))
		return (false);
	if (text[10] != '\0' && !clock_parse(text, &instant))
		return (false);
	month = day_digits(text + 5, 2);
	mday = day_digits(text + 8, 2);
	if (month < 1 || month > 12 || mday < 1 || mday > 31)
		return (false);
	number = day_from_civil((int)day_digits(text, 4), month, mday);
	if (strncmp(day_format(number, again), text, 10) != 0)
		return (false);		/* 31 February and the like */
	*day = number;
	return (true);
}

const char *
day_format(day_number day, char text[DAY_TEXT_SIZE])
{
	unsigned int mday, month;
	char *end;
	int year;

	text[0] = '\0';
	if (day == DAY_NONE)
		return (text);
	day_to_civil(day, &year, &month, &mday);
	end = text_digits(text, (unsigned int)year, 4);
	*end = '-';
	end = text_digits(end + 1, month, 2);
	*end = '-';
	end = text_digits(end + 1, mday, 2);
	*end = '\0';
	return (text);
}

struct zones *
zones_open(void)
{
	return (mem_alloc(sizeof(struct zones)));
}

void
zones_close(struct zones **zones)
{
	size_t i;

	if (*zones == NULL)
		return;
	for (i = 0; i < (*zones)->count; i++) {
		ucal_close((*zones)->list[i]->calendar);
		mem_free(&(*zones)->list[i]);
	}
	mem_free(&(*zones)->list);
	mem_free(zones);
}

static UCalendar *
zone_calendar(const char *name)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar canonical[ZONE_NAME_SIZE], id[ZONE_NAME_SIZE];
	UCalendar *calendar;
	UBool system;
	int32_t len;

	u_strFromUTF8(id, ZONE_NAME_SIZE, &len, name, -1, &status);
	ucal_getCanonicalTimeZoneID(id, len, canonical, ZONE_NAME_SIZE, &system, &status);
	if (U_FAILURE(status) || !system)
		return (NULL);
	calendar = ucal_open(id, len, "en_US_POSIX", UCAL_GREGORIAN, &status);
	if (U_FAILURE(status))
		return (NULL);
	ucal_setGregorianChange(calendar, -FAR_MS, &status);
	/* A midnight that comes twice, as in Havana, or never: the first instant after it. */
	ucal_setAttribute(calendar, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
	ucal_setAttribute(calendar, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
	return (calendar);
}

struct zone *
zones_get(struct zones *zones, const char *name)
{
	struct zone *zone, **slot;
	UCalendar *calendar;
	size_t i;

	for (i = 0; i < zones->count; i++)
		if (strcmp(zones->list[i]->name, name) == 0)
			return (zones->list[i]);
	if (strlen(name) >= ZONE_NAME_SIZE)
		return (NULL);
	calendar = zone_calendar(name);
	if (calendar == NULL)
		return (NULL);
	zone = mem_alloc(sizeof(*zone));
	zone->calendar = calendar;
	(void)snprintf(zone->name, sizeof(zone->name), "%s", name);
	slot = mem_grow(&zones->list, zones->count, &zones->room, sizeof(*zones->list));
	*slot = zone;
	zones->count++;
	return (zone);
}

const char *
zone_name(const struct zone *zone)
{
	return (zone->name);
}

day_number
zone_today(struct zone *zone, int64_t now)
{
	UErrorCode status = U_ZERO_ERROR;
	int64_t ms;
	int32_t offset;

	ms = now >= 0 ? now / 1000 : -((999 - now) / 1000);
	ucal_setMillis(zone->calendar, (UDate)ms, &status);
	offset = ucal_get(zone->calendar, UCAL_ZONE_OFFSET, &status) +
	    ucal_get(zone->calendar, UCAL_DST_OFFSET, &status);
	ms += offset;
	return ((day_number)(ms >= 0 ? ms / 86400000 : -((86399999 - ms) / 86400000)));
}

int64_t
zone_midnight(struct zone *zone, day_number day)
{
	UErrorCode status = U_ZERO_ERROR;
	unsigned int mday, month;
	UDate ms;
	int year;

	day_to_civil(day, &year, &month, &mday);
	ucal_clear(zone->calendar);
	ucal_setDateTime(zone->calendar, year, (int32_t)month - 1, (int32_t)mday, 0, 0, 0,
	    &status);
	ms = ucal_getMillis(zone->calendar, &status);
	if (U_FAILURE(status))
		ms = (UDate)day * DAY_MS;
	return ((int64_t)ms * 1000);
}
