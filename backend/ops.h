/*
 * What slapd calls. Each answers the client itself, as slapd's own backends do, and returns the
 * result code (ldap/slapd-backend.md §2.3).
 */
#ifndef ROLLCALL_BACKEND_OPS_H
#define ROLLCALL_BACKEND_OPS_H

#include <stdatomic.h>

#include "backend/live.h"

/* What was asked, for cn=monitor: counted apart, so that connections do not share a line. */
#define DATABASE_TALLIES	16
struct tally {
	atomic_int_fast64_t	 searches;
	atomic_int_fast64_t	 hits;		/* entries sent */
	char			 apart[112];
};

/* be_private of a database. */
struct database {
	char		*path;		/* rollcall-database */
	char		*view;		/* rollcall-view */
	struct live	*live;		/* NULL while the database is closed */
	bool		 reopen;	/* a keyword was changed while it was open */
	struct berval	 monitor_name;	/* in cn=monitor; slapd's */
	void		*monitor;	/* what monitor_close gives back; NULL: not monitored */
	struct tally	 tally[DATABASE_TALLIES];
};

static inline struct database *
op_database(const Operation *op)
{
	return (op->o_bd->be_private);
}

static inline void
op_tally(Operation *op, const SlapReply *rs)
{
	struct tally *tally = &op_database(op)->tally[op->o_connid % DATABASE_TALLIES];

	(void)atomic_fetch_add_explicit(&tally->searches, 1, memory_order_relaxed);
	(void)atomic_fetch_add_explicit(&tally->hits, rs->sr_nentries, memory_order_relaxed);
}

/*
 * Opens a sight for an operation; when there is nothing to serve, answers unavailable and
 * returns false.
 */
bool	ops_open_sight(Operation *op, SlapReply *rs, struct sight *sight);

/*
 * Answers noSuchObject; matchedDN is the closest entry above that access control discloses, so
 * that an entry which is not disclosed cannot be told from one that is not there.
 */
void	ops_answer_missing(Operation *op, SlapReply *rs, struct sight *sight);

/*
 * The entry the operation names, if it may be seen at all; else answers that it is missing
 * and returns NULL.
 */
const struct image_entry *ops_find(Operation *op, SlapReply *rs, struct sight *sight);

/* LDAP clients are seen by themselves and the rootdn alone. */
bool	ops_may_see(Operation *op, const struct image_entry *entry);

int	bind_op(Operation *op, SlapReply *rs);
int	compare_op(Operation *op, SlapReply *rs);
int	search_op(Operation *op, SlapReply *rs);

/* unwillingToPerform, "the directory follows the HR system". */
int	refuse_op(Operation *op, SlapReply *rs);
/* The same for an extended operation. */
int	refuse_extended(Operation *op, SlapReply *rs);
/* Nothing is to be done: slapd itself abandons, cancels and unbinds. */
int	pass_op(Operation *op, SlapReply *rs);
int	pass_cancel(Operation *op, SlapReply *rs);

/* BI_chk_controls: settles which paged search a request goes on with. */
int	page_check(Operation *op, SlapReply *rs);

int	entry_op_get(Operation *op, struct berval *ndn, ObjectClass *oc,
	    AttributeDescription *at, int rw, Entry **e);
int	entry_op_release(Operation *op, Entry *e, int rw);
int	entry_op_operational(Operation *op, SlapReply *rs);
int	entry_op_has_subordinates(Operation *op, Entry *e, int *has);

int	tool_open(BackendDB *be, int mode);
int	tool_close(BackendDB *be);
ID	tool_first(BackendDB *be, struct berval *base, int scope, Filter *filter);
ID	tool_next(BackendDB *be);
Entry	*tool_get(BackendDB *be, ID id);
ID	tool_dn2id(BackendDB *be, struct berval *dn);

#endif
