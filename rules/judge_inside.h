/*
 * Inside rules/judge*.c only: one call of judge_person under way.
 */
#ifndef ROLLCALL_RULES_JUDGE_INSIDE_H
#define ROLLCALL_RULES_JUDGE_INSIDE_H

#include "rules/judge.h"

/* What one call works on. */
struct judge {
	struct arena		*arena;
	struct judge_input	*input;
	struct verdict		*out;
	struct judge_record	*owner;
	struct judge_record	*last;		/* which gave the values until now; else the owner */
	bool			 created;	/* new, or back after a purge */
	bool			 relinked;	/* the owner is another one than until now */
	day_number		 today;
};

/* Whether the person has a flag of enum person_flags; a new one has none. */
bool	judge_has(const struct judge *judge, unsigned int flag);
/* Brings the verdict's next day forward to `day`, DAY_NONE aside. */
void	judge_sooner(struct verdict *out, day_number day);

/* The values by the modes of their fields, and with them the zone and today (judge_values.c). */
void	judge_values(struct judge *judge);
/* Puts back what was served until the departure; the values worked out told only the status. */
void	judge_freeze(struct judge *judge);
/* Denies the address that another person has (rulings A12). */
void	judge_mail(struct judge *judge);

#endif
