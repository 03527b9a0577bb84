/*
 * Inside sync/plan/weigh*.c only: a weighing under way.
 */
#ifndef ROLLCALL_SYNC_PLAN_WEIGH_INSIDE_H
#define ROLLCALL_SYNC_PLAN_WEIGH_INSIDE_H

#include "rules/gate.h"
#include "sync/plan/people.h"
#include "sync/plan/weigh.h"

#define WEIGH_META_SIZE 32

/* One class of one source: of one field, group or setting where that is counted apart. */
struct weigh_row {
	enum gate_class	 class;
	size_t		 source;	/* of book->sources */
	int64_t		 group;		/* unit.id, 0 for none */
	const char	*subject;
	int64_t		 number;
	int64_t		 earlier;
	int64_t		 base;		/* of the percentage, as far as it was counted */
	int64_t		 allowance;
	bool		 tripped;
};

/* A change; a million of them must fit. */
struct weigh_item {
	uint32_t	 row;
	uint32_t	 mark;		/* MARK_NONE: it is nobody's */
	const char	*subject;	/* lives as long as the program or the plan */
	uint64_t	 old;		/* hashes */
	uint64_t	 new;
};

struct weighing {
	struct plan		*plan;
	struct weigh		*out;
	struct weigh_row	*rows;
	size_t			 row_count;
	size_t			 row_room;
	struct map		 by_key;	/* hash of class, source, subject, group → row */
	struct weigh_item	*items;
	size_t			 item_count;
	size_t			 item_room;
};

struct weigh_hit {
	enum gate_class	 class;
	size_t		 source;
	uint32_t	 mark;
	const char	*subject;	/* field or setting, "" for none */
	int64_t		 group;
	uint64_t	 old;
	uint64_t	 new;
};

void	weigh_count(struct weighing *weighing, const struct weigh_hit *hit);

/* Counts what becomes of people and their values. */
int	weigh_people(struct weighing *weighing, struct err *err);

/* Counts keys under [include] of which nothing exists (rulings A22). */
int	weigh_includes(struct weighing *weighing, struct err *err);

/* The place of a source in the book. */
size_t	weigh_source(const struct plan *plan, int64_t source);

/* The name under which the size of the last accepted snapshot is kept; returns `name`. */
const char *weigh_meta(int64_t source, char name[WEIGH_META_SIZE]);

#endif
