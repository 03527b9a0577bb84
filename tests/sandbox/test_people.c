/*
 * people.h, links.h, nation.h, shape.h and emit.h: people as functions of a seed.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/text.h"
#include "tests/sandbox/emit.h"
#include "tests/sandbox/org.h"
#include "tests/sandbox/people.h"
#include "tests/sandbox/shape.h"

static void
people_plan(struct people *people, uint64_t seed, uint32_t count)
{
	size_t i;

	memset(people, 0, sizeof(*people));
	people->seed = seed;
	people->count = count;
	people->today = 20777;
	people->epoch = people->today * CLOCK_DAY;
	people->domain = "acme.example";
	people->organization = "ACME";
	people->nation_count = NATION_N;
	for (i = 0; i < NATION_N; i++)
		people->nations[i] = nation_get((enum nation_id)i);
	org_plan(people, true);
}

static bool
names_valid(const struct nation_names *names)
{
	const char *p;
	size_t i, j;

	for (i = 0; i < names->count; i++) {
		if (!text_valid(names->list[i].text, strlen(names->list[i].text)) ||
		    !text_valid(names->list[i].apart, strlen(names->list[i].apart)) ||
		    *names->list[i].ascii == '\0')
			return (false);
		for (p = names->list[i].ascii; *p != '\0'; p++)
			if (!islower((unsigned char)*p) && *p != '-')
				return (false);
		for (j = 0; j < i; j++)
			if (strcmp(names->list[i].ascii, names->list[j].ascii) == 0)
				return (false);
	}
	return (true);
}

static void
nations_are_whole(void **state __attribute__((unused)))
{
	const struct nation *nation;
	size_t i;

	for (i = 0; i < NATION_N; i++) {
		nation = nation_get((enum nation_id)i);
		assert_row(i,
		    names_valid(&nation->given) && names_valid(&nation->family));
		/* The steps through pairs of names were chosen for this many. */
		assert_row(i, nation->given.count == 20 && nation->family.count == 20);
		assert_row(i, nation->women == 10 && nation->titles.count == 8);
		assert_row(i, nation->city_count == LINKS_LOCATIONS);
		assert_row(i,
		    nation_find(nation->code, strlen(nation->code)) == nation);
	}
	assert_null(nation_find("XX", 2));
	nation_close();
}

static void
people_are_functions_of_their_seed(void **state __attribute__((unused)))
{
	struct employee one, other;
	struct people people;
	struct pad pad, again;
	uint32_t index;

	people_plan(&people, 42, 5000);
	for (index = 0; index < 5000; index += 7) {
		people_make(&people, index, &pad, &one);
		people_make(&people, 4999 - index, &again, &other);
		people_make(&people, index, &again, &other);
		assert_row(index, pad.used == again.used &&
		    memcmp(pad.text, again.text, pad.used) == 0);
		assert_row(index,
		    one.start == other.start && one.manager == other.manager &&
			one.changed_at == other.changed_at &&
			one.changed_at < people.epoch);
		assert_row(index, pad.used < sizeof(pad.text) / 2);
	}
	nation_close();
}

/* Work e-mails differ but for those who came back. */
static void
mails_are_unique(void **state __attribute__((unused)))
{
	struct map seen = MAP_INIT;
	struct employee employee;
	struct people people;
	struct links links;
	struct pad pad;
	const char *mail;
	uint64_t owner;
	uint32_t index;

	people_plan(&people, 1, 100000);
	for (index = 0; index < 100000; index++) {
		people_make(&people, index, &pad, &employee);
		mail = employee.text[TEXT_work_email];
		if (mail == NULL)
			continue;
		links_find(&people, index, &links);
		owner = *map_at(&seen, hash64_text(mail), links.identity);
		assert_row(index, owner == links.identity);
	}
	map_close(&seen);
	nation_close();
}

static void
managers_lead_to_the_top(void **state __attribute__((unused)))
{
	struct people people;
	struct links links;
	uint32_t at, index, steps;

	people_plan(&people, 3, 20000);
	for (index = 0; index < 20000; index++) {
		links_find(&people, index, &links);
		if (links.oddity != ODDITY_NONE)
			continue;
		for (at = index, steps = 0; at != 0 && steps < 20; steps++) {
			links_find(&people, at, &links);
			if (links.manager == EMPLOYEE_NONE)
				break;
			at = links.manager;
		}
		assert_row(index, steps < 20);
	}
	nation_close();
}

static void
oddities_are_all_there_from_fifty_on(void **state __attribute__((unused)))
{
	uint32_t counts[ODDITY_N], index, seed;
	struct people people;
	struct links links;
	size_t i;

	for (seed = 0; seed < 40; seed++) {
		memset(counts, 0, sizeof(counts));
		people_plan(&people, seed, 50);
		for (index = 0; index < 50; index++) {
			links_find(&people, index, &links);
			counts[links.oddity]++;
		}
		for (i = 1; i < ODDITY_N; i++)
			assert_row(seed, counts[i] == 1);
		people_plan(&people, seed, 49);
		for (index = 0; index < 49; index++) {
			links_find(&people, index, &links);
			assert_row(seed, links.oddity == ODDITY_NONE);
		}
	}
	nation_close();
}

static void
shuffling_loses_no_row(void **state __attribute__((unused)))
{
	static const uint32_t rows[] = { 1, 2, 3, 17, 64, 1000, 4097 };
	struct shape shape = { .shuffle = UINT64_C(0x123456789abcdef) };
	uint32_t domain, place, row;
	unsigned char *seen;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		domain = shape_domain(&shape, rows[i]);
		seen = calloc(1, domain + 10);
		for (place = 0; place < domain + 10; place++) {
			row = shape_row(&shape, place, domain);
			assert_row(i, row < domain + 10 && !seen[row]);
			seen[row] = 1;
		}
		free(seen);
	}
	shape.shuffle = 0;
	assert_int_equal(shape_domain(&shape, 1000), 0);
	assert_int_equal(shape_row(&shape, 77, 0), 77);
}

static void
days_and_instants_are_written_as_base_has_them(void **state __attribute__((unused)))
{
	char day[DAY_TEXT_SIZE], instant[CLOCK_TEXT_SIZE], quoted[64];
	struct buf out = BUF_INIT;
	day_number number;
	int64_t at;

	for (number = -60000; number < 60000; number += 13) {
		buf_reset(&out);
		emit_day(&out, number);
		emit_end(&out);
		(void)snprintf(quoted, sizeof(quoted), "\"%sT00:00:00.000Z\"",
		    day_format(number, day));
		assert_string_equal(out.data, quoted);
		at = number * CLOCK_DAY + 12345678900 + number * INT64_C(1001);
		buf_reset(&out);
		emit_instant(&out, at);
		emit_end(&out);
		(void)snprintf(quoted, sizeof(quoted), "\"%s\"",
		    clock_format(at, 3, instant));
		assert_string_equal(out.data, quoted);
	}
	buf_close(&out);
}

static void
texts_are_escaped(void **state __attribute__((unused)))
{
	static const struct {
		const char	*text, *json;
	} rows[] = {
		{ "", "\"\"" },
		{ "Zoë", "\"Zoë\"" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "\n\t\r\b\f", "\"\\n\\t\\r\\b\\f\"" },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"" },
		{ NULL, "null" },
	};
	struct buf out = BUF_INIT;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		buf_reset(&out);
		emit_text(&out, rows[i].text);
		emit_end(&out);
		assert_row(i, strcmp(out.data, rows[i].json) == 0);
	}
	buf_close(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nations_are_whole),
		cmocka_unit_test(people_are_functions_of_their_seed),
		cmocka_unit_test(mails_are_unique),
		cmocka_unit_test(managers_lead_to_the_top),
		cmocka_unit_test(oddities_are_all_there_from_fifty_on),
		cmocka_unit_test(shuffling_loses_no_row),
		cmocka_unit_test(days_and_instants_are_written_as_base_has_them),
		cmocka_unit_test(texts_are_escaped),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
