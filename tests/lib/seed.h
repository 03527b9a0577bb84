/*
 * Made-up organisations for tests and benchmarks of the readers: people of many scripts, with
 * managers and groups, a pure function of a seed and an id. Nothing here is in any program
 * that is installed.
 */
#ifndef ROLLCALL_TESTS_LIB_SEED_H
#define ROLLCALL_TESTS_LIB_SEED_H

#include "base/mem.h"
#include "base/model.h"
#include "store/db.h"
#include "store/served.h"

#define SEED_BIG_GROUP	1		/* everybody, up to SEED_BIG_MEMBERS people */
#define SEED_BIG_MEMBERS 10000
#define SEED_GROUPS_A_PERSON 4

/* What an organisation is made of; kept in the database for later changes. */
struct seed {
	int64_t		 number;	/* the seed */
	int64_t		 people;	/* ids 1 … people */
	int64_t		 big;		/* members of the first group */
};

/* A person as she was made; values are in the arena, status and uid included. */
void	seed_person(const struct seed *seed, int64_t id, struct arena *arena,
	    struct served_person *person);
/* Id of the manager, 0 for the head; always smaller than `id`. */
int64_t	seed_manager(const struct seed *seed, int64_t id);
/* The groups of a person, ascending; how many. */
size_t	seed_groups(const struct seed *seed, int64_t id, int64_t groups[SEED_GROUPS_A_PERSON]);

int64_t	seed_group_count(const struct seed *seed);
/* Group `id` (1 … count); texts are in the arena. */
void	seed_group(const struct seed *seed, int64_t id, struct arena *arena,
	    struct served_group *group);

/* A number drawn from the seed: the same question has the same answer. */
uint64_t seed_draw(const struct seed *seed, uint64_t what, uint64_t index);

#endif
