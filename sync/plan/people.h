/*
 * Inside sync/plan/ only: the people and records a plan touches, as narrow as a million of them
 * must be. Wide values are read again when they are needed.
 */
#ifndef ROLLCALL_SYNC_PLAN_PEOPLE_H
#define ROLLCALL_SYNC_PLAN_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/mem.h"
#include "rules/identity.h"
#include "rules/judge.h"
#include "sync/plan/plan.h"

#define MARK_NONE UINT32_MAX

/* A person the plan touches. */
struct mark {
	int64_t		 person;	/* 0 for a new one until publishing numbers it */
	struct uuid	 uuid;
	const char	*uid;		/* settled; of a new one what it is made of, and once all
					 * are judged the chosen one, NULL for none */
	const char	*mail;		/* the address served under this plan, NULL: none */
	const char	*settled_mail;	/* … until now */
	uint64_t	 name_hash;	/* of what a manager reference shows of the person */
	uint64_t	 old_name_hash;
	uint32_t	 first;		/* chain of recs, MARK_NONE ends it */
	uint32_t	 views;		/* bits of book->views: now */
	uint32_t	 shown;		/* … and until now */
	uint8_t		 status;	/* enum person_status: now */
	uint8_t		 old_status;	/* … and until now */
	uint8_t		 mail_ruling;	/* enum judge_mail */
	uint16_t	 source;	/* for safeguards: of book->sources, the owner's */
	bool		 look;		/* … there is more to weigh than whether she is new */
	bool		 ever;		/* … she was in some view before */
	bool		 fresh;		/* new: no person row yet */
	bool		 duplicate;	/* new, and somebody else has the address */
	bool		 judged;
	bool		 keep;
	bool		 listed;	/* is among the served until now, in whatever view */
	bool		 empty;		/* nothing to judge: stays as it was */
	bool		 closed;	/* who depends on it has been marked */
	bool		 identified;	/* new: it has been asked whose record it is */
	bool		 ambiguous;	/* … and that is not clear */
	bool		 apart;		/* … an admin said: nobody else's */
	bool		 withdrawn;	/* no record is left: nothing of the person stays */
};

/* A new record that is held, and a person for whose it may be taken. */
struct suspect {
	uint32_t	 mark;
	uint32_t	 other;
	size_t		 next;		/* of the same mark: index + 1, 0 ends it */
};

/* A record that was fetched, vanished, or belongs to a mark. */
struct rec {
	int64_t		record;		/* 0 for one never heard of */
	int64_t		row;		/* of the stage, 0 for none */
	uint32_t	mark;
	uint32_t	next;		/* of the same person */
	bool		absent;
	uint8_t		joined;		/* enum identity_rule, by which it came to another's mark */
};

struct plan {
	struct db			*db;
	const struct plan_order		*order;
	struct arena			*arena;		/* of the plan */
	struct book			*book;
	struct units			*units;
	bool				 units_changed;
	struct uuid			 namespace;
	struct mark			*marks;
	size_t				 mark_count;
	size_t				 mark_room;
	struct rec			*recs;
	size_t				 rec_count;
	size_t				 rec_room;
	struct map			 by_person;	/* person id → mark */
	struct map			 by_record;	/* record id → rec */
	struct map			 by_kombo;	/* hash of a Kombo id of this plan → rec */
	struct map			 moved;		/* hash of a Kombo id that is no more → index */
	const char			**moved_to;	/* … of the one that took its place */
	size_t				 moved_count;
	size_t				 moved_room;
	struct map			 claims;	/* hash of an address → first claimant */
	struct map			 uids;		/* hash of a uid that is taken, or of a base
							 * of such, → next number to try */
	struct map			 by_number;	/* hash of a number → mark of the run */
	struct map			 by_mail;	/* … of an address */
	struct suspect			*suspects;
	size_t				 suspect_count;
	size_t				 suspect_room;
	struct map			 suspected;	/* mark → index + 1 of its last suspect */
	int64_t				 linked[IDENTITY_RULES];
	bool				 anybody;	/* there are people already */
	bool				 locals;	/* somebody is in a group of no HR system */
	bool				 links;		/* admins decided whose records are whose */
	bool				 reopened;	/* a mark got a record more: judge it again */
	struct err			 units_err;	/* why a unit could not be read */
	bool				*types_met;	/* for safeguards, by source: somebody
							 * has an included type; NULL: nobody */
	bool				 suppresses;	/* somebody was erased and may not return */
	bool				 settling;	/* somebody lost an address: judge again */
};

/* What judging one person needs, loaded; lives in an arena of the caller. */
struct loaded {
	struct judge_input	 input;
	struct verdict		 verdict;
	struct person		 person;	/* valid when input.person is set */
	struct judge_record	*records;
	uint32_t		*recs;		/* rec of each record, MARK_NONE: it has none */
	int64_t			*ids;		/* record id of each, 0: new */
	bool			 frozen;	/* some values are of a source that is not there */
};

/* The mark of a person, made when there is none; its index. */
uint32_t plan_mark(struct plan *plan, int64_t person);
uint32_t plan_mark_new(struct plan *plan);

/* Adds a rec to a mark; its index. */
uint32_t plan_add_rec(struct plan *plan, uint32_t mark, const struct rec *rec);

/* The rec of a record id, MARK_NONE when the plan has none. */
uint32_t plan_rec_of(const struct plan *plan, int64_t record);

/*
 * Loads a mark's person and judges it. 1 judged; 0 there is nothing to judge; -1 failed.
 * Everything of *loaded is in the arena.
 */
int	plan_load(struct plan *plan, uint32_t mark, struct arena *arena, struct loaded *loaded,
	    struct err *err);

/*
 * What the run says of people who are known already: candidates for its new records, wherever
 * either stands in its order. Before anybody is judged.
 */
int	plan_identify_known(struct plan *plan, struct err *err);

/*
 * Finds out whose the record of a new mark is, that was loaded: 0 its own, 1 it went to another
 * mark, 2 held (judge it again), -1 failed.
 */
int	plan_identify(struct plan *plan, uint32_t mark, const struct loaded *loaded,
	    struct err *err);

/*
 * The mark for a record that has no person: of whom an admin said it is (rollcall link), else a
 * new one.
 */
int	plan_mark_unknown(struct plan *plan, int64_t source, const char *kombo, uint32_t *mark,
	    struct err *err);

/* A held record of a new mark may belong to, or wants the address of, another's person. */
void	plan_suspect(struct plan *plan, uint32_t mark, uint32_t other);

/* Writes who is suspected for the record of a mark; of one that is not held, nobody. */
int	plan_write_suspects(struct plan *plan, uint32_t mark, int64_t record,
	    struct arena *arena, struct err *err);

/* The UUID of a new person: of the record, unless that is taken by somebody it was parted from. */
int	plan_new_uuid(struct plan *plan, const struct mark *mark, const struct employee *record,
	    const char *source, struct arena *arena, struct uuid *uuid, struct err *err);

/* Marks everybody who reports to the record of that Kombo id. */
int	plan_mark_reports_of(struct plan *plan, int64_t source, const char *kombo,
	    struct err *err);

/* Counts members of groups among the served: by is 1, 0 or -1. */
void	plan_note_groups(struct plan *plan, const struct verdict *verdict, int by);

/* Judges every mark, marks whom that touches, until nobody is left. */
int	plan_judge_all(struct plan *plan, struct err *err);

/* Keeps of a judged mark what safeguards will look at (sync/plan/weigh.h). */
void	weigh_note(struct plan *plan, uint32_t mark, const struct loaded *loaded);

/* Settles who has which work e-mail; sets plan->settling when somebody must be judged again. */
int	plan_settle_mail(struct plan *plan, struct err *err);

/* Gives uids to new people, in the plan's order. */
int	plan_name_people(struct plan *plan, struct err *err);

/* Legal entities, places and groups as the plan's cause leaves them. */
int	plan_load_units(struct plan *plan, struct err *err);

/* The key of a Kombo id of a source in by_kombo and moved. */
uint64_t plan_kombo_key(int64_t source, const char *kombo);

/* The Kombo id that took the place of this one in a new integration, else the same. */
const char *plan_moved(const struct plan *plan, int64_t source, const char *kombo);

/* A callback's way to add a person: for the store's found() functions. */
void	plan_found_person(void *context, int64_t person);

#endif
