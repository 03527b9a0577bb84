/*
 * HR systems that exist in memory only, and what a fetch would bring of them: real stages,
 * without HTTP.
 */
#ifndef ROLLCALL_TESTS_UNIT_PLAN_HR_H
#define ROLLCALL_TESTS_UNIT_PLAN_HR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/model.h"
#include "sync/kombo/fetch.h"

#define HR_SOURCES	3
#define HR_CSV		2	/* a file (plan_ways.c), not an HR system */
#define HR_UNITS	20
#define HR_PEOPLE	32
#define HR_TEXT		64

/*
 * What values of a field begin with, so that they can be looked for in a file: long enough not to
 * stand among the random bytes of one (salts, digests) by chance.
 */
#define HR_MARKS	5
struct hr_mark {
	enum field_id	 id;
	const char	*text;
};
extern const struct hr_mark hr_marks[HR_MARKS];

/* Numbers that are the same for the same seed, everywhere. */
struct draw {
	uint64_t	 state;
};
unsigned int draw(struct draw *draw, unsigned int below);
/* True in `percent` of a hundred cases. */
bool	draw_chance(struct draw *draw, unsigned int percent);
const char *draw_word(struct draw *draw, const char *const *words, size_t count);

struct hr_unit {
	enum unit_model	 model;
	char		 kombo[HR_TEXT];
	char		 remote[HR_TEXT];
	char		 name[HR_TEXT];		/* "" for none */
	char		 type[HR_TEXT];		/* of a group, "" for none */
	char		 country[HR_TEXT];	/* of a place */
	bool		 present;
	bool		 deleted;
	bool		 dirty;			/* changed since the last fetch */
};

struct hr_contract {
	char		 type[HR_TEXT];
	day_number	 effective;
};

struct hr_person {
	char		 kombo[HR_TEXT];
	char		 remote[HR_TEXT];
	char		 text[FIELD_N][HR_TEXT];	/* "" for none; of kind GROUP not used */
	day_number	 start;
	day_number	 end;
	struct hr_contract contracts[2];
	uint32_t	 groups;		/* bits of hr->units */
	uint32_t	 invalid;		/* fields that cannot be read */
	bool		 present;
	bool		 deleted;
	bool		 dirty;
};

struct hr {
	const char	*name;		/* of its source */
	int64_t		 source;	/* id of the source's row */
	unsigned int	 round;		/* how often the integration was made anew */
	bool		 anew;		/* … since the last fetch, which is then complete */
	struct hr_unit	 units[HR_UNITS];
	struct hr_person people[HR_PEOPLE];
	size_t		 person_count;
};

/* Legal entities, places and groups; nobody yet. */
void	hr_open(struct hr *hr, const char *name);
struct hr_unit *hr_unit(struct hr *hr, enum unit_model model, size_t n);

/* Somebody new, with whatever belongs to a person; NULL when all desks are taken. */
struct hr_person *hr_hire(struct hr *hr, struct draw *draw, day_number today);
/* Any person that was ever hired, NULL when there is none. */
struct hr_person *hr_somebody(struct hr *hr, struct draw *draw);
void	hr_set(struct hr_person *person, enum field_id id, const char *text);

/* One change of any kind. */
void	hr_change(struct hr *hr, struct draw *draw, day_number today);

/*
 * Somebody of one HR system gets a record in the same or another one: comes back, changes the
 * contract, works for both (plan_life.c).
 */
void	life_again(struct hr *from, struct hr *to, struct draw *draw, day_number today);

/* Numbers below `count` in an order of the draw's; NULL: as they come. */
void	hr_shuffle(struct draw *order, size_t *list, size_t count);

/* The integration is made anew: all Kombo ids change, remote ids stay. */
void	hr_recreate(struct hr *hr);

/*
 * What a fetch brings, compared with the database; rows are staged in an order drawn
 * from `order`. The caller closes it. Everything is clean afterwards.
 */
struct fetched *hr_fetch(struct hr *hr, const struct conf_source *source, struct db *db,
	    bool complete, struct draw *order);

#endif
