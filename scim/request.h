/*
 * One request and its answer. Made when libmicrohttpd has read the head, gone when the
 * answer is queued.
 */
#ifndef ROLLCALL_SCIM_REQUEST_H
#define ROLLCALL_SCIM_REQUEST_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "scim/body.h"
#include "scim/clients.h"
#include "scim/form.h"
#include "scim/lent.h"
#include "scim/origin.h"
#include "scim/own.h"
#include "scim/resource.h"
#include "scim/throttle.h"

enum method {
	METHOD_GET = 1,		/* and HEAD: libmicrohttpd leaves the body away */
	METHOD_POST = 2,
	METHOD_PUT = 4,
	METHOD_PATCH = 8,
	METHOD_DELETE = 16,
	METHOD_OTHER = 32
};

/* Parameters of the query that mean something; others are ignored. */
enum parameter {
	PARAMETER_FILTER,
	PARAMETER_ATTRIBUTES,
	PARAMETER_EXCLUDED,
	PARAMETER_START,
	PARAMETER_COUNT,
	PARAMETER_SORT_BY,
	PARAMETER_SORT_ORDER,
	PARAMETER_CURSOR,
	PARAMETER_N
};

struct server {
	const struct site	*site;
	struct clients		*clients;
	struct pool		*pool;
	const char		*socket;	/* of rollcalld */
	struct origin		*origin;
	struct throttle		*throttle;
	atomic_ulong		 refused;	/* requests without a good token */
};

struct answer {
	unsigned int	 status;
	struct buf	 body;		/* given to libmicrohttpd */
	struct lent	 lent;		/* what stands between, of request->snap */
	char		 etag[ETAG_SIZE];	/* "": none */
	struct buf	 location;	/* empty: none */
	bool		 created;	/* location is that of a new resource */
	const char	*allow;
	const char	*authenticate;
	unsigned int	 retry;		/* seconds; 0: as the status says */
	int64_t		 stamp;		/* of a list: its high-water stamp; 0: none */
};

/* Fills the answer, or returns -1; `rest` is what stands in the path behind its route. */
struct request;
typedef int route_work(struct request *request, const char *rest, struct err *err);

struct request {
	struct server		*server;
	struct MHD_Connection	*connection;
	enum method		 method;
	const char		*path;		/* below the base path: "/Users/…" */
	route_work		*work;		/* what it comes down to, and on what */
	const char		*rest;
	struct client		 client;
	struct own		 own;		/* begun only while an answer is written */
	int64_t			 own_due;	/* stamp of what was written of it */
	const struct image_snap	*snap;		/* of the client's view */
	const struct form	*form;
	const char		*parameters[PARAMETER_N];
	struct arena		*arena;		/* opened when first asked for */
	struct body		*body;		/* whole when a handler is called */
	struct answer		 answer;
};

/* The arena of the request. */
struct arena *request_arena(struct request *request);

/*
 * Reads the parameters. ERR_SCIM_VALUE: one is given twice, ERR_SCIM_SYNTAX: one is no
 * UTF-8. Names compare without case: Entra sends startindex.
 */
int	request_read_parameters(struct request *request, struct err *err);

/* A header, NULL when it is not given. */
const char *request_header(const struct request *request, const char *name);

/* Whether If-None-Match has the tag, compared weakly, or a star. */
bool	request_has_etag(const struct request *request, const char *etag);

/*
 * ERR_PRECONDITION when there is an If-Match without the tag. SCIM's tags are weak and
 * used there all the same (RFC 7644 §3.14), so they are compared weakly.
 */
int	request_match(const struct request *request, const char *etag, struct err *err);

/* Whether Accept allows application/scim+json or application/json. */
bool	request_accepts(const struct request *request);

/*
 * The body as a JSON object, borrowed. ERR_MEDIA_TYPE: Content-Type says it is none;
 * ERR_SCIM_SYNTAX: it cannot be read, and where.
 */
int	request_read_body(struct request *request, const json_t **json, struct err *err);

/*
 * Whether the answer may lend pieces of its snapshot. TLS would send each of them in a
 * record of its own.
 */
bool	request_may_lend(const struct request *request);

/* Makes the answer a SCIM error (RFC 7644 §3.12). */
void	answer_error(struct answer *answer, const struct err *err);

/* Gives back what an answer holds that is not sent. */
void	answer_discard(struct request *request);

/* Queues it; the body is gone afterwards, and so is the snapshot. */
enum MHD_Result answer_send(struct request *request);

#endif
