/*
 * Kombo's API, /v1 (kombo/api.md).
 */
#ifndef ROLLCALL_TESTS_SANDBOX_API_H
#define ROLLCALL_TESTS_SANDBOX_API_H

#include "tests/sandbox/serve.h"

/* A serve_handler; the closure is the struct sandbox. */
void	api_handle(void *sandbox, struct request *request, struct answer *answer);

#endif
