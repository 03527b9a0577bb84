/*
 * A CSV file as one complete fetch of its source: the same that sync/kombo/fetch.h makes of an
 * HR system, so that all else is one road.
 */
#ifndef ROLLCALL_SYNC_CSV_FILE_H
#define ROLLCALL_SYNC_CSV_FILE_H

#include "sync/csv/table.h"
#include "sync/kombo/fetch.h"

/*
 * Reads the whole file. `input` NULL: the source's own ([source] file). Its own connection to
 * the database at `path` is opened, as in fetch_run. 0: the caller owns *fetched; -1: nothing of
 * the file counts, err says why, with lines and columns.
 *
 * A column that the file lacks says nothing: what is known stays. A cell that cannot be read as
 * its field is a problem of the run and says nothing either (rulings B7). A file without people
 * is refused.
 */
int	file_fetch(const struct fetch_order *order, const struct csv_input *input,
	    const char *path, struct fetched **fetched, struct err *err);

/* For `rollcall source test`: what the source's own file holds, in lines of text. */
int	file_probe(const struct fetch_order *order, struct buf *report, struct err *err);

#endif
