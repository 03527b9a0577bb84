/*
 * Attributes of SCIM's resources: what scim/attributes.def and schema/fields.def say,
 * as a tree of schemas, attributes and sub-attributes, and their names.
 */
#ifndef ROLLCALL_SCIM_ATTR_H
#define ROLLCALL_SCIM_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fields.h"

enum attr_type {
	ATTR_STRING,
	ATTR_BOOLEAN,
	ATTR_INTEGER,
	ATTR_DATETIME,
	ATTR_REFERENCE,
	ATTR_COMPLEX
};

enum attr_flags {
	ATTR_MULTI = 1,		/* multi-valued */
	ATTR_EXACT = 2,		/* letter case counts */
	ATTR_ALWAYS = 4,	/* returned whatever the client asks for */
	ATTR_REQUIRED = 8,
	ATTR_UNIQUE = 16,	/* within what one client sees */
	ATTR_INDEXED = 32,	/* equality is answered by an index */
	ATTR_USERNAME = 64	/* compares as user names do (scim/fold.h) */
};

enum schema_id {
#define SCHEMA(ID, prefix, urn, name, help) SCHEMA_##ID,
#include "scim/attributes.def"
	SCHEMA_N
};

/* Those of the table; attributes made from fields have numbers behind them. */
enum attr_id {
#define ATTR(ID, schema, parent, name, type, flags, words, help) ATTR_##ID,
#include "scim/attributes.def"
	ATTR_TABLE_N,
	ATTR_NONE = ATTR_TABLE_N
};
#define ATTR_MAX 192		/* all of them */

enum resource_type { RESOURCE_USER, RESOURCE_GROUP, RESOURCE_TOMBSTONE, RESOURCE_N };

/*
 * Of these are queries of the root: what was deleted is in no query (RFC 7644 §3.6), so
 * that tombstones are asked for by themselves.
 */
#define RESOURCE_ROOT_N	RESOURCE_TOMBSTONE

/* A field that fills one element of a multi-valued attribute: emails[work]. */
struct attr_element {
	enum field_id			 field;
	const char			*type;
	const struct attr_element	*next;
};

struct attr {
	unsigned int		 id;		/* below ATTR_MAX; enum attr_id */
	enum schema_id		 schema;
	const char		*name;
	const char		*key;		/* "name": as JSON has it */
	size_t			 key_len;
	enum attr_type		 type;
	unsigned int		 flags;		/* enum attr_flags */
	const char		*words;
	const char		*help;
	enum field_id		 field;		/* FIELD_N: none, several */
	uint32_t		 fields;	/* bit per field; 0: always on */
	const struct attr	*parent;
	const struct attr	*children;	/* the first one */
	const struct attr	*next;		/* of the same parent or schema */
	const struct attr_element *elements;
};

struct schema {
	const char		*prefix;
	const char		*urn;
	const char		*name;
	const char		*help;
	const struct attr	*attrs;		/* the first one */
};

/*
 * Makes the tree, once for the process; the others need it. Called before there are
 * threads.
 */
void	attr_init(void);

const struct schema *schema_get(enum schema_id id);
const struct attr *attr_get(unsigned int id);
unsigned int attr_count(void);

/* A type of resources: how it is called, where it is found, what describes it. */
struct type {
	const char		*name;		/* "User" */
	const char		*endpoint;	/* "/Users" */
	const char		*help;
	const enum schema_id	*schemas;	/* base, extensions, SCHEMA_N */
};
const struct type *type_get(enum resource_type type);

/* What a name stands for: a whole schema, or an attribute. */
struct attr_path {
	enum schema_id		 schema;	/* SCHEMA_N: an attribute is named */
	const struct attr	*attr;		/* the sub-attribute if named */
};

/*
 * Reads "[URN:]name[.sub]" of a type's resources. Names and URNs compare without case,
 * a dot does for the colon behind a URN, and what only an extension has is found without
 * its URN (scim/interop.md §1.3, §2). False when there is no such attribute.
 */
bool	attr_find(enum resource_type type, const char *text, size_t len,
	    struct attr_path *path);

/* The sub-attribute of that name, NULL when there is none. */
const struct attr *attr_child(const struct attr *parent, const char *name, size_t len);

/*
 * The attribute that stands for a complex one in a comparison: its value (scim/facts.md
 * §3.4); itself when it is not complex, NULL when it has no value.
 */
const struct attr *attr_value(const struct attr *attr);

#endif
