/*
 * Inside sync/plan/ only: what a plan does to whom, told to the history while it is published
 * (semantics 3.11, rulings F10). A plan that changes nothing adds nothing.
 */
#ifndef ROLLCALL_SYNC_PLAN_AUDIT_H
#define ROLLCALL_SYNC_PLAN_AUDIT_H

#include "sync/plan/people.h"

struct audit;

/* Tells the decision behind the plan, if it has one. */
int	audit_open(struct plan *plan, struct audit **audit, struct err *err);
void	audit_close(struct audit **audit);

/*
 * What becomes of a person: created with all values, else each difference from what was. Called
 * before any of it is written, with a number given to a new one.
 */
int	audit_person(struct audit *audit, const struct mark *mark, const struct loaded *loaded,
	    struct err *err);

/* Nobody stands behind the person any more: the values go. */
int	audit_withdrawn(struct audit *audit, const struct mark *mark, struct err *err);

/* A person who goes on being served comes to a group or leaves it. */
int	audit_member(struct audit *audit, const struct mark *mark, const char *group, bool joins,
	    struct err *err);

/* How many values of adopted people the HR system overwrote, without those set by hand. */
int64_t	audit_adopted(const struct audit *audit);
/* Ends the act: before the transaction commits. */
int	audit_end(struct audit *audit, struct err *err);

#endif
