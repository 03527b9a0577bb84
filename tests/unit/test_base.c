/*
 * The small parts of base/: memory, maps, places, digests, errors, fields.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "base/cipher.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/fields.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/place.h"

/* ---- memory ---- */

static void
arena_gives_aligned_memory(void **state __attribute__((unused)))
{
	static const size_t sizes[] = { 0, 1, 7, 16, 4096, 16384, 3000000, 5 };
	struct arena *arena = arena_open();
	unsigned char *p;
	size_t i, j, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < ROWS(sizes); i++) {
			p = arena_alloc(arena, sizes[i]);
			assert_row(i, (uintptr_t)p % _Alignof(max_align_t) == 0);
			for (j = 0; j < sizes[i]; j++)
				assert_row(i, p[j] == 0);
			memset(p, 0xff, sizes[i]);
		}
		assert_true(arena_size(arena) >= 3000000);
		arena_reset(arena);
		assert_true(arena_size(arena) < 100000);
	}
	arena_close(&arena);
	assert_null(arena);
	arena_close(&arena);
}

static void
arena_copies_texts(void **state __attribute__((unused)))
{
	struct arena *arena = arena_open();

	assert_null(arena_dup(arena, NULL));
	assert_string_equal(arena_dup(arena, ""), "");
	assert_string_equal(arena_dup(arena, "abc"), "abc");
	assert_string_equal(arena_dup_len(arena, "abcdef", 3), "abc");
	assert_string_equal(arena_printf(arena, "%d-%s", 42, "x"), "42-x");
	assert_int_equal(strlen(arena_printf(arena, "%0100000d", 1)), 100000);
	arena_close(&arena);
}

static void
arena_grow_keeps_what_is_there(void **state __attribute__((unused)))
{
	struct arena *arena = arena_open();
	size_t *numbers = NULL, *slot, i;

	for (i = 0; i < 5000; i++) {
		slot = arena_grow(arena, &numbers, i, sizeof(*slot));
		assert_int_equal(*slot, 0);
		*slot = i + 1;
	}
	for (i = 0; i < 5000; i++)
		assert_int_equal(numbers[i], i + 1);
	arena_close(&arena);
}

static void
mem_grow_doubles(void **state __attribute__((unused)))
{
	size_t *numbers = NULL, *slot, i, room = 0;

	for (i = 0; i < 5000; i++) {
		slot = mem_grow(&numbers, i, &room, sizeof(*slot));
		assert_int_equal(*slot, 0);
		*slot = i + 1;
	}
	for (i = 0; i < 5000; i++)
		assert_int_equal(numbers[i], i + 1);
	assert_in_range(room, 5000, 10000);
	mem_free(&numbers);
	assert_null(numbers);
}

static void
buf_always_ends_with_a_nul(void **state __attribute__((unused)))
{
	struct buf buf = BUF_INIT;
	size_t i;
	char *text;

	buf_str(&buf, "");
	assert_string_equal(buf.data, "");
	for (i = 0; i < 1000; i++) {
		buf_char(&buf, 'x');
		assert_int_equal(strlen(buf.data), buf.len);
	}
	buf_reset(&buf);
	assert_string_equal(buf.data, "");
	buf_printf(&buf, "%s %d", "a", 1);
	buf_add(&buf, "\0b", 2);
	assert_memory_equal(buf.data, "a 1\0b", 6);
	assert_int_equal(buf.len, 5);
	memset(buf_reserve(&buf, 100000), 'y', 100000);
	buf.len += 100000;
	buf_char(&buf, 'z');
	assert_int_equal(buf.data[buf.len], '\0');
	text = buf_take(&buf);
	assert_int_equal(text[100005], 'z');
	mem_free(&text);
	assert_null(buf.data);
	text = buf_take(&buf);
	assert_string_equal(text, "");
	mem_free(&text);
	buf_close(&buf);
}

static void
map_remembers_every_key(void **state __attribute__((unused)))
{
	struct map map = MAP_INIT;
	uint64_t count, key, sum, value;
	size_t at;

	assert_false(map_get(&map, 1, &value));
	for (key = 0; key < 100000; key++)
		map_set(&map, key * 4096, key);
	for (key = 0; key < 100000; key++)
		*map_at(&map, key * 4096, 7) += 1;
	for (key = 0; key < 100000; key++) {
		assert_true(map_get(&map, key * 4096, &value));
		assert_int_equal(value, key + 1);
		assert_false(map_get(&map, key * 4096 + 1, &value));
	}
	assert_int_equal(*map_at(&map, 1, 7), 7);
	at = 0;
	count = sum = 0;
	while (map_next(&map, &at, &key, &value)) {
		count++;
		sum += value;
	}
	assert_int_equal(count, 100001);
	assert_int_equal(sum, UINT64_C(100000) * 100001 / 2 + 7);
	map_close(&map);
	assert_false(map_get(&map, 1, &value));
}

/* ---- places ---- */

static void
place_survives_the_store(void **state __attribute__((unused)))
{
	static const struct {
		struct place	 place;
		const char	*joined;
		const char	*lines;
	} rows[] = {
		{ { { NULL } }, NULL, NULL },
		{ { { "HQ" } }, "HQ", NULL },
		{ { { NULL, "1 Rue X\nBât B", "Paris", NULL, "75001", "FR", NULL } },
		    "\x1f" "1 Rue X\nBât B\x1f" "Paris\x1f\x1f" "75001\x1f" "FR",
		    "1 Rue X\nBât B\n75001 Paris\nFR" },
		{ { { NULL, NULL, "Oslo", NULL, NULL, NULL, NULL } }, "\x1f\x1fOslo",
		    "Oslo" },
		{ { { NULL, NULL, NULL, "VIC", "3000", NULL, NULL } },
		    "\x1f\x1f\x1fVIC\x1f" "3000", "3000\nVIC" },
		{ { { NULL, "a", NULL, NULL, NULL, NULL, "raw\ntext" } },
		    "\x1f" "a\x1f\x1f\x1f\x1f\x1fraw\ntext", "raw\ntext" },
	};
	struct arena *arena = arena_open();
	const char *joined, *lines;
	struct place again;
	size_t i, j;

	for (i = 0; i < ROWS(rows); i++) {
		joined = place_join(arena, &rows[i].place);
		assert_row(i, (joined == NULL) == (rows[i].joined == NULL));
		assert_row(i, joined == NULL || strcmp(joined, rows[i].joined) == 0);
		place_split(arena, joined, &again);
		for (j = 0; j < PLACE_N; j++)
			assert_row(i, (again.part[j] == NULL) ==
			    (rows[i].place.part[j] == NULL) && (again.part[j] == NULL ||
			    strcmp(again.part[j], rows[i].place.part[j]) == 0));
		lines = place_lines(arena, &again);
		assert_row(i, (lines == NULL) == (rows[i].lines == NULL));
		assert_row(i, lines == NULL || strcmp(lines, rows[i].lines) == 0);
	}
	place_split(arena, "a\x1f\x1f\x1f\x1f\x1f\x1f" "b\x1f" "too\x1fmany", &again);
	assert_string_equal(again.part[PLACE_RAW], "b");
	again = (struct place){ .part = { [PLACE_NAME] = "a\x1f" "b" } };
	assert_string_equal(place_join(arena, &again), "a b");
	arena_close(&arena);
}

/* ---- digests ---- */

static void
digest_agrees_with_the_standards(void **state __attribute__((unused)))
{
	static const char hook[] = "{\"id\":\"EvtTestVector00000000001\","
	    "\"type\":\"data-changed\",\"data\":{\"integration_id\":"
	    "\"sandbox:Zq4Test7Integration9Aa1\",\"integration_tool\":\"sandbox\","
	    "\"integration_category\":\"HRIS\",\"changed_models\":"
	    "[{\"name\":\"hris_employees\"}]}}";
	uint8_t out[DIGEST_SHA256_SIZE];
	char text[128];

	/* FIPS 180-4 */
	digest_sha256("abc", 3, out);
	assert_string_equal(digest_hex(out, 32, text),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_sha256("", 0, out);
	assert_string_equal(digest_hex(out, 32, text),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_sha1("abc", 3, out);
	assert_string_equal(digest_hex(out, 20, text),
	    "a9993e364706816aba3e25717850c26c9cd0d89d");
	/* RFC 4231, test case 2 */
	digest_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, out);
	assert_string_equal(digest_hex(out, 32, text),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	/* kombo/api.md §8.1 */
	assert_int_equal(strlen(hook), 219);
	digest_hmac_sha256("test-secret-1", 13, hook, strlen(hook), out);
	assert_string_equal(digest_hex(out, 32, text),
	    "ba54dcc9afbb8d7bd7b038014afc419466d8761227832fc7db42b1538381a24e");
	assert_string_equal(digest_base64url(out, 32, text),
	    "ulTcya-7jXvXsDgBSvxBlGbYdhIngy_H20KxU4OBok4");
}

static void
base64_agrees_with_rfc_4648(void **state __attribute__((unused)))
{
	static const struct {
		const char	*plain;
		const char	*base64;
		const char	*url;
	} rows[] = {
		{ "", "", "" }, { "f", "Zg==", "Zg" }, { "fo", "Zm8=", "Zm8" },
		{ "foo", "Zm9v", "Zm9v" }, { "foob", "Zm9vYg==", "Zm9vYg" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "+//+", "-__-" },
	};
	static const char *const broken[] = { "Z", "Zm9vY", "Zh", "Zm9", "Zg==",
		"Zm 9v", "Zm+v", "Zm/v", "Zé" };
	char text[64];
	size_t i, len;

	for (i = 0; i < ROWS(rows); i++) {
		len = strlen(rows[i].plain);
		assert_string_equal(digest_base64(rows[i].plain, len, text),
		    rows[i].base64);
		assert_string_equal(digest_base64url(rows[i].plain, len, text),
		    rows[i].url);
		len = sizeof(text);
		assert_row(i, digest_from_base64url(rows[i].url, text, &len));
		assert_row(i, len == strlen(rows[i].plain));
		assert_memory_equal(text, rows[i].plain, len);
	}
	for (i = 0; i < ROWS(broken); i++) {
		len = sizeof(text);
		assert_row(i, !digest_from_base64url(broken[i], text, &len));
	}
	len = 2;
	assert_false(digest_from_base64url("Zm9v", text, &len));
}

static void
hex_goes_both_ways(void **state __attribute__((unused)))
{
	static const char *const broken[] = { "", "0", "00f", "00fg", "00ff0", "00ff00",
		"0x00", " 0ff" };
	uint8_t bytes[2];
	char text[5];
	size_t i;

	assert_true(digest_from_hex("0AfF", bytes, 2));
	assert_string_equal(digest_hex(bytes, 2, text), "0aff");
	for (i = 0; i < ROWS(broken); i++)
		assert_row(i, !digest_from_hex(broken[i], bytes, 2));
	assert_true(digest_equal("same", "same", 4));
	assert_false(digest_equal("same", "some", 4));
}

static void
uuid_agrees_with_rfc_9562(void **state __attribute__((unused)))
{
	static const char *const broken[] = {
		"", "6ba7b810",
		"6ba7b8109dad11d180b400c04fd430c8",
		"6ba7b810-9dad-11d1-80b4-00c04fd430c",
		"6ba7b810-9dad-11d1-80b4-00c04fd430c8a",
		"6ba7b810-9dad-11d1-80b400-c04fd430c8",
		"{ba7b810-9dad-11d1-80b4-00c04fd430c8",
		"6ba7b810-9dad-11d1-80b4-00c04fd430cg",
	};
	struct uuid again, dns, uuid;
	char text[UUID_TEXT_SIZE];
	size_t i;

	assert_true(uuid_parse("6BA7B810-9dad-11d1-80b4-00c04fd430c8", &dns));
	assert_string_equal(uuid_format(&dns, text),
	    "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
	uuid = uuid_named(&dns, "www.example.com", strlen("www.example.com"));
	assert_string_equal(uuid_format(&uuid, text),
	    "2ed6657d-e927-568b-95e1-2665a8aea6a2");
	for (i = 0; i < ROWS(broken); i++)
		assert_row(i, !uuid_parse(broken[i], &again));
	for (i = 0; i < 100; i++) {
		uuid = uuid_random();
		assert_true(uuid_parse(uuid_format(&uuid, text), &again));
		assert_memory_equal(&uuid, &again, sizeof(uuid));
		assert_int_equal(text[14], '4');
		assert_non_null(strchr("89ab", text[19]));
	}
}

/* ---- errors ---- */

static void
err_is_filled_and_gets_context(void **state __attribute__((unused)))
{
	struct err err = ERR_INIT;
	size_t i;

	assert_int_equal(err_context(&err, "nothing is set"), -1);
	assert_string_equal(err.text, "");
	assert_int_equal(err_set(&err, ERR_NOT_FOUND, "no person %d", 7), -1);
	assert_int_equal(err_context(&err, "source %s", "fr"), -1);
	assert_string_equal(err.text, "source fr: no person 7");
	assert_string_equal(err_kind(err.code)->name, "NOT_FOUND");
	(void)err_set_errno(&err, ERR_SYSTEM, 2, "/x");
	assert_string_equal(err.text, "/x: No such file or directory");
	for (i = 0; i < 300; i++)
		(void)err_context(&err, "some context that is rather long");
	assert_int_equal(strlen(err.text), ERR_TEXT_SIZE - 1);
	(void)err_context(&err, "%2000d", 1);
	assert_in_range(strlen(err.text), ERR_TEXT_SIZE - 3, ERR_TEXT_SIZE - 1);
	err_clear(&err);
	assert_int_equal(err.code, ERR_NONE);
	assert_int_equal(err_set(NULL, ERR_SYSTEM, "nobody listens"), -1);
	assert_int_equal(err_set_errno(NULL, ERR_SYSTEM, 2, "nobody listens"), -1);
}

static void
cipher_opens_what_it_sealed(void **state __attribute__((unused)))
{
	static const uint8_t key[CIPHER_KEY_SIZE] = { 1 }, other[CIPHER_KEY_SIZE] = { 2 };
	static const char plain[] = "whoever reads this has the key";
	uint8_t again[sizeof(plain) + CIPHER_GROWTH], sealed[sizeof(plain) + CIPHER_GROWTH];
	char text[sizeof(plain)];
	size_t i;

	cipher_seal(key, plain, sizeof(plain), sealed);
	cipher_seal(key, plain, sizeof(plain), again);
	assert_memory_equal(sealed, again, sizeof(sealed));
	assert_null(memmem(sealed, sizeof(sealed), "reads", 5));
	assert_true(cipher_open(key, sealed, sizeof(sealed), text));
	assert_string_equal(text, plain);
	assert_false(cipher_open(other, sealed, sizeof(sealed), text));
	for (i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 0x10;
		assert_row(i, !cipher_open(key, sealed, sizeof(sealed), text));
		sealed[i] ^= 0x10;
		assert_row(i, !cipher_open(key, sealed, i, text));
	}
}

static void
err_kinds_are_those_of_the_table(void **state __attribute__((unused)))
{
	enum err_code code;

	for (code = 0; code < ERR_N; code++) {
		assert_non_null(err_kind(code)->name);
		assert_non_null(err_kind(code)->scim_type);
		assert_int_equal(err_kind(code)->exit_status == 0, code == ERR_NONE);
		assert_in_range(err_kind(code)->http_status, 200, 599);
	}
}

/* ---- fields ---- */

static void
field_find_knows_every_field(void **state __attribute__((unused)))
{
	static const struct {
		const char	*word;
		const char	*field;
	} rows[] = {
		{ "phone", "mobile_phone" }, { "postal_address", "home_address" },
		{ "position", "job_title" }, { "job_titel", "job_title" },
		{ "end_date", "termination_date" }, { "managr", "manager" },
		{ "salary", NULL }, { "", NULL },
	};
	const char *suggested;
	enum field_id id;
	size_t i;

	for (id = 0; id < FIELD_N; id++)
		assert_int_equal(field_find(field_get(id)->name), id);
	assert_int_equal(field_find("salary"), FIELD_N);
	for (i = 0; i < ROWS(rows); i++) {
		suggested = field_suggest(rows[i].word);
		assert_row(i, rows[i].field == NULL ? suggested == NULL :
		    suggested != NULL && strcmp(suggested, rows[i].field) == 0);
	}
}

static void
field_allows_what_the_rulings_say(void **state __attribute__((unused)))
{
	static const struct {
		enum field_id	 id;
		const char	*modes;		/* of c i l o */
	} rows[] = {
		{ FIELD_WORK_EMAIL, "ci" }, { FIELD_TERMINATION_DATE, "ci" },
		{ FIELD_MANAGER, "c" }, { FIELD_TEAM, "c" }, { FIELD_GROUPS, "c" },
		{ FIELD_EMPLOYMENT_STATUS, "c" }, { FIELD_DISPLAY_NAME, "c" },
		{ FIELD_JOB_TITLE, "cilo" }, { FIELD_PERSONAL_EMAIL, "cilo" },
	};
	enum field_mode mode;
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		for (mode = 0; mode < MODE_N; mode++)
			assert_row(i, field_allows(rows[i].id, mode) ==
			    (strchr(rows[i].modes, field_mode_name(mode)[0]) != NULL));
	for (mode = 0; mode < MODE_N; mode++)
		assert_int_equal(field_mode_find(field_mode_name(mode)), mode);
	assert_int_equal(field_mode_find("sometimes"), MODE_N);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_aligned_memory),
		cmocka_unit_test(arena_copies_texts),
		cmocka_unit_test(arena_grow_keeps_what_is_there),
		cmocka_unit_test(mem_grow_doubles),
		cmocka_unit_test(buf_always_ends_with_a_nul),
		cmocka_unit_test(map_remembers_every_key),
		cmocka_unit_test(place_survives_the_store),
		cmocka_unit_test(digest_agrees_with_the_standards),
		cmocka_unit_test(base64_agrees_with_rfc_4648),
		cmocka_unit_test(hex_goes_both_ways),
		cmocka_unit_test(uuid_agrees_with_rfc_9562),
		cmocka_unit_test(err_is_filled_and_gets_context),
		cmocka_unit_test(cipher_opens_what_it_sealed),
		cmocka_unit_test(err_kinds_are_those_of_the_table),
		cmocka_unit_test(field_find_knows_every_field),
		cmocka_unit_test(field_allows_what_the_rulings_say),
	};

	return (cmocka_run_group_tests_name("base", tests, NULL, NULL));
}
