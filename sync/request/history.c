/*
 * The request log: what happened to whom, row by row, and whether the history is as it was
 * written.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/audit.h"
#include "store/person.h"
#include "sync/request/history.h"

/* "2026-11-20", an instant, or "7d" ago; absent is the beginning. */
static int
history_since(const struct request *request, int64_t *since, struct err *err)
{
	static const struct {
		char	unit;
		int64_t	length;
	} units[] = {
		{ 'm', CLOCK_MINUTE }, { 'h', CLOCK_HOUR }, { 'd', CLOCK_DAY },
		{ 'w', 7 * CLOCK_DAY },
	};
	const char *text;
	long long number;
	char unit;
	size_t i;
	int n;

	*since = INT64_MIN;
	text = request_text(request, "since");
	if (text == NULL || clock_parse(text, since))
		return (0);
	n = 0;
	if (sscanf(text, "%6lld%c%n", &number, &unit, &n) == 2 && text[n] == '\0' && number >= 0)
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (units[i].unit == unit) {
				*since = clock_now() - number * units[i].length;
				return (0);
			}
	return (err_set(err, ERR_USAGE, "\"%s\" is no time: write 2026-11-20, "
	    "2026-11-20T08:00:00Z, or 7d for the last seven days", text));
}

/* All values of a person are an object; one that was cut by a reader of old is shown as text. */
static json_t *
history_value(const struct audit_row *row, const char *value)
{
	json_t *all;

	if (value == NULL)
		return (json_null());
	if (strcmp(row->what, "created") == 0 && *value == '{') {
		all = json_loads(value, 0, NULL);
		if (all != NULL)
			return (all);
	}
	return (json_string(value));
}

json_t *
history_row(struct db *db, const struct audit_row *row, struct arena *arena)
{
	struct err err = ERR_INIT;
	struct person person = { .uid = NULL };

	if (row->person != 0)
		(void)person_get(db, row->person, arena, &person, &err);
	return (json_pack("{s:I, s:o, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:b}",
	    "row", (json_int_t)row->id, "time", request_instant(row->of->made_at), "cause",
	    row->of->cause, "actor", row->of->actor, "source", request_string(row->of->source),
	    "uid", request_string(person.uid), "id", row->person != 0 ?
	    request_uuid(&row->uuid) : json_null(), "what", row->what, "field",
	    request_string(row->field), "reason", request_string(row->reason), "old",
	    history_value(row, row->old), "new", history_value(row, row->new), "erased",
	    row->erased));
}

static int
history_rows(struct request *request, struct db *db, int64_t person, int64_t since,
    json_int_t *count, struct err *err)
{
	struct audit_act act;
	struct audit_row row;
	struct arena *arena;
	int result;

	arena = arena_open();
	audit_walk(db, person, since);
	while ((result = audit_next(db, &act, &row, err)) > 0) {
		arena_reset(arena);
		(*count)++;
		if (request_row(request, history_row(db, &row, arena), err) < 0) {
			result = -1;
			break;
		}
	}
	arena_close(&arena);
	return (result);
}

int
history_overwritten(struct request *request, int64_t since, struct err *err)
{
	struct request_reader reader;
	struct audit_act act;
	struct audit_row row;
	struct arena *arena;
	int result;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	arena = arena_open();
	audit_walk(reader.db, 0, since);
	while ((result = audit_next(reader.db, &act, &row, err)) > 0) {
		arena_reset(arena);
		if (row.reason == NULL || strcmp(row.reason, AUDIT_OVERWRITES) != 0)
			continue;
		result = request_row(request, history_row(reader.db, &row, arena), err);
		if (result < 0)
			break;
	}
	arena_close(&arena);
	request_reader_close(request, &reader);
	return (result);
}

static int
history_log(struct request *request, struct db *db, json_t **result, struct err *err)
{
	struct audit_check check;
	json_int_t count;
	int64_t person, since;
	const char *text;

	person = 0;
	count = 0;
	text = request_text(request, "person");
	if (history_since(request, &since, err) < 0 ||
	    (text != NULL && request_person(db, text, request->arena, &person, err) < 0) ||
	    history_rows(request, db, person, since, &count, err) < 0 ||
	    audit_verify(db, &check, err) < 0)
		return (-1);
	*result = json_pack("{s:I, s:{s:I, s:b}, s:i}", "count", count, "chain", "rows",
	    (json_int_t)check.rows, "whole", check.broken == 0, "exit",
	    check.broken == 0 ? 0 : err_kind(ERR_DB_CORRUPT)->exit_status);
	if (check.broken != 0)
		(void)json_object_set_new(json_object_get(*result, "chain"), "broken",
		    json_integer(check.broken));
	return (0);
}

int
request_log(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	status = history_log(request, reader.db, result, err);
	request_reader_close(request, &reader);
	return (status);
}
