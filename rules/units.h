/*
 * Legal entities, work locations and groups of all sources, in memory while people are judged:
 * all of them, or those that somebody asked for so far.
 */
#ifndef ROLLCALL_RULES_UNITS_H
#define ROLLCALL_RULES_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/model.h"

struct unit_entry {
	struct unit	 unit;		/* texts live as long as the table */
	const char	*folded;	/* name as it is compared, "" for none */
	bool		 exposed;	/* a group that may be served ([directory]) */
	bool		 local;		/* a group that no HR system owns */
	bool		 hidden;	/* a group under hide_group: gives no text either */
	int64_t		 wanted;	/* the planner's: how many served are members, judged so far */
	bool		 changed;	/* the planner's: a run brought something new of it */
	bool		 renumbered;	/* the planner's: known by its remote id, under a new Kombo id */
	bool		 replaced;	/* the planner's: … the entry under the old one */
	int		 field;		/* of a group: FIELD_DEPARTMENT, _TEAM, _COST_CENTER, or -1 */
};

struct units;

/* `conf` gives [directory] group_types, expose_group and hide_group. */
struct units *units_open(const struct conf *conf);
void	units_close(struct units **units);

/*
 * Who is asked for a unit that is not in the table: puts it, or does nothing when nobody ever
 * delivered it. Asked once for each.
 */
typedef void units_load(void *context, int64_t source, enum unit_model model,
	    const char *kombo);
void	units_set_loader(struct units *units, units_load *load, void *context);

/* Copies the unit; a later one of the same source, model and Kombo id takes its place. */
struct unit_entry *units_put(struct units *units, const struct unit *unit);

/* The unit, also when it is gone; NULL when nobody ever delivered it. */
struct unit_entry *units_find(struct units *units, int64_t source, enum unit_model model,
	    const char *kombo);

/* The same for `len` bytes of a longer text, and nobody is asked: what is not there is NULL. */
struct unit_entry *units_peek(const struct units *units, int64_t source,
	    enum unit_model model, const char *kombo, size_t len);

size_t	units_count(const struct units *units);
struct unit_entry *units_at(const struct units *units, size_t at);

#endif
