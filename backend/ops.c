/*
 * Owns nothing: what several operations have in common, and those that do nothing.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/ops.h"

#include "backend/notice.h"
#include "backend/unpack.h"

bool
ops_open_sight(Operation *op, SlapReply *rs, struct sight *sight)
{
	if (live_open_sight(op_database(op)->live, sight))
		return (true);
	send_ldap_error(op, rs, LDAP_UNAVAILABLE, "the directory cannot be read just now");
	return (false);
}

bool
ops_may_see(Operation *op, const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;
	struct berval name;

	if (pack->role != ROLE_SERVICE)
		return (true);
	name = pack_normal(pack, &pack->name);
	return (be_isroot(op) || bvmatch(&op->o_ndn, &name));
}

static bool
ops_discloses(Operation *op, const struct sight *sight, const struct image_entry *entry)
{
	void *memory;
	bool may;

	if (entry == NULL || !ops_may_see(op, entry))
		return (false);
	memory = op->o_tmpalloc(unpack_size(entry), op->o_tmpmemctx);
	may = access_allowed(op, unpack_into(memory, sight, entry, &need_all),
	    slap_schema.si_ad_entry, NULL, ACL_DISCLOSE, NULL);
	op->o_tmpfree(memory, op->o_tmpmemctx);
	return (may);
}

void
ops_answer_missing(Operation *op, SlapReply *rs, struct sight *sight)
{
	const struct image_entry *entry;
	struct berval name, parent;
	const struct pack *pack;

	rs->sr_err = LDAP_NO_SUCH_OBJECT;
	name = op->o_req_ndn;
	while (rs->sr_matched == NULL && name.bv_len > sight->naming->suffix.normal.bv_len) {
		dnParent(&name, &parent);
		name = parent;
		entry = sight_find(sight, &name);
		if (!ops_discloses(op, sight, entry))
			continue;
		pack = entry->payload;
		rs->sr_matched = pack_pretty(pack, &pack->name).bv_val;
	}
	send_ldap_result(op, rs);
	rs->sr_matched = NULL;
}

const struct image_entry *
ops_find(Operation *op, SlapReply *rs, struct sight *sight)
{
	const struct image_entry *entry;

	entry = sight_find(sight, &op->o_req_ndn);
	if (entry != NULL && ops_may_see(op, entry))
		return (entry);
	ops_answer_missing(op, rs, sight);
	return (NULL);
}

static const char ops_refusal[] = "the directory follows the HR system";

/* But for what the module itself tells overlays of. */
int
refuse_op(Operation *op, SlapReply *rs)
{
	if (notice_apply(op, rs))
		return (LDAP_SUCCESS);
	send_ldap_error(op, rs, LDAP_UNWILLING_TO_PERFORM, ops_refusal);
	return (rs->sr_err);
}

int
refuse_extended(Operation *op, SlapReply *rs)
{
	rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
	rs->sr_text = ops_refusal;
	send_ldap_extended(op, rs);
	rs->sr_text = NULL;
	return (SLAPD_ABANDON);	/* what was answered is not answered again */
}

int
pass_op(Operation *op, SlapReply *rs)
{
	(void)op;
	(void)rs;
	return (LDAP_SUCCESS);
}

/* Success would mean that the operation has ended: slapd waits until it has. */
int
pass_cancel(Operation *op, SlapReply *rs)
{
	(void)op;
	(void)rs;
	return (LDAP_CANNOT_CANCEL);
}
