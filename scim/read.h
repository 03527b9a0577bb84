/*
 * Reading resources: one by its id, and lists (RFC 7644 §3.4).
 */
#ifndef ROLLCALL_SCIM_READ_H
#define ROLLCALL_SCIM_READ_H

#include "scim/request.h"

/* Each fills request->answer, or returns -1 with err. The snapshot is held. */
int	read_one(struct request *request, enum resource_type type, const char *id,
	    struct err *err);
/* A list of a type; RESOURCE_N: of people and groups. */
int	read_list(struct request *request, enum resource_type type, struct err *err);

#endif
