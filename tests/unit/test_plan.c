/*
 * Plans driven through random histories: hires, moves, leaves, returns, new integrations, edits,
 * decisions, other configurations, midnights in several zones. After every step the whole
 * directory is checked (tests/unit/plan_check.h), a plan over everybody must change nothing, and
 * the same history with shuffled rows must have led to the same place.
 *
 * ROLLCALL_HISTORIES and ROLLCALL_STEPS ask for more than the standard; ROLLCALL_SEED for one
 * history, told step by step.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/unit/plan_check.h"
#include "tests/unit/plan_house.h"

#define HISTORIES	100
#define STEPS		60
#define SHUFFLED	3	/* each third once more, with shuffled rows */

static bool verbose;
static uint64_t current_seed;	/* of a history under way */
static size_t current_step;

static size_t
setting(const char *name, size_t standard)
{
	const char *text;

	text = getenv(name);
	return (text != NULL ? (size_t)strtoull(text, NULL, 10) : standard);
}

static void
tell(const char *what, long long a, long long b)
{
	if (verbose)
		print_message("# %zu: %s %lld %lld\n", current_step, what, a, b);
}

/* ---- one step ------------------------------------------------------------------------------ */

static void
step_pull(struct house *house)
{
	struct hr *hr;
	size_t at, n;
	bool complete;

	at = draw(&house->draw, HR_SOURCES);
	hr = &house->hr[at];
	for (n = draw(&house->draw, 6); n > 0; n--)
		hr_change(hr, &house->draw, house_today(house));
	if (draw_chance(&house->draw, 3))
		hr_recreate(hr);
	complete = draw_chance(&house->draw, 50);
	tell(complete ? "complete fetch of" : "fetch of", (long long)at, 0);
	house_pull(house, at, complete);
}

static void
step_decide(struct house *house)
{
	static const char *const kinds[] = { "hide", "hide", "ignore-onboarding", "release" };
	const char *kind;
	int64_t person;

	person = house_somebody(house);
	if (person == 0)
		return;
	kind = draw_word(&house->draw, kinds, ROWS(kinds));
	tell(kind, (long long)person, 0);
	house_decide(house, person, kind, draw_chance(&house->draw, 40));
}

static void
step_edit(struct house *house)
{
	static const struct {
		enum field_id	 id;
		const char	*values[3];
	} edits[] = {
		{ FIELD_JOB_TITLE, { "JT~hand", "JT~other", NULL } },
		{ FIELD_WORK_EMAIL, { "m1@example.com", "m2@example.com", NULL } },
		{ FIELD_FIRST_NAME, { "Grace", NULL, "Grace" } },
		{ FIELD_TERMINATION_DATE, { "2026-09-22", "2020-01-01", NULL } },
		{ FIELD_START_DATE, { "2026-09-23", "2020-01-01", NULL } },
		{ FIELD_WORK_LOCATION, { "Apia", "Honolulu", NULL } },
		{ FIELD_MOBILE_PHONE, { "MP~hand", NULL, "MP~hand" } },
	};
	int64_t person;
	size_t at;

	person = house_somebody(house);
	if (person == 0)
		return;
	at = draw(&house->draw, ROWS(edits));
	tell("edit", (long long)person, (long long)edits[at].id);
	if (draw_chance(&house->draw, 30))
		house_reset(house, person, edits[at].id);
	else
		house_set(house, person, edits[at].id, edits[at].values[draw(&house->draw, 3)]);
}

static void
step_wait(struct house *house)
{
	int64_t minutes;

	minutes = 15 * (1 + (int64_t)draw(&house->draw, 4 * 30));
	tell("minutes pass:", (long long)minutes, 0);
	house_wait(house, minutes * CLOCK_MINUTE);
}

/* What is off in every source stands nowhere any more (acceptance 3). */
static void
check_off(struct house *house)
{
	static const struct {
		enum field_id	 id;
		const char	*mark;
	} marks[] = {
		{ FIELD_JOB_TITLE, "JT~" }, { FIELD_MOBILE_PHONE, "MP~" },
		{ FIELD_PERSONAL_EMAIL, "pm~" }, { FIELD_HOME_ADDRESS, "HA~" },
		{ FIELD_EMPLOYEE_NUMBER, "EN~" },
	};
	const struct conf *conf = house->conf;
	bool off;
	size_t i, j;

	for (i = 0; i < ROWS(marks); i++) {
		off = conf->source_count == HR_SOURCES;
		for (j = 0; j < conf->source_count; j++)
			off &= conf->sources[j].mode[marks[i].id] == MODE_OFF;
		if (off && check_file_has(house, marks[i].mark))
			fail_msg("%s is off and still in the file", marks[i].mark);
	}
}

static void
step_reload(struct house *house)
{
	struct house_files files;
	struct arena *arena;

	arena = arena_open();
	house_draw_files(house, arena, &files);
	tell("reload", 0, 0);
	if (verbose)
		print_message("%s%s%s", files.main, files.de, files.fr != NULL ? files.fr : "");
	if (!house_reload(house, &files))
		fail_msg("the drawn configuration has errors:\n%s%s%s", files.main, files.de,
		    files.fr != NULL ? files.fr : "");
	arena_close(&arena);
	check_off(house);
}

static void
step_any(struct house *house)
{
	unsigned int what;

	what = draw(&house->draw, 100);
	if (what < 45)
		step_pull(house);
	else if (what < 60)
		step_wait(house);
	else if (what < 75)
		step_decide(house);
	else if (what < 88)
		step_edit(house);
	else
		step_reload(house);
}

/* ---- histories -------------------------------------------------------------------------------- */

/* Where a history has led, without stamps. */
static uint64_t
place_hash(struct house *house)
{
	static const char *const tables[] = {
		"SELECT id, hex(uuid), uid, owner, status, flags, mail, wanted_mail, due,"
		    " departed_on, excluded_on, gone_on FROM person ORDER BY id",
		"SELECT * FROM v_person ORDER BY id", "SELECT * FROM value ORDER BY person, field",
		"SELECT view, person, manager, version FROM v_shown ORDER BY view, person",
		"SELECT view, grp, members, member_hash, version FROM v_group_shown"
		    " ORDER BY view, grp",
		"SELECT * FROM v_group ORDER BY id", "SELECT * FROM v_member ORDER BY person, grp",
		"SELECT id, kombo, remote, person, reasons FROM record ORDER BY kombo",
		"SELECT view, hex(uuid), kind FROM v_tombstone ORDER BY 1, 2",
	};
	struct buf out = BUF_INIT;
	uint64_t hash;
	size_t i;

	for (i = 0; i < ROWS(tables); i++)
		house_dump(house, tables[i], &out);
	hash = hash64(out.data, out.len);
	buf_close(&out);
	return (hash);
}

/* Runs a history; places[] gets where each step led, or is compared with it. */
static void
run_history(uint64_t seed, size_t steps, uint64_t *places, bool shuffle)
{
	struct picture *after, *before;
	struct house house;
	size_t i;

	house_open(&house, seed * 7919, shuffle);
	before = NULL;
	current_seed = seed;
	for (i = 0; i < steps; i++) {
		current_step = i;
		if (i == 0)
			step_reload(&house);
		else
			step_any(&house);
		if (shuffle) {
			assert_int_equal(place_hash(&house), places[i]);
			continue;
		}
		places[i] = place_hash(&house);
		after = picture_open(&house);
		if (before != NULL)
			check_step(&house, before, after);
		check_state(&house);
		assert_true(house_is_settled(&house));
		picture_close(&before);
		before = after;
	}
	picture_close(&before);
	if (getenv("ROLLCALL_KEEP") != NULL)
		exit(1);
	house_close(&house);
	current_seed = 0;
}

static void
test_histories(void **state)
{
	size_t count, i, only, steps;
	uint64_t *places;

	(void)state;
	count = setting("ROLLCALL_HISTORIES", HISTORIES);
	steps = setting("ROLLCALL_STEPS", STEPS);
	only = setting("ROLLCALL_SEED", 0);
	verbose = only != 0;
	places = mem_alloc(steps * sizeof(*places));
	for (i = only != 0 ? only : 1; i <= (only != 0 ? only : count); i++) {
		run_history(i, steps, places, false);
		if (i % SHUFFLED == 0 || only != 0)
			run_history(i, steps, places, true);
	}
	mem_free(&places);
}

static int
tell_seed(void **state)
{
	(void)state;
	if (current_seed != 0)
		print_error("in history %llu, at step %zu: ROLLCALL_SEED=%llu tells more\n",
		    (unsigned long long)current_seed, current_step,
		    (unsigned long long)current_seed);
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_histories, tell_seed),
	};

	return (cmocka_run_group_tests_name("plan", tests, NULL, NULL));
}
