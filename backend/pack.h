/*
 * What an entry shows, in one piece of memory: its name and its values, as they are written
 * and as they are compared. Immutable; everything else of an entry is derived when it is asked
 * for (backend/unpack.h).
 */
#ifndef ROLLCALL_BACKEND_PACK_H
#define ROLLCALL_BACKEND_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/naming.h"
#include "backend/types.h"

#define PACK_LONGEST	65000	/* bytes of a value; longer ones are left out */
#define PACK_SAME	UINT16_MAX

/* Where a text lies; what it is compared as follows it, unless that is the same text. */
struct pack_value {
	uint32_t	 at : 24;
	uint32_t	 slot : 8;
	uint16_t	 len;
	uint16_t	 normal_len;	/* PACK_SAME: the text itself */
};

struct pack {
	uint64_t		 present;	/* bit per slot */
	struct members		*members;	/* of a group: backend/members.h; else NULL */
	uint16_t		 count;		/* values */
	uint8_t			 attributes;	/* slots that are present */
	uint8_t			 role;		/* enum role */
	struct pack_value	 name;
	struct pack_value	 value[];	/* ascending by slot; the texts follow */
};

#define PACK_BIT(slot)	(UINT64_C(1) << (slot))

static inline const char *
pack_text(const struct pack *pack)
{
	return ((const char *)&pack->value[pack->count]);
}

/* A value as it is written. */
static inline struct berval
pack_pretty(const struct pack *pack, const struct pack_value *value)
{
	return ((struct berval){ .bv_len = value->len,
	    .bv_val = (char *)(uintptr_t)(pack_text(pack) + value->at) });
}

/* A value as it is compared. */
static inline struct berval
pack_normal(const struct pack *pack, const struct pack_value *value)
{
	if (value->normal_len == PACK_SAME)
		return (pack_pretty(pack, value));
	return ((struct berval){ .bv_len = value->normal_len,
	    .bv_val = (char *)(uintptr_t)(pack_text(pack) + value->at + value->len + 1) });
}

/* The first value of a slot that is present; others follow it. */
static inline const struct pack_value *
pack_find(const struct pack *pack, unsigned int slot)
{
	const struct pack_value *value;

	/* Nearly all slots have one value: it is where the bits before it say. */
	value = &pack->value[__builtin_popcountll(pack->present & (PACK_BIT(slot) - 1))];
	while (value->slot != slot)
		value++;
	return (value);
}

static inline const struct pack_value *
pack_end(const struct pack *pack)
{
	return (&pack->value[pack->count]);
}

/* A pack under construction; for one thread at a time. */
struct packer;

struct packer *packer_open(void);
void	packer_close(struct packer **packer);

void	packer_begin(struct packer *packer, enum role role, const struct name *name);
/*
 * Adds a value, unless it is NULL, empty, or there already. False when it is refused: by the
 * syntax of its type (rulings F15), or as too long.
 */
bool	packer_add(struct packer *packer, unsigned int slot, const char *value);
bool	packer_has_slot(const struct packer *packer, unsigned int slot);
/* The pack, to be freed with mem_free. */
struct pack *packer_end(struct packer *packer);

#endif
