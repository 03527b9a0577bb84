/*
 * Owns nothing. Without a filter a list costs what its page holds, wherever the page
 * lies; with one, what the best index leaves over.
 */
#include "config.h"

#include "scim/read.h"

#include <string.h>

#include "scim/discovery.h"
#include "scim/horizon.h"
#include "scim/make.h"
#include "scim/page.h"
#include "scim/plan.h"
#include "scim/select.h"

#define LIST_HEAD	512	/* bytes around the resources, or few more */

static int
read_selection(struct request *request, enum resource_type type,
    struct selection *selection, struct err *err)
{
	return (select_read(type, request->parameters[PARAMETER_ATTRIBUTES],
	    request->parameters[PARAMETER_EXCLUDED], selection, err));
}

/* ---- one ----------------------------------------------------------------- */

/* Ids are exact, also in their letter case. */
const struct image_entry *
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

const char *
read_etag(const struct request *request, const struct image_entry *entry,
    char etag[ETAG_SIZE])
{
	const struct resource *resource = entry->payload;

	return (etag_format(own_version(resource, own_id(&request->own, entry)), etag));
}

void
read_whole(const struct request *request, const struct image_entry *entry,
    struct buf *out)
{
	const struct sending sending = { .site = request->server->site,
		.snap = request->snap, .own = &request->own };

	sending_add_core(&sending, entry, out);
}

int
read_check_selection(struct request *request, enum resource_type type, struct err *err)
{
	struct selection selection;

	return (read_selection(request, type, &selection, err));
}

static int
read_show_inside(struct request *request, const struct image_entry *entry,
    unsigned int status, struct err *err)
{
	struct selection selection;
	const struct sending sending = { .site = request->server->site,
		.snap = request->snap, .selection = &selection, .own = &request->own };
	struct answer *answer = &request->answer;

	if (read_selection(request, entry_type(entry), &selection, err) < 0)
		return (-1);
	(void)read_etag(request, entry, answer->etag);
	(void)make_url(&answer->location, request->server->site, entry_type(entry),
	    &entry->uuid);
	answer->status = status;
	if (selection.all && request_may_lend(request))
		sending_lend(&sending, entry, false, &answer->body, &answer->lent);
	else
		sending_add(&sending, entry, &answer->body);
	return (0);
}

int
read_show(struct request *request, const struct image_entry *entry, unsigned int status,
    struct err *err)
{
	int result;

	own_begin(&request->own);
	result = read_show_inside(request, entry, status, err);
	own_end(&request->own);
	return (result);
}

static int
read_one_inside(struct request *request, const struct image_entry *entry,
    struct err *err)
{
	struct answer *answer = &request->answer;

	(void)read_etag(request, entry, answer->etag);
	if (request_match(request, answer->etag, err) < 0)
		return (-1);
	if (!request_has_etag(request, answer->etag))
		return (read_show_inside(request, entry, MHD_HTTP_OK, err));
	(void)make_url(&answer->location, request->server->site, entry_type(entry),
	    &entry->uuid);
	answer->status = MHD_HTTP_NOT_MODIFIED;
	return (0);
}

int
read_one(struct request *request, enum resource_type type, const char *id,
    struct err *err)
{
	const struct image_entry *entry;
	int result;

	if (read_check_selection(request, type, err) < 0)
		return (-1);
	entry = read_find(request->snap, type, id);
	if (entry == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no such resource"));
	own_begin(&request->own);
	result = read_one_inside(request, entry, err);
	own_end(&request->own);
	return (result);
}

/* ---- lists --------------------------------------------------------------- */

struct listing {
	struct request			*request;
	struct filter_subject		 subject;
	enum resource_type		 first;		/* types that are asked */
	enum resource_type		 last;
	struct selection		 selection[RESOURCE_N];
	const struct filter		*filter[RESOURCE_N];	/* NULL: all */
	struct sorting			 sorting;
	struct page			 page;
	size_t				 total;		/* that match */
	struct id_list			 found;		/* the page, or all, to sort */
	size_t				 room;
	bool				 more;		/* behind the page */
};

static int
read_query_type(struct listing *listing, enum resource_type type, struct err *err)
{
	struct request *request = listing->request;
	const struct filter_scope scope = { .type = type, .form = request->form,
		.root = listing->first != listing->last };
	const char *filter = request->parameters[PARAMETER_FILTER];

	if (read_selection(request, type, &listing->selection[type], err) < 0)
		return (-1);
	if (filter == NULL)
		return (0);
	if (filter_parse(request_arena(request), &scope, filter, &listing->filter[type],
	    err) < 0)
		return (-1);
	return (type == RESOURCE_TOMBSTONE ?
	    horizon_check(request->snap, listing->filter[type], err) : 0);
}

static int
read_query(struct listing *listing, struct err *err)
{
	struct request *request = listing->request;
	const struct filter_scope scope = { .type = listing->first,
		.form = request->form, .root = listing->first != listing->last };
	enum resource_type type;

	if (sort_read(&scope, request->parameters[PARAMETER_SORT_BY],
	    request->parameters[PARAMETER_SORT_ORDER], &listing->sorting, err) < 0 ||
	    page_read(request, &listing->subject, &listing->sorting, &listing->page,
	    err) < 0)
		return (-1);
	for (type = listing->first; type <= listing->last; type++)
		if (read_query_type(listing, type, err) < 0)
			return (-1);
	return (0);
}

static size_t
listing_count(const struct listing *listing, enum resource_type type)
{
	return (type_count(listing->subject.snap, type));
}

/*
 * The entry, of the types that are asked, that is the first not below *id, which is set
 * to its id: people, then groups.
 */
static const struct image_entry *
listing_next(const struct listing *listing, uint32_t *id)
{
	const struct image_snap *snap = listing->subject.snap;
	const struct image_entry *entry;

	entry = snap_next(snap, id);
	if (entry != NULL || listing->last != RESOURCE_GROUP || *id >= IMAGE_GROUP)
		return (entry);
	*id = IMAGE_GROUP;
	return (snap_next(snap, id));
}

static void
listing_put(struct listing *listing, uint32_t id)
{
	struct id_list *found = &listing->found;

	*(uint32_t *)mem_grow(&found->ids, found->count, &listing->room,
	    sizeof(*found->ids)) = id;
	found->count++;
}

/* Whether a match, the total-th one, is of the page, or one behind it. */
static bool
listing_wants(const struct listing *listing, uint32_t id)
{
	const struct page *page = &listing->page;

	if (listing->sorting.sorted)
		return (true);
	if (page->by_cursor)
		return (listing->found.count <= page->count &&
		    (!page->resumed || id > page->after.id));
	return (listing->total >= page->start && listing->found.count < page->count);
}

static void
listing_keep(struct listing *listing, uint32_t id)
{
	listing->total++;
	if (listing_wants(listing, id))
		listing_put(listing, id);
}

/* Where a page begins that is cut out of all there are; false past the end. */
static bool
listing_begin(const struct listing *listing, uint32_t *id)
{
	const struct page *page = &listing->page;
	enum resource_type type;
	size_t skip;

	*id = type_kind(listing->first);
	if (page->by_cursor) {
		if (page->resumed)
			*id = page->after.id + 1;
		return (true);
	}
	skip = page->start - 1;
	for (type = listing->first; type <= listing->last; type++) {
		if (snap_nth_of(listing->subject.snap, type_kind(type), skip, id))
			return (true);
		skip -= listing_count(listing, type);
	}
	return (false);
}

/* Without filter and sorting: straight to the page, and one behind it. */
static void
listing_slice(struct listing *listing)
{
	enum resource_type type;
	uint32_t id;

	for (type = listing->first; type <= listing->last; type++)
		listing->total += listing_count(listing, type);
	if (!listing_begin(listing, &id))
		return;
	for (; listing->found.count <= listing->page.count &&
	    listing_next(listing, &id) != NULL; id++)
		listing_put(listing, id);
}

static void
listing_scan(struct listing *listing, enum resource_type type)
{
	const struct image_snap *snap = listing->subject.snap;
	const struct filter *filter = listing->filter[type];
	const struct image_entry *entry;
	uint32_t id;

	id = type_kind(type);
	for (; (entry = snap_next(snap, &id)) != NULL; id++)
		if (filter == NULL || filter_match(&listing->subject, filter, entry))
			listing_keep(listing, id);
}

static void
listing_find(struct listing *listing, enum resource_type type)
{
	const struct image_snap *snap = listing->subject.snap;
	const struct filter *filter = listing->filter[type];
	struct id_list candidates;
	size_t i;

	if (filter == NULL || !plan_find(request_arena(listing->request),
	    &listing->subject, type, filter, &candidates)) {
		listing_scan(listing, type);
		return;
	}
	for (i = 0; i < candidates.count; i++)
		if (candidates.exact || filter_match(&listing->subject, filter,
		    snap_entry(snap, candidates.ids[i])))
			listing_keep(listing, candidates.ids[i]);
}

/* Sorts what was found, and leaves the page. */
static void
listing_cut(struct listing *listing)
{
	const struct page *page = &listing->page;
	struct id_list *found = &listing->found;
	size_t skip;

	if (listing->sorting.sorted) {
		skip = page->by_cursor ? 0 : page->start - 1;
		skip = skip < found->count ? skip : found->count;
		sort_ids(&listing->subject, &listing->sorting,
		    page->resumed ? &page->after : NULL, skip + page->count + 1, found);
		found->count -= skip;
		if (skip > 0)
			memmove(found->ids, found->ids + skip,
			    found->count * sizeof(*found->ids));
	}
	listing->more = found->count > page->count && page->count > 0;
	if (found->count > page->count)
		found->count = page->count;
}

static void
listing_search(struct listing *listing)
{
	enum resource_type type;

	if (listing->request->parameters[PARAMETER_FILTER] == NULL &&
	    !listing->sorting.sorted)
		listing_slice(listing);
	else
		for (type = listing->first; type <= listing->last; type++)
			listing_find(listing, type);
	listing_cut(listing);
}

static void
listing_write_place(struct listing *listing, struct buf *body)
{
	const struct page *page = &listing->page;
	struct sort_key last;

	if (!page->by_cursor) {
		buf_str(body, "\"startIndex\":");
		buf_number(body, page->start);
		buf_char(body, ',');
		return;
	}
	if (!listing->more)
		return;
	sort_key_read(&listing->subject, &listing->sorting,
	    snap_entry(listing->subject.snap,
	    listing->found.ids[listing->found.count - 1]), &last);
	buf_str(body, "\"nextCursor\":\"");
	cursor_write(body, &page->bond, &last);
	buf_str(body, "\",");
}

/* Copies what cannot be lent. */
static void
listing_write_resources(struct listing *listing)
{
	struct answer *answer = &listing->request->answer;
	const struct id_list *found = &listing->found;
	struct sending sending = { .site = listing->subject.site,
		.snap = listing->subject.snap, .own = &listing->request->own };
	const struct image_entry *entry;
	bool lend, more;
	size_t i;

	lend = request_may_lend(listing->request);
	for (i = 0; i < found->count; i++) {
		entry = snap_entry(sending.snap, found->ids[i]);
		sending.selection = &listing->selection[entry_type(entry)];
		more = i + 1 < found->count;
		if (lend && sending.selection->all &&
		    answer->lent.count + SENDING_PIECES <= LENT_MAX) {
			sending_lend(&sending, entry, more, &answer->body,
			    &answer->lent);
			continue;
		}
		sending_add(&sending, entry, &answer->body);
		if (more)
			buf_char(&answer->body, ',');
	}
}

static void
listing_write(struct listing *listing)
{
	struct buf *body = &listing->request->answer.body;

	(void)buf_reserve(body, LIST_HEAD);
	buf_str(body, "{\"schemas\":[\"" LIST_URN "\"],\"totalResults\":");
	buf_number(body, listing->total);
	buf_char(body, ',');
	listing_write_place(listing, body);
	buf_str(body, "\"itemsPerPage\":");
	buf_number(body, listing->found.count);
	buf_str(body, ",\"Resources\":[");
	own_begin(&listing->request->own);
	listing_write_resources(listing);
	own_end(&listing->request->own);
	buf_str(body, "]}");
}

int
read_list(struct request *request, enum resource_type type, struct err *err)
{
	struct listing listing = { .request = request,
		.subject = { .site = request->server->site, .snap = request->snap,
		    .own = request->own },
		.first = type < RESOURCE_N ? type : 0,
		.last = type < RESOURCE_N ? type : RESOURCE_ROOT_N - 1,
		.page = { .scope = type } };
	int result;

	listing.subject.scratch = arena_open();
	result = read_query(&listing, err);
	if (result == 0) {
		listing_search(&listing);
		listing_write(&listing);
		request->answer.status = MHD_HTTP_OK;
		request->answer.stamp = horizon_stamp(request->snap);
	}
	arena_close(&listing.subject.scratch);
	mem_free(&listing.found.ids);
	return (result);
}
