/*
 * Owns nothing. Pure. One function for each rule says whether a person fits; identity_find
 * walks the table of them.
 */
#include "config.h"

#include "rules/identity.h"

#include <stdio.h>
#include <string.h>

enum { REHIRE_DAYS = 31 };	/* semantics 3.4: the old record ends within so many days */

enum identity_fit { FIT_NO, FIT_YES, FIT_DOUBTFUL };

typedef enum identity_fit identity_fit(const struct identity_facts *record,
    const struct identity_person *person, bool link_mail);

static bool
identity_same(const char *a, const char *b)
{
	return (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Two names that are there and differ; an empty one says nothing. */
static bool
identity_other_name(const struct identity_facts *a, const struct identity_facts *b)
{
	return (a->family != NULL && b->family != NULL && strcmp(a->family, b->family) != 0);
}

static bool
identity_left(const struct identity_facts *record)
{
	return (record->status == STATUS_DEPARTED);
}

static bool
identity_person_left(const struct identity_person *person)
{
	size_t i;

	for (i = 0; i < person->count; i++)
		if (!identity_left(&person->records[i]))
			return (false);
	return (true);
}

static bool
identity_entered_by_hand(const struct identity_person *person)
{
	size_t i;

	for (i = 0; i < person->count; i++)
		if (!person->records[i].by_hand)
			return (false);
	return (person->count > 0);
}

static bool
identity_has_source(const struct identity_person *person, int64_t source)
{
	size_t i;

	for (i = 0; i < person->count; i++)
		if (person->records[i].source == source)
			return (true);
	return (false);
}

/*
 * The same number in the same source: the same person when the old record has left or has an
 * end, or when the family names agree; two open-ended ones of different names are in doubt
 * (rulings A31).
 */
static enum identity_fit
identity_by_number(const struct identity_facts *record, const struct identity_person *person,
    bool link_mail)
{
	const struct identity_facts *old;
	enum identity_fit fit;
	size_t i;

	(void)link_mail;
	fit = FIT_NO;
	for (i = 0; i < person->count; i++) {
		old = &person->records[i];
		if (old->source != record->source || !identity_same(old->number, record->number))
			continue;
		if (!identity_left(old) && old->end == DAY_NONE &&
		    identity_other_name(old, record))
			return (FIT_DOUBTFUL);
		fit = FIT_YES;
	}
	return (fit);
}

static enum identity_fit
identity_by_rehire(const struct identity_facts *record, const struct identity_person *person,
    bool link_mail)
{
	const struct identity_facts *old;
	size_t i;

	(void)link_mail;
	for (i = 0; person->same_mail && i < person->count; i++) {
		old = &person->records[i];
		if (old->source == record->source &&
		    identity_same(old->family, record->family) && (identity_left(old) ||
		    (old->end != DAY_NONE && old->end <= old->today + REHIRE_DAYS)))
			return (FIT_YES);
	}
	return (FIT_NO);
}

static enum identity_fit
identity_by_hand_number(const struct identity_facts *record,
    const struct identity_person *person, bool link_mail)
{
	size_t i;

	(void)link_mail;
	for (i = 0; !record->by_hand && identity_entered_by_hand(person) && i < person->count;
	    i++)
		if (identity_same(person->records[i].number, record->number))
			return (FIT_YES);
	return (FIT_NO);
}

/* Of who has left, the address alone tells nothing: it may be somebody else's (rulings A1). */
static enum identity_fit
identity_by_hand_mail(const struct identity_facts *record,
    const struct identity_person *person, bool link_mail)
{
	(void)link_mail;
	return (!record->by_hand && person->same_mail && identity_entered_by_hand(person) &&
	    !identity_person_left(person) ? FIT_YES : FIT_NO);
}

static enum identity_fit
identity_by_other_source(const struct identity_facts *record,
    const struct identity_person *person, bool link_mail)
{
	size_t i;

	if (!link_mail || !person->same_mail || identity_person_left(person) ||
	    identity_has_source(person, record->source))
		return (FIT_NO);
	for (i = 0; i < person->count; i++)
		if (identity_same(person->records[i].family, record->family))
			return (FIT_YES);
	return (FIT_NO);
}

static const struct {
	const char	*name;
	identity_fit	*fit;
} identity_rules[IDENTITY_RULES] = {
	[IDENTITY_NEW] = { "new", NULL },
	[IDENTITY_NUMBER] = { "number", identity_by_number },
	[IDENTITY_REHIRE] = { "rehire", identity_by_rehire },
	[IDENTITY_HAND_NUMBER] = { "adopt-number", identity_by_hand_number },
	[IDENTITY_HAND_MAIL] = { "adopt-email", identity_by_hand_mail },
	[IDENTITY_OTHER_SOURCE] = { "other-source", identity_by_other_source },
};

struct uuid
identity_uuid(const struct uuid *space, const char *source, const char *kombo, int64_t salt)
{
	struct uuid uuid;
	char text[24];

	uuid = uuid_named(space, source, strlen(source));
	uuid = uuid_named(&uuid, kombo, strlen(kombo));
	if (salt == 0)
		return (uuid);
	(void)snprintf(text, sizeof(text), "%lld", (long long)salt);
	return (uuid_named(&uuid, text, strlen(text)));
}

const char *
identity_rule_name(enum identity_rule rule)
{
	return (identity_rules[rule].name);
}

const char *
identity_rule_text(enum identity_rule rule)
{
	static const char *const texts[IDENTITY_RULES] = {
		[IDENTITY_NEW] = "the person was made of it",
		[IDENTITY_NUMBER] = "the same employee number in the same source",
		[IDENTITY_REHIRE] = "the same work e-mail and family name in the same source, where "
		    "the other record ends",
		[IDENTITY_HAND_NUMBER] = "the employee number of a person entered by hand or by a "
		    "file",
		[IDENTITY_HAND_MAIL] = "the work e-mail of a person entered by hand or by a file",
		[IDENTITY_OTHER_SOURCE] = "the work e-mail and family name of a person of another "
		    "source",
	};

	return (texts[rule]);
}

/* Whom one rule fits; false when nobody. */
static bool
identity_try(enum identity_rule rule, const struct identity_facts *record,
    const struct identity_person *persons, size_t count, bool link_mail,
    struct identity_match *match)
{
	enum identity_fit fit;
	size_t i;

	*match = (struct identity_match){ .rule = rule };
	for (i = 0; i < count; i++) {
		fit = identity_rules[rule].fit(record, &persons[i], link_mail);
		if (fit == FIT_NO)
			continue;
		match->held |= fit == FIT_DOUBTFUL;
		if (match->count < sizeof(match->persons) / sizeof(match->persons[0]))
			match->persons[match->count] = i;
		match->count++;
	}
	match->held |= match->count > 1;
	return (match->count > 0);
}

void
identity_find(const struct identity_facts *record, const struct identity_person *persons,
    size_t count, bool link_mail, struct identity_match *match)
{
	enum identity_rule rule;

	for (rule = IDENTITY_NUMBER; rule < IDENTITY_RULES; rule++)
		if (identity_try(rule, record, persons, count, link_mail, match))
			return;
	*match = (struct identity_match){ .rule = IDENTITY_NEW };
}
