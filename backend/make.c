/*
 * Owns a packer and an arena while an entry is made.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/make.h"

#include <ctype.h>
#include <string.h>

#include "base/place.h"

#define NAME_SLOT	255	/* stands for a name among the slots of SET_EQUAL */
#define PRESENCE_SLOT	254	/* … and for the presence of a type */

struct maker {
	const struct naming	*naming;
	struct packer		*packer;
	struct arena		*arena;			/* of one entry */
	uint64_t		 refused[TYPES_SLOTS];
};

struct maker *
maker_open(const struct naming *naming)
{
	struct maker *maker;

	maker = mem_alloc(sizeof(*maker));
	maker->naming = naming;
	maker->packer = packer_open();
	maker->arena = arena_open();
	return (maker);
}

void
maker_close(struct maker **maker)
{
	if (*maker == NULL)
		return;
	packer_close(&(*maker)->packer);
	arena_close(&(*maker)->arena);
	mem_free(maker);
}

const char *
make_refused(struct maker *maker, struct arena *arena)
{
	const char *text;
	unsigned int i;

	text = NULL;
	for (i = 0; i < types->slots; i++) {
		if (maker->refused[i] == 0)
			continue;
		text = arena_printf(arena, "%s%s%s %llu", text != NULL ? text : "",
		    text != NULL ? ", " : "", types->slot[i].ad->ad_cname.bv_val,
		    (unsigned long long)maker->refused[i]);
		maker->refused[i] = 0;
	}
	return (text);
}

static void
make_add(struct maker *maker, unsigned int slot, const char *value)
{
	if (!packer_add(maker->packer, slot, value))
		maker->refused[slot]++;
}

/*
 * Begins an entry below a branch. A name that slapd cannot make an RDN of gives way to the
 * UUID, so that the entry stays in the directory. Returns the value of the RDN.
 */
static const char *
make_begin(struct maker *maker, enum role role, enum naming_unit unit, unsigned int slot,
    const char *value, const struct uuid *uuid)
{
	const struct name *parent = &maker->naming->unit[unit];
	const char *type = types->slot[slot].ad->ad_cname.bv_val;
	char text[UUID_TEXT_SIZE];
	struct name name;

	arena_reset(maker->arena);
	if (value != NULL && *value != '\0' && strlen(value) < PACK_LONGEST / 4 &&
	    naming_make(parent, type, value, maker->arena, &name)) {
		packer_begin(maker->packer, role, &name);
		if (packer_add(maker->packer, slot, value))
			return (value);
	}
	maker->refused[slot]++;
	value = arena_dup(maker->arena, uuid_format(uuid, text));
	(void)naming_make(parent, type, value, maker->arena, &name);
	packer_begin(maker->packer, role, &name);
	(void)packer_add(maker->packer, slot, value);
	return (value);
}

/* ---- people ------------------------------------------------------------------------------- */

/* Lines become one: only a postal address has lines in LDAP. */
static const char *
make_line(struct maker *maker, const char *value)
{
	const char *end;
	char *line;

	if (value == NULL || strchr(value, '\n') == NULL)
		return (value);
	line = arena_dup(maker->arena, "");
	for (; *value != '\0'; value = *end != '\0' ? end + 1 : end) {
		end = strchrnul(value, '\n');
		line = arena_printf(maker->arena, "%s%s%.*s", line, *line != '\0' ? ", " : "",
		    (int)(end - value), value);
	}
	return (line);
}

static bool
make_is_country(const char *value)
{
	return (value == NULL || (isalpha((unsigned char)value[0]) &&
	    isalpha((unsigned char)value[1]) && value[2] == '\0'));
}

/* A work location spreads over the types of its field, in the order of enum place_part. */
static void
make_place(struct maker *maker, enum field_id id, const char *value)
{
	struct place place;
	unsigned int i, slot;

	if (value == NULL)
		return;
	place_split(maker->arena, value, &place);
	for (i = 0; i < types->field_count[id]; i++) {
		slot = types->field_slot[id][i];
		if (i == PLACE_COUNTRY && !make_is_country(place.part[i]))
			maker->refused[slot]++;
		else
			make_add(maker, slot, make_line(maker, place.part[i]));
	}
}

/* Postal Address (RFC 4517 §3.3.28): lines separated by "$". */
static void
make_address(struct maker *maker, enum field_id id, const char *value)
{
	struct buf text = BUF_INIT;
	struct place place;

	if (value == NULL)
		return;
	place_split(maker->arena, value, &place);
	value = place_lines(maker->arena, &place);
	for (; value != NULL && *value != '\0'; value++) {
		if (*value == '\\')
			buf_str(&text, "\\5C");
		else if (*value == '$')
			buf_str(&text, "\\24");
		else
			buf_char(&text, *value == '\n' ? '$' : *value);
	}
	make_add(maker, types->field_slot[id][0], text.data);
	buf_close(&text);
}

static void
make_field(struct maker *maker, enum field_id id, const struct view_person *row)
{
	const char *value = row->value[id];
	unsigned int i;

	switch (field_get(id)->kind) {
	case KIND_STRING:
	case KIND_EMAIL:
	case KIND_PHONE:
	case KIND_DATE:
	case KIND_TYPE:
	case KIND_ENTITY:
	case KIND_GROUP:
		for (i = 0; i < types->field_count[id]; i++)
			make_add(maker, types->field_slot[id][i], value);
		return;
	case KIND_STATUS:
		make_add(maker, types->field_slot[id][0], status_name(row->status));
		return;
	case KIND_PLACE:
		make_place(maker, id, value);
		return;
	case KIND_ADDRESS:
		make_address(maker, id, value);
		return;
	case KIND_PERSON:
	case KIND_GROUPS:
		return;		/* derived from the image when asked for */
	}
}

/* inetOrgPerson needs both; there is always one of the names (rulings A2). */
static const char *
make_stand_in(const struct view_person *row)
{
	if (row->value[FIELD_DISPLAY_NAME] != NULL)
		return (row->value[FIELD_DISPLAY_NAME]);
	if (row->value[FIELD_LAST_NAME] != NULL)
		return (row->value[FIELD_LAST_NAME]);
	return (row->value[FIELD_FIRST_NAME]);
}

static void
make_require(struct maker *maker, unsigned int slot, const char *value, const char *other)
{
	if (packer_has_slot(maker->packer, slot))
		return;
	if (value == NULL || !packer_add(maker->packer, slot, value))
		(void)packer_add(maker->packer, slot, other);
}

static const char *
make_home(struct maker *maker, const char *pattern, const char *uid, const char *number)
{
	struct buf text = BUF_INIT;
	const char *at, *home;

	for (at = pattern; *at != '\0'; at++) {
		if (*at != '%' || at[1] == '\0')
			buf_char(&text, *at);
		else if (*++at == 'u')
			buf_str(&text, uid);
		else if (*at == 'U')
			buf_str(&text, number);
		else
			buf_char(&text, *at);
	}
	home = arena_dup(maker->arena, text.data);
	buf_close(&text);
	return (home);
}

/* posixAccount (RFC 2307 §4). Nobody is ever number 0. */
static void
make_account_of(struct maker *maker, const struct make_posix *posix,
    const struct view_person *row)
{
	const char *number;

	if (row->uid_number == 0)
		return;
	number = arena_printf(maker->arena, "%lld", (long long)row->uid_number);
	make_add(maker, SLOT_UID_NUMBER, number);
	make_add(maker, SLOT_GID_NUMBER, posix->gid_number);
	make_add(maker, SLOT_HOME, make_home(maker, posix->home, row->uid, number));
	make_add(maker, SLOT_SHELL, posix->shell);
}

struct pack *
make_person(struct maker *maker, const struct make_posix *posix,
    const struct view_person *row)
{
	const char *uid;
	size_t i;

	uid = make_begin(maker, ROLE_PERSON, UNIT_PEOPLE, SLOT_UID, row->uid, &row->uuid);
	for (i = 0; i < FIELD_N; i++)
		make_field(maker, (enum field_id)i, row);
	make_require(maker, SLOT_CN, make_stand_in(row), uid);
	make_require(maker, SLOT_SN, make_stand_in(row), uid);
	if (posix != NULL)
		make_account_of(maker, posix, row);
	return (packer_end(maker->packer));
}

/* ---- other entries ---------------------------------------------------------------------------- */

struct pack *
make_group(struct maker *maker, const struct view_group *row)
{
	(void)make_begin(maker, ROLE_GROUP, UNIT_GROUPS, SLOT_CN, row->cn, &row->uuid);
	make_add(maker, SLOT_GROUP_TYPE, row->type);
	if (row->gid_number != 0)
		make_add(maker, SLOT_GID_NUMBER, arena_printf(maker->arena, "%lld",
		    (long long)row->gid_number));
	return (packer_end(maker->packer));
}

struct pack *
make_account(struct maker *maker, const struct client_row *row)
{
	(void)make_begin(maker, ROLE_SERVICE, UNIT_SERVICES, SLOT_CN, row->name, &row->uuid);
	return (packer_end(maker->packer));
}

struct pack *
make_unit(struct maker *maker, enum naming_unit unit)
{
	const struct name *name = &maker->naming->unit[unit];

	packer_begin(maker->packer, ROLE_UNIT, name);
	make_add(maker, SLOT_OU, naming_unit_name(unit));
	return (packer_end(maker->packer));
}

struct pack *
make_suffix(struct maker *maker, const char *organization)
{
	const struct naming *naming = maker->naming;

	packer_begin(maker->packer, ROLE_SUFFIX, &naming->suffix);
	make_add(maker, naming->first, naming->value.bv_val);
	/* organization and dcObject need o; organizationalUnit has none. */
	if (naming->first == SLOT_O)
		make_add(maker, SLOT_O, organization);
	else if (naming->first == SLOT_DC)
		make_require(maker, SLOT_O, organization, naming->value.bv_val);
	return (packer_end(maker->packer));
}

/* ---- keys ------------------------------------------------------------------------------------------ */

uint32_t
make_key(unsigned int slot, const struct berval *normal)
{
	return ((uint32_t)hash64_seed(normal->bv_val, normal->bv_len, slot));
}

uint32_t
make_name_key(const struct berval *normal)
{
	return (make_key(NAME_SLOT, normal));
}

uint32_t
make_presence_key(unsigned int slot)
{
	const uint8_t byte = (uint8_t)slot;

	return ((uint32_t)hash64_seed(&byte, 1, PRESENCE_SLOT));
}

#define GRAMS_SEEN	2048	/* bits */
#define GRAMS_MOST	512	/* beyond that, grams of an entry are not told apart */

/* Grams of one entry that were added: most appear in several of its values. */
struct grams {
	struct image_keys	*keys;
	uint64_t		 seen[GRAMS_SEEN / 64];
	uint32_t		 list[GRAMS_MOST];
	size_t			 count;
};

static void
grams_add(struct grams *grams, uint32_t gram)
{
	uint32_t bit;
	size_t i;

	bit = gram * UINT32_C(2654435761) >> 21;
	if ((grams->seen[bit / 64] & UINT64_C(1) << bit % 64) != 0)
		for (i = 0; i < grams->count; i++)
			if (grams->list[i] == gram)
				return;
	grams->seen[bit / 64] |= UINT64_C(1) << bit % 64;
	if (grams->count < GRAMS_MOST)
		grams->list[grams->count++] = gram;
	image_key(grams->keys, SET_GRAMS, gram);
}

static void
grams_add_value(struct grams *grams, const struct berval *normal)
{
	const unsigned char *text = (const unsigned char *)normal->bv_val;
	size_t i;

	if (normal->bv_len > 1)
		grams_add(grams, make_gram(0, text[0], text[1]));
	for (i = 2; i < normal->bv_len; i++)
		grams_add(grams, make_gram(text[i - 2], text[i - 1], text[i]));
}

/* Whether a pack has a value of another in the same slot. */
static bool
make_has(const struct pack *pack, const struct pack *of, const struct pack_value *value)
{
	const struct pack_value *mine;
	struct berval a, b;

	if ((pack->present & PACK_BIT(value->slot)) == 0)
		return (false);
	a = pack_normal(of, value);
	for (mine = pack_find(pack, value->slot); mine < pack_end(pack) &&
	    mine->slot == value->slot; mine++) {
		b = pack_normal(pack, mine);
		if (bvmatch(&a, &b))
			return (true);
	}
	return (false);
}

/* Whether all that is found by substrings in one pack is in another. */
static bool
make_has_grams(const struct pack *pack, const struct pack *of)
{
	const struct pack_value *value;

	for (value = of->value; value < pack_end(of); value++)
		if (types->slot[value->slot].grams && !make_has(pack, of, value))
			return (false);
	return (true);
}

/* A gram may come from several values: it is left out only when none of them changes. */
void
make_keys(const struct image_entry *entry, const struct image_entry *other,
    struct image_keys *keys)
{
	const struct pack *pack = entry->payload, *than;
	struct grams grams = { .keys = keys };
	const struct pack_value *value;
	struct berval normal;
	bool found;

	than = other != NULL ? other->payload : NULL;
	found = than != NULL && make_has_grams(than, pack) && make_has_grams(pack, than);
	normal = pack_normal(pack, &pack->name);
	image_key(keys, SET_EQUAL, make_name_key(&normal));
	for (value = pack->value; value < pack_end(pack); value++) {
		normal = pack_normal(pack, value);
		if (than == NULL || !make_has(than, pack, value))
			image_key(keys, SET_EQUAL, make_key(value->slot, &normal));
		if (types->slot[value->slot].optional &&
		    (than == NULL || (than->present & PACK_BIT(value->slot)) == 0))
			image_key(keys, SET_EQUAL, make_presence_key(value->slot));
		if (types->slot[value->slot].grams && !found)
			grams_add_value(&grams, &normal);
	}
}

/* ---- orders ---------------------------------------------------------------------------------------- */

bool
make_in_order(unsigned int order, const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;

	if (order < ORDER_VALUES)
		return (true);
	order -= ORDER_VALUES;
	return ((pack->present & PACK_BIT(types->order_slot[order])) != 0);
}

/*
 * Six bits of each of the first ten bytes, which is a whole date; of a text with others than
 * digits, signs and capitals, those that come before them.
 */
static uint64_t
make_rank_value(unsigned int slot, const struct pack *pack)
{
	struct berval value = pack_normal(pack, pack_find(pack, slot));
	unsigned int byte;
	uint64_t rank;
	size_t i;

	rank = 0;
	for (i = 0; i < 10 && i < value.bv_len; i++) {
		byte = (unsigned char)value.bv_val[i];
		if (byte < 0x20 || byte > 0x5f)
			return ((rank << 6 | (byte < 0x20 ? 0 : 0x3f)) << 6 * (9 - i));
		rank = rank << 6 | (byte - 0x20);
	}
	return (rank << 6 * (10 - i));
}

uint64_t
make_rank(unsigned int order, const struct image_entry *entry)
{
	switch (order) {
	case ORDER_MODIFIED:
		return ((uint64_t)entry->modified);
	case ORDER_CREATED:
		return ((uint64_t)entry->created);
	}
	return (make_rank_value(types->order_slot[order - ORDER_VALUES], entry->payload));
}

static int
make_compare_stamps(int64_t a, int64_t b)
{
	return (a < b ? -1 : a > b);
}

static int
make_compare_values(unsigned int slot, const struct pack *a, const struct pack *b)
{
	AttributeDescription *ad = types->slot[slot].ad;
	struct berval x = pack_normal(a, pack_find(a, slot));
	struct berval y = pack_normal(b, pack_find(b, slot));
	const char *text;
	int order;

	if (value_match(&order, ad, ad->ad_type->sat_ordering, SLAP_MR_ORDERING, &x, &y,
	    &text) != LDAP_SUCCESS)
		return (0);
	return (order);
}

int
make_compare(unsigned int order, const struct image_entry *a, const struct image_entry *b)
{
	switch (order) {
	case ORDER_MODIFIED:
		return (make_compare_stamps(a->modified, b->modified));
	case ORDER_CREATED:
		return (make_compare_stamps(a->created, b->created));
	}
	return (make_compare_values(types->order_slot[order - ORDER_VALUES], a->payload,
	    b->payload));
}
