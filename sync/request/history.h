/*
 * Inside sync/request/ only: rows of the history as JSON.
 */
#ifndef ROLLCALL_SYNC_REQUEST_HISTORY_H
#define ROLLCALL_SYNC_REQUEST_HISTORY_H

#include "store/audit.h"
#include "sync/request/request.h"

/* One row: when, by whom, what, old and new. row->of is set. */
json_t	*history_row(struct db *db, const struct audit_row *row, struct arena *arena);

/*
 * Sends the rows since the instant that tell what was entered by hand and gave way to the HR
 * system.
 */
int	history_overwritten(struct request *request, int64_t since, struct err *err);

#endif
