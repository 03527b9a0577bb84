/*
 * Text as people's names need it: UTF-8, NFC, case folding, transliteration (ICU).
 */
#ifndef ROLLCALL_BASE_TEXT_H
#define ROLLCALL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/* True when the bytes are well-formed UTF-8 (RFC 3629) without NUL. */
bool	 text_valid(const char *bytes, size_t len);

/*
 * The value as the store keeps it: Unicode White_Space trimmed at both ends, NFC; inner
 * characters untouched (rulings C12). NULL when `text` is NULL or nothing is left.
 * `text` is valid UTF-8. The result is in the arena (or is `text` itself when nothing had
 * to change).
 */
const char *text_clean(struct arena *arena, const char *text);

/* Unicode lower case, language-neutral. NULL stays NULL. */
const char *text_lower(struct arena *arena, const char *text);

/* The form in which names are compared: trimmed, NFC, full case folding. NULL stays NULL. */
const char *text_fold(struct arena *arena, const char *text);

/*
 * The form in which LDAP's caseIgnoreMatch compares (RFC 4518): compatibility composition and
 * case folding, runs of blanks as one. Two texts that slapd takes for equal are equal here;
 * the reverse need not hold. NULL stays NULL.
 */
const char *text_match(struct arena *arena, const char *text);

/*
 * The form in which user names compare: width mapping, lower case, NFC, as PRECIS has it
 * (UsernameCaseMapped, RFC 8265 §3.3); nothing is trimmed or refused. Unlike full case
 * folding it keeps apart what e-mail addresses keep apart, such as ß and ss.
 */
const char *text_username(struct arena *arena, const char *text);

/*
 * To Latin letters, to ASCII, to lower case; what is not in [a-z0-9._-] is dropped
 * (design/directory.md §1, uid). "" when nothing is left. May be called by one thread at a
 * time; the first call takes some milliseconds.
 */
const char *text_ascii(struct arena *arena, const char *text);

/*
 * The last `width` decimal digits of a number, with zeros before; no NUL. Returns what
 * follows them.
 */
char	*text_digits(char *out, uint64_t number, unsigned int width);

/* Characters (code points) and terminal columns of a valid UTF-8 text. */
size_t	 text_columns(const char *text);

/* The number of bytes of `text` that fit into `columns` terminal columns. */
size_t	 text_fit(const char *text, size_t columns);

/* Damerau-free Levenshtein distance of two short ASCII words, for "did you mean". */
unsigned int text_distance(const char *a, const char *b);

#endif
