/*
 * The request that looks for what is wrong with sources, before anybody misses somebody: the
 * key, the integration and its scopes, filters that match nothing, dates that do not follow, the
 * rights of the connection, clocks, and the ages of both hops (promises P6, P59, P79).
 */
#include "config.h"

#include "sync/request/doctor_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/history.h"
#include "store/person.h"
#include "store/record.h"
#include "sync/doubt.h"
#include "sync/request/show.h"
#include "sync/trial.h"

#define DOCTOR_SKEW_WARN	CLOCK_MINUTE
#define DOCTOR_SKEW_BAD		CLOCK_HOUR	/* no date takes effect any more (rulings F4) */
#define DOCTOR_OLD_DATA		(7 * CLOCK_DAY)

const struct doctor_place doctor_nowhere;

int
doctor_say(struct doctor *doctor, enum doctor_level level, const char *check,
    struct doctor_place place, const char *text, const char *advice)
{
	static const char *const words[] = { [DOCTOR_WELL] = "well",
	    [DOCTOR_WARNING] = "warning", [DOCTOR_ERROR] = "error" };

	doctor->warnings += level == DOCTOR_WARNING;
	doctor->errors += level == DOCTOR_ERROR;
	return (request_row(doctor->request, json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:I}",
	    "source", doctor->source, "check", check, "level", words[level], "text", text,
	    "advice", request_string(advice), "file", request_string(place.file), "line",
	    (json_int_t)place.line), doctor->err));
}

/* ---- what can be told without Kombo --------------------------------------------------------------- */

static int
doctor_state(struct doctor *doctor, const struct source_row *row)
{
	struct arena *arena = doctor->request->arena;

	if (row->approved == 0)
		return (doctor_say(doctor, DOCTOR_WARNING, "state", doctor_nowhere,
		    "is not approved: nothing of it is served", arena_printf(arena,
		    "rollcall preview %s, then rollcall source approve %s", row->name,
		    row->name)));
	if (!row->enabled)
		return (doctor_say(doctor, DOCTOR_WARNING, "state", doctor_nowhere,
		    "is disabled: its people stay served, nothing new comes",
		    arena_printf(arena, "rollcall source enable %s", row->name)));
	return (doctor_say(doctor, DOCTOR_WELL, "state", doctor_nowhere, "approved and enabled", NULL));
}

/* A date that is not continuous does not follow the HR system (promises P42, P78). */
static int
doctor_dates(struct doctor *doctor, const struct conf_source *source)
{
	static const enum field_id dates[] = { FIELD_START_DATE, FIELD_TERMINATION_DATE };
	struct doctor_place place = { .file = source->file };
	bool well;
	size_t i;

	well = true;
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		if (source->mode[dates[i]] == MODE_CONTINUOUS)
			continue;
		well = false;
		place.line = source->mode_line[dates[i]];
		if (doctor_say(doctor, DOCTOR_WARNING, "dates", place,
		    arena_printf(doctor->request->arena, "%s is %s: changes in the HR system do "
		    "not move the day", field_get(dates[i])->name,
		    field_mode_name(source->mode[dates[i]])), "make it continuous") < 0)
			return (-1);
	}
	return (!well ? 0 : doctor_say(doctor, DOCTOR_WELL, "dates", doctor_nowhere,
	    conf_provider(source) == CONF_FROM_CSV ? "start and end dates follow the file" :
	    "start and end dates follow the HR system", NULL));
}

static const char *
doctor_age(struct doctor *doctor, int64_t instant)
{
	int64_t age = doctor->now - instant;

	if (instant == 0)
		return ("never");
	if (age < 2 * CLOCK_HOUR)
		return (arena_printf(doctor->request->arena, "%" PRId64 " min ago",
		    age < 0 ? 0 : age / CLOCK_MINUTE));
	return (arena_printf(doctor->request->arena, "%" PRId64 " h ago", age / CLOCK_HOUR));
}

/* Both hops: our fetch, and what Kombo last saw change (promises C1). */
static int
doctor_ages(struct doctor *doctor, const struct conf_source *source,
    const struct source_row *row)
{
	struct arena *arena = doctor->request->arena;
	bool csv = conf_provider(source) == CONF_FROM_CSV;
	int64_t interval;
	bool late, old;

	if (row->approved == 0)
		return (0);
	interval = conf_source_number(doctor->conf, source, CONF_SOURCE_INTERVAL);
	late = row->enabled && conf_source_fetches(source) && doctor->now - row->succeeded_at > 2 * interval + CLOCK_MINUTE;
	old = row->upstream_at != 0 && doctor->now - row->upstream_at > DOCTOR_OLD_DATA;
	if (doctor_say(doctor, late ? DOCTOR_WARNING : DOCTOR_WELL, "age", doctor_nowhere,
	    arena_printf(arena, "%s: %s, the last complete one: %s%s%s",
	    conf_source_fetches(source) ? "our last good fetch" : "the last import",
	    doctor_age(doctor, row->succeeded_at), doctor_age(doctor, row->full_at),
	    *row->error != '\0' ? "; the last try failed: " : "", row->error_text),
	    late ? "is rollcalld running? rollcall status, and its log" : NULL) < 0)
		return (-1);
	return (doctor_say(doctor, old ? DOCTOR_WARNING : DOCTOR_WELL, "upstream", doctor_nowhere,
	    arena_printf(arena, "%s: %s", csv ? "the file as it was taken was written" :
	    "the newest change that Kombo saw in the HR system",
	    doctor_age(doctor, row->upstream_at)), !old ? NULL : csv ?
	    "is the file still written? an old one brings nobody new" :
	    "look in Kombo whether the integration still syncs"));
}

/* ---- what was fetched ------------------------------------------------------------------------------- */

static int
doctor_clock(struct doctor *doctor, const struct fetched *fetched)
{
	int64_t skew = fetched->skew < 0 ? -fetched->skew : fetched->skew;
	enum doctor_level level;

	level = skew > DOCTOR_SKEW_BAD ? DOCTOR_ERROR :
	    skew > DOCTOR_SKEW_WARN ? DOCTOR_WARNING : DOCTOR_WELL;
	return (doctor_say(doctor, level, "clock", doctor_nowhere, arena_printf(doctor->request->arena,
	    "this machine is %.0f s %s Kombo's clock", (double)skew / (double)CLOCK_SECOND,
	    fetched->skew < 0 ? "behind" : "ahead of"),
	    level != DOCTOR_WELL ? "set this machine's clock: days begin by it" : NULL));
}

/* Fields that Kombo cannot deliver: their nulls say nothing, stored values are kept. */
static int
doctor_fields(struct doctor *doctor, const struct conf_source *source,
    const struct fetched *fetched)
{
	bool csv = conf_provider(source) == CONF_FROM_CSV;
	struct doctor_place place = { .file = source->file };
	bool well;
	size_t i;

	well = true;
	for (i = 0; i < FIELD_N; i++) {
		if ((fetched->unavailable & UINT32_C(1) << i) == 0 ||
		    source->mode[i] == MODE_OFF || source->mode[i] == MODE_LOCAL)
			continue;
		well = false;
		place.line = source->mode_line[i];
		if (doctor_say(doctor, DOCTOR_WARNING, "scope", place,
		    arena_printf(doctor->request->arena, csv ? "%s has no column in the file: what "
		    "is known of it stays" : "%s is not available: the HR system's "
		    "connector lacks it, or it is off in Kombo's scope config, or the customer "
		    "opted out", field_get((enum field_id)i)->name), csv ?
		    "add the column, or write the field as off or local under [fields]" :
		    "switch it on in Kombo, or write it as off or local under [fields]") < 0)
			return (-1);
	}
	return (!well ? 0 : doctor_say(doctor, DOCTOR_WELL, "scope", doctor_nowhere,
	    csv ? "the file has a column for every field that is wanted" :
	    "Kombo delivers every field that is fetched", NULL));
}

static int
doctor_problems(struct doctor *doctor, const struct fetched *fetched)
{
	struct arena *arena = doctor->request->arena;
	size_t i, records;

	records = 0;
	for (i = 0; i < fetched->problem_count; i++) {
		if (strcmp(fetched->problems[i].code, "model-not-available") != 0) {
			records++;
			continue;
		}
		if (doctor_say(doctor, DOCTOR_WARNING, "model", doctor_nowhere, arena_printf(arena,
		    "%s: %s", fetched->problems[i].model, fetched->problems[i].detail),
		    "switch the model on in Kombo's scope config, if the HR system has it") < 0)
			return (-1);
	}
	if (fetched->doubt != NULL && doctor_say(doctor, DOCTOR_WARNING, "integration", doctor_nowhere,
	    fetched->doubt, "put it right in Kombo") < 0)
		return (-1);
	if (records == 0)
		return (doctor_say(doctor, DOCTOR_WELL, "records", doctor_nowhere, arena_printf(arena,
		    "all of %" PRId64 " records can be read", fetched->seen), NULL));
	return (doctor_say(doctor, DOCTOR_WARNING, "records", doctor_nowhere, arena_printf(arena,
	    "%zu things in %" PRId64 " records cannot be read", records, fetched->seen),
	    "rollcall source list names them after the next run"));
}

/* ---- one source --------------------------------------------------------------------------------------- */

/* What there is to know of a file: where, how old, how many rows and columns. */
static int
doctor_file(struct doctor *doctor, const struct trial_source *source)
{
	const struct fetched *fetched = source->fetched;
	size_t columns, i, wanted;

	columns = wanted = 0;
	for (i = 0; i < FIELD_N; i++) {
		if (i == FIELD_GROUPS || source->conf->mode[i] == MODE_OFF ||
		    source->conf->mode[i] == MODE_LOCAL)
			continue;
		wanted++;
		columns += (fetched->unavailable & UINT32_C(1) << i) == 0;
	}
	return (doctor_say(doctor, DOCTOR_WELL, "file", doctor_nowhere, arena_printf(
	    doctor->request->arena, "%s is a table, read to its end: %" PRId64 " rows, columns "
	    "for %zu of %zu fields, written %s", conf_source_origin(source->conf), fetched->seen,
	    columns, wanted, doctor_age(doctor, fetched->upstream_at)), NULL));
}

static int
doctor_key(struct doctor *doctor, const struct trial_source *source)
{
	return (doctor_say(doctor, DOCTOR_WELL, "key", doctor_nowhere, arena_printf(
	    doctor->request->arena, "key and integration are good: %u requests, every page came",
	    source->fetched->requests), NULL));
}

static int
doctor_fetched(struct doctor *doctor, const struct trial_source *source)
{
	const struct fetched *fetched = source->fetched;
	bool csv = conf_provider(source->conf) == CONF_FROM_CSV;
	struct doctor_values values = { .today = (day_number)(doctor->now / CLOCK_DAY) };
	size_t i;
	int result;

	values.arena = arena_open();
	result = csv ? doctor_file(doctor, source) : doctor_key(doctor, source);
	if (result == 0)
		result = doctor_gather(&values, fetched, doctor->err);
	if (result == 0 && ((!csv && doctor_clock(doctor, fetched) < 0) ||
	    doctor_fields(doctor, source->conf, fetched) < 0 ||
	    doctor_problems(doctor, fetched) < 0 ||
	    doctor_filters(doctor, source->conf, &values) < 0 ||
	    doctor_people(doctor, source->conf, &values) < 0))
		result = -1;
	for (i = 0; i < SCOPE_KEYS; i++)
		map_close(&values.known[i]);
	arena_close(&values.arena);
	return (result);
}

static void
doctor_progress(void *context, const char *source, const char *model, int64_t records)
{
	struct doctor *doctor = context;

	if (doctor->progress.source == NULL || strcmp(doctor->progress.source, source) != 0) {
		doctor->progress = (struct request_progress){ .source = source };
		request_expect(doctor->request, &doctor->progress, true);
	}
	request_tell(&doctor->progress, model, 0, records);
}

/* A source that cannot be fetched is a finding, not the end. */
static int
doctor_live(struct doctor *doctor, const struct conf *tried, const struct conf_source *source)
{
	const struct trial_order order = { .conf = tried, .source = source->name, .day = DAY_NONE,
	    .trusted = request_trusted(doctor->request), .progress = doctor_progress,
	    .context = doctor };
	const struct trial_source *sources;
	struct err why = ERR_INIT;
	struct trial *trial;
	size_t count;
	int result;

	if (trial_open(doctor->request->engine, &order, &trial, &why) < 0) {
		if (doctor->exit == 0)
			doctor->exit = err_kind(why.code)->exit_status;
		return (doctor_say(doctor, DOCTOR_ERROR, conf_provider(source) == CONF_FROM_CSV ?
		    "file" : "key", doctor_nowhere, arena_printf(doctor->request->arena, "%s: %s",
		    err_kind(why.code)->title, why.text), NULL));
	}
	sources = trial_sources(trial, &count);
	result = count == 0 ? 0 : doctor_fetched(doctor, &sources[0]);
	trial_close(&trial);
	return (result);
}

static int
doctor_source(struct doctor *doctor, const struct conf *tried,
    const struct conf_source *source, const struct source_row *row)
{
	doctor->source = source->name;
	if (tried == NULL && doctor_state(doctor, row) < 0)
		return (-1);
	if (conf_provider(source) == CONF_FROM_HAND)
		return (doctor_say(doctor, DOCTOR_WELL, "hand", doctor_nowhere, "people added by hand: "
		    "nothing is fetched, nobody but rollcall add, change and remove alters them",
		    NULL));
	if ((tried == NULL && doctor_ages(doctor, source, row) < 0) ||
	    doctor_dates(doctor, source) < 0)
		return (-1);
	if (conf_source_fetches(source))
		return (doctor_live(doctor, tried, source));
	return (doctor_say(doctor, DOCTOR_WELL, "file", doctor_nowhere, "[source] names no file: people "
	    "come with rollcall import alone", NULL));
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

/* A date that has come and had no effect: nobody ticks. */
static int
doctor_house(struct doctor *doctor, int64_t due)
{
	bool late = due != 0 && doctor->now - due > CLOCK_HOUR;

	doctor->source = "";
	return (doctor_say(doctor, late ? DOCTOR_ERROR : DOCTOR_WELL, "midnight", doctor_nowhere,
	    late ? "dates that have come have had no effect for more than an hour" :
	    "dates take effect in time", late ?
	    "is rollcalld running, and is the clock in doubt? rollcall status, and its log" :
	    NULL));
}

/* While the clock is not believed, no date has an effect (rulings F4). */
static int
doctor_doubt(struct doctor *doctor, const struct doubt *doubt)
{
	struct arena *arena = doctor->request->arena;
	char since[CLOCK_TEXT_SIZE];

	if (doubt->kind == DOUBT_NONE)
		return (0);
	doctor->source = "";
	return (doctor_say(doctor, DOCTOR_ERROR, "clock", doctor_nowhere, arena_printf(arena,
	    "this machine's clock is in doubt since %s: it %s by %lld seconds; no date takes "
	    "effect", clock_format(doubt->since, 0, since), doubt->kind == DOUBT_JUMP ?
	    "jumped" : "differs from Kombo's", (long long)(doubt->by / CLOCK_SECOND)),
	    "set it right; a run that agrees with it ends this, and so does rollcall "
	    "confirm-clock"));
}

/* What the database says of a source; of one it does not know, that it is not approved. */
static int
doctor_row(struct doctor *doctor, struct db *db, const char *name, struct source_row *row)
{
	int result;

	result = source_find(db, name, doctor->request->arena, row, doctor->err);
	if (result == 0)
		*row = (struct source_row){ .name = name, .enabled = true, .error = "",
		    .error_text = "" };
	return (result < 0 ? -1 : 0);
}

static int
doctor_all(struct doctor *doctor, const struct request_reader *reader,
    const struct conf *tried, int *found)
{
	const char *wanted = request_text(doctor->request, "source");
	struct source_row row;
	struct doubt doubt;
	int64_t due;
	size_t i;

	if (person_next_due(reader->db, &due, doctor->err) < 0 ||
	    doubt_get(reader->db, &doubt, doctor->err) < 0)
		return (-1);
	db_rollback(reader->db);	/* nothing stays open while the network is waited for */
	if (tried == NULL && wanted == NULL && (doctor_doubt(doctor, &doubt) < 0 ||
	    doctor_house(doctor, due) < 0))
		return (-1);
	for (i = 0; i < doctor->conf->source_count; i++) {
		if (wanted != NULL && strcmp(wanted, doctor->conf->sources[i].name) != 0)
			continue;
		*found = 1;
		if (doctor_row(doctor, reader->db, doctor->conf->sources[i].name, &row) < 0 ||
		    doctor_source(doctor, tried, &doctor->conf->sources[i], &row) < 0)
			return (-1);
	}
	if (wanted != NULL && *found == 0)
		return (err_set(doctor->err, ERR_NOT_FOUND, "there is no source %s: sources are "
		    "the files in %s/sources.d", wanted, doctor->conf->folder));
	return (0);
}

int
request_doctor(struct request *request, json_t **result, struct err *err)
{
	struct doctor doctor = { .request = request, .source = "", .err = err };
	struct request_reader reader;
	struct conf *tried;
	int found, status;

	if (request_conf(request, &tried, err) < 0)
		return (-1);
	if (request_reader_open(request, &reader, err) < 0) {
		conf_close(&tried);
		return (-1);
	}
	doctor.conf = tried != NULL ? tried : reader.conf;
	doctor.now = clock_now();
	found = 0;
	status = doctor_all(&doctor, &reader, tried, &found);
	request_reader_close(request, &reader);
	conf_close(&tried);
	if (status == 0)
		*result = json_pack("{s:I, s:I, s:i}", "warnings", doctor.warnings, "errors",
		    doctor.errors, "exit", doctor.exit != 0 ? doctor.exit :
		    doctor.errors > 0 || doctor.warnings > 0 ? 1 : 0);
	return (status);
}
