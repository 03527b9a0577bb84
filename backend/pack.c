/*
 * Owns packs while they are made.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/pack.h"

#include <string.h>

#include "backend/norm.h"
#include "base/mem.h"

#define PACKER_VALUES	(TYPES_SLOTS * 2)
#define PACKER_LARGEST	(1U << 24)	/* what pack_value.at can say */

struct packer {
	struct norm		*norm;
	struct buf		 text;
	enum role		 role;
	uint64_t		 present;
	uint64_t		 lengths;	/* of texts, modulo 64 */
	struct pack_value	 name;
	unsigned int		 count;
	struct pack_value	 value[PACKER_VALUES];
};

struct packer *
packer_open(void)
{
	struct packer *packer;

	packer = mem_alloc(sizeof(*packer));
	packer->norm = norm_open();
	return (packer);
}

void
packer_close(struct packer **packer)
{
	if (*packer == NULL)
		return;
	norm_close(&(*packer)->norm);
	buf_close(&(*packer)->text);
	mem_free(packer);
}

static struct pack_value
packer_put(struct packer *packer, unsigned int slot, const struct berval *pretty,
    const struct berval *normal)
{
	struct pack_value value = { .at = (uint32_t)packer->text.len, .slot = (uint8_t)slot,
	    .len = (uint16_t)pretty->bv_len, .normal_len = PACK_SAME };
	char *to;

	to = buf_reserve(&packer->text, pretty->bv_len + normal->bv_len + 2);
	memcpy(to, pretty->bv_val, pretty->bv_len + 1);
	packer->text.len += pretty->bv_len + 1;
	packer->lengths |= PACK_BIT(pretty->bv_len % 64);
	if (!bvmatch(pretty, normal)) {
		to += pretty->bv_len + 1;
		value.normal_len = (uint16_t)normal->bv_len;
		memcpy(to, normal->bv_val, normal->bv_len);
		to[normal->bv_len] = '\0';
		packer->text.len += normal->bv_len + 1;
	}
	return (value);
}

void
packer_begin(struct packer *packer, enum role role, const struct name *name)
{
	buf_reset(&packer->text);
	packer->role = role;
	packer->present = 0;
	packer->lengths = 0;
	packer->count = 0;
	packer->name = packer_put(packer, 0, &name->pretty, &name->normal);
}

/* A value with this text that is compared by the same rule; cn and displayName are alike. */
static const struct pack_value *
packer_twin(const struct packer *packer, unsigned int slot, const struct berval *text)
{
	const struct pack_value *value;
	unsigned int i;

	if ((packer->lengths & PACK_BIT(text->bv_len % 64)) == 0)
		return (NULL);
	for (i = 0; i < packer->count; i++) {
		value = &packer->value[i];
		if (value->len == text->bv_len && memcmp(packer->text.data + value->at,
		    text->bv_val, text->bv_len) == 0 &&
		    types->slot[value->slot].ad->ad_type->sat_equality ==
		    types->slot[slot].ad->ad_type->sat_equality &&
		    types->slot[value->slot].ad->ad_type->sat_syntax ==
		    types->slot[slot].ad->ad_type->sat_syntax)
			return (value);
	}
	return (NULL);
}

/* Whether the slot has a value that compares alike: an attribute is a set (RFC 4512 §2.2). */
static bool
packer_has(const struct packer *packer, unsigned int slot, const struct berval *normal)
{
	const struct pack_value *value;
	size_t at, len;
	unsigned int i;

	for (i = 0; i < packer->count; i++) {
		value = &packer->value[i];
		if (value->slot != slot)
			continue;
		len = value->normal_len == PACK_SAME ? value->len : value->normal_len;
		at = value->normal_len == PACK_SAME ? value->at : value->at + value->len + 1U;
		if (len == normal->bv_len &&
		    memcmp(packer->text.data + at, normal->bv_val, len) == 0)
			return (true);
	}
	return (false);
}

/* Values are kept in the order of slots. */
static void
packer_insert(struct packer *packer, const struct pack_value *value)
{
	unsigned int i;

	for (i = packer->count++; i > 0 && packer->value[i - 1].slot > value->slot; i--)
		packer->value[i] = packer->value[i - 1];
	packer->value[i] = *value;
	packer->present |= PACK_BIT(value->slot);
}

bool
packer_add(struct packer *packer, unsigned int slot, const char *text)
{
	const struct pack_value *twin;
	struct berval normal, pretty;
	struct pack_value value;

	if (text == NULL || *text == '\0')
		return (true);
	ber_str2bv(text, 0, 0, &pretty);
	if (pretty.bv_len > PACK_LONGEST || packer->count == PACKER_VALUES ||
	    packer->text.len + 2 * PACK_LONGEST >= PACKER_LARGEST)
		return (false);
	twin = packer_twin(packer, slot, &pretty);
	if (twin != NULL) {
		if (twin->slot == slot)
			return (true);
		value = *twin;
		value.slot = (uint8_t)slot;
	} else {
		if (!norm_value(packer->norm, slot, &pretty, &normal) ||
		    normal.bv_len > PACK_LONGEST)
			return (false);
		if ((packer->present & PACK_BIT(slot)) != 0 &&
		    packer_has(packer, slot, &normal))
			return (true);
		value = packer_put(packer, slot, &pretty, &normal);
	}
	packer_insert(packer, &value);
	return (true);
}

bool
packer_has_slot(const struct packer *packer, unsigned int slot)
{
	return ((packer->present & PACK_BIT(slot)) != 0);
}

struct pack *
packer_end(struct packer *packer)
{
	struct pack *pack;
	size_t values;

	values = packer->count * sizeof(struct pack_value);
	pack = mem_realloc(NULL, sizeof(*pack) + values + packer->text.len);
	pack->members = NULL;
	pack->present = packer->present;
	pack->count = (uint16_t)packer->count;
	pack->attributes = (uint8_t)__builtin_popcountll(packer->present);
	pack->role = (uint8_t)packer->role;
	pack->name = packer->name;
	memcpy(pack->value, packer->value, values);
	memcpy(&pack->value[packer->count], packer->text.data, packer->text.len);
	return (pack);
}
