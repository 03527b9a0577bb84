/*
 * Sorting (RFC 7644 §3.4.2.3): by one attribute, ties by id. People without a value
 * come last when ascending.
 */
#ifndef ROLLCALL_SCIM_SORT_H
#define ROLLCALL_SCIM_SORT_H

#include "scim/filter.h"
#include "scim/plan.h"

/* A simple attribute of each type; all NULL: by id, NULL of one: it has no value. */
struct sorting {
	const struct attr	*attr[RESOURCE_N];
	bool			 sorted;	/* one was asked for */
	bool			 descending;
};

enum sort_kind {
	SORT_ID,		/* not sorted: the id alone */
	SORT_MISSING,		/* no value */
	SORT_INSTANT,
	SORT_TEXT,
	SORT_LONG		/* too long a text to be kept: the hash of it */
};
#define SORT_TEXT_MAX	512	/* bytes that are kept in a cursor */

/* Where an entry stands in an order. */
struct sort_key {
	enum sort_kind	 kind;
	uint32_t	 id;
	int64_t		 instant;	/* of a long text: its hash */
	struct span	 text;		/* as value_span gives it */
};

/*
 * Takes up sortBy for the types it is asked of, one or all: an attribute that one type
 * has is missing in the others. -1 with ERR_SCIM_VALUE: there is no such attribute, or
 * it has parts. NULL and "" sort by id; `order` is sortOrder.
 */
int	sort_read(const struct filter_scope *scope, const char *by, const char *order,
	    struct sorting *sorting, struct err *err);

/* The key of an entry; its text is the entry's or in the subject's scratch. */
void	sort_key_read(const struct filter_subject *subject, const struct sorting *sorting,
	    const struct image_entry *entry, struct sort_key *key);

/* As memcmp; never 0 for two entries. Keys are whole ones: none is SORT_LONG. */
int	sort_compare(const struct sorting *sorting, const struct sort_key *a,
	    const struct sort_key *b);

/*
 * Sorts ids of a snapshot's entries and keeps the first `most` of them that come behind
 * `after` (NULL: of all).
 */
void	sort_ids(const struct filter_subject *subject, const struct sorting *sorting,
	    const struct sort_key *after, size_t most, struct id_list *ids);

#endif
