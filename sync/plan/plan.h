/*
 * A plan: what the directory shall be, given the configuration, what the HR systems say, what
 * admins decided, and today's date. One road for a sync, a decision, a reload, midnight, a
 * preview and a why (architecture in HACKING.md); they differ in their input and in whether the
 * plan is published.
 *
 * A plan judges only the people whom its cause touches, and those whom that touches in turn;
 * judging everybody gives the same result (spec: acceptance 14).
 */
#ifndef ROLLCALL_SYNC_PLAN_PLAN_H
#define ROLLCALL_SYNC_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/day.h"
#include "rules/judge.h"
#include "store/db.h"
#include "sync/kombo/fetch.h"

struct plan_order {
	const struct conf	*conf;
	const struct conf	*before;	/* in force until now; NULL: the same */
	const struct fetched	*fetched;	/* what a run brought, or NULL */
	int64_t			 source;	/* id of the run's source */
	const int64_t		*people;	/* whom a decision is about */
	size_t			 people_count;
	const int64_t		*records;	/* which a decision gave to somebody else */
	size_t			 record_count;
	const struct unit	*groups;	/* of no HR system, that are new or changed */
	size_t			 group_count;
	bool			 everybody;	/* a reload: judge all there are */
	bool			 erase;		/* `people` vanish, whatever is known of them */
	bool			 due;		/* judge those whose dates have come */
	bool			 gated;		/* safeguards will weigh it (sync/plan/weigh.h) */
	bool			 first;		/* nothing of the run's source was ever accepted */
	/*
	 * Its new records are nobody else's: they are not matched, and stand without an address
	 * that somebody else has (rulings F18).
	 */
	bool			 apart;
	struct zones		*zones;		/* for today's date */
	int64_t			 now;		/* fixed at the start of the run */
	/* For a trial: the date everywhere, whatever `now` says; 0, no date to try: by the clock. */
	day_number		 day;
	/* for the history */
	const char		*actor;		/* who asked; NULL: nobody, its time had come */
	int64_t			 run;		/* id of the run, 0 for none */
	const struct plan_note	*note;		/* the decision, NULL for none */
};

/* A decision about the first of the order's people, as the history tells it. */
struct plan_note {
	const char	*what;		/* "hide", "set" */
	const char	*field;		/* NULL for none */
	const char	*reason;	/* the admin's words, NULL for none */
};

/* What a plan did, or would do. */
struct plan_report {
	int64_t	judged;		/* people looked at */
	int64_t	created;	/* new people */
	int64_t	entered;	/* appeared in some view where they were in none */
	int64_t	left;		/* vanished from every view */
	int64_t	changed;	/* entries of people that changed, over all views */
	int64_t	groups;		/* entries of groups that changed */
	int64_t	excluded;	/* records found to be Excluded */
	int64_t	overwrote;	/* values set by hand, or of adopted people, that HR replaced */
	int64_t	erased;		/* people whose values were erased */
	int64_t	linked;		/* new records that were known people's */
	int64_t	conditions[CONDITION_N];
	int64_t	revision;	/* 0: nothing was published */
};

struct plan;

/*
 * Works the plan out; nothing is written. The connection's transaction, if there is one, is the
 * caller's, and so is what the order points to, until plan_close.
 */
int	plan_open(struct db *db, const struct plan_order *order, struct plan **plan,
	    struct err *err);
void	plan_close(struct plan **plan);

/* A record as the plan judged it, for preview and why. Borrowed until the callback returns. */
struct plan_item {
	const struct judge_record	*record;
	const struct verdict		*verdict;	/* of its person */
	const struct book		*book;
	bool				 owner;		/* the record that counts */
	bool				 included;
	uint32_t			 reasons;	/* why not */
	uint32_t			 shown;		/* views the person is in until now */
	int64_t				 person;	/* 0: would be new */
	const struct uuid		*uuid;		/* of the person, NULL: never served */
	const char			*uid;
	const struct person		*state;		/* as settled, NULL for a new one */
};

/* Calls back with every record that was judged, in the plan's order. */
int	plan_each(struct plan *plan, int (*found)(void *context, const struct plan_item *item),
	    void *context, struct err *err);

/*
 * Whether a row of the run's stage may be kept while the run is held: of a person who is known,
 * or would be; never of an excluded record (rulings F7).
 */
bool	plan_keeps(const struct plan *plan, const char *kombo);

/*
 * Writes what differs from what is served, under one revision. The caller has begun a writer's
 * transaction before plan_open, and commits or rolls back.
 */
int	plan_publish(struct plan *plan, struct plan_report *report, struct err *err);

#endif
