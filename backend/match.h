/*
 * A filter prepared for packed values: tells quickly which entries it cannot match. What it
 * says is exact but for access control, of which it knows nothing: slapd's test_filter has the
 * last word on every entry that is sent.
 */
#ifndef ROLLCALL_BACKEND_MATCH_H
#define ROLLCALL_BACKEND_MATCH_H

#include "backend/live.h"
#include "backend/scratch.h"
#include "backend/stamp.h"

/*
 * What a filter may come to for an entry (RFC 4511 §4.5.1.7); a set of these. Denied access turns
 * any outcome into Undefined, and Undefined never becomes True by negation or combination: an
 * entry for which True is not in the set is not matched, whoever asks.
 */
enum outcome { OUTCOME_TRUE = 1, OUTCOME_FALSE = 2, OUTCOME_UNDEFINED = 4, OUTCOME_ANY = 7 };

enum match_kind {
	MATCH_CONSTANT,		/* the same for all entries of a role */
	MATCH_AND,
	MATCH_OR,
	MATCH_NOT,
	MATCH_PRESENT,		/* any of the slots */
	MATCH_VALUE,		/* a value of any of the slots */
	MATCH_SUBSTRINGS,
	MATCH_UUID,
	MATCH_NAME,
	MATCH_STAMP,		/* entryCSN, createTimestamp, modifyTimestamp */
	MATCH_MANAGER,
	MATCH_MEMBER_OF,
	MATCH_MEMBER,
	MATCH_HAS_MANAGER,
	MATCH_HAS_GROUPS,
	MATCH_HAS_MEMBERS
};

struct match {
	enum match_kind			 kind;
	uint8_t				 constant[ROLE_N];	/* sets of outcomes */
	Filter				*filter;		/* of slapd */
	AttributeDescription		*ad;
	const struct berval		*value;			/* asserted */
	unsigned int			 use;			/* SLAP_MR_… */
	uint64_t			 slots;
	const struct image_entry	*target;		/* what a name stands for */
	struct match			*child;			/* AND, OR, NOT */
	const struct stamp_base		*csn_base;		/* of MATCH_STAMP */
	struct match			*next;
};

/* Prepares a filter; it lives as long as the scratch memory and the sight. */
struct match *match_make(struct scratch *scratch, struct sight *sight, Filter *filter);

/* The rule a prepared assertion uses on a type; NULL when the type has none. */
MatchingRule *match_rule(const struct match *match, const AttributeType *type);
/* One value against a prepared assertion: an outcome. */
unsigned int match_compare(const struct match *match, AttributeDescription *ad,
	    MatchingRule *rule, struct berval *value);

/* The outcomes a prepared filter may have for an entry. */
unsigned int match_entry(const struct match *match, const struct sight *sight,
	    const struct image_entry *entry);

/*
 * How a stamp, written as the type of a prepared MATCH_STAMP has it, compares with the value
 * that is asserted: negative, 0 or positive.
 */
int	match_stamp_order(const struct match *match, int64_t stamp);

/*
 * The same for the value of an entry in the one slot of a prepared MATCH_VALUE, which
 * the entry has.
 */
int	match_value_order(const struct match *match, const struct image_entry *entry);

/* The slots that an assertion on a type looks at: it and its subtypes. */
uint64_t match_slots(const AttributeDescription *ad);

#endif
