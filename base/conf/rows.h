/*
 * The rows of schema/conf.def, and the names of the sections they stand in.
 */
#ifndef ROLLCALL_BASE_CONF_ROWS_H
#define ROLLCALL_BASE_CONF_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"

/* Whose set of values a row belongs to. */
enum conf_owner { CONF_OF_MAIN, CONF_OF_VIEW, CONF_OF_HOOK, CONF_OF_SOURCE };

enum conf_owner conf_row_owner(const struct conf_row *row);

/* True when the row's key stands for the names of fields. */
bool	conf_row_names_fields(const struct conf_row *row);

/* The key of an item as it is written in a file. */
const char *conf_item_key(const struct conf_row *row, const struct conf_item *item);

/* The key of that name in a section of conf.def; CONF_N when it has none. */
enum conf_key conf_key_find(enum conf_file file, const char *pattern, const char *name);

/*
 * The section of conf.def ("view//include") that a section of a file
 * ("view/vpn/include") is one of, or NULL. *name gets the name between the slashes,
 * *len bytes long, 0 for a section without one.
 */
const char *conf_section_find(enum conf_file file, const char *section,
	    const char **name, size_t *len);

/* "view//include" with the name "vpn" is "view/vpn/include". In the arena. */
const char *conf_section_name(struct arena *arena, const char *pattern,
	    const char *name);

#endif
