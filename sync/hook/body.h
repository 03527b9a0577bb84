/*
 * An outgoing event as it is handed over: its id, its time, and its JSON.
 */
#ifndef ROLLCALL_SYNC_HOOK_BODY_H
#define ROLLCALL_SYNC_HOOK_BODY_H

#include "base/conf.h"
#include "base/digest.h"
#include "store/event.h"

struct hook_body {
	char		 id[UUID_TEXT_SIZE];	/* the same whenever it is delivered again */
	const char	*event;			/* its kind */
	const char	*hook;			/* name of whom it is for */
	struct buf	 json;			/* one object, without a line feed */
};

/* `epoch` is the database's: rows of another one have other ids. */
void	hook_body_make(struct hook_body *body, const char *hook, const struct uuid *epoch,
	    const struct event_row *row);
void	hook_body_close(struct hook_body *body);

#endif
