/*
 * The words of a filter: names, operators, brackets and values, and where they stand.
 */
#ifndef ROLLCALL_SCIM_LEXER_H
#define ROLLCALL_SCIM_LEXER_H

#include "base/err.h"
#include "scim/value.h"

struct lexer {
	const char	*text;
	const char	*at;		/* what comes next */
};

/* A value as it is written: JSON's literals, a JSON string, or a bare word. */
enum literal_kind {
	LITERAL_NULL,
	LITERAL_TRUE,
	LITERAL_FALSE,
	LITERAL_NUMBER,
	LITERAL_STRING,
	LITERAL_WORD
};

struct literal {
	enum literal_kind	 kind;
	const char		*at;		/* where it begins in the text */
	struct span		 text;		/* a string decoded, else as written */
};

/* Blanks that are skipped. */
size_t	lexer_blanks(struct lexer *lexer);

/* Goes on behind the character when it comes next. */
bool	lexer_take(struct lexer *lexer, char c);

/* What comes next up to a blank or bracket: a name or operator; may be empty. */
struct span lexer_peek(const struct lexer *lexer);

/* Goes on behind a word, which compares without case, when it comes next. */
bool	lexer_take_word(struct lexer *lexer, const char *word);

/* A value; the decoded text of a string is in the arena. -1 with ERR_SCIM_FILTER. */
int	lexer_literal(struct lexer *lexer, struct arena *arena, struct literal *literal,
	    struct err *err);

/* Fills err with the text, a short quotation and the place; returns -1. */
int	lexer_fail(const struct lexer *lexer, const char *at, struct err *err,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
