/*
 * The header of a CSV file: which column is which field.
 */
#ifndef ROLLCALL_SYNC_CSV_COLUMNS_H
#define ROLLCALL_SYNC_CSV_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/mem.h"
#include "base/place.h"
#include "sync/csv/table.h"

struct column {
	const char	*name;
	bool		 read;		/* else it is dropped: by configuration, or its field's mode */
	bool		 key;		/* tells people apart */
	enum field_id	 field;		/* FIELD_N: column "id" */
	enum place_part	 part;		/* of an address; PLACE_N: the whole value */
};

struct columns {
	struct column	*list;		/* in the arena */
	size_t		 count;
	size_t		 key;		/* index of the key column */
	uint32_t	 missing;	/* bit per field that is wanted and has no column */
};

/* The name of the character between two cells: ',' ';' or a tab. */
char	columns_separator(const struct conf_source *source);

/*
 * Reads the header by schema/fields.def: names of fields, in any letter case, blanks and hyphens
 * for underscores; "id"; and parts of an address, work_location.city. -1: it is none, the flaws
 * were told.
 */
int	columns_read(struct arena *arena, const struct conf_source *source, struct table *table,
	    const struct table_row *header, struct columns *columns);

#endif
