/*
 * Prepares filters (backend/match.h): what can be settled once for all entries is settled here.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/match.h"

#include <string.h>

/* ---- attributes ------------------------------------------------------------------------------ */

uint64_t
match_slots(const AttributeDescription *ad)
{
	AttributeDescription *asked = (AttributeDescription *)(uintptr_t)ad;
	uint64_t slots;
	unsigned int i;

	i = types_slot(ad);
	if (i != TYPES_SLOTS)
		return (types->slot[i].covers);
	/* A supertype such as name, or a type with options. */
	for (slots = 0, i = 0; i < types->slots; i++)
		if (is_ad_subtype(types->slot[i].ad, asked))
			slots |= PACK_BIT(i);
	return (slots);
}

/* Attributes that entries have without a slot, and how their assertions are prepared. */
enum derived {
	DERIVED_NONE,
	DERIVED_CLASS,
	DERIVED_STRUCTURAL,
	DERIVED_UUID,
	DERIVED_NAME,
	DERIVED_CSN,
	DERIVED_CREATED,
	DERIVED_MODIFIED,
	DERIVED_MAKER,
	DERIVED_ALWAYS,		/* there, but not to be compared here */
	DERIVED_CONTEXT,
	DERIVED_MANAGER,
	DERIVED_MEMBER_OF,
	DERIVED_MEMBER
};

struct derived_row {
	AttributeDescription	*ad;
	enum derived		 derived;
};

#define DERIVED_ROWS 15

static void
match_derived_rows(struct derived_row rows[DERIVED_ROWS])
{
	const struct derived_row all[DERIVED_ROWS] = {
		{ slap_schema.si_ad_objectClass, DERIVED_CLASS },
		{ slap_schema.si_ad_structuralObjectClass, DERIVED_STRUCTURAL },
		{ slap_schema.si_ad_entryUUID, DERIVED_UUID },
		{ slap_schema.si_ad_entryDN, DERIVED_NAME },
		{ slap_schema.si_ad_entryCSN, DERIVED_CSN },
		{ slap_schema.si_ad_createTimestamp, DERIVED_CREATED },
		{ slap_schema.si_ad_modifyTimestamp, DERIVED_MODIFIED },
		{ slap_schema.si_ad_creatorsName, DERIVED_MAKER },
		{ slap_schema.si_ad_modifiersName, DERIVED_MAKER },
		{ slap_schema.si_ad_hasSubordinates, DERIVED_ALWAYS },
		{ slap_schema.si_ad_subschemaSubentry, DERIVED_ALWAYS },
		{ slap_schema.si_ad_contextCSN, DERIVED_CONTEXT },
		{ types->manager, DERIVED_MANAGER },
		{ types->member_of, DERIVED_MEMBER_OF },
		{ types->member, DERIVED_MEMBER },
	};

	memcpy(rows, all, sizeof(all));
}

/* What an attribute is; *above: it is a supertype of one that is derived. */
static enum derived
match_derived(const AttributeDescription *ad, bool *above)
{
	struct derived_row rows[DERIVED_ROWS];
	size_t i;

	*above = false;
	if (types_slot(ad) != TYPES_SLOTS)
		return (DERIVED_NONE);
	match_derived_rows(rows);
	for (i = 0; i < DERIVED_ROWS; i++)
		if (rows[i].ad == ad)
			return (rows[i].derived);
	for (i = 0; i < DERIVED_ROWS; i++)
		if (is_ad_subtype(rows[i].ad, (AttributeDescription *)(uintptr_t)ad))
			*above = true;
	return (DERIVED_NONE);
}

/* ---- preparing assertions ---------------------------------------------------------------------- */

static void
match_set(struct match *match, unsigned int outcomes)
{
	match->kind = MATCH_CONSTANT;
	memset(match->constant, (int)outcomes, sizeof(match->constant));
}

/* True for some roles, false for all others. */
static void
match_set_roles(struct match *match, unsigned int roles, unsigned int inside)
{
	unsigned int i;

	match->kind = MATCH_CONSTANT;
	for (i = 0; i < ROLE_N; i++)
		match->constant[i] = (uint8_t)((roles & 1U << i) != 0 ? inside :
		    OUTCOME_FALSE);
}

static unsigned int
match_use(ber_tag_t choice)
{
	switch (choice) {
	case LDAP_FILTER_GE:
	case LDAP_FILTER_LE:
		return (SLAP_MR_ORDERING);
	case LDAP_FILTER_SUBSTRINGS:
		return (SLAP_MR_SUBSTR);
	case LDAP_FILTER_APPROX:
		return (SLAP_MR_EQUALITY_APPROX);
	case LDAP_FILTER_EXT:
		return (SLAP_MR_EXT);
	}
	return (SLAP_MR_EQUALITY);
}

/* objectClass and structuralObjectClass are the same for all entries of a role. */
static void
match_classes(struct match *match, const struct sight *sight, bool structural)
{
	const struct role_classes *classes;
	MatchingRule *rule = match_rule(match, match->ad->ad_type);
	unsigned int i, outcomes, role;

	for (role = 0; role < ROLE_N; role++) {
		classes = sight_classes(sight, (enum role)role);
		outcomes = rule == NULL ? OUTCOME_UNDEFINED : OUTCOME_FALSE;
		for (i = 0; rule != NULL && outcomes == OUTCOME_FALSE &&
		    i < (structural ? 1 : classes->count); i++)
			outcomes = match_compare(match, match->ad, rule, structural ?
			    (struct berval *)(uintptr_t)&classes->structural :
			    &classes->values[i]);
		match->constant[role] = (uint8_t)outcomes;
	}
	match->kind = MATCH_CONSTANT;
}

/* The name of a person or group: what it stands for decides, not its text. */
static void
match_target(struct match *match, struct sight *sight, enum match_kind kind, enum role role)
{
	const struct pack *pack;

	match->target = sight_find(sight, match->value);
	pack = match->target != NULL ? match->target->payload : NULL;
	if (pack == NULL || pack->role != role)
		match_set_roles(match, 0, 0);
	else
		match->kind = kind;
}

/* Equality on an attribute that is derived. */
static void
match_derived_equal(struct match *match, struct sight *sight, enum derived derived)
{
	switch (derived) {
	case DERIVED_CLASS:
	case DERIVED_STRUCTURAL:
		match_classes(match, sight, derived == DERIVED_STRUCTURAL);
		return;
	case DERIVED_UUID:
		match->kind = MATCH_UUID;
		return;
	case DERIVED_NAME:
		match->kind = MATCH_NAME;
		match->target = sight_find(sight, match->value);
		return;
	case DERIVED_CSN:
	case DERIVED_CREATED:
	case DERIVED_MODIFIED:
		match->kind = MATCH_STAMP;
		return;
	case DERIVED_MAKER:
		match_set(match, bvmatch(match->value, &sight->naming->maker_normal[0]) ?
		    OUTCOME_TRUE : OUTCOME_FALSE);
		return;
	case DERIVED_MANAGER:
		match_target(match, sight, MATCH_MANAGER, ROLE_PERSON);
		return;
	case DERIVED_MEMBER_OF:
		match_target(match, sight, MATCH_MEMBER_OF, ROLE_GROUP);
		return;
	case DERIVED_MEMBER:
		match_target(match, sight, MATCH_MEMBER, ROLE_PERSON);
		return;
	case DERIVED_CONTEXT:
		match_set_roles(match, 1U << ROLE_SUFFIX, OUTCOME_ANY);
		return;
	case DERIVED_ALWAYS:
	case DERIVED_NONE:
		match_set(match, OUTCOME_ANY);
		return;
	}
}

/* Any other assertion on one. */
static void
match_derived_other(struct match *match, enum derived derived)
{
	ber_tag_t choice = match->filter->f_choice;

	if ((derived == DERIVED_CSN || derived == DERIVED_CREATED ||
	    derived == DERIVED_MODIFIED) &&
	    (choice == LDAP_FILTER_GE || choice == LDAP_FILTER_LE))
		match->kind = MATCH_STAMP;
	else
		match_set(match, OUTCOME_ANY);
}

static void
match_derived_present(struct match *match, enum derived derived)
{
	switch (derived) {
	case DERIVED_MANAGER:
		match->kind = MATCH_HAS_MANAGER;
		return;
	case DERIVED_MEMBER_OF:
		match->kind = MATCH_HAS_GROUPS;
		return;
	case DERIVED_MEMBER:
		match->kind = MATCH_HAS_MEMBERS;
		return;
	case DERIVED_CONTEXT:
		match_set_roles(match, 1U << ROLE_SUFFIX, OUTCOME_ANY);
		return;
	case DERIVED_CLASS:
	case DERIVED_STRUCTURAL:
	case DERIVED_UUID:
	case DERIVED_NAME:
	case DERIVED_CSN:
	case DERIVED_CREATED:
	case DERIVED_MODIFIED:
	case DERIVED_MAKER:
	case DERIVED_ALWAYS:
	case DERIVED_NONE:
		match_set(match, OUTCOME_TRUE);
		return;
	}
}

/* An assertion on values of slots, or on none that an entry could have. */
static void
match_values(struct match *match)
{
	ber_tag_t choice = match->filter->f_choice;

	match->slots = match_slots(match->ad);
	if (match->slots == 0)
		match_set(match, OUTCOME_FALSE);
	else
		match->kind = choice == LDAP_FILTER_PRESENT ? MATCH_PRESENT :
		    choice == LDAP_FILTER_SUBSTRINGS ? MATCH_SUBSTRINGS : MATCH_VALUE;
}

static void
match_assertion(struct match *match, struct sight *sight)
{
	ber_tag_t choice = match->filter->f_choice;
	enum derived derived;
	bool above;

	match->use = match_use(choice);
	derived = match_derived(match->ad, &above);
	if (above)
		match_set(match, OUTCOME_ANY);
	else if (derived == DERIVED_NONE)
		match_values(match);
	else if (choice == LDAP_FILTER_PRESENT)
		match_derived_present(match, derived);
	else if (choice == LDAP_FILTER_EQUALITY)
		match_derived_equal(match, sight, derived);
	else
		match_derived_other(match, derived);
}

/* Extensible match: with a type and its own rule it is equality on values. */
static void
match_extensible(struct match *match, struct sight *sight)
{
	const MatchingRuleAssertion *mra = match->filter->f_mra;

	if (mra->ma_desc == NULL || mra->ma_dnattrs ||
	    mra->ma_rule != mra->ma_desc->ad_type->sat_equality) {
		match_set(match, OUTCOME_ANY);
		return;
	}
	match->ad = mra->ma_desc;
	match->value = &mra->ma_value;
	match_assertion(match, sight);
}

static unsigned int
match_result(ber_int_t result)
{
	return (result == LDAP_COMPARE_TRUE ? OUTCOME_TRUE :
	    result == LDAP_COMPARE_FALSE ? OUTCOME_FALSE : OUTCOME_UNDEFINED);
}

/* ---- preparing filters --------------------------------------------------------------------------- */

static void
match_children(struct match *match, struct scratch *scratch, struct sight *sight,
    Filter *filter)
{
	struct match **link = &match->child;

	for (; filter != NULL; filter = filter->f_next) {
		*link = match_make(scratch, sight, filter);
		link = &(*link)->next;
	}
}

struct match *
match_make(struct scratch *scratch, struct sight *sight, Filter *filter)
{
	struct match *match;

	match = scratch_alloc(scratch, sizeof(*match));
	match->filter = filter;
	match->csn_base = &sight->nodes->csn;
	switch (filter->f_choice) {
	case SLAPD_FILTER_COMPUTED:
		match_set(match, match_result(filter->f_result));
		return (match);
	case LDAP_FILTER_AND:
		match->kind = MATCH_AND;
		match_children(match, scratch, sight, filter->f_and);
		return (match);
	case LDAP_FILTER_OR:
		match->kind = MATCH_OR;
		match_children(match, scratch, sight, filter->f_or);
		return (match);
	case LDAP_FILTER_NOT:
		match->kind = MATCH_NOT;
		match->child = match_make(scratch, sight, filter->f_not);
		return (match);
	case LDAP_FILTER_PRESENT:
		match->ad = filter->f_desc;
		break;
	case LDAP_FILTER_SUBSTRINGS:
		match->ad = filter->f_sub_desc;
		match->value = (const struct berval *)filter->f_sub;
		break;
	case LDAP_FILTER_EQUALITY:
	case LDAP_FILTER_GE:
	case LDAP_FILTER_LE:
	case LDAP_FILTER_APPROX:
		match->ad = filter->f_av_desc;
		match->value = &filter->f_av_value;
		break;
	case LDAP_FILTER_EXT:
		match_extensible(match, sight);
		return (match);
	default:
		match_set(match, OUTCOME_UNDEFINED);
		return (match);
	}
	match_assertion(match, sight);
	return (match);
}
