/*
 * Filters (RFC 7644 §3.4.2.2, scim/facts.md §3.4): parsing, which needs nothing but the
 * text and the attributes there are, and matching.
 *
 * Beyond the RFC, since real clients send it: values that are bare words, booleans as
 * strings, a part behind a value path (emails[type eq "work"].value eq "x"), complex
 * attributes that stand for their value, a dot behind a URN, attributes of extensions
 * without their URN.
 *
 * An attribute without a value is unequal to everything and not comparable: `ne` holds,
 * the others do not. A multi-valued attribute matches when one of its values does.
 */
#ifndef ROLLCALL_SCIM_FILTER_H
#define ROLLCALL_SCIM_FILTER_H

#include "image/image.h"
#include "scim/form.h"
#include "scim/own.h"
#include "scim/value.h"

#define FILTER_LENGTH	8192	/* bytes */
#define FILTER_DEPTH	64	/* brackets in brackets */
#define FILTER_NODES	200	/* comparisons and what joins them */

enum filter_kind {
	FILTER_AND,
	FILTER_OR,
	FILTER_NOT,		/* left */
	FILTER_ELEMENT,		/* one element of attr for which left holds */
	FILTER_COMPARE
};

enum filter_op {
	FILTER_EQ, FILTER_NE, FILTER_CO, FILTER_SW, FILTER_EW, FILTER_GT, FILTER_GE,
	FILTER_LT, FILTER_LE, FILTER_PR,
	FILTER_OP_N
};

struct filter {
	enum filter_kind	 kind;
	enum filter_op		 op;
	const struct attr	*attr;		/* simple, but for pr and ELEMENT */
	struct span		 text;		/* as value_span gives it */
	int64_t			 instant;	/* to the microsecond … */
	bool			 beyond;	/* … and a fraction of one after it */
	const struct filter	*left;
	const struct filter	*right;
};

/* What may be named: attributes of a type, as far as they are served (NULL: all). */
struct filter_scope {
	enum resource_type	 type;
	const struct form	*form;
	bool			 root;	/* all types are asked: others' have no value */
};

/*
 * Parses a text of UTF-8. -1 with ERR_SCIM_FILTER, which says what is wrong and at
 * which character. The filter lives in the arena.
 */
int	filter_parse(struct arena *arena, const struct filter_scope *scope,
	    const char *text, const struct filter **filter, struct err *err);

/*
 * The path of a PATCH operation (RFC 7644 §3.5.2): "attr", "attr.sub", "attr[filter]" or
 * "attr[filter].sub", or the URN of a schema alone.
 */
struct filter_path {
	enum schema_id		 schema;	/* SCHEMA_N unless a whole one is named */
	const struct attr	*attr;		/* without a parent */
	const struct filter	*element;	/* NULL: all elements */
	const struct attr	*sub;		/* NULL: the whole */
};

/* -1 with ERR_SCIM_PATH, or ERR_SCIM_FILTER for what stands between the brackets. */
int	filter_parse_path(struct arena *arena, const struct filter_scope *scope,
	    const char *text, struct filter_path *path, struct err *err);

/* Whether a comparison of text or a boolean holds for a value as value_span gives it. */
bool	filter_text_holds(const struct filter *filter, struct span value);

/* Who is asked: `scratch` is reset by filter_match. */
struct filter_subject {
	const struct site	*site;
	const struct image_snap	*snap;
	struct arena		*scratch;
	struct own		 own;		/* of the client that asks */
};

bool	filter_match(const struct filter_subject *subject, const struct filter *filter,
	    const struct image_entry *entry);

/* The entry of the snapshot whose id the filter's text is, NULL when there is none. */
const struct image_entry *filter_entry(const struct image_snap *snap,
	    const struct filter *filter);

/* Negative, 0 or positive as an instant lies before, at or after the filter's. */
int	filter_compare_instant(const struct filter *filter, int64_t instant);

/* Whether an order (as memcmp gives it) satisfies eq, ne, gt, ge, lt or le. */
bool	filter_order_holds(enum filter_op op, int order);

#endif
