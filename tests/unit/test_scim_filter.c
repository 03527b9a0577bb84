/*
 * What SCIM's filters are taken for: each row is a text and the tree it becomes, or
 * what the error says and where.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <inttypes.h>
#include <string.h>

#include "scim/filter.h"

#define CORE		"urn:ietf:params:scim:schemas:core:2.0:User"
#define ENTERPRISE	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define ROLLCALL	"urn:ietf:params:scim:schemas:extension:rollcall:2.0:User"

static const struct form *filter_form;		/* NULL: all attributes are served */

/* ---- trees as text ------------------------------------------------------- */

static void
show_name(struct buf *out, const struct attr *attr)
{
	if (attr->schema == SCHEMA_ENTERPRISE)
		buf_str(out, "enterprise:");
	if (attr->schema == SCHEMA_ROLLCALL)
		buf_str(out, "rollcall:");
	if (attr->parent != NULL)
		buf_printf(out, "%s.", attr->parent->name);
	buf_str(out, attr->name);
}

static void
show_compare(struct buf *out, const struct filter *filter)
{
	static const char *const names[] = { "eq", "ne", "co", "sw", "ew", "gt", "ge",
		"lt", "le", "pr" };

	buf_printf(out, "(%s ", names[filter->op]);
	show_name(out, filter->attr);
	if (filter->op == FILTER_PR)
		buf_char(out, ')');
	else if (filter->attr->type == ATTR_DATETIME)
		buf_printf(out, " %" PRId64 "%s)", filter->instant,
		    filter->beyond ? "+" : "");
	else
		buf_printf(out, " '%.*s')", (int)filter->text.len, filter->text.text);
}

static void
show(struct buf *out, const struct filter *filter)
{
	static const char *const names[] = { "and", "or", "not", "element" };

	if (filter->kind == FILTER_COMPARE) {
		show_compare(out, filter);
		return;
	}
	buf_printf(out, "(%s ", names[filter->kind]);
	if (filter->kind == FILTER_ELEMENT) {
		show_name(out, filter->attr);
		buf_char(out, ' ');
	}
	show(out, filter->left);
	if (filter->right != NULL) {
		buf_char(out, ' ');
		show(out, filter->right);
	}
	buf_char(out, ')');
}

struct row {
	const char	*text;
	const char	*wanted;	/* the tree; "!" and a part of the error */
};

static void
check_row(enum resource_type type, const struct row *row)
{
	const struct filter_scope scope = { .type = type, .form = filter_form };
	struct arena *arena = arena_open();
	const struct filter *filter;
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT;

	if (filter_parse(arena, &scope, row->text, &filter, &err) == 0)
		show(&out, filter);
	else
		buf_printf(&out, "!%s", err.text);
	if (*row->wanted == '!' ?
	    out.data[0] != '!' || strstr(out.data, row->wanted + 1) == NULL :
	    strcmp(out.data, row->wanted) != 0)
		fail_msg("%s\n  gave   %s\n  wanted %s", row->text, out.data,
		    row->wanted);
	if (err.code != ERR_NONE)
		assert_int_equal(err.code, ERR_SCIM_FILTER);
	buf_close(&out);
	arena_close(&arena);
}

static void
check_rows(enum resource_type type, const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		check_row(type, &rows[i]);
}

/* ---- what is understood -------------------------------------------------- */

static const struct row comparisons_rows[] = {
	/* RFC 7644 §3.4.2.2, Figure 2 */
	{ "userName eq \"bjensen\"", "(eq userName 'bjensen')" },
	{ "name.familyName co \"O'Malley\"",
	    "(co name.familyName 'o'malley')" },
	{ "userName sw \"J\"", "(sw userName 'j')" },
	{ CORE ":userName sw \"J\"", "(sw userName 'j')" },
	{ "title pr", "(pr title)" },
	{ "meta.lastModified gt \"2011-05-13T04:42:34Z\"",
	    "(gt meta.lastModified 1305261754000000)" },
	{ "meta.lastModified ge \"2011-05-13T04:42:34Z\"",
	    "(ge meta.lastModified 1305261754000000)" },
	{ "meta.lastModified lt \"2011-05-13T04:42:34Z\"",
	    "(lt meta.lastModified 1305261754000000)" },
	{ "meta.lastModified le \"2011-05-13T04:42:34Z\"",
	    "(le meta.lastModified 1305261754000000)" },
	{ "title pr and userType eq \"Employee\"",
	    "(and (pr title) (eq userType 'employee'))" },
	{ "title pr or userType eq \"Intern\"",
	    "(or (pr title) (eq userType 'intern'))" },
	{ "schemas eq \"" ENTERPRISE "\"", "(eq schemas '" ENTERPRISE "')" },
	{ "userType eq \"Employee\" and (emails co \"example.com\" or "
	    "emails.value co \"example.org\")",
	    "(and (eq userType 'employee') (or (co emails.value 'example.com') "
	    "(co emails.value 'example.org')))" },
	{ "userType ne \"Employee\" and not (emails co \"example.com\" or "
	    "emails.value co \"example.org\")",
	    "(and (ne userType 'employee') (not (or "
	    "(co emails.value 'example.com') "
	    "(co emails.value 'example.org'))))" },
	{ "userType eq \"Employee\" and (emails.type eq \"work\")",
	    "(and (eq userType 'employee') (eq emails.type 'work'))" },
	{ "userType eq \"Employee\" and emails[type eq \"work\" and "
	    "value co \"@example.com\"]",
	    "(and (eq userType 'employee') (element emails (and "
	    "(eq emails.type 'work') (co emails.value '@example.com'))))" },
	{ "emails[type eq \"work\" and value co \"@example.com\"] or "
	    "phoneNumbers[type eq \"mobile\" and value co \"@foo.com\"]",
	    "(or (element emails (and (eq emails.type 'work') "
	    "(co emails.value '@example.com'))) (element phoneNumbers (and "
	    "(eq phoneNumbers.type 'mobile') (co phoneNumbers.value "
	    "'@foo.com'))))" },
	/* each operator, letter case free */
	{ "id EQ \"A-b\"", "(eq id 'A-b')" },
	{ "TITLE Ne \"X\"", "(ne title 'x')" },
	{ "title CO \"x\"", "(co title 'x')" },
	{ "title Ew \"x\"", "(ew title 'x')" },
	{ "title gT \"x\"", "(gt title 'x')" },
	{ "title GE \"x\"", "(ge title 'x')" },
	{ "title lt \"x\"", "(lt title 'x')" },
	{ "title le \"x\"", "(le title 'x')" },
	{ "emails PR", "(pr emails)" },
	{ "name pr", "(pr name)" },
	{ "meta pr", "(pr meta)" },
	/* blanks */
	{ "  title   eq\t\"x\"  ", "(eq title 'x')" },
	{ "(title pr)and(title pr)", "(and (pr title) (pr title))" },
	{ "( ( title pr ) )", "(pr title)" },
	/* booleans */
	{ "active eq true", "(eq active 'true')" },
	{ "active eq false", "(eq active 'false')" },
	{ "active ne true", "(ne active 'true')" },
	{ "active eq \"True\"", "(eq active 'true')" },
	{ "active eq \"False\"", "(eq active 'false')" },
	{ "active eq FALSE", "(eq active 'false')" },
	{ "emails.primary eq true", "(eq emails.primary 'true')" },
	/* null and presence */
	{ "title eq null", "(not (pr title))" },
	{ "title ne null", "(pr title)" },
	{ "name eq null", "(not (pr name))" },
	{ "emails ne null", "(pr emails)" },
	{ "meta.created eq null", "(not (pr meta.created))" },
	{ "title eq \"null\"", "(eq title 'null')" },
	/* bare words */
	{ "meta.resourceType eq User", "(eq meta.resourceType 'User')" },
	{ "userName eq bjensen@example.com",
	    "(eq userName 'bjensen@example.com')" },
	{ "title eq Null", "(eq title 'null')" },
	{ "meta.created ge 2026-01-01T00:00:00Z",
	    "(ge meta.created 1767225600000000)" },
	{ "(userName eq x)", "(eq userName 'x')" },
};

static void
comparisons(void **state __attribute__((unused)))
{
	check_rows(RESOURCE_USER, comparisons_rows, ROWS(comparisons_rows));
}

static void
names(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
		/* complex attributes that stand for their value */
		{ "emails eq \"a@b.c\"", "(eq emails.value 'a@b.c')" },
		{ "phoneNumbers sw \"+49\"", "(sw phoneNumbers.value '+49')" },
		{ "groups eq \"0\"", "(eq groups.value '0')" },
		{ ENTERPRISE ":manager eq \"ID\"",
		    "(eq enterprise:manager.value 'ID')" },
		/* names with their URNs, and Microsoft's dot */
		{ ENTERPRISE ":department eq \"IT\"",
		    "(eq enterprise:department 'it')" },
		{ ENTERPRISE ".department eq \"IT\"",
		    "(eq enterprise:department 'it')" },
		{ "URN:IETF:PARAMS:SCIM:SCHEMAS:EXTENSION:ENTERPRISE:2.0:USER:"
		    "DEPARTMENT eq \"IT\"",
		    "(eq enterprise:department 'it')" },
		{ "manager eq \"ID\"", "(eq enterprise:manager.value 'ID')" },
		{ "DEPARTMENT eq \"x\"", "(eq enterprise:department 'x')" },
		{ "uid pr", "(pr rollcall:uid)" },
		{ ENTERPRISE ":manager.displayName pr",
		    "(pr enterprise:manager.displayName)" },
		{ ROLLCALL ":startDate ge \"2026-01-01\"",
		    "(ge rollcall:startDate '2026-01-01')" },
		{ ROLLCALL ":uid eq \"x\"", "(eq rollcall:uid 'x')" },
		{ CORE ":meta.created pr", "(pr meta.created)" },
		{ CORE ":emails[type eq \"work\"]",
		    "(element emails (eq emails.type 'work'))" },
		{ CORE ".name.givenName eq \"x\"", "(eq name.givenName 'x')" },
		/* references and exact strings keep their letter case */
		{ "meta.location eq \"http://X/Y\"",
		    "(eq meta.location 'http://X/Y')" },
		{ "groups.$ref ew \"ABC\"", "(ew groups.$ref 'ABC')" },
		{ "externalId eq \"Abc\"", "(eq externalId 'Abc')" },
		{ "meta.version eq \"W/\\\"00FF\\\"\"",
		    "(eq meta.version 'W/\"00FF\"')" },
	};

	check_rows(RESOURCE_USER, rows, ROWS(rows));
}

static void
precedence(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
		{ "title pr or title pr and title pr",
		    "(or (pr title) (and (pr title) (pr title)))" },
		{ "title pr and title pr or title pr",
		    "(or (and (pr title) (pr title)) (pr title))" },
		{ "(title pr or title pr) and title pr",
		    "(and (or (pr title) (pr title)) (pr title))" },
		{ "title pr and (title pr or title pr)",
		    "(and (pr title) (or (pr title) (pr title)))" },
		{ "not (title pr) and title pr", "(and (not (pr title)) (pr title))" },
		{ "not(title pr) or title pr", "(or (not (pr title)) (pr title))" },
		{ "NOT (title pr)", "(not (pr title))" },
		{ "not (title pr and title pr)", "(not (and (pr title) (pr title)))" },
		{ "not (not (title pr))", "(not (not (pr title)))" },
		{ "title pr AND title pr Or title pr",
		    "(or (and (pr title) (pr title)) (pr title))" },
		{ "title pr and title pr and title pr",
		    "(and (and (pr title) (pr title)) (pr title))" },
		{ "title pr or title pr or title pr",
		    "(or (or (pr title) (pr title)) (pr title))" },
	};

	check_rows(RESOURCE_USER, rows, ROWS(rows));
}

static void
elements(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
		{ "emails[type eq \"work\"]",
		    "(element emails (eq emails.type 'work'))" },
		{ "emails[type eq \"work\"].value eq \"x\"",
		    "(element emails (and (eq emails.type 'work') "
		    "(eq emails.value 'x')))" },
		{ "emails[type eq \"work\" or primary eq true].value co \"x\" "
		    "and active eq true",
		    "(and (element emails (and (or (eq emails.type 'work') "
		    "(eq emails.primary 'true')) (co emails.value 'x'))) "
		    "(eq active 'true'))" },
		{ "emails[type eq work].value pr",
		    "(element emails (and (eq emails.type 'work') "
		    "(pr emails.value)))" },
		{ "emails[not (type eq \"work\")]",
		    "(element emails (not (eq emails.type 'work')))" },
		{ "emails[ type eq \"work\" ]",
		    "(element emails (eq emails.type 'work'))" },
		{ "not (emails[type eq \"home\"])",
		    "(not (element emails (eq emails.type 'home')))" },
		{ "name[givenName eq \"x\" and familyName eq \"y\"]",
		    "(element name (and (eq name.givenName 'x') "
		    "(eq name.familyName 'y')))" },
		{ ENTERPRISE ":manager[value eq \"x\"]",
		    "(element enterprise:manager (eq enterprise:manager.value 'x'))" },
		{ "addresses[type eq \"work\"].locality eq \"Paris\"",
		    "(element addresses (and (eq addresses.type 'work') "
		    "(eq addresses.locality 'paris')))" },
		{ "emails[value eq \"]\"]", "(element emails (eq emails.value ']'))" },
	};

	check_rows(RESOURCE_USER, rows, ROWS(rows));
}

static void
strings(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
		{ "id eq \"a\\\"b\\\\c\\/d\"", "(eq id 'a\"b\\c/d')" },
		{ "id eq \"\\b\\f\\n\\r\\t\"", "(eq id '\b\f\n\r\t')" },
		{ "id eq \"\\u0041\\u00e9\\u4e2d\"", "(eq id 'Aé中')" },
		{ "id eq \"\\ud83d\\ude00\"", "(eq id '😀')" },
		{ "id eq \"\"", "(eq id '')" },
		{ "id eq \" a ) ] \"", "(eq id ' a ) ] ')" },
		{ "title co \" Ä \"", "(co title ' ä ')" },
		{ "title eq \"STRASSE\"", "(eq title 'strasse')" },
		{ "title eq \"Straße\"", "(eq title 'strasse')" },
		{ "title eq \"ΑΣ\"", "(eq title 'ασ')" },
		{ "title eq \"e\\u0301\"", "(eq title 'é')" },
		{ "title eq \"İ\"", "(eq title 'i̇')" },
		{ "title eq \"\xc2\xa0x\xc2\xa0\"", "(eq title '\xc2\xa0x\xc2\xa0')" },
		{ "id eq \"\\u0000\"", "!no such escape, at character 8" },
		{ "id eq \"\\ud83d\"", "!no such escape" },
		{ "id eq \"\\ud83dx\"", "!no such escape" },
		{ "id eq \"\\ude00\"", "!no such escape" },
		{ "id eq \"\\ud83d\\u0041\"", "!no such escape" },
		{ "id eq \"\\u00g1\"", "!no such escape" },
		{ "id eq \"\\u00", "!no such escape" },
		{ "id eq \"\\x41\"", "!no such escape" },
		{ "id eq \"a\\", "!no such escape" },
		{ "id eq \"a", "!not closed" },
		{ "id eq \"a\nb\"", "!control character" },
		{ "id eq 'a'", "!double quotes" },
		{ "id eq \"a\"b", "!a blank is missing behind the value" },
		{ "id eq \"a\"and id pr", "!a blank is missing behind the value" },
	};

	check_rows(RESOURCE_USER, rows, ROWS(rows));
}

static void
instants(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
		{ "meta.created eq \"1970-01-01T00:00:00Z\"", "(eq meta.created 0)" },
		{ "meta.created eq \"1970-01-01T00:00:00.5Z\"",
		    "(eq meta.created 500000)" },
		{ "meta.created eq \"1970-01-01T00:00:00.123456Z\"",
		    "(eq meta.created 123456)" },
		{ "meta.created eq \"1970-01-01T00:00:00.1234560Z\"",
		    "(eq meta.created 123456)" },
		{ "meta.created eq \"1970-01-01T00:00:00.1234561Z\"",
		    "(eq meta.created 123456+)" },
		{ "meta.created ge \"1970-01-01T00:00:00.000000001+00:00\"",
		    "(ge meta.created 0+)" },
		{ "meta.created eq \"1970-01-01T01:00:00+01:00\"",
		    "(eq meta.created 0)" },
		{ "meta.created eq \"1969-12-31T13:00:00-11:00\"",
		    "(eq meta.created 0)" },
		{ "meta.created ge \"0001-01-01T00:00:00Z\"",
		    "(ge meta.created -62135596800000000)" },
		{ "meta.created lt \"9999-12-31T23:59:59.9999999Z\"",
		    "(lt meta.created 253402300799999999+)" },
		{ "meta.created gt \"1970-01-01\"", "(gt meta.created 0)" },
		{ "meta.created gt \"yesterday\"", "!created is a time" },
		{ "meta.created gt \"2026-02-30T00:00:00Z\"", "!created is a time" },
		{ "meta.created gt \"\"", "!created is a time" },
		{ "meta.created gt 5", "!created is a time" },
		{ "meta.created gt true", "!created is a time" },
		{ "meta.created co \"2026\"", "!co does not apply to created" },
		{ "meta.lastModified sw \"2026\"",
		    "!sw does not apply to lastModified" },
	};

	check_rows(RESOURCE_USER, rows, ROWS(rows));
}

/* ---- what is not --------------------------------------------------------- */

static const struct row mistakes_rows[] = {
	{ "", "!an attribute is missing, at the end" },
	{ "   ", "!an attribute is missing, at the end" },
	{ "(", "!an attribute is missing" },
	{ ")", "!an attribute is missing, at character 1: )" },
	{ "()", "!an attribute is missing" },
	{ "title", "!a blank and an operator are missing, at the end" },
	{ "title ", "!the operator is none of" },
	{ "title eq", "!a blank and a value are missing" },
	{ "title eq ", "!a value is missing" },
	{ "title eq )", "!a value is missing" },
	{ "title eq\"x\"", "!the operator is none of" },
	{ "title foo \"x\"",
	    "!the operator is none of eq ne co sw ew gt ge lt le pr, "
	    "at character 7: foo" },
	{ "title = \"x\"", "!the operator is none of" },
	{ "title eq \"x\" and", "!an attribute is missing, at the end" },
	{ "title eq \"x\" and and title pr",
	    "!there is no such attribute, at character 18" },
	{ "title eq \"x\" title pr", "!\"and\", \"or\" or the end is missing" },
	{ "title eq \"x\" xor title pr",
	    "!\"and\", \"or\" or the end is missing" },
	{ "title pr \"x\"", "!\"and\", \"or\" or the end is missing" },
	{ "title pr)",
	    "!\"and\", \"or\" or the end is missing, at character 9" },
	{ "(title pr", "!a ) is missing, at the end" },
	{ "((title pr)", "!a ) is missing" },
	{ "(title pr]", "!a ) is missing" },
	{ "not title pr", "!there is no such attribute, at character 1" },
	{ "not", "!there is no such attribute" },
	{ "title pr and not", "!there is no such attribute" },
	{ "and", "!there is no such attribute" },
	{ "\"title\" eq \"x\"", "!there is no such attribute" },
	/* attributes */
	{ "foo eq \"x\"", "!there is no such attribute, at character 1: foo" },
	{ "nickName pr", "!there is no such attribute" },
	{ "password eq \"x\"", "!there is no such attribute" },
	{ "title.x eq \"x\"", "!there is no such attribute" },
	{ "name.foo eq \"x\"", "!there is no such attribute" },
	{ "name. eq \"x\"", "!there is no such attribute" },
	{ ".name eq \"x\"", "!there is no such attribute" },
	{ "name.givenName.x pr", "!there is no such attribute" },
	{ "members pr", "!there is no such attribute" },
	{ ENTERPRISE " pr", "!there is no such attribute" },
	{ ENTERPRISE ": pr", "!there is no such attribute" },
	{ ENTERPRISE ":userName pr", "!there is no such attribute" },
	{ "urn:x:y:title pr", "!there is no such attribute" },
	{ CORE "title pr", "!there is no such attribute" },
	/* types */
	{ "name eq \"x\"", "!name has parts: compare one of them, like name." },
	{ "meta co \"x\"", "!meta has parts" },
	{ "addresses eq \"x\"", "!addresses has parts" },
	{ "active gt true", "!gt does not apply to active" },
	{ "active le false", "!le does not apply to active" },
	{ "active co \"tr\"", "!co does not apply to active" },
	{ "active eq \"yes\"", "!active is true or false" },
	{ "active eq 1", "!active is true or false" },
	{ "active eq \"\"", "!active is true or false" },
	{ "title eq 5", "!title is a string" },
	{ "title eq -1.5e+3", "!title is a string" },
	{ "title eq true", "!title is a string" },
	{ "title gt null", "!gt does not apply to null" },
	{ "title co null", "!co does not apply to null" },
	/* elements */
	{ "title[x pr]",
	    "!title has no elements to look into, at character 6" },
	{ "emails[]", "!an attribute is missing" },
	{ "emails[foo pr]", "!there is no such attribute, at character 8" },
	{ "emails[emails.type pr]", "!there is no such attribute" },
	{ "emails[type pr", "!a ] is missing" },
	{ "emails[type pr)", "!a ] is missing" },
	{ "emails[type pr] eq \"x\"",
	    "!\"and\", \"or\" or the end is missing" },
	{ "emails[type pr].", "!an attribute is missing" },
	{ "emails[type pr].foo eq \"x\"", "!there is no such attribute" },
	{ "emails[type pr].value", "!a blank and an operator are missing" },
	{ "emails[emails[type pr]]", "!there is no such attribute" },
	{ "name[givenName[x pr]]", "!givenName has no elements" },
	{ "emails.value[x pr]", "!value has no elements" },
	/* places are counted in characters */
	{ "title eq \"äöü\" foo", "!at character 16: foo" },
};

static void
mistakes(void **state __attribute__((unused)))
{
	check_rows(RESOURCE_USER, mistakes_rows, ROWS(mistakes_rows));
}

static void
groups(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
		{ "displayName eq \"Sales\"", "(eq displayName 'sales')" },
		{ "id eq \"G\" and members eq \"U\"",
		    "(and (eq id 'G') (eq members.value 'u'))" },
		{ "members[value eq \"U\" and type eq \"User\"]",
		    "(element members (and (eq members.value 'u') "
		    "(eq members.type 'user')))" },
		{ "members.$ref ew \"U\"", "(ew members.$ref 'U')" },
		{ "meta.lastModified pr", "(pr meta.lastModified)" },
		{ "userName pr", "!there is no such attribute" },
		{ CORE ":id pr", "!there is no such attribute" },
	};

	check_rows(RESOURCE_GROUP, rows, ROWS(rows));
}

/*
 * A field that is off has no attribute: the answer is that for a name that never was.
 */
static void
fields_that_are_off(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
		{ "title pr", "!there is no such attribute, at character 1: title pr" },
		{ "phoneNumbers pr", "!there is no such attribute" },
		{ "phoneNumbers[type pr]", "!there is no such attribute" },
		{ "phoneNumbers.value pr", "!there is no such attribute" },
		{ "emails.type eq \"home\"", "(eq emails.type 'home')" },
		{ ROLLCALL ":workLocation pr", "!there is no such attribute" },
		{ "addresses pr", "(pr addresses)" },
		{ "name.givenName pr", "(pr name.givenName)" },
	};
	const struct form form = { .on = UINT32_MAX & ~(UINT32_C(1) << FIELD_JOB_TITLE |
	    UINT32_C(1) << FIELD_MOBILE_PHONE | UINT32_C(1) << FIELD_PERSONAL_EMAIL |
	    UINT32_C(1) << FIELD_WORK_LOCATION) };

	filter_form = &form;
	check_rows(RESOURCE_USER, rows, ROWS(rows));
	filter_form = NULL;
}

/* ---- limits -------------------------------------------------------------- */

static void
repeat(struct buf *out, const char *text, size_t times)
{
	while (times-- > 0)
		buf_str(out, text);
}

static void
check_repeated(const char *before, const char *text, size_t times, const char *after,
    const char *wanted)
{
	struct buf out = BUF_INIT;

	repeat(&out, before, times);
	repeat(&out, text, 1);
	repeat(&out, after, times);
	check_row(RESOURCE_USER, &(struct row){ out.data, wanted });
	buf_close(&out);
}

static void
limits(void **state __attribute__((unused)))
{
	struct buf out = BUF_INIT;

	check_repeated("(", "title pr", FILTER_DEPTH, ")", "(pr title)");
	check_repeated("(", "title pr", FILTER_DEPTH + 1, ")",
	    "!more than 64 brackets");
	check_repeated("(", "title pr", 4000, ")", "!more than 64 brackets");
	check_repeated("not(", "title pr", FILTER_DEPTH + 1, ")",
	    "!more than 64 brackets");
	repeat(&out, "title pr", 1);
	repeat(&out, " or title pr", FILTER_NODES);
	check_row(RESOURCE_USER, &(struct row){ out.data, "!more than 200 terms" });
	buf_reset(&out);
	repeat(&out, "title eq \"", 1);
	repeat(&out, "x", FILTER_LENGTH);
	repeat(&out, "\"", 1);
	check_row(RESOURCE_USER, &(struct row){ out.data, "!longer than 8192 bytes" });
	buf_close(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparisons),
		cmocka_unit_test(names),
		cmocka_unit_test(precedence),
		cmocka_unit_test(elements),
		cmocka_unit_test(strings),
		cmocka_unit_test(instants),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(groups),
		cmocka_unit_test(fields_that_are_off),
		cmocka_unit_test(limits),
	};

	attr_init();
	return (cmocka_run_group_tests_name("scim filter", tests, NULL, NULL));
}
