/*
 * The endpoints (RFC 7644 §3.2) and what each does with a method.
 */
#ifndef ROLLCALL_SCIM_ENDPOINT_H
#define ROLLCALL_SCIM_ENDPOINT_H

#include "scim/request.h"

struct endpoint {
	const char	*path;		/* one that ends with / has something behind */
	route_work	*get;
	route_work	*post;
	route_work	*put;
	route_work	*patch;
	route_work	*remove;	/* DELETE */
	unsigned int	 absent;	/* methods this service does not have (501) */
	bool		 open;		/* without a token (RFC 7643 §5) */
	bool		 writes;	/* all but get: done by the pool */
};

/*
 * The endpoint of request->path, NULL when there is none; *rest is what stands behind the
 * endpoint's path, and lives as long as the request's.
 */
const struct endpoint *endpoint_find(const struct request *request, const char **rest);

/*
 * What the request's method does there; reads the parameters. ERR_NOT_IMPLEMENTED, ERR_METHOD
 * (with Allow), ERR_NOT_ACCEPTABLE, or what request_read_parameters says: all that can be told
 * without looking at the directory.
 */
int	endpoint_check(struct request *request, const struct endpoint *endpoint,
	    route_work **work, struct err *err);

#endif
