/*
 * Queries in a body (RFC 7644 §3.4.3, RFC 9865 §3): POST to .search.
 */
#ifndef ROLLCALL_SCIM_SEARCH_H
#define ROLLCALL_SCIM_SEARCH_H

#include "scim/request.h"

/*
 * Reads the body as a SearchRequest, whose members become the request's parameters;
 * those of the URL do not count. ERR_MEDIA_TYPE or ERR_SCIM_SYNTAX: it is none, or a
 * member is of another type; ERR_SCIM_VALUE: a list of names is too long.
 */
int	search_read(struct request *request, struct err *err);

#endif
