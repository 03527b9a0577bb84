/*
 * Owns nothing. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/page.h"

#include "tests/sandbox/cursor.h"
#include "tests/sandbox/filter.h"
#include "tests/sandbox/find.h"
#include "tests/sandbox/emit.h"
#include "tests/sandbox/render.h"

#define PAGE_RECORD_SIZE 4096	/* room for one, at a guess */

/* A page in the making, and the row that was looked at last. */
struct page {
	struct tenant		*tenant;
	const struct query	*query;
	int64_t			 now;
	struct scene		 scene;
	struct tenant_room	 room;
	const struct employee	*employee;
	const struct contract	*contract;
	struct unit		*unit;
	struct sight		 sight;
	uint32_t		 row;		/* of `employee` */
};

/* How the rows of a kind are listed. */
struct listing {
	uint64_t	(*end)(const struct tenant *tenant);
	/*
	 * True when the row at that place is one to show; it is then the one looked at.
	 */
	bool		(*match)(struct page *page, uint64_t place);
	void		(*render)(struct page *page);
};

static uint64_t
place_end(const struct tenant *tenant, enum kind_id kind, uint64_t rows)
{
	return (rows > tenant->domains[kind] ? rows : tenant->domains[kind]);
}

/* What the parameters that all kinds share say of the row looked at. */
static bool
sight_wanted(const struct page *page, int64_t updated)
{
	return (page->sight.exists &&
	    (page->sight.deleted_at == 0 || page->query->include_deleted) &&
	    (!page->query->since_given || updated > page->query->since));
}

static uint64_t
employees_end(const struct tenant *tenant)
{
	return (place_end(tenant, KIND_EMPLOYEE, tenant->count));
}

static bool
employee_match(struct page *page, uint64_t place)
{
	const struct tenant *tenant = page->tenant;
	int64_t updated;
	uint32_t row;

	row = shape_row(&tenant->shape, (uint32_t)place,
	    tenant->domains[KIND_EMPLOYEE]);
	if (row >= tenant->count ||
	    (page->query->since_given && !track_may(tenant, row, page->query->since)))
		return (false);
	page->employee = tenant_person(tenant, row, &page->room);
	page->sight = track_employee(tenant, page->employee, page->now);
	updated = page->query->since_given ? track_updated(tenant, page->employee,
	    &page->sight, page->now) : 0;
	if (!sight_wanted(page, updated))
		return (false);
	if (page->sight.anonymous)
		return (
		    filter_anonymous(tenant, page->query, page->employee->remote_id));
	return (filter_employee(tenant, page->query, page->employee));
}

static void
employee_render(struct page *page)
{
	render_employee(&page->scene, page->employee, &page->sight);
}

/* Every person has EMPLOYEE_CONTRACTS places, whether they are used or not. */
static uint64_t
contracts_end(const struct tenant *tenant)
{
	return (place_end(tenant, KIND_EMPLOYMENT, tenant->count) * EMPLOYEE_CONTRACTS);
}

static bool
contract_match(struct page *page, uint64_t place)
{
	const struct tenant *tenant = page->tenant;
	struct sight person;
	uint32_t row;

	row = shape_row(&tenant->shape, (uint32_t)(place / EMPLOYEE_CONTRACTS),
	    tenant->domains[KIND_EMPLOYMENT]);
	if (row >= tenant->count ||
	    (page->query->since_given && !track_may(tenant, row, page->query->since)))
		return (false);
	if (page->employee == NULL || page->row != row)
		page->employee = tenant_person(tenant, row, &page->room);
	page->row = row;
	if (place % EMPLOYEE_CONTRACTS >= page->employee->contract_count)
		return (false);
	page->contract = &page->employee->contracts[place % EMPLOYEE_CONTRACTS];
	person = track_employee(tenant, page->employee, page->now);
	page->sight = track_contract(tenant, &person, page->contract, page->now);
	return (sight_wanted(page, page->sight.changed_at) &&
	    filter_contract(tenant, page->query, page->employee, page->contract));
}

static void
contract_render(struct page *page)
{
	render_contract(&page->scene, page->employee, page->contract, &page->sight);
}

static uint64_t
groups_end(const struct tenant *tenant)
{
	return (place_end(tenant, KIND_GROUP, tenant->org.groups.count));
}

static uint64_t
entities_end(const struct tenant *tenant)
{
	return (place_end(tenant, KIND_ENTITY, tenant->org.entities.count));
}

static uint64_t
locations_end(const struct tenant *tenant)
{
	return (place_end(tenant, KIND_LOCATION, tenant->org.locations.count));
}

static bool
unit_match(struct page *page, uint64_t place)
{
	const struct units *units;
	enum kind_id kind = page->query->kind;
	uint32_t row;

	units = find_units(page->tenant, kind);
	row = shape_row(&page->tenant->shape, (uint32_t)place,
	    page->tenant->domains[kind]);
	if (row >= units->count)
		return (false);
	page->unit = &units->list[row];
	page->sight = track_unit(page->tenant, kind, page->unit, page->now);
	if (!sight_wanted(page, page->sight.changed_at))
		return (false);
	if (page->sight.anonymous)
		return (filter_anonymous(page->tenant, page->query, page->unit->key));
	return (filter_unit(page->tenant, page->query, page->unit));
}

static void
unit_render(struct page *page)
{
	render_unit(&page->scene, page->query->kind, page->unit, &page->sight);
}

static const struct listing listings[KIND_LISTED] = {
	[KIND_EMPLOYEE] = { employees_end, employee_match, employee_render },
	[KIND_EMPLOYMENT] = { contracts_end, contract_match, contract_render },
	[KIND_GROUP] = { groups_end, unit_match, unit_render },
	[KIND_ENTITY] = { entities_end, unit_match, unit_render },
	[KIND_LOCATION] = { locations_end, unit_match, unit_render },
};

bool
page_place(const struct tenant *tenant, const struct query *query, uint64_t *place)
{
	*place = 0;
	return (query->cursor == NULL ||
	    cursor_read(query->cursor, query->filters, tenant->generation, place));
}

/* Adds up to a page of rows; returns where the next one begins, or PAGE_END. */
static uint64_t
rows_render(struct page *page, uint64_t place, struct buf *out)
{
	const struct listing *listing = &listings[page->query->kind];
	uint64_t end;
	uint32_t count;

	end = listing->end(page->tenant);
	if (page->query->nothing || page->tenant->reads == READS_EMPTY)
		end = 0;
	for (count = 0; place < end; place++) {
		if (!listing->match(page, place))
			continue;
		if (count == page->query->page_size)
			return (place);
		listing->render(page);
		emit_lit(out, ",");
		count++;
	}
	return (count == page->query->page_size && page->tenant->shape.empty_tail ?
	    end : PAGE_END);
}

uint64_t
page_render(struct tenant *tenant, const struct query *query, uint64_t place,
    int64_t now, struct buf *out)
{
	struct page page = { .tenant = tenant, .query = query, .now = now };
	char cursor[CURSOR_SIZE];
	uint64_t next;

	(void)buf_reserve(out, (size_t)query->page_size * PAGE_RECORD_SIZE);
	scene_open(&page.scene, tenant, out, now);
	emit_lit(out, "{\"status\":\"success\",\"data\":{\"results\":[");
	next = rows_render(&page, place, out);
	emit_close(out, ']');
	emit_lit(out, ",");
	emit_pair_text(out, "next", next == PAGE_END ? NULL :
	    cursor_write(next, query->filters, tenant->generation, cursor));
	emit_close(out, '}');
	emit_lit(out, "}");
	emit_end(out);
	scene_close(&page.scene);
	return (next);
}
