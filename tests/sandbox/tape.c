/*
 * Owns the file and the index of its pages, both unchanged once made. Safe from any
 * thread.
 *
 * The pages are sent by sendfile(2) from the page cache: the file is what is "mapped",
 * no byte of it passes through this process.
 */
#include "config.h"

#include "tests/sandbox/tape.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "tests/sandbox/deliver.h"
#include "tests/sandbox/page.h"

struct tape_page {
	uint64_t	offset, len;
	uint64_t	packed_offset, packed_len;	/* 0: not compressed */
};

struct tape_tenant {
	const struct tenant	*tenant;
	uint64_t		 version;	/* of the integration then */
	struct map		 pages[KIND_LISTED];	/* place to index in pages */
};

struct tape {
	int			 fd;
	uint64_t		 size;
	uint64_t		 filters[KIND_LISTED];	/* of the query */
	struct tape_page	*pages;
	size_t			 page_count;
	size_t			 page_room;
	struct tape_tenant	*tenants;
	size_t			 tenant_count;
};

/* While it is being made. */
struct recorder {
	struct tape	*tape;
	bool		 gzip;
	int64_t		 now;
	struct buf	 body, packed;
	struct err	*err;
};

static int
tape_file(struct tape *tape, struct err *err)
{
	const char *folder;
	char *path;

	folder = getenv("TMPDIR");
	path = mem_printf("%s/rollcall-sandbox-XXXXXX",
	    folder != NULL && *folder != '\0' ? folder : "/var/tmp");
	tape->fd = mkostemp(path, O_CLOEXEC);
	if (tape->fd < 0)
		(void)err_set_errno(err, ERR_SYSTEM, errno, "cannot make %s", path);
	else
		(void)unlink(path);
	mem_free(&path);
	return (tape->fd < 0 ? -1 : 0);
}

static int
tape_write(struct recorder *recorder, const struct buf *bytes)
{
	ssize_t done;
	size_t at;

	for (at = 0; at < bytes->len; at += (size_t)done) {
		done = write(recorder->tape->fd, bytes->data + at, bytes->len - at);
		if (done < 0)
			return (err_set_errno(recorder->err, ERR_SYSTEM, errno,
			    "cannot write the prerecorded pages; is the disk full?"));
	}
	recorder->tape->size += bytes->len;
	return (0);
}

/* The page in recorder->body, plain and packed. */
static int
page_record(struct recorder *recorder)
{
	struct tape *tape = recorder->tape;
	struct tape_page *page;

	page = mem_grow(&tape->pages, tape->page_count, &tape->page_room,
	    sizeof(*page));
	tape->page_count++;
	page->offset = tape->size;
	page->len = recorder->body.len;
	if (tape_write(recorder, &recorder->body) != 0)
		return (-1);
	if (!recorder->gzip)
		return (0);
	recorder->packed.len = 0;
	deliver_pack(recorder->body.data, recorder->body.len, &recorder->packed);
	page->packed_offset = tape->size;
	page->packed_len = recorder->packed.len;
	return (tape_write(recorder, &recorder->packed));
}

/* The query of a complete fetch, as a client would send it. */
static void
query_complete(struct query *query, enum kind_id kind, struct arena *arena)
{
	static const struct query_pair pairs[] = {
		{ "page_size", "250" },
		{ "include_deleted", "true" },
		{ NULL, NULL },
	};

	if (query_read(query, kind, pairs, arena, NULL) != 0)
		abort();
}

static int
kind_record(struct recorder *recorder, struct tape_tenant *to, struct tenant *tenant,
    enum kind_id kind)
{
	struct arena *arena;
	struct query query;
	uint64_t place;
	int result;

	arena = arena_open();
	query_complete(&query, kind, arena);
	recorder->tape->filters[kind] = query.filters;
	result = 0;
	for (place = 0; place != PAGE_END && result == 0;) {
		map_set(&to->pages[kind], place, recorder->tape->page_count);
		buf_reset(&recorder->body);
		place = page_render(tenant, &query, place, recorder->now,
		    &recorder->body);
		result = page_record(recorder);
	}
	query_close(&query);
	arena_close(&arena);
	return (result);
}

static int
tenant_record(struct recorder *recorder, struct tenant *tenant)
{
	struct tape_tenant *to;
	size_t kind;

	to = &recorder->tape->tenants[recorder->tape->tenant_count++];
	to->tenant = tenant;
	to->version = tenant->version;
	for (kind = 0; kind < KIND_LISTED; kind++)
		if (kind_record(recorder, to, tenant, (enum kind_id)kind) != 0)
			return (-1);
	return (0);
}

int
tape_open(struct tenant *const *tenants, size_t count, bool gzip, int64_t now,
    struct tape **out, struct err *err)
{
	struct recorder recorder = { .gzip = gzip, .now = now, .err = err };
	size_t i;
	int result;

	*out = recorder.tape = mem_alloc(sizeof(*recorder.tape));
	recorder.tape->tenants = mem_alloc(count * sizeof(*recorder.tape->tenants));
	result = tape_file(recorder.tape, err);
	for (i = 0; i < count && result == 0; i++)
		result = tenant_record(&recorder, tenants[i]);
	buf_close(&recorder.body);
	buf_close(&recorder.packed);
	if (result != 0)
		tape_close(out);
	return (result);
}

void
tape_close(struct tape **tape)
{
	size_t i, kind;

	if (*tape == NULL)
		return;
	if ((*tape)->fd >= 0)
		(void)close((*tape)->fd);
	for (i = 0; i < (*tape)->tenant_count; i++)
		for (kind = 0; kind < KIND_LISTED; kind++)
			map_close(&(*tape)->tenants[i].pages[kind]);
	mem_free(&(*tape)->tenants);
	mem_free(&(*tape)->pages);
	mem_free(tape);
}

static const struct tape_page *
page_find(const struct tape *tape, const struct tenant *tenant,
    const struct query *query, uint64_t place)
{
	const struct tape_tenant *from;
	uint64_t page;
	size_t i;

	if (query->filters != tape->filters[query->kind])
		return (NULL);
	for (i = 0; i < tape->tenant_count; i++) {
		from = &tape->tenants[i];
		if (from->tenant == tenant && from->version == tenant->version &&
		    map_get(&from->pages[query->kind], place, &page))
			return (&tape->pages[page]);
	}
	return (NULL);
}

bool
tape_find(const struct tape *tape, const struct tenant *tenant,
    const struct query *query, uint64_t place, bool gzip, struct answer *answer)
{
	const struct tape_page *page;

	if (tape == NULL)
		return (false);
	page = page_find(tape, tenant, query, place);
	if (page == NULL)
		return (false);
	answer->fd = fcntl(tape->fd, F_DUPFD_CLOEXEC, 0);
	if (answer->fd < 0)
		return (false);
	answer->packed = gzip && page->packed_len > 0;
	answer->offset = answer->packed ? page->packed_offset : page->offset;
	answer->len = answer->packed ? page->packed_len : page->len;
	return (true);
}

uint64_t
tape_size(const struct tape *tape)
{
	return (tape != NULL ? tape->size : 0);
}

size_t
tape_pages(const struct tape *tape)
{
	return (tape != NULL ? tape->page_count : 0);
}
