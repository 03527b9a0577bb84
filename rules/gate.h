/*
 * Safeguards (semantics 3.6): into which class a change falls, how many of a class may pass.
 * Pure. What a plan does is told to it by sync/plan/weigh.c.
 */
#ifndef ROLLCALL_RULES_GATE_H
#define ROLLCALL_RULES_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/day.h"
#include "base/model.h"

enum gate_class {
	GATE_REMOVALS,		/* left without an end date known before, or vanished */
	GATE_OUT_OF_FILTER,	/* outside a filter, hidden by a file, waiting again */
	GATE_CREATIONS,
	GATE_OVERWRITES,
	GATE_NULLS,
	GATE_MEMBERS,
	GATE_MANAGERS,
	GATE_UNMATCHED,		/* an include key none of whose values exists (rulings A22) */
	GATE_SHRUNK,		/* less than half of the last accepted snapshot (rulings A21) */
	GATE_EMPTY,		/* nobody at all: never approved */
	GATE_N
};

/* The name in messages, in the database and under [safeguards]: "out_of_filter". */
const char *gate_class_name(enum gate_class class);
/* What it means, in a few words, and what to look at first. */
const char *gate_class_text(enum gate_class class);
const char *gate_class_advice(enum gate_class class);
/* GATE_N when there is none of that name. */
enum gate_class gate_class_find(const char *name);
/* True for those that no allowance lets through. */
bool	gate_class_blocks(enum gate_class class);

/* The allowance of a source; nothing for those that always block. */
struct conf_limit gate_limit(const struct conf_set *set, enum gate_class class);

/* The larger of the count and the percentage of `base`, rounded down (rulings A15). */
int64_t	gate_allowance(const struct conf_limit *limit, int64_t base);

/*
 * The smallest base with which `number` passes: 0 when it passes with any, INT64_MAX when with
 * none. It lets a caller stop counting early.
 */
int64_t	gate_base_wanted(const struct conf_limit *limit, int64_t number);

/*
 * Whether a group may lose so many members (rulings C14): of one with more than limit->count,
 * the percentage. *allowance gets how many may go.
 */
bool	gate_group_passes(const struct conf_limit *limit, int64_t members, int64_t lost,
	    int64_t *allowance);

/* A person, before and after. */
struct gate_person {
	enum person_status	was;
	enum person_status	now;
	uint32_t		shown;		/* views until now */
	uint32_t		views;		/* … and from now on */
	bool			served;		/* was ever served in some view */
	bool			planned;	/* gate_planned */
	bool			resting;	/* on leave, and leave = inactive */
};

/* The class of what becomes of the person, at most one (rulings C16); GATE_N for none. */
enum gate_class gate_person(const struct gate_person *person);

/* What the departure of a person rests on. */
struct gate_departure {
	day_number	start;
	day_number	end;
	day_number	end_before;	/* as it was accepted before */
	day_number	today;
	bool		first_day_off;	/* end_date_is */
	bool		gone;
};

/* True when an end date has come that was known before this run (rulings A14). */
bool	gate_planned(const struct gate_departure *departure);

/* Of a complete fetch: GATE_EMPTY, GATE_SHRUNK, or GATE_N when it may be believed. */
enum gate_class gate_snapshot(int64_t live, int64_t before);

#endif
