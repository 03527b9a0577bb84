/*
 * What clients call people and groups (externalId), in memory as the database has it. Each
 * client has ids of its own and sees no others (design/directory.md §3).
 */
#ifndef ROLLCALL_SCIM_EXTERNAL_H
#define ROLLCALL_SCIM_EXTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "store/external.h"

struct externals;
struct external;

struct externals *externals_open(void);
void	externals_close(struct externals **externals);

/*
 * Takes in what changed; `anew` when it is another database than before. One thread. -1: as
 * it was.
 */
int	externals_refresh(struct externals *externals, struct db *db, bool anew,
	    struct err *err);

/*
 * The stamp of the last change that was taken in: what a write answers as "external" is there
 * once this is not below it. Any thread.
 */
int64_t	externals_stamp(const struct externals *externals);

/*
 * The ids of one client, for the length of one request: NULL when it has given none, which
 * must not be ended. Nothing changes meanwhile, so be quick. Any thread.
 */
const struct external *external_begin(struct externals *externals, int64_t client);
void	external_end(struct externals *externals, const struct external *external);

/* What the client calls a resource, NULL: nothing. Valid until the end. */
const char *external_id(const struct external *external, const struct uuid *uuid);
/* What is called so; the view need not show it any more. Letter case counts. */
bool	external_find(const struct external *external, const char *id, struct uuid *uuid);

#endif
