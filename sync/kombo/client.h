/*
 * One integration of Kombo over HTTP: authentication, time-outs, retries, errors
 * (kombo/api.md §1, §2, §5). Reads, and asks Kombo to read.
 */
#ifndef ROLLCALL_SYNC_KOMBO_CLIENT_H
#define ROLLCALL_SYNC_KOMBO_CLIENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

/* A page above this size is refused (kombo/api.md §10.10). */
#define KOMBO_BODY_MAX (64 * 1024 * 1024)

struct kombo_options {
	const char		*api;		/* base URL */
	const char		*key;
	const char		*integration;
	int64_t			 timeout;	/* of one answer, microseconds */
	int64_t			 retry_for;	/* budget of a run for waiting and repeating */
	const atomic_bool	*cancel;	/* set to give up soon; may be NULL */
};

struct kombo;

/* Copies the options; the key is wiped by kombo_close. */
int	kombo_open(const struct kombo_options *options, struct kombo **kombo, struct err *err);
void	kombo_close(struct kombo **kombo);

/*
 * GETs base + path, with "?" and `query` when it is not empty. 0: *body holds the answer of
 * status 200; 1: Kombo has no such model for this integration, err says so; -1: err says what,
 * where and what to do. Retries are inside. The body is borrowed until the next call.
 */
int	kombo_get(struct kombo *kombo, const char *path, const char *query,
	    const struct buf **body, struct err *err);

/*
 * POSTs a JSON text. Results, retries and the life of *body are those of kombo_get; only for what
 * is safe to repeat.
 */
int	kombo_post(struct kombo *kombo, const char *path, const char *json,
	    const struct buf **body, struct err *err);

/* Percent-encodes a query value or path segment; in the arena. */
const char *kombo_escape(struct arena *arena, const char *text);

/* Kombo's clock at the last answer, from its Date header; 0 when it gave none. */
int64_t	kombo_date(const struct kombo *kombo);

/* Requests sent so far, retries included. */
unsigned int kombo_requests(const struct kombo *kombo);

#endif
