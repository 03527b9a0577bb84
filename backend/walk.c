/*
 * Owns nothing: a walk lies in the operation's scratch memory and reads one snapshot.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/walk.h"

#include <stdlib.h>
#include <string.h>

#define GRAMS_TRIED	16	/* of an assertion, at most */
#define GRAMS_USED	3	/* the rarest ones */
#define AND_FEW		16	/* so few entries are looked at without more ado */
#define AND_SHARE	32	/* a part so many times larger than another thins it out */
#define ORDER_SHARE	4	/* a range larger than this part of all is not worth sorting */

enum walk_kind {
	WALK_ALL,	/* everybody */
	WALK_GROUPS,	/* all groups */
	WALK_NONE,
	WALK_LIST,	/* ids */
	WALK_KEY,	/* entries under a key */
	WALK_ANY,	/* in any of several */
	WALK_EACH	/* in each of several */
};

struct walk {
	enum walk_kind		 kind;
	size_t			 count;		/* at most so many entries */
	const struct image_snap	*snap;
	struct cow_cursor	 cursor;
	bool			 ended;		/* WALK_KEY: `at` means nothing */
	uint32_t		 at;		/* WALK_KEY: read, not yet passed */
	const uint32_t		*ids;
	size_t			 place;
	struct walk		*child;
	struct walk		*next;
};

/* ---- walking ------------------------------------------------------------------------------- */

static bool
walk_all(const struct walk *walk, uint32_t *id)
{
	if (snap_next(walk->snap, id) != NULL)
		return (true);
	if ((*id & IMAGE_GROUP) != 0)
		return (false);
	*id = IMAGE_GROUP;
	return (snap_next(walk->snap, id) != NULL);
}

static bool
walk_groups(const struct walk *walk, uint32_t *id)
{
	if (*id < IMAGE_GROUP)
		*id = IMAGE_GROUP;
	return (snap_next(walk->snap, id) != NULL);
}

static bool
walk_key(struct walk *walk, uint32_t *id)
{
	if (!walk->ended && walk->at < *id) {
		snap_key_seek(&walk->cursor, *id);
		walk->ended = !snap_key_next(&walk->cursor, &walk->at);
	}
	if (walk->ended)
		return (false);
	*id = walk->at;
	return (true);
}

static bool
walk_list(struct walk *walk, uint32_t *id)
{
	while (walk->place < walk->count && walk->ids[walk->place] < *id)
		walk->place++;
	if (walk->place == walk->count)
		return (false);
	*id = walk->ids[walk->place];
	return (true);
}

static bool
walk_any(struct walk *walk, uint32_t *id)
{
	struct walk *child;
	uint32_t first, one;
	bool found;

	found = false;
	first = 0;
	for (child = walk->child; child != NULL; child = child->next) {
		one = *id;
		if (!walk_next(child, &one) || (found && one >= first))
			continue;
		first = one;
		found = true;
	}
	*id = first;
	return (found);
}

/* Each in turn is moved on to what the others have come to, until all agree. */
static bool
walk_each(struct walk *walk, uint32_t *id)
{
	struct walk *child;
	uint32_t one;

	for (child = walk->child; child != NULL;) {
		one = *id;
		if (!walk_next(child, &one))
			return (false);
		child = one == *id ? child->next : walk->child;
		*id = one;
	}
	return (true);
}

bool
walk_next(struct walk *walk, uint32_t *id)
{
	switch (walk->kind) {
	case WALK_ALL:
		return (walk_all(walk, id));
	case WALK_GROUPS:
		return (walk_groups(walk, id));
	case WALK_NONE:
		break;
	case WALK_LIST:
		return (walk_list(walk, id));
	case WALK_KEY:
		return (walk_key(walk, id));
	case WALK_ANY:
		return (walk_any(walk, id));
	case WALK_EACH:
		return (walk_each(walk, id));
	}
	return (false);
}

size_t
walk_count(const struct walk *walk)
{
	return (walk->count);
}

/* ---- making walks ---------------------------------------------------------------------------- */

static struct walk *
walk_new(struct scratch *scratch, const struct sight *sight, enum walk_kind kind)
{
	struct walk *walk;

	walk = scratch_alloc(scratch, sizeof(*walk));
	walk->kind = kind;
	walk->snap = sight->snap;
	if (kind == WALK_ALL)
		walk->count = snap_people(sight->snap) + snap_groups(sight->snap);
	if (kind == WALK_GROUPS)
		walk->count = snap_groups(sight->snap);
	return (walk);
}

/* Reads the first id of a cursor that was just opened. */
static void
walk_begin_key(struct walk *walk, size_t count)
{
	walk->count = count;
	walk->ended = !snap_key_next(&walk->cursor, &walk->at);
}

static struct walk *
walk_of_key(struct scratch *scratch, const struct sight *sight, unsigned int set,
    uint32_t key)
{
	struct walk *walk;

	walk = walk_new(scratch, sight, WALK_KEY);
	walk_begin_key(walk, snap_key_open_count(&walk->cursor, sight->snap, set, key));
	return (walk);
}

static struct walk *
walk_of_ids(struct scratch *scratch, const struct sight *sight, const uint32_t *ids,
    size_t count)
{
	struct walk *walk;

	walk = walk_new(scratch, sight, WALK_LIST);
	walk->ids = ids;
	walk->count = count;
	return (walk);
}

static struct walk *
walk_of_entry(struct scratch *scratch, const struct sight *sight,
    const struct image_entry *entry)
{
	const struct pack *pack;

	pack = entry != NULL ? entry->payload : NULL;
	if (pack == NULL || (pack->role != ROLE_PERSON && pack->role != ROLE_GROUP))
		return (walk_new(scratch, sight, WALK_NONE));
	return (walk_of_ids(scratch, sight, &entry->id, 1));
}

static void
walk_add(struct walk *walk, struct walk *child)
{
	child->next = walk->child;
	walk->child = child;
	walk->count += child->count;
}

/*
 * Equality on the values of slots. Keys are made of values as their type's rule normalises
 * them: all types must have the rule the assertion was normalised by.
 */
static struct walk *
walk_equal(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	const MatchingRule *rule = match->ad->ad_type->sat_equality;
	struct walk *walk;
	unsigned int slot;
	uint64_t left;

	for (left = match->slots; left != 0; left &= left - 1)
		if (types->slot[__builtin_ctzll(left)].ad->ad_type->sat_equality != rule)
			return (walk_new(scratch, sight, WALK_ALL));
	slot = (unsigned int)__builtin_ctzll(match->slots);
	if ((match->slots & (match->slots - 1)) == 0)
		return (walk_of_key(scratch, sight, SET_EQUAL, make_key(slot, match->value)));
	walk = walk_new(scratch, sight, WALK_ANY);
	for (left = match->slots; left != 0; left &= left - 1) {
		slot = (unsigned int)__builtin_ctzll(left);
		walk_add(walk, walk_of_key(scratch, sight, SET_EQUAL,
		    make_key(slot, match->value)));
	}
	return (walk);
}

/*
 * Whether an entry has the type at all. Several types, as in (name=*), are looked for one by
 * one.
 */
static struct walk *
walk_present(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	struct walk *walk;
	unsigned int slot;
	uint64_t left;

	for (left = match->slots; left != 0; left &= left - 1)
		if (!types->slot[__builtin_ctzll(left)].optional)
			return (walk_new(scratch, sight, WALK_ALL));
	walk = walk_new(scratch, sight, WALK_ANY);
	for (left = match->slots; left != 0; left &= left - 1) {
		slot = (unsigned int)__builtin_ctzll(left);
		walk_add(walk, walk_of_key(scratch, sight, SET_EQUAL,
		    make_presence_key(slot)));
	}
	return (walk);
}

/* ---- substrings --------------------------------------------------------------------------------- */

struct gram {
	uint32_t	 gram;
	size_t		 count;		/* entries that have it */
};

struct grams {
	struct gram	 list[GRAMS_TRIED];
	size_t		 count;
};

static void
grams_try(struct grams *grams, const struct sight *sight, uint32_t gram)
{
	if (grams->count == GRAMS_TRIED)
		return;
	grams->list[grams->count].gram = gram;
	grams->list[grams->count++].count = snap_key_count(sight->snap, SET_GRAMS, gram);
}

static void
grams_try_part(struct grams *grams, const struct sight *sight, const struct berval *part)
{
	const unsigned char *text = (const unsigned char *)part->bv_val;
	size_t i;

	for (i = 2; text != NULL && i < part->bv_len; i++)
		grams_try(grams, sight, make_gram(text[i - 2], text[i - 1], text[i]));
}

static int
grams_compare(const void *a, const void *b)
{
	const struct gram *x = a, *y = b;

	return (x->count < y->count ? -1 : x->count > y->count);
}

static void
grams_try_all(struct grams *grams, const struct sight *sight,
    const SubstringsAssertion *parts)
{
	const unsigned char *first = (const unsigned char *)parts->sa_initial.bv_val;
	const struct berval *any;

	if (first != NULL && parts->sa_initial.bv_len > 1)
		grams_try(grams, sight, make_gram(0, first[0], first[1]));
	grams_try_part(grams, sight, &parts->sa_initial);
	for (any = parts->sa_any; any != NULL && !BER_BVISNULL(any); any++)
		grams_try_part(grams, sight, any);
	grams_try_part(grams, sight, &parts->sa_final);
}

static struct walk *
walk_substrings(struct scratch *scratch, const struct sight *sight,
    const struct match *match)
{
	struct grams grams = { .count = 0 };
	struct walk *walk;
	uint64_t left;
	size_t i;

	for (left = match->slots; left != 0; left &= left - 1)
		if (!types->slot[__builtin_ctzll(left)].grams)
			return (walk_new(scratch, sight, WALK_ALL));
	grams_try_all(&grams, sight, match->filter->f_sub);
	if (grams.count == 0)
		return (walk_new(scratch, sight, WALK_ALL));
	qsort(grams.list, grams.count, sizeof(grams.list[0]), grams_compare);
	walk = walk_new(scratch, sight, WALK_EACH);
	for (i = grams.count < GRAMS_USED ? grams.count : GRAMS_USED; i-- > 0;)
		walk_add(walk, walk_of_key(scratch, sight, SET_GRAMS, grams.list[i].gram));
	walk->count = grams.list[0].count;
	return (walk);
}

/* ---- order ------------------------------------------------------------------------------------------ */

struct order_probe {
	const struct sight	*sight;
	const struct match	*match;		/* on a stamp, or on a type that has an order */
	unsigned int		 order;
	bool			 past;		/* look for the first that comes after */
};

/* Negative while the entry at a place comes before what is looked for. */
static int
walk_probe(void *context, uint32_t id)
{
	const struct order_probe *probe = context;
	const struct image_entry *entry = snap_entry(probe->sight->snap, id);
	int order;

	switch (probe->order) {
	case ORDER_MODIFIED:
		order = match_stamp_order(probe->match, entry->modified);
		break;
	case ORDER_CREATED:
		order = match_stamp_order(probe->match, entry->created);
		break;
	default:
		order = match_value_order(probe->match, entry);
	}
	return (order < 0 || (probe->past && order == 0) ? -1 : 1);
}

static int
walk_compare_ids(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x < *y ? -1 : *x > *y);
}

/* The entries of an order from one place to another, by id. */
static struct walk *
walk_places(struct scratch *scratch, const struct sight *sight, const struct cow_order *order,
    size_t from, size_t to)
{
	uint32_t *ids;
	size_t i;

	if (to <= from)
		return (walk_new(scratch, sight, WALK_NONE));
	if ((to - from) * ORDER_SHARE > snap_people(sight->snap) + snap_groups(sight->snap))
		return (walk_new(scratch, sight, WALK_ALL));
	ids = scratch_alloc(scratch, (to - from) * sizeof(*ids));
	for (i = from; i < to; i++)
		ids[i - from] = cow_order_at(order, i);
	qsort(ids, to - from, sizeof(*ids), walk_compare_ids);
	return (walk_of_ids(scratch, sight, ids, to - from));
}

/* A range: at least or at most what is asserted, or equal to it. */
static struct walk *
walk_order(struct scratch *scratch, const struct sight *sight, const struct match *match,
    unsigned int number)
{
	const struct cow_order *order = snap_order(sight->snap, number);
	struct order_probe probe = { .sight = sight, .match = match, .order = number };
	ber_tag_t choice = match->filter->f_choice;
	size_t from, to;

	from = choice == LDAP_FILTER_LE ? 0 : cow_order_find(order, walk_probe, &probe);
	probe.past = true;
	to = choice == LDAP_FILTER_GE ? cow_order_count(order) :
	    cow_order_find(order, walk_probe, &probe);
	return (walk_places(scratch, sight, order, from, to));
}

static struct walk *
walk_value(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	const struct slot *slot;

	switch (match->filter->f_choice) {
	case LDAP_FILTER_EQUALITY:
	case LDAP_FILTER_EXT:
		return (walk_equal(scratch, sight, match));
	case LDAP_FILTER_GE:
	case LDAP_FILTER_LE:
		slot = &types->slot[__builtin_ctzll(match->slots)];
		if ((match->slots & (match->slots - 1)) == 0 && slot->ordered)
			return (walk_order(scratch, sight, match,
			    ORDER_VALUES + slot->order));
	}
	return (walk_new(scratch, sight, WALK_ALL));
}

/* entryCSN and modifyTimestamp ascend together. */
static struct walk *
walk_stamp(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	return (walk_order(scratch, sight, match,
	    match->ad == slap_schema.si_ad_createTimestamp ? ORDER_CREATED :
	    ORDER_MODIFIED));
}

/* ---- references --------------------------------------------------------------------------------------- */

static struct walk *
walk_reports(struct scratch *scratch, const struct sight *sight, uint32_t manager)
{
	struct walk *walk;

	walk = walk_new(scratch, sight, WALK_KEY);
	walk_begin_key(walk, snap_reports_open(&walk->cursor, sight->snap, manager));
	return (walk);
}

static struct walk *
walk_members(struct scratch *scratch, const struct sight *sight,
    const struct image_entry *group)
{
	struct walk *walk;

	walk = walk_new(scratch, sight, WALK_KEY);
	snap_members_open(&walk->cursor, sight->snap, group->id);
	walk_begin_key(walk, group->group_count);
	return (walk);
}

static struct walk *
walk_uuid(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	struct uuid uuid;

	if (match->value->bv_len != UUID_SIZE)
		return (walk_new(scratch, sight, WALK_NONE));
	memcpy(uuid.bytes, match->value->bv_val, UUID_SIZE);
	return (walk_of_entry(scratch, sight, snap_uuid(sight->snap, &uuid)));
}

/* ---- combinations ----------------------------------------------------------------------------------------- */

static struct walk *
walk_constant(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	enum walk_kind kind;

	kind = (match->constant[ROLE_PERSON] & OUTCOME_TRUE) != 0 ? WALK_ALL :
	    (match->constant[ROLE_GROUP] & OUTCOME_TRUE) != 0 ? WALK_GROUPS : WALK_NONE;
	return (walk_new(scratch, sight, kind));
}

/*
 * The smallest of the parts, thinned out by others that are not much larger: to read their ids
 * takes less than to look at an entry. The filter itself looks at whatever is left.
 */
static struct walk *
walk_and(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	struct walk *best, *list, *next, *one, *walk;
	const struct match *child;

	best = walk_new(scratch, sight, WALK_ALL);
	list = NULL;
	for (child = match->child; child != NULL; child = child->next) {
		one = walk_make(scratch, sight, child);
		if (one->kind == WALK_NONE)
			return (one);
		if (one->kind == WALK_ALL)
			continue;
		one->next = list;
		list = one;
		if (one->count < best->count || best->kind == WALK_ALL)
			best = one;
	}
	if (best->count < AND_FEW || list == NULL || list->next == NULL)
		return (best);
	walk = walk_new(scratch, sight, WALK_EACH);
	for (; list != NULL; list = next) {
		next = list->next;
		if (list != best && list->count / AND_SHARE <= best->count)
			walk_add(walk, list);
	}
	walk_add(walk, best);
	walk->count = best->count;
	return (walk);
}

static struct walk *
walk_or(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	const struct match *child;
	struct walk *one, *walk;

	walk = walk_new(scratch, sight, WALK_ANY);
	for (child = match->child; child != NULL; child = child->next) {
		one = walk_make(scratch, sight, child);
		if (one->kind == WALK_ALL)
			return (one);
		if (one->kind != WALK_NONE)
			walk_add(walk, one);
	}
	return (walk);
}

struct walk *
walk_make(struct scratch *scratch, const struct sight *sight, const struct match *match)
{
	switch (match->kind) {
	case MATCH_CONSTANT:
		return (walk_constant(scratch, sight, match));
	case MATCH_AND:
		return (walk_and(scratch, sight, match));
	case MATCH_OR:
		return (walk_or(scratch, sight, match));
	case MATCH_VALUE:
		return (walk_value(scratch, sight, match));
	case MATCH_SUBSTRINGS:
		return (walk_substrings(scratch, sight, match));
	case MATCH_UUID:
		return (walk_uuid(scratch, sight, match));
	case MATCH_NAME:
		return (walk_of_entry(scratch, sight, match->target));
	case MATCH_STAMP:
		return (walk_stamp(scratch, sight, match));
	case MATCH_MANAGER:
		return (walk_reports(scratch, sight, match->target->id));
	case MATCH_MEMBER_OF:
		return (walk_members(scratch, sight, match->target));
	case MATCH_MEMBER:
		return (walk_of_ids(scratch, sight, match->target->groups,
		    match->target->group_count));
	case MATCH_PRESENT:
		return (walk_present(scratch, sight, match));
	case MATCH_HAS_MEMBERS:
		return (walk_new(scratch, sight, WALK_GROUPS));
	case MATCH_NOT:
	case MATCH_HAS_MANAGER:
	case MATCH_HAS_GROUPS:
		break;
	}
	return (walk_new(scratch, sight, WALK_ALL));
}
