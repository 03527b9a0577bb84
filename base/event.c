/*
 * Owns the table made from schema/events.def; immutable.
 */
#include "config.h"

#include "base/event.h"

static const struct {
	const char	*name;
	const char	*help;
} events[EVENT_N] = {
#define EVENT(ID, word, text) [EVENT_##ID] = { .name = word, .help = text },
#include "schema/events.def"
#undef EVENT
};

const char *
event_name(enum event_kind kind)
{
	return (events[kind].name);
}

const char *
event_help(enum event_kind kind)
{
	return (events[kind].help);
}
