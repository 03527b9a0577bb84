/*
 * Owns nothing. Without a filter a list costs what its page holds, wherever the page
 * lies; with one, what the best index leaves over.
 */
#include "config.h"

#include "scim/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scim/discovery.h"
#include "scim/make.h"
#include "scim/plan.h"
#include "scim/select.h"
#include "scim/sort.h"

#define LIST_HEAD	512		/* bytes around the resources at most */

static int
read_selection(struct request *request, enum resource_type type,
    struct selection *selection, struct err *err)
{
	return (select_read(type, request->parameters[PARAMETER_ATTRIBUTES],
	    request->parameters[PARAMETER_EXCLUDED], selection, err));
}

/* ---- one ----------------------------------------------------------------- */

/* Ids are exact, also in their letter case. */
static const struct image_entry *
read_find(const struct image_snap *snap, enum resource_type type, const char *id)
{
	const struct image_entry *entry;
	char text[UUID_TEXT_SIZE];
	struct uuid uuid;

	if (!uuid_parse(id, &uuid) || strcmp(uuid_format(&uuid, text), id) != 0)
		return (NULL);
	entry = snap_uuid(snap, &uuid);
	return (entry != NULL && entry_type(entry) == type ? entry : NULL);
}

int
read_one(struct request *request, enum resource_type type, const char *id,
    struct err *err)
{
	struct selection selection;
	const struct sending sending = { .site = request->server->site,
		.snap = request->snap,
		.selection = &selection };
	struct answer *answer = &request->answer;
	const struct image_entry *entry;

	if (read_selection(request, type, &selection, err) < 0)
		return (-1);
	entry = read_find(request->snap, type, id);
	if (entry == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no such resource"));
	(void)resource_etag(entry->payload, answer->etag);
	(void)make_url(&answer->location, request->server->site, type, &entry->uuid);
	if (request_has_etag(request, answer->etag)) {
		answer->status = MHD_HTTP_NOT_MODIFIED;
		return (0);
	}
	answer->status = MHD_HTTP_OK;
	(void)buf_reserve(&answer->body, sending_size(&sending, entry));
	sending_add(&sending, entry, &answer->body);
	return (0);
}

/* ---- lists --------------------------------------------------------------- */

struct listing {
	struct request			*request;
	struct filter_subject		 subject;
	enum resource_type		 type;
	struct selection		 selection;
	const struct filter		*filter;	/* NULL: all */
	struct sorting			 sorting;
	size_t				 start;		/* from 1 */
	size_t				 count;
	size_t				 total;		/* that match */
	struct id_list			 found;		/* the page, or all, to sort */
};

static int
read_number(const struct request *request, enum parameter parameter, const char *name,
    int64_t *number, struct err *err)
{
	const char *text = request->parameters[parameter];
	char *end;

	if (text == NULL)
		return (0);
	*number = strtoll(text, &end, 10);	/* beyond its range it is the nearest */
	if (end == text || *end != '\0')
		return (err_set(err, ERR_SCIM_VALUE, "%s is not a whole number", name));
	return (0);
}

static int
read_page(struct listing *listing, struct err *err)
{
	const struct site *site = listing->subject.site;
	int64_t count = site->page_size, start = 1;

	if (read_number(listing->request, PARAMETER_START, "startIndex", &start,
	    err) < 0 ||
	    read_number(listing->request, PARAMETER_COUNT, "count", &count, err) < 0)
		return (-1);
	listing->start = start < 1 ? 1 : (size_t)start;
	if (count > site->page_size_max)
		count = site->page_size_max;
	listing->count = count < 0 ? 0 : (size_t)count;
	return (0);
}

static int
read_query(struct listing *listing, struct err *err)
{
	struct request *request = listing->request;
	const struct filter_scope scope = { .type = listing->type,
		.form = request->form };
	const char *filter = request->parameters[PARAMETER_FILTER];

	if (read_page(listing, err) < 0 ||
	    read_selection(request, listing->type, &listing->selection, err) < 0 ||
	    sort_read(&scope, request->parameters[PARAMETER_SORT_BY],
	    request->parameters[PARAMETER_SORT_ORDER], &listing->sorting, err) < 0)
		return (-1);
	if (filter == NULL)
		return (0);
	return (filter_parse(request_arena(request), &scope, filter, &listing->filter,
	    err));
}

static size_t
listing_all(const struct listing *listing)
{
	return (listing->type == RESOURCE_USER ? snap_people(listing->subject.snap) :
	    snap_groups(listing->subject.snap));
}

/*
 * Room for what will be kept: the page or, when it has to be sorted first, everything.
 */
static void
listing_make_room(struct listing *listing, size_t most)
{
	size_t room;

	room = listing->count;
	if (listing->sorting.attr != NULL || most < room)
		room = most;
	listing->found.ids = mem_realloc(NULL,
	    (room + 1) * sizeof(*listing->found.ids));
}

static void
listing_keep(struct listing *listing, uint32_t id)
{
	listing->total++;
	if (listing->sorting.attr != NULL || (listing->total >= listing->start &&
	    listing->found.count < listing->count))
		listing->found.ids[listing->found.count++] = id;
}

/* Without filter and sorting: straight to the page. */
static void
listing_slice(struct listing *listing)
{
	const struct image_snap *snap = listing->subject.snap;
	uint32_t id;

	listing->total = listing_all(listing);
	if (listing->count == 0 ||
	    !snap_nth(snap, listing->type == RESOURCE_GROUP, listing->start - 1, &id))
		return;
	for (; listing->found.count < listing->count; id++) {
		if (snap_next(snap, &id) == NULL)
			break;
		listing->found.ids[listing->found.count++] = id;
	}
}

static void
listing_scan(struct listing *listing)
{
	const struct image_snap *snap = listing->subject.snap;
	const struct image_entry *entry;
	uint32_t id;

	id = listing->type == RESOURCE_GROUP ? IMAGE_GROUP : 0;
	for (; (entry = snap_next(snap, &id)) != NULL; id++)
		if (listing->filter == NULL ||
		    filter_match(&listing->subject, listing->filter, entry))
			listing_keep(listing, id);
}

static void
listing_find(struct listing *listing)
{
	const struct image_snap *snap = listing->subject.snap;
	struct id_list candidates;
	size_t i;

	if (listing->filter == NULL || !plan_find(request_arena(listing->request), snap,
	    listing->type, listing->filter, &candidates)) {
		listing_make_room(listing, listing_all(listing));
		if (listing->filter == NULL && listing->sorting.attr == NULL)
			listing_slice(listing);
		else
			listing_scan(listing);
		return;
	}
	listing_make_room(listing, candidates.count);
	for (i = 0; i < candidates.count; i++)
		if (filter_match(&listing->subject, listing->filter,
		    snap_entry(snap, candidates.ids[i])))
			listing_keep(listing, candidates.ids[i]);
}

/* Cuts the page out of what was sorted. */
static void
listing_sort(struct listing *listing)
{
	struct id_list *found = &listing->found;
	size_t skip;

	if (listing->sorting.attr == NULL)
		return;
	sort_ids(&listing->subject, &listing->sorting, found);
	skip = listing->start - 1 < found->count ? listing->start - 1 : found->count;
	found->count -= skip;
	if (found->count > listing->count)
		found->count = listing->count;
	memmove(found->ids, found->ids + skip, found->count * sizeof(*found->ids));
}

static void
listing_write(struct listing *listing)
{
	const struct sending sending = { .site = listing->subject.site,
		.snap = listing->subject.snap, .selection = &listing->selection };
	struct buf *body = &listing->request->answer.body;
	const struct image_entry *entry;
	size_t i, size;

	size = LIST_HEAD;
	for (i = 0; i < listing->found.count; i++) {
		entry = snap_entry(sending.snap, listing->found.ids[i]);
		size += sending_size(&sending, entry) + 1;
	}
	(void)buf_reserve(body, size);
	buf_printf(body,
	    "{\"schemas\":[\"%s\"],\"totalResults\":%zu,\"startIndex\":%zu,"
	    "\"itemsPerPage\":%zu,\"Resources\":[",
	    LIST_URN, listing->total, listing->start, listing->found.count);
	for (i = 0; i < listing->found.count; i++) {
		entry = snap_entry(sending.snap, listing->found.ids[i]);
		if (i > 0)
			buf_char(body, ',');
		sending_add(&sending, entry, body);
	}
	buf_str(body, "]}");
}

int
read_list(struct request *request, enum resource_type type, struct err *err)
{
	struct listing listing = { .request = request, .type = type,
		.subject = { .site = request->server->site, .snap = request->snap } };

	if (read_query(&listing, err) < 0)
		return (-1);
	listing.subject.scratch = arena_open();
	listing_find(&listing);
	listing_sort(&listing);
	listing_write(&listing);
	arena_close(&listing.subject.scratch);
	mem_free(&listing.found.ids);
	request->answer.status = MHD_HTTP_OK;
	request->answer.stamp = snap_stamp(request->snap);
	return (0);
}
