/*
 * What bodies of requests are taken for: each row is a body and what the error says, or that
 * there is none.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "scim/body.h"

static void
types(void **state __attribute__((unused)))
{
	static const struct {
		const char	*type;
		bool		 json;
	} table[] = {
		{ NULL, true },
		{ "application/scim+json", true },
		{ "application/json", true },
		{ "Application/JSON; charset=utf-8", true },
		{ " application/scim+json;charset=UTF-8", true },
		{ "application/scim+json ; x", true },
		{ "", false },
		{ "text/json", false },
		{ "application/jsonx", false },
		{ "application/jso", false },
		{ "application/xml", false },
		{ "application/x-www-form-urlencoded", false },
		{ "text/plain, application/json", false },
		{ "application/json , text/plain", false },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (body_is_json(table[i].type) != table[i].json)
			fail_msg("%s", table[i].type);
}

static void
texts(void **state __attribute__((unused)))
{
	static const struct {
		const char	*text;
		const char	*error;		/* NULL: it is well */
	} table[] = {
		{ "{}", NULL },
		{ " {\"a\":[1,{\"b\":null}]}\n", NULL },
		{ "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", NULL },
		{ "{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", NULL },
		{ "", "no body" },
		{ "[]", "no JSON object" },
		{ "3", "no JSON object" },
		{ "\"x\"", "no JSON object" },
		{ "{", "line 1, character 1" },
		{ "{\"a\":1,}", "line 1, character 8" },
		{ "{\"a\":1,\n\"a\":2}", "line 2, character 3" },
		{ "{\"a\":1} x", "line 1, character 9" },
		{ "{\"a\":tru}", "character 8" },
		{ "{\"a\":\"\\u0000\"}", "\\u0000" },
		{ "{\"a\":\"\\ud800\"}", "character" },
		{ "{\"a\":\"\xff\"}", "byte 0xff" },
		{ "{\"a\":1e999}", "overflow" },
		{ "{\"a\":99999999999999999999}", "integer" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "at byte 33" },
		{ "\xef\xbb\xbf{}", "character" },
	};
	const json_t *json;
	struct body body;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		body = (struct body){ .keep = true };
		err = (struct err)ERR_INIT;
		assert_true(body_add(&body, table[i].text, strlen(table[i].text)));
		if (body_read(&body, &json, &err) == 0) {
			if (table[i].error != NULL)
				fail_msg("%s is well", table[i].text);
			assert_true(json_is_object(json));
		} else if (table[i].error == NULL || err.code != ERR_SCIM_SYNTAX ||
		    strstr(err.text, table[i].error) == NULL)
			fail_msg("%s: %s", table[i].text, err.text);
		body_close(&body);
	}
}

/* What is quoted by jansson may be a person's. */
static void
secrets(void **state __attribute__((unused)))
{
	static const char text[] = "{\"password\":\"hunter2\" \"x\"}";
	struct body body = { .keep = true };
	struct err err = ERR_INIT;
	const json_t *json;

	assert_true(body_add(&body, text, strlen(text)));
	assert_int_equal(body_read(&body, &json, &err), -1);
	assert_null(strstr(err.text, "hunter2"));
	body_close(&body);
	body = (struct body){ .keep = true };
	assert_true(body_add(&body, "{hunter2", 8));
	assert_int_equal(body_read(&body, &json, &err), -1);
	assert_null(strstr(err.text, "hunter2"));
	body_close(&body);
}

static void
limits(void **state __attribute__((unused)))
{
	struct body body = { .keep = true };
	static char part[BODY_MAX / 4];
	const json_t *json;
	struct err err;
	size_t i;

	memset(part, ' ', sizeof(part));
	for (i = 0; i < 4; i++)
		assert_true(body_add(&body, part, sizeof(part)));
	assert_int_equal(body.text.len, BODY_MAX);
	assert_false(body_add(&body, "}", 1));
	assert_int_equal(body.text.len, 0);
	body_close(&body);
	body = (struct body){ .keep = false };
	assert_true(body_add(&body, "{}", 2));
	assert_int_equal(body.text.len, 0);
	assert_int_equal(body_read(&body, &json, &err), -1);
	body_close(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),
		cmocka_unit_test(texts),
		cmocka_unit_test(secrets),
		cmocka_unit_test(limits),
	};

	return (cmocka_run_group_tests_name("scim body", tests, NULL, NULL));
}
