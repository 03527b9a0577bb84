/*
 * Whole people judged: the rulings of spec/rulings.md sections A to D that concern one person
 * with one record, a row each.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "tests/unit/conf_world.h"
#include "tests/unit/judge_rows.h"

/* ---- who is there --------------------------------------------------------------------------- */

static void
test_statuses(void **state)
{
	static const struct judge_row rows[] = {
		/* A3: joiners in SCIM, everybody in both, leavers in SCIM while retained */
		{ "status=ACTIVE start=-9", NULL, "active on [ldap scim] keep - {} ()", NULL },
		{ "status=ACTIVE start=-9 end=3", NULL,
		    "offboarding on [ldap scim] keep 4 {} ()", NULL },
		{ "status=PENDING start=3", NULL, "onboarding off [scim] keep 3 {} ()", NULL },
		{ "status=ACTIVE start=-9 end=-1 known", "served in=ldap,scim",
		    "departed off [scim] keep 30 {departed} (status-conflict)", NULL },
		/* A8: never created when departed at first sight */
		{ "status=INACTIVE start=-9 end=-1", NULL,
		    "departed off [] drop - {departed} ()", NULL },
		{ "status=INACTIVE start=-9 end=-1 known", "",
		    "departed off [] purge - {departed} ()", NULL },
		{ "gone known", "", "departed off [] purge - {gone-upstream} (gone-upstream)",
		    NULL },
		/* A2: any name will do */
		{ "status=ACTIVE start=-9 last= first=Ada", NULL,
		    "active on [ldap scim] keep - {} ()", "display_name=Ada last_name=-" },
		{ "status=ACTIVE start=-9 last= name=The_Countess", NULL,
		    "active on [ldap scim] keep - {} ()", NULL },
		{ "status=ACTIVE start=-9 first=Ada", NULL,
		    "active on [ldap scim] keep - {} ()", "work_email=-" },
		{ "status=ACTIVE start=-9 last=", NULL,
		    "active on [] drop - {missing.last_name} ()", NULL },
		/* B4: reasons add up, of when and where and why */
		{ "status=ACTIVE start=-9 last= end=-1 known", "served hide in=scim",
		    "departed off [] keep 7 {hidden missing.last_name departed} (status-conflict)",
		    NULL },
		{ "status=ACTIVE start=-9", "hide", "active on [] keep - {hidden} ()", NULL },
		{ "status=PENDING start=3", "ignore",
		    "onboarding off [] keep 3 {onboarding-ignored} ()", NULL },
		{ "status=PENDING start=3", "ignore hide",
		    "onboarding off [] keep 3 {onboarding-ignored} ()", NULL },	/* B11 */
		{ "gone known", "served hide in=scim",
		    "departed off [] keep 44 {hidden gone-upstream} (gone-upstream)", NULL },
		/* B7: an unreadable date of a new record; of a known one it is only reported */
		{ "status=ACTIVE start=-9 bad=end", NULL,
		    "active on [] drop - {invalid.termination_date} (invalid-value)", NULL },
		{ "status=ACTIVE bad=start bad=end", NULL, "active on [] drop - "
		    "{invalid.start_date invalid.termination_date} (no-start-date invalid-value)",
		    NULL },
		{ "status=ACTIVE start=-9 bad=title", NULL,
		    "active on [ldap scim] keep - {} (invalid-value)", NULL },
		{ "status=ACTIVE start=-9 bad=end known", "served in=ldap,scim",
		    "active on [ldap scim] keep - {} (invalid-value)", NULL },
		/* conditions travel */
		{ "status=SABBATICAL start=-9", NULL,
		    "active on [ldap scim] keep - {} (unknown-status)", NULL },
		{ "status=INACTIVE start=-9 end=3 known", "served in=ldap,scim",
		    "departed off [scim] keep 4 {departed} (early-inactive)", NULL },
		/* C10: an end that was emptied is a contract reopened */
		{ "status=ACTIVE start=-9 end= was:end=1 known", "offboarding served in=ldap",
		    "active on [ldap scim] keep - {} ()", "termination_date=-" },
	};

	(void)state;
	JUDGE_ROWS("", "", NULL, NULL, rows);
}

static void
test_leave(void **state)
{
	static const struct judge_row rows[] = {
		/* A26: Included, inactive, only where inactive people are */
		{ "status=LEAVE start=-9 known", "served in=ldap,scim",
		    "active off [scim] keep - {} ()", NULL },
		{ "status=LEAVE start=-9", NULL, "active off [scim] keep - {} ()", NULL },
		{ "status=ACTIVE start=-9", NULL, "active on [ldap scim now] keep - {} ()", NULL },
		/* active_before_start, inactive_before_end, first-day-off */
		{ "status=PENDING start=2", NULL, "onboarding on [scim] keep 2 {} ()", NULL },
		{ "status=INACTIVE start=-9 end=2", NULL,
		    "offboarding on [ldap scim] keep 2 {} (early-inactive)", NULL },
		{ "status=ACTIVE start=-9 end=0 known", "served in=ldap,scim",
		    "departed off [scim] keep 30 {departed} (status-conflict)", NULL },
	};
	static const struct judge_row none[] = {
		/* whoever is in no view has a reason all the same (acceptance 2) */
		{ "status=LEAVE start=-9", NULL, "active off [] keep - {no-view} ()", NULL },
		{ "status=PENDING start=2", NULL, "onboarding off [] keep 2 {no-view} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e2", NULL,
		    "active on [] keep - {no-view} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e1", NULL,
		    "active on [ldap scim] keep - {} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e2", "hide",
		    "active on [] keep - {hidden} ()", NULL },
	};

	(void)state;
	JUDGE_ROWS("[view/now]\nstatuses = active\n", "[lifecycle]\nleave = inactive\n"
	    "active_before_start = yes\ninactive_before_end = offboarding\n"
	    "end_date_is = first-day-off\n", NULL, NULL, rows);
	JUDGE_ROWS("[view/ldap]\nstatuses = active\n[view/scim]\nstatuses = active\n"
	    "[view/ldap/include]\nlegal_entity = acme\n[view/scim/exclude]\n"
	    "legal_entity = SOCIÉTÉ GÉNÉRALE\n", "[lifecycle]\nleave = inactive\n", NULL, NULL,
	    none);
}

static void
test_release(void **state)
{
	static const struct judge_row manual[] = {
		/* A4: never by itself for whoever was first seen before the first day */
		{ "status=PENDING start=3", NULL, "onboarding off [] keep 3 {not-released} ()",
		    NULL },
		{ "status=ACTIVE start=0 known", "onboarding joined",
		    "active on [] keep - {not-released} ()", NULL },
		{ "status=ACTIVE start=-9 end=3 known", "joined",
		    "offboarding on [] keep 4 {not-released} ()", NULL },
		{ "status=ACTIVE start=-9", NULL, "active on [ldap scim] keep - {} ()", NULL },
		{ "status=ACTIVE start=0 known", "joined release",
		    "active on [ldap scim] keep - {} ()", NULL },
		{ "status=PENDING start=3", "release", "onboarding off [scim] keep 3 {} ()", NULL },
		/* B12: for ever, also for another spell */
		{ "status=PENDING start=3 end=-5 known", "departed served release departed=-9",
		    "onboarding off [scim] keep 3 {} ()", NULL },
		{ "status=INACTIVE start=-9 end=-1 known", "joined served in=scim",
		    "departed off [scim] keep 30 {departed} ()", NULL },
	};
	static const struct judge_row dated[] = {
		{ "status=PENDING start=3", NULL,
		    "onboarding off [] keep 1 {before-release-date} ()", NULL },
		{ "status=PENDING start=2", NULL, "onboarding off [scim] keep 2 {} ()", NULL },
		{ "status=PENDING", NULL,
		    "onboarding off [] keep - {before-release-date} (no-start-date)", NULL },
		{ "status=PENDING start=30", "release", "onboarding off [scim] keep 30 {} ()",
		    NULL },		/* B6 */
		{ "status=ACTIVE start=0", "joined", "active on [ldap scim] keep - {} ()", NULL },
	};

	(void)state;
	JUDGE_ROWS("", "[lifecycle]\nrelease = manual\n", NULL, NULL, manual);
	JUDGE_ROWS("", "[lifecycle]\nrelease = start-date\nrelease_days_before = 2\n", NULL, NULL,
	    dated);
}

/* ---- who leaves --------------------------------------------------------------------------- */

static void
test_retention(void **state)
{
	static const struct judge_row rows[] = {
		/* A9: from the first plan in which somebody has left; absent from d0 + 5 on */
		{ "status=INACTIVE start=-9 end=-1 known", "served in=ldap,scim",
		    "departed off [scim] keep 5 {departed} ()", NULL },
		{ "status=INACTIVE start=-9 end=-1 known",
		    "departed served frozen departed=-4 in=scim",
		    "departed off [scim] keep 1 {departed} ()", NULL },
		{ "status=INACTIVE start=-9 end=-1 known",
		    "departed served frozen departed=-5 in=scim",
		    "departed off [] purge - {departed} ()", NULL },
		{ "status=INACTIVE start=-9 end=-1", "departed served purged",
		    "departed off [] drop - {departed} ()", NULL },
		/* gone: the grace comes on top, but not for who had left before */
		{ "gone known", "served in=ldap,scim",
		    "departed off [scim] keep 8 {gone-upstream} (gone-upstream)", NULL },
		{ "gone known", "departed served frozen departed=-7 gone=-7 in=scim",
		    "departed off [scim] keep 1 {gone-upstream} (gone-upstream)", NULL },
		{ "gone known", "departed served frozen departed=-8 gone=-8 in=scim",
		    "departed off [] purge - {gone-upstream} (gone-upstream)", NULL },
		{ "gone known", "departed served frozen departed=-4 in=scim",
		    "departed off [scim] keep 1 {gone-upstream} (gone-upstream)", NULL },
		/* … a return resets everything */
		{ "status=ACTIVE start=-9 known", "departed served frozen departed=-7 gone=-7",
		    "active on [ldap scim] keep - {} ()", NULL },
		/* A10: a hire that vanished before the first day */
		{ "status=PENDING start=3 gone known", "onboarding served in=scim",
		    "departed off [] purge - {gone-upstream} (gone-upstream)", NULL },
		/* D5: out of the filter; the same day again, then erased */
		{ "status=ACTIVE start=-9 entity=e2 known", "served in=ldap,scim",
		    "active on [] keep 2 {filter.legal_entity} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e2 known", "served excluded=-1",
		    "active on [] keep 1 {filter.legal_entity} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e2 known", "served excluded=-2",
		    "active on [] purge - {filter.legal_entity} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e2", NULL,
		    "active on [] drop - {filter.legal_entity} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e1 known", "served excluded=-1",
		    "active on [ldap scim] keep - {} ()", NULL },
		/* never for the hidden, not even of values nobody ever saw */
		{ "status=ACTIVE start=-9 entity=e1 known", "served hide",
		    "active on [] keep - {hidden} ()", NULL },
		{ "status=ACTIVE start=-9 entity=e1 known", "hide",
		    "active on [] keep - {hidden} ()", NULL },
		/* both at once: the earlier end */
		{ "status=INACTIVE start=-9 end=-1 entity=e2 known",
		    "departed served frozen departed=-1 excluded=-1",
		    "departed off [] keep 1 {filter.legal_entity departed} ()", NULL },
		{ "status=INACTIVE start=-9 end=-1 entity=e2 known",
		    "departed served frozen departed=-1 excluded=-2",
		    "departed off [] purge - {filter.legal_entity departed} ()", NULL },
		/* row 5: the day is remembered */
		{ "status=INACTIVE start=-9 entity=e1 known", "served inactive=-2 in=scim",
		    "departed off [scim] keep 5 {departed} (no-end-date)", NULL },
		/* D4: back after a purge, as new */
		{ "status=ACTIVE start=-9 entity=e1 title=b full",
		    "departed served purged job_title:S=a",
		    "active on [ldap scim] keep - {} ()", "job_title=b/S first_name=-" },
	};

	(void)state;
	JUDGE_ROWS("[privacy]\nretain_departed = 5d\nretain_excluded = 2d\ngone_grace = 3d\n",
	    "[fields]\njob_title = import-once\n[include]\nlegal_entity = ACME\n"
	    "missing = include\n", NULL, NULL, rows);
}

static void
test_freezing(void **state)
{
	static const struct judge_row rows[] = {
		/* A6: what was served stays, dates and status follow */
		{ "status=INACTIVE start=-9 end=-1 title=new was:title=old was:end=5 mail=a@x known",
		    "served in=ldap,scim", "departed off [scim] keep 30 {departed} ()",
		    "job_title=old/Z work_email=a@x/Z mobile_phone=-/O employee_number=-/Z" },
		{ "status=INACTIVE start=-8 end=-2 title=newer known",
		    "departed served frozen departed=-1 job_title:Z=old first_name:Z= in=scim",
		    "departed off [scim] keep 29 {departed} ()", "job_title=old/Z first_name=-/Z" },
		{ "gone status=ACTIVE start=-9 title=old known", "served in=scim",
		    "departed off [scim] keep 44 {gone-upstream} (gone-upstream)",
		    "job_title=old/Z" },
		/* … and a return is an ordinary pull */
		{ "status=ACTIVE start=-9 title=new known",
		    "departed served frozen departed=-1 job_title:Z=old department:S=x",
		    "active on [ldap scim] keep - {} ()", "job_title=new department=x/S" },
		/* C6: a decision wins */
		{ "status=INACTIVE start=-9 end=-1 title=b cost_center= groups=g6 known",
		    "departed served frozen departed=-1 job_title:Z=a department:L=hand in=scim",
		    "departed off [scim] keep 29 {departed} ()", "department=hand/L" },
		{ "status=INACTIVE start=-9 end=-1 groups=g6 known",
		    "departed served frozen departed=-1 department:A= in=scim",
		    "departed off [scim] keep 29 {departed} ()", "department=Ops/S" },
		/* a hidden person's values go on following */
		{ "status=ACTIVE start=-9 title=new was:title=old known", "served hide",
		    "active on [] keep - {hidden} ()", "job_title=new" },
	};
	static const struct judge_row switched[] = {
		/* C18: the mode in force until now decides, a switch waits for the return */
		{ "status=INACTIVE start=-9 end=-1 title=b known", "served job_title:S=a in=scim",
		    "departed off [scim] keep 30 {departed} ()", "job_title=a/S" },
		{ "status=INACTIVE start=-9 end=-1 number=7 known", "served in=scim",
		    "departed off [scim] keep 30 {departed} ()", "employee_number=7/Z" },
		{ "status=ACTIVE start=-9 title=b known",
		    "departed served frozen departed=-1 job_title:S=a",
		    "active on [ldap scim] keep - {} ()", "job_title=b" },
		{ "status=ACTIVE start=-9 number=8 known",
		    "departed served frozen departed=-1 employee_number:Z=7",
		    "active on [ldap scim] keep - {} ()", "employee_number=7/S" },
		{ "status=ACTIVE start=-9 number=8 known",
		    "departed served frozen departed=-1 employee_number:Z=",
		    "active on [ldap scim] keep - {} ()", "employee_number=-/S" },
		/* off erases at once */
		{ "status=INACTIVE start=-9 end=-1 mobile_phone=1 known",
		    "departed served frozen departed=-1 mobile_phone:Z=1 in=scim",
		    "departed off [scim] keep 29 {departed} ()", "mobile_phone=-/O" },
		{ "status=INACTIVE start=-9 end=-1 mobile_phone=1 known", "served in=scim",
		    "departed off [scim] keep 30 {departed} ()", "mobile_phone=-/O" },
		/* what waited for a complete fetch */
		{ "status=INACTIVE start=-9 end=-1 home_address= known",
		    "served home_address:L=x in=scim",
		    "departed off [scim] keep 30 {departed} ()", "home_address=x/W" },
		{ "status=INACTIVE start=-9 end=-1 home_address= known full",
		    "departed served frozen departed=-1 home_address:W=x in=scim",
		    "departed off [scim] keep 29 {departed} ()", "home_address=x/Z" },
		{ "status=INACTIVE start=-9 end=-1 known full",
		    "departed served frozen departed=-1 personal_email:W= in=scim",
		    "departed off [scim] keep 29 {departed} ()", "personal_email=-/O" },
	};

	(void)state;
	JUDGE_ROWS("", "[fields]\ndepartment = import-once\n", NULL, NULL, rows);
	JUDGE_ROWS("", "[fields]\nemployee_number = import-once\nhome_address = continuous\n"
	    "personal_email = import-once\n", NULL, "[fields]\njob_title = import-once\n"
	    "mobile_phone = continuous\nhome_address = local\n", switched);
}

/* ---- values --------------------------------------------------------------------------- */

static void
test_values(void **state)
{
	static const struct judge_row rows[] = {
		/* C1: composed of what is served */
		{ "status=ACTIVE start=-9 first=Ada known", "served first_name:S=Augusta in=ldap",
		    "active on [ldap scim] keep - {} ()",
		    "first_name=Augusta/S display_name=Augusta_Byron" },
		{ "status=ACTIVE start=-9 first=Ada name=A._Lovelace", NULL,
		    "active on [ldap scim] keep - {} ()", NULL },
		/* C2, C3: references become texts; what is gone or unknown is nothing */
		{ "status=ACTIVE start=-9 entity=e2", NULL, "active on [ldap scim] keep - {} ()",
		    "legal_entity=Société_Générale" },
		{ "status=ACTIVE start=-9 entity=e9 place=p9 manager=m groups=g9,g7", NULL,
		    "active on [ldap scim] keep - {} ()", "legal_entity=- work_location=- team=- "
		    "manager=m" },
		{ "status=ACTIVE start=-9 entity=e7 place=p1", NULL,
		    "active on [ldap scim] keep - {} ()", "legal_entity=-" },
		/* C4, C5: primary groups by name, whatever is exposed; hidden ones give nothing */
		{ "status=ACTIVE start=-9 groups=g2,g1,g3,g4,g5", NULL,
		    "active on [ldap scim] keep - {} ()",
		    "department=Sales team=Platform cost_center=4711" },
		{ "status=ACTIVE start=-9 groups=g6,g1", NULL,
		    "active on [ldap scim] keep - {} ()", "department=Sales" },
		{ "status=ACTIVE start=-9 groups=g6", NULL,
		    "active on [ldap scim] keep - {} ()", "department=-" },
		/* null policy: names and the address are kept, the rest is cleared */
		{ "status=ACTIVE start=-9 title= mail= was:title=a was:mail=a@x known",
		    "served in=ldap", "active on [ldap scim] keep - {} (kept-null)",
		    "job_title=- work_email=a@x/K" },
		/* A27: the contract in force */
		{ "status=ACTIVE start=-9 type=FREELANCE contracts=FULL@-3", NULL,
		    "active on [ldap scim] keep - {} ()", "employment_type=FREELANCE" },
		{ "status=ACTIVE start=-9 contracts=FULL@-9,PART@-3,TRAINEE@4", NULL,
		    "active on [ldap scim] keep 4 {} ()", "employment_type=PART" },
		{ "status=ACTIVE start=-9 contracts=FULL@9,PART@4,X@-", NULL,
		    "active on [ldap scim] keep 4 {} ()", "employment_type=PART" },
		{ "status=ACTIVE start=-9 contracts=B@-,A@-", NULL,
		    "active on [ldap scim] keep - {} ()", "employment_type=B" },
		{ "status=ACTIVE start=-9 contracts=A@-3,B@-3", NULL,
		    "active on [ldap scim] keep - {} ()", "employment_type=B" },
		{ "status=ACTIVE start=-9 contracts=A@-9,@-3", NULL,
		    "active on [ldap scim] keep - {} ()", "employment_type=-" },
		{ "status=ACTIVE start=-9 contracts=A@0,B@1", NULL,
		    "active on [ldap scim] keep 1 {} ()", "employment_type=A" },
		/* A5: dates as served, not as the record has them */
		{ "status=ACTIVE start=-9 end=-2 known", "served termination_date:S=30",
		    "offboarding on [ldap scim] keep 31 {} ()", NULL },
		{ "status=ACTIVE start=-9 known", "served termination_date:L=-2 in=scim",
		    "departed off [scim] keep 30 {departed} (status-conflict)", NULL },
	};

	(void)state;
	JUDGE_ROWS("hide_group = ops\ngroup_types = TEAM\n", "[fields]\nfirst_name = import-once\n"
	    "termination_date = import-once\n", NULL, NULL, rows);
}

static void
test_contract_once(void **state)
{
	static const struct judge_row rows[] = {
		/* C19: import-once keeps the first; filters look at today's (A23) */
		{ "status=ACTIVE start=-9 contracts=FULL@-9,PART@0 known",
		    "served employment_type:S=FULL in=ldap",
		    "active on [] keep 7 {filter.employment_type} ()", "employment_type=FULL/S" },
		{ "status=ACTIVE start=-9 contracts=full@-9,PART@1", NULL,
		    "active on [ldap scim] keep 1 {} ()", "employment_type=full/S" },
	};

	(void)state;
	JUDGE_ROWS("", "[fields]\nemployment_type = import-once\n[include]\n"
	    "employment_type = FULL\n", NULL, NULL, rows);
}

static void
test_mail(void **state)
{
	static const struct {
		const char	*record;
		const char	*person;
		enum judge_mail	 mail;
		bool		 duplicate;
		const char	*told;
		const char	*value;
		const char	*wanted;
	} rows[] = {
		/* A11: of new records one is served; only when nothing else fails (B4) */
		{ "status=ACTIVE start=-9 mail=a@x", NULL, MAIL_AS_IS, true,
		    "active on [] drop - {duplicate-email} ()", "a@x", NULL },
		{ "status=ACTIVE start=-9 mail=a@x last=", NULL, MAIL_AS_IS, true,
		    "active on [] drop - {missing.last_name} ()", "a@x", NULL },
		/* A12: a known person falls back, and is reported */
		{ "status=ACTIVE start=-9 mail=b@x known", "served mail=a@x in=ldap",
		    MAIL_PREVIOUS, false, "active on [ldap scim] keep - {} (duplicate-email)",
		    "a@x", "b@x" },
		{ "status=ACTIVE start=-9 mail=b@x known", "served mail=a@x in=ldap", MAIL_NONE,
		    false, "active on [ldap scim] keep - {} (duplicate-email)", NULL, "b@x" },
		/* A13: a leaver gives it up */
		{ "status=INACTIVE end=-1 start=-9 mail=b@x known",
		    "departed served frozen departed=-1 work_email:Z=a@x in=scim", MAIL_NONE, false,
		    "departed off [scim] keep 29 {departed} (duplicate-email)", NULL, "a@x" },
	};
	struct judge_world world;
	struct verdict verdict;
	const char *told;
	size_t i;

	(void)state;
	judge_world_open(&world, "", "", NULL, NULL);
	for (i = 0; i < ROWS(rows); i++) {
		struct judge_input input = { .mail = rows[i].mail,
		    .duplicate = rows[i].duplicate };

		judge_world_record(&world, &input, rows[i].record);
		if (rows[i].person != NULL)
			judge_world_person(&world, &input, rows[i].person);
		told = judge_world_tell(&world, &input, &verdict);
		if (strcmp(told, rows[i].told) != 0)
			fail_msg("row %zu: %s", i, told);
		assert_row(i, (rows[i].value == NULL) ==
		    (verdict.value[FIELD_WORK_EMAIL] == NULL));
		if (rows[i].value != NULL)
			assert_string_equal(verdict.value[FIELD_WORK_EMAIL], rows[i].value);
		assert_row(i, (rows[i].wanted == NULL) == (verdict.wanted_mail == NULL));
		if (rows[i].wanted != NULL)
			assert_string_equal(verdict.wanted_mail, rows[i].wanted);
	}
	judge_world_close(&world);
}

static void
test_zones(void **state)
{
	static const struct judge_row rows[] = {
		/* A30: by the place's name, by its country, the source's, the server's */
		{ "status=ACTIVE start=-9 end=0 place=p1 known", "served in=scim",
		    "offboarding on [ldap scim] keep 1 {} ()", NULL },
		{ "status=ACTIVE start=-9 end=0 place=p2 known", "served in=scim",
		    "departed off [scim] keep 31 {departed} (status-conflict)", NULL },
		{ "status=PENDING start=0 place=p3", NULL, "onboarding off [scim] keep 0 {} ()",
		    NULL },
		{ "status=PENDING start=1 place=p2", NULL,
		    "active on [ldap scim] keep - {} (status-conflict)", NULL },
		{ "status=PENDING start=1", NULL, "active on [ldap scim] keep - {} "
		    "(status-conflict)", NULL },
		/* the served place counts, not the record's */
		{ "status=PENDING start=1 place=p2 known", "onboarding served "
		    "work_location:S=Berlin in=scim",
		    "onboarding off [scim] keep 1 {} ()", NULL },
	};

	(void)state;
	JUDGE_ROWS("[zones]\n apia = Pacific/Apia\nus = Pacific/Honolulu\nBERLIN = UTC\n"
	    "DE = Pacific/Apia\n", "timezone = Pacific/Apia\n[fields]\n"
	    "work_location = import-once\n", NULL, NULL, rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_statuses),
		WORLD_TEST(test_leave),
		WORLD_TEST(test_release),
		WORLD_TEST(test_retention),
		WORLD_TEST(test_freezing),
		WORLD_TEST(test_values),
		WORLD_TEST(test_contract_once),
		WORLD_TEST(test_mail),
		WORLD_TEST(test_zones),
	};

	return (cmocka_run_group_tests_name("judge", tests, world_open, world_close));
}
