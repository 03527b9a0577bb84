/*
 * SCIM filters from nowhere: parsed for both types, asked of a person, and sought in no
 * index. What must hold: no crash, and an error is always ERR_SCIM_FILTER with a text
 * in UTF-8.
 */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scim/filter.h"
#include "scim/select.h"

static struct resource *person;

/* Values of every kind: escapes, other scripts, several elements. */
static const struct {
	enum attr_id	 attr;
	unsigned int	 element;
	const char	*text;		/* NULL: true */
} values[] = {
	{ ATTR_SCHEMAS, 0, "urn:ietf:params:scim:schemas:core:2.0:User" },
	{ ATTR_ID, 0, "9b325825-7dcb-5dd9-acab-bf56213b1210" },
	{ ATTR_META_TYPE, 0, "User" },
	{ ATTR_META_VERSION, 0, "W/\"0123456789abcdef\"" },
	{ ATTR_USER_NAME, 0, "jörg@bücher.example" },
	{ ATTR_ACTIVE, 0, NULL },
	{ ATTR_EMAIL_VALUE, 0, "a\\b\"c\n\x01" },
	{ ATTR_EMAIL_TYPE, 0, "work" },
	{ ATTR_EMAIL_PRIMARY, 0, NULL },
	{ ATTR_EMAIL_VALUE, 1, "İSTANBUL Straße Ⅷ 張" },
	{ ATTR_EMAIL_TYPE, 1, "home" },
	{ ATTR_UID, 0, "x" },
};

int
LLVMFuzzerInitialize(int *argc __attribute__((unused)),
    char ***argv __attribute__((unused)))
{
	struct writer writer = { .items = NULL };
	struct buf out = BUF_INIT;
	const struct attr *attr;
	size_t i;

	attr_init();
	writer_begin(&writer, &out, true);
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		attr = attr_get(values[i].attr);
		if (values[i].text != NULL)
			writer_text(&writer, attr, values[i].element, values[i].text);
		else
			writer_bool(&writer, attr, values[i].element, true);
	}
	writer_end(&writer);
	person = resource_pack(&writer, 1);
	writer_close(&writer);
	buf_close(&out);
	return (0);
}

static void
try_type(struct arena *arena, enum resource_type type, const char *text)
{
	const struct filter_scope scope = { .type = type };
	const struct filter_subject subject = { .scratch = arena_open() };
	const struct image_entry entry = { .id = 1, .payload = person };
	const struct filter *filter;
	struct arena *scratch = subject.scratch;
	struct selection selection;
	struct err err = ERR_INIT;

	if (filter_parse(arena, &scope, text, &filter, &err) < 0) {
		if (err.code != ERR_SCIM_FILTER || *err.text == '\0' ||
		    !text_valid(err.text, strlen(err.text)))
			abort();
	} else if (type == RESOURCE_USER) {
		(void)filter_match(&subject, filter, &entry);
	}
	(void)select_read(type, text, NULL, &selection, &err);
	arena_close(&scratch);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	char *text;

	if (!text_valid((const char *)data, size))
		return (0);		/* the door to HTTP lets nothing else in */
	arena = arena_open();
	text = mem_dup_len((const char *)data, size);
	try_type(arena, RESOURCE_USER, text);
	try_type(arena, RESOURCE_GROUP, text);
	mem_free(&text);
	arena_close(&arena);
	return (0);
}
