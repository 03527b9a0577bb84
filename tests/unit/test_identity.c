/*
 * Whose record a new one is: semantics 3.3 and 3.4 with rulings A1, A31, A37 and A39, a row
 * each. A record is a line of words:
 *
 *   fr: de: csv:      its source; csv is by hand
 *   n=17 f=byron      employee number, family name
 *   left joining      departed, onboarding; active without
 *   end=9             the end date, days from today
 *
 * People are parted by " | ", their records by " + "; "mail" says that the person has the new
 * record's address.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/identity.h"

#define TODAY	20000
#define MOST	4

struct line {
	char	text[256];
	char	names[MOST * MOST][2][32];
	size_t	used;
};

static void
read_word(struct line *line, const char *word, struct identity_facts *facts, bool *mail)
{
	char (*names)[32] = line->names[line->used];

	if (strcmp(word, "fr:") == 0)
		facts->source = 1;
	else if (strcmp(word, "de:") == 0)
		facts->source = 2;
	else if (strcmp(word, "csv:") == 0)
		*facts = (struct identity_facts){ .source = 3, .by_hand = true,
		    .status = STATUS_ACTIVE, .end = DAY_NONE, .today = TODAY };
	else if (strncmp(word, "n=", 2) == 0)
		facts->number = strcpy(names[0], word + 2);
	else if (strncmp(word, "f=", 2) == 0)
		facts->family = strcpy(names[1], word + 2);
	else if (strcmp(word, "left") == 0)
		facts->status = STATUS_DEPARTED;
	else if (strcmp(word, "joining") == 0)
		facts->status = STATUS_ONBOARDING;
	else if (strncmp(word, "end=", 4) == 0)
		facts->end = TODAY + atoi(word + 4);
	else if (strcmp(word, "mail") == 0 && mail != NULL)
		*mail = true;
	else
		fail_msg("what is %s?", word);
}

static void
read_record(struct line *line, char *text, struct identity_facts *facts, bool *mail)
{
	char *rest, *word;

	*facts = (struct identity_facts){ .status = STATUS_ACTIVE, .end = DAY_NONE,
	    .today = TODAY };
	for (word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		read_word(line, word, facts, mail);
	line->used++;
}

/* Cuts a text at a separator; *rest goes behind it, or to NULL. */
static char *
cut(char **rest, const char *separator)
{
	char *end, *text = *rest;

	end = text != NULL ? strstr(text, separator) : NULL;
	*rest = end != NULL ? end + strlen(separator) : NULL;
	if (end != NULL)
		*end = '\0';
	return (text);
}

static size_t
read_people(struct line *line, const char *text, struct identity_person *people,
    struct identity_facts (*records)[MOST])
{
	char *person, *record, *rest;
	size_t count;

	(void)snprintf(line->text, sizeof(line->text), "%s", text);
	rest = *line->text != '\0' ? line->text : NULL;
	for (count = 0; (person = cut(&rest, " | ")) != NULL; count++) {
		people[count] = (struct identity_person){ .records = records[count] };
		while ((record = cut(&person, " + ")) != NULL)
			read_record(line, record, &records[count][people[count].count++],
			    &people[count].same_mail);
	}
	return (count);
}

static const struct {
	const char	*record;
	const char	*people;
	const char	*told;		/* rule and person, "held" with those that fit */
	bool		 link;		/* duplicate_email = link */
} rows[] = {
	{ "fr: n=17 f=byron", "", "new", false },
	/* A31: the number tells, when the old record ends or the names agree */
	{ "fr: n=17 f=byron", "fr: n=17 f=byron", "number 0", false },
	{ "fr: n=17 f=byron", "fr: n=17 f=king left", "number 0", false },
	{ "fr: n=17 f=byron", "fr: n=17 f=king end=300", "number 0", false },
	{ "fr: n=17 f=byron", "fr: n=17 f=king", "number held 0", false },
	{ "fr: n=17 f=byron", "fr: n=17 f=king joining", "number held 0", false },
	{ "fr: n=17 f=byron", "fr: n=17", "number 0", false },
	{ "fr: n=17 f=byron", "fr: n=17 f=king left + fr: n=17 f=king", "number held 0", false },
	{ "fr: n=17 f=byron", "fr: n=17 f=byron | fr: n=17 f=king left", "number held 0 1", false },
	/* … in its own source only, and never an empty one */
	{ "fr: n=17 f=byron", "de: n=17 f=byron", "new", false },
	{ "fr: n=17 f=byron", "de: n=17 f=byron + fr: n=18 f=byron", "new", false },
	{ "fr: f=byron", "fr: f=byron", "new", false },
	/* 3.4: address and family name, when the old record has left or ends within 31 days */
	{ "fr: n=17 f=byron", "mail fr: n=9 f=byron left", "rehire 0", false },
	{ "fr: f=byron", "mail fr: f=byron end=31", "rehire 0", false },
	{ "fr: f=byron", "mail fr: f=byron end=32", "new", false },
	{ "fr: f=byron", "mail fr: f=byron", "new", false },
	{ "fr: f=byron", "mail fr: f=king left", "new", false },
	{ "fr:", "mail fr: left", "new", false },
	{ "fr: f=byron", "fr: f=byron left", "new", false },
	{ "fr: f=byron", "mail de: f=byron left", "new", false },
	{ "fr: f=byron", "mail fr: f=byron left | mail fr: f=byron left", "rehire held 0 1",
	    false },
	/* the number comes before the address */
	{ "fr: n=17 f=byron", "mail fr: f=byron left | fr: n=17 f=byron", "number 1", false },
	/* adoption of who was entered by hand: number, else address */
	{ "fr: n=17 f=byron", "csv: n=17 f=king", "adopt-number 0", false },
	{ "fr: n=17 f=byron", "csv: n=17 left", "adopt-number 0", false },
	{ "fr: n=17 f=byron", "mail csv: n=9 f=king", "adopt-email 0", false },
	{ "fr: n=17 f=byron", "mail csv: n=9 f=king left", "new", false },	/* A1 */
	{ "fr: n=17 f=byron", "mail csv: n=9 | csv: n=17", "adopt-number 1", false },
	{ "fr: n=17", "csv: n=17 | csv: n=17", "adopt-number held 0 1", false },
	{ "fr: n=17", "mail csv: n=17 + de: n=17", "new", false },	/* adopted already */
	{ "csv: n=17 f=byron", "mail de: n=17 f=byron", "new", false },
	/* another source's: by address and family name, where the setting says so */
	{ "fr: f=byron", "mail de: f=byron", "new", false },
	{ "fr: f=byron", "mail de: f=byron", "other-source 0", true },
	{ "fr: f=byron", "mail de: f=king", "new", true },
	{ "fr: f=byron", "mail de:", "new", true },
	{ "fr: f=byron", "mail de: f=byron left", "new", true },	/* A1 */
	{ "fr: f=byron", "mail de: f=byron left + csv: f=byron", "other-source 0", true },
	{ "fr: f=byron", "mail de: f=byron + fr: f=byron", "new", true },
	{ "fr: f=byron", "mail de: f=byron | mail csv: f=byron + de: f=byron",
	    "other-source held 0 1", true },
	{ "csv: f=byron", "mail fr: f=byron", "other-source 0", true },
	/* nobody in scope behind it: no link (rulings D7) */
	{ "fr: n=17 f=byron", "mail", "new", true },
};

static void
tell(const struct identity_match *match, char *told, size_t size)
{
	size_t i, n;

	n = (size_t)snprintf(told, size, "%s%s", identity_rule_name(match->rule),
	    match->held ? " held" : "");
	for (i = 0; i < match->count && n < size; i++)
		n += (size_t)snprintf(told + n, size - n, " %zu", match->persons[i]);
}

static void
test_rules(void **state)
{
	struct identity_facts records[MOST][MOST], record;
	struct identity_person people[MOST];
	struct identity_match match;
	char told[64];
	struct line mine, others;
	size_t count, i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		mine = others = (struct line){ .used = 0 };
		(void)snprintf(mine.text, sizeof(mine.text), "%s", rows[i].record);
		read_record(&mine, mine.text, &record, NULL);
		count = read_people(&others, rows[i].people, people, records);
		if (strcmp(rows[i].people, "mail") == 0)
			people[0].count = 0;
		identity_find(&record, people, count, rows[i].link, &match);
		tell(&match, told, sizeof(told));
		if (strcmp(told, rows[i].told) != 0)
			fail_msg("row %zu, %s / %s: %s", i, rows[i].record, rows[i].people, told);
	}
}

/* The order of the candidates changes nothing but their numbers. */
static void
test_order(void **state)
{
	static const char *const turned[][2] = {
		{ "mail csv: n=9 | csv: n=17", "csv: n=17 | mail csv: n=9" },
		{ "fr: n=17 f=byron | fr: n=17 left", "fr: n=17 left | fr: n=17 f=byron" },
		{ "mail fr: f=byron left | fr: n=17 f=byron", "fr: n=17 f=byron | mail fr: left" },
	};
	struct identity_facts records[MOST][MOST], record;
	struct identity_person people[MOST];
	struct identity_match match[2];
	struct line mine, others;
	size_t count, i, j;

	(void)state;
	for (i = 0; i < ROWS(turned); i++) {
		for (j = 0; j < 2; j++) {
			mine = others = (struct line){ .text = "fr: n=17 f=byron" };
			read_record(&mine, mine.text, &record, NULL);
			count = read_people(&others, turned[i][j], people, records);
			identity_find(&record, people, count, false, &match[j]);
		}
		assert_int_equal(match[0].rule, match[1].rule);
		assert_int_equal(match[0].held, match[1].held);
		assert_int_equal(match[0].count, match[1].count);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_order),
	};

	return (cmocka_run_group_tests_name("identity", tests, NULL, NULL));
}
