/*
 * Owns nothing. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/churn.h"

#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/draw.h"
#include "tests/sandbox/edit.h"
#include "tests/sandbox/emit.h"

#define CHURN_TRIES 50	/* to find somebody who is there */

/* What is drawn for one event. */
struct churn {
	struct tenant	*tenant;
	uint64_t	 serial;
	int64_t		 now;
};

static uint32_t
roll(const struct churn *churn, uint32_t what, uint32_t limit)
{
	return (draw_below(churn->tenant->people.seed, DRAW_CHURN,
	    churn->serial * 64 + what, limit));
}

/* Somebody who is ACTIVE, has a title and is not the one at the top. */
static bool
somebody(const struct churn *churn, uint32_t *index)
{
	const struct employee *employee;
	struct tenant_room room;
	const char *status;
	uint32_t try;

	for (try = 0; churn->tenant->count > 1 && try < CHURN_TRIES; try++) {
		*index = 1 + roll(churn, 8 + try, churn->tenant->count - 1);
		employee = tenant_person(churn->tenant, *index, &room);
		status = employee->text[TEXT_employment_status];
		if (employee->deleted_at == 0 && status != NULL &&
		    strcmp(status, "ACTIVE") == 0 && employee->end == DAY_NONE)
			return (true);
	}
	return (false);
}

static void
hire(const struct churn *churn, uint32_t index)
{
	(void)index;
	(void)edit_hire(churn->tenant, churn->now);
}

/* Most future starters are known some weeks ahead. */
static void
hire_later(const struct churn *churn, uint32_t index)
{
	struct employee *employee;

	(void)index;
	employee = edit_hire(churn->tenant, churn->now);
	employee->start += 1 + (int32_t)roll(churn, 1, 60);
	employee_text_set(&employee->text[TEXT_employment_status], "PENDING");
}

static void
set(const struct churn *churn, uint32_t index, const char *key, json_t *value)
{
	(void)edit_set(churn->tenant, index, key, value, churn->now, NULL);
	json_decref(value);
}

static void
promote(const struct churn *churn, uint32_t index)
{
	const struct nation_names *titles;
	const struct people *people = &churn->tenant->people;

	titles = &people->nations[roll(churn, 1, people->nation_count)]->titles;
	set(churn, index, "job_title", json_string(
	    titles->list[roll(churn, 2, (uint32_t)titles->count - 1)].text));
}

static void
move(const struct churn *churn, uint32_t index)
{
	set(churn, index, "work_location_id",
	    json_integer(roll(churn, 1, churn->tenant->people.locations)));
}

static void
change_manager(const struct churn *churn, uint32_t index)
{
	set(churn, index, "manager_id", json_integer(roll(churn, 1, (index + 7) / 8)));
}

static void
change_team(const struct churn *churn, uint32_t index)
{
	const struct people *people = &churn->tenant->people;
	json_t *groups;

	groups = json_array();
	(void)json_array_append_new(groups,
	    json_integer(roll(churn, 1, people->departments)));
	(void)json_array_append_new(groups, json_integer(people->departments +
	    roll(churn, 2, people->teams)));
	set(churn, index, "groups", groups);
}

static void
change_phone(const struct churn *churn, uint32_t index)
{
	char *phone;

	phone = mem_printf("+33 6 %08u", roll(churn, 1, 100000000));
	set(churn, index, "mobile_phone_number", json_string(phone));
	mem_free(&phone);
}

static void
change_mail(const struct churn *churn, uint32_t index)
{
	char *mail;

	mail = mem_printf("renamed.%u@%s", roll(churn, 1, 1000000000),
	    churn->tenant->domain);
	set(churn, index, "work_email", json_string(mail));
	mem_free(&mail);
}

static void
leave(const struct churn *churn, uint32_t index)
{
	edit_leave(churn->tenant, index, (day_number)(churn->now / CLOCK_DAY) +
	    (int32_t)roll(churn, 1, 40) - 10, churn->now);
}

static void
rename_group(const struct churn *churn, uint32_t index)
{
	struct unit *unit;

	unit = &churn->tenant->org.groups.list[index];
	mem_free(&unit->name);
	unit->name = mem_printf("Umbenannt %u", roll(churn, 1, 100000));
	unit->changed_at = churn->now;
	edit_done(churn->tenant, TENANT_NEWS(KIND_GROUP), churn->now);
}

enum subject { NOBODY, SOMEBODY, A_GROUP };

/* Events and how often, in a hundred, they are what happens. */
static const struct {
	const char	*name;
	uint32_t	 share;
	enum subject	 subject;
	void		(*happen)(const struct churn *churn, uint32_t index);
} events[] = {
	{ "hire", 12, NOBODY, hire },
	{ "hire_later", 8, NOBODY, hire_later },
	{ "promote", 20, SOMEBODY, promote },
	{ "move", 12, SOMEBODY, move },
	{ "change_manager", 10, SOMEBODY, change_manager },
	{ "change_team", 12, SOMEBODY, change_team },
	{ "change_phone", 8, SOMEBODY, change_phone },
	{ "change_mail", 3, SOMEBODY, change_mail },
	{ "leave", 12, SOMEBODY, leave },
	{ "rename_group", 3, A_GROUP, rename_group },
};

void
churn_event(struct tenant *tenant, uint64_t serial, int64_t now, struct buf *out)
{
	struct churn churn = { .tenant = tenant, .serial = serial, .now = now };
	uint32_t index, share;
	size_t i;

	share = roll(&churn, 0, 100);
	for (i = 0; share >= events[i].share; i++)
		share -= events[i].share;
	index = tenant->count;
	if (events[i].subject == A_GROUP)
		index = roll(&churn, 1, (uint32_t)tenant->org.groups.count);
	else if (events[i].subject == SOMEBODY && !somebody(&churn, &index))
		i = 0;
	events[i].happen(&churn, index);
	emit_lit(out, "{");
	emit_pair_text(out, "event", events[i].name);
	emit_pair_integer(out, "who", i == 0 ? tenant->count - 1 : index);
	emit_close(out, '}');
}
