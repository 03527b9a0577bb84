/*
 * What an integration's people are like as a whole, and what ties each of them to
 * others: as a function of the configuration and the index alone.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_LINKS_H
#define ROLLCALL_TESTS_SANDBOX_LINKS_H

#include <stdint.h>

#include "base/day.h"
#include "tests/sandbox/nation.h"

#define LINKS_NATIONS	32
#define LINKS_RUN	50	/* people to a run of oddity.def, and the least */
#define LINKS_LOCATIONS	3	/* of a nation */
#define LINKS_SPAN	8	/* ordinary managers have so many reports */

enum oddity {
	ODDITY_NONE,
#define ODDITY(id, leader, every, steady, help) ODDITY_##id,
#include "tests/sandbox/oddity.def"
#undef ODDITY
	ODDITY_N
};

/* What the integration says of its people; filled once. */
struct people {
	uint64_t	 seed;
	uint32_t	 count;		/* those hired later have higher indexes */
	day_number	 today;
	int64_t		 epoch;		/* midnight of today, UTC: nothing is later */
	const struct nation *nations[LINKS_NATIONS];
	uint32_t	 nation_count;
	const char	*domain;	/* of work e-mails: "acme.example" */
	const char	*organization;	/* first word of company names: "ACME" */
	uint32_t	 departments, teams, centers;	/* groups, in this order */
	uint32_t	 odd_groups;	/* then these, ORG_ODD_GROUPS or none */
	uint32_t	 locations;	/* three a nation, then odd ones */
	uint32_t	 odd_locations;
};

/* What ties a person to other records; cheap to find out. */
struct links {
	enum oddity	 oddity;
	uint32_t	 identity;	/* whose name and e-mail these are */
	uint32_t	 nation;	/* place in people.nations */
	uint32_t	 entity, location;
	uint32_t	 manager;	/* EMPLOYEE_NONE for none */
	uint32_t	 team;
};

void	links_find(const struct people *people, uint32_t index, struct links *links);

/* When the record last changed before the epoch; its employments are never newer. */
int64_t	links_changed_at(const struct people *people, uint32_t index);

/* "LEFT_MANAGER", "" for none. */
const char *oddity_name(enum oddity oddity);

#endif
