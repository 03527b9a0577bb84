/*
 * The query of a model endpoint: parameters read and checked (kombo/api.md §2.3, §3).
 */
#ifndef ROLLCALL_TESTS_SANDBOX_QUERY_H
#define ROLLCALL_TESTS_SANDBOX_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/err.h"
#include "base/mem.h"
#include "tests/sandbox/tenant.h"

#define QUERY_PAGE_DEFAULT	100
#define QUERY_PAGE_MAX		250

/* One parameter, decoded. */
struct query_pair {
	const char	*name;
	const char	*value;
};

struct query_words {
	const char	**list;
	size_t		  count;
	bool		  given;
};

/* Parameters that are lists of words. */
enum query_list {
	QUERY_IDS,
	QUERY_REMOTE_IDS,
	QUERY_STATUSES,
	QUERY_GROUP_IDS,
	QUERY_ENTITY_IDS,
	QUERY_LOCATION_IDS,
	QUERY_WORK_EMAILS,
	QUERY_PERSONAL_EMAILS,
	QUERY_TYPES,
	QUERY_LISTS
};

struct query {
	enum kind_id		 kind;
	uint32_t		 page_size;
	const char		*cursor;	/* NULL for the first page */
	bool			 since_given;
	int64_t			 since;		/* updated_after, microseconds */
	bool			 include_deleted;
	bool			 ignore_unsupported;
	struct query_words	 lists[QUERY_LISTS];
	const char		*name_contains;	/* folded */
	json_t			*custom;	/* object of one member, or NULL */
	bool			 nothing;	/* a filter can match nothing */
	uint64_t		 filters;	/* all of it but the cursor, hashed */
};

/*
 * Reads the pairs for a kind; texts are in the arena. -1 with the message of
 * INPUT_INVALID in err. Unknown parameters, and those of other kinds, are ignored.
 * query_close is due in both cases.
 */
int query_read(struct query *query, enum kind_id kind, const struct query_pair *pairs,
    struct arena *arena, struct err *err);
void	query_close(struct query *query);

/*
 * Filters on members that the integration does not deliver: they empty the result, or
 * are skipped when the query says so.
 */
void	query_settle(struct query *query, const struct tenant *tenant);

/* True when nothing is filtered and all deleted rows are wanted: a complete fetch. */
bool	query_is_complete(const struct query *query);

/* True for the syntax of updated_after; *instant is then set (kombo/api.md §2.3). */
bool	query_instant(const char *text, int64_t *instant);

/* True when the word is in the list, or there is no list. */
bool	query_allows(const struct query_words *words, const char *word);

#endif
