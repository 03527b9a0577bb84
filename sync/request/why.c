/*
 * The request that explains one person: every record with its verdict, every field, the views,
 * the decisions, and the chain between Kombo and the views. With `live` it asks Kombo now, and
 * sees the excluded too, of whom nothing is stored (rulings F7).
 */
#include "config.h"

#include "sync/request/why.h"

#include <string.h>

#include "base/text.h"
#include "rules/identity.h"
#include "rules/names.h"
#include "rules/values.h"
#include "store/link.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "sync/kombo/fetch.h"
#include "sync/request/progress.h"
#include "sync/request/show.h"
#include "sync/trial.h"

struct asked {
	struct why		 why;
	const struct conf	*conf;
	const char		*text;		/* whom it asks for */
	int64_t			 person;	/* who that is, 0: nobody who is known */
	struct source_row	*sources;	/* by id, in `why.db` */
	size_t			 source_count;
	json_t			*records;
	json_t			*answer;	/* about the person, null for none */
	json_t			*onboarding;
	json_t			*offboarding;
	bool			 seen;		/* Kombo delivers at least one of the records */
	struct request_progress	 progress;
	struct db		*before;	/* the database, also when a copy is looked at */
};

static const char *
why_state(enum held_state state)
{
	switch (state) {
	case HELD_NOTHING:
		return ("follows");
	case HELD_SEEDED:
		return ("imported once");
	case HELD_LOCAL:
		return ("set by hand");
	case HELD_KEPT:
		return ("kept, HR is empty");
	case HELD_FROZEN:
		return ("frozen since the departure");
	case HELD_OPEN:
	case HELD_AGAIN:
		return ("waits for its import");
	case HELD_WAITING:
		return ("waits for the next complete fetch");
	}
	return ("");
}

/* ---- fields ------------------------------------------------------------------------------------ */

/* The manager as the views show it: of those that show the person, the first that has one. */
static const char *
why_served_manager(struct why *why, int64_t person)
{
	struct shown_row rows[BOOK_VIEWS_MAX];
	struct arena *arena = why->request->arena;
	struct served_person manager;
	size_t count, i;

	if (person == 0 || shown_list(why->db, person, rows, BOOK_VIEWS_MAX, &count,
	    why->err) < 0)
		return (NULL);
	for (i = 0; i < count; i++)
		if (rows[i].manager != 0 && served_get(why->db, rows[i].manager, arena, &manager,
		    why->err) == 1)
			return (arena_printf(arena, "%s (%s)",
			    manager.value[FIELD_DISPLAY_NAME] != NULL ?
			    manager.value[FIELD_DISPLAY_NAME] : "", manager.uid));
	return (NULL);
}

static json_t *
why_field(struct why *why, const struct plan_item *item, enum field_id id)
{
	const struct judge_record *record = item->record;
	struct arena *arena = why->request->arena;
	const char *hr, *served;

	if (id == FIELD_MANAGER) {
		served = why_served_manager(why, item->person);
		hr = why_manager(why, record->now->source, record->now->value[id]);
	} else {
		served = show_plain(arena, id, item->verdict->value[id]);
		hr = show_plain(arena, id, value_of(arena, item->book, record->now, id,
		    book_today(item->book, item->verdict->zone)));
	}
	if (served == NULL && hr == NULL)
		return (NULL);
	return (json_pack("{s:s, s:o, s:o, s:s, s:s}", "field", field_get(id)->name, "served",
	    request_string(served), "hr", request_string(hr), "mode",
	    why_mode(record->source->conf, id, arena), "state",
	    why_state(item->verdict->held[id].state)));
}

/* Every field: what is served, what HR says, how it is handled. */
static json_t *
why_fields(struct why *why, const struct plan_item *item)
{
	json_t *field, *list;
	size_t i;

	list = json_array();
	for (i = 0; i < FIELD_N; i++) {
		if (item->record->source->conf->mode[i] == MODE_OFF || i == FIELD_GROUPS)
			continue;
		field = why_field(why, item, (enum field_id)i);
		if (field != NULL)
			(void)json_array_append_new(list, field);
	}
	return (list);
}

static json_t *
why_groups(const struct verdict *verdict)
{
	json_t *list;
	size_t i;

	list = json_array();
	for (i = 0; i < verdict->group_count; i++)
		(void)json_array_append_new(list,
		    json_string(verdict->groups[i]->unit.name));
	return (list);
}

/* ---- one record ---------------------------------------------------------------------------------- */

static const struct source_row *
why_find_source(const struct asked *asked, int64_t id)
{
	static const struct source_row none = { .name = "?", .error = "", .error_text = "",
	    .enabled = true };
	size_t i;

	for (i = 0; i < asked->source_count; i++)
		if (asked->sources[i].id == id)
			return (&asked->sources[i]);
	return (&none);
}

static json_t *
why_person(struct why *why, const struct plan_item *item)
{
	struct arena *arena = why->request->arena;
	char day[DAY_TEXT_SIZE];
	json_t *person;

	person = json_pack("{s:o, s:o, s:s, s:b, s:o, s:o, s:s, s:s, s:s, s:o, s:o}",
	    "uid", request_string(item->uid), "id", request_uuid(item->uuid), "status",
	    status_name(item->verdict->status), "active", item->verdict->active, "dn",
	    item->uid != NULL ? json_string(show_dn(arena, item->book->conf, item->uid)) :
	    json_null(), "views", show_views(item->book, item->shown), "zone",
	    book_zone_name(item->book, item->verdict->zone), "today",
	    day_format(book_today(item->book, item->verdict->zone), day), "owner",
	    item->record->source->conf->name, "groups", why_groups(item->verdict), "fields",
	    why_fields(why, item));
	if (item->verdict->next != DAY_NONE)
		(void)json_object_set_new(person, "next",
		    json_string(day_format(item->verdict->next, day)));
	return (person);
}

/* How the record came to its person: an admin's word, a rule, or that she was made of it. */
static json_t *
why_joined(struct why *why, const struct employee *record)
{
	struct arena *arena = why->request->arena;
	struct link_row row;
	int64_t rule;
	int linked;

	linked = link_get(why->db, record->source, record->kombo, arena, &row, why->err);
	if (linked < 0 || record_joined(why->db, record->record, &rule, why->err) < 0 ||
	    rule < 0 || rule >= IDENTITY_RULES)
		return (json_null());
	if (linked > 0)
		return (json_pack("{s:s, s:s}", "rule", row.person != 0 ? "link" : "unlink", "text",
		    arena_printf(arena, row.person != 0 ? "%s decided so by rollcall link" :
		    "%s parted it from another by rollcall unlink", row.actor)));
	return (json_pack("{s:s, s:s}", "rule", identity_rule_name((enum identity_rule)rule), "text",
	    identity_rule_text((enum identity_rule)rule)));
}

static int
why_item(struct asked *asked, const struct plan_item *item)
{
	struct why *why = &asked->why;
	struct request *request = why->request;
	json_t *shown;

	why->source = why_find_source(asked, item->record->now->source);
	why->state = show_source_reasons(asked->before, why->source, item->book->conf);
	shown = show_item(request->arena, item, why->state);
	(void)json_object_set_new(shown, "gone", json_boolean(item->record->now->gone));
	if (item->person != 0)
		(void)json_object_set_new(shown, "joined", why_joined(why, item->record->now));
	(void)json_array_append_new(asked->records, shown);
	asked->seen |= !item->record->now->gone;
	if (!item->owner)
		return (0);
	(void)json_array_clear(why->chain);
	why->broken = NULL;
	why_chain(why, item);
	json_decref(asked->answer);
	asked->answer = why_person(why, item);
	if (request_flag(request, "onboarding")) {
		json_decref(asked->onboarding);
		asked->onboarding = why_onboarding(why, item);
	}
	if (request_flag(request, "offboarding")) {
		json_decref(asked->offboarding);
		asked->offboarding = why_offboarding(why, item);
	}
	return (why->err->code != ERR_NONE ? -1 : 0);
}

/* ---- as it is stored ------------------------------------------------------------------------------ */

static int
why_stored_item(void *context, const struct plan_item *item)
{
	struct asked *asked = context;

	if (item->person != asked->person)
		return (0);	/* judged along with her: not asked about */
	return (why_item(asked, item));
}

static int
why_stored(struct asked *asked, const struct request_reader *reader, struct err *err)
{
	const struct plan_order order = {
		.conf = reader->conf,
		.people = &asked->person,
		.people_count = 1,
		.zones = reader->zones,
		.now = reader->now,
	};
	struct plan *plan;
	int result;

	if (plan_open(reader->db, &order, &plan, err) < 0)
		return (-1);
	result = plan_each(plan, why_stored_item, asked, err);
	plan_close(&plan);
	return (result);
}

/* Of a record without values nothing but source, Kombo id and codes is kept. */
static void
why_bare_record(struct asked *asked, const struct record_row *row)
{
	uint32_t reasons;
	json_t *list;
	size_t i;

	reasons = reasons_split(row->reasons);
	list = json_array();
	for (i = 0; i < REASON_N; i++)
		if ((reasons & REASON_BIT(i)) != 0)
			(void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:[]}",
			    "code", reason_code((enum reason)i), "text",
			    reason_text((enum reason)i), "advice",
			    reason_advice((enum reason)i), "lines"));
	asked->why.source = why_find_source(asked, row->source);
	(void)json_array_append_new(asked->records, json_pack("{s:s, s:s, s:s, s:s, s:o}",
	    "record", row->kombo, "source", asked->why.source->name, "verdict", "Excluded",
	    "status", "", "reasons", list));
	why_link(&asked->why, "values", false, arena_printf(asked->why.request->arena, "record %s "
	    "is Excluded (%s), and nothing else of it is kept", row->kombo,
	    row->reasons != NULL ? row->reasons : "nothing said why"),
	    "rollcall why --live shows the lines behind it");
}

/* A person of whom nothing could be judged: erased, or of a source that is gone. */
static int
why_bare_person(struct asked *asked, struct db *db, struct err *err)
{
	struct arena *arena = asked->why.request->arena;
	struct record_row row;
	int64_t *ids;
	size_t count, i;
	int result;

	if (record_ids_of_person(db, asked->person, arena, &ids, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		result = record_get(db, ids[i], arena, &row, err);
		if (result < 0)
			return (-1);
		if (result > 0)
			why_bare_record(asked, &row);
	}
	return (0);
}

struct why_excluded {
	struct asked	*asked;
	const char	*kombo;
	bool		 found;
};

static void
why_found_excluded(void *context, const struct record_row *row)
{
	struct why_excluded *search = context;

	if (strcmp(row->kombo, search->kombo) != 0)
		return;
	search->found = true;
	why_bare_record(search->asked, row);
}

/* Whom the text means; a Kombo id may be that of an excluded record. */
static int
why_identify(struct asked *asked, struct err *err)
{
	struct why_excluded search = { .asked = asked, .kombo = asked->text };
	struct why *why = &asked->why;
	struct err ignored = ERR_INIT;

	if (request_person(why->db, asked->text, why->request->arena, &asked->person, err) == 0)
		return (1);
	if (err->code != ERR_NOT_FOUND)
		return (-1);
	if (why->live) {
		err_clear(err);
		return (0);
	}
	if (record_excluded(why->db, why_found_excluded, &search, &ignored) < 0 ||
	    !search.found)
		return (-1);
	err_clear(err);
	return (0);
}

static int
why_ask_stored(struct asked *asked, struct request_reader *reader, struct err *err)
{
	int result;

	asked->why.db = asked->before = reader->db;
	asked->why.now = reader->now;
	if (source_list(reader->db, asked->why.request->arena, &asked->sources,
	    &asked->source_count, err) < 0)
		return (-1);
	result = why_identify(asked, err);
	if (result <= 0)
		return (result);
	if (why_stored(asked, reader, err) < 0)
		return (-1);
	return (json_array_size(asked->records) > 0 ? 0 :
	    why_bare_person(asked, reader->db, err));
}

/* ---- as Kombo has it now -------------------------------------------------------------------------- */

static bool
why_says(struct arena *arena, const char *value, const char *folded)
{
	return (value != NULL && strcmp(text_fold(arena, value), folded) == 0);
}

/* Whether the record is of the one who is asked for: by person, or by any of its names. */
static bool
why_is_meant(const struct asked *asked, const struct plan_item *item)
{
	static const enum field_id fields[] = { FIELD_EMPLOYEE_NUMBER, FIELD_WORK_EMAIL,
	    FIELD_DISPLAY_NAME, FIELD_LAST_NAME };
	const struct employee *now = item->record->now;
	struct arena *arena = asked->why.request->arena;
	const char *folded;
	size_t i;

	if (asked->person != 0)
		return (item->person == asked->person);
	if (strcmp(now->kombo, asked->text) == 0 ||
	    (now->remote != NULL && strcmp(now->remote, asked->text) == 0))
		return (true);
	folded = text_fold(arena, asked->text);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (why_says(arena, now->value[fields[i]], folded))
			return (true);
	return (why_says(arena, name_compose(arena, now->value[FIELD_FIRST_NAME],
	    now->value[FIELD_LAST_NAME]), folded));
}

struct why_search {
	struct asked			*asked;
	const struct trial_source	*source;
};

static int
why_live_item(void *context, const struct plan_item *item)
{
	const struct why_search *search = context;
	struct arena *scratch, *whole = search->asked->why.request->arena;
	bool meant;

	if (item->record->source->conf != search->source->conf)
		return (0);
	/* Most are not asked for: what looking at them needs is given back. */
	search->asked->why.request->arena = scratch = arena_open();
	meant = why_is_meant(search->asked, item);
	search->asked->why.request->arena = whole;
	arena_close(&scratch);
	return (meant ? why_item(search->asked, item) : 0);
}

static void
why_progress(void *context, const char *source, const char *model, int64_t records)
{
	struct asked *asked = context;

	if (asked->progress.source == NULL || strcmp(asked->progress.source, source) != 0) {
		asked->progress = (struct request_progress){ .source = source };
		request_expect(asked->why.request, &asked->progress, true);
	}
	request_tell(&asked->progress, model, 0, records);
}

/* The possible causes, in the order in which they are worth looking at (promises P71, P79). */
static json_t *
why_causes(void)
{
	static const char *const causes[] = {
		"the person is not in the HR system, or in one that no source fetches",
		"Kombo's own filter for this integration leaves the person out",
		"the account that connected the HR system may not see the person (Lucca: the API "
		"key needs \"view future employees\" and \"view departed employees\")",
		"Kombo has not synced since the person was entered: rollcall status shows the age "
		"of its data",
	};
	json_t *list;
	size_t i;

	list = json_array();
	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		(void)json_array_append_new(list, json_string(causes[i]));
	return (list);
}

/* Nothing came of whoever was asked for. */
static void
why_not_retrieved(struct asked *asked)
{
	struct why *why = &asked->why;

	(void)json_array_clear(why->chain);
	why->broken = NULL;
	why_link(why, "kombo", false, arena_printf(why->request->arena, "%s: Kombo delivers nobody "
	    "like that now", reason_code(REASON_NOT_RETRIEVED)),
	    reason_advice(REASON_NOT_RETRIEVED));
}

static int
why_walk(struct asked *asked, struct trial *trial, struct err *err)
{
	struct why_search search = { .asked = asked };
	const struct trial_source *sources;
	size_t count, i;

	sources = trial_sources(trial, &count);
	asked->why.db = trial_after(trial);
	if (source_list(asked->why.db, asked->why.request->arena, &asked->sources,
	    &asked->source_count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		search.source = &sources[i];
		if (trial_each(trial, &sources[i], why_live_item, &search, err) < 0)
			return (-1);
	}
	if (!asked->seen)
		why_not_retrieved(asked);
	return (0);
}

static int
why_ask_live(struct asked *asked, struct request_reader *reader, struct err *err)
{
	const struct trial_order order = { .every = true, .day = DAY_NONE,
	    .progress = why_progress, .context = asked };
	struct trial *trial;
	int result;

	asked->why.db = asked->before = reader->db;
	asked->why.now = reader->now;
	if (why_identify(asked, err) < 0)
		return (-1);
	db_rollback(reader->db);	/* nothing stays open while the network is waited for */
	if (trial_open(asked->why.request->engine, &order, &trial, err) < 0)
		return (-1);
	result = why_walk(asked, trial, err);
	trial_close(&trial);
	return (result);
}

/* ---- the answer ------------------------------------------------------------------------------------ */

static json_t *
why_decisions(struct asked *asked, struct db *db, struct err *err)
{
	struct arena *arena = asked->why.request->arena;
	struct decision_row *rows;
	size_t count, i;
	json_t *list;

	list = json_array();
	if (asked->person == 0 ||
	    decision_list(db, asked->person, arena, &rows, &count, err) < 0)
		return (list);
	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o}", "decision",
		    rows[i].kind, "reason", request_string(rows[i].reason), "actor",
		    rows[i].actor, "made", request_instant(rows[i].made_at)));
	return (list);
}

static json_t *
why_result(struct asked *asked, struct db *db, struct err *err)
{
	json_t *result;

	result = json_pack("{s:O, s:O, s:O, s:o, s:o, s:b}", "person", asked->answer, "records",
	    asked->records, "chain", asked->why.chain, "broken",
	    request_string(asked->why.broken), "decisions", why_decisions(asked, db, err),
	    "live", asked->why.live);
	if (asked->onboarding != NULL)
		(void)json_object_set(result, "onboarding", asked->onboarding);
	if (asked->offboarding != NULL)
		(void)json_object_set(result, "offboarding", asked->offboarding);
	if (asked->why.live && !asked->seen) {
		(void)json_object_set_new(result, "reason",
		    json_string(reason_code(REASON_NOT_RETRIEVED)));
		(void)json_object_set_new(result, "causes", why_causes());
		(void)json_object_set_new(result, "exit",
		    json_integer(err_kind(ERR_NOT_FOUND)->exit_status));
	}
	return (result);
}

int
request_why(struct request *request, json_t **result, struct err *err)
{
	struct asked asked = { .why = { .request = request, .err = err } };
	struct request_reader reader;
	int status;

	asked.text = request_need(request, "person", err);
	if (asked.text == NULL || request_reader_open(request, &reader, err) < 0)
		return (-1);
	asked.why.live = request_flag(request, "live");
	asked.why.chain = json_array();
	asked.records = json_array();
	asked.answer = json_null();
	status = asked.why.live ? why_ask_live(&asked, &reader, err) :
	    why_ask_stored(&asked, &reader, err);
	if (status == 0)
		*result = why_result(&asked, reader.db, err);
	json_decref(asked.why.chain);
	json_decref(asked.records);
	json_decref(asked.answer);
	json_decref(asked.onboarding);
	json_decref(asked.offboarding);
	request_reader_close(request, &reader);
	return (status);
}
