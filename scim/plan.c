/*
 * Owns nothing. A plan is a source of ids with its size, or two of them under an "or";
 * beside it goes the window of meta.lastModified that all of the terms joined by "and"
 * agree on.
 */
#include "config.h"

#include "scim/plan.h"

#include <stdlib.h>

#include "scim/index.h"
#include "scim/make.h"

#define PLAN_SHARE	4	/* more than one in so many: walking all is faster */

enum plan_kind { PLAN_ALL, PLAN_LIST, PLAN_CURSOR, PLAN_WINDOW, PLAN_EITHER };

struct plan {
	enum plan_kind		 kind;
	size_t			 cost;		/* ids at most; SIZE_MAX of PLAN_ALL */
	bool			 exact;		/* the window is all there is to it */
	const uint32_t		*list;
	struct cow_cursor	 cursor;
	size_t			 low;		/* window: places of the order, … */
	size_t			 high;		/* … behind the last one */
	const struct plan	*left;
	const struct plan	*right;
};

struct planner {
	struct arena		*arena;
	const struct own	*own;
	const struct image_snap	*snap;
	const struct cow_order	*order;
	enum resource_type	 type;
};

/* ---- sources ------------------------------------------------------------- */

static void
plan_list(struct plan *plan, const uint32_t *ids, size_t count)
{
	plan->kind = PLAN_LIST;
	plan->list = ids;
	plan->cost = count;
}

static void
plan_nothing(struct plan *plan)
{
	plan_list(plan, NULL, 0);
}

static void
plan_id(const struct planner *planner, const struct filter *filter, struct plan *plan)
{
	const struct image_entry *entry;

	entry = filter_entry(planner->snap, filter);
	if (entry == NULL || entry_type(entry) != planner->type)
		plan_nothing(plan);
	else
		plan_list(plan, &entry->id, 1);
}

static void
plan_own_id(const struct planner *planner, const struct filter *filter,
    struct plan *plan)
{
	const struct image_entry *entry;

	entry = own_find(planner->own, planner->snap, planner->arena, filter->text);
	if (entry == NULL)
		plan_nothing(plan);
	else
		plan_list(plan, &entry->id, 1);
}

static void
plan_groups_of(const struct planner *planner, const struct filter *filter,
    struct plan *plan)
{
	const struct image_entry *entry;

	entry = filter_entry(planner->snap, filter);
	if (entry == NULL || entry_type(entry) != RESOURCE_USER)
		plan_nothing(plan);
	else
		plan_list(plan, entry->groups, entry->group_count);
}

static void
plan_members_of(const struct planner *planner, const struct filter *filter,
    struct plan *plan)
{
	const struct image_entry *entry;

	entry = filter_entry(planner->snap, filter);
	if (entry == NULL || entry_type(entry) != RESOURCE_GROUP) {
		plan_nothing(plan);
		return;
	}
	plan->kind = PLAN_CURSOR;
	plan->cost = entry->group_count;
	snap_members_open(&plan->cursor, planner->snap, entry->id);
}

static void
plan_reports_of(const struct planner *planner, const struct filter *filter,
    struct plan *plan)
{
	const struct image_entry *entry;

	entry = filter_entry(planner->snap, filter);
	if (entry == NULL || entry_type(entry) != RESOURCE_USER) {
		plan_nothing(plan);
		return;
	}
	plan->kind = PLAN_CURSOR;
	plan->cost = snap_reports_open(&plan->cursor, planner->snap, entry->id);
}

static void
plan_value(const struct planner *planner, const struct filter *filter,
    struct plan *plan)
{
	uint32_t key;

	key = index_key(filter->attr, filter->text.text, filter->text.len);
	plan->kind = PLAN_CURSOR;
	plan->cost = snap_key_open_count(&plan->cursor, planner->snap, INDEX_VALUES, key);
}

/* Attributes whose equality is answered otherwise than by their values' keys. */
static void (*const plan_own[ATTR_TABLE_N])(const struct planner *planner,
    const struct filter *filter, struct plan *plan) = {
	[ATTR_ID] = plan_id,
	[ATTR_EXTERNAL_ID] = plan_own_id,
	[ATTR_USER_GROUP_VALUE] = plan_members_of,
	[ATTR_MANAGER_VALUE] = plan_reports_of,
	[ATTR_MEMBER_VALUE] = plan_groups_of,
};

/* ---- windows of time ----------------------------------------------------- */

struct plan_probe {
	const struct planner	*planner;
	const struct filter	*filter;
	bool			 after;		/* wants the first behind it */
};

static int
plan_probe(void *context, uint32_t id)
{
	const struct plan_probe *probe = context;
	int order;

	order = filter_compare_instant(probe->filter,
	    snap_entry(probe->planner->snap, id)->modified);
	return (order < 0 || (probe->after && order == 0) ? -1 : 0);
}

static size_t
plan_place(const struct planner *planner, const struct filter *filter, bool after)
{
	struct plan_probe probe = { planner, filter, after };

	return (cow_order_find(planner->order, plan_probe, &probe));
}

static void
plan_window(const struct planner *planner, const struct filter *filter,
    struct plan *plan)
{
	switch (filter->op) {
	case FILTER_EQ:
		plan->low = plan_place(planner, filter, false);
		plan->high = plan_place(planner, filter, true);
		break;
	case FILTER_GT:
	case FILTER_GE:
		plan->low = plan_place(planner, filter, filter->op == FILTER_GT);
		break;
	case FILTER_LT:
	case FILTER_LE:
		plan->high = plan_place(planner, filter, filter->op == FILTER_LE);
		break;
	case FILTER_NE:
	case FILTER_CO:
	case FILTER_SW:
	case FILTER_EW:
	case FILTER_PR:
	case FILTER_OP_N:
		return;
	}
	plan->exact = true;
}

/* ---- plans --------------------------------------------------------------- */

/* Takes the window where it is the shorter way; without one it is all there are. */
static void
plan_settle(struct plan *plan)
{
	size_t size;

	size = plan->high > plan->low ? plan->high - plan->low : 0;
	if (size >= plan->cost)
		return;
	plan->kind = PLAN_WINDOW;
	plan->cost = size;
}

static struct plan *
plan_make(const struct planner *planner, const struct filter *filter);

static void
plan_and(const struct planner *planner, const struct filter *filter, struct plan *plan)
{
	const struct plan *left, *right;

	left = plan_make(planner, filter->left);
	right = plan_make(planner, filter->right);
	*plan = left->cost <= right->cost ? *left : *right;
	plan->low = left->low > right->low ? left->low : right->low;
	plan->high = left->high < right->high ? left->high : right->high;
	plan->exact = left->exact && right->exact;
}

static void
plan_or(const struct planner *planner, const struct filter *filter, struct plan *plan)
{
	struct plan *left, *right;

	left = plan_make(planner, filter->left);
	right = plan_make(planner, filter->right);
	plan_settle(left);
	plan_settle(right);
	plan->kind = PLAN_EITHER;
	plan->cost = left->cost + right->cost;
	plan->left = left;
	plan->right = right;
}

static void
plan_compare(const struct planner *planner, const struct filter *filter,
    struct plan *plan)
{
	const struct attr *attr = filter->attr;

	if (attr->id == ATTR_META_MODIFIED)
		plan_window(planner, filter, plan);
	else if (filter->op != FILTER_EQ)
		return;
	else if (attr->id < ATTR_TABLE_N && plan_own[attr->id] != NULL)
		plan_own[attr->id](planner, filter, plan);
	else if ((attr->flags & ATTR_INDEXED) != 0)
		plan_value(planner, filter, plan);
}

static struct plan *
plan_make(const struct planner *planner, const struct filter *filter)
{
	struct plan *plan;

	plan = arena_alloc(planner->arena, sizeof(*plan));
	*plan = (struct plan){ .kind = PLAN_ALL, .cost = SIZE_MAX,
	    .high = cow_order_count(planner->order) };
	switch (filter->kind) {
	case FILTER_AND:
		plan_and(planner, filter, plan);
		break;
	case FILTER_OR:
		plan_or(planner, filter, plan);
		break;
	case FILTER_ELEMENT:
		/* What an element has, the whole has. */
		return (plan_make(planner, filter->left));
	case FILTER_COMPARE:
		plan_compare(planner, filter, plan);
		break;
	case FILTER_NOT:
		break;
	}
	return (plan);
}

/* ---- gathering ----------------------------------------------------------- */

/*
 * Sources know of all types: keys are hashes that they may share, and a query
 * over all types names attributes that another type has.
 */
static void
plan_put(const struct planner *planner, uint32_t id, struct id_list *out)
{
	if (id_type(id) == planner->type)
		out->ids[out->count++] = id;
}

static void
plan_gather(const struct planner *planner, const struct plan *plan, struct id_list *out)
{
	struct cow_cursor cursor;
	uint32_t id;
	size_t i;

	switch (plan->kind) {
	case PLAN_LIST:
		for (i = 0; i < plan->cost; i++)
			plan_put(planner, plan->list[i], out);
		break;
	case PLAN_CURSOR:
		for (cursor = plan->cursor; snap_key_next(&cursor, &id);)
			plan_put(planner, id, out);
		break;
	case PLAN_WINDOW:
		for (i = 0; i < plan->cost; i++)
			plan_put(planner, cow_order_at(planner->order,
			    plan->low + i), out);
		break;
	case PLAN_EITHER:
		plan_gather(planner, plan->left, out);
		plan_gather(planner, plan->right, out);
		break;
	case PLAN_ALL:
		break;
	}
}

static int
plan_compare_ids(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x < *y ? -1 : *x > *y);
}

/* Sorts ids, which most sources give in order, and leaves each once. */
static void
plan_sort(struct id_list *list)
{
	size_t i, n;

	for (i = 1; i < list->count && list->ids[i - 1] < list->ids[i]; i++)
		continue;
	if (i >= list->count)
		return;
	qsort(list->ids, list->count, sizeof(*list->ids), plan_compare_ids);
	for (i = n = 0; i < list->count; i++)
		if (n == 0 || list->ids[n - 1] != list->ids[i])
			list->ids[n++] = list->ids[i];
	list->count = n;
}

bool
plan_find(struct arena *arena, const struct filter_subject *subject,
    enum resource_type type, const struct filter *filter, struct id_list *candidates)
{
	const struct image_snap *snap = subject->snap;
	const struct planner planner = { .arena = arena, .own = &subject->own,
		.snap = snap, .order = snap_order(snap, type), .type = type };
	struct plan *plan;

	plan = plan_make(&planner, filter);
	plan_settle(plan);
	if (plan->cost > type_count(snap, type) / PLAN_SHARE + 1)
		return (false);
	*candidates = (struct id_list){ arena_alloc(arena,
	    (plan->cost + 1) * sizeof(uint32_t)), 0, plan->exact };
	plan_gather(&planner, plan, candidates);
	plan_sort(candidates);
	return (true);
}
