/*
 * One person judged: which record counts, which values are served, whether and where the
 * person is visible today, why not, and when that may change. A pure function of its input:
 * the whole of semantics 3.2, 3.3 (owner), 3.7 and 3.10 for one person.
 */
#ifndef ROLLCALL_RULES_JUDGE_H
#define ROLLCALL_RULES_JUDGE_H

#include "base/mem.h"
#include "base/model.h"
#include "rules/book.h"
#include "rules/modes.h"
#include "rules/reasons.h"

/* A record of the person, and what is found out about it. */
struct judge_record {
	const struct employee		*now;		/* as it would be accepted */
	const struct employee		*was;		/* as accepted before; NULL for a new record;
							 * the same as `now` when it was not fetched */
	const struct book_source	*source;
	bool				 complete;	/* `now` comes from a complete fetch */
	bool				 erased;	/* an admin erased whoever this is */
	/* results */
	struct scope_facts		 facts;
	enum person_status		 status;	/* by its own values */
	bool				 active;
	size_t				 zone;
	day_number			 next;		/* next day, in its zone, on which status or
							 * filters may see it otherwise */
	uint32_t			 reasons;	/* why it is Excluded */
	bool				 included;
};

enum judge_mail {
	MAIL_AS_IS,		/* the address is the person's */
	MAIL_PREVIOUS,		/* another served person has it: the settled one stays */
	MAIL_NONE		/* … and the settled one is taken too (rulings A12) */
};

enum judge_decisions {
	DECIDED_HIDE = 1,
	DECIDED_IGNORE = 2,	/* ignore-onboarding */
	DECIDED_RELEASE = 4
};

struct judge_input {
	const struct book	*book;
	const struct person	*person;	/* NULL for a new one */
	struct held		 held[FIELD_N];
	unsigned int		 decisions;	/* enum judge_decisions */
	uint32_t		 views;		/* views the person is in until now */
	struct judge_record	*records;	/* at least one */
	size_t			 count;
	const struct unit_entry	**own;		/* groups of no HR system she is a member of */
	size_t			 own_count;
	enum judge_mail		 mail;
	bool			 duplicate;	/* a new record whose address is taken: Excluded */
	bool			 ambiguous;	/* … of which it is not clear whose it is: Excluded */
};

struct verdict {
	size_t			 owner;			/* index of the record that counts */
	enum person_status	 status;
	bool			 active;
	bool			 keep;			/* values stay in the store */
	bool			 purge;			/* values that are there are erased */
	uint32_t		 reasons;		/* enum reason */
	uint32_t		 conditions;		/* enum condition */
	uint32_t		 views;			/* bits of book->views */
	uint32_t		 overwrote;		/* bit per field: a manual value was replaced */
	const char		*value[FIELD_N];	/* served; MANAGER is a Kombo id of the
							 * owner's source */
	struct held		 held[FIELD_N];
	const struct unit_entry	**groups;		/* exposed groups, no duplicates */
	size_t			 group_count;
	const char		*wanted_mail;		/* the address that MAIL_PREVIOUS denied */
	unsigned int		 flags;			/* enum person_flags, as they shall be */
	day_number		 departed_on;
	day_number		 excluded_on;
	day_number		 gone_on;
	day_number		 inactive_on;
	size_t			 zone;
	day_number		 next;			/* next day that may change anything, beside
							 * those of the records; DAY_NONE when !keep */
};

/* Fills the results of input->records and the verdict; texts are in the arena or borrowed. */
void	judge_person(struct arena *arena, struct judge_input *input, struct verdict *verdict);

/* Included: in at least one view and not departed (rulings B1). */
bool	verdict_included(const struct verdict *verdict);

#endif
