/*
 * What was asked: counts by path and status, the last requests whole, and the rate
 * limit.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_TRAFFIC_H
#define ROLLCALL_TESTS_SANDBOX_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "tests/sandbox/serve.h"

#define TRAFFIC_KEPT	500	/* requests that are kept whole */
#define TRAFFIC_PATHS	200	/* beyond these, "other" counts */

struct traffic_count {
	char		*name;		/* "GET /v1/hris/employees", "200" */
	uint64_t	 count;
};

struct traffic {
	struct traffic_count paths[TRAFFIC_PATHS];
	size_t		 path_count;
	struct traffic_count statuses[64];
	size_t		 status_count;
	uint64_t	 total;
	char		*kept[TRAFFIC_KEPT];	/* JSON objects, a ring */
	/* Rate limit (kombo/api.md §5.3): a window of a minute. */
	uint32_t	 limit;
	bool		 enforced;
	int64_t		 window;	/* when it began */
	uint32_t	 used;
};

#define TRAFFIC_LIMIT	300

/* Notes a request and how it was answered at `now`. */
void	traffic_note(struct traffic *traffic, const struct request *request,
	    const struct answer *answer, int64_t now);

/* Forgets all that was noted. */
void	traffic_clear(struct traffic *traffic);

/*
 * Counts a request against the limit and adds the three headers. False when the limit
 * is enforced and passed.
 */
bool	traffic_admit(struct traffic *traffic, struct answer *answer, int64_t now);

/* {"total":…,"paths":{…},"statuses":{…}}, and the last requests as a JSON array. */
void	traffic_counts(const struct traffic *traffic, struct buf *out);
void	traffic_requests(const struct traffic *traffic, struct buf *out);

#endif
