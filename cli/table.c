/*
 * Owns whether a progress line stands on the terminal.
 */
#include "config.h"

#include "cli/table.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

#define TABLE_COLUMNS	16
#define TABLE_CELL	1024
#define TABLE_NARROWEST	8	/* a column does not shrink below */
#define TABLE_GAP	2
#define PROGRESS_BAR	24

static bool progress_shown;

size_t
table_width(void)
{
	struct winsize size;
	const char *columns;

	if (!isatty(STDOUT_FILENO))
		return (0);
	columns = getenv("COLUMNS");
	if (columns != NULL && atoi(columns) > 0)
		return ((size_t)atoi(columns));
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return (size.ws_col);
	return (80);
}

static const char *
table_join(const json_t *list, char *room, size_t size)
{
	const char *text;
	json_t *value;
	size_t i, len;

	len = 0;
	room[0] = '\0';
	json_array_foreach(list, i, value) {
		text = json_string_value(value);
		if (text == NULL)
			text = json_string_value(json_object_get(value, "code"));
		if (text == NULL || len + strlen(text) + 2 > size)
			continue;
		len += (size_t)snprintf(room + len, size - len, "%s%s", len > 0 ? " " : "",
		    text);
	}
	return (room);
}

const char *
table_text(const json_t *value, char *room, size_t size)
{
	if (json_is_string(value))
		return (json_string_value(value));
	if (json_is_array(value))
		return (table_join(value, room, size));
	if (json_is_integer(value))
		(void)snprintf(room, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_boolean(value))
		(void)snprintf(room, size, "%s", json_is_true(value) ? "yes" : "no");
	else
		room[0] = '\0';
	return (room);
}

/* The width each column needs. */
static void
table_measure(const struct table_column *columns, size_t count, const json_t *rows,
    size_t *widths)
{
	char room[TABLE_CELL];
	json_t *row;
	size_t i, j, width;

	for (j = 0; j < count; j++)
		widths[j] = strlen(columns[j].title);
	json_array_foreach(rows, i, row) {
		for (j = 0; j < count; j++) {
			width = text_columns(table_text(json_object_get(row, columns[j].key),
			    room, sizeof(room)));
			if (width > widths[j])
				widths[j] = width;
		}
	}
}

static size_t
table_total(const size_t *widths, size_t count)
{
	size_t i, total;

	total = count > 0 ? (count - 1) * TABLE_GAP : 0;
	for (i = 0; i < count; i++)
		total += widths[i];
	return (total);
}

/* Takes what is too much from the columns that give way first. */
static void
table_shrink(const struct table_column *columns, size_t count, size_t *widths, size_t room)
{
	size_t excess, i, spare, total;
	int step;

	for (step = 1; step <= 3; step++) {
		for (i = 0; i < count; i++) {
			total = table_total(widths, count);
			if (total <= room)
				return;
			if (columns[i].shrink != step || widths[i] <= TABLE_NARROWEST)
				continue;
			excess = total - room;
			spare = widths[i] - TABLE_NARROWEST;
			widths[i] -= excess < spare ? excess : spare;
		}
	}
}

/*
 * One cell, cut to its width with an ellipsis; control characters become blanks. *blanks are
 * owed before it and stay owed when it is empty, so that no line ends in them.
 */
static void
table_cell(const char *text, size_t width, size_t *blanks)
{
	size_t columns, len;

	columns = text_columns(text);
	if (columns > 0) {
		(void)printf("%*s", (int)*blanks, "");
		*blanks = 0;
	}
	len = strlen(text);
	if (columns > width) {
		len = text_fit(text, width > 0 ? width - 1 : 0);
		columns = width;
	}
	for (size_t i = 0; i < len; i++)
		(void)putchar((unsigned char)text[i] < 0x20 ? ' ' : text[i]);
	if (text[len] != '\0')
		(void)fputs("…", stdout);
	*blanks += width - columns + TABLE_GAP;
}

static void
table_end_line(size_t *blanks)
{
	(void)putchar('\n');
	*blanks = 0;
}

void
table_print(const struct table_column *columns, size_t count, const json_t *rows)
{
	size_t blanks = 0, i, j, room, widths[TABLE_COLUMNS];
	char cell[TABLE_CELL];
	json_t *row;

	if (json_array_size(rows) == 0 || count > TABLE_COLUMNS)
		return;
	table_measure(columns, count, rows, widths);
	room = table_width();
	if (room > 0)
		table_shrink(columns, count, widths, room);
	for (j = 0; j < count; j++)
		table_cell(columns[j].title, widths[j], &blanks);
	table_end_line(&blanks);
	json_array_foreach(rows, i, row) {
		for (j = 0; j < count; j++)
			table_cell(table_text(json_object_get(row, columns[j].key), cell,
			    sizeof(cell)), widths[j], &blanks);
		table_end_line(&blanks);
	}
}

void
table_progress(const char *what, const char *unit, long long done, long long expected)
{
	int full, i, percent;

	if (!isatty(STDERR_FILENO))
		return;
	(void)fprintf(stderr, "\r\033[K%s: ", what);
	if (expected > 0) {
		percent = done >= expected ? 99 : (int)(done * 100 / expected);
		full = percent * PROGRESS_BAR / 100;
		(void)fputc('[', stderr);
		for (i = 0; i < PROGRESS_BAR; i++)
			(void)fputc(i < full ? '#' : '.', stderr);
		(void)fprintf(stderr, "] %d %% ", percent);
	}
	(void)fprintf(stderr, "%lld %s", done, unit);
	(void)fflush(stderr);
	progress_shown = true;
}

void
table_progress_end(void)
{
	if (progress_shown)
		(void)fputs("\r\033[K", stderr);
	progress_shown = false;
}
