/*
 * One person as the HR system has it: the values that go into a record, whoever sees
 * them.
 *
 * Texts are UTF-8, NULL for none. Those of an employee that people_make fills are
 * borrowed (tables, and the room that came with it); those of a copy made by
 * employee_dup are its own.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_EMPLOYEE_H
#define ROLLCALL_TESTS_SANDBOX_EMPLOYEE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "tests/sandbox/kind.h"

#define EMPLOYEE_CONTRACTS	4
#define EMPLOYEE_BALANCES	2
#define EMPLOYEE_GROUPS		8
#define EMPLOYEE_NONE		UINT32_MAX	/* no entity, no location, no manager */

struct address {
	const char	*part[ADDRESS_MEMBERS];
};

/* An employment (kombo/api.md §3.2). */
struct contract {
	const char	*remote_id;	/* NULL: Kombo makes an id of the person's */
	const char	*job_title;
	const char	*type;
	const char	*pay_rate;	/* a JSON number */
	const char	*pay_period;
	const char	*pay_frequency;
	const char	*currency;
	day_number	 effective;	/* DAY_NONE for none */
	int64_t		 changed_at;
	int64_t		 deleted_at;	/* 0 for none */
};

/* A time-off balance (kombo/api.md §3.7). */
struct balance {
	const char	*remote_id;
	const char	*balance;	/* JSON numbers */
	const char	*used;
	const char	*unit;
	int64_t		 changed_at;
	int64_t		 deleted_at;
};

/* What makes a record unreadable for JSON parsers (kombo/api.md §10, 7 and 8). */
enum poison {
	POISON_NONE, POISON_BIG_INTEGER, POISON_HUGE_REAL, POISON_NUL, POISON_NUL_KEY,
	POISON_SURROGATE, POISON_DEEP, POISON_UTF8, POISON_N
};

struct employee {
	uint32_t	 index;
	const char	*remote_id;
	const char	*text[TEXT_N];
	const char	*weekly_hours;	/* a JSON number */
	const char	*iban;		/* NULL: bank_accounts is null */
	struct address	 home;
	bool		 has_home;
	day_number	 birth, start, end;		/* DAY_NONE for none */
	int64_t		 created_at, deleted_at;	/* 0 for none */
	int64_t		 changed_at;	/* of its own fields */
	int64_t		 linked_at;	/* an entry came or went (§2.4) */
	int64_t		 status_at;	/* employment_status changed */
	int64_t		 first_at;	/* it came to be, in its first status */
	uint32_t	 entity, location;		/* rows of the integration */
	const char	*lost_location;	/* remote id of a location that never comes */
	uint32_t	 manager;
	const char	*lost_manager;	/* remote id of a manager who never comes */
	uint32_t	 groups[EMPLOYEE_GROUPS];
	size_t		 group_count;
	struct contract	 contracts[EMPLOYEE_CONTRACTS];	/* oldest first */
	size_t		 contract_count;
	struct balance	 balances[EMPLOYEE_BALANCES];
	size_t		 balance_count;
	const char	*custom_fields;	/* a JSON object */
	enum poison	 poison;
};

/* A copy that owns its texts. */
struct employee *employee_dup(const struct employee *from);
void	 employee_close(struct employee **employee);

/* Puts a copy of `text` in a place of an employee that owns its texts. */
void	 employee_text_set(const char **place, const char *text);

/* "nul_key" and the like; POISON_N when there is no such poison. */
const char *poison_name(enum poison poison);
enum poison poison_find(const char *name);

#endif
