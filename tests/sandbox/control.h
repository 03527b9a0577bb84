/*
 * The control interface: HTTP and JSON on a port of its own. Any call may name the
 * integration it is for ("integration" in the body or the query); the first one is
 * meant otherwise.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_CONTROL_H
#define ROLLCALL_TESTS_SANDBOX_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/err.h"
#include "base/mem.h"
#include "tests/sandbox/sandbox.h"
#include "tests/sandbox/serve.h"

/* A serve_handler; the closure is the struct sandbox. */
void	control_handle(void *sandbox, struct request *request, struct answer *answer);

/* One call. */
struct control {
	struct sandbox		*sandbox;
	const struct request	*request;
	struct tenant		*tenant;
	json_t			*in;		/* the body, never NULL */
	struct buf		*out;		/* JSON; {} when nothing is added */
	int64_t			 now;
	struct hook_post	 post;		/* a webhook to send without the lock */
	bool			 posting;
};

/* 0: done, `out` is the answer. -1: err says why not. The lock is held. */
typedef int control_call(struct control *control, struct err *err);

#define CALL(method, path, function, help) control_call function;
#include "tests/sandbox/control.def"
#undef CALL

/* Members of the body. NULL, or the standard, when absent. */
const char *control_text(const struct control *control, const char *key);
int64_t
control_number(const struct control *control, const char *key, int64_t standard);
bool	control_bool(const struct control *control, const char *key, bool standard);

#endif
