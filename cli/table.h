/*
 * Tables that fit the terminal, and the progress line.
 */
#ifndef ROLLCALL_CLI_TABLE_H
#define ROLLCALL_CLI_TABLE_H

#include <stddef.h>

#include <jansson.h>

struct table_column {
	const char	*title;
	const char	*key;		/* member of the row; arrays are joined by blanks */
	int		 shrink;	/* which columns give way first when it is too wide: 1
					 * before 2; 0 never */
};

/* Prints the rows (an array of objects) to standard output; nothing when there are none. */
void	table_print(const struct table_column *columns, size_t count, const json_t *rows);

/* The columns of the terminal on standard output; 0 when it is none. */
size_t	table_width(void);

/*
 * A line on standard error that is written over again and again, when that is a terminal:
 * `done` of `expected` (0: not known), and what it is about. table_progress_end clears it.
 */
void	table_progress(const char *what, const char *unit, long long done, long long expected);
void	table_progress_end(void);

/* A value of a row as text: "" for null, numbers in digits, booleans as yes and no. */
const char *table_text(const json_t *value, char *room, size_t size);

#endif
