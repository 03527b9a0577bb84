/*
 * An address as one text of the store: its parts joined by U+001F, in the order of enum
 * place_part, trailing empty parts left out.
 */
#ifndef ROLLCALL_BASE_PLACE_H
#define ROLLCALL_BASE_PLACE_H

#include "base/mem.h"

enum place_part {
	PLACE_NAME,	/* of a work location; empty for a home address */
	PLACE_STREET,	/* lines separated by a line feed */
	PLACE_CITY,
	PLACE_STATE,
	PLACE_ZIP,
	PLACE_COUNTRY,	/* ISO 3166-1 alpha-2, or the HR system's own word */
	PLACE_RAW,	/* unparsed, with line feeds (kombo/api.md §3.6) */
	PLACE_N
};

struct place {
	const char	*part[PLACE_N];		/* NULL when empty */
};

/* NULL when all parts are empty. U+001F inside a part becomes a blank. In the arena. */
const char *place_join(struct arena *arena, const struct place *place);

/* The parts of a value, copied into the arena; NULL gives an empty place. */
void	place_split(struct arena *arena, const char *value, struct place *place);

/*
 * The address in lines for people, without the name: the raw text when there is one, else
 * street, "zip city", state, country. NULL when there is nothing. In the arena.
 */
const char *place_lines(struct arena *arena, const struct place *place);

#endif
