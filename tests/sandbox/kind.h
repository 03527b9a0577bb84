/*
 * The kinds of records and their members: kind.def as tables and as numbers.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_KIND_H
#define ROLLCALL_TESTS_SANDBOX_KIND_H

#include <stddef.h>
#include <stdint.h>

enum kind_id {
#define KIND(id, stem, name, label, path) KIND_##id,
#include "tests/sandbox/kind.def"
	KIND_N
};

/* Those that have rows of their own under /v1/hris come first. */
#define KIND_LISTED (KIND_LOCATION + 1)
/* Those that GET /integrations/{id} tells of come first, too. */
#define KIND_NAMED (KIND_BALANCE + 1)

enum kind_flags {
	KIND_CORE = 1,		/* cannot be switched off */
	KIND_STAMP = 2,		/* survives anonymising (kombo/api.md §4) */
	KIND_OPTIONAL = 4,	/* declared optional: may be absent (§2.7) */
	KIND_EXTENSION = 8,	/* unknown to the SDK (§0.2) */
	KIND_LIST = 16,		/* empty is [] and not null */
	KIND_OPEN = 32,		/* open enumeration: any text may come */
	KIND_COPIED = 64,	/* also in the copy inside an employee */
	KIND_FIRM = 128		/* never null by contract (§2.5) */
};

enum employee_member {
#define EMPLOYEE(key, flags) EMPLOYEE_##key,
#include "tests/sandbox/kind.def"
	EMPLOYEE_MEMBERS
};

/* The members of an employee that are kept as texts, in struct employee's text[]. */
enum employee_text {
#define EMPLOYEE_TEXT(key, flags) TEXT_##key,
#include "tests/sandbox/kind.def"
	TEXT_N
};

enum employment_member {
#define EMPLOYMENT(key, flags) EMPLOYMENT_##key,
#include "tests/sandbox/kind.def"
	EMPLOYMENT_MEMBERS
};

enum group_member {
#define GROUP(key, flags) GROUP_##key,
#include "tests/sandbox/kind.def"
	GROUP_MEMBERS
};

enum entity_member {
#define ENTITY(key, flags) ENTITY_##key,
#include "tests/sandbox/kind.def"
	ENTITY_MEMBERS
};

enum location_member {
#define LOCATION(key, flags) LOCATION_##key,
#include "tests/sandbox/kind.def"
	LOCATION_MEMBERS
};

enum balance_member {
#define BALANCE(key, flags) BALANCE_##key,
#include "tests/sandbox/kind.def"
	BALANCE_MEMBERS
};

enum manager_member {
#define MANAGER(key, flags) MANAGER_##key,
#include "tests/sandbox/kind.def"
	MANAGER_MEMBERS
};

enum address_member {
#define ADDRESS(key, flags) ADDRESS_##key,
#include "tests/sandbox/kind.def"
	ADDRESS_MEMBERS
};

#define KIND_MEMBERS_MAX 64	/* sets of members are bits of a uint64_t */

struct kind_member {
	const char	*key;
	const char	*json;		/* "\"key\":" */
	size_t		 json_len;
	unsigned int	 flags;		/* enum kind_flags */
};

struct kind {
	const char	*name;		/* Kombo's: "hris_employees", "" for parts */
	const char	*label;
	const char	*path;		/* "employees", "" when it cannot be listed */
	const struct kind_member *members;
	size_t		 count;
};

const struct kind *kind_get(enum kind_id id);

/* By the model's name, or by the path; KIND_N when there is none. */
enum kind_id kind_find(const char *name);

/* The place of a key among a kind's members, or the count of members. */
size_t	 kind_member(enum kind_id id, const char *key);

/* The members that have all of the flags, as bits. */
uint64_t kind_members_with(enum kind_id id, unsigned int flags);

/* All members, as bits. */
uint64_t kind_members_all(enum kind_id id);

/* TEXT_N when the member of an employee is not a text. */
enum employee_text kind_text(const char *key);

/* The member of an employee that a text is. */
enum employee_member kind_text_member(enum employee_text text);

#endif
