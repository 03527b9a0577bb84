/*
 * Owns the mapping of the test clock's file, made once. Safe from any thread.
 */
#include "config.h"

#include "base/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/day.h"
#include "base/text.h"

static pthread_once_t clock_once = PTHREAD_ONCE_INIT;
static const volatile int64_t *clock_offset;

static void
clock_map(void)
{
	const char *path;
	void *map;
	int fd;

	path = getenv("ROLLCALL_CLOCK");
	if (path == NULL || *path == '\0')
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	map = mmap(NULL, sizeof(*clock_offset), PROT_READ, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (map != MAP_FAILED)
		clock_offset = map;
}

static int64_t
clock_read(clockid_t id)
{
	struct timespec ts;

	(void)clock_gettime(id, &ts);
	return ((int64_t)ts.tv_sec * CLOCK_SECOND + ts.tv_nsec / 1000);
}

int64_t
clock_now(void)
{
	(void)pthread_once(&clock_once, clock_map);
	return (clock_read(CLOCK_REALTIME) + (clock_offset != NULL ? *clock_offset : 0));
}

int64_t
clock_monotonic(void)
{
	return (clock_read(CLOCK_MONOTONIC));
}

int64_t
clock_cpu(void)
{
	return (clock_read(CLOCK_PROCESS_CPUTIME_ID));
}

static char *
clock_put(char *end, char before, int64_t number, unsigned int width)
{
	*end = before;
	return (text_digits(end + 1, (uint64_t)number, width));
}

const char *
clock_format(int64_t instant, int digits, char text[CLOCK_TEXT_SIZE])
{
	int64_t days, rest, seconds;
	char *end;

	days = instant / CLOCK_DAY - (instant % CLOCK_DAY < 0);
	rest = instant - days * CLOCK_DAY;
	seconds = rest / CLOCK_SECOND;
	(void)day_format((day_number)days, text);
	end = clock_put(text + strlen(text), 'T', seconds / 3600, 2);
	end = clock_put(end, ':', seconds / 60 % 60, 2);
	end = clock_put(end, ':', seconds % 60, 2);
	rest %= CLOCK_SECOND;
	if (digits == 6)
		end = clock_put(end, '.', rest, 6);
	else if (digits == 3)
		end = clock_put(end, '.', rest / 1000, 3);
	memcpy(end, "Z", 2);
	return (text);
}

/* The number of two digits, or -1. */
static int
clock_digits(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return (-1);
	return ((text[0] - '0') * 10 + text[1] - '0');
}

/* Reads "HH:MM"; -1 when it is none, else minutes. */
static int
clock_parse_minutes(const char *text)
{
	int hour, minute;

	hour = clock_digits(text);
	if (hour < 0 || text[2] != ':')
		return (-1);
	minute = clock_digits(text + 3);
	return (minute < 0 || minute > 59 ? -1 : hour * 60 + minute);
}

/* "THH:MM:SS" after the date; 24:00:00 is allowed by xsd:dateTime. */
static bool
clock_parse_time(const char *text, int64_t *seconds)
{
	int minutes, second;

	if (*text != 'T' && *text != 't')
		return (false);
	minutes = clock_parse_minutes(text + 1);
	if (minutes < 0 || text[6] != ':')
		return (false);
	second = clock_digits(text + 7);
	if (second < 0 || second > 60)
		return (false);
	*seconds = minutes * 60 + second;
	return (*seconds <= 86400);
}

/* What follows the fraction; NULL when a point stands without digits. */
static const char *
clock_parse_fraction(const char *text, int64_t *micros)
{
	int64_t scale;

	*micros = 0;
	if (*text != '.')
		return (text);
	if (text[1] < '0' || text[1] > '9')
		return (NULL);
	scale = 100000;
	for (text++; *text >= '0' && *text <= '9'; text++, scale /= 10)
		*micros += (*text - '0') * scale;
	return (text);
}

/* "Z", "+HH:MM" up to 14 hours, or nothing; in seconds. */
static bool
clock_parse_zone(const char *text, int64_t *offset)
{
	int minutes;

	*offset = 0;
	if (*text == '\0' || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
		return (true);
	if (*text != '+' && *text != '-')
		return (false);
	minutes = clock_parse_minutes(text + 1);
	*offset = minutes * (*text == '-' ? -60 : 60);
	return (minutes >= 0 && minutes <= 14 * 60 && text[6] == '\0');
}

bool
clock_parse(const char *text, int64_t *instant)
{
	int64_t micros, offset, seconds;
	char date[DAY_TEXT_SIZE];
	const char *rest;
	day_number day;

	if (strlen(text) < 10)
		return (false);
	memcpy(date, text, 10);
	date[10] = '\0';
	if (!day_parse(date, &day) || day < day_from_civil(1, 1, 1))
		return (false);
	seconds = micros = offset = 0;
	if (text[10] != '\0') {
		if (!clock_parse_time(text + 10, &seconds))
			return (false);
		rest = clock_parse_fraction(text + 19, &micros);
		if (rest == NULL || !clock_parse_zone(rest, &offset))
			return (false);
	}
	*instant = (int64_t)day * CLOCK_DAY + (seconds - offset) * CLOCK_SECOND + micros;
	return (true);
}
