/*
 * Owns entries that are kept (unpack_keep); others belong to their callers.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/unpack.h"

#include <stdint.h>
#include <string.h>

#include "backend/members.h"
#include "backend/stamp.h"

#define DERIVED		11	/* attributes that no slot holds, at most */
#define DERIVED_VALUES	24	/* values of them but memberOf's, with null ones */

/* Texts of derived values. */
struct unpack_texts {
	char	uuid[UUID_TEXT_SIZE];
	char	csn[STAMP_CSN_SIZE];
	char	context[STAMP_CSN_SIZE];
	char	created[STAMP_TIME_SIZE];
	char	modified[STAMP_TIME_SIZE];
};

/* Where the next attribute and value go. */
struct unpacking {
	const struct sight		*sight;
	const struct image_entry	*entry;
	Attribute			*attribute;
	Attribute			**link;
	struct berval			*value;
	struct unpack_texts		*texts;
};

/* The e_private of entries that unpack_into made: whoever has one does not own it. */
static const char borrowed[] = "borrowed";

ID
unpack_id(const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;

	switch ((enum role)pack->role) {
	case ROLE_SUFFIX:
	case ROLE_UNIT:
		return (entry->id);
	case ROLE_PERSON:
		return (UINT64_C(1) << 32 | entry->id);
	case ROLE_GROUP:
		return (UINT64_C(2) << 32 | (entry->id & ~IMAGE_GROUP));
	case ROLE_SERVICE:
		return (UINT64_C(3) << 32 | entry->id);
	case ROLE_N:
		break;
	}
	return (NOID);
}

static size_t
unpack_values(const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;
	size_t groups;

	groups = pack->role == ROLE_PERSON ? entry->group_count : 0;
	return (2 * (size_t)(pack->count + pack->attributes + groups + 1) + DERIVED_VALUES);
}

size_t
unpack_size(const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;

	return (sizeof(Entry) + (size_t)(pack->attributes + DERIVED) * sizeof(Attribute) +
	    unpack_values(entry) * sizeof(struct berval) + sizeof(struct unpack_texts));
}

/* Adds an attribute whose arrays are there already. */
static void
unpack_add(struct unpacking *at, AttributeDescription *ad, struct berval *values,
    struct berval *normal, unsigned int count)
{
	Attribute *attribute = at->attribute++;

	*attribute = (Attribute){ .a_desc = ad, .a_vals = values, .a_nvals = normal,
	    .a_numvals = count };
	*at->link = attribute;
	at->link = &attribute->a_next;
}

/* Adds an attribute of one value. */
static void
unpack_one(struct unpacking *at, AttributeDescription *ad, const struct berval *pretty,
    const struct berval *normal)
{
	struct berval *values = at->value, *normals = values;

	values[0] = *pretty;
	BER_BVZERO(&values[1]);
	at->value += 2;
	if (normal->bv_val != pretty->bv_val) {
		normals = at->value;
		normals[0] = *normal;
		BER_BVZERO(&normals[1]);
		at->value += 2;
	}
	unpack_add(at, ad, values, normals, 1);
}

static void
unpack_text(struct unpacking *at, AttributeDescription *ad, char *text, size_t len)
{
	const struct berval value = { .bv_len = len, .bv_val = text };

	unpack_one(at, ad, &value, &value);
}

/* Several values of one slot, which is rare. */
static void
unpack_several(struct unpacking *at, const struct pack *pack, const struct pack_value *value,
    const struct pack_value *end)
{
	struct berval *normals, *values;
	unsigned int count, i;

	count = (unsigned int)(end - value);
	values = at->value;
	normals = values + count + 1;
	for (i = 0; i < count; i++) {
		values[i] = pack_pretty(pack, &value[i]);
		normals[i] = pack_normal(pack, &value[i]);
	}
	BER_BVZERO(&values[count]);
	BER_BVZERO(&normals[count]);
	at->value = normals + count + 1;
	unpack_add(at, types->slot[value->slot].ad, values, normals, count);
}

static void
unpack_slots(struct unpacking *at, const struct pack *pack, uint64_t slots)
{
	const struct pack_value *end = pack_end(pack), *next, *value;
	struct berval normal, pretty;

	slots &= pack->present;
	for (value = pack->value; slots != 0 && value < end; value = next) {
		for (next = value + 1; next < end && next->slot == value->slot; next++)
			continue;
		if ((slots & PACK_BIT(value->slot)) == 0)
			continue;
		slots &= ~PACK_BIT(value->slot);
		if (next > value + 1) {
			unpack_several(at, pack, value, next);
			continue;
		}
		pretty = pack_pretty(pack, value);
		normal = pack_normal(pack, value);
		unpack_one(at, types->slot[value->slot].ad, &pretty, &normal);
	}
}

/* ---- what is derived --------------------------------------------------------------------- */

static void
unpack_classes(struct unpacking *at, const struct pack *pack, unsigned int derived)
{
	const struct role_classes *classes = sight_classes(at->sight, pack->role);

	if ((derived & NEED_CLASS) != 0)
		unpack_add(at, slap_schema.si_ad_objectClass, classes->values,
		    classes->values, classes->count);
	if ((derived & NEED_STRUCTURAL) != 0)
		unpack_one(at, slap_schema.si_ad_structuralObjectClass,
		    &classes->structural, &classes->structural);
}

static void
unpack_manager(struct unpacking *at)
{
	const struct image_entry *manager;
	struct berval normal, pretty;
	const struct pack *pack;

	manager = snap_entry(at->sight->snap, at->entry->manager);
	if (manager == NULL)
		return;
	pack = manager->payload;
	pretty = pack_pretty(pack, &pack->name);
	normal = pack_normal(pack, &pack->name);
	unpack_one(at, types->manager, &pretty, &normal);
}

static void
unpack_member_of(struct unpacking *at)
{
	struct berval *normals, *values;
	const struct image_entry *group;
	const struct pack *pack;
	unsigned int count;
	uint32_t i;

	values = at->value;
	normals = values + at->entry->group_count + 1;
	for (i = 0, count = 0; i < at->entry->group_count; i++) {
		group = snap_entry(at->sight->snap, at->entry->groups[i]);
		if (group == NULL)
			continue;
		pack = group->payload;
		values[count] = pack_pretty(pack, &pack->name);
		normals[count++] = pack_normal(pack, &pack->name);
	}
	if (count == 0)
		return;
	BER_BVZERO(&values[count]);
	BER_BVZERO(&normals[count]);
	at->value = normals + count + 1;
	unpack_add(at, types->member_of, values, normals, count);
}

static void
unpack_members(struct unpacking *at, const struct members *members)
{
	Attribute *attribute = at->attribute;

	if (members == NULL || members->count == 0)
		return;
	unpack_add(at, types->member, members->pretty, members->normal, members->count);
	attribute->a_flags = SLAP_ATTR_SORTED_VALS;
}

static void
unpack_uuid(struct unpacking *at)
{
	struct berval normal, pretty;

	pretty.bv_val = at->texts->uuid;
	pretty.bv_len = UUID_TEXT_SIZE - 1;
	(void)uuid_format(&at->entry->uuid, pretty.bv_val);
	normal.bv_val = (char *)(uintptr_t)at->entry->uuid.bytes;
	normal.bv_len = UUID_SIZE;
	unpack_one(at, slap_schema.si_ad_entryUUID, &pretty, &normal);
}

static void
unpack_operational(struct unpacking *at)
{
	const struct image_entry *entry = at->entry;
	struct unpack_texts *texts = at->texts;
	struct berval *normal, *pretty;

	unpack_uuid(at);
	unpack_text(at, slap_schema.si_ad_entryCSN, texts->csn,
	    stamp_csn(&at->sight->nodes->csn, entry->modified, texts->csn));
	unpack_text(at, slap_schema.si_ad_createTimestamp, texts->created,
	    stamp_time(entry->created, texts->created));
	unpack_text(at, slap_schema.si_ad_modifyTimestamp, texts->modified,
	    stamp_time(entry->modified, texts->modified));
	pretty = (struct berval *)(uintptr_t)at->sight->naming->maker_pretty;
	normal = (struct berval *)(uintptr_t)at->sight->naming->maker_normal;
	unpack_add(at, slap_schema.si_ad_creatorsName, pretty, normal, 1);
	unpack_add(at, slap_schema.si_ad_modifiersName, pretty, normal, 1);
}

/* The stamp of the view advances with everything that is published, deletions included. */
static void
unpack_context(struct unpacking *at)
{
	int64_t stamp;

	stamp = snap_stamp(at->sight->snap);
	if (stamp != 0)
		unpack_text(at, slap_schema.si_ad_contextCSN, at->texts->context,
		    stamp_csn(&at->sight->nodes->csn, stamp, at->texts->context));
}

static void
unpack_derived(struct unpacking *at, const struct pack *pack, unsigned int derived)
{
	if (pack->role == ROLE_PERSON && (derived & NEED_MANAGER) != 0 &&
	    at->entry->manager != 0)
		unpack_manager(at);
	if (pack->role == ROLE_PERSON && (derived & NEED_MEMBER_OF) != 0)
		unpack_member_of(at);
	if ((derived & NEED_MEMBERS) != 0)
		unpack_members(at, pack->members);
	if ((derived & NEED_OPERATIONAL) == 0)
		return;
	unpack_operational(at);
	if (pack->role == ROLE_SUFFIX)
		unpack_context(at);
}

Entry *
unpack_into(void *memory, const struct sight *sight, const struct image_entry *entry,
    const struct need *need)
{
	const struct pack *pack = entry->payload;
	struct unpacking at = { .sight = sight, .entry = entry };
	Entry *e = memory;

	*e = (Entry){ .e_id = unpack_id(entry), .e_name = pack_pretty(pack, &pack->name),
	    .e_nname = pack_normal(pack, &pack->name), .e_ocflags = SLAP_OC__END,
	    .e_private = (void *)(uintptr_t)borrowed };
	at.attribute = (Attribute *)(e + 1);
	at.link = &e->e_attrs;
	at.value = (struct berval *)(at.attribute + pack->attributes + DERIVED);
	at.texts = (struct unpack_texts *)(at.value + unpack_values(entry));
	unpack_classes(&at, pack, need->derived);
	unpack_slots(&at, pack, need->slots);
	unpack_derived(&at, pack, need->derived);
	return (e);
}

/* ---- entries that are kept ------------------------------------------------------------------ */

/* Before an entry of ours that is kept; its e_private. */
struct kept {
	struct sight	 sight;
};

Entry *
unpack_keep(struct sight *sight, const struct image_entry *entry)
{
	struct kept *kept;
	Entry *e;

	kept = mem_alloc(sizeof(*kept) + unpack_size(entry));
	kept->sight = *sight;
	*sight = (struct sight){ .live = NULL };
	e = unpack_into(kept + 1, &kept->sight, entry, &need_all);
	e->e_private = kept;
	return (e);
}

void
unpack_release(Entry *e)
{
	struct kept *kept = (struct kept *)e - 1;

	if (e->e_private == borrowed)
		return;
	if (e->e_private != kept) {
		entry_free(e);
		return;
	}
	live_close_sight(&kept->sight);
	mem_free(&kept);
}
