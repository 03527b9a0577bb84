/*
 * Secrets by reference: cred:NAME, file:/path, env:NAME, literal:TEXT (spec/config.md §4.4).
 */
#ifndef ROLLCALL_BASE_SECRET_H
#define ROLLCALL_BASE_SECRET_H

#include <stdbool.h>

#include "base/err.h"

enum secret_kind { SECRET_CRED, SECRET_FILE, SECRET_ENV, SECRET_LITERAL };

/* Splits a reference; *name points into it. False when it has none of the four forms. */
bool	secret_parse(const char *reference, enum secret_kind *kind, const char **name);

/*
 * Reads the secret: a NUL-terminated text without a trailing newline that the caller wipes
 * and frees with secret_free. ERR_SECRET when it cannot be read, is empty, holds a NUL, or
 * lies in a file that others may read or that group or others may write.
 */
int	secret_read(const char *reference, char **secret, struct err *err);

/* Wipes *secret, frees it and sets it to NULL. */
void	secret_free(char **secret);

/* Tells whether this process can see cred: secrets at all (it runs as a service that has some). */
bool	secret_has_credentials(void);

#endif
