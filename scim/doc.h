/*
 * A resource as a client writes it, while it is being changed: JSON in the names and types of
 * the schemas, whatever letter case, prefix or shape it came in. What PATCH, PUT and POST do
 * to it happens here, in memory; scim/change.h says what became of it.
 *
 * Members of a group are not in the JSON: a group may have many, and a change names few. They
 * are what came in and what went out, against those there are.
 */
#ifndef ROLLCALL_SCIM_DOC_H
#define ROLLCALL_SCIM_DOC_H

#include <jansson.h>

#include "scim/filter.h"

/* The members a group has: how to ask for one, and for all. */
struct roster {
	bool	(*has)(void *context, const char *id);
	int	(*each)(void *context, int (*member)(void *own, const char *id), void *own);
	void	*context;
};

struct doc {
	struct filter_scope	 scope;
	struct arena		*arena;
	json_t			*json;
	const struct roster	*roster;	/* of a group that PATCH changes, else NULL */
	bool			 members_named;	/* something was said of them */
	bool			 members_none;	/* those of the roster are out */
	json_t			*members_in;	/* id: true */
	json_t			*members_out;
};

/*
 * An empty one, or with `json`, which becomes the document's (NULL: empty) and is in the
 * names of the schemas. The arena, roster and form are the caller's.
 */
void	doc_open(struct doc *doc, const struct filter_scope *scope, struct arena *arena,
	    json_t *json);
void	doc_close(struct doc *doc);

/*
 * Takes in the body of a POST or PUT. What is no attribute of ours is left out, as are
 * sub-attributes (scim/interop.md: real clients send more than is declared). -1:
 * ERR_SCIM_SYNTAX when `schemas` does not name the type or something is given twice,
 * ERR_SCIM_VALUE when a value is of another type than its attribute.
 */
int	doc_read(struct doc *doc, const json_t *body, struct err *err);

/* ---- inside: what PATCH does to it ------------------------------------------------------- */

enum doc_act { DOC_ADD, DOC_REPLACE };

/*
 * A value of an attribute (or of one element of it, when `one`) in the schemas' names and
 * types: *out is the caller's, NULL for null, "" and what is empty. Booleans may be strings,
 * a list of one element stands for it, a bare string for a complex value's `value`.
 */
int	doc_value(struct doc *doc, const struct attr *attr, bool one, const json_t *value,
	    json_t **out, struct err *err);

/* Puts a value where a path leads; ERR_SCIM_TARGET when its filter finds nothing. */
int	doc_put(struct doc *doc, const struct filter_path *path, enum doc_act act,
	    const json_t *value, struct err *err);

/*
 * Takes away what a path leads to; with `value` (NULL: none) of a multi-valued attribute only
 * the elements named there.
 */
int	doc_remove(struct doc *doc, const struct filter_path *path, const json_t *value,
	    struct err *err);

/* The value of an attribute or sub-attribute, borrowed; NULL when it has none. */
json_t	*doc_get(const struct doc *doc, const struct attr *attr);

/* A member of a JSON object whose name compares without case, NULL when there is none. */
const json_t *doc_member(const json_t *object, const char *name);

/* Whether `schemas` of a message names a URN; err says so when not. */
int	doc_check_schemas(const json_t *body, const char *urn, struct err *err);

#endif
