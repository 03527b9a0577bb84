/*
 * The types of values: what a text must look like, what it means, how it is written.
 */
#ifndef ROLLCALL_BASE_CONF_TYPE_H
#define ROLLCALL_BASE_CONF_TYPE_H

#include "base/conf.h"
#include "base/day.h"

struct conf_types {
	struct arena	*arena;		/* of the items */
	struct zones	*zones;
	bool		 stored;	/* reads what conf_store_text wrote */
};

/*
 * Reads `text` (trimmed, not empty) as a value of the row: fills item->text, in the one
 * way of writing it, and item->number. -1: it is none, and err says why ("\"5x\" is no
 * duration …"). The value of a secret never stands in err.
 */
int	conf_type_read(const struct conf_types *types, const struct conf_row *row,
	    const char *text, struct conf_item *item, struct err *err);

/* What may be shown of a valid reference to a secret, and what may be kept of it. */
const char *conf_type_secret_shown(const char *reference);
const char *conf_type_secret_kept(const char *reference);

#endif
