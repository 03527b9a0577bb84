/*
 * Owns nothing.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/ops.h"
#include "backend/unpack.h"

static void
compare_entry(Operation *op, SlapReply *rs, struct sight *sight,
    const struct image_entry *entry)
{
	void *memory;
	Entry *e;

	memory = op->o_tmpalloc(unpack_size(entry), op->o_tmpmemctx);
	e = unpack_into(memory, sight, entry, &need_all);
	rs->sr_err = slap_compare_entry(op, e, op->orc_ava);
	if (rs->sr_err == LDAP_NO_SUCH_OBJECT)
		ops_answer_missing(op, rs, sight);
	else
		send_ldap_result(op, rs);
	op->o_tmpfree(memory, op->o_tmpmemctx);
	/* Both answers are a success to whoever called. */
	if (rs->sr_err == LDAP_COMPARE_TRUE || rs->sr_err == LDAP_COMPARE_FALSE)
		rs->sr_err = LDAP_SUCCESS;
}

int
compare_op(Operation *op, SlapReply *rs)
{
	const struct image_entry *entry;
	struct sight sight;

	if (!ops_open_sight(op, rs, &sight))
		return (rs->sr_err);
	entry = ops_find(op, rs, &sight);
	if (entry != NULL)
		compare_entry(op, rs, &sight, entry);
	live_close_sight(&sight);
	return (rs->sr_err);
}
