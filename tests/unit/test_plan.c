/*
 * Plans driven through random histories: hires, moves, leaves, returns, new integrations, edits,
 * decisions, other configurations, midnights in several zones. After every step the whole
 * directory is checked (plan_check.h, plan_oracle.h), a plan over everybody must change nothing
 * (acceptance 13, 14), and the same history with shuffled rows must have led to the same place
 * (acceptance 1).
 *
 * Each history runs in a process of its own. One that fails is made as short as it can be, and
 * told: ROLLCALL_SEED and ROLLCALL_STEPS repeat it.
 *
 * ROLLCALL_HISTORIES asks for more than the standard number, ROLLCALL_SEED=N for one history,
 * ROLLCALL_STEPS=0,3,17 for some steps of it.
 */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/unit/plan_check.h"
#include "tests/unit/plan_oracle.h"

#define HISTORIES	200
#define STEPS_MAX	90
#define SHUFFLED	3	/* each third once more, with shuffled rows */

/* The steps of a history that are done: all of them, or what is left of them. */
struct history {
	uint64_t	 seed;
	size_t		 steps[STEPS_MAX];
	size_t		 count;
	bool		 shuffle;	/* … and compared */
	bool		 tell;
};

/* Where a history is: the process that runs it writes, the one that waits for it reads. */
static size_t *progress;

/* ---- one history ------------------------------------------------------------------------------ */

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
		"SELECT id, source, state FROM plan ORDER BY 1",
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

/* What a step has left, for the next to be compared with. */
struct moment {
	struct picture	*picture;
	struct memory	*memory;
};

static void
moment_close(struct moment *moment)
{
	picture_close(&moment->picture);
	memory_close(&moment->memory);
}

static void
check_moment(struct house *house, struct moment *before, enum step_kind kind)
{
	struct plan_order everybody = { .everybody = true, .due = true };
	struct moment after;

	after.picture = picture_open(house);
	after.memory = memory_open(house);
	if (before->picture != NULL) {
		check_step(house, before->picture, after.picture, kind != STEP_ERASE);
		memory_compare(house, before->memory, after.memory, kind);
	}
	check_state(house);
	if (!house_changes_nothing(house, &everybody))
		fail_msg("acceptance 14: a plan over everybody finds more");
	moment_close(before);
	*before = after;
}

/* Runs the steps; places[] gets where each led, or, shuffled, is compared with it. */
static void
run_steps(const struct history *history, uint64_t *places, bool shuffle)
{
	struct moment moment = { .picture = NULL };
	enum step_kind kind;
	struct house house;
	size_t i;

	house_open(&house, history->seed * 7919, shuffle);
	house.compared = history->shuffle;
	for (i = 0; i < history->count; i++) {
		*progress = i;
		kind = step_do(&house, history->steps[i], history->tell && !shuffle);
		if (!shuffle) {
			places[i] = place_hash(&house);
			check_moment(&house, &moment, kind);
		} else if (place_hash(&house) != places[i]) {
			fail_msg("acceptance 1: in another order it leads elsewhere");
		}
	}
	check_history(&house);
	moment_close(&moment);
	house_close(&house);
}

static void
run_history(const struct history *history)
{
	uint64_t places[STEPS_MAX];

	run_steps(history, places, false);
	if (history->shuffle)
		run_steps(history, places, true);
}

/* ---- in a process of its own ---------------------------------------------------------------------- */

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return (remove(path));
}

static void
silence(int descriptor)
{
	int nothing;

	nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	(void)dup2(nothing, descriptor);
	(void)close(nothing);
}

/* True when the history passes. Whatever goes wrong, a crash too, is a failure. */
static bool
history_passes(const struct history *history, bool quiet)
{
	char folder[64];
	pid_t child;
	int status;

	(void)snprintf(folder, sizeof(folder), "%s/rollcall-history-XXXXXX", house_top());
	assert_non_null(mkdtemp(folder));
	(void)fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		silence(STDOUT_FILENO);	/* TAP is the parent's to print */
		if (quiet)
			silence(STDERR_FILENO);
		(void)setenv("ROLLCALL_TEST_FOLDER", folder, 1);
		run_history(history);	/* a failure goes back to main, and ends there */
		exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- shrinking ------------------------------------------------------------------------------------- */

/* Leaves out steps from `at` on when the history fails without them as well. */
static bool
leave_out(struct history *history, size_t at, size_t count)
{
	struct history shorter = *history;

	shorter.count -= count;
	memmove(&shorter.steps[at], &history->steps[at + count],
	    (history->count - at - count) * sizeof(shorter.steps[0]));
	if (history_passes(&shorter, true))
		return (false);
	*history = shorter;
	return (true);
}

/* The first step stays: without a configuration there is nothing. */
static void
shrink(struct history *history)
{
	size_t at, size;

	for (size = history->count / 2; size > 0; size /= 2)
		for (at = 1; at + size <= history->count;)
			if (!leave_out(history, at, size))
				at += size;
}

static void
fail_history(struct history *history)
{
	struct buf steps = BUF_INIT;
	size_t i;

	if (history->count > *progress + 1)
		history->count = *progress + 1;
	if (history_passes(history, true))
		fail_msg("history %llu failed once and passes now",
		    (unsigned long long)history->seed);
	shrink(history);
	for (i = 0; i < history->count; i++)
		buf_printf(&steps, "%s%zu", i > 0 ? "," : "", history->steps[i]);
	print_error("# a short history that fails:\n");
	history->tell = true;
	(void)history_passes(history, false);
	print_error("# again: ROLLCALL_SEED=%llu ROLLCALL_STEPS=%s test_plan\n",
	    (unsigned long long)history->seed, steps.data);
	buf_close(&steps);
	fail_msg("history %llu", (unsigned long long)history->seed);
}

/* ---- many of them ----------------------------------------------------------------------------------- */

/* Short ones find what is wrong soon, long ones what comes of many things together. */
static void
history_draw(struct history *history, uint64_t seed)
{
	*history = (struct history){ .seed = seed, .count = 10 + 10 * (seed % 4),
	    .shuffle = seed % SHUFFLED == 0 };
	if (seed % 50 == 0)
		history->count = STEPS_MAX;
	for (size_t i = 0; i < history->count; i++)
		history->steps[i] = i;
}

/* "0,3,17" */
static void
history_read_steps(struct history *history, const char *text)
{
	char *end;

	for (history->count = 0; history->count < STEPS_MAX && *text != '\0'; text = end) {
		history->steps[history->count++] = strtoull(text, &end, 10);
		end += *end == ',';
	}
}

static void
test_one(uint64_t seed)
{
	const char *steps = getenv("ROLLCALL_STEPS");
	struct history history;

	history_draw(&history, seed);
	if (steps != NULL)
		history_read_steps(&history, steps);
	history.tell = true;
	if (!history_passes(&history, false))
		fail_msg("history %llu", (unsigned long long)seed);
}

/* ICU reads its rules once in a process: here, before there are hundreds. */
static void
warm_up(void)
{
	struct arena *arena;

	arena = arena_open();
	(void)text_ascii(arena, "Лавлейс");
	(void)text_fold(arena, "Ümlaut");
	arena_close(&arena);
}

/* Short histories that failed once. What their steps draw may change; they cost next to nothing. */
static void
test_found(void **state)
{
	static const struct {
		uint64_t	 seed;
		const char	*steps;
	} found[] = {
		{ 678, "0,4,5,8,13,16,25" },		/* unlink of a manager's record */
		{ 750, "0,6,24,25,28,36,56,59,62,63,64" },	/* UUID of one erased */
		{ 846, "0,1,4,5,7,10,12,13,27" },	/* zone of a leaver's new owner */
		{ 1055, "0,8,13,23,25,27,28,29" },	/* deleted record of nobody */
	};
	struct history history;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		history_draw(&history, found[i].seed);
		history_read_steps(&history, found[i].steps);
		if (!history_passes(&history, false))
			fail_msg("history %llu", (unsigned long long)found[i].seed);
	}
}

static void
test_histories(void **state)
{
	const char *count = getenv("ROLLCALL_HISTORIES"), *seed = getenv("ROLLCALL_SEED");
	struct history history;
	uint64_t i, last;

	(void)state;
	if (seed != NULL) {
		test_one(strtoull(seed, NULL, 10));
		return;
	}
	last = count != NULL ? strtoull(count, NULL, 10) : HISTORIES;
	for (i = 1; i <= last; i++) {
		history_draw(&history, i);
		if (!history_passes(&history, true))
			fail_history(&history);
	}
}

static int
open_all(void **state)
{
	(void)state;
	warm_up();
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return (progress != MAP_FAILED ? 0 : -1);
}

static int
close_all(void **state)
{
	(void)state;
	return (munmap(progress, sizeof(*progress)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_histories),
	};

	return (cmocka_run_group_tests_name("plan", tests, open_all, close_all));
}
