/*
 * Owns nothing. Whoever cannot bind is told the same after the same work, whether or not there
 * is such a name.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/ops.h"
#include "backend/unpack.h"

#include "base/clock.h"

#define BIND_HASHES	2	/* compared for a client: the secret and the one before it */

/* What nobody's secret is compared with, while there are no clients. */
static const char bind_nothing[] = "{SSHA}q1G2l3sEGkMAjN1ppOVDJBQQ1LgXKyBpYWNvbXBh";

/* The hashes that are good now. */
static unsigned int
bind_hashes(const struct account *account, struct berval hashes[BIND_HASHES + 1])
{
	unsigned int count;
	int64_t now;

	count = 0;
	now = clock_now();
	if (account != NULL && (account->expires == 0 || now < account->expires)) {
		ber_str2bv(account->secret, 0, 0, &hashes[count++]);
		if (account->old_secret != NULL && now < account->old_expires)
			ber_str2bv(account->old_secret, 0, 0, &hashes[count++]);
	}
	BER_BVZERO(&hashes[count]);
	return (count);
}

/* Access control decides who may bind as a client (userPassword, auth). */
static bool
bind_may(Operation *op, const struct sight *sight, const struct account *account)
{
	void *memory;
	bool may;

	memory = op->o_tmpalloc(unpack_size(account->entry), op->o_tmpmemctx);
	may = access_allowed(op, unpack_into(memory, sight, account->entry, &need_all),
	    slap_schema.si_ad_userPassword, NULL, ACL_AUTH, NULL);
	op->o_tmpfree(memory, op->o_tmpmemctx);
	return (may);
}

/* Compares the credentials with as many hashes as any client may have. */
static bool
bind_check(Operation *op, struct berval hashes[BIND_HASHES + 1], unsigned int count,
    const struct accounts *accounts)
{
	struct berval other[2] = { BER_BVNULL, BER_BVNULL };
	Attribute attribute = { .a_desc = slap_schema.si_ad_userPassword,
	    .a_vals = hashes, .a_nvals = hashes, .a_numvals = count };
	const char *text;

	if (slap_passwd_check(op, NULL, &attribute, &op->orb_cred, &text) == 0)
		return (true);
	ber_str2bv(accounts->count > 0 ? accounts->list[0].secret : bind_nothing, 0, 0,
	    &other[0]);
	attribute.a_vals = attribute.a_nvals = other;
	attribute.a_numvals = 1;
	for (; count < BIND_HASHES; count++)
		(void)slap_passwd_check(op, NULL, &attribute, &op->orb_cred, &text);
	return (false);
}

static bool
bind_client(Operation *op, struct sight *sight)
{
	struct berval hashes[BIND_HASHES + 1], name;
	const struct accounts *accounts;
	const struct account *account;
	const struct pack *pack;
	unsigned int count;

	accounts = sight_accounts(sight);
	account = accounts_find(accounts, &op->o_req_ndn);
	count = bind_hashes(account, hashes);
	if (count > 0 && !bind_may(op, sight, account)) {
		count = 0;
		BER_BVZERO(&hashes[0]);
	}
	if (!bind_check(op, hashes, count, accounts))
		return (false);
	pack = account->entry->payload;
	name = pack_pretty(pack, &pack->name);
	ber_dupbv(&op->orb_edn, &name);
	return (true);
}

int
bind_op(Operation *op, SlapReply *rs)
{
	struct sight sight;
	bool good;

	if (be_rootdn_bind(op, rs) != SLAP_CB_CONTINUE)
		return (rs->sr_err);
	if (!ops_open_sight(op, rs, &sight))
		return (rs->sr_err);
	good = bind_client(op, &sight);
	live_close_sight(&sight);
	if (good)
		return (LDAP_SUCCESS);	/* slapd answers */
	rs->sr_err = LDAP_INVALID_CREDENTIALS;
	send_ldap_result(op, rs);
	return (rs->sr_err);
}
