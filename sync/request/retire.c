/*
 * The request `source.retire`: what becomes of the people of a source whose file is no more.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "store/history.h"
#include "store/incoming.h"
#include "store/link.h"
#include "store/local.h"
#include "store/record.h"
#include "store/source.h"
#include "sync/request/request.h"
#include "sync/step.h"

struct retiring {
	struct request		*request;
	struct db		*db;
	struct source_row	 row;
	int64_t			*people;
	size_t			 count;
	size_t			 room;
	struct plan_report	 report;
};

static int
retire_check(struct retiring *retiring, bool keep, bool purge, struct err *err)
{
	const char *name;
	int result;

	name = request_need(retiring->request, "source", err);
	if (name == NULL)
		return (-1);
	if (keep == purge)
		return (err_set(err, ERR_USAGE, "say what becomes of the people of %s: --keep lets "
		    "them stay as if entered by hand, --purge erases them", name));
	result = source_find(retiring->db, name, retiring->request->arena, &retiring->row, err);
	if (result < 0)
		return (-1);
	if (result == 0)
		return (err_set(err, ERR_NOT_FOUND, "there is no source %s: see `rollcall source "
		    "list`", name));
	if (*retiring->row.retired == '\0')
		return (err_set(err, ERR_REFUSED, "source %s is in force: take its file %s/"
		    CONF_SOURCE_FOLDER "%s" CONF_ENDING " away and reload first", name,
		    engine_folder(retiring->request->engine), name));
	if (strcmp(retiring->row.retired, SOURCE_PURGED) == 0)
		return (err_set(err, ERR_REFUSED, "the people of source %s have been erased",
		    name));
	return (0);
}

static void
retire_add(struct retiring *retiring, int64_t person)
{
	int64_t *slot;

	slot = mem_grow(&retiring->people, retiring->count++, &retiring->room, sizeof(*slot));
	*slot = person;
}

static int
retire_collect(struct retiring *retiring, struct err *err)
{
	struct record_row row;
	int result;

	record_walk(retiring->db, retiring->row.id);
	while ((result = record_walk_next(retiring->db, &row, err)) > 0) {
		if (row.person == 0)
			continue;
		retire_add(retiring, row.person);
	}
	return (result);
}

/* Groups that no HR system owns end with the source they stand in, whoever is a member. */
static int
retire_groups(struct retiring *retiring, struct plan_order *order, struct err *err)
{
	struct unit *groups;
	int64_t *people;
	size_t count, i, j, people_count;

	if (local_groups(retiring->db, retiring->row.id, retiring->request->arena, &groups,
	    &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		groups[i].gone = true;
		if (local_member_list(retiring->db, groups[i].id, retiring->request->arena,
		    &people, &people_count, err) < 0)
			return (-1);
		for (j = 0; j < people_count; j++)
			retire_add(retiring, people[j]);
	}
	order->groups = groups;
	order->group_count = count;
	return (0);
}

/* Erases what is stored of the source; its people stay known by their ids alone. */
static int
retire_purge(struct retiring *retiring, struct err *err)
{
	struct engine *engine = retiring->request->engine;
	struct plan_order order = {
		.actor = retiring->request->actor,
		.conf = engine_conf(engine),
		.zones = engine_zones(engine),
		.now = engine_now(engine),
	};

	if (retire_collect(retiring, err) < 0 ||
	    record_purge_source(retiring->db, retiring->row.id, err) < 0 ||
	    link_delete_source(retiring->db, retiring->row.id, err) < 0 ||
	    problem_clear(retiring->db, retiring->row.id, err) < 0 ||
	    incoming_drop(retiring->db, retiring->row.id, err) < 0)
		return (-1);
	retiring->row.approved = retiring->row.watermark = retiring->row.full_at = 0;
	if (source_save(retiring->db, &retiring->row, err) < 0)
		return (-1);
	if (retire_groups(retiring, &order, err) < 0)
		return (-1);
	order.people = retiring->people;
	order.people_count = retiring->count;
	if (engine_publish_inside(engine, &order, &retiring->report, err) < 0)
		return (-1);
	return (unit_purge_source(retiring->db, retiring->row.id, err));
}

static int
retire_inside(struct retiring *retiring, struct err *err)
{
	bool keep, purge;

	keep = request_flag(retiring->request, "keep");
	purge = request_flag(retiring->request, "purge");
	if (retire_check(retiring, keep, purge, err) < 0)
		return (-1);
	retiring->row.retired = keep ? SOURCE_KEPT : SOURCE_PURGED;
	if (request_remember(retiring->request, arena_printf(retiring->request->arena, "%s %s",
	    retiring->row.name, retiring->row.retired), err) < 0)
		return (-1);
	return (keep ? source_save(retiring->db, &retiring->row, err) :
	    retire_purge(retiring, err));
}

int
request_source_retire(struct request *request, json_t **result, struct err *err)
{
	struct retiring retiring = { .request = request };
	int status;

	engine_lock(request->engine);
	retiring.db = engine_db(request->engine);
	status = db_begin(retiring.db, err);
	if (status == 0)
		status = retire_inside(&retiring, err);
	if (status == 0)
		status = db_commit(retiring.db, err);
	if (status == 0)
		step_done(STEP_COMMIT);
	else
		db_rollback(retiring.db);
	engine_unlock(request->engine);
	mem_free(&retiring.people);
	if (status < 0)
		return (-1);
	log_info("source.retire", "source=%s how=%s actor=\"%s\" left=%lld erased=%lld",
	    retiring.row.name, retiring.row.retired, request->actor,
	    (long long)retiring.report.left, (long long)retiring.report.erased);
	*result = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "source", retiring.row.name,
	    "retired", retiring.row.retired, "left", (json_int_t)retiring.report.left, "erased",
	    (json_int_t)retiring.report.erased, "entries", (json_int_t)retiring.report.changed,
	    "revision", (json_int_t)retiring.report.revision);
	return (0);
}
