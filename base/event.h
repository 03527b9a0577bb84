/*
 * Kinds of outgoing events, made from schema/events.def.
 */
#ifndef ROLLCALL_BASE_EVENT_H
#define ROLLCALL_BASE_EVENT_H

#include <stdint.h>

enum event_kind {
#define EVENT(ID, name, help) EVENT_##ID,
#include "schema/events.def"
#undef EVENT
	EVENT_N
};

#define EVENT_BIT(kind) (UINT32_C(1) << (kind))

/* "joined"; and when it happens, in words for the manual. */
const char *event_name(enum event_kind kind);
const char *event_help(enum event_kind kind);

#endif
