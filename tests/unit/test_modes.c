/*
 * The state machine of a field (semantics 3.2): every mode from every held state at every
 * event, then whole lives of a field.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "rules/modes.h"

#define CONT	MODE_CONTINUOUS
#define ONCE	MODE_IMPORT_ONCE
#define LOCAL	MODE_LOCAL
#define OFF	MODE_OFF

#define F	HELD_NOTHING
#define S	HELD_SEEDED
#define L	HELD_LOCAL
#define K	HELD_KEPT
#define Z	HELD_FROZEN
#define O	HELD_OPEN
#define A	HELD_AGAIN
#define W	HELD_WAITING

#define VEIL	"\00100ff"

/* What happens, as bits; without `PULL` the record is as it was. */
enum { NEW = 1, FULL = 2, KEEP = 4, WAITS = 8, OVER = 16, KEPT = 32, LINK = 64,
    ADOPT = 128 | LINK, REIMPORT = 256 | LINK };

/*
 * held is what the database has, hr what the record says now and was what it said before;
 * then what is served and held. OVER and KEPT are results.
 */
static const struct {
	enum field_mode	 before;
	enum field_mode	 mode;
	int		 event;
	struct held	 held;
	const char	*was;
	const char	*hr;
	const char	*value;
	struct held	 after;
} rows[] = {
	/* create */
	{ CONT, CONT, NEW | FULL, { F, NULL }, "a", "a", "a", { F, NULL } },
	{ CONT, CONT, NEW | FULL, { F, NULL }, NULL, NULL, NULL, { F, NULL } },
	{ CONT, CONT, NEW | FULL | KEEP, { F, NULL }, NULL, NULL, NULL, { F, NULL } },
	{ CONT, CONT, NEW, { F, NULL }, "a", "a", "a", { F, NULL } },
	{ ONCE, ONCE, NEW | FULL, { F, NULL }, "a", "a", "a", { S, "a" } },
	{ ONCE, ONCE, NEW, { F, NULL }, "a", "a", "a", { S, "a" } },
	{ ONCE, ONCE, NEW | FULL, { F, NULL }, NULL, NULL, NULL, { S, NULL } },	/* used up */
	{ ONCE, ONCE, NEW | FULL | WAITS, { F, NULL }, NULL, NULL, NULL, { O, NULL } },
	{ ONCE, ONCE, NEW | FULL | WAITS, { F, NULL }, "a", "a", "a", { S, "a" } },
	{ LOCAL, LOCAL, NEW | FULL, { F, NULL }, NULL, NULL, NULL, { L, NULL } },
	{ OFF, OFF, NEW | FULL, { F, NULL }, NULL, NULL, NULL, { F, NULL } },
	/* … back after a purge: as new, whatever is still held (rulings D4) */
	{ CONT, CONT, NEW, { L, "x" }, "a", "a", "a", { F, NULL } },
	{ ONCE, ONCE, NEW, { L, "x" }, "a", "a", "a", { S, "a" } },
	{ LOCAL, LOCAL, NEW, { L, "x" }, "a", "a", NULL, { L, NULL } },
	/* pull: continuous follows */
	{ CONT, CONT, 0, { F, NULL }, "a", "b", "b", { F, NULL } },
	{ CONT, CONT, FULL, { F, NULL }, "a", "b", "b", { F, NULL } },
	{ CONT, CONT, 0, { F, NULL }, "a", "a", "a", { F, NULL } },
	{ CONT, CONT, 0, { F, NULL }, "a", NULL, NULL, { F, NULL } },	/* clear */
	{ CONT, CONT, KEEP | KEPT, { F, NULL }, "a", NULL, "a", { K, "a" } },	/* C11 */
	{ CONT, CONT, KEEP, { F, NULL }, NULL, NULL, NULL, { F, NULL } },
	{ CONT, CONT, KEEP | KEPT, { K, "a" }, NULL, NULL, "a", { K, "a" } },
	{ CONT, CONT, KEEP, { K, "a" }, NULL, "b", "b", { F, NULL } },
	{ CONT, CONT, 0, { K, "a" }, NULL, NULL, NULL, { F, NULL } },	/* keep became clear */
	/* … import-once stays */
	{ ONCE, ONCE, FULL, { S, "a" }, "a", "b", "a", { S, "a" } },
	{ ONCE, ONCE, 0, { S, "a" }, "b", NULL, "a", { S, "a" } },
	{ ONCE, ONCE, FULL, { S, NULL }, NULL, "b", NULL, { S, NULL } },
	{ ONCE, ONCE, FULL | WAITS, { S, NULL }, NULL, "b", NULL, { S, NULL } },
	{ ONCE, ONCE, FULL, { L, "x" }, "a", "b", "x", { L, "x" } },
	{ ONCE, ONCE, FULL, { L, NULL }, "a", "b", NULL, { L, NULL } },	/* C22: deliberately empty */
	{ ONCE, ONCE, FULL | KEEP, { S, "a" }, "a", NULL, "a", { S, "a" } },
	{ ONCE, ONCE, 0, { O, NULL }, NULL, NULL, NULL, { O, NULL } },
	{ ONCE, ONCE, 0, { O, NULL }, NULL, "b", "b", { S, "b" } },
	{ ONCE, ONCE, FULL | WAITS, { O, NULL }, NULL, NULL, NULL, { O, NULL } },
	{ ONCE, ONCE, FULL | WAITS, { O, NULL }, NULL, "b", "b", { S, "b" } },
	{ ONCE, ONCE, FULL, { O, NULL }, NULL, NULL, NULL, { S, NULL } },
	/* … local and off ignore it */
	{ LOCAL, LOCAL, FULL, { L, "x" }, NULL, "b", "x", { L, "x" } },
	{ LOCAL, LOCAL, FULL, { L, NULL }, NULL, "b", NULL, { L, NULL } },
	{ OFF, OFF, FULL, { F, NULL }, NULL, "b", NULL, { F, NULL } },
	/* reset: HELD_AGAIN was written by the decision */
	{ ONCE, ONCE, 0, { A, NULL }, "b", "b", "b", { S, "b" } },
	{ ONCE, ONCE, 0, { A, NULL }, NULL, NULL, NULL, { S, NULL } },	/* C8 */
	{ ONCE, ONCE, WAITS, { A, NULL }, NULL, NULL, NULL, { O, NULL } },
	/* another record takes over: continuous takes all of it, nulls too (C23) */
	{ CONT, CONT, LINK, { F, NULL }, "a", "b", "b", { F, NULL } },
	{ CONT, CONT, LINK | KEEP, { F, NULL }, "a", NULL, NULL, { F, NULL } },
	{ CONT, CONT, LINK | KEEP, { K, "a" }, NULL, NULL, NULL, { F, NULL } },
	{ CONT, CONT, LINK | KEEP, { Z, "a" }, NULL, NULL, NULL, { F, NULL } },
	{ ONCE, CONT, LINK, { S, "a" }, "a", "b", "b", { F, NULL } },
	{ ONCE, CONT, LINK | OVER, { L, "x" }, "a", "b", "b", { F, NULL } },
	/* … import-once stays, or is imported again */
	{ ONCE, ONCE, LINK, { S, "a" }, "a", "b", "a", { S, "a" } },
	{ ONCE, ONCE, LINK, { L, "x" }, "a", "b", "x", { L, "x" } },
	{ ONCE, ONCE, LINK, { L, NULL }, "a", "b", NULL, { L, NULL } },
	{ CONT, ONCE, LINK, { F, NULL }, "a", "b", "a", { S, "a" } },
	{ OFF, ONCE, LINK, { F, NULL }, NULL, "b", "b", { S, "b" } },
	{ ONCE, ONCE, REIMPORT, { S, "a" }, "a", "b", "b", { S, "b" } },
	{ ONCE, ONCE, REIMPORT, { S, "a" }, "a", NULL, NULL, { S, NULL } },
	{ ONCE, ONCE, REIMPORT | WAITS, { S, "a" }, "a", NULL, NULL, { O, NULL } },
	{ ONCE, ONCE, REIMPORT | OVER, { L, "x" }, "a", "b", "b", { S, "b" } },
	/* … local is kept, off is off */
	{ LOCAL, LOCAL, LINK, { L, "x" }, NULL, "b", "x", { L, "x" } },
	{ CONT, LOCAL, LINK, { F, NULL }, "a", NULL, "a", { L, "a" } },
	{ CONT, OFF, LINK, { F, NULL }, "a", NULL, NULL, { F, NULL } },
	/* adopted: overwritten by what there is; that is no loss of an edit (C9) */
	{ CONT, CONT, ADOPT, { F, NULL }, "a", "b", "b", { F, NULL } },
	{ LOCAL, CONT, ADOPT, { L, "x" }, NULL, "b", "b", { F, NULL } },
	{ CONT, ONCE, ADOPT, { F, NULL }, "a", "b", "b", { S, "b" } },
	{ LOCAL, ONCE, ADOPT, { L, "x" }, NULL, "b", "b", { S, "b" } },
	{ CONT, ONCE, ADOPT | KEPT, { F, NULL }, "a", NULL, "a", { S, "a" } },
	{ LOCAL, ONCE, ADOPT | KEPT, { L, "x" }, NULL, NULL, "x", { S, "x" } },
	{ LOCAL, ONCE, ADOPT, { L, NULL }, NULL, NULL, NULL, { S, NULL } },
	{ LOCAL, LOCAL, ADOPT, { L, "x" }, NULL, "b", "x", { L, "x" } },
	{ LOCAL, OFF, ADOPT, { L, "x" }, NULL, "b", NULL, { F, NULL } },
	/* from continuous */
	{ CONT, ONCE, 0, { F, NULL }, "a", "a", "a", { S, "a" } },
	{ CONT, ONCE, 0, { F, NULL }, NULL, NULL, NULL, { S, NULL } },
	{ CONT, ONCE, WAITS, { F, NULL }, NULL, NULL, NULL, { S, NULL } },
	{ CONT, ONCE, 0, { K, "a" }, NULL, NULL, "a", { S, "a" } },
	{ CONT, ONCE, FULL, { F, NULL }, "a", "b", "a", { S, "a" } },
	{ CONT, ONCE, 0, { W, "x" }, NULL, NULL, "x", { S, "x" } },
	{ CONT, LOCAL, 0, { F, NULL }, "a", NULL, "a", { L, "a" } },
	{ CONT, LOCAL, 0, { K, "a" }, NULL, NULL, "a", { L, "a" } },
	{ CONT, LOCAL, 0, { W, "x" }, NULL, NULL, "x", { L, "x" } },
	{ CONT, OFF, 0, { F, NULL }, "a", NULL, NULL, { F, NULL } },
	{ CONT, OFF, 0, { K, "a" }, NULL, NULL, NULL, { F, NULL } },
	/* from import-once: what the record says comes at once */
	{ ONCE, CONT, 0, { S, "a" }, "b", "b", "b", { F, NULL } },
	{ ONCE, CONT, 0, { S, "a" }, "a", "a", "a", { F, NULL } },
	{ ONCE, CONT, OVER, { L, "x" }, "b", "b", "b", { F, NULL } },		/* C9 */
	{ ONCE, CONT, 0, { L, "b" }, "b", "b", "b", { F, NULL } },
	{ ONCE, CONT, OVER, { L, "x" }, NULL, NULL, NULL, { F, NULL } },
	{ ONCE, CONT, OVER, { L, NULL }, "b", "b", "b", { F, NULL } },
	{ ONCE, CONT, KEEP | KEPT, { L, "x" }, NULL, NULL, "x", { K, "x" } },
	{ ONCE, CONT, KEEP | KEPT, { S, "a" }, NULL, NULL, "a", { K, "a" } },
	{ ONCE, CONT, 0, { O, NULL }, NULL, NULL, NULL, { F, NULL } },
	{ ONCE, LOCAL, 0, { S, "a" }, "b", NULL, "a", { L, "a" } },
	{ ONCE, LOCAL, 0, { L, "x" }, "b", NULL, "x", { L, "x" } },
	{ ONCE, LOCAL, 0, { O, NULL }, NULL, NULL, NULL, { L, NULL } },
	{ ONCE, OFF, 0, { S, "a" }, "b", NULL, NULL, { F, NULL } },
	{ ONCE, OFF, 0, { L, "x" }, "b", NULL, NULL, { F, NULL } },
	/* from local: its value was never fetched, the next complete pull brings it */
	{ LOCAL, CONT, 0, { L, "x" }, NULL, NULL, "x", { W, "x" } },
	{ CONT, CONT, 0, { W, "x" }, NULL, NULL, "x", { W, "x" } },
	{ CONT, CONT, 0, { W, "x" }, NULL, "b", "x", { W, "x" } },
	{ CONT, CONT, FULL | OVER, { W, "x" }, NULL, "b", "b", { F, NULL } },
	{ CONT, CONT, FULL, { W, "b" }, NULL, "b", "b", { F, NULL } },
	{ CONT, CONT, FULL | OVER, { W, "x" }, NULL, NULL, NULL, { F, NULL } },
	{ CONT, CONT, FULL | KEEP | KEPT, { W, "x" }, NULL, NULL, "x", { K, "x" } },
	{ LOCAL, CONT, FULL | OVER, { L, "x" }, NULL, "b", "b", { F, NULL } },
	{ LOCAL, ONCE, 0, { L, "x" }, NULL, NULL, "x", { L, "x" } },
	{ LOCAL, ONCE, 0, { L, NULL }, NULL, NULL, NULL, { L, NULL } },
	{ LOCAL, OFF, 0, { L, "x" }, NULL, NULL, NULL, { F, NULL } },
	/* from off: empty until the next complete pull (C7) */
	{ OFF, CONT, 0, { F, NULL }, NULL, NULL, NULL, { F, NULL } },
	{ OFF, CONT, 0, { F, NULL }, "b", "b", NULL, { W, NULL } },	/* made of groups */
	{ CONT, CONT, FULL, { F, NULL }, NULL, "b", "b", { F, NULL } },
	{ CONT, CONT, 0, { W, NULL }, "b", "b", NULL, { W, NULL } },
	{ CONT, CONT, FULL, { W, NULL }, "b", "b", "b", { F, NULL } },
	{ OFF, ONCE, 0, { F, NULL }, NULL, NULL, NULL, { W, NULL } },
	{ OFF, ONCE, 0, { F, NULL }, "b", "b", NULL, { W, NULL } },
	{ OFF, ONCE, FULL, { F, NULL }, NULL, "b", "b", { S, "b" } },
	{ ONCE, ONCE, 0, { W, NULL }, "b", "b", NULL, { W, NULL } },
	{ ONCE, ONCE, FULL, { W, NULL }, NULL, "b", "b", { S, "b" } },
	{ ONCE, ONCE, FULL, { W, NULL }, NULL, NULL, NULL, { S, NULL } },
	{ ONCE, ONCE, FULL | WAITS, { W, NULL }, NULL, NULL, NULL, { O, NULL } },
	{ OFF, LOCAL, 0, { F, NULL }, NULL, NULL, NULL, { L, NULL } },
	/* back from a departure: Z is what was served, O what was erased meanwhile (C18) */
	{ CONT, CONT, 0, { Z, "a" }, "b", "b", "b", { F, NULL } },
	{ CONT, CONT, 0, { Z, "a" }, NULL, NULL, NULL, { F, NULL } },
	{ CONT, CONT, KEEP | KEPT, { Z, "a" }, NULL, NULL, "a", { K, "a" } },
	{ ONCE, ONCE, 0, { Z, "a" }, "b", "b", "a", { S, "a" } },
	{ ONCE, ONCE, 0, { Z, NULL }, "b", "b", NULL, { S, NULL } },
	{ LOCAL, LOCAL, 0, { Z, "a" }, "b", NULL, "a", { L, "a" } },
	{ LOCAL, LOCAL, 0, { Z, NULL }, "b", NULL, NULL, { L, NULL } },
	{ OFF, OFF, 0, { Z, "a" }, "b", NULL, NULL, { F, NULL } },
	{ CONT, CONT, 0, { O, NULL }, NULL, "b", "b", { F, NULL } },
	{ LOCAL, LOCAL, 0, { O, NULL }, NULL, NULL, NULL, { L, NULL } },
	{ LOCAL, LOCAL, 0, { A, NULL }, NULL, NULL, NULL, { L, NULL } },
	{ CONT, CONT, 0, { S, "a" }, "b", "b", "b", { F, NULL } },
	{ CONT, CONT, OVER, { L, "x" }, "b", "b", "b", { F, NULL } },
	{ CONT, CONT, 0, { A, NULL }, "b", "b", "b", { F, NULL } },
	/* what the record says is not kept (track_drift = no): nothing is taken from its veil */
	{ ONCE, ONCE, FULL, { S, "a" }, VEIL, VEIL, "a", { S, "a" } },
	{ ONCE, ONCE, FULL, { L, "x" }, VEIL, VEIL, "x", { L, "x" } },
	{ ONCE, ONCE, FULL, { W, "a" }, VEIL, VEIL, "a", { W, "a" } },
	{ ONCE, ONCE, FULL, { W, "a" }, VEIL, "b", "b", { S, "b" } },
	{ ONCE, ONCE, 0, { A, NULL }, VEIL, VEIL, NULL, { W, NULL } },
	{ ONCE, CONT, FULL, { S, "a" }, VEIL, VEIL, "a", { S, "a" } },
	{ ONCE, CONT, FULL, { L, "x" }, VEIL, VEIL, "x", { L, "x" } },
	{ CONT, CONT, FULL, { S, "a" }, VEIL, "b", "b", { F, NULL } },
	{ CONT, CONT, FULL | OVER, { L, "x" }, VEIL, "b", "b", { F, NULL } },
	{ ONCE, LOCAL, 0, { S, "a" }, VEIL, NULL, "a", { L, "a" } },
	{ ONCE, OFF, 0, { S, "a" }, VEIL, NULL, NULL, { F, NULL } },
};

static bool
same(const char *a, const char *b)
{
	return (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
}

static void
test_rows(void **state)
{
	struct mode_result result;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		mode_apply(&(struct mode_input){
			.mode = rows[i].mode,
			.before = rows[i].before,
			.created = (rows[i].event & NEW) != 0,
			.complete = (rows[i].event & FULL) != 0,
			.keep = (rows[i].event & KEEP) != 0,
			.wait = (rows[i].event & WAITS) != 0,
			.relinked = (rows[i].event & LINK) != 0,
			.adopted = (rows[i].event & ADOPT & ~LINK) != 0,
			.reimport = (rows[i].event & REIMPORT & ~LINK) != 0,
			.held = rows[i].held,
			.now = rows[i].hr,
			.was = rows[i].was,
		}, &result);
		assert_row(i, same(result.value, rows[i].value));
		assert_row(i, result.held.state == rows[i].after.state);
		assert_row(i, same(result.held.value, rows[i].after.value));
		assert_row(i, result.overwrote == ((rows[i].event & OVER) != 0));
		assert_row(i, result.kept_null == ((rows[i].event & KEPT) != 0));
	}
}

/* The same input gives the same again once it was taken in: nothing moves by itself. */
static void
test_settles(void **state)
{
	static const enum held_state states[] = { F, S, L, K, Z, O, A, W };
	static const char *const values[] = { NULL, "a", "b" };
	struct mode_result first, second;
	struct mode_input input = { .mode = CONT };
	size_t bits, m, n, s, v;

	(void)state;
	for (m = 0; m < MODE_N * MODE_N; m++)
		for (s = 0; s < ROWS(states); s++)
			for (v = 0; v < ROWS(values); v++)
				for (n = 0; n < ROWS(values); n++)
					for (bits = 0; bits < 8; bits++) {
		input.mode = (enum field_mode)(m % MODE_N);
		input.before = (enum field_mode)(m / MODE_N);
		input.held = (struct held){ states[s], values[v] };
		input.keep = (bits & 1) != 0;
		input.wait = (bits & 2) != 0;
		input.complete = (bits & 4) != 0;
		/* Of what was off nothing is stored. */
		input.now = input.was = input.before == OFF ? NULL : values[n];
		mode_apply(&input, &first);
		assert_true(first.held.state == F || same(first.held.value, first.value));
		input.before = input.mode;
		input.held = first.held;
		mode_apply(&input, &second);
		assert_true(same(first.value, second.value));
		assert_int_equal(first.held.state, second.held.state);
		assert_true(same(first.held.value, second.held.value));
	}
}

/* ---- freezing --------------------------------------------------------------------------- */

static const struct {
	enum field_mode		 mode;
	struct mode_result	 result;
	struct held		 held;
} freezes[] = {
	{ CONT, { .value = "a", .held = { F, NULL } }, { Z, "a" } },
	{ CONT, { .value = NULL, .held = { F, NULL } }, { Z, NULL } },
	{ CONT, { .value = "a", .held = { K, "a" } }, { K, "a" } },
	{ CONT, { .value = "x", .held = { W, "x" } }, { W, "x" } },
	{ ONCE, { .value = "a", .held = { S, "a" } }, { S, "a" } },
	{ ONCE, { .value = NULL, .held = { O, NULL } }, { O, NULL } },
	{ ONCE, { .value = "x", .held = { L, "x" } }, { L, "x" } },
	{ LOCAL, { .value = "x", .held = { L, "x" } }, { L, "x" } },
	{ OFF, { .value = NULL, .held = { F, NULL } }, { O, NULL } },
};

static void
test_freeze(void **state)
{
	struct held held;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(freezes); i++) {
		held = mode_freeze(freezes[i].mode, &freezes[i].result);
		assert_row(i, held.state == freezes[i].held.state);
		assert_row(i, same(held.value, freezes[i].held.value));
	}
}

/* ---- lives of a field ---------------------------------------------------------------------- */

struct step {
	enum field_mode	 mode;
	int		 event;		/* NEW, FULL, KEEP, WAITS */
	const char	*hr;
	const char	*value;		/* what is served afterwards */
	const char	*set;		/* set by hand before: "" empties, "reset" resets */
};

#define LIFE_LONGEST 12

static const struct step lives[][LIFE_LONGEST] = {
	{	/* acceptance 5: the first value, through N pulls; a manual edit survives */
		{ ONCE, NEW | FULL, "a", "a", NULL },
		{ ONCE, FULL, "b", "a", NULL },
		{ ONCE, 0, "c", "a", NULL },
		{ ONCE, FULL, NULL, "a", NULL },
		{ ONCE, FULL, "d", "x", "x" },
		{ ONCE, FULL, "e", "x", NULL },
		{ CONT, 0, "e", "e", NULL },		/* the current value, and listed */
		{ CONT, 0, "f", "f", NULL },
		{ ONCE, 0, "f", "f", NULL },
		{ ONCE, FULL, "g", "f", NULL },
		{ ONCE, 0, "g", "g", "reset" },
		{ ONCE, FULL, "h", "g", NULL },
	},
	{	/* waiting for the first value */
		{ ONCE, NEW | FULL | WAITS, NULL, NULL, NULL },
		{ ONCE, FULL | WAITS, NULL, NULL, NULL },
		{ ONCE, WAITS, "a", "a", NULL },
		{ ONCE, FULL | WAITS, "b", "a", NULL },
		{ ONCE, WAITS, "b", NULL, "" },
		{ ONCE, FULL | WAITS, "c", NULL, NULL },
		{ ONCE, WAITS, "c", "c", "reset" },
	},
	{	/* used up */
		{ ONCE, NEW | FULL, NULL, NULL, NULL },
		{ ONCE, FULL, "a", NULL, NULL },
		{ LOCAL, 0, NULL, NULL, NULL },
		{ LOCAL, 0, NULL, "x", "x" },
		{ LOCAL, FULL, NULL, "x", NULL },
		{ CONT, 0, NULL, "x", NULL },		/* not fetched yet */
		{ CONT, FULL, "b", "b", NULL },
		{ LOCAL, 0, NULL, "b", NULL },
		{ LOCAL, 0, NULL, NULL, "reset" },
		{ OFF, 0, NULL, NULL, NULL },
		{ ONCE, 0, NULL, NULL, NULL },
		{ ONCE, FULL, "c", "c", NULL },
	},
	{	/* off and back; kept through nulls */
		{ CONT, NEW | FULL | KEEP, "a", "a", NULL },
		{ CONT, FULL | KEEP, NULL, "a", NULL },
		{ CONT, KEEP, NULL, "a", NULL },
		{ CONT, FULL | KEEP, "b", "b", NULL },
		{ OFF, KEEP, NULL, NULL, NULL },
		{ CONT, KEEP, NULL, NULL, NULL },
		{ CONT, FULL | KEEP, "c", "c", NULL },
		{ LOCAL, KEEP, NULL, "c", NULL },
		{ ONCE, KEEP, NULL, "c", NULL },		/* no import: the record is not new */
		{ ONCE, FULL | KEEP, "d", "c", NULL },
		{ ONCE, KEEP, "d", "d", "reset" },
	},
};

/* As a decision writes it (sync/request/decide.c). */
static void
live_decide(const struct step *step, struct held *held)
{
	if (step->set == NULL)
		return;
	if (strcmp(step->set, "reset") == 0)
		*held = (struct held){ step->mode == LOCAL ? L : A, NULL };
	else
		*held = (struct held){ L, *step->set != '\0' ? step->set : NULL };
}

static void
test_lives(void **state)
{
	struct mode_result result;
	enum field_mode before;
	struct held held;
	const char *was;
	size_t i, j;

	(void)state;
	for (i = 0; i < ROWS(lives); i++) {
		held = (struct held){ F, NULL };
		was = lives[i][0].hr;
		before = lives[i][0].mode;
		for (j = 0; j < LIFE_LONGEST && (j == 0 || lives[i][j].mode != CONT ||
		    lives[i][j].event != 0 || lives[i][j].hr != NULL ||
		    lives[i][j].value != NULL); j++) {
			live_decide(&lives[i][j], &held);
			mode_apply(&(struct mode_input){ .mode = lives[i][j].mode,
			    .before = before, .held = held, .was = was,
			    .now = lives[i][j].hr,
			    .created = (lives[i][j].event & NEW) != 0,
			    .complete = (lives[i][j].event & FULL) != 0,
			    .keep = (lives[i][j].event & KEEP) != 0,
			    .wait = (lives[i][j].event & WAITS) != 0 }, &result);
			assert_row(i * 100 + j, same(result.value, lives[i][j].value));
			held = result.held;
			was = lives[i][j].hr;
			before = lives[i][j].mode;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_settles),
		cmocka_unit_test(test_freeze),
		cmocka_unit_test(test_lives),
	};

	return (cmocka_run_group_tests_name("modes", tests, NULL, NULL));
}
