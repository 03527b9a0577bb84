/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/hook/body.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"

static json_t *
body_text(const char *text)
{
	return (text != NULL ? json_string(text) : json_null());
}

static json_t *
body_reasons(const char *reasons)
{
	json_t *list;
	size_t len;

	list = json_array();
	for (; *reasons != '\0'; reasons += len + strspn(reasons + len, " ")) {
		len = strcspn(reasons, " ");
		(void)json_array_append_new(list, json_stringn(reasons, len));
	}
	return (list);
}

void
hook_body_make(struct hook_body *body, const char *hook, const struct uuid *epoch,
    const struct event_row *row)
{
	char person[UUID_TEXT_SIZE], time[CLOCK_TEXT_SIZE];
	struct uuid id;
	json_t *object;
	char *text;

	id = uuid_named(epoch, &row->id, sizeof(row->id));
	*body = (struct hook_body){ .event = row->kind, .hook = hook };
	(void)uuid_format(&id, body->id);
	object = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I}", "id", body->id,
	    "time", clock_format(row->made_at, 3, time), "hook", hook, "event", row->kind,
	    "source", body_text(row->source), "person",
	    body_text(row->has_person ? uuid_format(&row->person, person) : NULL), "status",
	    body_text(row->status), "reasons", body_reasons(row->reasons), "revision",
	    (json_int_t)row->revision);
	text = json_dumps(object, JSON_COMPACT);
	buf_str(&body->json, text);
	free(text);
	json_decref(object);
}

void
hook_body_close(struct hook_body *body)
{
	buf_close(&body->json);
}
