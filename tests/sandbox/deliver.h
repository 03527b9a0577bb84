/*
 * An answer as libmicrohttpd sends it.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_DELIVER_H
#define ROLLCALL_TESTS_SANDBOX_DELIVER_H

#include <stdbool.h>

#include "tests/sandbox/answer.h"

struct MHD_Response;

/*
 * The response, to be queued and then destroyed by the caller; NULL when the connection
 * is to be dropped at once. Takes the answer's body and file. `gzip`: the client
 * accepts it.
 */
struct MHD_Response *deliver_response(struct answer *answer, bool gzip);

/* gzip at its fastest level, into an empty buffer. */
void	deliver_pack(const void *bytes, size_t len, struct buf *out);

#endif
