/*
 * Owns nothing. Each link is a question that an admin asks when somebody is missing, in the
 * order in which the answers depend on each other.
 */
#include "config.h"

#include "sync/request/why.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "rules/values.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "sync/request/show.h"

void
why_link(struct why *why, const char *name, bool holds, const char *text,
    const char *advice)
{
	(void)json_array_append_new(why->chain, json_pack("{s:s, s:b, s:s, s:o}", "link", name,
	    "holds", holds, "text", text, "advice", request_string(advice)));
	if (!holds && why->broken == NULL)
		why->broken = name;
}

/* "5 min ago", "3 h ago", "2 days ago"; "never" for 0. */
static const char *
why_age(const struct why *why, int64_t instant)
{
	int64_t age = why->now - instant;

	if (instant == 0)
		return ("never");
	if (age < 2 * CLOCK_HOUR)
		return (arena_printf(why->request->arena, "%" PRId64 " min ago",
		    age < 0 ? 0 : age / CLOCK_MINUTE));
	if (age < 2 * CLOCK_DAY)
		return (arena_printf(why->request->arena, "%" PRId64 " h ago",
		    age / CLOCK_HOUR));
	return (arena_printf(why->request->arena, "%" PRId64 " days ago", age / CLOCK_DAY));
}

/* ---- the links -------------------------------------------------------------------------------- */

static void
why_kombo(struct why *why, const struct plan_item *item)
{
	struct arena *arena = why->request->arena;
	const struct employee *now = item->record->now;
	const char *when;

	when = why->live ? "now" : arena_printf(arena, "as of the fetch %s",
	    why_age(why, why->source->succeeded_at));
	if (now->gone)
		why_link(why, "kombo", false, arena_printf(arena, "Kombo does not deliver record "
		    "%s of source %s any more (%s)", now->kombo, why->source->name, when),
		    reason_advice(REASON_GONE));
	else
		why_link(why, "kombo", true, arena_printf(arena, "Kombo delivers record %s of "
		    "source %s (%s); its newest change of the HR system's data is of %s",
		    now->kombo, why->source->name, when,
		    why_age(why, why->source->upstream_at)), NULL);
}

static void
why_source(struct why *why, const struct plan_item *item)
{
	const struct source_row *row = why->source;
	struct arena *arena = why->request->arena;

	(void)item;
	if (row->approved == 0)
		why_link(why, "source", false, arena_printf(arena, "source %s is not approved: "
		    "nothing of it is served", row->name), arena_printf(arena,
		    "rollcall source approve %s", row->name));
	else if (!row->enabled)
		why_link(why, "source", false, arena_printf(arena, "source %s is disabled: "
		    "nothing new comes from it", row->name), arena_printf(arena,
		    "rollcall source enable %s", row->name));
	else if ((why->state & REASON_BIT(REASON_HELD)) != 0)
		why_link(why, "source", false, arena_printf(arena, "source %s is held by a "
		    "safeguard: what it delivered last is not in force", row->name),
		    reason_advice(REASON_HELD));
	else if (*row->error != '\0')
		why_link(why, "source", false, arena_printf(arena, "the last run of source %s "
		    "failed: %s", row->name, row->error_text), arena_printf(arena,
		    "rollcall doctor %s", row->name));
	else
		why_link(why, "source", true, arena_printf(arena, "source %s is approved and "
		    "fetched; the last run went well", row->name), NULL);
}

/* The lines behind the reasons of a set: "filter.group (sources.d/fr.conf:12 …)". */
static const char *
why_codes(struct why *why, const struct plan_item *item, uint32_t reasons)
{
	struct plan_item some = *item;
	struct arena *arena = why->request->arena;
	const char *text;
	json_t *line, *list, *reason;
	size_t i, j;

	some.reasons &= reasons;
	list = show_reasons(arena, &some, 0);
	text = "";
	json_array_foreach(list, i, reason) {
		text = arena_printf(arena, "%s%s%s: %s", text, i > 0 ? "; " : "",
		    json_string_value(json_object_get(reason, "code")),
		    json_string_value(json_object_get(reason, "text")));
		json_array_foreach(json_object_get(reason, "lines"), j, line)
			text = arena_printf(arena, "%s%s%s", text, j == 0 ? " by " : ", ",
			    json_string_value(line));
	}
	json_decref(list);
	return (text);
}

static const char *
why_advice(uint32_t reasons)
{
	size_t i;

	for (i = 0; i < REASON_N; i++)
		if ((reasons & REASON_BIT(i)) != 0)
			return (reason_advice((enum reason)i));
	return (NULL);
}

/* Links that hold unless one of some reasons stands against them. */
static const struct {
	const char	*name;
	uint32_t	 reasons;
	const char	*holds;
} why_links[] = {
	{ "filter", REASONS_SCOPE, "is inside [include] and [exclude] of the source" },
	{ "values", REASON_BIT(REASON_MISSING_NAME) | REASON_BIT(REASON_INVALID_START) |
	    REASON_BIT(REASON_INVALID_END), "has a name, and dates that can be read" },
	{ "identity", REASON_BIT(REASON_DUPLICATE_EMAIL) | REASON_BIT(REASON_AMBIGUOUS) |
	    REASON_BIT(REASON_SUPERSEDED), "nobody else is meant by it" },
};

static void
why_simple_links(struct why *why, const struct plan_item *item)
{
	uint32_t against;
	size_t i;

	for (i = 0; i < sizeof(why_links) / sizeof(why_links[0]); i++) {
		against = item->reasons & why_links[i].reasons;
		if (against != 0)
			why_link(why, why_links[i].name, false, why_codes(why, item, against),
			    why_advice(against));
		else
			why_link(why, why_links[i].name, true, why_links[i].holds, NULL);
	}
}

static void
why_dates(struct why *why, const struct plan_item *item)
{
	const struct verdict *verdict = item->verdict;
	char next[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];
	struct arena *arena = why->request->arena;
	const char *text;
	uint32_t against;

	text = arena_printf(arena, "%s on %s in %s", status_name(verdict->status),
	    day_format(book_today(item->book, verdict->zone), today),
	    book_zone_name(item->book, verdict->zone));
	if (verdict->next != DAY_NONE)
		text = arena_printf(arena, "%s; the next date that may change something is %s",
		    text, day_format(verdict->next, next));
	if (verdict->conditions != 0)
		text = arena_printf(arena, "%s; reported: %s", text,
		    conditions_join(arena, verdict->conditions));
	against = item->reasons & (REASON_BIT(REASON_DEPARTED) | REASON_BIT(REASON_GONE));
	why_link(why, "dates", against == 0, text, why_advice(against));
}

static void
why_release(struct why *why, const struct plan_item *item)
{
	uint32_t against, release, hidden;

	release = REASON_BIT(REASON_NOT_RELEASED) | REASON_BIT(REASON_BEFORE_RELEASE);
	against = item->reasons & release;
	if (against != 0)
		why_link(why, "release", false, why_codes(why, item, release),
		    why_advice(against));
	else
		why_link(why, "release", true, "waits for no release", NULL);
	hidden = REASON_BIT(REASON_HIDDEN) | REASON_BIT(REASON_IGNORED);
	against = item->reasons & hidden;
	if (against != 0)
		why_link(why, "hidden", false, why_codes(why, item, hidden),
		    why_advice(against));
	else
		why_link(why, "hidden", true, "is not hidden", NULL);
}

/* Why a view does not show somebody who is served elsewhere, or would be. */
static const char *
why_not_in_view(struct why *why, const struct plan_item *item, const struct book_view *view)
{
	const struct conf_item *lines[1];
	struct arena *arena = why->request->arena;
	const char *text;
	uint32_t reasons;
	size_t i;

	if ((view->conf->statuses & (1U << item->verdict->status)) == 0)
		return (arena_printf(arena, "does not show people who are %s",
		    status_name(item->verdict->status)));
	reasons = scope_check(view->scope, &item->record->facts);
	if (reasons == 0)
		return (item->verdict->active || item->verdict->status != STATUS_ACTIVE ?
		    "does not show this person, see above" : "does not show people on leave");
	text = "does not show this person";
	for (i = 0; i < REASON_N; i++) {
		if ((reasons & REASON_BIT(i)) == 0)
			continue;
		text = arena_printf(arena, "%s: %s", text, reason_text((enum reason)i));
		if (scope_explain(view->scope, &item->record->facts, (enum reason)i, lines,
		    1) > 0)
			text = arena_printf(arena, "%s (%s:%u)", text, lines[0]->file,
			    lines[0]->line);
	}
	return (text);
}

static void
why_views(struct why *why, const struct plan_item *item)
{
	struct arena *arena = why->request->arena;
	const struct book *book = item->book;
	char uuid[UUID_TEXT_SIZE];
	const char *name, *text;
	bool shown;
	size_t i;

	for (i = 0; i < book->view_count; i++) {
		name = arena_printf(arena, "view %s", book->views[i].conf->name);
		shown = (item->verdict->views & UINT32_C(1) << i) != 0;
		text = shown && item->uid != NULL ? arena_printf(arena, "%s, SCIM id %s",
		    show_dn(arena, book->conf, item->uid), uuid_format(item->uuid, uuid)) :
		    why_not_in_view(why, item, &book->views[i]);
		/* One view may leave out whom another shows: that is no fault. */
		why_link(why, name, shown || item->included, text, NULL);
		(void)json_object_set_new(json_array_get(why->chain,
		    json_array_size(why->chain) - 1), "shown", json_boolean(shown));
	}
}

void
why_chain(struct why *why, const struct plan_item *item)
{
	why_kombo(why, item);
	why_source(why, item);
	why_simple_links(why, item);
	why_dates(why, item);
	why_release(why, item);
	why_views(why, item);
}

/* ---- manager ----------------------------------------------------------------------------------- */

const char *
why_manager(struct why *why, int64_t source, const char *kombo)
{
	struct arena *arena = why->request->arena;
	struct served_person served;
	struct record_row record;
	struct person person;

	if (kombo == NULL)
		return (NULL);
	if (record_find(why->db, source, kombo, arena, &record, why->err) != 1)
		return (arena_printf(arena, "Kombo id %s, not among the records", kombo));
	if (record.person == 0)
		return (arena_printf(arena, "Kombo id %s, Excluded: %s", kombo,
		    record.reasons != NULL ? record.reasons : ""));
	if (person_get(why->db, record.person, arena, &person, why->err) != 1)
		return (NULL);
	if (served_get(why->db, record.person, arena, &served, why->err) != 1)
		return (arena_printf(arena, "%s, who is not served%s%s", person.uid,
		    record.reasons != NULL ? ": " : "",
		    record.reasons != NULL ? record.reasons : ""));
	return (arena_printf(arena, "%s (%s)", served.value[FIELD_DISPLAY_NAME] != NULL ?
	    served.value[FIELD_DISPLAY_NAME] : "", person.uid));
}

/* ---- coming and going ----------------------------------------------------------------------------- */

const char *
why_mode(const struct conf_source *source, enum field_id id, struct arena *arena)
{
	if (source->mode_line[id] == 0)
		return (field_mode_name(source->mode[id]));
	return (arena_printf(arena, "%s (%s:%u)", field_mode_name(source->mode[id]),
	    source->file, source->mode_line[id]));
}

struct why_date {
	enum field_id	 field;
	const char	*hr;
	const char	*served;
	const char	*mode;
	bool		 drifts;
};

static void
why_date(struct why *why, const struct plan_item *item, enum field_id id,
    struct why_date *date)
{
	const struct conf_source *source = item->record->source->conf;

	date->field = id;
	date->hr = item->record->now->value[id];
	date->served = item->verdict->value[id];
	date->mode = why_mode(source, id, why->request->arena);
	date->drifts = strcmp(date->hr != NULL ? date->hr : "",
	    date->served != NULL ? date->served : "") != 0;
}

/* The usual cause: the date was taken once and does not follow (promises P78). */
static const char *
why_drift(struct why *why, const struct why_date *date)
{
	return (arena_printf(why->request->arena, "the HR system says %s, but %s is served: %s is "
	    "%s", date->hr != NULL ? date->hr : "nothing",
	    date->served != NULL ? date->served : "nothing", field_get(date->field)->name,
	    date->mode));
}

static json_t *
why_date_object(const struct why_date *date, const char *text, const char *advice)
{
	return (json_pack("{s:s, s:o, s:o, s:s, s:b, s:s, s:o}", "field",
	    field_get(date->field)->name, "hr", request_string(date->hr), "served",
	    request_string(date->served), "mode", date->mode, "drifts", date->drifts, "text",
	    text, "advice", request_string(advice)));
}

static const char *
why_follow(struct why *why, const struct why_date *date)
{
	return (arena_printf(why->request->arena, "write %s = continuous under [fields], or "
	    "`rollcall reset` to take the date once more", field_get(date->field)->name));
}

static const char *
why_policy(const struct lifecycle *lifecycle)
{
	static const char *const words[] = { [RELEASE_IMMEDIATE] = "immediate",
	    [RELEASE_START_DATE] = "start-date", [RELEASE_MANUAL] = "manual" };

	return (words[lifecycle->release]);
}

json_t *
why_onboarding(struct why *why, const struct plan_item *item)
{
	const struct verdict *verdict = item->verdict;
	const char *advice, *text;
	struct why_date date;
	json_t *object;

	why_date(why, item, FIELD_START_DATE, &date);
	advice = NULL;
	if (date.drifts) {
		text = why_drift(why, &date);
		advice = why_follow(why, &date);
	} else if (date.hr == NULL) {
		text = "the HR system has no start date";
		advice = "enter the start date there";
	} else if (verdict->status == STATUS_ONBOARDING) {
		text = item->included ? "stands among the onboardings, and is served" :
		    "stands among the onboardings, and is not served yet: see the chain";
	} else {
		text = arena_printf(why->request->arena, "is no onboarding any more, but %s: look "
		    "in `rollcall list`", status_name(verdict->status));
	}
	object = why_date_object(&date, text, advice);
	(void)json_object_set_new(object, "release",
	    json_string(why_policy(&item->record->source->lifecycle)));
	(void)json_object_set_new(object, "status_hr",
	    request_string(item->record->now->value[FIELD_EMPLOYMENT_STATUS]));
	return (object);
}

json_t *
why_offboarding(struct why *why, const struct plan_item *item)
{
	const struct verdict *verdict = item->verdict;
	struct arena *arena = why->request->arena;
	char day[DAY_TEXT_SIZE];
	const char *advice, *text;
	struct why_date date;
	day_number end;
	json_t *object;

	why_date(why, item, FIELD_TERMINATION_DATE, &date);
	advice = NULL;
	end = date.served != NULL && day_parse(date.served, &end) ? end +
	    (item->record->source->lifecycle.first_day_off ? 0 : 1) : DAY_NONE;
	if (date.drifts) {
		text = why_drift(why, &date);
		advice = why_follow(why, &date);
	} else if (verdict->status == STATUS_DEPARTED) {
		text = "has left already";
	} else if (end == DAY_NONE) {
		text = "the HR system has no end date";
		advice = "enter the end date there";
	} else {
		text = arena_printf(arena, "leaves when %s begins in %s", day_format(end, day),
		    book_zone_name(item->book, verdict->zone));
	}
	object = why_date_object(&date, text, advice);
	(void)json_object_set_new(object, "leaves_on",
	    end == DAY_NONE ? json_null() : json_string(day_format(end, day)));
	(void)json_object_set_new(object, "zone",
	    json_string(book_zone_name(item->book, verdict->zone)));
	return (object);
}
