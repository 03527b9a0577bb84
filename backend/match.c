/*
 * Owns nothing: a prepared filter lies in the operation's scratch memory. Where the standard
 * leaves room, this follows slapd's test_filter; where it would have to guess, it says that
 * everything is possible.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/match.h"

#include <string.h>

#include "backend/members.h"
#include "backend/stamp.h"

unsigned int
match_compare(const struct match *match, AttributeDescription *ad, MatchingRule *rule,
    struct berval *value)
{
	const char *text;
	int order;

	if (value_match(&order, ad, rule, match->use, value,
	    (void *)(uintptr_t)match->value, &text) != LDAP_SUCCESS)
		return (OUTCOME_UNDEFINED);
	switch (match->filter->f_choice) {
	case LDAP_FILTER_GE:
		return (order >= 0 ? OUTCOME_TRUE : OUTCOME_FALSE);
	case LDAP_FILTER_LE:
		return (order <= 0 ? OUTCOME_TRUE : OUTCOME_FALSE);
	}
	return (order == 0 ? OUTCOME_TRUE : OUTCOME_FALSE);
}

MatchingRule *
match_rule(const struct match *match, const AttributeType *type)
{
	switch (match->filter->f_choice) {
	case LDAP_FILTER_GE:
	case LDAP_FILTER_LE:
		return (type->sat_ordering);
	case LDAP_FILTER_SUBSTRINGS:
		return (type->sat_substr);
	case LDAP_FILTER_APPROX:
		return (type->sat_approx != NULL ? type->sat_approx : type->sat_equality);
	}
	return (type->sat_equality);
}

static unsigned int
match_values_of(const struct match *match, const struct pack *pack)
{
	const struct pack_value *value;
	AttributeDescription *ad;
	unsigned int outcome, outcomes, slot;
	MatchingRule *rule;
	struct berval text;
	uint64_t left;

	outcomes = OUTCOME_FALSE;
	for (left = match->slots & pack->present; left != 0; left &= left - 1) {
		slot = (unsigned int)__builtin_ctzll(left);
		ad = types->slot[slot].ad;
		rule = match_rule(match, ad->ad_type);
		if (rule == NULL) {
			outcomes = OUTCOME_UNDEFINED;
			continue;
		}
		if (match->filter->f_choice == LDAP_FILTER_EXT &&
		    rule != match->filter->f_mr_rule)
			return (OUTCOME_ANY);
		for (value = pack_find(pack, slot); value < pack_end(pack) &&
		    value->slot == slot; value++) {
			text = pack_normal(pack, value);
			outcome = match_compare(match, ad, rule, &text);
			if (outcome == OUTCOME_TRUE)
				return (OUTCOME_TRUE);
			if (outcome == OUTCOME_UNDEFINED)
				outcomes = OUTCOME_UNDEFINED;
		}
	}
	return (outcomes);
}

/* A stamp as the type has it. */
static struct berval
match_stamp_value(const struct match *match, int64_t stamp, char text[STAMP_CSN_SIZE])
{
	struct berval value = { .bv_val = text };

	value.bv_len = match->ad == slap_schema.si_ad_entryCSN ? 
	    stamp_csn(match->csn_base, stamp, text) :
	    stamp_time(stamp, text);
	return (value);
}

static int
match_order(const struct match *match, struct berval *value)
{
	MatchingRule *rule = match_rule(match, match->ad->ad_type);
	const char *reason;
	int order;

	if (rule == NULL || value_match(&order, match->ad, rule, match->use, value,
	    (void *)(uintptr_t)match->value, &reason) != LDAP_SUCCESS)
		return (0);
	return (order);
}

int
match_stamp_order(const struct match *match, int64_t stamp)
{
	char text[STAMP_CSN_SIZE];
	struct berval value;

	value = match_stamp_value(match, stamp, text);
	return (match_order(match, &value));
}

int
match_value_order(const struct match *match, const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;
	struct berval value;

	value = pack_normal(pack, pack_find(pack,
	    (unsigned int)__builtin_ctzll(match->slots)));
	return (match_order(match, &value));
}

static unsigned int
match_stamp(const struct match *match, const struct image_entry *entry)
{
	MatchingRule *rule = match_rule(match, match->ad->ad_type);
	char text[STAMP_CSN_SIZE];
	struct berval value;

	if (rule == NULL)
		return (OUTCOME_UNDEFINED);
	value = match_stamp_value(match, match->ad == slap_schema.si_ad_createTimestamp ?
	    entry->created : entry->modified, text);
	return (match_compare(match, match->ad, rule, &value));
}

/* Whether a person is in a group: both as this sight has them. */
static bool
match_is_member(const struct image_entry *person, uint32_t group)
{
	uint32_t high, low, middle;

	low = 0;
	high = person->group_count;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (person->groups[middle] < group)
			low = middle + 1;
		else
			high = middle;
	}
	return (low < person->group_count && person->groups[low] == group);
}

static bool
match_has_groups(const struct sight *sight, const struct image_entry *entry)
{
	uint32_t i;

	for (i = 0; i < entry->group_count; i++)
		if (snap_entry(sight->snap, entry->groups[i]) != NULL)
			return (true);
	return (false);
}

static bool
match_holds(const struct match *match, const struct sight *sight,
    const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;
	bool person = pack->role == ROLE_PERSON;

	switch (match->kind) {
	case MATCH_PRESENT:
		return ((match->slots & pack->present) != 0);
	case MATCH_UUID:
		return (match->value->bv_len == UUID_SIZE &&
		    memcmp(match->value->bv_val, entry->uuid.bytes, UUID_SIZE) == 0);
	case MATCH_NAME:
		return (match->target == entry);
	case MATCH_MANAGER:
		return (person && entry->manager == match->target->id);
	case MATCH_MEMBER_OF:
		return (person && match_is_member(entry, match->target->id));
	case MATCH_MEMBER:
		return (pack->role == ROLE_GROUP && match_is_member(match->target, entry->id));
	case MATCH_HAS_MANAGER:
		return (person && entry->manager != 0 &&
		    snap_entry(sight->snap, entry->manager) != NULL);
	case MATCH_HAS_GROUPS:
		return (person && match_has_groups(sight, entry));
	case MATCH_HAS_MEMBERS:
		return (pack->members != NULL && pack->members->count > 0);
	case MATCH_CONSTANT:
	case MATCH_AND:
	case MATCH_OR:
	case MATCH_NOT:
	case MATCH_VALUE:
	case MATCH_SUBSTRINGS:
	case MATCH_STAMP:
		break;
	}
	return (false);
}

/*
 * And: True when all are, False when one is, else Undefined. Or is its mirror image, with True
 * and False exchanged.
 */
static unsigned int
match_all(const struct match *match, const struct sight *sight,
    const struct image_entry *entry)
{
	unsigned int all, lost, one, outcomes;
	const struct match *child;

	all = match->kind == MATCH_AND ? OUTCOME_TRUE : OUTCOME_FALSE;
	lost = OUTCOME_TRUE + OUTCOME_FALSE - all;
	outcomes = all;
	for (child = match->child; child != NULL; child = child->next) {
		one = match_entry(child, sight, entry);
		if (one == lost)
			return (lost);
		/* What was certain so far stays so only where this one may keep it. */
		if ((one & all) == 0)
			outcomes &= ~all;
		outcomes |= one & ~all;
	}
	return (outcomes);
}

unsigned int
match_entry(const struct match *match, const struct sight *sight,
    const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;
	unsigned int outcomes;

	switch (match->kind) {
	case MATCH_CONSTANT:
		return (match->constant[pack->role]);
	case MATCH_AND:
	case MATCH_OR:
		return (match_all(match, sight, entry));
	case MATCH_NOT:
		outcomes = match_entry(match->child, sight, entry);
		return ((outcomes & OUTCOME_UNDEFINED) |
		    ((outcomes & OUTCOME_TRUE) != 0 ? OUTCOME_FALSE : 0) |
		    ((outcomes & OUTCOME_FALSE) != 0 ? OUTCOME_TRUE : 0));
	case MATCH_VALUE:
	case MATCH_SUBSTRINGS:
		return (match_values_of(match, pack));
	case MATCH_STAMP:
		return (match_stamp(match, entry));
	case MATCH_PRESENT:
	case MATCH_UUID:
	case MATCH_NAME:
	case MATCH_MANAGER:
	case MATCH_MEMBER_OF:
	case MATCH_MEMBER:
	case MATCH_HAS_MANAGER:
	case MATCH_HAS_GROUPS:
	case MATCH_HAS_MEMBERS:
		break;
	}
	return (match_holds(match, sight, entry) ? OUTCOME_TRUE : OUTCOME_FALSE);
}
