/*
 * What requests about a field of a person share: rollcall set, and what clients of SCIM write.
 */
#ifndef ROLLCALL_SYNC_REQUEST_DECIDE_H
#define ROLLCALL_SYNC_REQUEST_DECIDE_H

#include "base/model.h"
#include "sync/request/request.h"

/*
 * The record that counts for the person, in the request's arena, and its source as configured.
 * ERR_REFUSED when there is none of either any more.
 */
int	decide_source(struct request *request, struct db *db, int64_t person,
	    struct employee *employee, const struct conf_source **source, struct err *err);

/* ERR_MUTABILITY for a field whose mode does not let it be edited, naming where that is said. */
int	decide_editable(const struct conf_source *source, enum field_id id, struct err *err);

#endif
