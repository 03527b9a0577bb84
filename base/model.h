/*
 * The nouns that store/, rules/ and sync/ share: records of the HR system, and people as they
 * are settled. Texts are UTF-8, NULL for none, and borrowed: whoever fills a struct says for
 * how long they live.
 */
#ifndef ROLLCALL_BASE_MODEL_H
#define ROLLCALL_BASE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "base/digest.h"
#include "base/fields.h"

/* Separators inside values that hold lists (employments, groups). */
#define LIST_ITEM_END	'\x1e'
#define LIST_PART_END	'\x1f'

/* Derived from the record and the day (semantics 3.7); the order is that of conf_status_bits. */
enum person_status {
	STATUS_ONBOARDING,
	STATUS_ACTIVE,
	STATUS_OFFBOARDING,
	STATUS_DEPARTED,
	STATUS_N
};

/* "onboarding", "active", "offboarding", "departed". */
const char *status_name(enum person_status status);

/*
 * An employee record, permitted fields only. value[] holds what was normalised at the door:
 * references are Kombo ids (LEGAL_ENTITY, WORK_LOCATION, MANAGER), GROUPS is a list of Kombo
 * ids each ended by LIST_ITEM_END, fields of kind GROUP are NULL.
 */
struct employee {
	int64_t		 record;	/* 0 while unknown */
	int64_t		 source;
	const char	*kombo;
	const char	*remote;
	const char	*value[FIELD_N];
	const char	*employments;	/* rules/employment.h */
	bool		 gone;		/* remote_deleted_at, or absent from a complete fetch */
	uint32_t	 invalid;	/* bit per field that could not be read */
	uint64_t	 hash;		/* employee_hash() when it was stored */
};

/* A legal entity, work location or group. */
/* The type of groups that no HR system owns, and that [directory] group_types does not list. */
#define UNIT_LOCAL "LOCAL"

enum unit_model { UNIT_ENTITY = 'E', UNIT_LOCATION = 'L', UNIT_GROUP = 'G' };

struct unit {
	int64_t		 id;
	int64_t		 source;
	enum unit_model	 model;
	const char	*kombo;
	const char	*remote;
	const char	*name;
	const char	*type;		/* DEPARTMENT, TEAM, COST_CENTER, UNIT_LOCAL */
	const char	*place;		/* base/place.h, without the name */
	bool		 gone;
};

enum person_flags {
	PERSON_SERVED = 1,	/* was in a view once */
	PERSON_JOINED = 2,	/* first seen before the first day (rulings A4) */
	PERSON_FROZEN = 4,	/* departed: values stay as they were (rulings A6) */
	PERSON_PURGED = 8,	/* values are gone; uuid and uid are remembered */
	PERSON_BY_HAND = 16	/* no HR system's record has given the values yet */
};

/* A person as settled: identity for life, and where the dates have led. */
struct person {
	int64_t			 id;
	struct uuid		 uuid;
	const char		*uid;
	int64_t			 owner;		/* record, 0 for none */
	enum person_status	 status;
	unsigned int		 flags;		/* enum person_flags */
	const char		*mail;
	const char		*wanted_mail;
	int64_t			 due;		/* instant, 0 for none */
	day_number		 departed_on;	/* DAY_NONE for none */
	day_number		 excluded_on;
	day_number		 gone_on;
	day_number		 inactive_on;
};

/* A hash over all that is stored of the record, to see whether anything changed. */
uint64_t employee_hash(const struct employee *employee);

#endif
