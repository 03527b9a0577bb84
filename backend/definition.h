/*
 * Rollcall's own attribute types and object classes as RFC 4512 §4.1 writes them, made from
 * schema/fields.def and schema/ldap.def. The module registers them; backend/rollcall-schema
 * prints them for replicas.
 */
#ifndef ROLLCALL_BACKEND_DEFINITION_H
#define ROLLCALL_BACKEND_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/* Arcs below the schema's own. */
enum definition_arc {
	DEFINITION_ATTRIBUTES = 1,
	DEFINITION_CLASSES = 2,
	DEFINITION_CONFIG_ATTRIBUTES = 3,
	DEFINITION_CONFIG_CLASSES = 4,
	DEFINITION_MONITOR_ATTRIBUTES = 5,
	DEFINITION_MONITOR_CLASSES = 6
};

/* The arc's number, "2.25.…". */
extern const char definition_oid[];

/*
 * Definition n, from 0, in parentheses, at the end of the buffer. False when there are not so
 * many. Attribute types first: classes need them, and core.schema.
 */
bool	definition_attribute(size_t n, struct buf *text);
bool	definition_class(size_t n, struct buf *text);

#endif
