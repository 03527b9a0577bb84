/*
 * The attribute types that entries hold, as slapd knows them. Types with values of their own
 * have a slot: its number orders an entry's values and is a bit in masks. What is derived
 * (objectClass, manager, member, memberOf, operational attributes) has none.
 */
#ifndef ROLLCALL_BACKEND_TYPES_H
#define ROLLCALL_BACKEND_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/slapd.h"

#include "base/err.h"
#include "base/fields.h"

#define TYPES_SLOTS	64	/* at most so many */
#define TYPES_NUMBERS	1024	/* slapd's numbers of types are below that, but for late ones */
#define TYPES_ORDERS	2	/* types with an index of order: of one value, all of them */

/* Entries of the tree by what they are (design/architecture.md §4). */
enum role {
	ROLE_SUFFIX,	/* the top */
	ROLE_UNIT,	/* ou=people, ou=groups, ou=services */
	ROLE_PERSON,
	ROLE_GROUP,
	ROLE_SERVICE,	/* an LDAP client */
	ROLE_N
};

/* Slots that are no field's, by name. */
enum types_fixed {
	SLOT_OU,	/* also a field's */
	SLOT_O,		/* also a field's */
	SLOT_DC,
	SLOT_UID,
	SLOT_CN,	/* also a field's */
	SLOT_SN,	/* also a field's */
	SLOT_GROUP_TYPE,
	SLOT_UID_NUMBER,
	SLOT_GID_NUMBER,
	SLOT_HOME,	/* this and the next only with types->posix */
	SLOT_SHELL,
	SLOT_FIXED_N
};

struct slot {
	AttributeDescription	*ad;
	uint64_t		 covers;	/* bits of this slot and of those of its subtypes */
	bool			 folded;	/* plain ASCII is compared in small letters */
	bool			 unique;	/* values seldom come twice */
	bool			 grams;		/* found by substrings, with an index */
	bool			 optional;	/* found by presence, with an index */
	bool			 ordered;	/* found by order, with an index */
	uint8_t			 order;		/* … whose number this is */
};

/* objectClass of entries of one role, and structuralObjectClass. */
struct role_classes {
	struct berval	*values;	/* ended by a null one */
	unsigned int	 count;
	struct berval	 structural;
};

struct types {
	unsigned int		 slots;
	/* Indexes of order: the slot of each. */
	unsigned int		 orders;
	uint8_t			 order_slot[TYPES_ORDERS];
	struct slot		 slot[TYPES_SLOTS];
	uint8_t			 slot_of[TYPES_NUMBERS];	/* types_slot */
	/* The slots of a field, in the order of fields.def's `ldap`. */
	unsigned int		 field_count[FIELD_N];
	uint8_t			 field_slot[FIELD_N][8];
	AttributeDescription	*member_of;
	AttributeDescription	*manager;
	AttributeDescription	*member;
	struct role_classes	 classes[ROLE_N];
	bool			 posix;		/* slapd knows posixAccount: nis.schema is there */
	struct role_classes	 account;	/* of a person with it */
	struct role_classes	 suffix_ou;	/* of a suffix that begins with ou= */
	struct role_classes	 suffix_o;	/* … with o= */
};

/* The types, once types_load has succeeded; immutable. */
extern const struct types *const types;

/* The slot that holds values of the type itself; TYPES_SLOTS when there is none. */
unsigned int types_slot(const AttributeDescription *ad);

/*
 * Registers Rollcall's own attribute types, and memberOf where the server has none. For
 * init_module: object classes need core.schema, which cn=config loads after modules.
 */
int	types_register(struct err *err);

/*
 * Registers the object classes and looks every type up; once, before the first database is
 * used. -1: err says which schema file is missing.
 */
int	types_load(struct err *err);

#endif
