/*
 * The rules of one configuration, compiled: what judging a person needs besides that person.
 * Immutable while people are judged, but for the date of today in each zone.
 */
#ifndef ROLLCALL_RULES_BOOK_H
#define ROLLCALL_RULES_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/day.h"
#include "rules/names.h"
#include "rules/scope.h"
#include "rules/status.h"
#include "rules/units.h"

#define BOOK_VIEWS_MAX 32	/* views are bits of a uint32_t */

struct book_source {
	int64_t				 id;
	const struct conf_source	*conf;
	struct scope			*scope;
	struct lifecycle		 lifecycle;
	enum field_mode			 before[FIELD_N];	/* modes in force until now */
	size_t				 zone;			/* index, book_zone */
	bool				 by_hand;		/* CSV, or people entered by hand:
								 * an HR system may adopt them */
};

struct book_view {
	int64_t			 id;
	const struct conf_view	*conf;
	struct scope		*scope;
};

struct book {
	const struct conf	*conf;
	struct book_source	*sources;	/* in the order of conf->sources */
	size_t			 source_count;
	struct book_view	*views;		/* bit i of a set of views is views[i] */
	size_t			 view_count;
	struct units		*units;		/* the caller's */
	enum uid_policy		 uid_policy;
	int			 retain_departed;	/* days */
	int			 retain_excluded;
	int			 gone_grace;
	struct book_zones	*zones;
};

/*
 * Compiles `conf`, which must outlive the book, as must `units`. `before` is the configuration
 * in force until now, or NULL when it is the same. Ids of sources and views are 0 until the
 * caller fills them in. ERR_CONFIG when there are more views than bits.
 */
int	book_open(const struct conf *conf, const struct conf *before, struct units *units,
	    struct book **book, struct err *err);
void	book_close(struct book **book);

/* NULL when no source of the configuration has that id. */
const struct book_source *book_source(const struct book *book, int64_t id);

/* The zones that matter, each with its date; index 0 is [server] timezone. */
size_t	book_zone_count(const struct book *book);
const char *book_zone_name(const struct book *book, size_t zone);
void	book_set_today(struct book *book, size_t zone, day_number today);
day_number book_today(const struct book *book, size_t zone);

/*
 * The zone of a person: [zones] by the name of the place, then by its country, else the
 * source's (semantics 3.7, rulings A30). `place` is a served work location or NULL.
 */
size_t	book_zone_of(const struct book *book, const struct book_source *source,
	    const char *place, struct arena *arena);

#endif
