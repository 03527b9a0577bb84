/*
 * base/text.h: names in many scripts.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Pairs of what goes in and what must come out; NULL stands for NULL. */
struct pair {
	const char	*in;
	const char	*out;
};

static void
pairs_check(const struct pair *pairs, size_t count,
    const char *(*convert)(struct arena *, const char *))
{
	struct arena *arena = arena_open();
	const char *out;
	size_t i;

	for (i = 0; i < count; i++) {
		out = convert(arena, pairs[i].in);
		if (out == NULL || pairs[i].out == NULL)
			assert_row(i, out == pairs[i].out);
		else if (strcmp(out, pairs[i].out) != 0)
			fail_msg("row %zu: \"%s\" became \"%s\", not \"%s\"", i,
			    pairs[i].in, out, pairs[i].out);
	}
	arena_close(&arena);
	assert_null(arena);
}

static void
text_valid_is_strict(void **state __attribute__((unused)))
{
	static const struct {
		const char	*bytes;
		size_t		 len;
		bool		 valid;
	} rows[] = {
		{ "", 0, true },
		{ "plain", 5, true },
		{ "\xc3\xa9", 2, true },
		{ "\xed\x9f\xbf", 3, true },
		{ "\xf4\x8f\xbf\xbf", 4, true },
		{ "\xf0\x9f\x98\x80", 4, true },
		{ "a\0b", 3, false },
		{ "\xc0\x80", 2, false },		/* overlong NUL */
		{ "\xe0\x80\xaf", 3, false },		/* overlong slash */
		{ "\xf0\x80\x80\x80", 4, false },
		{ "\xed\xa0\x80", 3, false },		/* a surrogate */
		{ "\xf4\x90\x80\x80", 4, false },	/* beyond U+10FFFF */
		{ "\xfe\xff", 2, false },
		{ "\xc3", 1, false },
		{ "a\xe2\x82", 3, false },
		{ "\x80", 1, false },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		assert_row(i, text_valid(rows[i].bytes, rows[i].len) == rows[i].valid);
}

static void
text_clean_trims_and_composes(void **state __attribute__((unused)))
{
	static const struct pair pairs[] = {
		{ NULL, NULL },
		{ "", NULL },
		{ " \t\r\n", NULL },
		/* NBSP, U+3000, U+2028 */
		{ "\xc2\xa0\xe3\x80\x80\xe2\x80\xa8", NULL },
		{ "Ada", "Ada" },
		{ "  Ada  King ", "Ada  King" },
		{ "\xc2\xa0" "Ada\xe2\x80\x83", "Ada" },
		{ "e\xcc\x81", "é" },
		{ " Ame\xcc\x81lie ", "Amélie" },
		{ "\xe1\x84\x80\xe1\x85\xb5\xe1\x86\xb7", "김" },	/* Jamo */
		{ "\xe2\x84\xab", "Å" },			/* the Ångström sign */
		{ "が", "が" },
		{ "\xe3\x81\x8b\xe3\x82\x99", "が" },
		{ "ﬁ", "ﬁ" },				/* compatibility stays */
		/* a blank of no width is no white space */
		{ "\xe2\x80\x8b", "\xe2\x80\x8b" },
		{ "محمد", "محمد" },
	};

	pairs_check(pairs, ROWS(pairs), text_clean);
}

static void
text_fold_makes_names_comparable(void **state __attribute__((unused)))
{
	static const struct pair pairs[] = {
		{ NULL, NULL },
		{ "", "" },
		{ "  ", "" },
		{ " ACME SAS ", "acme sas" },
		{ "Straße", "strasse" },
		{ "STRASSE", "strasse" },
		{ "GROẞ", "gross" },
		{ "ΣΊΣΥΦΟΣ", "σίσυφοσ" },
		{ "σίσυφος", "σίσυφοσ" },
		{ "ИВАНОВ", "иванов" },
		{ "ԵՐԵՎԱՆ", "երեվան" },
		{ "E\xcc\x81" "cole", "école" },
		{ "ÉCOLE", "école" },
		{ "ﬀ", "ff" },
		{ "İ", "i\xcc\x87" },
		{ "ı", "ı" },
		{ "東京", "東京" },
		{ "Melbourne  Office", "melbourne  office" },
	};

	pairs_check(pairs, ROWS(pairs), text_fold);
}

static void
text_fold_of_itself_changes_nothing(void **state __attribute__((unused)))
{
	static const char *const names[] = { "Straße", "ΣΊΣΥΦΟΣ", "İstanbul", "ﬃ",
		"ᾳ", "ŉ", "ǰ", "Ꭰ", "ꭰ", "A\xcc\x8a", "\xe1\x84\x80\xe1\x85\xa1", "ẞ" };
	struct arena *arena = arena_open();
	const char *once;
	size_t i;

	for (i = 0; i < ROWS(names); i++) {
		once = text_fold(arena, names[i]);
		assert_string_equal(text_fold(arena, once), once);
		assert_true(text_valid(once, strlen(once)));
	}
	arena_close(&arena);
}

static void
text_lower_knows_no_language(void **state __attribute__((unused)))
{
	static const struct pair pairs[] = {
		{ NULL, NULL },
		{ "", "" },
		{ "Ada.KING@Example.COM", "ada.king@example.com" },
		{ "ÉCOLE@EXAMPLE.FR", "école@example.fr" },
		{ "IT", "it" },			/* not the Turkish ı */
		{ "ΣΑΣ", "σας" },
		{ "Straße", "straße" },
	};

	pairs_check(pairs, ROWS(pairs), text_lower);
}

static void
text_username_is_that_of_precis(void **state __attribute__((unused)))
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ " Ada@Example.COM ", " ada@example.com " },
		{ "Straße", "straße" },
		{ "STRASSE", "strasse" },
		{ "GROẞ", "groß" },
		{ "Ame\xcc\x81lie", "amélie" },
		{ "ＡＤＡ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com" },
		{ "ｶﾞ", "ガ" },
		{ "￦１", "₩1" },
		{ "ﬁ", "ﬁ" },			/* compatibility, but not of width */
		{ "𝒜", "𝒜" },
		{ "ИВАНОВ", "иванов" },
	};

	pairs_check(pairs, ROWS(pairs), text_username);
}

static void
text_ascii_reads_every_script(void **state __attribute__((unused)))
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ "Ada King", "adaking" },
		{ "o.neill-smith_2", "o.neill-smith_2" },
		{ "O'Neill", "oneill" },
		{ "O’Neill", "oneill" },
		{ "Jürgen Müller", "jurgenmuller" },
		{ "Straße", "strasse" },
		{ "Łukasz", "lukasz" },
		{ "Æsir Ødegård", "aesirodegard" },
		{ "Ñandú", "nandu" },
		{ "Đặng Thị", "dangthi" },
		{ "İstanbul ı", "istanbuli" },
		{ "e\xcc\x81", "e" },
		{ "Иванов", "ivanov" },
		{ "Παπαδόπουλος", "papadopoulos" },
		{ "Հովհաննիսյան", "hovhannisyan" },
		{ "გიორგი", "giorgi" },
		{ "王小明", "wangxiaoming" },
		{ "さくら", "sakura" },
		{ "カタカナ", "katakana" },
		{ "김철수", "gimcheolsu" },
		{ "محمد", "mhmd" },
		{ "כהן", "khn" },
		{ "शर्मा", "sarma" },
		{ "తెలుగు", "telugu" },
		{ "สมชาย", "smchay" },
		{ "አበበ", "ababa" },
		{ "ﬁ ⅷ", "fiviii" },
		{ "😀", "" },
		{ "/../etc", "..etc" },
	};

	pairs_check(pairs, ROWS(pairs), text_ascii);
}

static void
text_columns_are_those_of_a_terminal(void **state __attribute__((unused)))
{
	static const struct {
		const char	*text;
		size_t		 columns;
		size_t		 room;
		size_t		 fit;	/* bytes */
	} rows[] = {
		{ "", 0, 5, 0 },
		{ "abc", 3, 2, 2 },
		{ "abc", 3, 3, 3 },
		{ "é", 1, 1, 2 },
		{ "e\xcc\x81x", 2, 1, 3 },
		{ "日本", 4, 3, 3 },
		{ "日本", 4, 0, 0 },
		{ "김철수", 6, 5, 6 },
		{ "a\tb", 2, 2, 3 },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, text_columns(rows[i].text) == rows[i].columns);
		assert_row(i, text_fit(rows[i].text, rows[i].room) == rows[i].fit);
	}
}

static void
text_distance_counts_edits(void **state __attribute__((unused)))
{
	static const struct {
		const char	*a;
		const char	*b;
		unsigned int	 distance;
	} rows[] = {
		{ "", "", 0 }, { "", "abc", 3 }, { "abc", "", 3 }, { "abc", "abc", 0 },
		{ "kitten", "sitting", 3 }, { "intervall", "interval", 1 },
		{ "tikc", "tick", 2 }, { "a", "b", 1 },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    "a", 64 },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, text_distance(rows[i].a, rows[i].b) == rows[i].distance);
		assert_row(i, text_distance(rows[i].b, rows[i].a) == rows[i].distance);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_valid_is_strict),
		cmocka_unit_test(text_clean_trims_and_composes),
		cmocka_unit_test(text_fold_makes_names_comparable),
		cmocka_unit_test(text_fold_of_itself_changes_nothing),
		cmocka_unit_test(text_lower_knows_no_language),
		cmocka_unit_test(text_username_is_that_of_precis),
		cmocka_unit_test(text_ascii_reads_every_script),
		cmocka_unit_test(text_columns_are_those_of_a_terminal),
		cmocka_unit_test(text_distance_counts_edits),
	};

	return (cmocka_run_group_tests_name("text", tests, NULL, NULL));
}
