/*
 * People with several records judged: which one counts, what the others give, what a record
 * that takes over brings (semantics 3.2 to 3.4).
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "tests/unit/conf_world.h"
#include "tests/unit/judge_rows.h"

static void
test_records(void **state)
{
	static const struct judge_row rows[] = {
		/* A32: class of status, priority, name of the source, start, remote id */
		{ "status=ACTIVE start=-9 title=a | status=ACTIVE start=-9 title=b de", "",
		    "active on [ldap scim] keep - {} () fr:in de:in", "job_title=b" },
		{ "status=PENDING start=9 title=b de | status=ACTIVE start=-9 title=a", "",
		    "active on [ldap scim] keep - {} () de:{superseded} fr:in", "job_title=a" },
		{ "status=INACTIVE start=-9 end=-1 title=b de known | status=ACTIVE start=-9 "
		    "title=a", "", "active on [ldap scim] keep - {} () de:{departed} fr:in",
		    "job_title=a" },
		{ "gone title=b de known | status=ACTIVE start=-9 title=a", "",
		    "active on [ldap scim] keep - {} () de:{gone-upstream} fr:in",
		    "job_title=a" },
		{ "status=ACTIVE start=-9 title=a | status=ACTIVE start=-3 title=b", "",
		    "active on [ldap scim] keep - {} () fr:{superseded} fr:in", "job_title=b" },
		{ "status=ACTIVE title=b remote=r2 | status=ACTIVE title=a remote=r1", "",
		    "active on [ldap scim] keep - {} (no-start-date) fr:in fr:{superseded}",
		    "job_title=b" },
		/* D7: the best status of all of them */
		{ "status=ACTIVE start=-9 end=3 title=b de | status=ACTIVE start=-9", "",
		    "active on [ldap scim] keep 4 {} () de:in fr:in", "job_title=b" },
		{ "status=INACTIVE start=-9 end=-1 known | status=INACTIVE start=-9 end=-2 known",
		    "served in=scim", "departed off [scim] keep 30 {departed} () "
		    "fr:{departed} fr:{superseded}", NULL },
		/* B13: one out of the scope gives nothing */
		{ "status=ACTIVE start=-9 entity=e2 title=a groups=g1 | status=INACTIVE start=-9 "
		    "end=-1 de known", "served in=scim", "departed off [scim] keep 30 {departed} "
		    "() fr:{filter.legal_entity} de:{departed}", NULL },
		{ "status=ACTIVE start=-9 entity=e2 title=a | status=PENDING start=3 de title=b",
		    "", "onboarding off [scim] keep 3 {} () fr:{filter.legal_entity} de:in",
		    "job_title=b" },
		{ "status=ACTIVE start=-9 entity=e2 | status=ACTIVE start=-9 entity=e2", "served",
		    "active on [] keep 7 {filter.legal_entity} () fr:{filter.legal_entity} "
		    "fr:{filter.legal_entity}", NULL },
		/* whoever is hidden is hidden with all records */
		{ "status=ACTIVE start=-9 | status=ACTIVE start=-9 de", "hide",
		    "active on [] keep - {hidden} () fr:{hidden} de:{hidden}", NULL },
	};

	(void)state;
	JUDGE_ROWS("", "priority = 20\n[include]\nlegal_entity = ACME\nmissing = include\n",
	    "priority = 10\n", NULL, rows);
}

/* Another record than until now gives the values (semantics 3.2 "relink"). */
static void
test_take_over(void **state)
{
	static const struct judge_row rows[] = {
		/* all of it, nulls too, also where they are kept otherwise (C23) */
		{ "status=INACTIVE start=-9 end=-1 title=a mail=a@x first=Ada known | "
		    "status=ACTIVE start=-3 de title=b", "departed served in=scim owner=1",
		    "active on [ldap scim] keep - {} () fr:{departed} de:in",
		    "job_title=b work_email=- first_name=-" },
		/* … but for what was taken once, set by hand, or is by hand only */
		{ "status=INACTIVE start=-9 end=-1 type=FULL known | status=ACTIVE start=-3 "
		    "type=PART", "served owner=1 in=scim employment_type:S=FULL",
		    "active on [ldap scim] keep - {} () fr:{superseded} fr:in",
		    "employment_type=FULL/S" },
		{ "status=INACTIVE start=-9 end=-1 known | status=ACTIVE start=-3 type=PART",
		    "served owner=1 in=scim employment_type:L=MINE",
		    "active on [ldap scim] keep - {} () fr:{superseded} fr:in",
		    "employment_type=MINE/L" },
		/* what followed in the one source is kept where the other takes it once */
		{ "status=ACTIVE start=-3 type=PART | status=INACTIVE start=-9 end=-1 type=FULL "
		    "de known", "served owner=2 in=ldap,scim",
		    "active on [ldap scim] keep - {} () fr:in de:{departed}",
		    "employment_type=FULL/S" },
		/* the same one again: no take-over */
		{ "status=ACTIVE start=-9 first= mail= was:mail=a@x was:first=Ada known | "
		    "status=INACTIVE start=-20 end=-1 known", "served owner=1 in=ldap,scim",
		    "active on [ldap scim] keep - {} (kept-null) fr:in fr:{superseded}",
		    "first_name=Ada/K work_email=a@x/K" },
		/* back after a purge: as new */
		{ "status=INACTIVE start=-9 end=-1 | status=ACTIVE start=-3 type=PART",
		    "departed served purged owner=1", "active on [ldap scim] keep - {} () "
		    "fr:{superseded} fr:in", "employment_type=PART/S" },
		/* who leaves for good keeps what was served, whichever record counts then */
		{ "status=INACTIVE start=-9 end=-1 title=a was:end= was:status=ACTIVE known | "
		    "status=INACTIVE start=-20 end=-10 title=b de known",
		    "served owner=1 in=ldap,scim", "departed off [scim] keep 30 {departed} () "
		    "fr:{departed} de:{departed}", "job_title=a/Z" },
	};

	(void)state;
	JUDGE_ROWS("", "priority = 20\n[fields]\nemployment_type = import-once\n", "priority = 10\n",
	    NULL, rows);
}

/* The first HR system of a person entered by hand overwrites (semantics 3.2 "adopt"). */
static void
test_adoption(void **state)
{
	static const struct judge_row rows[] = {
		{ "status=ACTIVE start=-9 title=b type=PART | status=ACTIVE start=-9 title=a "
		    "type=FULL mail=a@x de known", "served byhand owner=2 in=ldap,scim",
		    "active on [ldap scim] keep - {} () fr:in de:in",
		    "job_title=b employment_type=PART/S work_email=-" },
		{ "status=ACTIVE start=-9 | status=ACTIVE start=-9 type=FULL de known",
		    "served byhand owner=2 in=ldap,scim",
		    "active on [ldap scim] keep - {} (kept-null) fr:in de:in",
		    "employment_type=FULL/S" },
		/* once only: later it is one source among others */
		{ "status=ACTIVE start=-9 type=PART known | status=ACTIVE start=-9 de known",
		    "served owner=2 in=ldap,scim employment_type:S=FULL",
		    "active on [ldap scim] keep - {} () fr:in de:in", "employment_type=FULL/S" },
	};
	struct judge_world world;

	(void)state;
	judge_world_open(&world, "", "[fields]\nemployment_type = import-once\n", "", NULL);
	world.book->sources[world.book->sources[0].id == 2 ? 0 : 1].by_hand = true;
	judge_rows_check(&world, rows, ROWS(rows));
	judge_world_close(&world);
}

/* A record that is held for an admin gives nothing, whatever else speaks against it (B4). */
static void
test_held(void **state)
{
	static const struct {
		const char	*record;
		const char	*told;
	} rows[] = {
		{ "status=ACTIVE start=-9", "active on [] drop - {ambiguous-match} ()" },
		{ "status=ACTIVE start=-9 entity=e2", "active on [] drop - "
		    "{filter.legal_entity} ()" },
		{ "status=INACTIVE start=-9 end=-1", "departed off [] drop - {departed} ()" },
	};
	struct judge_world world;
	struct verdict verdict;
	const char *told;
	size_t i;

	(void)state;
	judge_world_open(&world, "", "[include]\nlegal_entity = ACME\nmissing = include\n", NULL,
	    NULL);
	for (i = 0; i < ROWS(rows); i++) {
		struct judge_input input = { .ambiguous = true };

		judge_world_record(&world, &input, rows[i].record);
		told = judge_world_tell(&world, &input, &verdict);
		if (strcmp(told, rows[i].told) != 0)
			fail_msg("row %zu: %s", i, told);
	}
	judge_world_close(&world);
}

/* The next day of the one that does not count matters as well. */
static void
test_record_days(void **state)
{
	struct judge_input input = { .count = 0 };
	struct judge_world world;
	struct verdict verdict;

	(void)state;
	judge_world_open(&world, "", "", NULL, NULL);
	judge_world_record(&world, &input, "status=ACTIVE start=-9 end=9 known");
	judge_world_record(&world, &input, "status=PENDING start=4 known");
	judge_world_person(&world, &input, "served");
	assert_string_equal(judge_world_tell(&world, &input, &verdict),
	    "offboarding on [ldap scim] keep 10 {} () fr:in fr:{superseded}");
	assert_int_equal(input.records[1].next, JUDGE_TODAY + 4);
	judge_world_close(&world);
}

static void
test_groups(void **state)
{
	static const struct {
		const char	*records;
		const char	*groups;
	} rows[] = {
		{ "status=ACTIVE start=-9 groups=g2,g1,g3", "g2 g1 g3" },
		/* typed, live, known, once */
		{ "status=ACTIVE start=-9 groups=g4,g5,g9,g7,g1,g1", "g1" },
		{ "status=ACTIVE start=-9", "" },
		/* A34: none of who has left, the union of the others */
		{ "status=INACTIVE start=-9 end=-1 groups=g1 known", "" },
		{ "status=PENDING start=4 groups=g1", "g1" },
		{ "status=ACTIVE start=-9 groups=g1,g2 | status=PENDING start=4 groups=g2,g3",
		    "g1 g2 g3" },
		{ "status=ACTIVE start=-9 groups=g1 | status=ACTIVE start=-9 de groups=g1x,g3x",
		    "g1 g1x g3x" },
		{ "status=ACTIVE start=-9 groups=g1 | status=INACTIVE start=-9 end=-1 groups=g2 "
		    "known | gone groups=g3 known", "g1" },
		{ "status=ACTIVE start=-9 groups=g1 | status=ACTIVE entity=e2 start=-9 groups=g2",
		    "g1" },
		{ "status=ACTIVE start=-9 groups=g6", "" },	/* hidden */
	};
	struct judge_world world;
	struct verdict verdict;
	const char *list;
	size_t i, j;

	(void)state;
	judge_world_open(&world, "hide_group = Ops\n", "[exclude]\nlegal_entity = e2\n", "", NULL);
	for (i = 0; i < ROWS(rows); i++) {
		struct judge_input input = { .count = 0 };

		judge_rows_add(&world, &input, rows[i].records);
		judge_world_person(&world, &input, "served in=scim");
		(void)judge_world_tell(&world, &input, &verdict);
		list = "";
		for (j = 0; j < verdict.group_count; j++)
			list = arena_printf(world.arena, "%s%s%s", list, j > 0 ? " " : "",
			    verdict.groups[j]->unit.kombo);
		if (strcmp(list, rows[i].groups) != 0)
			fail_msg("row %zu: %s", i, list);
	}
	judge_world_close(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_records),
		WORLD_TEST(test_take_over),
		WORLD_TEST(test_adoption),
		WORLD_TEST(test_held),
		WORLD_TEST(test_record_days),
		WORLD_TEST(test_groups),
	};

	return (cmocka_run_group_tests_name("judge-records", tests, world_open, world_close));
}
