/*
 * Structured log: one line an event, `time level event key=value …` on standard error, or
 * with journald's <priority> in place of time and level when that is where it goes.
 * Values of people's fields never stand in it: ids only (semantics 3.12).
 */
#ifndef ROLLCALL_BASE_LOG_H
#define ROLLCALL_BASE_LOG_H

#include <stdbool.h>

#include "base/err.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Lines above `level` are dropped. The start value is LOG_LEVEL_INFO. */
void	log_set_level(enum log_level level);
bool	log_level_from_name(const char *name, enum log_level *level);

/*
 * `event` is dotted lower case ("sync.done"); the rest prints key=value pairs. Put text
 * that may hold blanks between double quotes in `fmt`; control characters are blanked.
 */
void	log_error(const char *event, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	log_warning(const char *event, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	log_info(const char *event, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	log_debug(const char *event, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* An error at its edge: code and text are added to the pairs. */
void	log_err(enum log_level level, const char *event, const struct err *err,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
