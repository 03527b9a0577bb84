/*
 * Owns the groups of one publication, read when they are asked for. A name, once given, stays
 * while the group keeps its own name in the HR system, whatever other groups come (rulings
 * F14).
 */
#include "config.h"

#include "sync/plan/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/names.h"
#include "store/person.h"
#include "store/record.h"

struct groups {
	struct plan	 *plan;
	struct arena	 *arena;
	struct group	**list;
	size_t		  count;
	size_t		  room;
	struct map	  by_id;	/* id → index + 1 in list; 0: it has no name */
};

void
groups_close(struct groups **groups)
{
	if (*groups == NULL)
		return;
	map_close(&(*groups)->by_id);
	mem_free(&(*groups)->list);
	arena_close(&(*groups)->arena);
	mem_free(groups);
}

static int
groups_write_units(struct plan *plan, struct err *err)
{
	struct unit_entry *entry;
	size_t i;

	for (i = 0; i < units_count(plan->units); i++) {
		entry = units_at(plan->units, i);
		if (entry->replaced)
			continue;
		if (entry->renumbered && unit_renumber(plan->db, entry->unit.id,
		    entry->unit.kombo, err) < 0)
			return (-1);
		if (entry->changed && unit_put(plan->db, &entry->unit, err) < 0)
			return (-1);
	}
	return (0);
}

static struct group *
groups_add(struct groups *groups, int64_t id)
{
	struct group **slot;

	slot = mem_grow(&groups->list, groups->count, &groups->room, sizeof(*slot));
	*slot = arena_alloc(groups->arena, sizeof(**slot));
	(*slot)->id = id;
	map_set(&groups->by_id, (uint64_t)id, ++groups->count);
	return (*slot);
}

/* What entries of members show of the group: id, name, type. */
static void
groups_hash(struct group *group)
{
	uint64_t hash;

	hash = hash64(group->uuid.bytes, sizeof(group->uuid.bytes));
	hash = hash64_seed(group->cn, strlen(group->cn), hash);
	group->hash = hash64_seed(group->type, strlen(group->type), hash);
}

static void
groups_fill(struct groups *groups, struct group *group, const struct grp_row *row)
{
	const struct book_source *source;
	const struct unit_entry *entry;

	source = book_source(groups->plan->book, row->source);
	group->uuid = row->uuid;
	group->base = row->base;
	group->cn = row->cn;
	group->type = row->type != NULL ? row->type : "";
	group->source = source != NULL ? source->conf->name : "";
	entry = units_find(groups->plan->units, row->source, UNIT_GROUP, row->kombo);
	group->stays = entry != NULL && entry->local && entry->exposed && source != NULL;
	groups_hash(group);
	/* Everybody is judged under another configuration, which may show groups otherwise. */
	group->touched |= groups->plan->order->everybody;
}

int
groups_get(struct groups *groups, int64_t id, struct group **group, struct err *err)
{
	struct grp_row row;
	uint64_t at;
	int result;

	*group = NULL;
	if (map_get(&groups->by_id, (uint64_t)id, &at)) {
		if (at != 0)
			*group = groups->list[at - 1];
		return (at != 0);
	}
	result = grp_get(groups->plan->db, id, groups->arena, &row, err);
	if (result < 0)
		return (-1);
	if (result == 0) {
		map_set(&groups->by_id, (uint64_t)id, 0);
		return (0);
	}
	*group = groups_add(groups, id);
	groups_fill(groups, *group, &row);
	return (1);
}

/* ---- names -------------------------------------------------------------------------- */

/* Takes the first name that nobody else has, and keeps it. */
static int
groups_choose_name(struct groups *groups, const char *source, struct grp_row *row,
    struct err *err)
{
	struct db *db = groups->plan->db;
	int64_t holder;
	unsigned int n;
	int result;

	for (n = 0;; n++) {
		row->cn = name_group_try(groups->arena, row->base, row->type, source, n);
		row->folded = text_match(groups->arena, row->cn);
		result = grp_by_folded(db, row->folded, &holder, err);
		if (result < 0)
			return (-1);
		if (result == 0 || holder == row->id)
			return (grp_put(db, row, err));
	}
}

static struct uuid
groups_uuid(const struct groups *groups, const struct unit *unit, const char *source)
{
	struct uuid uuid;

	uuid = uuid_named(&groups->plan->namespace, source, strlen(source));
	uuid = uuid_named(&uuid, "group", strlen("group"));
	return (uuid_named(&uuid, unit->kombo, strlen(unit->kombo)));
}

/* Names a group, or names it anew when the HR system did. */
static int
groups_name(struct groups *groups, const struct unit_entry *entry, struct err *err)
{
	const struct unit *unit = &entry->unit;
	const struct book_source *source;
	struct group *group;
	struct grp_row row;
	int known;

	source = book_source(groups->plan->book, unit->source);
	if (source == NULL)
		return (0);
	known = groups_get(groups, unit->id, &group, err);
	if (known < 0)
		return (-1);
	if (known > 0) {
		group->touched |= entry->changed;
		if (strcmp(group->base, unit->name) == 0)
			return (0);
	}
	row = (struct grp_row){
		.id = unit->id,
		.uuid = known > 0 ? group->uuid : groups_uuid(groups, unit, source->conf->name),
		.base = unit->name,
		.source = unit->source,
		.type = unit->type,
		.kombo = unit->kombo,
	};
	if (groups_choose_name(groups, source->conf->name, &row, err) < 0)
		return (-1);
	if (known == 0)
		group = groups_add(groups, unit->id);
	groups_fill(groups, group, &row);
	group->touched = true;
	return (0);
}

static int
groups_order(const void *a, const void *b, void *context)
{
	const struct unit *unit_a = &(*(struct unit_entry *const *)a)->unit;
	const struct unit *unit_b = &(*(struct unit_entry *const *)b)->unit;
	const struct book *book = context;
	const struct book_source *source_a, *source_b;
	int order;

	source_a = book_source(book, unit_a->source);
	source_b = book_source(book, unit_b->source);
	if (source_a != source_b)
		return (source_a < source_b ? -1 : 1);
	order = strcmp(unit_a->remote != NULL ? unit_a->remote : "",
	    unit_b->remote != NULL ? unit_b->remote : "");
	return (order != 0 ? order : strcmp(unit_a->kombo, unit_b->kombo));
}

/* A group of no HR system is looked at without members too: it may be new, or come to its end. */
static bool
groups_changes_local(const struct groups *groups, const struct unit_entry *entry)
{
	return (entry->local && (entry->changed || groups->plan->order->everybody));
}

/* One that is no more, or hidden: its entries go. */
static int
groups_end_local(struct groups *groups, const struct unit_entry *entry, struct err *err)
{
	struct group *group;
	int known;

	if (!groups_changes_local(groups, entry) || entry->exposed)
		return (0);
	known = groups_get(groups, entry->unit.id, &group, err);
	if (known > 0)
		group->touched = true;
	return (known < 0 ? -1 : 0);
}

static int
groups_name_all(struct groups *groups, struct err *err)
{
	struct units *units = groups->plan->units;
	struct unit_entry **wanted, *entry;
	size_t count, i;
	int result;

	wanted = mem_alloc((units_count(units) + 1) * sizeof(*wanted));
	count = 0;
	for (i = 0; i < units_count(units); i++) {
		entry = units_at(units, i);
		if (entry->wanted > 0 ||
		    (groups_changes_local(groups, entry) && entry->exposed))
			wanted[count++] = entry;
	}
	qsort_r(wanted, count, sizeof(*wanted), groups_order, groups->plan->book);
	result = 0;
	for (i = 0; i < units_count(units) && result == 0; i++)
		result = groups_end_local(groups, units_at(units, i), err);
	for (i = 0; i < count && result == 0; i++)
		result = groups_name(groups, wanted[i], err);
	mem_free(&wanted);
	return (result);
}

int
groups_open(struct plan *plan, struct groups **out, struct err *err)
{
	struct groups *groups;

	*out = groups = mem_alloc(sizeof(*groups));
	groups->plan = plan;
	groups->arena = arena_open();
	if (groups_write_units(plan, err) < 0 || groups_name_all(groups, err) < 0) {
		groups_close(out);
		return (-1);
	}
	return (0);
}

size_t
groups_count(const struct groups *groups)
{
	return (groups->count);
}

struct group *
groups_at(struct groups *groups, size_t at)
{
	return (groups->list[at]);
}

void
groups_member(struct group *group, uint32_t views, const struct uuid *member, int by)
{
	uint64_t hash;
	size_t i;

	hash = hash64(member->bytes, sizeof(member->bytes));
	group->touched |= by < 0;
	for (i = 0; i < BOOK_VIEWS_MAX; i++) {
		if ((views & UINT32_C(1) << i) == 0)
			continue;
		group->members[i] += by;
		group->member_hash[i] += by > 0 ? hash : -hash;
		group->touched = true;
	}
}
