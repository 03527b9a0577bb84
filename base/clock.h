/*
 * The only clock. Instants are microseconds since 1970, UTC.
 *
 * Tests move it: when the environment names a file in ROLLCALL_CLOCK, the eight bytes of it
 * (a signed little-endian number of microseconds) are added to the system's time, at once for
 * every process that has it mapped.
 */
#ifndef ROLLCALL_BASE_CLOCK_H
#define ROLLCALL_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_SECOND	INT64_C(1000000)
#define CLOCK_MINUTE	(60 * CLOCK_SECOND)
#define CLOCK_HOUR	(60 * CLOCK_MINUTE)
#define CLOCK_DAY	(24 * CLOCK_HOUR)
#define CLOCK_TEXT_SIZE	32

int64_t	clock_now(void);

/* Never goes back, unaffected by clock_now's offset: for time-outs and durations. */
int64_t	clock_monotonic(void);

/* CPU time of this process, user and system. */
int64_t	clock_cpu(void);

/* "2026-11-20T10:15:30.123456Z" (digits = 6), ".123Z" (3) or "…30Z" (0). Returns `text`. */
const char *clock_format(int64_t instant, int digits, char text[CLOCK_TEXT_SIZE]);

/*
 * Reads RFC 3339 and xsd:dateTime: any number of fraction digits (cut after microseconds),
 * "Z", an offset, or nothing (read as UTC); a date alone is its midnight. False when it is
 * none of these. Years 0001 to 9999.
 */
bool	clock_parse(const char *text, int64_t *instant);

#endif
