/*
 * Owns the process's ICU normaliser (shared, immutable) and its transliterator (one user at a
 * time). Plain ASCII, the common case, never reaches ICU.
 */
#include "config.h"

#include "base/text.h"

#include <string.h>

#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

#define DISTANCE_LONGEST 64

static bool
text_is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return (false);
	return (true);
}

char *
text_digits(char *out, uint64_t number, unsigned int width)
{
	unsigned int i;

	for (i = width; i > 0; number /= 10)
		out[--i] = (char)('0' + number % 10);
	return (out + width);
}

bool
text_valid(const char *bytes, size_t len)
{
	int32_t i, n;
	UChar32 c;

	if (len > INT32_MAX)
		return (false);
	n = (int32_t)len;
	for (i = 0; i < n;) {
		if (bytes[i] == '\0')
			return (false);
		U8_NEXT(bytes, i, n, c);
		if (c < 0)
			return (false);
	}
	return (true);
}

/* Finds the trimmed part of text: *start bytes from the beginning, returns its length. */
static size_t
text_trim(const char *text, size_t len, size_t *start)
{
	int32_t i, at, n;
	UChar32 c;

	n = (int32_t)len;
	for (i = 0; i < n;) {
		at = i;
		U8_NEXT(text, i, n, c);
		if (!u_isUWhiteSpace(c)) {
			i = at;
			break;
		}
	}
	*start = (size_t)i;
	while (n > i) {
		at = n;
		U8_PREV(text, i, at, c);
		if (!u_isUWhiteSpace(c))
			break;
		n = at;
	}
	return ((size_t)(n - i));
}

/* UTF-8 to UTF-16 in the arena; *len gets the number of units. NULL when it does not fit. */
static UChar *
text_wide(struct arena *arena, const char *text, size_t bytes, int32_t *len)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar *wide;

	wide = arena_alloc(arena, (bytes + 1) * sizeof(*wide));
	u_strFromUTF8(wide, (int32_t)bytes + 1, len, text, (int32_t)bytes, &status);
	return (U_FAILURE(status) ? NULL : wide);
}

static const char *
text_narrow(struct arena *arena, const UChar *wide, int32_t len)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t room;
	char *text;

	room = len * 3 + 1;
	text = arena_alloc(arena, (size_t)room);
	u_strToUTF8(text, room, NULL, wide, len, &status);
	return (U_FAILURE(status) ? NULL : text);
}

/* NFC of `bytes` bytes of text, in the arena. */
static const char *
text_nfc(struct arena *arena, const char *text, size_t bytes)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfc;
	UChar *wide, *composed;
	int32_t len, room;

	wide = text_wide(arena, text, bytes, &len);
	nfc = unorm2_getNFCInstance(&status);
	if (wide == NULL || U_FAILURE(status))
		return (arena_dup_len(arena, text, bytes));
	if (unorm2_isNormalized(nfc, wide, len, &status) && U_SUCCESS(status))
		return (arena_dup_len(arena, text, bytes));
	room = len * 3 + 1;
	composed = arena_alloc(arena, (size_t)room * sizeof(*composed));
	len = unorm2_normalize(nfc, wide, len, composed, room, &status);
	if (U_FAILURE(status))
		return (arena_dup_len(arena, text, bytes));
	return (text_narrow(arena, composed, len));
}

const char *
text_clean(struct arena *arena, const char *text)
{
	size_t len, start, trimmed;

	if (text == NULL)
		return (NULL);
	len = strlen(text);
	trimmed = text_trim(text, len, &start);
	if (trimmed == 0)
		return (NULL);
	if (text_is_ascii(text)) {
		if (trimmed == len)
			return (text);
		return (arena_dup_len(arena, text + start, trimmed));
	}
	return (text_nfc(arena, text + start, trimmed));
}

static const char *
text_ascii_lower(struct arena *arena, const char *text)
{
	char *copy, *p;

	copy = arena_dup(arena, text);
	for (p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	return (copy);
}

const char *
text_lower(struct arena *arena, const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar *wide, *lower;
	int32_t len, room;

	if (text == NULL)
		return (NULL);
	if (text_is_ascii(text))
		return (text_ascii_lower(arena, text));
	wide = text_wide(arena, text, strlen(text), &len);
	if (wide == NULL)
		return (arena_dup(arena, text));
	room = len * 3 + 1;
	lower = arena_alloc(arena, (size_t)room * sizeof(*lower));
	len = u_strToLower(lower, room, wide, len, "", &status);
	return (U_FAILURE(status) ? arena_dup(arena, text) : text_narrow(arena, lower, len));
}

const char *
text_fold(struct arena *arena, const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar *wide, *folded;
	const char *clean, *narrow;
	int32_t len, room;

	clean = text_clean(arena, text);
	if (clean == NULL)
		return (text == NULL ? NULL : "");
	if (text_is_ascii(clean))
		return (text_ascii_lower(arena, clean));
	wide = text_wide(arena, clean, strlen(clean), &len);
	if (wide == NULL)
		return (clean);
	room = len * 3 + 1;
	folded = arena_alloc(arena, (size_t)room * sizeof(*folded));
	len = u_strFoldCase(folded, room, wide, len, U_FOLD_CASE_DEFAULT, &status);
	if (U_FAILURE(status))
		return (clean);
	narrow = text_narrow(arena, folded, len);
	return (narrow == NULL ? clean : text_nfc(arena, narrow, strlen(narrow)));
}

/* Fullwidth and halfwidth characters become what they are a form of. */
static UChar *
text_usual_width(struct arena *arena, const UChar *wide, int32_t *len)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfkd;
	UChar *out;
	int32_t at, done, form, n;
	UChar32 c;

	nfkd = unorm2_getNFKCInstance(&status);
	out = arena_alloc(arena, ((size_t)*len * 2 + 1) * sizeof(*out));
	for (at = n = 0; at < *len;) {
		done = at;
		U16_NEXT(wide, at, *len, c);
		form = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);
		if (U_SUCCESS(status) && (form == U_DT_WIDE || form == U_DT_NARROW)) {
			n += unorm2_getRawDecomposition(nfkd, c, out + n, 2, &status);
		} else {
			memcpy(out + n, wide + done, (size_t)(at - done) * sizeof(*out));
			n += at - done;
		}
	}
	*len = n;
	return (out);
}

const char *
text_username(struct arena *arena, const char *text)
{
	const char *lower, *usual;
	UChar *wide;
	int32_t len;

	if (text_is_ascii(text))
		return (text_ascii_lower(arena, text));
	wide = text_wide(arena, text, strlen(text), &len);
	if (wide == NULL)
		return (text);
	wide = text_usual_width(arena, wide, &len);
	usual = text_narrow(arena, wide, len);
	lower = text_lower(arena, usual != NULL ? usual : text);
	return (text_nfc(arena, lower, strlen(lower)));
}

/* Makes every run of blanks one space, none at the ends; in place. */
static const char *
text_squeeze(char *text)
{
	const char *from;
	char *to;

	to = text;
	for (from = text; *from != '\0'; from++) {
		if (*from != ' ')
			*to++ = *from;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
	return (text);
}

const char *
text_match(struct arena *arena, const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *match;
	UChar *wide, *folded;
	const char *narrow;
	int32_t i, len, room;

	if (text == NULL)
		return (NULL);
	wide = text_wide(arena, text, strlen(text), &len);
	match = unorm2_getNFKCCasefoldInstance(&status);
	if (wide == NULL || U_FAILURE(status))
		return (text_fold(arena, text));
	room = len * 18 + 1;
	folded = arena_alloc(arena, (size_t)room * sizeof(*folded));
	len = unorm2_normalize(match, wide, len, folded, room, &status);
	if (U_FAILURE(status))
		return (text_fold(arena, text));
	for (i = 0; i < len; i++)
		if (u_isUWhiteSpace(folded[i]))
			folded[i] = ' ';
	narrow = text_narrow(arena, folded, len);
	return (narrow == NULL ? text_fold(arena, text) :
	    text_squeeze(arena_dup(arena, narrow)));
}

static UTransliterator *
text_transliterator(void)
{
	static const UChar id[] = u"Any-Latin; Latin-ASCII; Lower";
	static UTransliterator *latin;
	UErrorCode status = U_ZERO_ERROR;

	if (latin == NULL)
		latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	return (U_FAILURE(status) ? NULL : latin);
}

/* Keeps [a-z0-9._-] of an ASCII text, in place. */
static char *
text_keep_plain(char *text)
{
	const char *from;
	char *to;

	to = text;
	for (from = text; *from != '\0'; from++) {
		char c = *from;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    strchr("._-", c) != NULL)
			*to++ = c;
	}
	*to = '\0';
	return (text);
}

const char *
text_ascii(struct arena *arena, const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	UTransliterator *latin;
	UChar *wide, *room;
	const char *plain;
	int32_t capacity, len, limit;

	if (text_is_ascii(text))
		return (text_keep_plain(arena_dup(arena, text)));
	wide = text_wide(arena, text, strlen(text), &len);
	latin = text_transliterator();
	if (wide == NULL || latin == NULL)
		return (text_keep_plain(arena_dup(arena, text)));
	capacity = len * 8 + 32;
	room = arena_alloc(arena, (size_t)capacity * sizeof(*room));
	u_memcpy(room, wide, len);
	limit = len;
	utrans_transUChars(latin, room, &len, capacity, 0, &limit, &status);
	plain = U_FAILURE(status) ? NULL : text_narrow(arena, room, len);
	return (text_keep_plain(arena_dup(arena, plain != NULL ? plain : text)));
}

static int
text_char_columns(UChar32 c)
{
	int width;

	switch (u_charType(c)) {
	case U_NON_SPACING_MARK:
	case U_ENCLOSING_MARK:
	case U_FORMAT_CHAR:
	case U_CONTROL_CHAR:
		return (0);
	}
	width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
	return (width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1);
}

size_t
text_columns(const char *text)
{
	size_t columns;
	int32_t i, n;
	UChar32 c;

	columns = 0;
	n = (int32_t)strlen(text);
	for (i = 0; i < n;) {
		U8_NEXT(text, i, n, c);
		if (c >= 0)
			columns += (size_t)text_char_columns(c);
	}
	return (columns);
}

size_t
text_fit(const char *text, size_t columns)
{
	size_t used, width;
	int32_t at, i, n;
	UChar32 c;

	used = 0;
	n = (int32_t)strlen(text);
	for (i = 0; i < n;) {
		at = i;
		U8_NEXT(text, i, n, c);
		width = c < 0 ? 0 : (size_t)text_char_columns(c);
		if (used + width > columns)
			return ((size_t)at);
		used += width;
	}
	return ((size_t)n);
}

unsigned int
text_distance(const char *a, const char *b)
{
	unsigned int row[DISTANCE_LONGEST + 1], cost, diagonal, left, up;
	size_t i, j, n;

	n = strlen(b);
	if (n > DISTANCE_LONGEST || strlen(a) > DISTANCE_LONGEST)
		return (DISTANCE_LONGEST);
	for (j = 0; j <= n; j++)
		row[j] = (unsigned int)j;
	for (i = 0; a[i] != '\0'; i++) {
		diagonal = row[0];
		row[0] = (unsigned int)i + 1;
		for (j = 0; j < n; j++) {
			up = row[j + 1] + 1;
			left = row[j] + 1;
			cost = diagonal + (a[i] != b[j]);
			diagonal = row[j + 1];
			row[j + 1] = up < left ? up : left;
			if (cost < row[j + 1])
				row[j + 1] = cost;
		}
	}
	return (row[n]);
}
