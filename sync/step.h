/*
 * The steps of a pass (schema/step.def), and an end after one of them: how a machine that fails
 * in the middle is rehearsed.
 */
#ifndef ROLLCALL_SYNC_STEP_H
#define ROLLCALL_SYNC_STEP_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

enum step {
#define STEP(ID, name, done) STEP_##ID,
#include "schema/step.def"
#undef STEP
	STEP_N
};

/*
 * From now on the process ends after that step of the first pass that does it, at once and
 * without a word to anybody, as kill -9 would end it. ERR_USAGE when there is no such step; the
 * text names those there are. Call it before there are threads.
 */
int	step_stop_after(const char *name, struct err *err);

/* Whether step_stop_after was called. */
bool	step_stops(void);

/* A pass has done a step; it does not return when the process is to end there. */
void	step_done(enum step step);

/* The steps, a line each, for --help. */
void	step_print(FILE *stream);

#endif
