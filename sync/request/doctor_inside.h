/*
 * Inside sync/request/doctor*.c only: an examination under way.
 */
#ifndef ROLLCALL_SYNC_REQUEST_DOCTOR_INSIDE_H
#define ROLLCALL_SYNC_REQUEST_DOCTOR_INSIDE_H

#include "base/map.h"
#include "rules/scope.h"
#include "sync/kombo/fetch.h"
#include "sync/request/progress.h"
#include "sync/request/request.h"

enum doctor_level { DOCTOR_WELL, DOCTOR_WARNING, DOCTOR_ERROR };

struct doctor {
	struct request			*request;
	struct request_progress		 progress;
	const struct conf		*conf;		/* looked at */
	const char			*source;	/* name, "" for what concerns all */
	int64_t				 now;
	json_int_t			 warnings;
	json_int_t			 errors;
	int				 exit;		/* of the first error */
	struct err			*err;
};

/* What a finding is about in the files: NULL and 0 for none. */
struct doctor_place {
	const char	*file;
	unsigned int	 line;
};
extern const struct doctor_place doctor_nowhere;

/* Sends a finding; advice is NULL for none. -1: nobody listens any more. */
int	doctor_say(struct doctor *doctor, enum doctor_level level, const char *check,
	    struct doctor_place place, const char *text, const char *advice);

/* The values that are there, by key of a filter: folded names, and ids as they are. */
struct doctor_values {
	struct arena	*arena;
	struct map	 known[SCOPE_KEYS];
	int64_t		 coming;	/* people whose first day lies ahead */
	int64_t		 left;		/* people who are INACTIVE, or whose end date has passed */
	int64_t		 people;
	day_number	 today;
};

/* Takes what a fetch brought into `values`, whose arena is open and whose day is set. */
int	doctor_gather(struct doctor_values *values, const struct fetched *fetched,
	    struct err *err);

/* Every value that a filter names must be that of somebody or something (config.md W104). */
int	doctor_filters(struct doctor *doctor, const struct conf_source *source,
	    struct doctor_values *values);

/* Whoever never sees a future first day, or anybody who left, is not allowed to (P59, P79). */
int	doctor_people(struct doctor *doctor, const struct conf_source *source,
	    const struct doctor_values *values);

#endif
