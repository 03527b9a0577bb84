/*
 * An HTTP server on a loopback address: gathers requests whole, hands them to one
 * function, sends its answer.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_SERVE_H
#define ROLLCALL_TESTS_SANDBOX_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "tests/sandbox/answer.h"
#include "tests/sandbox/query.h"

#define SERVE_BODY_MAX	(4 * 1024 * 1024)

struct request {
	const char	*method;
	const char	*path;			/* decoded, without the query */
	const struct query_pair *pairs;		/* decoded; ends with name NULL */
	struct buf	 body;
	struct arena	*arena;
	struct MHD_Connection *connection;
};

/* The value of a header, or NULL. */
const char *request_header(const struct request *request, const char *name);

/* The value of a query parameter, or NULL. */
const char *request_parameter(const struct request *request, const char *name);

/* Called in a thread of the connection's own. Fills the answer, which is open. */
typedef void
serve_handler(void *closure, struct request *request, struct answer *answer);

struct serve_conf {
	const char	*address;	/* a loopback address in digits, v4 or v6 */
	uint16_t	 port;		/* 0: any free one */
	bool		 gzip;		/* compress for clients that accept it */
	serve_handler	*handler;
	void		*closure;
};

struct serve;

/* Starts listening. ERR_USAGE when the address is not a loopback one. */
int serve_open(const struct serve_conf *conf, struct serve **serve, struct err *err);

/* Ends all connections, also those that are waiting. */
void	serve_close(struct serve **serve);

uint16_t serve_port(const struct serve *serve);

#endif
