/*
 * What there is to say about configuration files: "file:line: error: text".
 *
 * Warnings have codes: W101 a date is not continuous, W102 a secret in the file, W103 a
 * file open to everybody, W105 an interval too short, W107 personal data that is off by
 * standard, W108 included and excluded, W109 a comment behind a value. (W104
 * and W106 need the network and the database; sync/ and cli/vanished.c find them.)
 */
#ifndef ROLLCALL_BASE_CONF_FINDING_H
#define ROLLCALL_BASE_CONF_FINDING_H

#include <stddef.h>

#include "base/mem.h"

/* Notes say what was left unchecked; they count for nothing, also with --strict. */
enum conf_severity { CONF_ERROR, CONF_WARNING, CONF_NOTE, CONF_SEVERITY_N };

struct conf_finding {
	enum conf_severity	 severity;
	const char		*file;	/* "rollcall.conf", "sources.d/fr.conf" */
	unsigned int		 line;	/* 0: the file as a whole */
	const char		*code;	/* "W101"; NULL for errors and notes */
	const char		*text;	/* a line of UTF-8; no secret is in it */
};

struct conf_findings {
	struct conf_finding	*list;		/* in the order of files and lines */
	size_t			 count;
	size_t			 room;
	size_t			 errors;
	size_t			 warnings;
	struct arena		*arena;		/* texts */
};

void	conf_findings_close(struct conf_findings *findings);

/*
 * Adds "rollcall.conf:3: error: text" to buf, without a line feed: as compilers write
 * it, so that editors and CI understand it. A code stands at the end, "[W101]".
 */
void	conf_finding_format(const struct conf_finding *finding, struct buf *buf);

/* ---- for those who find ---- */

struct conf_at {
	const char	*file;
	unsigned int	 line;
};

static inline struct conf_at
conf_at(const char *file, unsigned int line)
{
	return ((struct conf_at){ .file = file, .line = line });
}

void	conf_findings_open(struct conf_findings *findings);
void	conf_findings_sort(struct conf_findings *findings);

/* The texts are copied, `file` too. */
void	conf_finding_error(struct conf_findings *findings, struct conf_at at,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void	conf_finding_warning(struct conf_findings *findings, struct conf_at at,
	    const char *code, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));
void	conf_finding_note(struct conf_findings *findings, struct conf_at at,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
