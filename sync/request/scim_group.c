/*
 * Groups that a client of SCIM writes.
 */
#include "config.h"

#include "sync/request/scim.h"

#include "base/err.h"

int
scim_write_group(struct scim_write *write, struct err *err)
{
	const bool asks = json_object_size(scim_fields(write)) > 0 ||
	    json_object_size(scim_members(write)) > 0;

	if ((write->op == SCIM_CHANGE && !asks) || write->op == SCIM_REPLACE)
		return (0);
	return (err_set(err, ERR_REFUSED, "the group is the HR system's"));
}
