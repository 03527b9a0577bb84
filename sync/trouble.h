/*
 * What went wrong and could not be written down, because the database is what fails: kept in
 * memory for `rollcall status`, and in the log.
 */
#ifndef ROLLCALL_SYNC_TROUBLE_H
#define ROLLCALL_SYNC_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* All of it is safe from any thread. The first of several in a row gives the instant. */
void	trouble_set(const struct err *why);

/* The database takes writes again. */
void	trouble_clear(void);

/* False: there is none. Else the last one, and since when there are any. */
bool	trouble_get(struct err *why, int64_t *since);

#endif
