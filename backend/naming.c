/*
 * Owns the names of the branches below a suffix; immutable once made.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/naming.h"

#include <string.h>

static const char *const naming_units[UNIT_N] = {
	[UNIT_PEOPLE] = "people",
	[UNIT_GROUPS] = "groups",
	[UNIT_SERVICES] = "services",
};

static const enum role naming_roles[UNIT_N] = {
	[UNIT_PEOPLE] = ROLE_PERSON,
	[UNIT_GROUPS] = ROLE_GROUP,
	[UNIT_SERVICES] = ROLE_SERVICE,
};

const char *
naming_unit_name(enum naming_unit unit)
{
	return (naming_units[unit]);
}

/* Letters, digits and such mean themselves in every name (RFC 4514 §2.4). */
static bool
naming_is_plain(const char *value)
{
	return (value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0' &&
	    *value != '\0');
}

/* "type=value", escaped where RFC 4514 wants it: in hexadecimal, which slapd then settles. */
static void
naming_rdn(struct buf *text, const char *type, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789._-";

	buf_printf(text, "%s=", type);
	for (; *value != '\0'; value++) {
		if (strchr(plain, *value) != NULL || (unsigned char)*value >= 0x80)
			buf_char(text, *value);
		else
			buf_printf(text, "\\%02X", (unsigned char)*value);
	}
}

static void
naming_join(struct arena *arena, const struct berval *rdn, const struct berval *parent,
    struct berval *name)
{
	name->bv_len = rdn->bv_len + 1 + parent->bv_len;
	name->bv_val = arena_alloc(arena, name->bv_len + 1);
	memcpy(name->bv_val, rdn->bv_val, rdn->bv_len);
	name->bv_val[rdn->bv_len] = ',';
	memcpy(name->bv_val + rdn->bv_len + 1, parent->bv_val, parent->bv_len);
}

bool
naming_make(const struct name *parent, const char *type, const char *value,
    struct arena *arena, struct name *name)
{
	struct berval given, normal, pretty;
	struct buf text = BUF_INIT;
	int result;

	if (naming_is_plain(value)) {
		buf_str(&text, type);
		buf_char(&text, '=');
		buf_str(&text, value);
		ber_str2bv(text.data, text.len, 0, &given);
		naming_join(arena, &given, &parent->pretty, &name->pretty);
		naming_join(arena, &given, &parent->normal, &name->normal);
		buf_close(&text);
		return (true);
	}
	naming_rdn(&text, type, value);
	ber_str2bv(text.data, text.len, 0, &given);
	result = dnPrettyNormal(NULL, &given, &pretty, &normal, NULL);
	buf_close(&text);
	if (result != LDAP_SUCCESS)
		return (false);
	naming_join(arena, &pretty, &parent->pretty, &name->pretty);
	naming_join(arena, &normal, &parent->normal, &name->normal);
	slap_sl_free(pretty.bv_val, NULL);
	slap_sl_free(normal.bv_val, NULL);
	return (true);
}

/* ---- the branches --------------------------------------------------------------------------- */

/* Reads the first RDN: its type must be one for which there is a class. */
static int
naming_read_suffix(struct naming *naming, struct err *err)
{
	AttributeDescription *ad = NULL;
	const char *reason;
	LDAPRDN rdn = NULL;
	char *next;
	int result;

	result = -1;
	if (ldap_bv2rdn(&naming->suffix.pretty, &rdn, &next, LDAP_DN_FORMAT_LDAP) !=
	    LDAP_SUCCESS || rdn == NULL || rdn[0] == NULL)
		return (err_set(err, ERR_CONFIG, "suffix \"%s\" cannot be read",
		    naming->suffix.pretty.bv_val));
	if (rdn[1] == NULL && slap_bv2ad(&rdn[0]->la_attr, &ad, &reason) == LDAP_SUCCESS) {
		for (naming->first = SLOT_OU; naming->first <= SLOT_DC; naming->first++) {
			if (types->slot[naming->first].ad != ad)
				continue;
			ber_dupbv(&naming->value, &rdn[0]->la_value);
			result = 0;
			break;
		}
	}
	ldap_rdnfree(rdn);
	if (result < 0)
		return (err_set(err, ERR_CONFIG, "suffix \"%s\": an entry can be made for a "
		    "suffix that begins with dc=, o= or ou=", naming->suffix.pretty.bv_val));
	return (0);
}

/* A name of the tree's own, outside any arena. */
static void
naming_keep(struct name *name, const char *rdn, const struct name *parent)
{
	struct berval given;
	struct arena *arena;
	struct name made;

	arena = arena_open();
	ber_str2bv(rdn, 0, 0, &given);
	naming_join(arena, &given, &parent->pretty, &made.pretty);
	naming_join(arena, &given, &parent->normal, &made.normal);
	ber_dupbv(&name->pretty, &made.pretty);
	ber_dupbv(&name->normal, &made.normal);
	arena_close(&arena);
}

static void
naming_free(struct name *name)
{
	ch_free(name->pretty.bv_val);
	ch_free(name->normal.bv_val);
	*name = (struct name){ .pretty = BER_BVNULL, .normal = BER_BVNULL };
}

int
naming_open(struct naming *naming, const struct berval *suffix, const struct berval *nsuffix,
    struct err *err)
{
	struct name maker;
	char rdn[32];
	size_t i;

	*naming = (struct naming){ .first = SLOT_FIXED_N };
	if (BER_BVISEMPTY(nsuffix))
		return (err_set(err, ERR_CONFIG, "an empty suffix cannot be served"));
	ber_dupbv(&naming->suffix.pretty, (struct berval *)(uintptr_t)suffix);
	ber_dupbv(&naming->suffix.normal, (struct berval *)(uintptr_t)nsuffix);
	if (naming_read_suffix(naming, err) < 0) {
		naming_free(&naming->suffix);
		return (-1);
	}
	for (i = 0; i < UNIT_N; i++) {
		(void)snprintf(rdn, sizeof(rdn), "ou=%s", naming_units[i]);
		naming_keep(&naming->unit[i], rdn, &naming->suffix);
	}
	naming_keep(&maker, "cn=rollcall", &naming->suffix);
	naming->maker_pretty[0] = maker.pretty;
	naming->maker_normal[0] = maker.normal;
	return (0);
}

void
naming_close(struct naming *naming)
{
	size_t i;

	for (i = 0; i < UNIT_N; i++)
		naming_free(&naming->unit[i]);
	naming_free(&naming->suffix);
	ch_free(naming->maker_pretty[0].bv_val);
	ch_free(naming->maker_normal[0].bv_val);
	ch_free(naming->value.bv_val);
	BER_BVZERO(&naming->value);
}

bool
naming_place(const struct naming *naming, const struct berval *normal, enum role *role,
    enum naming_unit *unit)
{
	struct berval parent;
	size_t i;

	if (bvmatch(normal, &naming->suffix.normal)) {
		*role = ROLE_SUFFIX;
		return (true);
	}
	for (i = 0; i < UNIT_N; i++) {
		*unit = (enum naming_unit)i;
		if (bvmatch(normal, &naming->unit[i].normal)) {
			*role = ROLE_UNIT;
			return (true);
		}
	}
	dnParent((struct berval *)(uintptr_t)normal, &parent);
	for (i = 0; i < UNIT_N; i++) {
		*unit = (enum naming_unit)i;
		if (bvmatch(&parent, &naming->unit[i].normal)) {
			*role = naming_roles[i];
			return (true);
		}
	}
	return (false);
}
