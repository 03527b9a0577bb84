/*
 * base/day.h and base/clock.h: dates, zones, instants.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/mem.h"

static void
day_parse_reads_dates(void **state __attribute__((unused)))
{
	static const struct {
		const char	*text;
		bool		 ok;
		day_number	 day;
	} rows[] = {
		{ "1970-01-01", true, 0 },
		{ "1969-12-31", true, -1 },
		{ "2000-02-29", true, 11016 },
		{ "2026-11-20", true, 20777 },
		{ "0001-01-01", true, -719162 },
		{ "9999-12-31", true, 2932896 },
		{ "2026-11-20T00:00:00.000Z", true, 20777 },
		{ "2026-11-20T23:59:59Z", true, 20777 },
		{ "2026-11-20T23:59:59", true, 20777 },
		{ "2026-11-20T23:59:59.1+14:00", true, 20777 },
		{ "2026-11-20T00:00:00.000-11:00", true, 20777 },
		{ "2026-11-20T99:00:00Z", false, 0 },
		{ "2026-11-20T10:60:00Z", false, 0 },
		{ "2026-11-20T10:00", false, 0 },
		{ "2026-11-20T 1:00:00Z", false, 0 },
		{ "2026-11-20T10:00:00.Z", false, 0 },
		{ "2026-11-20T10:00:00ZZ", false, 0 },
		{ "2026-11-20 ", false, 0 },
		{ "2026-11-20x", false, 0 },
		{ "2026-11-2", false, 0 },
		{ "2026-1-20", false, 0 },
		{ "2026-02-29", false, 0 },
		{ "1900-02-29", false, 0 },
		{ "2026-04-31", false, 0 },
		{ "2026-13-01", false, 0 },
		{ "2026-00-10", false, 0 },
		{ "2026-01-00", false, 0 },
		{ "20261120", false, 0 },
		{ "+026-11-20", false, 0 },
		{ "", false, 0 },
	};
	day_number day;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		day = DAY_NONE;
		assert_row(i, day_parse(rows[i].text, &day) == rows[i].ok);
		assert_row(i, !rows[i].ok || day == rows[i].day);
	}
}

static void
day_format_is_its_inverse(void **state __attribute__((unused)))
{
	char text[DAY_TEXT_SIZE];
	day_number again, day, last;

	last = day_from_civil(9999, 12, 31);
	for (day = day_from_civil(1, 1, 1); day <= last; day += 97) {
		assert_true(day_parse(day_format(day, text), &again));
		assert_int_equal(again, day);
	}
	assert_string_equal(day_format(DAY_NONE, text), "");
	assert_string_equal(day_format(20777, text), "2026-11-20");
}

static void
zone_midnight_is_the_first_instant(void **state __attribute__((unused)))
{
	static const struct {
		const char	*zone;
		const char	*day;
		const char	*instant;
	} rows[] = {
		/* midnight does not exist: the clock goes from 00:00 to 01:00 */
		{ "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z" },
		{ "America/Asuncion", "2018-10-07", "2018-10-07T04:00:00Z" },
		{ "America/Havana", "2018-03-11", "2018-03-11T05:00:00Z" },
		{ "Asia/Beirut", "2021-03-28", "2021-03-27T22:00:00Z" },
		{ "Asia/Amman", "2021-03-26", "2021-03-25T22:00:00Z" },
		{ "Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z" },
		/* it comes twice: from 01:00 back to 00:00 */
		{ "America/Havana", "2018-11-04", "2018-11-04T04:00:00Z" },
		{ "Atlantic/Azores", "2018-10-28", "2018-10-28T00:00:00Z" },
		/* the hour before it comes twice */
		{ "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z" },
		{ "Asia/Beirut", "2018-10-28", "2018-10-27T22:00:00Z" },
		{ "Africa/Cairo", "2024-11-01", "2024-10-31T22:00:00Z" },
		/* half an hour of daylight saving, and far from Greenwich */
		{ "Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z" },
		{ "Australia/Lord_Howe", "2026-04-06", "2026-04-05T13:30:00Z" },
		{ "Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z" },
		{ "Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z" },
		{ "Pacific/Pago_Pago", "2026-01-01", "2026-01-01T11:00:00Z" },
		/* a day that Samoa left out */
		{ "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z" },
		{ "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
		{ "Europe/Paris", "2026-11-20", "2026-11-19T23:00:00Z" },
		{ "UTC", "1500-03-01", "1500-03-01T00:00:00Z" },
	};
	struct zones *zones = zones_open();
	int64_t expected;
	day_number day;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, zones_get(zones, rows[i].zone) != NULL);
		assert_row(i, day_parse(rows[i].day, &day));
		assert_row(i, clock_parse(rows[i].instant, &expected));
		assert_row(i, zone_midnight(zones_get(zones, rows[i].zone), day) ==
		    expected);
	}
	zones_close(&zones);
	assert_null(zones);
}

/* Every date begins at its midnight and ends at that of the next (acceptance 8). */
static void
zone_today_flips_once_a_day(void **state __attribute__((unused)))
{
	static const char *const names[] = { "America/Sao_Paulo", "Asia/Beirut",
		"Africa/Cairo", "America/Havana", "Pacific/Kiritimati",
		"Pacific/Pago_Pago", "Australia/Lord_Howe", "Atlantic/Azores",
		"Asia/Kathmandu", "America/St_Johns", "Europe/Dublin",
		"Africa/Casablanca", "Asia/Gaza", "America/Santiago", "UTC" };
	struct zones *zones = zones_open();
	struct zone *zone;
	day_number day, end;
	int64_t midnight;
	size_t i;

	end = day_from_civil(2028, 1, 1);
	for (i = 0; i < ROWS(names); i++) {
		zone = zones_get(zones, names[i]);
		for (day = day_from_civil(2015, 1, 1); day < end; day++) {
			midnight = zone_midnight(zone, day);
			assert_row(i, zone_today(zone, midnight) == day);
			assert_row(i, zone_today(zone, midnight - 1) == day - 1);
		}
	}
	zones_close(&zones);
}

static void
zones_get_knows_iana_names(void **state __attribute__((unused)))
{
	static const struct {
		const char	*name;
		bool		 known;
	} rows[] = {
		{ "Europe/Paris", true }, { "UTC", true }, { "Etc/GMT+1", true },
		{ "Asia/Calcutta", true }, { "America/Argentina/ComodRivadavia", true },
		{ "Europe/Pari", false }, { "europe/paris", false }, { "", false },
		{ "GMT+2", false }, { "Etc/Unknown", false }, { "Europe/", false },
		{ "a very long name that no zone on earth would ever have been given "
		    "by anybody", false },
	};
	struct zones *zones = zones_open();
	struct zone *zone;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		zone = zones_get(zones, rows[i].name);
		assert_row(i, (zone != NULL) == rows[i].known);
		if (zone != NULL)
			assert_string_equal(zone_name(zone), rows[i].name);
		assert_row(i, zones_get(zones, rows[i].name) == zone);
	}
	zones_close(&zones);
}

static void
clock_parse_reads_instants(void **state __attribute__((unused)))
{
	static const struct {
		const char	*text;
		bool		 ok;
		int64_t		 instant;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", true, 0 },
		{ "1970-01-01", true, 0 },
		{ "1970-01-01T00:00:00", true, 0 },
		{ "1970-01-01T00:00:00.5Z", true, 500000 },
		{ "1970-01-01T00:00:00.123456789Z", true, 123456 },
		{ "1970-01-01T01:00:00+01:00", true, 0 },
		{ "1969-12-31T13:00:00-11:00", true, 0 },
		{ "1970-01-01T14:00:00+14:00", true, 0 },
		{ "1969-12-31T23:59:59.999999Z", true, -1 },
		{ "1970-01-01t00:00:00z", true, 0 },
		{ "1969-12-31T24:00:00Z", true, 0 },
		{ "1969-12-31T23:59:60Z", true, 0 },
		{ "0001-01-01T00:00:00Z", true, INT64_C(-62135596800000000) },
		{ "9999-12-31T23:59:59Z", true, INT64_C(253402300799000000) },
		{ "0000-01-01T00:00:00Z", false, 0 },
		{ "1970-01-01T24:00:01Z", false, 0 },
		{ "1970-01-01T00:00:61Z", false, 0 },
		{ "1970-01-01T00:60:00Z", false, 0 },
		{ "1970-01-01T 1:00:00Z", false, 0 },
		{ "1970-01-01T+1:00:00Z", false, 0 },
		{ "1970-01-01T-1:00:00Z", false, 0 },
		{ "1970-01-01T00:00:00.Z", false, 0 },
		{ "1970-01-01T00:00Z", false, 0 },
		{ "1970-01-01T", false, 0 },
		{ "1970-01-01T00:00:00+14:01", false, 0 },
		{ "1970-01-01T00:00:00+1:00", false, 0 },
		{ "1970-01-01T00:00:00+ 1:00", false, 0 },
		{ "1970-01-01T00:00:00+01:0", false, 0 },
		{ "1970-01-01T00:00:00+01:000", false, 0 },
		{ "1970-01-01T00:00:00Z ", false, 0 },
		{ "1970-02-30T00:00:00Z", false, 0 },
		{ "now", false, 0 },
		{ "", false, 0 },
	};
	int64_t instant;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		instant = 42;
		assert_row(i, clock_parse(rows[i].text, &instant) == rows[i].ok);
		assert_row(i, !rows[i].ok || instant == rows[i].instant);
	}
}

static void
clock_format_writes_them(void **state __attribute__((unused)))
{
	static const struct {
		int64_t		 instant;
		int		 digits;
		const char	*text;
	} rows[] = {
		{ 0, 0, "1970-01-01T00:00:00Z" },
		{ -1, 6, "1969-12-31T23:59:59.999999Z" },
		{ -1, 3, "1969-12-31T23:59:59.999Z" },
		{ 1234567, 6, "1970-01-01T00:00:01.234567Z" },
		{ 1234567, 3, "1970-01-01T00:00:01.234Z" },
		{ 1234567, 0, "1970-01-01T00:00:01Z" },
		{ -CLOCK_DAY, 0, "1969-12-31T00:00:00Z" },
		{ INT64_C(253402300799999999), 6, "9999-12-31T23:59:59.999999Z" },
	};
	char text[CLOCK_TEXT_SIZE];
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_string_equal(clock_format(rows[i].instant, rows[i].digits, text),
		    rows[i].text);
}

/* The file of ROLLCALL_CLOCK is mapped at the first look, and followed from then on. */
static void
clock_now_follows_its_file(void **state __attribute__((unused)))
{
	char path[] = "/tmp/rollcall-clock-XXXXXX";
	int64_t before, offset;
	int fd;

	fd = mkstemp(path);
	assert_true(fd >= 0);
	offset = 0;
	assert_int_equal(pwrite(fd, &offset, sizeof(offset), 0), sizeof(offset));
	assert_int_equal(setenv("ROLLCALL_CLOCK", path, 1), 0);
	before = clock_now();
	offset = 400 * CLOCK_DAY;
	assert_int_equal(pwrite(fd, &offset, sizeof(offset), 0), sizeof(offset));
	assert_in_range(clock_now() - before, 400 * CLOCK_DAY, 401 * CLOCK_DAY);
	(void)close(fd);
	(void)unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(day_parse_reads_dates),
		cmocka_unit_test(day_format_is_its_inverse),
		cmocka_unit_test(zone_midnight_is_the_first_instant),
		cmocka_unit_test(zone_today_flips_once_a_day),
		cmocka_unit_test(zones_get_knows_iana_names),
		cmocka_unit_test(clock_parse_reads_instants),
		cmocka_unit_test(clock_format_writes_them),
		cmocka_unit_test(clock_now_follows_its_file),
	};

	return (cmocka_run_group_tests_name("time", tests, NULL, NULL));
}
