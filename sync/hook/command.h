/*
 * Starting the command of a hook, with an event on its standard input.
 */
#ifndef ROLLCALL_SYNC_HOOK_COMMAND_H
#define ROLLCALL_SYNC_HOOK_COMMAND_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"
#include "sync/hook/body.h"

/*
 * 0: it ended with status 0; -1: ERR_HOOK says how it ended, that it took longer than `timeout`
 * microseconds, or why it was not started; ERR_CANCELLED: *stop was set. Unless it ended by
 * itself, its whole process group is killed.
 */
int	hook_command(const struct conf_set *set, const struct hook_body *body,
	    const atomic_bool *stop, struct err *err);

#endif
