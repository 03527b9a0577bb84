/*
 * Who comes and who goes: the lists of onboardings and offboardings (promises P58). Whoever
 * stands in them is judged as of now, so that what a list says is what the next run would do.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/person.h"
#include "sync/request/request.h"
#include "sync/request/show.h"

/* One line, with what it is sorted by. */
struct joiner {
	day_number	 day;		/* of the change, DAY_NONE: undated, which comes last */
	const char	*uid;
	json_t		*row;
};

struct joiners {
	struct request	*request;
	int64_t		 within;	/* days, -1: all */
	bool		 going;
	int64_t		*ids;
	size_t		 id_count;
	size_t		 id_room;
	struct joiner	*list;
	size_t		 count;
	size_t		 room;
};

static void
joiners_found(void *context, int64_t person)
{
	struct joiners *joiners = context;
	int64_t *slot;

	slot = mem_grow(&joiners->ids, joiners->id_count, &joiners->id_room, sizeof(*slot));
	*slot = person;
	joiners->id_count++;
}

static day_number
joiners_date(const struct verdict *verdict, enum field_id id)
{
	day_number day;

	return (verdict->value[id] != NULL && day_parse(verdict->value[id], &day) ? day :
	    DAY_NONE);
}

/* What keeps a joiner from being seen, in one word; "released" when nothing does. */
static const char *
joiners_release(const struct plan_item *item, day_number *from)
{
	const struct verdict *verdict = item->verdict;
	const struct lifecycle *lifecycle = &item->record->source->lifecycle;
	uint32_t reasons = verdict->reasons;

	*from = DAY_NONE;
	if ((reasons & REASON_BIT(REASON_IGNORED)) != 0)
		return ("ignored");
	if ((reasons & REASON_BIT(REASON_HIDDEN)) != 0)
		return ("hidden");
	if ((reasons & REASON_BIT(REASON_NOT_RELEASED)) != 0)
		return ("manual");
	if ((reasons & REASON_BIT(REASON_BEFORE_RELEASE)) == 0)
		return ("released");
	(void)status_released(lifecycle, joiners_date(verdict, FIELD_START_DATE),
	    book_today(item->book, verdict->zone), from);
	return (*from == DAY_NONE ? "undated" : "dated");
}

static json_t *
joiners_day(day_number day)
{
	char text[DAY_TEXT_SIZE];

	return (day == DAY_NONE ? json_null() : json_string(day_format(day, text)));
}

static json_t *
joiners_row(const struct plan_item *item, struct arena *arena)
{
	const struct verdict *verdict = item->verdict;

	return (json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:s, s:o}", "uid",
	    request_string(item->uid), "name",
	    request_string(verdict->value[FIELD_DISPLAY_NAME]), "mail",
	    request_string(verdict->value[FIELD_WORK_EMAIL]), "status",
	    status_name(verdict->status), "source", item->record->source->conf->name,
	    "start_date", request_string(verdict->value[FIELD_START_DATE]),
	    "termination_date", request_string(verdict->value[FIELD_TERMINATION_DATE]), "zone",
	    book_zone_name(item->book, verdict->zone), "reasons", show_reasons(arena, item, 0),
	    "views", show_views(item->book, verdict->views), "verdict",
	    item->included ? "Included" : "Excluded", "id", request_uuid(item->uuid)));
}

/* Adds the line unless it lies further ahead than was asked. */
static void
joiners_add(struct joiners *joiners, const struct plan_item *item, day_number day,
    json_t *row)
{
	struct joiner *slot;
	int64_t days;

	days = (int64_t)day - book_today(item->book, item->verdict->zone);
	if (joiners->within >= 0 && (day == DAY_NONE || days > joiners->within)) {
		json_decref(row);
		return;
	}
	(void)json_object_set_new(row, "days", day == DAY_NONE ? json_null() :
	    json_integer((json_int_t)days));
	slot = mem_grow(&joiners->list, joiners->count, &joiners->room, sizeof(*slot));
	slot->day = day;
	slot->uid = arena_dup(joiners->request->arena, item->uid != NULL ? item->uid : "");
	slot->row = row;
	joiners->count++;
}

/* A joiner, or somebody who has started and still waits for a release (rulings A4). */
static void
joiners_coming(struct joiners *joiners, const struct plan_item *item)
{
	const struct verdict *verdict = item->verdict;
	const char *release;
	day_number from;
	json_t *row;

	if (verdict->status != STATUS_ONBOARDING &&
	    (verdict->reasons & REASON_BIT(REASON_NOT_RELEASED)) == 0)
		return;
	release = joiners_release(item, &from);
	row = joiners_row(item, joiners->request->arena);
	(void)json_object_set_new(row, "release", json_string(release));
	(void)json_object_set_new(row, "release_date", joiners_day(from));
	joiners_add(joiners, item, joiners_date(verdict, FIELD_START_DATE), row);
}

/* A leaver: somebody with a last day that has not passed. */
static void
joiners_going(struct joiners *joiners, const struct plan_item *item)
{
	const struct verdict *verdict = item->verdict;
	day_number end;
	json_t *row;

	end = joiners_date(verdict, FIELD_TERMINATION_DATE);
	if (verdict->status != STATUS_OFFBOARDING && verdict->status != STATUS_ACTIVE)
		return;
	if (end != DAY_NONE && item->record->source->lifecycle.first_day_off)
		end--;
	if (end == DAY_NONE || end < book_today(item->book, verdict->zone))
		return;
	row = joiners_row(item, joiners->request->arena);
	(void)json_object_set_new(row, "last_day", joiners_day(end));
	joiners_add(joiners, item, end, row);
}

static int
joiners_item(void *context, const struct plan_item *item)
{
	const uint32_t listed = REASON_BIT(REASON_IGNORED) | REASON_BIT(REASON_HIDDEN) |
	    REASON_BIT(REASON_NOT_RELEASED) | REASON_BIT(REASON_BEFORE_RELEASE) |
	    REASON_BIT(REASON_NO_VIEW);
	struct joiners *joiners = context;

	/* Who left the filter is no longer ours, whatever is still kept. */
	if (!item->owner || (item->verdict->reasons & ~listed) != 0)
		return (0);
	if (joiners->going)
		joiners_going(joiners, item);
	else
		joiners_coming(joiners, item);
	return (0);
}

static int
joiners_compare(const void *a, const void *b)
{
	const struct joiner *x = a, *y = b;

	if (x->day != y->day) {
		if (x->day == DAY_NONE || y->day == DAY_NONE)
			return (x->day == DAY_NONE ? 1 : -1);
		return (x->day < y->day ? -1 : 1);
	}
	return (strcmp(x->uid, y->uid));
}

/* Judges the candidates as of now; nothing is published. */
static int
joiners_judge(struct joiners *joiners, const struct request_reader *reader, struct err *err)
{
	const struct plan_order order = {
		.conf = reader->conf,
		.people = joiners->ids,
		.people_count = joiners->id_count,
		.zones = reader->zones,
		.now = reader->now,
	};
	struct plan *plan;
	int result;

	if (plan_open(reader->db, &order, &plan, err) < 0)
		return (-1);
	result = plan_each(plan, joiners_item, joiners, err);
	plan_close(&plan);
	return (result);
}

/* Sends the lines in their order, or gives them up when something has failed before. */
static int
joiners_send(struct joiners *joiners, int result, struct err *err)
{
	size_t i;

	if (joiners->count > 1)
		qsort(joiners->list, joiners->count, sizeof(*joiners->list), joiners_compare);
	for (i = 0; i < joiners->count; i++) {
		if (result == 0)
			result = request_row(joiners->request, joiners->list[i].row, err);
		else
			json_decref(joiners->list[i].row);
	}
	return (result);
}

static int
joiners_list(struct request *request, bool going, json_t **result, struct err *err)
{
	struct joiners joiners = { .request = request, .going = going,
	    .within = request_number(request, "within", -1) };
	struct request_reader reader;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	status = person_each(reader.db, going ? PERSONS_GOING : PERSONS_COMING, NULL, 0,
	    joiners_found, &joiners, err);
	if (status == 0)
		status = joiners_judge(&joiners, &reader, err);
	request_reader_close(request, &reader);
	status = joiners_send(&joiners, status, err);
	if (status == 0)
		*result = json_pack("{s:I}", "count", (json_int_t)joiners.count);
	mem_free(&joiners.list);
	mem_free(&joiners.ids);
	return (status);
}

int
request_onboardings(struct request *request, json_t **result, struct err *err)
{
	return (joiners_list(request, false, result, err));
}

int
request_offboardings(struct request *request, json_t **result, struct err *err)
{
	return (joiners_list(request, true, result, err));
}
