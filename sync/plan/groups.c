/*
 * Owns the groups of one publication. A name, once given, stays while the group keeps its own
 * name in the HR system, whatever other groups come (rulings F14).
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
	struct map	  by_id;	/* id → index in list */
	struct map	  taken;	/* hash of a folded cn → id */
	struct map	  bases;	/* id → index in named */
	struct named	 {
		const char	*base;
		const char	*folded;
	} *named;
	size_t		  named_count;
	size_t		  named_room;
};

void
groups_close(struct groups **groups)
{
	if (*groups == NULL)
		return;
	map_close(&(*groups)->by_id);
	map_close(&(*groups)->taken);
	map_close(&(*groups)->bases);
	mem_free(&(*groups)->list);
	mem_free(&(*groups)->named);
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
	map_set(&groups->by_id, (uint64_t)id, groups->count++);
	return (*slot);
}

static void
groups_note_name(struct groups *groups, int64_t id, const char *base, const char *folded)
{
	struct named *slot;
	uint64_t *at;

	at = map_at(&groups->bases, (uint64_t)id, groups->named_count);
	if (*at == groups->named_count) {
		(void)mem_grow(&groups->named, groups->named_count, &groups->named_room,
		    sizeof(*slot));
		groups->named_count++;
	}
	slot = &groups->named[*at];
	slot->base = base;
	slot->folded = folded;
	map_set(&groups->taken, hash64_text(folded), (uint64_t)id);
}

static void
groups_found(void *context, const struct grp_row *row)
{
	struct groups *groups = context;
	struct group *group;

	group = groups_add(groups, row->id);
	group->uuid = row->uuid;
	group->cn = arena_dup(groups->arena, row->cn);
	groups_note_name(groups, row->id, arena_dup(groups->arena, row->base),
	    arena_dup(groups->arena, row->folded));
}

/* ---- names -------------------------------------------------------------------------- */

static const struct book_source *
groups_source(const struct groups *groups, const struct unit_entry *entry)
{
	return (book_source(groups->plan->book, entry->unit.source));
}

static int
groups_choose_name(struct groups *groups, const struct unit_entry *entry,
    const char *source, struct grp_row *row, struct err *err)
{
	uint64_t holder;
	unsigned int n;

	for (n = 0;; n++) {
		row->cn = name_group_try(groups->arena, entry->unit.name, entry->unit.type,
		    source, n);
		row->folded = text_match(groups->arena, row->cn);
		if (!map_get(&groups->taken, hash64_text(row->folded), &holder) ||
		    holder == (uint64_t)row->id || holder == 0)
			break;
	}
	row->base = entry->unit.name;
	return (grp_put(groups->plan->db, row, err));
}

/* Names a group, or names it anew when the HR system did. */
static int
groups_name(struct groups *groups, struct unit_entry *entry, struct err *err)
{
	const struct book_source *source;
	struct group *group;
	struct grp_row row;
	uint64_t at;

	source = groups_source(groups, entry);
	if (source == NULL)
		return (0);
	group = groups_get(groups, entry->unit.id);
	if (group == NULL)
		group = groups_add(groups, entry->unit.id);
	if (group->cn == NULL || !map_get(&groups->bases, (uint64_t)group->id, &at) ||
	    strcmp(groups->named[at].base, entry->unit.name) != 0) {
		row = (struct grp_row){ .id = entry->unit.id, .uuid = group->uuid };
		if (group->cn == NULL) {
			row.uuid = uuid_named(&groups->plan->namespace, source->conf->name,
			    strlen(source->conf->name));
			row.uuid = uuid_named(&row.uuid, "group", strlen("group"));
			row.uuid = uuid_named(&row.uuid, entry->unit.kombo,
			    strlen(entry->unit.kombo));
		} else if (map_get(&groups->bases, (uint64_t)group->id, &at)) {
			map_set(&groups->taken, hash64_text(groups->named[at].folded), 0);
		}
		if (groups_choose_name(groups, entry, source->conf->name, &row, err) < 0)
			return (-1);
		group->uuid = row.uuid;
		group->cn = row.cn;
		group->touched = true;
		groups_note_name(groups, row.id, arena_dup(groups->arena, row.base),
		    row.folded);
	}
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
		if (entry->wanted)
			wanted[count++] = entry;
	}
	qsort_r(wanted, count, sizeof(*wanted), groups_order, groups->plan->book);
	result = 0;
	for (i = 0; i < count && result == 0; i++)
		result = groups_name(groups, wanted[i], err);
	mem_free(&wanted);
	return (result);
}

static void
groups_describe(struct groups *groups)
{
	const struct book_source *source;
	const struct unit_entry *entry;
	struct group *group;
	size_t i;

	for (i = 0; i < units_count(groups->plan->units); i++) {
		entry = units_at(groups->plan->units, i);
		group = entry->unit.model != UNIT_GROUP ? NULL :
		    groups_get(groups, entry->unit.id);
		if (group == NULL)
			continue;
		source = groups_source(groups, entry);
		group->type = entry->unit.type;
		group->source = source != NULL ? source->conf->name : "";
	}
}

/* What entries of members show of each group: id, name, type. */
static void
groups_hash(struct groups *groups)
{
	struct group *group;
	uint64_t hash;
	size_t i;

	groups_describe(groups);
	for (i = 0; i < groups->count; i++) {
		group = groups->list[i];
		hash = hash64(group->uuid.bytes, sizeof(group->uuid.bytes));
		hash = hash64_seed(group->cn, strlen(group->cn), hash);
		if (group->type != NULL)
			hash = hash64_seed(group->type, strlen(group->type), hash);
		group->hash = hash;
	}
}

int
groups_open(struct plan *plan, struct groups **out, struct err *err)
{
	struct groups *groups;

	*out = groups = mem_alloc(sizeof(*groups));
	groups->plan = plan;
	groups->arena = arena_open();
	if (groups_write_units(plan, err) < 0 ||
	    grp_each(plan->db, groups_found, groups, err) < 0 ||
	    groups_name_all(groups, err) < 0) {
		groups_close(out);
		return (-1);
	}
	groups_hash(groups);
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

struct group *
groups_get(struct groups *groups, int64_t id)
{
	uint64_t at;

	if (!map_get(&groups->by_id, (uint64_t)id, &at))
		return (NULL);
	return (groups->list[at]);
}

struct group *
groups_of_unit(struct groups *groups, const struct unit_entry *unit)
{
	struct group *group;

	group = groups_get(groups, unit->unit.id);
	return (group != NULL && group->cn != NULL ? group : NULL);
}

void
groups_member(struct group *group, uint32_t views, const struct uuid *member, int by)
{
	uint64_t hash;
	size_t i;

	hash = hash64(member->bytes, sizeof(member->bytes));
	for (i = 0; i < BOOK_VIEWS_MAX; i++) {
		if ((views & UINT32_C(1) << i) == 0)
			continue;
		group->members[i] += by;
		group->member_hash[i] += by > 0 ? hash : -hash;
		group->touched = true;
	}
}
