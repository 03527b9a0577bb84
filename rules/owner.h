/*
 * Inside rules/ only: the records of one person, each by itself and against the others.
 */
#ifndef ROLLCALL_RULES_OWNER_H
#define ROLLCALL_RULES_OWNER_H

#include "rules/judge.h"

/* Fills facts, status, active, zone, next and reasons of a record from its own values. */
void	owner_look(struct arena *arena, const struct book *book, struct judge_record *record);

/*
 * The index of the record that counts: best class of status, then priority, an HR system
 * before what was entered by hand, the source's name, later start, greater remote id; one
 * outside the scope only when there is no other (rulings A32, B13).
 */
size_t	owner_pick(const struct judge_record *records, size_t count);

/* The record gives the person its status and groups beside the owner (rulings B13, D7). */
bool	owner_shares(const struct judge_record *record);

/*
 * Settles `included` and the reasons of every record, once the person's are known: of the
 * owner, and of the others (rulings A32).
 */
void	owner_settle(struct judge_record *records, size_t count, const struct verdict *verdict);

/* Why a record of which nothing is known yet cannot be taken: its dates are unreadable (rulings B7). */
uint32_t owner_invalid(const struct employee *employee);

#endif
