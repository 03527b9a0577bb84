/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "scim/make.h"

#define NO_COUNT	(-1)

static int
page_number(const char *text, const char *name, enum err_code code, int64_t *number,
    struct err *err)
{
	char *end;

	if (text == NULL)
		return (0);
	*number = strtoll(text, &end, 10);	/* beyond its range it is the nearest */
	if (end == text || *end != '\0')
		return (err_set(err, code, "%s is not a whole number", name));
	return (0);
}

static int
page_read_index(const struct request *request, struct page *page, struct err *err)
{
	const struct site *site = request->server->site;
	int64_t count = site->page_size, start = 1;

	if (page_number(request->parameters[PARAMETER_START], "startIndex",
	    ERR_SCIM_VALUE, &start, err) < 0 ||
	    page_number(request->parameters[PARAMETER_COUNT], "count",
	    ERR_SCIM_VALUE, &count, err) < 0)
		return (-1);
	page->start = start < 1 ? 1 : (size_t)start;
	if (count > site->page_size_max)
		count = site->page_size_max;
	page->count = count < 0 ? 0 : (size_t)count;
	return (0);
}

/* ---- by cursor ----------------------------------------------------------- */

/* All that must stay the same between pages; `scope` tells where it is asked. */
static uint64_t
page_query(const struct request *request, unsigned int scope)
{
	static const enum parameter bound[] = { PARAMETER_FILTER,
		PARAMETER_ATTRIBUTES, PARAMETER_EXCLUDED, PARAMETER_SORT_BY,
		PARAMETER_SORT_ORDER };
	const char *text;
	uint64_t hash;
	size_t i;

	hash = scope;
	for (i = 0; i < sizeof(bound) / sizeof(bound[0]); i++) {
		text = request->parameters[bound[i]];
		if (text == NULL)
			text = "";
		hash = hash64_seed(text, strlen(text) + 1, hash);
	}
	return (hash);
}

static void
page_bind(const struct request *request, unsigned int scope, struct cursor_bond *bond)
{
	const char *count = request->parameters[PARAMETER_COUNT];

	*bond = (struct cursor_bond){ .key = request->client.cursor_key,
	    .epoch = snap_epoch(request->snap), .query = page_query(request, scope),
	    .count = count != NULL ? strtoll(count, NULL, 10) : NO_COUNT,
	    .now = clock_now(), .timeout = request->server->site->cursor_timeout };
}

static int
page_read_count(const struct request *request, struct page *page, struct err *err)
{
	const struct site *site = request->server->site;
	int64_t count = site->page_size;

	if (page_number(request->parameters[PARAMETER_COUNT], "count", ERR_SCIM_COUNT,
	    &count, err) < 0)
		return (-1);
	if (count < 0 || count > site->page_size_max)
		return (err_set(err, ERR_SCIM_COUNT, "count is not in 0 to %u",
		    site->page_size_max));
	page->count = (size_t)count;
	return (0);
}

/* A text that was too long for the cursor is the entry's, as long as that has it. */
static int
page_recall(struct arena *arena, const struct filter_subject *subject,
    const struct sorting *sorting, struct sort_key *key, struct err *err)
{
	const struct image_entry *entry;
	struct sort_key now = { .kind = SORT_ID };

	entry = snap_entry(subject->snap, key->id);
	if (entry != NULL)
		sort_key_read(subject, sorting, entry, &now);
	if (now.kind != SORT_TEXT ||
	    (int64_t)hash64(now.text.text, now.text.len) != key->instant)
		return (err_set(err, ERR_SCIM_EXPIRED, "whoever came last on the page before "
		    "has changed: begin with an empty cursor"));
	*key = now;
	key->text.text = arena_dup_len(arena, now.text.text, now.text.len);
	return (0);
}

static int
page_read_cursor(struct request *request, const struct filter_subject *subject,
    const struct sorting *sorting, struct page *page, struct err *err)
{
	const char *cursor = request->parameters[PARAMETER_CURSOR];

	if (request->parameters[PARAMETER_START] != NULL)
		return (err_set(err, ERR_SCIM_VALUE,
		    "startIndex and cursor exclude each other: give one"));
	if (page_read_count(request, page, err) < 0)
		return (-1);
	page->by_cursor = true;
	page->resumed = *cursor != '\0';
	page_bind(request, page->scope, &page->bond);
	if (!page->resumed)
		return (0);
	if (cursor_read(request_arena(request), &page->bond, cursor, &page->after,
	    err) < 0)
		return (-1);
	if (page->after.kind != SORT_LONG)
		return (0);
	return (page_recall(request_arena(request), subject, sorting, &page->after,
	    err));
}

int
page_read(struct request *request, const struct filter_subject *subject,
    const struct sorting *sorting, struct page *page, struct err *err)
{
	if (request->parameters[PARAMETER_CURSOR] != NULL)
		return (page_read_cursor(request, subject, sorting, page, err));
	return (page_read_index(request, page, err));
}
