/*
 * Inside sync/plan/ only: whom a manager reference leads to, and in which views it may be shown
 * (semantics 3.8).
 */
#ifndef ROLLCALL_SYNC_PLAN_MANAGERS_H
#define ROLLCALL_SYNC_PLAN_MANAGERS_H

#include "sync/plan/people.h"

struct managers;

struct manager {
	int64_t		person;		/* 0: the reference leads to nobody */
	uint32_t	views;		/* where the person is shown, under the plan */
	uint64_t	hash;		/* of what a reference shows of the person */
	bool		known;		/* the record is among those delivered */
};

struct managers *managers_open(struct plan *plan);
void	managers_close(struct managers **managers);

/* Resolves a Kombo id of a source. New people must have their numbers already. */
int	managers_find(struct managers *managers, int64_t source, const char *kombo,
	    struct manager *manager, struct err *err);

#endif
