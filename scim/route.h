/*
 * From a request to its answer: authentication, endpoints, methods.
 */
#ifndef ROLLCALL_SCIM_ROUTE_H
#define ROLLCALL_SCIM_ROUTE_H

#include <microhttpd.h>

/* For struct http_setup; the context is a struct server. */
enum MHD_Result route_request(void *context, struct MHD_Connection *connection,
	    const char *url, const char *method, const char *version,
	    const char *upload, size_t *upload_size, void **state);

/* Gives back what route_request kept in `state`. */
void	route_completed(void *context, struct MHD_Connection *connection, void **state,
	    enum MHD_RequestTerminationCode code);

#endif
