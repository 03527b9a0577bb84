/*
 * Inside sync/request/ only: telling how far a fetch has come.
 */
#ifndef ROLLCALL_SYNC_REQUEST_PROGRESS_H
#define ROLLCALL_SYNC_REQUEST_PROGRESS_H

#include "sync/request/request.h"

struct request_progress {
	struct request	*request;
	const char	*source;
	int64_t		 expected;	/* people the last complete fetch brought, 0: not known */
	int64_t		 told;		/* clock_monotonic() of the last word */
	json_t		*problems;	/* for whoever gathers what could not be read */
};

/*
 * Sets the request and what is to be expected of a complete fetch: Kombo announces no total, so
 * the last one tells. `source` is the caller's.
 */
void	request_expect(struct request *request, struct request_progress *progress,
	    bool complete);

/* Sends how much has arrived, some ten times a second at most; context is the struct. */
void	request_tell(void *context, const char *model, int64_t pages, int64_t records);

#endif
