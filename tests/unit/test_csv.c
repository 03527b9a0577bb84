/*
 * sync/csv/table.h: what is a table (RFC 4180) and what is not, cell by cell; files that change
 * while they are read. sync/typed.h: values as people write them.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/csv/table.h"
#include "sync/typed.h"

/* Rows as "LINE:cell|cell/" one after the other. */
struct seen {
	struct buf	 text;
	FILE		*file;		/* is written to while it is read, NULL: is not */
	int		 fail_at;	/* row whose callback fails, 0: none */
	int		 rows;
};

static int
seen_row(void *context, struct table *table, const struct table_row *row, struct err *err)
{
	struct seen *seen = context;
	size_t i;

	(void)table;
	if (++seen->rows == seen->fail_at)
		return (err_set(err, ERR_INTERNAL, "enough"));
	buf_printf(&seen->text, "%lld:", (long long)row->line);
	for (i = 0; i < row->count; i++)
		buf_printf(&seen->text, "%s%s", i > 0 ? "|" : "", row->cells[i]);
	buf_char(&seen->text, '/');
	if (seen->file != NULL) {
		(void)fputs("x,y\n", seen->file);
		(void)fflush(seen->file);
	}
	return (0);
}

static int
read_bytes(const char *bytes, size_t len, char separator, struct seen *seen, struct err *err)
{
	struct csv_input input = { .name = "people.csv" };
	FILE *file;
	int result;

	file = tmpfile();
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fflush(file), 0);
	if (seen->file != NULL)
		seen->file = file;
	input.fd = fileno(file);
	result = table_read(&input, separator, NULL, seen_row, seen, err);
	(void)fclose(file);
	return (result);
}

#define BYTES(text) (text), sizeof(text) - 1

static void
tables_are_read(void **state)
{
	static const struct {
		const char	*bytes;
		size_t		 len;
		char		 separator;
		const char	*wanted;
	} rows[] = {
		{ BYTES(""), ',', "" },
		{ BYTES("a,b\n1,2\n"), ',', "1:a|b/2:1|2/" },
		{ BYTES("a,b\r\n1,2\r\n"), ',', "1:a|b/2:1|2/" },
		{ BYTES("a,b\n1,2"), ',', "1:a|b/2:1|2/" },
		{ BYTES("\xef\xbb\xbf" "a,b\n"), ',', "1:a|b/" },
		{ BYTES("a,b\n\n\n1,2\n"), ',', "1:a|b/4:1|2/" },
		{ BYTES("a,b\n\"1\n2\",3\n4,5\n"), ',', "1:a|b/2:1\n2|3/4:4|5/" },
		{ BYTES("\"a,b\",\"say \"\"no\"\"\"\n"), ',', "1:a,b|say \"no\"/" },
		{ BYTES("a;b,c\n"), ';', "1:a|b,c/" },
		{ BYTES("a\tb c\n"), '\t', "1:a|b c/" },
		{ BYTES(",,\n"), ',', "1:||/" },
		{ BYTES("  a , b\n"), ',', "1:a|b/" },
		{ BYTES("Zo\xc3\xab,\xe5\xb1\xb1\n"), ',', "1:Zo\xc3\xab|\xe5\xb1\xb1/" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct seen seen = { .text = BUF_INIT };
		struct err err = ERR_INIT;

		assert_row(i, read_bytes(rows[i].bytes, rows[i].len, rows[i].separator, &seen,
		    &err) == 0);
		assert_row(i, strcmp(seen.text.data != NULL ? seen.text.data : "",
		    rows[i].wanted) == 0);
		buf_close(&seen.text);
	}
}

static void
what_is_no_table_is_told(void **state)
{
	static const struct {
		const char	*bytes;
		size_t		 len;
		const char	*wanted;
	} rows[] = {
		{ BYTES("a,b\n1,\"2\n3,4\n"), "line 2: a double quote opens here" },
		{ BYTES("a,b\n\n1,2\"3\n"), "line 3: a double quote stands inside" },
		{ BYTES("a,b\n\"1\"2,3\n"), "line 2: a double quote stands inside" },
		{ BYTES("a,b\n1,\xe9\n2,\xe9\n"), "line 2: cell 2 is not UTF-8" },
		{ BYTES("a,b\n1,\xe9\n2,\xe9\n"), "line 3: cell 2 is not UTF-8" },
		{ BYTES("a,\x1f\n"), "a control character stands in cell 2" },
		{ BYTES("a,b\n1,\0\n"), "a NUL byte" },
		{ BYTES("\xff\xfe" "a\0"), "UTF-16" },
		{ BYTES("\xfe\xff\0a"), "UTF-16" },
		{ BYTES("PK\003\004rest"), "is a spreadsheet" },
		{ BYTES("\xd0\xcf\x11\xe0rest"), "is a spreadsheet" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct seen seen = { .text = BUF_INIT };
		struct err err = ERR_INIT;

		assert_row(i, read_bytes(rows[i].bytes, rows[i].len, ',', &seen, &err) == -1);
		assert_row(i, err.code == ERR_FILE);
		assert_row(i, strncmp(err.text, "people.csv: ", 12) == 0);
		assert_row(i, strstr(err.text, rows[i].wanted) != NULL);
		buf_close(&seen.text);
	}
}

static void
cells_and_rows_have_limits(void **state)
{
	struct buf bytes = BUF_INIT;
	struct err err = ERR_INIT;
	struct seen seen = { .text = BUF_INIT };
	size_t i;

	(void)state;
	buf_str(&bytes, "a,\"");
	for (i = 0; i < TABLE_CELL_MAX; i++)
		buf_str(&bytes, "x\n");
	assert_int_equal(read_bytes(bytes.data, bytes.len, ',', &seen, &err), -1);
	assert_non_null(strstr(err.text, "line 1: a cell is larger than 64 KB"));
	buf_reset(&bytes);
	for (i = 0; i <= TABLE_CELLS_MAX; i++)
		buf_str(&bytes, "x,");
	assert_int_equal(read_bytes(bytes.data, bytes.len, ',', &seen, &err), -1);
	assert_non_null(strstr(err.text, "line 1: it has more than 1000 cells"));
	buf_close(&bytes);
	buf_close(&seen.text);
}

/* A row whose bytes lie in two chunks is one row. */
static void
rows_across_chunks_are_whole(void **state)
{
	struct buf bytes = BUF_INIT, wanted = BUF_INIT;
	struct seen seen = { .text = BUF_INIT };
	struct err err = ERR_INIT;
	int i;

	(void)state;
	for (i = 1; i <= 20000; i++) {
		buf_printf(&bytes, "%d,\"b%d\"\n", i, i);
		buf_printf(&wanted, "%d:%d|b%d/", i, i, i);
	}
	assert_int_equal(read_bytes(bytes.data, bytes.len, ',', &seen, &err), 0);
	assert_string_equal(seen.text.data, wanted.data);
	buf_close(&bytes);
	buf_close(&wanted);
	buf_close(&seen.text);
}

static void
files_that_change_are_refused(void **state)
{
	struct seen seen = { .text = BUF_INIT, .file = stderr };	/* its own, in its place */
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(read_bytes(BYTES("a,b\n1,2\n"), ',', &seen, &err), -1);
	assert_int_equal(err.code, ERR_FILE);
	assert_non_null(strstr(err.text, "people.csv changed while it was read"));
	buf_close(&seen.text);
}

static void
a_callback_that_fails_ends_it(void **state)
{
	struct seen seen = { .text = BUF_INIT, .fail_at = 2 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(read_bytes(BYTES("a,b\n1,2\n3,4\n"), ',', &seen, &err), -1);
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_int_equal(seen.rows, 2);
	buf_close(&seen.text);
}

static void
values_are_read_by_their_kind(void **state)
{
	static const struct {
		enum field_id	 field;
		const char	*text;
		const char	*value;		/* NULL: none */
		bool		 flawed;
	} rows[] = {
		{ FIELD_LAST_NAME, " Nguyen ", "Nguyen", false },
		{ FIELD_LAST_NAME, "  ", NULL, false },
		{ FIELD_WORK_EMAIL, "Zoe@Example.COM", "zoe@example.com", false },
		{ FIELD_WORK_EMAIL, "zoe", NULL, true },
		{ FIELD_WORK_EMAIL, "zoe@", NULL, true },
		{ FIELD_WORK_EMAIL, "@example.com", NULL, true },
		{ FIELD_WORK_EMAIL, "a@b@c", NULL, true },
		{ FIELD_WORK_EMAIL, "zoe n@example.com", NULL, true },
		{ FIELD_START_DATE, "2026-11-20", "2026-11-20", false },
		{ FIELD_START_DATE, "2026-11-20T00:00:00.000Z", "2026-11-20", false },
		{ FIELD_START_DATE, "20/11/2026", NULL, true },
		{ FIELD_START_DATE, "2026-02-30", NULL, true },
		{ FIELD_START_DATE, "", NULL, false },
		{ FIELD_EMPLOYMENT_STATUS, "active", "ACTIVE", false },
		{ FIELD_EMPLOYMENT_STATUS, "Sabbatical", "Sabbatical", false },
		{ FIELD_HOME_ADDRESS, "1 Road", "\x1f\x1f\x1f\x1f\x1f\x1f" "1 Road", false },
		{ FIELD_WORK_LOCATION, "Paris", "Paris", false },
	};
	struct arena *arena;
	const char *value;
	size_t i;

	(void)state;
	arena = arena_open();
	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, (typed_read(arena, rows[i].field, rows[i].text, &value) != NULL) ==
		    rows[i].flawed);
		assert_row(i, (value == NULL) == (rows[i].value == NULL));
		assert_row(i, value == NULL || strcmp(value, rows[i].value) == 0);
	}
	arena_close(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_read),
		cmocka_unit_test(what_is_no_table_is_told),
		cmocka_unit_test(cells_and_rows_have_limits),
		cmocka_unit_test(rows_across_chunks_are_whole),
		cmocka_unit_test(files_that_change_are_refused),
		cmocka_unit_test(a_callback_that_fails_ends_it),
		cmocka_unit_test(values_are_read_by_their_kind),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
