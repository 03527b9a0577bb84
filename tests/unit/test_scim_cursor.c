/*
 * Cursors: what one keeps, what it is bound to, and that nobody else can make or change
 * one.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "base/clock.h"
#include "scim/cursor.h"

static const uint8_t cursor_key_one[CIPHER_KEY_SIZE] = "one";
static const uint8_t cursor_key_two[CIPHER_KEY_SIZE] = "two";
static const struct uuid cursor_epoch_one = { { 1 } }, cursor_epoch_two = { { 2 } };

static const struct cursor_bond cursor_bond = {
	.key = cursor_key_one, .epoch = &cursor_epoch_one, .query = 42, .count = 100,
	.now = 1000 * CLOCK_SECOND, .timeout = CLOCK_HOUR,
};

static const struct sort_key cursor_by_id = { .kind = SORT_ID, .id = 7 };

/* ---- what it keeps ------------------------------------------------------- */

static void
cursor_check(size_t row, const struct sort_key *key)
{
	struct arena *arena = arena_open();
	struct buf text = BUF_INIT;
	struct err err = ERR_INIT;
	struct sort_key got;

	cursor_write(&text, &cursor_bond, key);
	assert_row(row, strspn(text.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_") == text.len);
	assert_row(row, cursor_read(arena, &cursor_bond, text.data, &got, &err) == 0);
	assert_row(row, got.kind == key->kind && got.id == key->id);
	if (key->kind == SORT_INSTANT)
		assert_row(row, got.instant == key->instant);
	if (key->kind == SORT_TEXT)
		assert_row(row, got.text.len == key->text.len &&
		    memcmp(got.text.text, key->text.text, key->text.len) == 0);
	buf_close(&text);
	arena_close(&arena);
}

static void
cursor_keeps_a_place(void **state __attribute__((unused)))
{
	char longest[SORT_TEXT_MAX];
	const struct sort_key keys[] = {
		cursor_by_id,
		{ .kind = SORT_ID, .id = UINT32_MAX },
		{ .kind = SORT_MISSING, .id = 1 },
		{ .kind = SORT_INSTANT, .id = 2, .instant = -62135596800000000 },
		{ .kind = SORT_INSTANT, .id = 2, .instant = INT64_MAX },
		{ .kind = SORT_TEXT, .id = 3, .text = { "", 0 } },
		{ .kind = SORT_TEXT, .id = 4, .text = { "straße\0x", 9 } },
		{ .kind = SORT_TEXT, .id = 5, .text = { longest, sizeof(longest) } },
	};
	size_t i;

	memset(longest, 'x', sizeof(longest));
	for (i = 0; i < ROWS(keys); i++)
		cursor_check(i, &keys[i]);
}

static void
cursor_keeps_the_hash_of_a_long_text(void **state __attribute__((unused)))
{
	struct arena *arena = arena_open();
	struct buf text = BUF_INIT;
	struct err err = ERR_INIT;
	char value[SORT_TEXT_MAX + 1];
	struct sort_key got, key = { .kind = SORT_TEXT, .id = 9,
		.text = { value, sizeof(value) } };

	memset(value, 'x', sizeof(value));
	cursor_write(&text, &cursor_bond, &key);
	assert_int_equal(cursor_read(arena, &cursor_bond, text.data, &got, &err), 0);
	assert_int_equal(got.kind, SORT_LONG);
	assert_true(got.instant == (int64_t)hash64(value, sizeof(value)));
	assert_true(text.len < 200);
	buf_close(&text);
	arena_close(&arena);
}

/* ---- what it is bound to ------------------------------------------------- */

static void
cursor_is_bound(void **state __attribute__((unused)))
{
	static const struct {
		const uint8_t		*key;
		const struct uuid	*epoch;
		uint64_t		 query;
		int64_t			 count;
		int64_t			 age;
		enum err_code		 code;
	} rows[] = {
		{ cursor_key_one, &cursor_epoch_one, 42, 100, 0, ERR_NONE },
		{ cursor_key_one, &cursor_epoch_one, 42, 100, CLOCK_HOUR, ERR_NONE },
		{ cursor_key_one, &cursor_epoch_one, 42, 100, -1, ERR_NONE },
		{ cursor_key_one, &cursor_epoch_one, 42, 100, CLOCK_HOUR + 1,
		    ERR_SCIM_EXPIRED },
		{ cursor_key_one, &cursor_epoch_two, 42, 100, 0, ERR_SCIM_EXPIRED },
		{ cursor_key_two, &cursor_epoch_one, 42, 100, 0, ERR_SCIM_CURSOR },
		{ cursor_key_two, &cursor_epoch_two, 42, 100, 0, ERR_SCIM_CURSOR },
		{ cursor_key_one, &cursor_epoch_one, 43, 100, 0, ERR_SCIM_CURSOR },
		{ cursor_key_one, &cursor_epoch_one, 42, 99, 0, ERR_SCIM_COUNT },
		{ cursor_key_one, &cursor_epoch_one, 42, -1, 0, ERR_SCIM_COUNT },
	};
	struct arena *arena = arena_open();
	struct buf text = BUF_INIT;
	struct cursor_bond bond;
	struct sort_key got;
	struct err err;
	size_t i;

	cursor_write(&text, &cursor_bond, &cursor_by_id);
	for (i = 0; i < ROWS(rows); i++) {
		bond = (struct cursor_bond){ .key = rows[i].key,
			.epoch = rows[i].epoch, .query = rows[i].query,
			.count = rows[i].count, .now = cursor_bond.now + rows[i].age,
			.timeout = CLOCK_HOUR };
		err = (struct err)ERR_INIT;
		(void)cursor_read(arena, &bond, text.data, &got, &err);
		assert_row(i, err.code == rows[i].code);
	}
	buf_close(&text);
	arena_close(&arena);
}

/* ---- what nobody made here ----------------------------------------------- */

static bool
cursor_is_refused(const char *text)
{
	struct arena *arena = arena_open();
	struct err err = ERR_INIT;
	struct sort_key got;
	int result;

	result = cursor_read(arena, &cursor_bond, text, &got, &err);
	arena_close(&arena);
	return (result < 0 && err.code == ERR_SCIM_CURSOR);
}

static void
cursor_refuses_every_change(void **state __attribute__((unused)))
{
	struct buf text = BUF_INIT;
	char was;
	size_t i;

	cursor_write(&text, &cursor_bond, &cursor_by_id);
	for (i = 0; i < text.len; i++) {
		was = text.data[i];
		text.data[i] = was == 'A' ? 'B' : 'A';
		assert_row(i, cursor_is_refused(text.data));
		text.data[i] = '\0';
		assert_row(i, cursor_is_refused(text.data));
		text.data[i] = was;
	}
	assert_false(cursor_is_refused(text.data));
	buf_char(&text, 'A');
	assert_true(cursor_is_refused(text.data));
	buf_close(&text);
}

static void
cursor_refuses_nonsense(void **state __attribute__((unused)))
{
	static const char *const texts[] = { "", "x", "====", "1", "null", "%00", "é",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
	char *longest;
	size_t i;

	for (i = 0; i < ROWS(texts); i++)
		assert_row(i, cursor_is_refused(texts[i]));
	longest = mem_alloc(100001);
	memset(longest, 'A', 100000);
	assert_true(cursor_is_refused(longest));
	mem_free(&longest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursor_keeps_a_place),
		cmocka_unit_test(cursor_keeps_the_hash_of_a_long_text),
		cmocka_unit_test(cursor_is_bound),
		cmocka_unit_test(cursor_refuses_every_change),
		cmocka_unit_test(cursor_refuses_nonsense),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
