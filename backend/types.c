/*
 * Owns the table of types; filled while slapd is configured, by one thread, and immutable
 * afterwards. Registered types and classes belong to slapd until it ends.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/types.h"

#include <stdio.h>

#include "backend/definition.h"

#define MEMBER_OF_OID	"1.2.840.113556.1.2.102"
#define CLASSES_MOST	7

static struct types table;
static bool types_loaded;
const struct types *const types = &table;

/* As the memberof and dynlist overlays define it, so that either may come first. */
static const char types_member_of[] =
    "( " MEMBER_OF_OID " NAME 'memberOf' DESC 'Group that the entry belongs to' "
    "SYNTAX '1.3.6.1.4.1.1466.115.121.1.12' EQUALITY distinguishedNameMatch "
    "USAGE dSAOperation NO-USER-MODIFICATION X-ORIGIN 'iPlanet Delegated Administrator' )";

static const char *const types_fixed_names[SLOT_FIXED_N] = {
	[SLOT_OU] = "ou",
	[SLOT_O] = "o",
	[SLOT_DC] = "dc",
	[SLOT_UID] = "uid",
	[SLOT_CN] = "cn",
	[SLOT_SN] = "sn",
	[SLOT_GROUP_TYPE] = "rollcallGroupType",
	[SLOT_UID_NUMBER] = "uidNumber",	/* slapd's own, as is gidNumber */
	[SLOT_GID_NUMBER] = "gidNumber",
	[SLOT_HOME] = "homeDirectory",
	[SLOT_SHELL] = "loginShell",
};

/* What people type parts of. */
static const char *const types_grams[] = { "cn", "displayName", "sn", "givenName", "mail",
    "uid" };

/* Nearly every entry has a value of its own. */
static const char *const types_unique[] = { "cn", "displayName", "mail", "uid",
    "employeeNumber" };

/* What some have and many do not: of other types an index of presence would list everybody. */
static const char *const types_optional[] = { "mobile", "homePostalAddress",
    "rollcallPersonalMail", "rollcallEndDate", "rollcallGroupType" };

/* What people ask ranges of. */
static const char *const types_ordered[] = { "rollcallStartDate", "rollcallEndDate" };

/* The structural class stands last but for auxiliary ones. */
struct classes_row {
	struct role_classes	*classes;
	const char		*names[CLASSES_MOST];
	const char		*structural;
};

static const struct classes_row types_classes[] = {
	{ &table.classes[ROLE_SUFFIX], { "top", "organization", "dcObject" }, "organization" },
	{ &table.suffix_o, { "top", "organization" }, "organization" },
	{ &table.suffix_ou, { "top", "organizationalUnit" }, "organizationalUnit" },
	{ &table.classes[ROLE_UNIT], { "top", "organizationalUnit" }, "organizationalUnit" },
	{ &table.classes[ROLE_PERSON], { "top", "person", "organizationalPerson",
	    "inetOrgPerson", "rollcallPerson" }, "inetOrgPerson" },
	{ &table.account, { "top", "person", "organizationalPerson", "inetOrgPerson",
	    "rollcallPerson", "posixAccount" }, "inetOrgPerson" },
	{ &table.classes[ROLE_GROUP], { "top", "groupOfNames", "rollcallGroup" },
	    "groupOfNames" },
	{ &table.classes[ROLE_SERVICE], { "top", "applicationProcess" },
	    "applicationProcess" },
};

int
types_register(struct err *err)
{
	struct buf text = BUF_INIT;
	AttributeDescription *ad = NULL;
	const char *reason;
	size_t i;
	int result;

	result = 0;
	for (i = 0; result == 0 && definition_attribute(i, &text); i++) {
		if (register_at(text.data, NULL, 1) != 0)
			result = err_set(err, ERR_CONFIG, "slapd refuses the attribute type "
			    "%s: is a rollcall.schema of another release included?",
			    text.data);
		buf_reset(&text);
	}
	buf_close(&text);
	if (result == 0 && slap_str2ad("memberOf", &ad, &reason) != LDAP_SUCCESS &&
	    register_at(types_member_of, NULL, 1) != 0)
		result = err_set(err, ERR_CONFIG, "slapd refuses the attribute type memberOf");
	return (result);
}

static int
types_find(const char *name, AttributeDescription **ad, struct err *err)
{
	const char *reason;

	*ad = NULL;
	if (slap_str2ad(name, ad, &reason) == LDAP_SUCCESS)
		return (0);
	return (err_set(err, ERR_CONFIG, "slapd does not know the attribute type %s: include "
	    "core.schema, cosine.schema and inetorgperson.schema before the database", name));
}

static bool
types_listed(const char *name, const char *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(name, list[i]) == 0)
			return (true);
	return (false);
}

/*
 * Whether the rule of a type makes of plain ASCII, where no two spaces meet and none stands at
 * an end, the same in small letters: caseIgnoreMatch and caseIgnoreIA5Match do (RFC 4518 §2), on
 * Directory String and IA5 String, which hold all of it.
 */
static bool
types_is_folded(const AttributeType *type)
{
	const char *rule, *syntax;

	if (type->sat_equality == NULL)
		return (false);
	rule = type->sat_equality->smr_oid;
	syntax = type->sat_syntax->ssyn_oid;
	return ((strcmp(rule, "2.5.13.2") == 0 &&
	    strcmp(syntax, "1.3.6.1.4.1.1466.115.121.1.15") == 0) ||
	    (strcmp(rule, "1.3.6.1.4.1.1466.109.114.2") == 0 &&
	    strcmp(syntax, "1.3.6.1.4.1.1466.115.121.1.26") == 0));
}

/* Which indexes a type has beside equality. */
static void
types_index(unsigned int number, const char *name)
{
	struct slot *slot = &table.slot[number];

	slot->folded = types_is_folded(slot->ad->ad_type);
	slot->unique = types_listed(name, types_unique,
	    sizeof(types_unique) / sizeof(types_unique[0]));
	slot->grams = types_listed(name, types_grams,
	    sizeof(types_grams) / sizeof(types_grams[0]));
	slot->optional = types_listed(name, types_optional,
	    sizeof(types_optional) / sizeof(types_optional[0]));
	slot->ordered = types_listed(name, types_ordered,
	    sizeof(types_ordered) / sizeof(types_ordered[0]));
	if (!slot->ordered)
		return;
	slot->order = (uint8_t)table.orders;
	table.order_slot[table.orders++] = (uint8_t)number;
}

/* The slot of a type, made when there is none yet. */
static int
types_add(const char *name, unsigned int *slot, struct err *err)
{
	AttributeDescription *ad;

	if (types_find(name, &ad, err) < 0)
		return (-1);
	for (*slot = 0; *slot < table.slots; (*slot)++)
		if (table.slot[*slot].ad == ad)
			return (0);
	if (table.slots == TYPES_SLOTS)
		return (err_set(err, ERR_INTERNAL, "more than %d attribute types", TYPES_SLOTS));
	table.slot[table.slots++].ad = ad;
	types_index(*slot, name);
	return (0);
}

static int
types_add_field(enum field_id id, struct err *err)
{
	const struct field *field = field_get(id);
	const char *end, *name;
	unsigned int slot;
	char word[64];

	if (field->kind == KIND_PERSON || field->kind == KIND_GROUPS)
		return (0);
	for (name = field->ldap; *name != '\0'; name = *end == ' ' ? end + 1 : end) {
		end = strchrnul(name, ' ');
		(void)snprintf(word, sizeof(word), "%.*s", (int)(end - name), name);
		if (types_add(word, &slot, err) < 0)
			return (-1);
		table.field_slot[id][table.field_count[id]++] = (uint8_t)slot;
	}
	return (0);
}

static int
types_add_slots(struct err *err)
{
	unsigned int i, slot;

	for (i = 0; i < (table.posix ? SLOT_FIXED_N : SLOT_HOME); i++)
		if (types_add(types_fixed_names[i], &slot, err) < 0)
			return (-1);
	for (i = 0; i < FIELD_N; i++)
		if (types_add_field((enum field_id)i, err) < 0)
			return (-1);
	if (types_find("manager", &table.manager, err) < 0 ||
	    types_find("member", &table.member, err) < 0 ||
	    types_find("memberOf", &table.member_of, err) < 0)
		return (-1);
	return (0);
}

static int
types_register_classes(struct err *err)
{
	struct buf text = BUF_INIT;
	size_t i;
	int result;

	result = 0;
	for (i = 0; result == 0 && definition_class(i, &text); i++) {
		if (register_oc(text.data, NULL, 1) != 0)
			result = err_set(err, ERR_CONFIG, "slapd refuses the object class %s: "
			    "include core.schema before the database", text.data);
		buf_reset(&text);
	}
	buf_close(&text);
	return (result);
}

static int
types_find_classes(const struct classes_row *row, struct err *err)
{
	ObjectClass *class;
	size_t i;

	row->classes->values = ch_calloc(CLASSES_MOST + 1, sizeof(struct berval));
	for (i = 0; i < CLASSES_MOST && row->names[i] != NULL; i++) {
		class = oc_find(row->names[i]);
		if (class == NULL)
			return (err_set(err, ERR_CONFIG, "slapd does not know the object "
			    "class %s: include core.schema, cosine.schema and "
			    "inetorgperson.schema before the database", row->names[i]));
		row->classes->values[i] = class->soc_cname;
		if (strcmp(row->names[i], row->structural) == 0)
			row->classes->structural = class->soc_cname;
	}
	row->classes->count = (unsigned int)i;
	return (0);
}

/* slapd numbers attribute descriptions from 1; 0 is shared by what no schema defines. */
static void
types_number(void)
{
	unsigned int i;

	memset(table.slot_of, TYPES_SLOTS, sizeof(table.slot_of));
	for (i = 0; i < table.slots; i++)
		if (table.slot[i].ad->ad_index < TYPES_NUMBERS)
			table.slot_of[table.slot[i].ad->ad_index] = (uint8_t)i;
}

unsigned int
types_slot(const AttributeDescription *ad)
{
	unsigned int i;

	if (ad->ad_index < TYPES_NUMBERS) {
		i = table.slot_of[ad->ad_index];
		return (i < TYPES_SLOTS && table.slot[i].ad == ad ? i : TYPES_SLOTS);
	}
	for (i = 0; i < table.slots; i++)
		if (table.slot[i].ad == ad)
			return (i);
	return (TYPES_SLOTS);
}

/* Finds for every slot which slots an assertion on it is about. */
static void
types_find_subtypes(void)
{
	unsigned int i, j;

	for (i = 0; i < table.slots; i++)
		for (j = 0; j < table.slots; j++)
			if (is_ad_subtype(table.slot[j].ad, table.slot[i].ad))
				table.slot[i].covers |= UINT64_C(1) << j;
}

int
types_load(struct err *err)
{
	size_t i;

	if (types_loaded)
		return (0);
	table = (struct types){ .posix = oc_find("posixAccount") != NULL };
	if (types_register_classes(err) < 0 || types_add_slots(err) < 0)
		return (-1);
	for (i = 0; i < sizeof(types_classes) / sizeof(types_classes[0]); i++)
		if ((types_classes[i].classes != &table.account || table.posix) &&
		    types_find_classes(&types_classes[i], err) < 0)
			return (-1);
	types_find_subtypes();
	types_number();
	types_loaded = true;
	return (0);
}
