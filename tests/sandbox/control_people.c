/*
 * Control calls about people. Owns nothing; the lock is held.
 */
#include "config.h"

#include "tests/sandbox/control.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/churn.h"
#include "tests/sandbox/edit.h"
#include "tests/sandbox/emit.h"
#include "tests/sandbox/find.h"
#include "tests/sandbox/links.h"
#include "tests/sandbox/render.h"

#define PEOPLE_COUNT 1000	/* listed at once, at most */
#define CHURN_MAX 1000000

/* The record with nothing left out, and what is behind it. */
static void
truth_emit(struct control *control, uint32_t index)
{
	const struct employee *employee;
	struct tenant_room room;
	struct scene scene;
	struct sight sight;
	struct links links;

	employee = tenant_person(control->tenant, index, &room);
	sight = track_employee(control->tenant, employee, control->now);
	links_find(&control->tenant->people, index, &links);
	emit_lit(control->out, "{");
	emit_pair_integer(control->out, "index", index);
	emit_pair_text(control->out, "oddity", oddity_name(links.oddity));
	emit_pair_bool(control->out, "exists", sight.exists);
	emit_pair_bool(control->out, "anonymous", sight.anonymous);
	emit_pair_instant(control->out, "deleted_at", sight.deleted_at);
	emit_pair_instant(control->out, "updated_at",
	    track_updated(control->tenant, employee, &sight, control->now));
	emit_pair_text(control->out, "poison", poison_name(employee->poison));
	emit_key(control->out, "record");
	scene_open_truth(&scene, control->tenant, control->out, control->now);
	render_employee(&scene, employee, &sight);
	scene_close(&scene);
	emit_lit(control->out, "}");
}

static int
who_find(struct control *control, uint32_t *index, struct err *err)
{
	return (find_person(control->tenant, json_object_get(control->in, "who"), index,
	    err));
}

static uint32_t
parameter_number(const struct control *control, const char *name, uint32_t standard)
{
	const char *text;

	text = request_parameter(control->request, name);
	return (text != NULL ? (uint32_t)strtoul(text, NULL, 10) : standard);
}

int
control_people(struct control *control, struct err *err)
{
	const char *who;
	json_t *name;
	uint32_t count, from, index;
	int result;

	who = request_parameter(control->request, "who");
	if (who != NULL) {
		name = json_string(who);
		result = find_person(control->tenant, name, &index, err);
		json_decref(name);
		if (result == 0)
			truth_emit(control, index);
		return (result);
	}
	from = parameter_number(control, "from", 0);
	count = parameter_number(control, "count", PEOPLE_COUNT);
	emit_lit(control->out, "{");
	emit_pair_integer(control->out, "total", control->tenant->count);
	emit_lit(control->out, "\"people\":[");
	for (index = from; index < control->tenant->count && index - from < count;
	     index++) {
		truth_emit(control, index);
		emit_lit(control->out, ",");
	}
	emit_close(control->out, ']');
	emit_lit(control->out, "}");
	return (0);
}

static int
members_set(struct control *control, uint32_t index, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(control->in, "set"), key,
	    value) if (edit_set(control->tenant, index, key, value, control->now,
			   err) != 0) return (-1);
	truth_emit(control, index);
	return (0);
}

int
control_hire(struct control *control, struct err *err)
{
	uint32_t index;

	index = edit_hire(control->tenant, control->now)->index;
	if (members_set(control, index, err) != 0)
		return (-1);
	/* However the person was hired, that was the first that Kombo saw. */
	tenant_edit(control->tenant, index)->first_at = control->now;
	return (0);
}

int
control_set(struct control *control, struct err *err)
{
	uint32_t index;

	if (who_find(control, &index, err) != 0)
		return (-1);
	return (members_set(control, index, err));
}

int
control_leave(struct control *control, struct err *err)
{
	const char *date, *status;
	day_number day;
	uint32_t index;

	date = control_text(control, "date");
	day = (day_number)(control->now / CLOCK_DAY) - 1;
	if (date != NULL && !day_parse(date, &day))
		return (err_set(err, ERR_USAGE, "date: %s is no date", date));
	if (who_find(control, &index, err) != 0)
		return (-1);
	edit_leave(control->tenant, index, day, control->now);
	status = control_text(control, "status");
	if (status != NULL)
		edit_status(control->tenant, index, status, control->now);
	truth_emit(control, index);
	return (0);
}

int
control_delete(struct control *control, struct err *err)
{
	uint32_t index;

	if (who_find(control, &index, err) != 0)
		return (-1);
	edit_delete(control->tenant, index, control->now);
	truth_emit(control, index);
	return (0);
}

int
control_undelete(struct control *control, struct err *err)
{
	uint32_t index;

	if (who_find(control, &index, err) != 0)
		return (-1);
	edit_undelete(control->tenant, index, control->now);
	truth_emit(control, index);
	return (0);
}

int
control_person_recreate(struct control *control, struct err *err)
{
	uint32_t index;

	if (who_find(control, &index, err) != 0)
		return (-1);
	index = edit_recreate(control->tenant, index,
	    control_text(control, "remote_id"), control->now)
		    ->index;
	truth_emit(control, index);
	return (0);
}

int
control_employment(struct control *control, struct err *err)
{
	uint32_t index;

	if (who_find(control, &index, err) != 0 ||
	    edit_contract(control->tenant, index,
		(int)control_number(control, "place", -1),
		json_object_get(control->in, "set"), control->now, err) != 0)
		return (-1);
	truth_emit(control, index);
	return (0);
}

int
control_balance(struct control *control, struct err *err)
{
	uint32_t index;

	if (who_find(control, &index, err) != 0 ||
	    edit_balance(control->tenant, index, json_object_get(control->in, "set"),
	    control->now, err) != 0)
		return (-1);
	truth_emit(control, index);
	return (0);
}

int
control_poison(struct control *control, struct err *err)
{
	const char *name;
	enum poison poison;
	uint32_t index;

	name = control_text(control, "poison");
	poison = name == NULL ? POISON_NONE : poison_find(name);
	if (poison == POISON_N)
		return (err_set(err, ERR_USAGE, "poison: there is no %s", name));
	if (who_find(control, &index, err) != 0)
		return (-1);
	tenant_edit(control->tenant, index)->poison = poison;
	tenant_edit(control->tenant, index)->changed_at = control->now;
	edit_done(control->tenant, TENANT_NEWS(KIND_EMPLOYEE), control->now);
	truth_emit(control, index);
	return (0);
}

int
control_settle(struct control *control, struct err *err)
{
	(void)err;
	emit_lit(control->out, "{");
	emit_pair_integer(control->out, "changed", edit_settle(control->tenant,
	    (day_number)(control->now / CLOCK_DAY), control->now));
	emit_close(control->out, '}');
	return (0);
}

int
control_churn(struct control *control, struct err *err)
{
	int64_t events, i;

	events = control_number(control, "events", 1);
	if (events < 0 || events > CHURN_MAX)
		return (err_set(err, ERR_USAGE, "events: from 0 to %d", CHURN_MAX));
	emit_lit(control->out, "[");
	for (i = 0; i < events; i++) {
		churn_event(control->tenant, control->sandbox->churned++, control->now,
		    control->out);
		emit_lit(control->out, ",");
	}
	emit_close(control->out, ']');
	return (0);
}
