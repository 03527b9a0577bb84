/*
 * One integration: a customer's HR system as Kombo holds it.
 *
 * People are made from the configuration when they are looked at; those that were
 * changed are kept whole and stand in for what would be made. All instants are the
 * sandbox's own time. The sandbox's lock covers it.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_TENANT_H
#define ROLLCALL_TESTS_SANDBOX_TENANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "tests/sandbox/employee.h"
#include "tests/sandbox/org.h"
#include "tests/sandbox/pad.h"
#include "tests/sandbox/scope.h"
#include "tests/sandbox/shape.h"
#include "tests/sandbox/tool.h"

#define TENANT_ID_SIZE	25	/* of a Kombo id and a NUL */
#define TENANT_ANONYMOUS_AFTER	(14 * CLOCK_DAY)	/* kombo/api.md §4 */

enum life {
#define LIFE(id, status, setup, qa, reads, http, code, message) LIFE_##id,
#include "tests/sandbox/life.def"
#undef LIFE
	LIFE_N
};

/* What model endpoints answer. */
enum reads { READS_DATA, READS_ERROR, READS_EMPTY, READS_N };

struct life_row {
	const char	*name;
	const char	*status, *setup, *qa;
	enum reads	 reads;
	unsigned int	 http;
	const char	*code, *message;
};

const struct life_row *life_row(enum life life);
enum life life_find(const char *name);		/* LIFE_N when there is none */
const char *reads_name(enum reads reads);
enum reads reads_find(const char *name);	/* READS_N when there is none */

/* What becomes of deleted records after 14 days (kombo/api.md §4). */
enum anonymise {
	ANONYMISE_OFF,		/* nothing */
	ANONYMISE_QUIET,	/* all is null but the id and two instants */
	ANONYMISE_BUMP,		/* the same, and changed_at moves */
	ANONYMISE_REMOVE,	/* the row is gone */
	ANONYMISE_N
};

const char *anonymise_name(enum anonymise mode);
enum anonymise anonymise_find(const char *name);	/* ANONYMISE_N: none */

/* Statuses that the credentials may not let Kombo see (kombo/api.md §9, Lucca). */
enum limit { LIMIT_PENDING, LIMIT_INACTIVE, LIMIT_N };

#define TENANT_ALWAYS 1		/* limited from the beginning */

struct tenant {
	char		*id;
	char		*slug;		/* the id's part before the colon */
	char		*key;		/* API key of its environment */
	char		*name;		/* the customer's: organization_name */
	char		*origin;	/* origin_id, or NULL */
	char		*domain, *organization;
	const struct tool *tool;
	uint64_t	 id_seed;	/* Kombo ids hang on it */
	struct people	 people;
	uint32_t	 count;		/* with those hired later */
	uint32_t	 next_remote;
	struct map	 edits;		/* index to struct employee, owned */
	struct org	 org;
	struct scope	 scope;
	struct shape	 shape;
	uint32_t	 domains[KIND_LISTED];	/* of shape_row, by kind */
	enum life	 life;
	enum reads	 reads;
	bool		 legacy;	/* 503 and the old envelope (§5.1) */
	int64_t		 expired_at;	/* data_expired_at, 0 for none */
	int64_t		 created_at;
	int64_t		 limited_since[LIMIT_N];	/* 0 for not */
	enum anonymise	 anonymise;
	bool		 anonymise_firm;	/* what is never null, too */
	int64_t		 synced_at[2];	/* last forced sync: full, delta */
	int64_t		 sync_ends;	/* of one whose end was not told yet, 0 for none */
	char		*sync_state;	/* how forced syncs end, NULL: SUCCEEDED */
	uint64_t	 generation;	/* cursors of another one are refused */
	uint64_t	 version;	/* older pages and copies are stale */
	int64_t		 changed_at;	/* last change of any record since the epoch */
	int64_t		 swept_at;	/* last change that may concern many records */
	int64_t		 touched[KIND_LISTED];	/* all records of a kind changed */
	unsigned int	 news;		/* enum tenant_news: not yet told by webhook */
};

/* Which models a webhook has to name: bits by kind, and memberships. */
#define TENANT_NEWS(kind)	(1U << (kind))
#define TENANT_NEWS_JOIN	(1U << KIND_N)

struct tenant_conf {
	const char	*id, *key, *name, *origin, *domain;
	uint32_t	 people;
	uint64_t	 seed;
	day_number	 today;
	const struct nation *nations[LINKS_NATIONS];
	uint32_t	 nation_count;	/* 0: all */
	bool		 limited[LIMIT_N];
};

struct tenant *tenant_open(const struct tenant_conf *conf);
void	tenant_close(struct tenant **tenant);

/* Room for one person who is made and not kept. */
struct tenant_room {
	struct employee	 employee;
	struct pad	 pad;
};

/* The person, valid until the room is used again or the person is changed. */
const struct employee *tenant_person(const struct tenant *tenant, uint32_t index,
	    struct tenant_room *room);

/* The kept person, or NULL when never changed. */
struct employee *tenant_edited(const struct tenant *tenant, uint32_t index);

/* The person to be changed; kept from now on. */
struct employee *tenant_edit(struct tenant *tenant, uint32_t index);

/*
 * Another person: the next index, a copy of `from` with that remote id (NULL: a new
 * one).
 */
struct employee *tenant_add(struct tenant *tenant, const struct employee *from,
	    const char *remote_id);

/* 24 characters from the integration's id and a remote id, the same after a restart. */
void	tenant_kombo_id(const struct tenant *tenant, const char *key,
	    char id[TENANT_ID_SIZE]);

/* The integration is re-created: another id, so all Kombo ids change. */
void	tenant_rename(struct tenant *tenant, const char *id);

/* Cursors given out so far are refused from now on. */
void	tenant_renew(struct tenant *tenant);

/* The order of rows after shape.shuffle or the number of rows changed for good. */
void	tenant_reorder(struct tenant *tenant);

#endif
