/*
 * The request `cases`: what waits for an admin to say whose record is whose. Of a held record
 * its id is all that is stored; the people it may belong to are known by theirs.
 */
#include "config.h"

#include <string.h>

#include "rules/reasons.h"
#include "store/link.h"
#include "store/person.h"
#include "store/served.h"
#include "sync/request/link.h"

struct cases {
	struct request		*request;
	struct db		*db;
	int64_t			*wanting;	/* people whose address somebody else has */
	size_t			 wanting_count;
	size_t			 wanting_room;
	struct record_row	*held;
	size_t			 held_count;
	size_t			 held_room;
	json_int_t		 count;
};

/* A person as a case names one: uid, UUID, name as served. */
static json_t *
cases_person(struct cases *cases, int64_t id, struct err *err)
{
	struct served_person served;
	struct person person;
	const char *name;

	if (person_get(cases->db, id, cases->request->arena, &person, err) != 1)
		return (json_null());
	name = served_get(cases->db, id, cases->request->arena, &served, err) == 1 ?
	    served.value[FIELD_DISPLAY_NAME] : NULL;
	return (json_pack("{s:s, s:o, s:o, s:s}", "uid", person.uid, "id",
	    request_uuid(&person.uuid), "name", request_string(name), "status",
	    status_name(person.status)));
}

static int
cases_row(struct cases *cases, json_t *row, const int64_t *people, size_t count,
    struct err *err)
{
	json_t *list, *uids, *person;
	size_t i;

	list = json_array();
	uids = json_array();
	for (i = 0; i < count; i++) {
		person = cases_person(cases, people[i], err);
		if (json_is_object(person))
			(void)json_array_append(uids, json_object_get(person, "uid"));
		(void)json_array_append_new(list, person);
	}
	(void)json_object_set_new(row, "candidates", list);
	(void)json_object_set_new(row, "uids", uids);
	return (request_row(cases->request, row, err));
}

/* ---- held records ---------------------------------------------------------------------------- */

static void
cases_found_record(void *context, const struct record_row *row)
{
	const uint32_t bits = REASON_BIT(REASON_DUPLICATE_EMAIL) | REASON_BIT(REASON_AMBIGUOUS);
	struct cases *cases = context;
	struct record_row *slot;

	if ((reasons_split(row->reasons) & bits) == 0)
		return;
	slot = mem_grow(&cases->held, cases->held_count++, &cases->held_room, sizeof(*slot));
	*slot = *row;
	slot->kombo = arena_dup(cases->request->arena, row->kombo);
	slot->reasons = arena_dup(cases->request->arena, row->reasons);
}

static int
cases_held(struct cases *cases, const struct record_row *row, struct err *err)
{
	bool ambiguous = (reasons_split(row->reasons) & REASON_BIT(REASON_AMBIGUOUS)) != 0;
	const char *record;
	int64_t *people;
	size_t count;

	record = link_record_name(cases->request, cases->db, row, err);
	if (suspect_list(cases->db, row->id, cases->request->arena, &people, &count, err) < 0)
		return (-1);
	return (cases_row(cases, json_pack("{s:s, s:s, s:n, s:s}", "reason",
	    reason_code(ambiguous ? REASON_AMBIGUOUS : REASON_DUPLICATE_EMAIL), "record", record,
	    "person", "todo", arena_printf(cases->request->arena, ambiguous ?
	    "rollcall link %s UID, or rollcall unlink %s for somebody new" :
	    "rollcall link %s UID, or correct the e-mail of one of the two", record, record)),
	    people, count, err));
}

/* ---- people without the address they ought to have (rulings A12, F18) ---------------------------- */

static void
cases_found_person(void *context, int64_t person)
{
	struct cases *cases = context;
	int64_t *slot;

	slot = mem_grow(&cases->wanting, cases->wanting_count++, &cases->wanting_room,
	    sizeof(*slot));
	*slot = person;
}

struct cases_holders {
	int64_t	ids[4];
	size_t	count;
};

static void
cases_found_holder(void *context, int64_t person)
{
	struct cases_holders *holders = context;

	if (holders->count < sizeof(holders->ids) / sizeof(holders->ids[0]))
		holders->ids[holders->count++] = person;
}

static int
cases_wanting(struct cases *cases, int64_t id, struct err *err)
{
	struct cases_holders holders = { .count = 0 };
	struct person person;

	if (person_get(cases->db, id, cases->request->arena, &person, err) != 1)
		return (-1);
	/* Who has left gave the address up for good (rulings A13). */
	if (person.status == STATUS_DEPARTED)
		return (0);
	cases->count++;
	if (person_each(cases->db, PERSONS_BY_MAIL, person.wanted_mail, 0, cases_found_holder,
	    &holders, err) < 0)
		return (-1);
	return (cases_row(cases, json_pack("{s:s, s:n, s:s, s:s}", "reason",
	    condition_code(CONDITION_MAIL_TAKEN), "record", "person", person.uid, "todo",
	    "correct the e-mail of one of the two; rollcall link if they are one"), holders.ids,
	    holders.count, err));
}

/* ---- all of them ----------------------------------------------------------------------------------- */

static int
cases_tell(struct cases *cases, struct err *err)
{
	size_t i;

	if (record_excluded(cases->db, cases_found_record, cases, err) < 0 ||
	    person_each(cases->db, PERSONS_WANTING, NULL, 0, cases_found_person, cases, err) < 0)
		return (-1);
	for (i = 0; i < cases->held_count; i++)
		if (cases_held(cases, &cases->held[i], err) < 0)
			return (-1);
	for (i = 0; i < cases->wanting_count; i++)
		if (cases_wanting(cases, cases->wanting[i], err) < 0)
			return (-1);
	return (0);
}

int
request_cases(struct request *request, json_t **result, struct err *err)
{
	struct cases cases = { .request = request };
	struct request_reader reader;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	cases.db = reader.db;
	status = cases_tell(&cases, err);
	request_reader_close(request, &reader);
	if (status == 0)
		*result = json_pack("{s:I}", "count", cases.count +
		    (json_int_t)cases.held_count);
	mem_free(&cases.held);
	mem_free(&cases.wanting);
	return (status);
}
