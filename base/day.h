/*
 * Calendar dates and time zones. A date has no time and no zone (kombo/api.md §2.6); "today"
 * depends on where somebody works (semantics 3.7).
 */
#ifndef ROLLCALL_BASE_DAY_H
#define ROLLCALL_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
typedef int32_t day_number;
#define DAY_NONE INT32_MIN
#define DAY_TEXT_SIZE 11	/* "2026-11-20" and a NUL, years 0000 to 9999 */

/*
 * Reads the first ten bytes of "2026-11-20", "2026-11-20T00:00:00.000Z" and the like: what
 * follows the date must be nothing or a time as kombo/api.md §2.6 has it. False when it is
 * no date of the calendar.
 */
bool	day_parse(const char *text, day_number *day);

/* Writes "2026-11-20" and returns `text`. DAY_NONE gives "". */
const char *day_format(day_number day, char text[DAY_TEXT_SIZE]);

day_number day_from_civil(int year, unsigned int month, unsigned int day);

/*
 * The zones of a process, opened once by name. One user at a time.
 */
struct zones;
struct zone;

struct zones *zones_open(void);
void	zones_close(struct zones **zones);

/* The zone of an IANA name, or NULL when there is none. Borrowed from `zones`. */
struct zone *zones_get(struct zones *zones, const char *name);

const char *zone_name(const struct zone *zone);

/* The calendar date in the zone at an instant (microseconds since 1970, UTC). */
day_number zone_today(struct zone *zone, int64_t now);

/* The first instant of a date in the zone, also where midnight does not exist. */
int64_t	zone_midnight(struct zone *zone, day_number day);

#endif
