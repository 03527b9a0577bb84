/*
 * Inside sync/request/ only: records as admins name them.
 */
#ifndef ROLLCALL_SYNC_REQUEST_LINK_H
#define ROLLCALL_SYNC_REQUEST_LINK_H

#include "store/record.h"
#include "sync/request/request.h"

/*
 * The record that "SOURCE/KOMBO-ID" names, or a Kombo id that one source alone has: 1 found, 0
 * there is none, -1 failed; ERR_AMBIGUOUS when several sources have it.
 */
int	link_record(struct request *request, struct db *db, const char *text,
	    struct record_row *row, struct err *err);

/* "SOURCE/KOMBO-ID", as link_record takes it. In the request's arena. */
const char *link_record_name(struct request *request, struct db *db,
	    const struct record_row *row, struct err *err);

#endif
