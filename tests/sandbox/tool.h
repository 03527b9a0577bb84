/*
 * The HR systems whose peculiarities are imitated: tool.def as a table.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_TOOL_H
#define ROLLCALL_TESTS_SANDBOX_TOOL_H

#include <stddef.h>

enum tool_flags {
	TOOL_NO_CENTERS = 1,	/* no cost centres among the groups */
	TOOL_ONLY_ACTIVE = 2	/* everyone not currently employed is INACTIVE */
};

struct tool {
	const char	*slug;
	const char	*label;
	unsigned int	 flags;		/* enum tool_flags */
	const char	*lacks;
};

/* The tool of an integration id: by what is before the colon. Never NULL. */
const struct tool *tool_of(const char *integration_id);

#endif
