/*
 * Requests about what the safeguards hold: listing plans, showing one, approving it, letting some
 * people through.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "rules/gate.h"
#include "rules/names.h"
#include "store/audit.h"
#include "store/hold.h"
#include "store/incoming.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/apply.h"
#include "sync/doubt.h"
#include "sync/request/request.h"
#include "sync/request/show.h"

#define PLANS_ID_LEAST	6	/* characters that name a plan */
#define PLANS_NAMES	3	/* of each class, in a list */

/* ---- showing --------------------------------------------------------------------------------------- */

/* Of somebody new: what the held fetch says. */
static int
plans_name_new(struct request *request, struct db *db, const struct hold_change *change,
    json_t *row, struct err *err)
{
	struct employee employee;
	struct source_row source;
	const char *name;
	int result;

	result = source_find(db, change->source, request->arena, &source, err);
	if (result > 0)
		result = incoming_employee(db, source.id, change->kombo, request->arena,
		    &employee, err);
	if (result <= 0)
		return (result);
	name = employee.value[FIELD_DISPLAY_NAME];
	if (name == NULL)
		name = name_compose(request->arena, employee.value[FIELD_FIRST_NAME],
		    employee.value[FIELD_LAST_NAME]);
	(void)json_object_set_new(row, "name", request_string(name));
	return (0);
}

static int
plans_name(struct request *request, struct db *db, const struct hold_change *change,
    json_t *row, struct err *err)
{
	struct served_person served;
	struct person person;
	int result;

	if (change->person == 0)
		return (*change->kombo != '\0' ? plans_name_new(request, db, change, row, err) :
		    0);
	result = person_get(db, change->person, request->arena, &person, err);
	if (result <= 0)
		return (result);
	(void)json_object_set_new(row, "uid", json_string(person.uid));
	(void)json_object_set_new(row, "id", request_uuid(&person.uuid));
	result = served_get(db, change->person, request->arena, &served, err);
	if (result > 0)
		(void)json_object_set_new(row, "name",
		    request_string(served.value[FIELD_DISPLAY_NAME]));
	return (result < 0 ? -1 : 0);
}

static json_t *
plans_change(struct request *request, struct db *db, const struct hold_change *change,
    struct err *err)
{
	json_t *row;

	row = json_pack("{s:s, s:s, s:s, s:s, s:n, s:n, s:n}", "source", change->source, "class",
	    change->class, "subject", change->subject, "record", change->kombo, "uid", "id",
	    "name");
	(void)plans_name(request, db, change, row, err);
	return (row);
}

static const char *
plans_state(const struct hold_plan *plan, int64_t now)
{
	if (strcmp(plan->state, "approved") == 0 && plan->approved_at <= now - GATE_APPROVAL)
		return ("expired");
	return (plan->state);
}

static int
plans_classes(struct request *request, struct db *db, const struct hold_plan *plan,
    json_t **list, struct err *err)
{
	struct hold_class *classes;
	size_t count, i;

	*list = json_array();
	if (hold_class_list(db, plan->id, request->arena, &classes, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		(void)json_array_append_new(*list, show_class(&classes[i]));
	return (0);
}

/* How many names of the class stand in the list already. */
static size_t
plans_named(const json_t *names, const char *class)
{
	const json_t *row;
	size_t i, n;

	n = 0;
	json_array_foreach(names, i, row)
		n += strcmp(json_string_value(json_object_get(row, "class")), class) == 0;
	return (n);
}

/* All changes as rows, or the first few of each class. */
static int
plans_changes(struct request *request, struct db *db, const struct hold_plan *plan,
    bool all, json_t *list, struct err *err)
{
	struct hold_change *changes;
	size_t count, i;

	if (hold_change_list(db, plan->id, request->arena, &changes, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		if (all || plans_named(list, changes[i].class) < PLANS_NAMES)
			(void)json_array_append_new(list, plans_change(request, db, &changes[i],
			    err));
	return (err->code != ERR_NONE ? -1 : 0);
}

static json_t *
plans_pack(const struct hold_plan *plan, int64_t now, json_t *classes, json_t *changes)
{
	return (json_pack("{s:s, s:s#, s:s, s:s, s:b, s:o, s:o, s:o, s:s, s:o, s:o}", "id",
	    plan->id, "short", plan->id, HOLD_ID_SHOWN, "source", plan->source, "state",
	    plans_state(plan, now), "approvable", plan->approvable, "made",
	    request_instant(plan->made_at), "seen", request_instant(plan->seen_at), "approved",
	    request_instant(plan->approved_at), "approved_by", plan->approved_by, "classes",
	    classes, "changes", changes));
}

static int
plans_show(struct request *request, struct db *db, const struct hold_plan *plan, bool all,
    json_t **out, struct err *err)
{
	json_t *changes, *classes;
	int result;

	changes = json_array();
	result = plans_classes(request, db, plan, &classes, err);
	if (result == 0)
		result = plans_changes(request, db, plan, all, changes, err);
	*out = plans_pack(plan, clock_now(), classes, changes);
	return (result);
}

int
show_held_plans(struct request *request, struct db *db, json_t **list, struct err *err)
{
	struct hold_plan *plans;
	size_t count, i;
	json_t *plan;

	*list = json_array();
	if (hold_plan_list(db, request->arena, &plans, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		if (strcmp(plans[i].state, "held") != 0)
			continue;
		if (plans_show(request, db, &plans[i], false, &plan, err) < 0) {
			json_decref(plan);
			return (-1);
		}
		(void)json_array_append_new(*list, plan);
	}
	return (0);
}

int
request_plans(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	struct hold_plan *plans;
	size_t count, i;
	json_t *classes, *list;
	bool all;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	all = request_flag(request, "all");
	list = json_array();
	status = hold_plan_list(reader.db, request->arena, &plans, &count, err);
	for (i = 0; status == 0 && i < count; i++) {
		if (!all && strcmp(plans[i].state, "held") != 0 &&
		    strcmp(plans_state(&plans[i], reader.now), "approved") != 0)
			continue;
		status = plans_classes(request, reader.db, &plans[i], &classes, err);
		(void)json_array_append_new(list, plans_pack(&plans[i], reader.now, classes,
		    json_array()));
	}
	*result = json_pack("{s:o}", "plans", list);
	request_reader_close(request, &reader);
	return (status);
}

/* ---- one plan ---------------------------------------------------------------------------------------- */

static int
plans_find(struct request *request, struct db *db, struct hold_plan *plan, struct err *err)
{
	const char *id;
	int result;

	id = request_need(request, "plan", err);
	if (id == NULL)
		return (-1);
	if (strlen(id) < PLANS_ID_LEAST)
		return (err_set(err, ERR_USAGE, "\"%s\" names no plan: give at least the first %d "
		    "characters of its id", id, PLANS_ID_LEAST));
	result = hold_plan_find(db, id, request->arena, plan, err);
	if (result == 0)
		return (err_set(err, ERR_NOT_FOUND, "there is no plan %s: `rollcall plans` lists "
		    "those that are held", id));
	if (result > 1)
		return (err_set(err, ERR_AMBIGUOUS, "more than one plan begins with %s: give more "
		    "of its id", id));
	return (result < 0 ? -1 : 0);
}

int
request_plan_show(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	struct hold_plan plan;
	int status;

	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	status = plans_find(request, reader.db, &plan, err);
	if (status == 0)
		status = plans_show(request, reader.db, &plan, true, result, err);
	request_reader_close(request, &reader);
	return (status);
}

/* ---- approving ----------------------------------------------------------------------------------------- */

static int
plans_check(struct request *request, const struct hold_plan *plan, struct err *err)
{
	const char *source = *plan->source != '\0' ? plan->source : "the configuration";

	if (strcmp(plan->state, "applied") == 0)
		return (err_set(err, ERR_REFUSED, "plan %.*s has been applied already",
		    HOLD_ID_SHOWN, plan->id));
	if (strcmp(plan->state, "replaced") == 0)
		return (err_set(err, ERR_REFUSED, "plan %.*s is held no more: what came later for "
		    "%s took its place, see `rollcall plans`", HOLD_ID_SHOWN, plan->id, source));
	if (!plan->approvable)
		return (err_set(err, ERR_REFUSED, "plan %.*s cannot be approved: the HR system "
		    "delivered nobody at all; mend the cause and run `rollcall sync %s`",
		    HOLD_ID_SHOWN, plan->id, plan->source));
	if (*plan->source != '\0' && memcmp(plan->conf,
	    engine_conf(request->engine)->digest, sizeof(plan->conf)) != 0)
		return (err_set(err, ERR_REFUSED, "plan %.*s was made under another configuration: "
		    "run `rollcall sync %s` for one under this", HOLD_ID_SHOWN, plan->id,
		    plan->source));
	return (0);
}

/* A held reload is of the files as they were: they must still be the same. */
static int
plans_check_files(struct request *request, const struct hold_plan *plan, struct err *err)
{
	struct conf_findings findings = { .list = NULL };
	struct conf *conf;
	bool same;
	int result;

	result = conf_load(engine_folder(request->engine), &conf, &findings, err);
	conf_findings_close(&findings);
	if (result < 0)
		return (-1);
	same = memcmp(conf->digest, plan->conf, sizeof(plan->conf)) == 0;
	conf_close(&conf);
	if (!same)
		return (err_set(err, ERR_REFUSED, "the files in %s have changed since plan %.*s was "
		    "made: reload them, and approve what is held then",
		    engine_folder(request->engine), HOLD_ID_SHOWN, plan->id));
	return (0);
}

/* Writes the approval, and who gave it, into the history. */
static int
plans_approve(struct request *request, struct hold_plan *plan, struct err *err)
{
	struct db *db = engine_db(request->engine);
	struct audit_act act = { .made_at = clock_now(), .cause = "decision",
	    .actor = request->actor,
	    .source = *plan->source != '\0' ? plan->source : NULL };

	memcpy(act.conf, plan->conf, sizeof(act.conf));
	plan->state = "approved";
	plan->approved_at = engine_now(request->engine);
	plan->approved_by = request->actor;
	if (db_begin(db, err) < 0)
		return (-1);
	if (hold_plan_put(db, plan, err) < 0 || audit_note(db, &act, &(struct audit_row){
	    .what = request->name, .new = plan->id }, err) < 0) {
		db_rollback(db);
		return (-1);
	}
	if (db_commit(db, err) < 0)
		return (-1);
	log_info("plan.approve", "plan=%.*s source=%s actor=\"%s\"", HOLD_ID_SHOWN, plan->id,
	    plan->source, request->actor);
	return (0);
}

/* Applies what has just been approved. The engine's lock is held, and given up for a reload. */
static int
plans_apply(struct request *request, const struct hold_plan *plan,
    struct plan_report *report, bool *later, struct err *err)
{
	struct conf_findings findings = { .list = NULL };
	int result;

	*later = *plan->source != '\0' && engine_source_running(request->engine, plan->source);
	if (*later)
		return (0);
	if (*plan->source != '\0')
		return (pull_retry(request->engine, plan->source, request->actor, report, err));
	engine_unlock(request->engine);
	result = engine_reload(request->engine, &findings, err);
	conf_findings_close(&findings);
	engine_lock(request->engine);
	return (result < 0 ? -1 : 0);
}

static json_t *
plans_report(const struct hold_plan *plan, const struct plan_report *report, bool later)
{
	return (json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:I}", "id", plan->id, "source",
	    plan->source, "later", later, "entered", (json_int_t)report->entered, "left",
	    (json_int_t)report->left, "changed", (json_int_t)report->changed, "revision",
	    (json_int_t)report->revision));
}

int
request_plan_approve(struct request *request, json_t **result, struct err *err)
{
	struct plan_report report = { .revision = 0 };
	struct hold_plan plan;
	bool later;
	int status;

	later = false;
	engine_lock(request->engine);
	status = plans_find(request, engine_db(request->engine), &plan, err);
	if (status == 0)
		status = plans_check(request, &plan, err);
	if (status == 0 && *plan.source == '\0')
		status = plans_check_files(request, &plan, err);
	if (status == 0)
		status = plans_approve(request, &plan, err);
	if (status == 0)
		status = plans_apply(request, &plan, &report, &later, err);
	engine_unlock(request->engine);
	if (status < 0 && err->code == ERR_HELD)
		(void)err_context(err, "plan %.*s is approved, but it is no longer what would be "
		    "done", HOLD_ID_SHOWN, plan.id);
	if (status == 0)
		*result = plans_report(&plan, &report, later);
	return (status);
}

/* ---- the clock ------------------------------------------------------------------------------------------ */

static int
plans_confirm_clock(struct request *request, void *context, const char **about,
    struct err *err)
{
	struct doubt doubt;

	(void)context;
	if (doubt_get(engine_db(request->engine), &doubt, err) < 0)
		return (-1);
	*about = doubt_name(doubt.kind);
	return (doubt_confirm(engine_db(request->engine), err));
}

int
request_confirm_clock(struct request *request, json_t **result, struct err *err)
{
	int status;

	(void)result;
	engine_lock(request->engine);
	status = request_record(request, plans_confirm_clock, NULL, err);
	engine_unlock(request->engine);
	if (status < 0)
		return (-1);
	log_info("clock.confirmed", "actor=\"%s\"", request->actor);
	/* What waited takes effect at once. */
	return (engine_tick(request->engine, err));
}

/* ---- letting some through ---------------------------------------------------------------------------- */

struct plans_people {
	struct request	*request;
	int64_t		 source;
	const char	**kombos;
	size_t		 count;
	size_t		 room;
};

static void
plans_found_record(void *context, int64_t source, const char *kombo)
{
	struct plans_people *people = context;
	size_t i;

	if (source != people->source)
		return;
	for (i = 0; i < people->count; i++)
		if (strcmp(people->kombos[i], kombo) == 0)
			return;
	*(const char **)mem_grow(&people->kombos, people->count++, &people->room,
	    sizeof(*people->kombos)) = arena_dup(people->request->arena, kombo);
}

/* The records that one PERSON means: of somebody known, else of the held fetch. */
static int
plans_person(struct request *request, struct plans_people *people, const char *text,
    struct err *err)
{
	struct db *db = engine_db(request->engine);
	const size_t before = people->count;
	struct err unknown = ERR_INIT;
	int64_t person;

	if (request_person(db, text, request->arena, &person, &unknown) == 0) {
		if (record_keys_of_person(db, person, plans_found_record, people, err) < 0)
			return (-1);
	} else if (unknown.code != ERR_NOT_FOUND) {
		*err = unknown;
		return (-1);
	} else if (incoming_find(db, text, plans_found_record, people, err) < 0) {
		return (-1);
	}
	if (people->count == before)
		return (err_set(err, ERR_NOT_FOUND, "\"%s\" is nobody whom this plan is about: see "
		    "`rollcall plan show`", text));
	return (0);
}

static int
plans_people(struct request *request, const struct hold_plan *plan,
    struct plans_people *people, struct err *err)
{
	const json_t *list, *text;
	struct source_row source;
	size_t i;

	if (*plan->source == '\0')
		return (err_set(err, ERR_REFUSED, "plan %.*s is a configuration: it is approved "
		    "whole or not at all", HOLD_ID_SHOWN, plan->id));
	list = json_object_get(request->arguments, "person");
	if (!request_flag(request, "only") || json_array_size(list) == 0)
		return (err_set(err, ERR_USAGE, "say whom: rollcall apply %.*s --only PERSON ...; "
		    "`rollcall approve` applies all of it", HOLD_ID_SHOWN, plan->id));
	if (source_find(engine_db(request->engine), plan->source, request->arena, &source,
	    err) != 1)
		return (-1);
	people->request = request;
	people->source = source.id;
	json_array_foreach(list, i, text)
		if (json_string_value(text) == NULL || plans_person(request, people,
		    json_string_value(text), err) < 0)
			return (err->code != ERR_NONE ? -1 :
			    err_set(err, ERR_USAGE, "argument `person` is no list of texts"));
	return (0);
}

/*
 * Waits for a run that is fetching the source: what it brings may take the plan's place. Lock
 * held, given up meanwhile.
 */
static int
plans_wait(struct request *request, const char *source, struct err *err)
{
	if (!engine_source_begin(request->engine, source, true))
		return (err_set(err, ERR_CANCELLED, "rollcalld stops"));
	engine_source_end(request->engine, source);
	return (0);
}

/* The plan as it is held now, while no run is under way. Lock held. */
static int
plans_find_quiet(struct request *request, struct hold_plan *plan, struct err *err)
{
	struct db *db = engine_db(request->engine);

	if (plans_find(request, db, plan, err) < 0)
		return (-1);
	if (*plan->source != '\0' && engine_source_running(request->engine, plan->source))
		return (plans_wait(request, plan->source, err) < 0 ||
		    plans_find(request, db, plan, err) < 0 ? -1 : 0);
	return (0);
}

int
request_plan_apply(struct request *request, json_t **result, struct err *err)
{
	struct plans_people people = { .kombos = NULL };
	struct plan_report report = { .revision = 0 };
	struct hold_plan plan;
	struct err rest = ERR_INIT;
	int status;

	engine_lock(request->engine);
	status = plans_find_quiet(request, &plan, err);
	if (status == 0)
		status = plans_check(request, &plan, err);
	if (status == 0)
		status = plans_people(request, &plan, &people, err);
	if (status == 0)
		status = apply_some(&(struct apply){ .engine = request->engine,
		    .source = plan.source, .plan = plan.id, .actor = request->actor, .kombos = people.kombos,
		    .kombo_count = people.count }, &report, &rest);
	engine_unlock(request->engine);
	mem_free(&people.kombos);
	if (status < 0 && rest.code != ERR_HELD && err->code == ERR_NONE)
		*err = rest;
	if (err->code != ERR_NONE)
		return (-1);
	*result = plans_report(&plan, &report, false);
	(void)json_object_set_new(*result, "rest", rest.code == ERR_HELD ?
	    json_string(rest.text) : json_null());
	log_info("plan.apply", "plan=%.*s source=%s people=%zu actor=\"%s\"", HOLD_ID_SHOWN,
	    plan.id, plan.source, people.count, request->actor);
	return (0);
}
