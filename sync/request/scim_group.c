/*
 * Groups that a client of SCIM writes: those that no HR system owns, which stand in the source
 * with provider = local and have whom the client's view shows as members. Who is a member and
 * not shown to the client stays one whatever it says.
 */
#include "config.h"

#include "sync/request/scim.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "store/external.h"
#include "store/local.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/request/local.h"

/* A group under change. */
struct scim_group {
	struct scim_write	*write;
	struct unit		 unit;		/* texts in the request's arena */
	const char		*cn;		/* as it is served, NULL: not yet */
	bool			 changed;	/* the unit is */
	int64_t			*people;	/* whose membership, or what they show of it, is */
	size_t			 count;
	size_t			 room;
};

static void
group_touch(struct scim_group *group, int64_t person)
{
	int64_t *slot;

	slot = mem_grow(&group->people, group->count++, &group->room, sizeof(*slot));
	*slot = person;
}

/* ---- the name ------------------------------------------------------------------------------ */

static const char *
group_given_name(const struct scim_group *group)
{
	return (text_clean(group->write->request->arena, json_string_value(json_object_get(
	    scim_fields(group->write), field_get(FIELD_DISPLAY_NAME)->name))));
}

/* Only a group that the client sees stands in the way; else rulings F14 finds a name. */
static int
group_check_name(const struct scim_group *group, const char *name, struct err *err)
{
	struct scim_write *write = group->write;
	int64_t holder, modified;
	int result;

	result = grp_by_folded(write->db, text_match(write->request->arena, name), &holder, err);
	if (result > 0 && holder != write->id)
		result = group_shown_modified(write->db, write->view.id, holder, &modified, err);
	else if (result > 0)
		result = 0;
	return (result > 0 ? err_set(err, ERR_CONFLICT, "displayName: another group has it") :
	    result);
}

/* The name it shall have; one that is the name it is served by is none. */
static int
group_name(struct scim_group *group, struct err *err)
{
	const char *name = group_given_name(group);

	if (name == NULL && group->write->op == SCIM_CHANGE &&
	    json_object_size(scim_fields(group->write)) == 0)
		return (0);
	if (name == NULL)
		return (err_set(err, ERR_USAGE, "displayName: a group must have a name"));
	if (group->cn != NULL && strcmp(group->cn, name) == 0)
		return (0);
	group->unit.name = name;
	group->changed = true;
	return (group_check_name(group, name, err));
}

/* ---- members ------------------------------------------------------------------------------- */

/* What is asked of members. */
struct group_wish {
	struct map	 in;		/* people who shall be members */
	struct map	 out;		/* … who shall not */
	bool		 alone;		/* nobody else whom the client sees shall */
};

static bool
group_has(const struct map *people, int64_t person)
{
	uint64_t value;

	return (map_get(people, (uint64_t)person, &value));
}

/* The people of a list of ids; `all` must be shown to the client. */
static int
group_people(struct scim_group *group, const char *key, bool all, struct map *people,
    struct err *err)
{
	const json_t *list = json_object_get(scim_members(group->write), key);
	struct scim_write *write = group->write;
	int64_t person;
	const char *id;
	json_t *one;
	size_t i;
	int result;

	json_array_foreach((json_t *)(uintptr_t)list, i, one) {
		id = json_string_value(one);
		result = scim_person(write, id, &person, err);
		if (result < 0)
			return (-1);
		if (result == 0 && all)
			return (err_set(err, ERR_USAGE, "members: there is no User %s",
			    id != NULL ? id : ""));
		if (result > 0)
			map_set(people, (uint64_t)person, 1);
	}
	return (0);
}

static int
group_join(struct scim_group *group, int64_t person, struct err *err)
{
	group_touch(group, person);
	return (local_member_put(group->write->db, group->unit.id, person, err));
}

static int
group_leave(struct scim_group *group, int64_t person, struct err *err)
{
	group_touch(group, person);
	return (local_member_delete(group->write->db, group->unit.id, person, err));
}

static int
group_read_wish(struct scim_group *group, struct group_wish *wish, struct err *err)
{
	const json_t *members = scim_members(group->write);

	wish->alone = group->write->op == SCIM_REPLACE ||
	    json_object_get(members, "set") != NULL;
	if (group_people(group, wish->alone ? "set" : "add", true, &wish->in, err) < 0)
		return (-1);
	/* Who is not shown is no member for this client: taking her out is done. */
	return (group_people(group, "remove", false, &wish->out, err));
}

/* Whether somebody shall be no member any more: 1, 0, -1 failed. */
static int
group_ends(struct scim_group *group, const struct group_wish *wish, int64_t person,
    struct err *err)
{
	struct scim_write *write = group->write;
	int64_t modified;

	if (group_has(&wish->out, person) || !wish->alone || group_has(&wish->in, person))
		return (group_has(&wish->out, person));
	return (shown_modified(write->db, write->view.id, person, &modified, err));
}

/* Brings those there are, ascending, to what is asked. */
static int
group_settle(struct scim_group *group, struct group_wish *wish, const int64_t *members,
    size_t count, struct err *err)
{
	uint64_t person, value;
	size_t at, i;
	int ends;

	for (i = 0; i < count; i++) {
		ends = group_ends(group, wish, members[i], err);
		if (ends < 0 || (ends > 0 && group_leave(group, members[i], err) < 0))
			return (-1);
		if (group_has(&wish->in, members[i]))
			map_set(&wish->in, (uint64_t)members[i], 0);
	}
	at = 0;
	while (map_next(&wish->in, &at, &person, &value))
		if (value != 0 && group_join(group, (int64_t)person, err) < 0)
			return (-1);
	return (0);
}

static int
group_members(struct scim_group *group, struct err *err)
{
	struct group_wish wish = { .in = MAP_INIT, .out = MAP_INIT };
	int64_t *members;
	size_t count;
	int result;

	if (scim_members(group->write) == NULL && group->write->op != SCIM_REPLACE)
		return (0);
	result = group_read_wish(group, &wish, err);
	if (result == 0)
		result = local_member_list(group->write->db, group->unit.id,
		    group->write->request->arena, &members, &count, err);
	if (result == 0)
		result = group_settle(group, &wish, members, count, err);
	map_close(&wish.in);
	map_close(&wish.out);
	return (result);
}

/* All who show the group. */
static int
group_touch_members(struct scim_group *group, struct err *err)
{
	int64_t *members;
	size_t count, i;

	if (local_member_list(group->write->db, group->unit.id, group->write->request->arena,
	    &members, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		group_touch(group, members[i]);
	return (0);
}

/* ---- writing it ------------------------------------------------------------------------------ */

static int
group_publish(struct scim_group *group, struct err *err)
{
	struct scim_write *write = group->write;
	struct engine *engine = write->request->engine;
	char uuid[UUID_TEXT_SIZE];
	struct plan_order order = {
		.actor = write->request->actor,
		.conf = engine_conf(engine),
		.people = group->people,
		.people_count = group->count,
		.groups = &group->unit,
		.group_count = 1,
		.zones = engine_zones(engine),
		.now = engine_now(engine),
	};

	if (!group->changed && group->count == 0)
		return (0);
	if (engine_publish_inside(engine, &order, &write->report, err) < 0)
		return (-1);
	return (request_remember(write->request, arena_printf(write->request->arena,
	    "Group %s", uuid_format(&write->uuid, uuid)), err));
}

/* What was made has the id its name for life gave it, and must be there for who made it. */
static int
group_find_made(struct scim_group *group, struct err *err)
{
	struct scim_write *write = group->write;
	struct grp_row row;
	int64_t modified;
	int result;

	result = grp_get(write->db, group->unit.id, write->request->arena, &row, err);
	if (result > 0) {
		write->id = row.id;
		write->uuid = row.uuid;
		result = group_shown_modified(write->db, write->view.id, row.id, &modified, err);
	}
	return (result != 0 ? result : err_set(err, ERR_USAGE, "nothing was added: the view %s "
	    "would not show the group", write->client.view));
}

static int
group_create(struct scim_group *group, struct err *err)
{
	struct scim_write *write = group->write;
	const struct conf_source *source;
	struct uuid uuid = uuid_random();
	char text[UUID_TEXT_SIZE];
	struct source_row row;

	source = local_source(write->request, err);
	if (source == NULL || group_name(group, err) < 0 || source_find(write->db, source->name,
	    write->request->arena, &row, err) < 1)
		return (-1);
	group->unit.source = row.id;
	group->unit.model = UNIT_GROUP;
	group->unit.type = UNIT_LOCAL;
	group->unit.kombo = group->unit.remote = arena_dup(write->request->arena,
	    uuid_format(&uuid, text));
	if (unit_put(write->db, &group->unit, err) < 0 || group_members(group, err) < 0 ||
	    group_publish(group, err) < 0)
		return (-1);
	return (group_find_made(group, err));
}

static int
group_change(struct scim_group *group, struct err *err)
{
	if (group_name(group, err) < 0 ||
	    (group->changed && group_touch_members(group, err) < 0) ||
	    group_members(group, err) < 0)
		return (-1);
	return (group_publish(group, err));
}

static int
group_remove(struct scim_group *group, struct err *err)
{
	group->unit.gone = group->changed = true;
	if (group_touch_members(group, err) < 0 || group_publish(group, err) < 0 ||
	    external_delete(group->write->db, &group->write->uuid, err) < 0)
		return (-1);
	return (local_group_clear(group->write->db, group->unit.id, err));
}

/* ---- whose it is -------------------------------------------------------------------------------- */

/* Of the HR system's: PUT leaves all as it is (rulings F13), PATCH may say what is there already. */
static int
group_refuse(const struct scim_group *group, struct err *err)
{
	const struct scim_write *write = group->write;
	const char *name = group_given_name(group);
	const bool same = json_object_size(scim_fields(write)) == 0 ||
	    (name != NULL && strcmp(name, group->cn) == 0);

	if (write->op == SCIM_REPLACE ||
	    (write->op == SCIM_CHANGE && same && scim_members(write) == NULL))
		return (0);
	return (err_set(err, ERR_REFUSED, "the group is the HR system's: it alone changes it"));
}

static int
group_find(struct scim_group *group, struct err *err)
{
	struct scim_write *write = group->write;
	struct grp_row row;

	if (grp_get(write->db, write->id, write->request->arena, &row, err) < 1)
		return (-1);
	group->cn = row.cn;
	return (local_group_get(write->db, write->id, write->request->arena, &group->unit, err));
}

static int
group_write(struct scim_group *group, struct err *err)
{
	const struct scim_write *write = group->write;
	int result;

	if (write->op == SCIM_CREATE)
		return (group_create(group, err));
	result = group_find(group, err);
	if (result <= 0)
		return (result < 0 ? -1 : group_refuse(group, err));
	if (write->op == SCIM_CHANGE && json_object_size(scim_fields(write)) == 0 &&
	    scim_members(write) == NULL)
		return (0);
	if (scim_need(write, SCIM_LOCAL, err) < 0)
		return (-1);
	return (write->op == SCIM_REMOVE ? group_remove(group, err) : group_change(group, err));
}

int
scim_write_group(struct scim_write *write, struct err *err)
{
	struct scim_group group = { .write = write };
	int result;

	result = group_write(&group, err);
	mem_free(&group.people);
	return (result);
}
