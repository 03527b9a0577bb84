/*
 * Inside scim/doc*.c only.
 */
#ifndef ROLLCALL_SCIM_DOC_INSIDE_H
#define ROLLCALL_SCIM_DOC_INSIDE_H

#include "scim/doc.h"

/* null, "" and []. */
bool	doc_is_empty(const json_t *value);

/* ERR_SCIM_VALUE: the attribute is `wanted`. */
int	doc_fail_type(const struct attr *attr, const char *wanted, struct err *err);

/* Whether a filter holds for an element, an object. */
bool	doc_matches(struct doc *doc, const struct filter *filter, const json_t *element);

/* Whether two values of a simple attribute are equal, as a filter compares them. */
bool	doc_same(struct doc *doc, const struct attr *attr, const json_t *a, const json_t *b);

int	doc_put_members(struct doc *doc, const struct filter_path *path, enum doc_act act,
	    const json_t *value, struct err *err);
int	doc_remove_members(struct doc *doc, const struct filter_path *path,
	    const json_t *value, struct err *err);

/* Members of an object of a schema's attributes (SCHEMA_N: of the body itself). */
int	doc_read_schema(struct doc *doc, enum schema_id schema, const json_t *value,
	    bool *seen, struct err *err);

#endif
