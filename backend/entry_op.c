/*
 * Owns nothing. Entries for slapd itself and its overlays: access control, replication.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/gone.h"
#include "backend/notice.h"
#include "backend/ops.h"
#include "backend/unpack.h"

/* syncprov alone asks for contextCSN in this way, when it is opened. */
static void
entry_op_tell_csn(struct live *live, AttributeDescription *at, const Entry *e)
{
	const Attribute *attribute;

	if (live == NULL || at != slap_schema.si_ad_contextCSN)
		return;
	attribute = e != NULL ? attr_find(e->e_attrs, at) : NULL;
	live_asked_csn(live, attribute != NULL ? attribute->a_vals[0].bv_val : "");
}

int
entry_op_get(Operation *op, struct berval *ndn, ObjectClass *oc, AttributeDescription *at,
    int rw, Entry **out)
{
	const struct image_entry *entry;
	struct sight sight;
	int told;
	Entry *e;

	(void)rw;
	told = notice_entry(op, ndn, out);
	if (told != 0)
		return (told > 0 ? LDAP_SUCCESS : LDAP_NO_SUCH_OBJECT);
	*out = gone_entry(op, ndn);
	if (*out != NULL)
		return (LDAP_SUCCESS);
	if (!live_open_sight(op_database(op)->live, &sight)) {
		entry_op_tell_csn(op_database(op)->live, at, NULL);
		return (LDAP_UNAVAILABLE);
	}
	entry = sight_find(&sight, ndn);
	if (entry == NULL) {
		live_close_sight(&sight);
		return (LDAP_NO_SUCH_OBJECT);
	}
	e = unpack_keep(&sight, entry);
	entry_op_tell_csn(op_database(op)->live, at, e);
	if ((oc != NULL && !is_entry_objectclass(e, oc, 0)) ||
	    (at != NULL && attr_find(e->e_attrs, at) == NULL)) {
		unpack_release(e);
		return (LDAP_NO_SUCH_ATTRIBUTE);
	}
	*out = e;
	return (LDAP_SUCCESS);
}

int
entry_op_release(Operation *op, Entry *e, int rw)
{
	(void)op;
	(void)rw;
	unpack_release(e);
	return (0);
}

static bool
has_children(struct sight *sight, enum naming_unit unit)
{
	switch (unit) {
	case UNIT_PEOPLE:
		return (snap_people(sight->snap) > 0);
	case UNIT_GROUPS:
		return (snap_groups(sight->snap) > 0);
	case UNIT_SERVICES:
		return (sight_accounts(sight)->count > 0);
	case UNIT_N:
		break;
	}
	return (false);
}

int
entry_op_has_subordinates(Operation *op, Entry *e, int *has)
{
	struct live *live = op_database(op)->live;
	enum naming_unit unit;
	struct sight sight;
	enum role role;

	*has = LDAP_COMPARE_FALSE;
	if (live == NULL)
		return (LDAP_OTHER);
	if (!naming_place(live_naming(live), &e->e_nname, &role, &unit))
		return (LDAP_SUCCESS);
	if (role == ROLE_SUFFIX)
		*has = LDAP_COMPARE_TRUE;
	if (role != ROLE_UNIT)
		return (LDAP_SUCCESS);
	if (!live_open_sight(live, &sight))
		return (LDAP_OTHER);
	if (has_children(&sight, unit))
		*has = LDAP_COMPARE_TRUE;
	live_close_sight(&sight);
	return (LDAP_SUCCESS);
}

int
entry_op_operational(Operation *op, SlapReply *rs)
{
	Attribute **last;
	int has;

	if (!SLAP_OPATTRS(rs->sr_attr_flags) &&
	    !ad_inlist(slap_schema.si_ad_hasSubordinates, rs->sr_attrs))
		return (LDAP_SUCCESS);
	if (entry_op_has_subordinates(op, rs->sr_entry, &has) != LDAP_SUCCESS)
		return (LDAP_SUCCESS);
	for (last = &rs->sr_operational_attrs; *last != NULL; last = &(*last)->a_next)
		continue;
	*last = slap_operational_hasSubordinate(has == LDAP_COMPARE_TRUE);
	return (LDAP_SUCCESS);
}
