/*
 * Owns nothing. A mark in op->o_extra says that an operation comes from here.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/notice.h"

struct mark {
	OpExtra		 extra;
	Entry		*before;
	Entry		*after;
	bool		 done;		/* the operation has reached the backend */
};

static char notice_key;

static struct mark *
notice_mark(const Operation *op)
{
	OpExtra *extra;

	LDAP_SLIST_FOREACH(extra, &op->o_extra, oe_next)
		if (extra->oe_key == &notice_key)
			return ((struct mark *)extra);
	return (NULL);
}

/* syncprov writes contextCSN down now and then; what it writes, the view has. */
static bool
notice_is_checkpoint(const Operation *op)
{
	return (op->o_tag == LDAP_REQ_MODIFY && op->o_dont_replicate &&
	    op->o_conn != NULL && op->o_conn->c_conn_idx == -1 && op->orm_modlist != NULL &&
	    op->orm_modlist->sml_desc == slap_schema.si_ad_contextCSN);
}

bool
notice_apply(Operation *op, SlapReply *rs)
{
	struct mark *mark = notice_mark(op);

	if (mark == NULL || op->o_dont_replicate) {
		if (!notice_is_checkpoint(op))
			return (false);
		rs->sr_err = LDAP_SUCCESS;
		send_ldap_result(op, rs);
		return (true);
	}
	mark->done = true;
	rs->sr_err = LDAP_SUCCESS;
	send_ldap_result(op, rs);
	slap_graduate_commit_csn(op);
	return (true);
}

int
notice_entry(Operation *op, const struct berval *ndn, Entry **e)
{
	const struct mark *mark;
	Entry *now, *other;

	if (LDAP_SLIST_EMPTY(&op->o_extra) || (mark = notice_mark(op)) == NULL)
		return (0);
	now = mark->done ? mark->after : mark->before;
	other = mark->done ? mark->before : mark->after;
	if (now != NULL && bvmatch(&now->e_nname, ndn)) {
		*e = now;
		return (1);
	}
	return (other != NULL && bvmatch(&other->e_nname, ndn) ? -1 : 0);
}

/* Overlays may change the entry that is added: they are given one of their own. */
static void
notice_add(Operation *op, SlapReply *rs, Entry *after)
{
	Entry *e = entry_dup(after);

	op->o_tag = LDAP_REQ_ADD;
	op->ora_e = e;
	op->ora_modlist = NULL;
	(void)op->o_bd->be_add(op, rs);
	if (op->ora_e == e)
		entry_free(e);
}

static void
notice_modify(Operation *op, SlapReply *rs, struct berval *csn)
{
	struct berval values[2] = { *csn, BER_BVNULL };
	Modifications change = { .sml_mod = { .sm_desc = slap_schema.si_ad_entryCSN,
	    .sm_op = LDAP_MOD_REPLACE, .sm_flags = SLAP_MOD_INTERNAL, .sm_numvals = 1,
	    .sm_values = values } };

	op->o_tag = LDAP_REQ_MODIFY;
	op->orm_modlist = &change;
	op->orm_no_opattrs = 1;
	(void)op->o_bd->be_modify(op, rs);
	op->orm_modlist = NULL;
}

void
notice_tell(Operation *op, BackendDB *be, Entry *before, Entry *after, struct berval *csn)
{
	struct mark mark = { .extra = { .oe_key = &notice_key }, .before = before,
	    .after = after };
	slap_callback callback = { .sc_response = slap_null_cb };
	const Entry *e = after != NULL ? after : before;
	SlapReply rs = { REP_RESULT };

	op->o_bd = be;
	op->o_dn = be->be_rootdn;
	op->o_ndn = be->be_rootndn;
	op->o_req_dn = e->e_name;
	op->o_req_ndn = e->e_nname;
	op->o_callback = &callback;
	op->o_managedsait = SLAP_CONTROL_NONCRITICAL;
	op->o_no_schema_check = 1;
	LDAP_SLIST_INSERT_HEAD(&op->o_extra, &mark.extra, oe_next);
	slap_queue_csn(op, csn);
	if (before == NULL)
		notice_add(op, &rs, after);
	else if (after != NULL)
		notice_modify(op, &rs, csn);
	else {
		op->o_tag = LDAP_REQ_DELETE;
		(void)op->o_bd->be_delete(op, &rs);
	}
	op->o_bd = be;
	slap_graduate_commit_csn(op);	/* should an overlay have kept it from us */
	LDAP_SLIST_REMOVE(&op->o_extra, &mark.extra, OpExtra, oe_next);
	if (!BER_BVISNULL(&op->o_csn)) {
		op->o_tmpfree(op->o_csn.bv_val, op->o_tmpmemctx);
		BER_BVZERO(&op->o_csn);
	}
	op->o_callback = NULL;
}
