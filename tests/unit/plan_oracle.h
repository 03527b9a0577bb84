/*
 * What must come of a step, worked out from the HR systems and the rules of the specification
 * beside the code under test (spec/acceptance.md 2, 5, 9, 12, 13).
 */
#ifndef ROLLCALL_TESTS_UNIT_PLAN_ORACLE_H
#define ROLLCALL_TESTS_UNIT_PLAN_ORACLE_H

#include "tests/unit/plan_steps.h"

/*
 * A fetch is previewed, then published, then fetched again: the preview says one of Included and
 * Excluded of each record, with reasons for the latter, and publishing brings just that
 * (acceptance 2); the repetition changes nothing (13); what follows the HR system says the same.
 */
void	oracle_pull(struct house *house, size_t source, bool complete);

/*
 * Publishes the order of a pull, or has it held by the safeguards (plan_gate.c): false, nothing
 * changed, and the next fetch brings it again.
 */
bool	gate_pull(struct house *house, struct plan_order *order, size_t source);

/*
 * What a fetch of a source brings, complete or not; NULL: nothing, for the file is empty and
 * refused. The caller closes it (plan_ways.c).
 */
struct fetched *ways_fetch(struct house *house, size_t source, const struct conf_source *conf,
	    bool complete);

/* Weighs, then publishes or holds; true when it was published. */
bool	gate_weigh(struct house *house, struct plan_order *order, const char *source);
/* Approves what is held of the source; false when nobody may (rulings A21). */
bool	gate_approve(struct house *house, const char *source);
/* How many records the last complete fetch brought that was accepted; 0: there was none. */
int64_t	gate_accepted(struct house *house, int64_t source);

/* A fetch that is not to be believed, and what must come of it (plan_hurt.c). */
void	hurt_pull(struct house *house);

/*
 * A reload through the safeguards; takes the configuration. One that is held leaves everything
 * as it is, but for what is switched off, until it is approved (rulings A17, A19).
 */
void	gate_reload(struct house *house, struct conf *conf);

/* Who people are, and what was imported once: to be compared later. */
struct memory;

struct memory *memory_open(struct house *house);
void	memory_close(struct memory **memory);

/*
 * From one memory to the next, after a step of that kind: ids, uids and links stay (acceptance
 * 9), values imported once as well (5).
 */
void	memory_compare(struct house *house, const struct memory *before,
	    const struct memory *after, enum step_kind kind);

#endif
