/*
 * Owns the process's log level. Safe from any thread: a line is one write.
 */
#include "config.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define LOG_LINE_SIZE 4096

static enum log_level log_limit = LOG_LEVEL_INFO;

static const struct {
	const char	*name;
	int		 priority;	/* syslog(3) */
} log_levels[] = {
	[LOG_LEVEL_ERROR] = { "error", 3 },
	[LOG_LEVEL_WARNING] = { "warning", 4 },
	[LOG_LEVEL_INFO] = { "info", 6 },
	[LOG_LEVEL_DEBUG] = { "debug", 7 },
};

void
log_set_level(enum log_level level)
{
	log_limit = level;
}

bool
log_level_from_name(const char *name, enum log_level *level)
{
	size_t i;

	for (i = 0; i < sizeof(log_levels) / sizeof(log_levels[0]); i++) {
		if (strcmp(log_levels[i].name, name) == 0) {
			*level = (enum log_level)i;
			return (true);
		}
	}
	return (false);
}

static size_t
log_head(enum log_level level, const char *event, char *line, size_t size)
{
	char now[CLOCK_TEXT_SIZE];
	int len;

	if (getenv("JOURNAL_STREAM") != NULL)
		len = snprintf(line, size, "<%d>%s", log_levels[level].priority, event);
	else
		len = snprintf(line, size, "%s %s %s", clock_format(clock_now(), 3, now),
		    log_levels[level].name, event);
	return ((size_t)len);
}

static size_t
log_add(char *line, size_t len, const char *fmt, va_list ap)
{
	int n;

	if (*fmt == '\0' || len + 2 >= LOG_LINE_SIZE)
		return (len);
	line[len++] = ' ';
	n = vsnprintf(line + len, LOG_LINE_SIZE - len, fmt, ap);
	len += n > 0 ? (size_t)n : 0;
	return (len < LOG_LINE_SIZE ? len : LOG_LINE_SIZE - 1);
}

static void
log_end(char *line, size_t len)
{
	size_t i;

	if (len >= LOG_LINE_SIZE - 1)
		len = LOG_LINE_SIZE - 2;
	for (i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[len++] = '\n';
	if (write(STDERR_FILENO, line, len) < 0)
		return;		/* nobody listens: nothing better to do */
}

static void
log_line(enum log_level level, const char *event, const char *fmt, va_list ap)
{
	char line[LOG_LINE_SIZE];
	size_t len;

	if (level > log_limit)
		return;
	len = log_head(level, event, line, sizeof(line));
	log_end(line, log_add(line, len, fmt, ap));
}

void
log_error(const char *event, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_LEVEL_ERROR, event, fmt, ap);
	va_end(ap);
}

void
log_warning(const char *event, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_LEVEL_WARNING, event, fmt, ap);
	va_end(ap);
}

void
log_info(const char *event, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_LEVEL_INFO, event, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *event, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_LEVEL_DEBUG, event, fmt, ap);
	va_end(ap);
}

void
log_err(enum log_level level, const char *event, const struct err *err, const char *fmt,
    ...)
{
	char line[LOG_LINE_SIZE];
	size_t len;
	va_list ap;
	int n;

	if (level > log_limit)
		return;
	len = log_head(level, event, line, sizeof(line));
	va_start(ap, fmt);
	len = log_add(line, len, fmt, ap);
	va_end(ap);
	n = snprintf(line + len, sizeof(line) - len, " error=%s msg=\"%s\"",
	    err_kind(err->code)->name, err->text);
	log_end(line, len + (n > 0 ? (size_t)n : 0));
}
