/*
 * The request drift: values imported once or set by hand that are not what the HR system says
 * now (semantics 3.2).
 */
#include "config.h"

#include <string.h>

#include "rules/values.h"
#include "store/person.h"
#include "sync/plan/veil.h"
#include "sync/request/request.h"
#include "sync/request/show.h"

struct drift {
	struct request	*request;
	struct db	*db;
	struct arena	*arena;		/* of one person */
	int64_t		 only;		/* the person asked about, 0: all */
	int64_t		*people;
	size_t		 people_count;
	size_t		 people_room;
	json_int_t	 count;
	struct err	*err;
};

static void
drift_found(void *context, int64_t person)
{
	struct drift *drift = context;

	if (drift->only == 0 || drift->only == person)
		*(int64_t *)mem_grow(&drift->people, drift->people_count++, &drift->people_room,
		    sizeof(*drift->people)) = person;
}

/* Of a value that is not kept only a hash is compared. */
static bool
drift_same(const struct drift *drift, enum field_id id, const char *held, const char *hr)
{
	char veil[VEIL_SIZE];

	if (held == NULL || hr == NULL)
		return (held == hr);
	if (!mode_veiled(hr))
		return (strcmp(held, hr) == 0);
	return (veil_make(drift->db, id, held, veil, drift->err) == 0 && strcmp(veil, hr) == 0);
}

static int
drift_field(struct drift *drift, const struct plan_item *item, enum field_id id)
{
	const struct held *held = &item->verdict->held[id];
	const char *hr;

	/* What is local is not fetched: there is nothing to differ from. */
	if ((held->state != HELD_SEEDED && held->state != HELD_LOCAL) ||
	    item->record->source->conf->mode[id] != MODE_IMPORT_ONCE)
		return (0);
	hr = value_of(drift->arena, item->book, item->record->now, id,
	    book_today(item->book, item->verdict->zone));
	if (drift_same(drift, id, held->value, hr))
		return (0);
	drift->count++;
	return (request_row(drift->request, json_pack("{s:o, s:o, s:s, s:o, s:o, s:s, s:s}",
	    "uid", request_string(item->uid), "id", request_uuid(item->uuid), "field",
	    field_get(id)->name, "served", request_string(show_plain(drift->arena, id,
	    held->value)), "hr", request_string(show_plain(drift->arena, id, hr)), "since",
	    held->state == HELD_LOCAL ? "set by hand" : "imported once", "source",
	    item->record->source->conf->name), drift->err));
}

static int
drift_item(void *context, const struct plan_item *item)
{
	struct drift *drift = context;
	size_t i;

	if (!item->owner || item->uid == NULL ||
	    (drift->only != 0 && item->person != drift->only))
		return (0);
	arena_reset(drift->arena);
	for (i = 0; i < FIELD_N; i++)
		if (drift_field(drift, item, (enum field_id)i) < 0)
			return (-1);
	return (0);
}

static int
drift_judge(struct drift *drift, const struct request_reader *reader, struct err *err)
{
	const struct plan_order order = {
		.conf = reader->conf,
		.people = drift->people,
		.people_count = drift->people_count,
		.zones = reader->zones,
		.now = reader->now,
	};
	struct plan *plan;
	int result;

	if (plan_open(reader->db, &order, &plan, err) < 0)
		return (-1);
	result = plan_each(plan, drift_item, drift, err);
	plan_close(&plan);
	return (result);
}

int
request_drift(struct request *request, json_t **result, struct err *err)
{
	struct drift drift = { .request = request, .err = err };
	struct request_reader reader;
	const char *text;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	drift.arena = arena_open();
	drift.db = reader.db;
	text = request_text(request, "person");
	status = text == NULL ? 0 : request_person(reader.db, text, request->arena, &drift.only,
	    err);
	if (status == 0)
		status = person_each(reader.db, PERSONS_HOLDING, NULL, 0, drift_found, &drift,
		    err);
	if (status == 0)
		status = drift_judge(&drift, &reader, err);
	request_reader_close(request, &reader);
	arena_close(&drift.arena);
	mem_free(&drift.people);
	*result = json_pack("{s:I}", "count", drift.count);
	return (status);
}
