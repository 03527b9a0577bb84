/*
 * Delivering outgoing events: each hook in its order, each event at least once, none waiting for
 * another hook and no run for any.
 */
#ifndef ROLLCALL_SYNC_HOOK_HOOKS_H
#define ROLLCALL_SYNC_HOOK_HOOKS_H

#include "sync/engine.h"

struct hooks;

/* Begins to deliver for the hooks of the configuration. */
struct hooks *hooks_open(struct engine *engine);

/* After a reload: begins with those that are new; those that are gone end by themselves. */
void	hooks_reload(struct hooks *hooks);

/* Ends commands that run and transfers under way; their events stay queued. */
void	hooks_close(struct hooks **hooks);

#endif
