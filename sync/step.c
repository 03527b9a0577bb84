/*
 * Owns the step after which the process ends: set once, before there are threads.
 */
#include "config.h"

#include "sync/step.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

static const struct {
	const char	*name;
	const char	*done;
} steps[STEP_N] = {
#define STEP(ID, name, done) [STEP_##ID] = { name, done },
#include "schema/step.def"
#undef STEP
};

static enum step step_last = STEP_N;

static int
step_unknown(const char *name, struct err *err)
{
	struct buf names = BUF_INIT;
	size_t i;

	for (i = 0; i < STEP_N; i++)
		buf_printf(&names, "%s%s", i > 0 ? ", " : "", steps[i].name);
	(void)err_set(err, ERR_USAGE, "a pass has no step \"%s\": its steps are %s", name,
	    names.data);
	buf_close(&names);
	return (-1);
}

int
step_stop_after(const char *name, struct err *err)
{
	size_t i;

	for (i = 0; i < STEP_N; i++) {
		if (strcmp(steps[i].name, name) != 0)
			continue;
		step_last = (enum step)i;
		return (0);
	}
	return (step_unknown(name, err));
}

bool
step_stops(void)
{
	return (step_last != STEP_N);
}

void
step_done(enum step step)
{
	if (step != step_last)
		return;
	log_warning("step.stop", "step=%s msg=\"%s\"", steps[step].name, steps[step].done);
	(void)kill(getpid(), SIGKILL);
	for (;;)
		(void)pause();	/* other threads may still be running when kill returns */
}

void
step_print(FILE *stream)
{
	size_t i;

	for (i = 0; i < STEP_N; i++)
		(void)fprintf(stream, "  %-15s %s\n", steps[i].name, steps[i].done);
}
