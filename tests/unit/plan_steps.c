/*
 * Owns nothing: the steps of random histories, and how often each comes.
 */
#include "config.h"

#include "tests/unit/plan_steps.h"

#include "tests/unit/unit.h"

#include "base/clock.h"
#include "tests/unit/plan_admin.h"
#include "tests/unit/plan_check.h"
#include "tests/unit/plan_oracle.h"

struct step {
	struct house	*house;
	size_t		 number;
	bool		 tell;
};

static void
step_tell(const struct step *step, const char *what, long long a, long long b)
{
	if (step->tell)
		print_error("# %zu: %s %lld %lld\n", step->number, what, a, b);
}

/* ---- HR systems ---------------------------------------------------------------------------- */

static void
step_pull(struct step *step)
{
	struct house *house = step->house;
	struct hr *hr;
	size_t at, n;
	bool complete;

	at = draw(&house->draw, HR_SOURCES);
	hr = &house->hr[at];
	for (n = draw(&house->draw, 6); n > 0; n--)
		hr_change(hr, &house->draw, house_today(house));
	if (draw_chance(&house->draw, 10))
		life_again(&house->hr[draw(&house->draw, HR_SOURCES)], hr, &house->draw,
		    house_today(house));
	if (draw_chance(&house->draw, 3) && at != HR_CSV)
		hr_recreate(hr);
	complete = draw_chance(&house->draw, 50);
	step_tell(step, complete ? "complete fetch of" : "fetch of", (long long)at,
	    (long long)hr->round);
	oracle_pull(house, at, complete);
}

/* Nothing happened in the HR system, and it is asked again. */
static void
step_pull_again(struct step *step)
{
	size_t at;

	at = draw(&step->house->draw, HR_SOURCES);
	step_tell(step, "the same again of", (long long)at, 0);
	oracle_pull(step->house, at, draw_chance(&step->house->draw, 50));
}

/* ---- admins ---------------------------------------------------------------------------------- */

static void
step_decide(struct step *step)
{
	static const char *const kinds[] = { "hide", "hide", "ignore-onboarding", "release" };
	struct house *house = step->house;
	const char *kind;
	int64_t person;

	person = house_somebody(house);
	if (person == 0)
		return;
	kind = draw_word(&house->draw, kinds, ROWS(kinds));
	step_tell(step, kind, (long long)person, 0);
	house_decide(house, person, kind, draw_chance(&house->draw, 40));
}

static void
step_edit(struct step *step)
{
	static const struct {
		enum field_id	 id;
		const char	*values[3];
	} edits[] = {
		{ FIELD_JOB_TITLE, { "JT~title~hand", "JT~title~other", NULL } },
		{ FIELD_WORK_EMAIL, { "m1@example.com", "m2@example.com", NULL } },
		{ FIELD_FIRST_NAME, { "Grace", NULL, "Grace" } },
		{ FIELD_TERMINATION_DATE, { "2026-09-22", "2020-01-01", NULL } },
		{ FIELD_START_DATE, { "2026-09-23", "2020-01-01", NULL } },
		{ FIELD_WORK_LOCATION, { "Apia", "Honolulu", NULL } },
		{ FIELD_MOBILE_PHONE, { "MP~mobile~hand", NULL, "MP~mobile~hand" } },
	};
	struct house *house = step->house;
	int64_t person;
	size_t at;

	person = house_somebody(house);
	if (person == 0)
		return;
	at = draw(&house->draw, ROWS(edits));
	step_tell(step, "edit", (long long)person, (long long)edits[at].id);
	if (draw_chance(&house->draw, 30))
		house_reset(house, person, edits[at].id);
	else
		house_set(house, person, edits[at].id, edits[at].values[draw(&house->draw, 3)]);
}

static void
step_reload(struct step *step)
{
	struct house *house = step->house;
	struct house_files files;
	struct arena *arena;
	struct conf *conf;

	arena = arena_open();
	house_draw_files(house, arena, &files);
	step_tell(step, "reload", 0, 0);
	if (step->tell) {
		print_error("%s", files.main);
		print_error("%s", files.de);
		print_error("%s", files.fr != NULL ? files.fr : "");
		print_error("%s", files.csv != NULL ? files.csv : "");
		print_error("%s", files.local != NULL ? files.local : "");
	}
	conf = house_load(house, &files);
	if (conf == NULL)
		fail_msg("the drawn configuration has errors:\n%s%s%s%s%s", files.main, files.de,
		    files.fr != NULL ? files.fr : "", files.csv != NULL ? files.csv : "",
		    files.local != NULL ? files.local : "");
	if (step->number > 0 && draw_chance(&house->draw, 40))
		gate_reload(house, conf);
	else
		(void)house_try(house, conf, false);
	arena_close(&arena);
	check_off(house);
}

/* Files with an error leave everything as it is (acceptance 11). */
static void
step_bad_reload(struct step *step)
{
	static const char *const broken[] = {
		"[fields]\njob_title = sometimes\n", "[include]\nlegal_entity = A\n[include\n",
		"[lifecycle]\nrelease = never\n", "[fields]\nlast_name = off\n",
	};
	struct house *house = step->house;
	struct house_files files = { .main = HOUSE_MAIN };
	struct arena *arena;

	arena = arena_open();
	files.de = arena_printf(arena, HOUSE_DE "%s", draw_word(&house->draw,
	    broken, ROWS(broken)));
	step_tell(step, "reload of broken files", 0, 0);
	if (house_load(house, &files) != NULL)
		fail_msg("acceptance 11: taken for good:\n%s", files.de);
	arena_close(&arena);
}

static void
step_link(struct step *step)
{
	step_tell(step, "link", 0, 0);
	(void)admin_link(step->house);
}

static void
step_erase(struct step *step)
{
	step_tell(step, "erase", 0, 0);
	(void)admin_erase(step->house);
}

static void
step_local(struct step *step)
{
	step_tell(step, "by hand", 0, 0);
	(void)admin_local(step->house);
}

static void
step_scim(struct step *step)
{
	step_tell(step, "SCIM", 0, 0);
	(void)admin_scim(step->house);
}

static void
step_retire(struct step *step)
{
	step_tell(step, "retire", 0, 0);
	(void)admin_retire(step->house);
}

/* The state is taken over somewhere else; here nothing happens. */
static void
step_state(struct step *step)
{
	step_tell(step, "state", 0, 0);
	state_compare(step->house);
}

static void
step_hurt(struct step *step)
{
	step_tell(step, "not to be believed", 0, 0);
	hurt_pull(step->house);
}

/* ---- time ------------------------------------------------------------------------------------- */

static void
step_wait(struct step *step)
{
	struct house *house = step->house;
	int64_t minutes;

	minutes = 15 * (1 + (int64_t)draw(&house->draw, 4 * 30));
	step_tell(step, "minutes pass:", (long long)minutes, 0);
	house_wait(house, minutes * CLOCK_MINUTE);
}

/* Longer than everything that is kept for a time: nobody looked meanwhile. */
static void
step_sleep(struct step *step)
{
	int64_t days;

	days = 5 + (int64_t)draw(&step->house->draw, 40);
	step_tell(step, "days pass:", (long long)days, 0);
	house_wait(step->house, days * CLOCK_DAY);
}

/* ---- any ---------------------------------------------------------------------------------------- */

static const struct {
	unsigned int	  weight;
	enum step_kind	  kind;
	void		(*act)(struct step *step);
} step_kinds[] = {
	{ 42, STEP_PULL, step_pull },
	{ 4, STEP_PULL, step_pull_again },
	{ 13, STEP_WAIT, step_wait },
	{ 2, STEP_WAIT, step_sleep },
	{ 15, STEP_DECIDE, step_decide },
	{ 12, STEP_EDIT, step_edit },
	{ 10, STEP_RELOAD, step_reload },
	{ 2, STEP_RELOAD, step_bad_reload },
	{ 6, STEP_LINK, step_link },
	{ 2, STEP_ERASE, step_erase },
	{ 6, STEP_PULL, step_local },
	{ 8, STEP_PULL, step_scim },
	{ 4, STEP_RELOAD, step_retire },
	{ 3, STEP_DECIDE, step_state },
	{ 5, STEP_PULL, step_hurt },
};

enum step_kind
step_do(struct house *house, size_t number, bool tell)
{
	struct step step = { .house = house, .number = number, .tell = tell };
	unsigned int all, at;
	size_t i;

	house->draw.state = hash64_seed(&number, sizeof(number), house->seed);
	if (number == 0) {
		step_reload(&step);
		return (STEP_RELOAD);
	}
	for (i = all = 0; i < ROWS(step_kinds); i++)
		all += step_kinds[i].weight;
	at = draw(&house->draw, all);
	for (i = 0; at >= step_kinds[i].weight; i++)
		at -= step_kinds[i].weight;
	step_kinds[i].act(&step);
	return (step_kinds[i].kind);
}
