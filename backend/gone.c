/*
 * Owns nothing. Tombstones are read from the database when they are asked for, which is when a
 * replica comes back.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/gone.h"

#include <string.h>

#include "backend/ops.h"
#include "base/digest.h"
#include "store/view.h"

static const char gone_rdn[] = "cn=deletions,";

static bool
gone_is_name(const Operation *op, const struct berval *ndn)
{
	const struct berval *suffix = &op->o_bd->be_nsuffix[0];
	size_t len = sizeof(gone_rdn) - 1;

	return (ndn->bv_len == len + suffix->bv_len && memcmp(ndn->bv_val, gone_rdn, len) == 0 &&
	    memcmp(ndn->bv_val + len, suffix->bv_val, suffix->bv_len) == 0);
}

/*
 * syncprov gives its one text as both forms of the base, and takes the entries itself; what
 * comes from a client has two.
 */
bool
gone_is_asked(const Operation *op)
{
	return (op->o_req_dn.bv_val == op->o_req_ndn.bv_val && op->o_callback != NULL &&
	    gone_is_name(op, &op->o_req_ndn));
}

static AttributeDescription *
gone_attribute(const char *name)
{
	AttributeDescription *ad = NULL;
	const char *text;

	return (slap_str2ad(name, &ad, &text) == LDAP_SUCCESS ? ad : NULL);
}

Entry *
gone_entry(Operation *op, struct berval *ndn)
{
	struct live *live = op_database(op)->live;
	char text[STAMP_CSN_SIZE];
	AttributeDescription *ad;
	struct berval csn = { .bv_val = text };
	Entry *e;

	if (live == NULL || !gone_is_name(op, ndn) || (ad = gone_attribute("minCSN")) == NULL)
		return (NULL);
	csn.bv_len = live_oldest_csn(live, text);
	e = entry_alloc();
	ber_dupbv(&e->e_name, ndn);
	ber_dupbv(&e->e_nname, ndn);
	attr_merge_one(e, ad, &csn, NULL);
	return (e);
}

/* One of the log's entries, with the three attributes that are read. */
struct gone_row {
	Entry		 e;
	Attribute	 attribute[3];
	struct berval	 value[4][2];
	char		 csn[STAMP_CSN_SIZE];
	char		 uuid[UUID_TEXT_SIZE];
};

static void
gone_fill(struct gone_row *row, Operation *op)
{
	static const struct berval deleted = BER_BVC("delete");
	size_t i;

	*row = (struct gone_row){ .e = { .e_name = op->o_req_dn, .e_nname = op->o_req_ndn,
	    .e_id = NOID, .e_ocflags = SLAP_OC__END } };
	row->value[0][0] = deleted;
	row->value[1][0] = (struct berval){ .bv_len = STAMP_CSN_SIZE - 1, .bv_val = row->csn };
	row->value[2][0] = (struct berval){ .bv_len = UUID_TEXT_SIZE - 1, .bv_val = row->uuid };
	for (i = 0; i < 3; i++) {
		row->attribute[i].a_vals = row->attribute[i].a_nvals = row->value[i];
		row->attribute[i].a_numvals = 1;
		row->attribute[i].a_next = i < 2 ? &row->attribute[i + 1] : NULL;
	}
	row->attribute[0].a_desc = gone_attribute("reqType");
	row->attribute[1].a_desc = slap_schema.si_ad_entryCSN;
	row->attribute[2].a_desc = gone_attribute("reqEntryUUID");
	row->attribute[2].a_nvals = row->value[3];
	row->e.e_attrs = row->attribute;
}

static int
gone_send(Operation *op, SlapReply *rs, struct gone_row *row)
{
	rs->sr_entry = &row->e;
	rs->sr_attrs = NULL;
	rs->sr_operational_attrs = NULL;
	rs->sr_ctrls = NULL;
	rs->sr_flags = 0;
	rs->sr_err = LDAP_SUCCESS;
	rs->sr_err = send_search_entry(op, rs);
	rs->sr_entry = NULL;
	return (rs->sr_err);
}

/* What the replica has seen already: syncprov asks for what came after it. */
static const struct berval *
gone_seen(const Operation *op)
{
	const Filter *f = op->ors_filter;

	for (f = f->f_choice == LDAP_FILTER_AND ? f->f_and : NULL; f != NULL; f = f->f_next)
		if (f->f_choice == LDAP_FILTER_GE &&
		    f->f_av_desc == slap_schema.si_ad_entryCSN)
			return (&f->f_av_value);
	return (NULL);
}

/*
 * Tombstones are forgotten (tombstone_keep) without a revision, and may have been since syncprov
 * asked for minCSN: what the replica has not seen must all be there now.
 */
static bool
gone_is_whole(const Operation *op, const struct stamp_base *base, int64_t forgotten)
{
	const struct berval *seen = gone_seen(op);
	char text[STAMP_CSN_SIZE];
	struct berval oldest = { .bv_val = text };

	oldest.bv_len = stamp_csn(base, stamp_oldest(base, forgotten), text);
	return (seen != NULL && ber_bvcmp(seen, &oldest) >= 0);
}

/* The view must be the one that is served, whose CSNs these are. */
static int
gone_walk(const Operation *op, struct db *db, const struct sight *sight, struct err *err)
{
	struct view_row view;
	struct uuid epoch;
	int result;

	if (view_epoch(db, &epoch, err) < 0)
		return (-1);
	result = view_find(db, live_view(sight->live), &view, err);
	if (result == 0 || memcmp(epoch.bytes, snap_epoch(sight->snap)->bytes,
	    sizeof(epoch.bytes)) != 0)
		return (err_set(err, ERR_NOT_FOUND, "the view has been replaced"));
	if (result < 0)
		return (-1);
	if (!gone_is_whole(op, &sight->nodes->csn, view.forgotten))
		return (err_set(err, ERR_NOT_FOUND, "what left first is forgotten"));
	view_tombstones_walk(db, view.id, 0);
	view_names_walk(db, view.id);
	return (0);
}

/* What went at a stamp; false when the search is over. */
static bool
gone_tell(Operation *op, SlapReply *rs, struct gone_row *row, const struct stamp_base *base,
    struct uuid *uuid, int64_t stamp)
{
	(void)stamp_csn(base, stamp, row->csn);
	(void)uuid_format(uuid, row->uuid);
	row->value[3][0] = (struct berval){ .bv_len = UUID_SIZE, .bv_val = (char *)uuid->bytes };
	return (!op->o_abandon && gone_send(op, rs, row) == LDAP_SUCCESS);
}

/*
 * A group that has another name since then goes first and comes anew: names may have been
 * exchanged, and a stock replica, which takes one entry after the other, would be stopped for
 * ever by a name that another one still has.
 */
static int
gone_send_all(Operation *op, SlapReply *rs, struct db *db, const struct sight *sight)
{
	const struct stamp_base *base = &sight->nodes->csn;
	struct err err = ERR_INIT;
	struct view_tombstone row;
	struct gone_row entry;
	int64_t named;
	int result;

	gone_fill(&entry, op);
	if (entry.attribute[0].a_desc == NULL || entry.attribute[2].a_desc == NULL ||
	    db_begin(db, &err) < 0)
		return (LDAP_OTHER);
	result = gone_walk(op, db, sight, &err);
	while (result >= 0 && (result = view_tombstones_next(db, &row, &err)) > 0)
		if (!gone_tell(op, rs, &entry, base, &row.uuid, row.stamp))
			result = -1;
	while (result >= 0 && (result = view_names_next(db, &row.uuid, &named, &err)) > 0)
		if (named != 0 && !gone_tell(op, rs, &entry, base, &row.uuid, named))
			result = -1;
	db_rollback(db);
	return (result < 0 ? LDAP_OTHER : LDAP_SUCCESS);
}

/* Anything but success makes syncprov tell the replica of everything that is still there. */
int
gone_search(Operation *op, SlapReply *rs)
{
	struct err err = ERR_INIT;
	struct sight sight;
	struct db *db;
	int result;

	if (!ops_open_sight(op, rs, &sight))
		return (rs->sr_err);
	result = LDAP_OTHER;
	if (db_open(op_database(op)->path, DB_READER, &db, &err) == 0) {
		result = gone_send_all(op, rs, db, &sight);
		db_close(&db);
	}
	live_close_sight(&sight);
	rs->sr_err = result;
	send_ldap_result(op, rs);
	return (result);
}
