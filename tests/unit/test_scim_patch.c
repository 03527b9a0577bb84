/*
 * What writes become: each row is a PATCH or a body, applied to one person or group, and what
 * rollcalld would be asked for, or the error.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "scim/change.h"
#include "scim/discovery.h"
#include "scim/patch.h"

#define CORE		"urn:ietf:params:scim:schemas:core:2.0:User"
#define ENTERPRISE	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define ROLLCALL	"urn:ietf:params:scim:schemas:extension:rollcall:2.0:User"
#define ANN		"00000000-0000-4000-8000-00000000000a"
#define BOB		"00000000-0000-4000-8000-00000000000b"
#define CAT		"00000000-0000-4000-8000-00000000000c"

static const char person[] = "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'" ANN "',"
    "'externalId':'e1','meta':{'resourceType':'User','version':'v'},"
    "'userName':'ann@x.example','name':{'formatted':'Ann Arbor','givenName':'Ann',"
    "'familyName':'Arbor'},'displayName':'Ann Arbor','title':'Chef','active':true,"
    "'emails':[{'value':'ann@x.example','type':'work','primary':true},"
    "{'value':'ann@home.example','type':'home'}],"
    "'phoneNumbers':[{'value':'+33 1','type':'mobile'}],"
    "'addresses':[{'formatted':'1 rue\\n75 Paris','streetAddress':'1 rue',"
    "'locality':'Paris','postalCode':'75','type':'work'}],"
    "'groups':[{'value':'" CAT "','type':'direct'}],"
    "'" ENTERPRISE "':{'department':'Cooks','employeeNumber':'7',"
    "'manager':{'value':'" BOB "','displayName':'Bob'}},"
    "'" ROLLCALL "':{'uid':'ann','status':'active','startDate':'2020-01-01',"
    "'workLocation':'Paris'}}";

static const char group[] = "{'id':'" CAT "','displayName':'Cooks'}";

/* ---- members of the group: Ann and Bob ------------------------------------------------- */

static bool
roster_has(void *context __attribute__((unused)), const char *id)
{
	return (strcmp(id, ANN) == 0 || strcmp(id, BOB) == 0);
}

static int
roster_each(void *context __attribute__((unused)),
    int (*member)(void *own, const char *id), void *own)
{
	return (member(own, ANN) < 0 ? -1 : member(own, BOB));
}

static const struct roster roster = { .has = roster_has, .each = roster_each };

/* ---- running a row ----------------------------------------------------------------------- */

/* JSON with ' for " and ` for \". */
static json_t *
parse(const char *text)
{
	struct buf copy = BUF_INIT;
	json_error_t error;
	json_t *json;

	for (; *text != '\0'; text++)
		if (*text == '`')
			buf_str(&copy, "\\\"");
		else
			buf_char(&copy, *text == '\'' ? '"' : *text);
	json = json_loads(copy.data, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL)
		fail_msg("%s at %d in %s", error.text, error.column, copy.data);
	buf_close(&copy);
	return (json);
}

/* What is asked for, as "fields|members|externalId" with ' for ". */
static void
show(const struct change *change, struct buf *out)
{
	const json_t *parts[] = { json_object_size(change->fields) > 0 ? change->fields : NULL,
	    change->members, change->external_id };
	char *text;
	size_t i;

	for (i = 0; i < 3; i++) {
		if (i > 0)
			buf_char(out, '|');
		if (parts[i] == NULL)
			continue;
		text = json_dumps(parts[i], JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
		buf_str(out, text);
		free(text);
	}
	for (i = 0; i < out->len; i++)
		if (out->data[i] == '"')
			out->data[i] = '\'';
}

struct subject {
	enum resource_type	 type;
	const char		*before;	/* NULL: a new one */
	enum change_op		 op;
	const struct form	*form;		/* NULL: all there is, no userName rules */
};

static void
run(const struct subject *subject, const char *body, struct buf *out)
{
	const struct filter_scope scope = { .type = subject->type, .form = subject->form };
	struct arena *arena = arena_open();
	struct change change = { .fields = NULL };
	json_t *before = NULL, *message;
	struct err err = ERR_INIT;
	struct doc doc;
	int result;

	if (subject->before != NULL)
		before = parse(subject->before);
	doc_open(&doc, &scope, arena, subject->op == CHANGE_SOME ? json_deep_copy(before) :
	    NULL);
	doc.roster = subject->op == CHANGE_SOME ? &roster : NULL;
	message = parse(body);
	result = subject->op == CHANGE_SOME ? patch_apply(&doc, message, &err) :
	    doc_read(&doc, message, &err);
	if (result == 0)
		result = change_make(&doc, subject->op, before, "2026-11-20", &change, &err);
	if (result == 0)
		show(&change, out);
	else
		buf_printf(out, "%s: %s", err_kind(err.code)->scim_type, err.text);
	change_close(&change);
	doc_close(&doc);
	json_decref(before);
	json_decref(message);
	arena_close(&arena);
}

struct row {
	const char	*body;
	const char	*wanted;	/* with "…": how it begins */
};

static void
check(const struct subject *subject, const struct row *row)
{
	static const char more[] = "…";
	struct buf out = BUF_INIT;
	size_t len = strlen(row->wanted);
	bool same;

	run(subject, row->body, &out);
	if (len > strlen(more) && strcmp(row->wanted + len - strlen(more), more) == 0)
		same = strncmp(out.data, row->wanted, len - strlen(more)) == 0;
	else
		same = strcmp(out.data, row->wanted) == 0;
	if (!same)
		fail_msg("%s\n  became %s\n  wanted %s", row->body, out.data, row->wanted);
	buf_close(&out);
}

#define PATCH(operations) "{'schemas':['" PATCH_URN "'],'Operations':[" operations "]}"
#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static void
patch_rows(enum resource_type type, const struct row *rows, size_t count)
{
	const struct subject subject = { .type = type, .op = CHANGE_SOME,
		.before = type == RESOURCE_USER ? person : group };
	size_t i;

	for (i = 0; i < count; i++)
		check(&subject, &rows[i]);
}

/* ---- RFC 7644 §3.5.2 --------------------------------------------------------------------- */

static void
operations(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
	/* add */
	{ PATCH("{'op':'add','path':'title','value':'Boss'}"), "{'job_title':'Boss'}||" },
	{ PATCH("{'op':'add','path':'title','value':'Chef'}"), "||" },
	{ PATCH("{'op':'add','path':'title','value':null}"), "||" },
	{ PATCH("{'op':'add','value':{'title':'Boss','userType':'Cook'}}"),
	    "{'employment_type':'Cook','job_title':'Boss'}||" },
	{ PATCH("{'op':'add','path':'name','value':{'givenName':'A'}}"),
	    "{'first_name':'A'}||" },
	{ PATCH("{'op':'add','path':'emails','value':[{'value':'ann@x.example','type':'work',"
	    "'primary':true}]}"), "||" },
	{ PATCH("{'op':'add','path':'emails','value':[{'value':'b@x.example','type':'work'}]}"),
	    "invalidValue: emails has a place for one of each of these types: work, home" },
	{ PATCH("{'op':'add','path':'emails','value':[{'value':'b@x.example','type':'x'}]}"),
	    "invalidValue: emails has…" },
	/* remove */
	{ PATCH("{'op':'remove','path':'title'}"), "{'job_title':null}||" },
	{ PATCH("{'op':'remove','path':'userType'}"), "||" },
	{ PATCH("{'op':'remove','path':'name.givenName'}"), "{'first_name':null}||" },
	{ PATCH("{'op':'remove','path':'phoneNumbers'}"), "{'mobile_phone':null}||" },
	{ PATCH("{'op':'remove','path':'emails[type eq `home`]'}"),
	    "{'personal_email':null}||" },
	{ PATCH("{'op':'remove','path':'emails[type eq `home`].value'}"),
	    "{'personal_email':null}||" },
	{ PATCH("{'op':'remove','path':'emails[type eq `other`]'}"), "||" },
	{ PATCH("{'op':'remove'}"), "noTarget: operation 1: to remove takes a path" },
	{ PATCH("{'op':'remove','path':'userName'}"), "mutability: userName is required" },
	{ PATCH("{'op':'remove','path':'active'}"), "mutability: active is there always" },
	{ PATCH("{'op':'remove','path':'id'}"), "mutability: id…" },
	{ PATCH("{'op':'remove','path':'groups'}"), "mutability: groups…" },
	{ PATCH("{'op':'remove','path':'" CORE "'}"), "mutability: operation 1…" },
	{ PATCH("{'op':'remove','path':'" ENTERPRISE "'}"),
	    "{'department':null,'employee_number':null,'manager':null}||" },
	/* replace */
	{ PATCH("{'op':'replace','path':'title','value':'Boss'}"), "{'job_title':'Boss'}||" },
	{ PATCH("{'op':'replace','path':'title','value':null}"), "{'job_title':null}||" },
	{ PATCH("{'op':'replace','path':'title','value':''}"), "{'job_title':null}||" },
	{ PATCH("{'op':'replace','path':'name','value':{'familyName':'B'}}"),
	    "{'last_name':'B'}||" },
	{ PATCH("{'op':'replace','path':'emails','value':[{'value':'b@x.example',"
	    "'type':'work'}]}"), "{'personal_email':null,'work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','path':'emails[type eq `work`]','value':"
	    "{'value':'b@x.example'}}"), "{'work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','path':'emails[type eq `work`].value',"
	    "'value':'b@x.example'}"), "{'work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','path':'emails[type eq `other`].value','value':'b'}"),
	    "noTarget: operation 1: no element of emails is like that" },
	{ PATCH("{'op':'replace','path':'emails[value ew `example`].value',"
	    "'value':'b@x.example'}"),
	    "{'personal_email':'b@x.example','work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','path':'userType','value':'Cook'}"),
	    "{'employment_type':'Cook'}||" },
	/* in order, on the running result, whole or not at all */
	{ PATCH("{'op':'replace','path':'title','value':'A'},"
	    "{'op':'replace','path':'title','value':'Chef'}"), "||" },
	{ PATCH("{'op':'remove','path':'emails'},{'op':'add','path':'emails',"
	    "'value':{'value':'b@x.example','type':'work'}}"),
	    "{'personal_email':null,'work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','path':'title','value':'A'},{'op':'replace','path':'x',"
	    "'value':'A'}"), "invalidPath: operation 2: there is no such attribute: x" },
	};

	patch_rows(RESOURCE_USER, rows, ROWS(rows));
}

/* ---- scim/interop.md §1 ------------------------------------------------------------------ */

static void
clients(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
	/* 1: capitals, booleans as strings */
	{ PATCH("{'op':'Replace','path':'active','value':'False'}"),
	    "{'employment_status':'INACTIVE'}||" },
	{ PATCH("{'op':'Add','path':'active','value':'True'}"), "||" },
	{ PATCH("{'op':'REPLACE','value':{'active':'false'}}"),
	    "{'employment_status':'INACTIVE'}||" },
	{ PATCH("{'op':'replace','value':{'active':false}}"),
	    "{'employment_status':'INACTIVE'}||" },
	{ PATCH("{'op':'replace','path':'ACTIVE','value':[false]}"),
	    "{'employment_status':'INACTIVE'}||" },
	/* 2: no path, dotted and URN keys, brackets as keys */
	{ PATCH("{'op':'replace','value':{'name.familyName':'x','" ENTERPRISE
	    ":department':'y'}}"), "{'department':'y','last_name':'x'}||" },
	{ PATCH("{'op':'Add','value':{'emails[type eq `work`].value':'b@x.example',"
	    "'displayName':'B','" CORE ":title':'T'}}"),
	    "{'display_name':'B','job_title':'T','work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','value':{'" ENTERPRISE "':{'department':'y'}}}"),
	    "{'department':'y'}||" },
	{ PATCH("{'op':'replace','value':{'id':'" ANN "','schemas':['" CORE "'],"
	    "'title':'x'}}"), "{'job_title':'x'}||" },
	{ PATCH("{'op':'replace','value':{'id':'" BOB "'}}"), "mutability: id…" },
	/* 3: extensions with a colon or a dot, whole; the manager in every shape */
	{ PATCH("{'op':'replace','path':'" ENTERPRISE ":department','value':'y'}"),
	    "{'department':'y'}||" },
	{ PATCH("{'op':'replace','path':'" ENTERPRISE ".department','value':'y'}"),
	    "{'department':'y'}||" },
	{ PATCH("{'op':'replace','path':'" ENTERPRISE "','value':{'department':'y'}}"),
	    "{'department':'y'}||" },
	{ PATCH("{'op':'add','path':'" ENTERPRISE ":manager','value':'" CAT "'}"),
	    "{'manager':'" CAT "'}||" },
	{ PATCH("{'op':'Replace','path':'" ENTERPRISE ":manager','value':"
	    "[{'value':'" CAT "'}]}"), "{'manager':'" CAT "'}||" },
	{ PATCH("{'op':'add','path':'" ENTERPRISE ".manager','value':{'value':'" CAT "'}}"),
	    "{'manager':'" CAT "'}||" },
	{ PATCH("{'op':'replace','path':'" ENTERPRISE ":manager.value','value':'" CAT "'}"),
	    "{'manager':'" CAT "'}||" },
	{ PATCH("{'op':'remove','path':'" ENTERPRISE ":manager'}"), "{'manager':null}||" },
	{ PATCH("{'op':'replace','path':'" ENTERPRISE ":manager','value':''}"),
	    "{'manager':null}||" },
	/* value paths */
	{ PATCH("{'op':'Add','path':'addresses[type eq `work`].locality',"
	    "'value':'Lyon'}"),
	    "{'work_location':{'city':'Lyon','name':'Paris','street':'1 rue','zip':'75'}}||" },
	{ PATCH("{'op':'Add','path':'addresses[type eq `home`].locality',"
	    "'value':'Lyon'}"), "{'home_address':{'city':'Lyon'}}||" },
	{ PATCH("{'op':'replace','path':'addresses[type eq `work`].formatted',"
	    "'value':'x'}"), "{'work_location':{'name':'Paris','raw':'x'}}||" },
	{ PATCH("{'op':'replace','path':'" ROLLCALL ":workLocation','value':'Nice'}"),
	    "{'work_location':{'city':'Paris','name':'Nice','street':'1 rue','zip':'75'}}||" },
	{ PATCH("{'op':'Replace','path':'emails[type eq `WORK` and primary eq true].value',"
	    "'value':'b@x.example'}"), "{'work_email':'b@x.example'}||" },
	{ PATCH("{'op':'add','path':'phoneNumbers[type eq `mobile`].value',"
	    "'value':'2'}"), "{'mobile_phone':'2'}||" },
	/* elements to be removed as a value; single values for lists, the reverse */
	{ PATCH("{'op':'remove','path':'emails','value':[{'value':'ANN@home.example'}]}"),
	    "{'personal_email':null}||" },
	{ PATCH("{'op':'remove','path':'emails','value':{'value':'nobody@x.example'}}"), "||" },
	{ PATCH("{'op':'replace','path':'phoneNumbers','value':{'value':'2',"
	    "'type':'mobile'}}"), "{'mobile_phone':'2'}||" },
	{ PATCH("{'op':'replace','path':'title','value':['x']}"), "{'job_title':'x'}||" },
	/* without a type an address is the work one's */
	{ PATCH("{'op':'replace','path':'emails','value':[{'value':'b@x.example'}]}"),
	    "{'personal_email':null,'work_email':'b@x.example'}||" },
	/* letter case of an address is none */
	{ PATCH("{'op':'replace','path':'emails[type eq `work`].value',"
	    "'value':'Ann@X.example'}"), "||" },
	/* names of the message itself */
	{ "{'Schemas':['" PATCH_URN "'],'operations':[{'OP':'replace','PATH':'title',"
	    "'VALUE':'x'}]}", "{'job_title':'x'}||" },
	/* the client's own id */
	{ PATCH("{'op':'replace','path':'externalId','value':'e2'}"), "||'e2'" },
	{ PATCH("{'op':'add','path':'externalId','value':'e1'}"), "||" },
	{ PATCH("{'op':'remove','path':'externalId'}"), "||null" },
	/* the name in full */
	{ PATCH("{'op':'replace','path':'name.formatted','value':'A. A.'}"),
	    "{'display_name':'A. A.'}||" },
	{ PATCH("{'op':'replace','value':{'name.formatted':'F','displayName':'D'}}"),
	    "{'display_name':'…" },
	};

	patch_rows(RESOURCE_USER, rows, ROWS(rows));
}

static void
mistakes(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
	{ "{'Operations':[{'op':'remove','path':'title'}]}",
	    "invalidSyntax: schemas does not name " PATCH_URN },
	{ "{'schemas':['x'],'Operations':[]}", "invalidSyntax: schemas…" },
	{ "{'schemas':['" PATCH_URN "']}", "invalidSyntax: Operations…" },
	{ PATCH(""), "invalidSyntax: Operations…" },
	{ "{'schemas':['" PATCH_URN "'],'Operations':{'op':'add'}}",
	    "invalidSyntax: Operations…" },
	{ PATCH("3"), "invalidSyntax: operation 1: op is missing" },
	{ PATCH("{'path':'title','value':'x'}"), "invalidSyntax: operation 1: op is missing" },
	{ PATCH("{'op':'move','path':'title','value':'x'}"),
	    "invalidSyntax: operation 1: op is none of add, remove, replace" },
	{ PATCH("{'op':'add','path':'title'}"), "invalidValue: operation 1…" },
	{ PATCH("{'op':'add','value':'x'}"), "invalidValue: operation 1: without a path…" },
	{ PATCH("{'op':'add','path':3,'value':'x'}"), "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'','value':'x'}"), "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'nickName','value':'x'}"), "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'password','value':'x'}"), "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'name.middle','value':'x'}"), "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'title x','value':'x'}"), "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'title[a eq 1]','value':'x'}"),
	    "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'emails[type eq `work`].x','value':'x'}"),
	    "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'emails[type eq `work`','value':'x'}"),
	    "invalidFilter: operation 1…" },
	{ PATCH("{'op':'add','path':'emails[type zz `work`]','value':'x'}"),
	    "invalidFilter: operation 1…" },
	{ PATCH("{'op':'add','value':{'unknown':1}}"), "invalidPath: operation 1…" },
	{ PATCH("{'op':'add','path':'title','value':3}"),
	    "invalidValue: operation 1: title is a string" },
	{ PATCH("{'op':'add','path':'title','value':{'a':1}}"), "invalidValue: operation 1…" },
	{ PATCH("{'op':'add','path':'title','value':['a','b']}"), "invalidValue: operation 1…" },
	{ PATCH("{'op':'replace','path':'active','value':'maybe'}"),
	    "invalidValue: operation 1: active is true or false" },
	{ PATCH("{'op':'replace','path':'name','value':'Ann'}"), "invalidValue: operation 1…" },
	{ PATCH("{'op':'replace','path':'emails','value':[3]}"), "invalidValue: operation 1…" },
	{ PATCH("{'op':'replace','path':'emails','value':[{'value':'a','VALUE':'b'}]}"),
	    "invalidSyntax: operation 1: emails.value is given twice" },
	{ PATCH("{'op':'replace','path':'emails[type eq `work`].value',"
	    "'value':{'value':'x'}}"), "invalidValue: operation 1: emails.value is a string" },
	{ PATCH("{'op':'add','path':'emails[not (type eq `work`) and type co `q`]',"
	    "'value':{'value':'x'}}"), "noTarget: operation 1…" },
	{ PATCH("{'op':'replace','path':'meta.version','value':'x'}"), "mutability: meta…" },
	{ PATCH("{'op':'replace','path':'" ROLLCALL ":uid','value':'x'}"), "mutability: uid…" },
	{ PATCH("{'op':'replace','path':'" ROLLCALL ":status','value':'departed'}"),
	    "mutability: status…" },
	{ PATCH("{'op':'add','path':'groups','value':[{'value':'" BOB "'}]}"),
	    "mutability: groups…" },
	};

	patch_rows(RESOURCE_USER, rows, ROWS(rows));
}

static void
too_many(void **state __attribute__((unused)))
{
	static const struct subject subject = { .type = RESOURCE_USER, .op = CHANGE_SOME,
		.before = person };
	struct buf body = BUF_INIT, out = BUF_INIT;
	int i;

	buf_str(&body, "{'schemas':['" PATCH_URN "'],'Operations':[");
	for (i = 0; i <= PATCH_OPERATIONS; i++)
		buf_printf(&body, "%s{'op':'remove','path':'title'}", i > 0 ? "," : "");
	buf_str(&body, "]}");
	run(&subject, body.data, &out);
	assert_non_null(strstr(out.data, "at most 1000 operations"));
	buf_close(&body);
	buf_close(&out);
}

/* ---- groups ------------------------------------------------------------------------------ */

static void
members(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
	{ PATCH("{'op':'add','path':'members','value':[{'value':'" CAT "'}]}"),
	    "|{'add':['" CAT "'],'remove':[]}|" },
	{ PATCH("{'op':'Add','path':'members','value':{'value':'" CAT "','display':'Cat',"
	    "'$ref':'x'}}"), "|{'add':['" CAT "'],'remove':[]}|" },
	{ PATCH("{'op':'add','path':'members','value':['" CAT "']}"),
	    "|{'add':['" CAT "'],'remove':[]}|" },
	{ PATCH("{'op':'add','value':{'members':[{'value':'" CAT "'}]}}"),
	    "|{'add':['" CAT "'],'remove':[]}|" },
	{ PATCH("{'op':'add','path':'members','value':[{'value':'" ANN "'}]}"), "||" },
	{ PATCH("{'op':'remove','path':'members[value eq `" ANN "`]'}"),
	    "|{'add':[],'remove':['" ANN "']}|" },
	{ PATCH("{'op':'Remove','path':'members','value':[{'value':'" ANN "'},"
	    "{'value':'" CAT "'}]}"), "|{'add':[],'remove':['" ANN "']}|" },
	{ PATCH("{'op':'remove','path':'members[value eq `" CAT "`]'}"), "||" },
	{ PATCH("{'op':'remove','path':'members[type eq `user`]'}"),
	    "|{'add':[],'remove':['" ANN "','" BOB "']}|" },
	{ PATCH("{'op':'remove','path':'members[not (value eq `" ANN "`)]'}"),
	    "|{'add':[],'remove':['" BOB "']}|" },
	{ PATCH("{'op':'remove','path':'members'}"), "|{'set':[]}|" },
	{ PATCH("{'op':'replace','path':'members','value':[{'value':'" CAT "'}]}"),
	    "|{'set':['" CAT "']}|" },
	{ PATCH("{'op':'replace','path':'members','value':[]}"), "|{'set':[]}|" },
	{ PATCH("{'op':'replace','value':{'displayName':'Chefs','members':[]}}"),
	    "{'display_name':'Chefs'}|{'set':[]}|" },
	{ PATCH("{'op':'replace','value':{'id':'" CAT "','displayName':'Chefs'}}"),
	    "{'display_name':'Chefs'}||" },
	{ PATCH("{'op':'remove','path':'members[value eq `" ANN "`]'},"
	    "{'op':'add','path':'members','value':[{'value':'" ANN "'}]}"), "||" },
	{ PATCH("{'op':'add','path':'members','value':[{'value':'" CAT "'}]},"
	    "{'op':'remove','path':'members[value eq `" CAT "`]'}"), "||" },
	{ PATCH("{'op':'replace','path':'members[value eq `" ANN "`].value',"
	    "'value':'x'}"), "mutability: operation 1…" },
	{ PATCH("{'op':'add','path':'members','value':[{'type':'User'}]}"),
	    "invalidValue: operation 1…" },
	{ PATCH("{'op':'remove','path':'displayName'}"), "mutability: displayName…" },
	{ PATCH("{'op':'replace','path':'externalId','value':'g'}"), "||'g'" },
	};

	patch_rows(RESOURCE_GROUP, rows, ROWS(rows));
}

/* ---- the last day, and back -------------------------------------------------------------- */

static void
coming_back(void **state __attribute__((unused)))
{
	static const char *const leavers[] = {
	    "{'userName':'a@x','active':false,'" ROLLCALL "':{'status':'departed'}}",
	    "{'userName':'a@x','active':false,'" ROLLCALL "':{'status':'departed',"
	    "'endDate':'2026-11-19'}}",
	    "{'userName':'a@x','active':false,'" ROLLCALL "':{'status':'departed',"
	    "'endDate':'2026-11-20'}}",
	};
	static const struct row rows[] = {
	{ PATCH("{'op':'replace','path':'active','value':true}"),
	    "{'employment_status':'ACTIVE'}||" },
	{ PATCH("{'op':'replace','path':'active','value':true}"),
	    "{'employment_status':'ACTIVE','termination_date':null}||" },
	{ PATCH("{'op':'replace','path':'active','value':true}"),
	    "{'employment_status':'ACTIVE'}||" },
	};
	struct subject subject = { .type = RESOURCE_USER, .op = CHANGE_SOME };
	static const struct row put[] = {
	{ "{'schemas':['" CORE "'],'userName':'a@x','active':true}",
	    "{'employment_status':'ACTIVE'}||" },
	{ "{'schemas':['" CORE "'],'userName':'a@x','active':'False'}",
	    "{'employment_status':'INACTIVE'}||" },
	{ "{'schemas':['" CORE "'],'userName':'a@x'}", "{'employment_status':'INACTIVE'}||" },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		subject.before = leavers[i];
		check(&subject, &rows[i]);
	}
	subject.op = CHANGE_ALL;
	for (i = 0; i < ROWS(put); i++)
		check(&subject, &put[i]);
}

/* ---- POST and PUT ------------------------------------------------------------------------ */

static void
bodies(void **state __attribute__((unused)))
{
	static const struct row rows[] = {
	{ "{'schemas':['" CORE "'],'userName':'a@x.example','name':{'givenName':'A',"
	    "'familyName':'B','honorificPrefix':'Dr'},'password':'secret','locale':'fr',"
	    "'emails':[{'value':'a@x.example','type':'work','primary':true}],'active':true,"
	    "'externalId':'x1','groups':[],'meta':{'resourceType':'User'},'id':'9'}",
	    "{'first_name':'A','last_name':'B','work_email':'a@x.example'}||'x1'" },
	{ "{'schemas':['" CORE "','" ENTERPRISE "'],'userName':'a@x.example',"
	    "'" ENTERPRISE "':{'department':'D','manager':{'value':'" BOB "'},"
	    "'division':'X'},'phoneNumbers':[{'value':'1','type':'fax'}]}",
	    "{'department':'D','manager':'" BOB "'}||" },
	{ "{'Schemas':['" CORE "'],'USERNAME':'a@x.example','displayName':'A'}",
	    "{'display_name':'A'}||" },
	{ "{'userName':'a'}", "invalidSyntax: schemas does not name " CORE },
	{ "{'schemas':['" CORE "']}", "invalidValue: userName is required" },
	{ "{'schemas':['" CORE "'],'userName':null}", "invalidValue: userName is required" },
	{ "{'schemas':['" CORE "'],'userName':3}", "invalidValue: userName is a string" },
	{ "{'schemas':['" CORE "'],'userName':'a','username':'b'}",
	    "invalidSyntax: userName is given twice" },
	{ "{'schemas':['" CORE "'],'userName':'a','active':false}", "invalidValue: active…" },
	{ "{'schemas':['" CORE "'],'userName':'a','emails':'x'}", "{'work_email':'x'}||" },
	{ "{'schemas':['" CORE "'],'userName':'a','" ENTERPRISE "':3}", "invalidValue: …" },
	};
	const struct subject subject = { .type = RESOURCE_USER, .op = CHANGE_CREATE };
	const struct subject team = { .type = RESOURCE_GROUP, .op = CHANGE_CREATE };
	static const struct row a_team = { "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:Group'],"
	    "'displayName':'T','members':[{'value':'" ANN "'},{'value':'" ANN "'}]}",
	    "{'display_name':'T'}|{'set':['" ANN "']}|" };
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		check(&subject, &rows[i]);
	check(&team, &a_team);
}

/* userName stands for the work e-mail, or for the uid. */
static void
names(void **state __attribute__((unused)))
{
	struct form form = { .on = UINT32_MAX, .editable = UINT32_MAX };
	struct subject subject = { .type = RESOURCE_USER, .op = CHANGE_SOME, .before = person,
		.form = &form };
	static const struct row mail[] = {
	{ PATCH("{'op':'replace','path':'userName','value':'b@x.example'}"),
	    "{'work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','value':{'userName':'b@x.example',"
	    "'emails[type eq `work`].value':'b@x.example'}}"),
	    "{'work_email':'b@x.example'}||" },
	{ PATCH("{'op':'replace','path':'userName','value':'ANN@x.example'}"), "||" },
	{ PATCH("{'op':'replace','path':'userName','value':'ann'}"), "invalidValue: userName…" },
	{ PATCH("{'op':'replace','value':{'userName':'b@x.example',"
	    "'emails[type eq `work`].value':'c@x.example'}}"), "invalidValue: userName…" },
	};
	static const struct row uid[] = {
	{ PATCH("{'op':'replace','path':'userName','value':'bob'}"), "mutability: userName…" },
	};
	size_t i;

	for (i = 0; i < ROWS(mail); i++)
		check(&subject, &mail[i]);
	form.uid_is_name = true;
	for (i = 0; i < ROWS(uid); i++)
		check(&subject, &uid[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations),
		cmocka_unit_test(clients),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(too_many),
		cmocka_unit_test(members),
		cmocka_unit_test(coming_back),
		cmocka_unit_test(bodies),
		cmocka_unit_test(names),
	};

	attr_init();
	return (cmocka_run_group_tests_name("scim patch", tests, NULL, NULL));
}
