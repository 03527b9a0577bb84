/*
 * Owns a direct-mapped memory of normalised values, but for types whose values seldom come twice.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/norm.h"

#include <string.h>

#include "backend/types.h"
#include "base/digest.h"
#include "base/mem.h"

#define NORM_ROOM	4096	/* a power of two */

struct norm_entry {
	struct berval	 value;
	struct berval	 normal;	/* null: refused */
	unsigned int	 slot;
};

struct norm {
	struct norm_entry	 entries[NORM_ROOM];
	struct norm_entry	 last;		/* of what is not remembered */
	unsigned char		 folds[256];	/* plain ASCII in small letters, 0: others */
	struct buf		 folded;
};

struct norm *
norm_open(void)
{
	struct norm *norm;
	unsigned int byte;

	norm = mem_alloc(sizeof(*norm));
	for (byte = ' '; byte <= '~'; byte++)
		norm->folds[byte] = (unsigned char)(byte >= 'A' && byte <= 'Z' ?
		    byte + ('a' - 'A') : byte);
	return (norm);
}

static void
norm_forget(struct norm_entry *entry)
{
	mem_free(&entry->value.bv_val);
	slap_sl_free(entry->normal.bv_val, NULL);
	*entry = (struct norm_entry){ .slot = 0 };
}

void
norm_close(struct norm **norm)
{
	size_t i;

	if (*norm == NULL)
		return;
	for (i = 0; i < NORM_ROOM; i++)
		norm_forget(&(*norm)->entries[i]);
	norm_forget(&(*norm)->last);
	buf_close(&(*norm)->folded);
	mem_free(norm);
}

static bool
norm_make(const AttributeDescription *ad, const struct berval *given, struct berval *normal)
{
	struct berval *value = (struct berval *)(uintptr_t)given;
	Syntax *syntax = ad->ad_type->sat_syntax;
	MatchingRule *rule = ad->ad_type->sat_equality;

	if (syntax->ssyn_validate != NULL &&
	    syntax->ssyn_validate(syntax, value) != LDAP_SUCCESS)
		return (false);
	if (rule == NULL || rule->smr_normalize == NULL) {
		ber_dupbv(normal, value);
		return (true);
	}
	return (rule->smr_normalize(SLAP_MR_VALUE_OF_ATTRIBUTE_SYNTAX, syntax, rule, value,
	    normal, NULL) == LDAP_SUCCESS && !BER_BVISNULL(normal));
}

/*
 * Plain ASCII of a type that folds it (backend/types.h), without slapd: most values are. False
 * when the value is something else.
 */
static bool
norm_fold(struct norm *norm, const struct berval *value, struct berval *normal)
{
	const char *text = value->bv_val;
	unsigned char byte, before;
	char *to;
	size_t i;

	to = buf_reserve(&norm->folded, value->bv_len + 1);
	before = ' ';		/* none may come first */
	for (i = 0; i < value->bv_len; i++) {
		byte = norm->folds[(unsigned char)text[i]];
		if (byte == 0 || (byte == ' ' && before == ' '))
			return (false);
		before = byte;
		to[i] = (char)byte;
	}
	if (before == ' ')
		return (false);
	to[i] = '\0';
	*normal = (struct berval){ .bv_len = i, .bv_val = to };
	return (true);
}

bool
norm_value(struct norm *norm, unsigned int slot, const struct berval *value,
    struct berval *normal)
{
	const struct slot *type = &types->slot[slot];
	struct norm_entry *entry = &norm->last;

	if (type->folded && norm_fold(norm, value, normal))
		return (true);
	if (!type->unique) {
		entry = &norm->entries[hash64_seed(value->bv_val, value->bv_len, slot) &
		    (NORM_ROOM - 1)];
		if (entry->slot == slot && !BER_BVISNULL(&entry->value) &&
		    bvmatch(&entry->value, value)) {
			*normal = entry->normal;
			return (!BER_BVISNULL(normal));
		}
	}
	norm_forget(entry);
	if (!type->unique) {
		entry->slot = slot;
		entry->value.bv_val = mem_dup_len(value->bv_val, value->bv_len);
		entry->value.bv_len = value->bv_len;
	}
	if (!norm_make(type->ad, value, &entry->normal))
		BER_BVZERO(&entry->normal);
	*normal = entry->normal;
	return (!BER_BVISNULL(normal));
}
