/*
 * Owns nothing but a table. Safe from any thread.
 */
#include "config.h"

#include "tests/sandbox/tool.h"

#include <string.h>

#define NO_CENTERS	TOOL_NO_CENTERS
#define ONLY_ACTIVE	TOOL_ONLY_ACTIVE

static const struct tool tool_list[] = {
#define TOOL(slug, label, flags, lacks) { slug, label, flags, lacks },
#include "tests/sandbox/tool.def"
#undef TOOL
};

static const struct tool tool_other = { "other", "Another HRIS", 0, "" };

const struct tool *
tool_of(const char *integration_id)
{
	size_t i, len;

	len = strcspn(integration_id, ":");
	for (i = 0; i < sizeof(tool_list) / sizeof(tool_list[0]); i++)
		if (strlen(tool_list[i].slug) == len &&
		    strncmp(tool_list[i].slug, integration_id, len) == 0)
			return (&tool_list[i]);
	return (&tool_other);
}
