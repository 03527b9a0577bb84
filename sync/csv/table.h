/*
 * A CSV file as rows of cells (RFC 4180, by libcsv), and what is wrong with it.
 *
 * Accepted are UTF-8, with or without a byte order mark, and lines that end with LF, CRLF or
 * CR. Empty lines are passed over. Everything else that is not exactly a table is an error.
 */
#ifndef ROLLCALL_SYNC_CSV_TABLE_H
#define ROLLCALL_SYNC_CSV_TABLE_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

/* A cell above this size is refused: most likely a quote was never closed. */
#define TABLE_CELL_MAX	65536
#define TABLE_CELLS_MAX	1000

struct csv_input {
	int		 fd;		/* the caller's, read from its start */
	const char	*name;		/* for messages */
};

struct table_row {
	const char	**cells;	/* borrowed until the callback returns, UTF-8 */
	size_t		 count;
	int64_t		 line;		/* on which the row begins, from 1 */
};

struct table;

/*
 * Opens a regular file for reading; ERR_FILE says why not.
 */
int	table_open(const char *path, struct csv_input *input, struct err *err);

/*
 * Reads the input to its end and calls back with each row. What is wrong is gathered, the first
 * few in words: then the result is -1 and ERR_FILE. The callback may tell flaws of its own; its
 * -1 ends the reading with the err it was given. A file that changes while it is read is
 * refused.
 */
int	table_read(const struct csv_input *input, char separator, const atomic_bool *cancel,
	    int (*row)(void *context, struct table *table, const struct table_row *row,
	    struct err *err), void *context, struct err *err);

/* Tells a flaw of the row being read; no value of a person may be in it. */
void	table_flaw(struct table *table, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
