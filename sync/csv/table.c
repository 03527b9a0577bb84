/*
 * Owns the parser and the row being read. One thread.
 */
#include "config.h"

#include "sync/csv/table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csv.h>

#include "base/text.h"

#define TABLE_CHUNK	65536
#define TABLE_TOLD	5	/* flaws told in words */
#define TABLE_HOPELESS	1000

struct table {
	const struct csv_input	*input;
	struct csv_parser	 parser;
	int	(*row)(void *context, struct table *table, const struct table_row *row,
		    struct err *err);
	void			*context;
	struct err		*err;
	struct arena		*arena;		/* of one row */
	const char		**cells;
	size_t			 count;
	size_t			 room;
	int64_t			 line;		/* being read */
	int64_t			 row_line;	/* on which its row began */
	int64_t			 size;		/* bytes the file had when it was opened */
	int64_t			 length;	/* … and that were read */
	size_t			 flaws;
	size_t			 row_flaws;	/* before the row being read */
	struct buf		 told;
	bool			 failed;	/* the callback said so */
	bool			 stop;		/* what follows cannot be understood */
};

/* ---- flaws -------------------------------------------------------------------------------- */

static void
table_tell(struct table *table, int64_t line, const char *fmt, va_list ap)
{
	if (table->flaws++ >= TABLE_TOLD)
		return;
	if (table->told.len > 0)
		buf_str(&table->told, "; ");
	if (line > 0)
		buf_printf(&table->told, "line %" PRId64 ": ", line);
	buf_vprintf(&table->told, fmt, ap);
}

void
table_flaw(struct table *table, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	table_tell(table, table->row_line, fmt, ap);
	va_end(ap);
}

/* A flaw of the file as a whole, or of a line; nothing after it can be understood. */
static void __attribute__((format(printf, 3, 4)))
table_end(struct table *table, int64_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	table_tell(table, line, fmt, ap);
	va_end(ap);
	table->stop = true;
}

static int
table_result(struct table *table, struct err *err)
{
	if (table->failed)
		return (-1);
	if (table->flaws == 0)
		return (0);
	if (table->flaws > TABLE_TOLD)
		buf_printf(&table->told, "; and %s%zu more", table->flaws >= TABLE_HOPELESS ?
		    "at least " : "",
		    table->flaws - TABLE_TOLD);
	return (err_set(err, ERR_FILE, "%s: %s", table->input->name, table->told.data));
}

/* ---- cells and rows -------------------------------------------------------------------------- */

/* Control characters would break the lists the store keeps; no table of people has any. */
static bool
table_clean(const char *cell, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (((unsigned char)cell[i] < 0x20 && strchr("\t\r\n", cell[i]) == NULL) ||
		    cell[i] == 0x7f)
			return (false);
	return (true);
}

static void
table_found_cell(void *bytes, size_t len, void *context)
{
	struct table *table = context;
	const char **slot;

	if (table->stop)
		return;
	if (table->count == TABLE_CELLS_MAX) {
		table_end(table, table->row_line, "it has more than %d cells", TABLE_CELLS_MAX);
		return;
	}
	if (!text_valid(bytes, len))
		table_flaw(table, "cell %zu is not UTF-8 (is the file Latin-1 or Windows-1252?): "
		    "save it as UTF-8, or convert it with iconv -f WINDOWS-1252 -t UTF-8",
		    table->count + 1);
	else if (!table_clean(bytes, len))
		table_flaw(table, "a control character stands in cell %zu", table->count + 1);
	slot = mem_grow(&table->cells, table->count, &table->room, sizeof(*table->cells));
	*slot = arena_dup_len(table->arena, bytes, len);
	table->count++;
}

static void
table_found_row(int end, void *context)
{
	struct table *table = context;
	const struct table_row row = {
		.cells = table->cells,
		.count = table->count,
		.line = table->row_line,
	};

	(void)end;
	/* What is not text has been told, and is not looked at. */
	if (!table->stop && table->flaws == table->row_flaws &&
	    table->row(table->context, table, &row, table->err) < 0)
		table->failed = table->stop = true;
	table->stop = table->stop || table->flaws >= TABLE_HOPELESS;
	table->row_flaws = table->flaws;
	table->count = 0;
	arena_reset(table->arena);
}

/* ---- bytes -------------------------------------------------------------------------------------- */

/* What the first bytes say of files that are no text at all. */
static void
table_check_start(struct table *table, const char **bytes, size_t *len)
{
	if (*len >= 2 && (memcmp(*bytes, "\xff\xfe", 2) == 0 ||
	    memcmp(*bytes, "\xfe\xff", 2) == 0))
		table_end(table, 0, "the file is UTF-16: save it as UTF-8");
	else if (*len >= 4 && (memcmp(*bytes, "PK\003\004", 4) == 0 ||
	    memcmp(*bytes, "\xd0\xcf\x11\xe0", 4) == 0))
		table_end(table, 0, "the file is a spreadsheet: save it as CSV, in UTF-8");
	if (*len >= 3 && memcmp(*bytes, "\xef\xbb\xbf", 3) == 0) {
		*bytes += 3;
		*len -= 3;
	}
}

/* Gives the parser the bytes up to the end of a line, so that lines can be counted. */
static void
table_feed(struct table *table, const char *bytes, size_t len)
{
	size_t used;

	if (table->parser.pstate == 0)	/* no row has begun */
		table->row_line = table->line;
	used = csv_parse(&table->parser, bytes, len, table_found_cell, table_found_row, table);
	if (used < len && !table->stop)
		table_end(table, table->line, "a double quote stands inside a cell: put such a "
		    "cell between double quotes, and write the quote inside twice");
	if (table->parser.entry_pos > TABLE_CELL_MAX && !table->stop)
		table_end(table, table->row_line, "a cell is larger than %d KB: is a double quote "
		    "not closed?", TABLE_CELL_MAX / 1024);
}

static void
table_chunk(struct table *table, const char *bytes, size_t len)
{
	const char *end;
	size_t part;

	if (memchr(bytes, '\0', len) != NULL) {
		table_end(table, 0, "a NUL byte stands in the file: save it as UTF-8 text");
		return;
	}
	while (len > 0 && !table->stop) {
		end = memchr(bytes, '\n', len);
		part = end != NULL ? (size_t)(end - bytes) + 1 : len;
		table_feed(table, bytes, part);
		if (end != NULL)
			table->line++;
		bytes += part;
		len -= part;
	}
}

/* 1 goes on, 0 the end, -1 it cannot be read. */
static int
table_next(struct table *table, char *room, struct err *err)
{
	const int64_t left = table->size - table->length;
	const char *bytes = room;
	ssize_t n;
	size_t len;

	/* Never further: a file that grows as fast as it is read would have no end. */
	do
		n = pread(table->input->fd, room, left < TABLE_CHUNK ? (size_t)left : TABLE_CHUNK,
		    table->length);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return (err_set_errno(err, ERR_FILE, errno, "%s", table->input->name));
	len = (size_t)n;
	if (table->length == 0)
		table_check_start(table, &bytes, &len);
	table->length += n;
	if (!table->stop)
		table_chunk(table, bytes, len);
	return (n > 0 && !table->stop ? 1 : 0);
}

static void
table_finish(struct table *table)
{
	if (table->stop)
		return;
	if (csv_fini(&table->parser, table_found_cell, table_found_row, table) != 0)
		table_end(table, table->row_line, "a double quote opens here and is never closed");
}

static int
table_check_unchanged(struct table *table, const struct stat *before, struct err *err)
{
	struct stat now;

	if (fstat(table->input->fd, &now) < 0)
		return (err_set_errno(err, ERR_FILE, errno, "%s", table->input->name));
	if (now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == before->st_mtim.tv_nsec &&
	    (table->stop || table->length == before->st_size))
		return (0);
	return (err_set(err, ERR_FILE, "%s changed while it was read: nothing of it was taken; "
	    "write a new file beside it and rename that", table->input->name));
}

static int
table_read_all(struct table *table, const atomic_bool *cancel, struct err *err)
{
	struct stat before;
	char *room;
	int result;

	if (fstat(table->input->fd, &before) < 0)
		return (err_set_errno(err, ERR_FILE, errno, "%s", table->input->name));
	if (!S_ISREG(before.st_mode))
		return (err_set(err, ERR_FILE, "%s is not a regular file", table->input->name));
	table->size = before.st_size;
	room = mem_alloc(TABLE_CHUNK);
	while ((result = table_next(table, room, err)) > 0)
		if (cancel != NULL && atomic_load(cancel)) {
			result = err_set(err, ERR_CANCELLED, "%s was not read to its end",
			    table->input->name);
			break;
		}
	if (result == 0)
		table_finish(table);
	if (result == 0)
		result = table_check_unchanged(table, &before, err);
	mem_free(&room);
	return (result);
}

int
table_read(const struct csv_input *input, char separator, const atomic_bool *cancel,
    int (*row)(void *context, struct table *table, const struct table_row *row,
    struct err *err), void *context, struct err *err)
{
	struct table table = {
		.input = input,
		.row = row,
		.context = context,
		.err = err,
		.line = 1,
		.row_line = 1,
		.told = BUF_INIT,
	};
	int result;

	if (csv_init(&table.parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		return (err_set(err, ERR_INTERNAL, "libcsv cannot be used"));
	csv_set_realloc_func(&table.parser, mem_realloc);
	csv_set_delim(&table.parser, (unsigned char)separator);
	table.arena = arena_open();
	result = table_read_all(&table, cancel, err);
	if (result == 0)
		result = table_result(&table, err);
	csv_free(&table.parser);
	buf_close(&table.told);
	mem_free(&table.cells);
	arena_close(&table.arena);
	return (result);
}

int
table_open(const char *path, struct csv_input *input, struct err *err)
{
	struct stat st;

	/* A fifo must not stop us. */
	input->name = path;
	input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (input->fd < 0)
		return (err_set_errno(err, ERR_FILE, errno, "%s cannot be read", path));
	if (fstat(input->fd, &st) == 0 && S_ISREG(st.st_mode))
		return (0);
	(void)close(input->fd);
	input->fd = -1;
	return (err_set(err, ERR_FILE, "%s is not a regular file", path));
}
