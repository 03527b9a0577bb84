/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/request/progress.h"

#include "base/clock.h"
#include "store/history.h"

void
request_tell(void *context, const char *model, int64_t pages, int64_t records)
{
	struct request_progress *progress = context;
	int64_t now;

	now = clock_monotonic();
	if (now - progress->told < CLOCK_SECOND / 10)
		return;
	progress->told = now;
	(void)request_progress(progress->request, json_pack("{s:s, s:s, s:I, s:I, s:I}",
	    "source", progress->source, "model", model, "pages", (json_int_t)pages, "records",
	    (json_int_t)records, "expected", (json_int_t)progress->expected));
}

void
request_expect(struct request *request, struct request_progress *progress, bool complete)
{
	struct err err = ERR_INIT;
	struct run_row run;
	json_t *counts;
	int result;

	progress->request = request;
	engine_lock(request->engine);
	result = run_last_complete(engine_db(request->engine), progress->source, request->arena,
	    &run, &err);
	engine_unlock(request->engine);
	if (result <= 0 || !complete || run.counts == NULL)
		return;
	counts = json_loads(run.counts, 0, NULL);
	progress->expected = json_integer_value(json_object_get(counts, "seen"));
	json_decref(counts);
}
