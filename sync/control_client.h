/*
 * The client of rollcalld's control socket: for the command, and for what the SCIM server asks
 * of the daemon.
 */
#ifndef ROLLCALL_SYNC_CONTROL_CLIENT_H
#define ROLLCALL_SYNC_CONTROL_CLIENT_H

#include <jansson.h>

#include "base/err.h"

/*
 * Sends a request (sync/request/request.h) and waits for its answer; `event` gets each progress
 * and row event, borrowed, and may be NULL; its -1 ends the wait. 0: *result is the caller's;
 * -1: err has the daemon's own code and text, ERR_UNREACHABLE when nobody listens and nothing
 * was asked, or ERR_LOST when the daemon ended in the middle. A descriptor *file that is not
 * NULL is handed over with it.
 */
int	control_ask_file(const char *path, const char *name, json_t *arguments, const int *file,
	    int (*event)(void *context, json_t *event), void *context, json_t **result,
	    struct err *err);
int	control_ask(const char *path, const char *name, json_t *arguments,
	    int (*event)(void *context, json_t *event), void *context, json_t **result,
	    struct err *err);

/*
 * As control_ask, for who cannot wait for ever: ERR_BUSY when no answer came for so many
 * seconds; what was asked for may be done all the same, whole or not at all.
 */
int	control_ask_within(const char *path, const char *name, json_t *arguments,
	    unsigned int seconds, json_t **result, struct err *err);

#endif
