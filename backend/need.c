/*
 * Owns nothing. When in doubt it needs everything.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/need.h"

#include "backend/match.h"

const struct need need_all = { .slots = UINT64_MAX, .derived = NEED_DERIVED };

/* Whether somebody beside slapd's frontend and access control sees what is sent. */
static bool
need_is_watched(Operation *op)
{
	return (op->o_callback != NULL || SLAP_ISOVERLAY(op->o_bd) ||
	    overlay_is_over(frontendDB));
}

/* Whether access depends on values of the entry. */
static bool
need_rules_look(const AccessControl *rule)
{
	const Access *by;

	for (; rule != NULL; rule = rule->acl_next) {
		if (rule->acl_filter != NULL)
			return (true);
		for (by = rule->acl_access; by != NULL; by = by->a_next) {
			if (by->a_dn_at != NULL || by->a_realdn_at != NULL ||
			    !BER_BVISNULL(&by->a_set_pat))
				return (true);
#ifdef SLAP_DYNACL
			if (by->a_dynacl != NULL)
				return (true);
#endif
		}
	}
	return (false);
}

static bool
need_is_plain(Operation *op)
{
	if (need_is_watched(op) || get_assert(op) != 0)
		return (false);
	return (be_isroot(op) || (!need_rules_look(op->o_bd->be_acl) &&
	    !need_rules_look(frontendDB->be_acl)));
}

static void
need_everything(struct need *need)
{
	*need = need_all;
}

/* An attribute that is named. What is none of ours adds nothing; a supertype adds much. */
static void
need_add(struct need *need, const AttributeDescription *ad)
{
	const struct {
		AttributeDescription	*ad;
		enum need_derived	 bit;
	} derived[] = {
		{ slap_schema.si_ad_objectClass, NEED_CLASS },
		{ types->manager, NEED_MANAGER },
		{ types->member_of, NEED_MEMBER_OF },
		{ types->member, NEED_MEMBERS },
		{ slap_schema.si_ad_structuralObjectClass, NEED_STRUCTURAL },
		{ slap_schema.si_ad_entryUUID, NEED_OPERATIONAL },
	};
	size_t i;

	if (types_slot(ad) != TYPES_SLOTS) {
		need->slots |= match_slots(ad);
		return;
	}
	for (i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
		if (derived[i].ad == ad) {
			need->derived |= derived[i].bit;
			return;
		}
	}
	if (is_at_operational(ad->ad_type))
		need->derived |= NEED_OPERATIONAL;
	else
		need_everything(need);
}

static void
need_add_filter(struct need *need, const Filter *filter)
{
	for (; filter != NULL; filter = filter->f_next) {
		switch (filter->f_choice) {
		case LDAP_FILTER_AND:
		case LDAP_FILTER_OR:
			need_add_filter(need, filter->f_and);
			break;
		case LDAP_FILTER_NOT:
			need_add_filter(need, filter->f_not);
			break;
		case LDAP_FILTER_PRESENT:
			need_add(need, filter->f_desc);
			break;
		case LDAP_FILTER_EQUALITY:
		case LDAP_FILTER_GE:
		case LDAP_FILTER_LE:
		case LDAP_FILTER_APPROX:
			need_add(need, filter->f_av_desc);
			break;
		case LDAP_FILTER_SUBSTRINGS:
			need_add(need, filter->f_sub_desc);
			break;
		case SLAPD_FILTER_COMPUTED:
			break;
		default:
			need_everything(need);
		}
	}
}

static void
need_add_asked(struct need *need, const AttributeName *asked)
{
	if (asked == NULL) {
		need->slots = UINT64_MAX;
		need->derived |= NEED_CLASS | NEED_MANAGER | NEED_MEMBER_OF | NEED_MEMBERS;
		return;
	}
	for (; !BER_BVISNULL(&asked->an_name); asked++) {
		if (asked->an_desc != NULL)
			need_add(need, asked->an_desc);
		else if (strcmp(asked->an_name.bv_val, LDAP_ALL_USER_ATTRIBUTES) == 0)
			need_add_asked(need, NULL);
		else if (strchr("@+!", asked->an_name.bv_val[0]) != NULL)
			need_everything(need);	/* of an object class, or operational */
	}
}

struct need
need_of_search(Operation *op)
{
	struct need need = { .slots = 0 };

	if (!need_is_plain(op) || op->o_vrFilter != NULL)
		return (need_all);
	need_add_filter(&need, op->ors_filter);
	need_add_asked(&need, op->ors_attrs);
	return (need);
}

struct need
need_of_access(Operation *op)
{
	return (need_is_plain(op) ? (struct need){ .slots = 0 } : need_all);
}
