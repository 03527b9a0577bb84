/*
 * Owns nothing: the text is the caller's.
 */
#include "config.h"

#include "scim/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define BLANKS		" \t\r\n"
#define ENDS		BLANKS "()[]"
#define QUOTED_COLUMNS	40

/* ---- errors -------------------------------------------------------------- */

/* Characters before a place, from 1: what a person counts. */
static size_t
lexer_column(const struct lexer *lexer, const char *at)
{
	const char *p;
	size_t n;

	for (p = lexer->text, n = 1; p < at; p++)
		n += (*p & 0xc0) != 0x80;
	return (n);
}

int
lexer_fail(const struct lexer *lexer, const char *at, struct err *err, const char *fmt,
    ...)
{
	char text[ERR_TEXT_SIZE / 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (*at == '\0')
		return (err_set(err, ERR_SCIM_FILTER, "%s, at the end of the filter",
		    text));
	return (err_set(err, ERR_SCIM_FILTER, "%s, at character %zu: %.*s", text,
	    lexer_column(lexer, at), (int)text_fit(at, QUOTED_COLUMNS), at));
}

/* ---- words --------------------------------------------------------------- */

size_t
lexer_blanks(struct lexer *lexer)
{
	size_t n;

	n = strspn(lexer->at, BLANKS);
	lexer->at += n;
	return (n);
}

bool
lexer_take(struct lexer *lexer, char c)
{
	if (*lexer->at != c)
		return (false);
	lexer->at++;
	return (true);
}

struct span
lexer_peek(const struct lexer *lexer)
{
	return ((struct span){ lexer->at, strcspn(lexer->at, ENDS) });
}

bool
lexer_take_word(struct lexer *lexer, const char *word)
{
	struct span next = lexer_peek(lexer);

	if (next.len != strlen(word) || strncasecmp(next.text, word, next.len) != 0)
		return (false);
	lexer->at += next.len;
	return (true);
}

/* ---- strings ------------------------------------------------------------- */

/* Four hexadecimal digits, or -1. */
static long
lexer_hex(const char *text)
{
	char digits[5];

	if (strspn(text, "0123456789abcdefABCDEF") < 4)
		return (-1);
	memcpy(digits, text, 4);
	digits[4] = '\0';
	return (strtol(digits, NULL, 16));
}

static char *
utf8_put(char *out, long c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return (out);
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 63));
		}
		*out++ = (char)(0x80 | (c >> 6 & 63));
	}
	*out++ = (char)(0x80 | (c & 63));
	return (out);
}

/* Behind "\u": one code point, a pair of surrogates together. NULL when it is none. */
static char *
lexer_unicode(struct lexer *lexer, char *out)
{
	long c, low;

	c = lexer_hex(lexer->at);
	if (c <= 0 || (c >= 0xdc00 && c <= 0xdfff))
		return (NULL);
	lexer->at += 4;
	if (c >= 0xd800 && c <= 0xdbff) {
		if (strncmp(lexer->at, "\\u", 2) != 0)
			return (NULL);
		low = lexer_hex(lexer->at + 2);
		if (low < 0xdc00 || low > 0xdfff)
			return (NULL);
		lexer->at += 6;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	return (utf8_put(out, c));
}

/* Behind a backslash. NULL when JSON has no such escape. */
static char *
lexer_escape(struct lexer *lexer, char *out)
{
	static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	const char *pair;

	if (lexer_take(lexer, 'u'))
		return (lexer_unicode(lexer, out));
	for (pair = letters; *pair != '\0'; pair += 2) {
		if (lexer_take(lexer, *pair)) {
			*out++ = pair[1];
			return (out);
		}
	}
	return (NULL);
}

/* Bytes up to the closing quote, or the end. */
static size_t
lexer_string_len(const struct lexer *lexer)
{
	const char *p;

	for (p = lexer->at; *p != '\0' && *p != '"'; p++)
		p += *p == '\\' && p[1] != '\0';
	return ((size_t)(p - lexer->at));
}

/* Behind the opening quote. */
static int
lexer_string(struct lexer *lexer, struct arena *arena, struct literal *literal,
    struct err *err)
{
	const char *at;
	char *out, *start;

	literal->kind = LITERAL_STRING;
	/* Decoding never makes it longer. */
	start = out = arena_alloc(arena, lexer_string_len(lexer) + 1);
	while (!lexer_take(lexer, '"')) {
		at = lexer->at;
		if ((unsigned char)*at < 0x20)
			return (lexer_fail(lexer, at, err, *at == '\0' ?
			    "the string is not closed by \"" :
			    "a control character stands in a string"));
		lexer->at++;
		if (*at != '\\') {
			*out++ = *at;
			continue;
		}
		out = lexer_escape(lexer, out);
		if (out == NULL)
			return (lexer_fail(lexer, at, err, "JSON has no such escape"));
	}
	literal->text = (struct span){ start, (size_t)(out - start) };
	return (0);
}

/* ---- values -------------------------------------------------------------- */

/* RFC 8259 §6. */
static bool
span_is_number(struct span span)
{
	const char *end = span.text + span.len, *p = span.text;
	size_t digits;

	p += p < end && *p == '-';
	digits = strspn(p, "0123456789");
	if (digits == 0 || (*p == '0' && digits > 1))
		return (false);
	p += digits;
	if (p < end && *p == '.') {
		digits = strspn(p + 1, "0123456789");
		if (digits == 0)
			return (false);
		p += 1 + digits;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		p += *p == '+' || *p == '-';
		digits = strspn(p, "0123456789");
		if (digits == 0)
			return (false);
		p += digits;
	}
	return (p == end);
}

static enum literal_kind
literal_kind(struct span word)
{
	static const struct {
		const char		*text;
		enum literal_kind	 kind;
	} names[] = {
		{ "null", LITERAL_NULL },
		{ "true", LITERAL_TRUE },
		{ "false", LITERAL_FALSE },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].text) == word.len &&
		    memcmp(names[i].text, word.text, word.len) == 0)
			return (names[i].kind);
	return (span_is_number(word) ? LITERAL_NUMBER : LITERAL_WORD);
}

int
lexer_literal(struct lexer *lexer, struct arena *arena, struct literal *literal,
    struct err *err)
{
	*literal = (struct literal){ .at = lexer->at };
	if (lexer_take(lexer, '"')) {
		if (lexer_string(lexer, arena, literal, err) < 0)
			return (-1);
	} else {
		literal->text = lexer_peek(lexer);
		literal->kind = literal_kind(literal->text);
		if (literal->text.len == 0)
			return (lexer_fail(lexer, lexer->at, err,
			    "a value is missing"));
		if (*literal->text.text == '\'')
			return (lexer_fail(lexer, lexer->at, err,
			    "strings stand between double quotes"));
		lexer->at += literal->text.len;
	}
	if (*lexer->at != '\0' && strchr(BLANKS ")]", *lexer->at) == NULL)
		return (lexer_fail(lexer, lexer->at, err,
		    "a blank is missing behind the value"));
	return (0);
}
