/*
 * Writes from nowhere: a letter that says what is done to whom, and a body. What must hold: no
 * crash, an error is one that is the client's, with a text in UTF-8, and what is asked of
 * rollcalld when there is none can be written as JSON.
 */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scim/body.h"
#include "scim/change.h"
#include "scim/patch.h"

#define ANN	"00000000-0000-4000-8000-00000000000a"
#define BOB	"00000000-0000-4000-8000-00000000000b"
#define TODAY	"2026-11-20"

static const char person[] = "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\","
    "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"],\"id\":\"" ANN "\","
    "\"externalId\":\"e\",\"meta\":{\"resourceType\":\"User\"},\"userName\":\"ann@x.example\","
    "\"name\":{\"formatted\":\"Ann Arbor\",\"givenName\":\"Ann\",\"familyName\":\"Arbor\"},"
    "\"displayName\":\"Ann Arbor\",\"title\":\"Chef\",\"active\":true,"
    "\"emails\":[{\"value\":\"ann@x.example\",\"type\":\"work\",\"primary\":true},"
    "{\"value\":\"ann@home.example\",\"type\":\"home\"}],"
    "\"phoneNumbers\":[{\"value\":\"+33 1\",\"type\":\"mobile\"}],"
    "\"addresses\":[{\"formatted\":\"1 rue\",\"locality\":\"Paris\",\"type\":\"work\"}],"
    "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"Cooks\","
    "\"manager\":{\"value\":\"" BOB "\",\"displayName\":\"Bob\"}}}";
static const char group[] = "{\"id\":\"" BOB "\",\"displayName\":\"Cooks\"}";

static struct form *form;
static json_t *people[RESOURCE_ROOT_N];

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

int
LLVMFuzzerInitialize(int *argc __attribute__((unused)),
    char ***argv __attribute__((unused)))
{
	attr_init();
	form = mem_alloc(sizeof(*form));
	form->on = UINT32_MAX;
	form->editable = UINT32_MAX / 3;	/* every other field */
	people[RESOURCE_USER] = json_loads(person, 0, NULL);
	people[RESOURCE_GROUP] = json_loads(group, 0, NULL);
	return (0);
}

static void
check_error(const struct err *err)
{
	int status = err_kind(err->code)->http_status;

	if (status < 400 || status >= 500 || *err->text == '\0' ||
	    !text_valid(err->text, strlen(err->text)))
		abort();
}

static void
check_change(const struct change *change)
{
	const json_t *parts[] = { change->fields, change->members, change->external_id };
	char *text;
	size_t i;

	for (i = 0; i < 3; i++) {
		if (parts[i] == NULL)
			continue;
		text = json_dumps(parts[i], JSON_ENCODE_ANY);
		if (text == NULL)
			abort();
		free(text);
	}
}

static void
try_body(enum resource_type type, enum change_op op, const json_t *body)
{
	const struct filter_scope scope = { .type = type, .form = form };
	struct arena *arena = arena_open();
	struct change change = { .fields = NULL };
	struct err err = ERR_INIT;
	struct doc doc;
	int result;

	doc_open(&doc, &scope, arena, op == CHANGE_SOME ? json_deep_copy(people[type]) : NULL);
	doc.roster = op == CHANGE_SOME && type == RESOURCE_GROUP ? &roster : NULL;
	result = op == CHANGE_SOME ? patch_apply(&doc, body, &err) :
	    doc_read(&doc, body, &err);
	if (result == 0)
		result = change_make(&doc, op, op == CHANGE_CREATE ? NULL : people[type],
		    TODAY, &change, &err);
	if (result < 0)
		check_error(&err);
	else
		check_change(&change);
	change_close(&change);
	doc_close(&doc);
	arena_close(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum change_op ops[] = { CHANGE_SOME, CHANGE_ALL, CHANGE_CREATE };
	struct body body = { .keep = true };
	struct err err = ERR_INIT;
	const json_t *json;

	if (size == 0 || !body_add(&body, (const char *)data + 1, size - 1))
		return (0);
	if (body_read(&body, &json, &err) < 0)
		check_error(&err);
	else
		try_body((data[0] & 1) != 0 ? RESOURCE_GROUP : RESOURCE_USER,
		    ops[data[0] / 2 % 3], json);
	body_close(&body);
	return (0);
}
