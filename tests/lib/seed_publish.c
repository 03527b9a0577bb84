/*
 * Owns one revision of a database under test.
 */
#include "config.h"

#include "tests/lib/seed_publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/source.h"
#include "store/view.h"

/* What happened to a group in this revision, by view. */
struct group_change {
	int64_t		 members[SEED_VIEWS];
	uint64_t	 hash[SEED_VIEWS];
	const char	*cn;		/* published or to be; NULL: as it was made */
	bool		 touched;
};

static const char *const view_names[SEED_VIEWS] = { "ldap", "scim" };

static bool
view_shows(size_t view, enum person_status status)
{
	return (view == 1 || status == STATUS_ACTIVE || status == STATUS_OFFBOARDING);
}

static int
publication_find_views(struct publication *publication, bool new, struct err *err)
{
	struct view_row row;
	size_t i;
	int result;

	for (i = 0; i < SEED_VIEWS; i++) {
		if (new && served_view_add(publication->db, view_names[i],
		    &publication->view[i], err) < 0)
			return (-1);
		if (new)
			continue;
		result = view_find(publication->db, view_names[i], &row, err);
		if (result <= 0)
			return (result < 0 ? -1 : err_set(err, ERR_NOT_FOUND,
			    "no view %s: was it made by this program?", view_names[i]));
		publication->view[i] = row.id;
	}
	return (0);
}

static int
publication_read_seed(struct publication *publication, bool new, struct err *err)
{
	struct seed *seed = &publication->seed;
	struct db *db = publication->db;

	if (new)
		return (meta_set_number(db, "seed", seed->number, err) < 0 ||
		    meta_set_number(db, "people", seed->people, err) < 0 ||
		    meta_set_number(db, "big", seed->big, err) < 0 ? -1 : 0);
	return (meta_number(db, "seed", &seed->number, err) < 0 ||
	    meta_number(db, "people", &seed->people, err) < 0 ||
	    meta_number(db, "big", &seed->big, err) < 0 ? -1 : 0);
}

/* The names that groups have by now: a group that is shown nowhere has the one it was made with. */
static int
publication_read_names(struct publication *publication, struct err *err)
{
	struct view_group row;
	int result;
	size_t i;

	publication->groups = mem_alloc((size_t)(seed_group_count(&publication->seed) + 1) *
	    sizeof(*publication->groups));
	for (result = 0, i = 0; i < SEED_VIEWS && result == 0; i++) {
		view_groups_walk(publication->db, publication->view[i], 0);
		while ((result = view_groups_next(publication->db, &row, err)) > 0)
			publication->groups[row.id].cn = arena_dup(publication->names, row.cn);
	}
	return (result);
}

static void
publication_free(struct publication *publication)
{
	mem_free(&publication->groups);
	arena_close(&publication->names);
	arena_close(&publication->arena);
	db_close(&publication->db);
}

int
publication_open(struct publication *publication, const char *path, bool new,
    struct err *err)
{
	int64_t now;

	if (db_open(path, DB_WRITER, &publication->db, err) < 0)
		return (-1);
	publication->arena = arena_open();
	publication->names = arena_open();
	if (db_begin(publication->db, err) < 0 ||
	    publication_read_seed(publication, new, err) < 0 ||
	    publication_find_views(publication, new, err) < 0 ||
	    publication_read_names(publication, err) < 0 ||
	    meta_number(publication->db, "revision", &publication->revision, err) < 0 ||
	    meta_number(publication->db, "stamp", &publication->stamp, err) < 0) {
		publication_free(publication);
		return (-1);
	}
	publication->revision++;
	now = clock_now();
	if (now > publication->stamp)
		publication->stamp = now;
	return (0);
}

static int64_t
publication_stamp(struct publication *publication, size_t view)
{
	publication->touched[view] = true;
	return (++publication->stamp);
}

/* ---- groups ---------------------------------------------------------------------------------- */

static int
publish_group_entry(struct publication *publication, const struct served_group *group,
    size_t view, const struct group_shown_row *old, struct err *err)
{
	const struct group_change *change = &publication->groups[group->id];
	struct group_shown_row row;

	row = old != NULL ? *old : (struct group_shown_row){ .view = publication->view[view],
	    .group = group->id };
	row.members += change->members[view];
	row.member_hash += change->hash[view];
	row.version = hash64_text(group->cn) + row.member_hash + (uint64_t)row.members;
	row.revision = publication->revision;
	row.cn = group->cn;
	if (row.members <= 0 && old == NULL)
		return (0);
	row.modified = publication_stamp(publication, view);
	if (row.members <= 0)
		return (group_shown_delete(publication->db, row.view, row.group, err) < 0 ||
		    tombstone_put(publication->db, row.view, &group->uuid, true, row.modified,
		    publication->revision, err) < 0 ? -1 : 0);
	if (old == NULL) {
		row.created = row.modified;
		if (tombstone_delete(publication->db, row.view, &group->uuid, err) < 0)
			return (-1);
	}
	return (group_shown_put(publication->db, &row, err));
}

static int
publish_group(struct publication *publication, int64_t id, struct err *err)
{
	const struct group_change *change = &publication->groups[id];
	struct group_shown_row rows[SEED_VIEWS];
	const struct group_shown_row *old;
	struct served_group group;
	size_t count, i, j;

	arena_reset(publication->arena);
	seed_group(&publication->seed, id, publication->arena, &group);
	if (change->cn != NULL)
		group.cn = change->cn;
	if (group_put(publication->db, &group, err) < 0 ||
	    group_shown_list(publication->db, id, rows, SEED_VIEWS, &count, err) < 0)
		return (-1);
	for (i = 0; i < SEED_VIEWS; i++) {
		old = NULL;
		for (j = 0; j < count; j++)
			if (rows[j].view == publication->view[i])
				old = &rows[j];
		if (publish_group_entry(publication, &group, i, old, err) < 0)
			return (-1);
	}
	return (0);
}

static int
publish_groups(struct publication *publication, struct err *err)
{
	int64_t id;

	for (id = 1; id <= seed_group_count(&publication->seed); id++)
		if (publication->groups[id].touched && publish_group(publication, id, err) < 0)
			return (-1);
	return (0);
}

static void
publish_count(struct publication *publication, int64_t group, const struct uuid *member,
    unsigned int views, int by)
{
	struct group_change *change = &publication->groups[group];
	uint64_t hash;
	size_t i;

	hash = hash64(member->bytes, sizeof(member->bytes));
	for (i = 0; i < SEED_VIEWS; i++) {
		if ((views & 1U << i) == 0)
			continue;
		change->members[i] += by;
		change->hash[i] += by > 0 ? hash : -hash;
		change->touched = true;
	}
}

/* The members of a group show its name. */
static int
publish_again(struct publication *publication, int64_t group, struct err *err)
{
	struct served_person person;
	int64_t *groups, id, manager;
	size_t count, i;
	int result;

	for (id = 1; id <= publication->seed.people; id++) {
		arena_reset(publication->arena);
		result = publish_get(publication, id, &person, &manager, &groups, &count, err);
		for (i = 0; result > 0 && i < count && groups[i] != group; i++)
			continue;
		if (result < 0 || (result > 0 && i < count && publish_put(publication, &person,
		    manager, groups, count, err) < 0))
			return (-1);
	}
	return (0);
}

int
publish_rename(struct publication *publication, int64_t group, const char *cn,
    struct err *err)
{
	if (group < 1 || group > seed_group_count(&publication->seed))
		return (err_set(err, ERR_USAGE, "no group %lld", (long long)group));
	publication->groups[group].cn = cn;
	publication->groups[group].touched = true;
	return (publish_again(publication, group, err));
}

/* ---- people ------------------------------------------------------------------------------------ */

static uint64_t
publish_hash(const struct served_person *person)
{
	uint64_t hash;
	size_t i;

	hash = hash64_text(person->uid) + (uint64_t)person->status;
	for (i = 0; i < FIELD_N; i++)
		if (person->value[i] != NULL)
			hash = hash64_seed(person->value[i], strlen(person->value[i]),
			    hash + i);
	return (hash);
}

static unsigned int
publish_shown(const struct publication *publication, const struct shown_row *rows,
    size_t count)
{
	unsigned int views;
	size_t i, j;

	for (views = 0, i = 0; i < count; i++)
		for (j = 0; j < SEED_VIEWS; j++)
			if (rows[i].view == publication->view[j])
				views |= 1U << j;
	return (views);
}

static int
publish_members(struct publication *publication, const struct served_person *person,
    unsigned int was, unsigned int is, const int64_t *groups, size_t count, struct err *err)
{
	size_t i, old_count;
	int64_t *old;

	if (member_list(publication->db, person->id, publication->arena, &old, &old_count,
	    err) < 0)
		return (-1);
	for (i = 0; i < old_count; i++) {
		publish_count(publication, old[i], &person->uuid, was, -1);
		if (member_delete(publication->db, person->id, old[i], err) < 0)
			return (-1);
	}
	for (i = 0; i < count && person->status != STATUS_DEPARTED; i++) {
		publish_count(publication, groups[i], &person->uuid, is, 1);
		if (member_add(publication->db, person->id, groups[i], err) < 0)
			return (-1);
	}
	return (0);
}

static int
publish_entry(struct publication *publication, const struct served_person *person,
    size_t view, int64_t manager, bool shown, int64_t created, struct err *err)
{
	struct shown_row row = { .view = publication->view[view], .person = person->id,
	    .manager = manager, .revision = publication->revision };

	row.modified = publication_stamp(publication, view);
	if (!shown)
		return (shown_delete(publication->db, row.view, row.person, err) < 0 ||
		    tombstone_put(publication->db, row.view, &person->uuid, false,
		    row.modified, publication->revision, err) < 0 ? -1 : 0);
	row.created = created != 0 ? created : row.modified;
	row.version = person->hash + (uint64_t)manager * 31 + (uint64_t)row.modified;
	if (created == 0 &&
	    tombstone_delete(publication->db, row.view, &person->uuid, err) < 0)
		return (-1);
	return (shown_put(publication->db, &row, err));
}

/* The status of a manager decides in which views she may be named. */
static int
publish_manager_status(struct publication *publication, int64_t id,
    enum person_status *status, struct err *err)
{
	struct served_person person;
	int result;

	*status = STATUS_N;
	if (id == 0)
		return (0);
	result = served_get(publication->db, id, publication->arena, &person, err);
	if (result > 0)
		*status = person.status;
	return (result < 0 ? -1 : 0);
}

int
publish_put(struct publication *publication, const struct served_person *given,
    int64_t manager, const int64_t *groups, size_t count, struct err *err)
{
	struct served_person person = *given;
	struct shown_row rows[SEED_VIEWS];
	enum person_status status;
	unsigned int is, was;
	int64_t created;
	size_t i, j, shown;

	person.hash = publish_hash(&person);
	if (served_put(publication->db, &person, err) < 0 ||
	    shown_list(publication->db, person.id, rows, SEED_VIEWS, &shown, err) < 0 ||
	    publish_manager_status(publication, manager, &status, err) < 0)
		return (-1);
	was = publish_shown(publication, rows, shown);
	for (is = 0, i = 0; i < SEED_VIEWS; i++)
		is |= view_shows(i, person.status) ? 1U << i : 0;
	if (publish_members(publication, &person, was, is, groups, count, err) < 0)
		return (-1);
	for (i = 0; i < SEED_VIEWS; i++) {
		if (((is | was) & 1U << i) == 0)
			continue;
		for (created = 0, j = 0; j < shown; j++)
			if (rows[j].view == publication->view[i])
				created = rows[j].created;
		if (publish_entry(publication, &person, i, status != STATUS_N &&
		    view_shows(i, status) ? manager : 0, (is & 1U << i) != 0, created,
		    err) < 0)
			return (-1);
	}
	return (0);
}

int
publish_get(struct publication *publication, int64_t id, struct served_person *person,
    int64_t *manager, int64_t **groups, size_t *count, struct err *err)
{
	struct shown_row rows[SEED_VIEWS];
	size_t i, shown;
	int result;

	result = served_get(publication->db, id, publication->arena, person, err);
	if (result <= 0)
		return (result);
	if (shown_list(publication->db, id, rows, SEED_VIEWS, &shown, err) < 0 ||
	    member_list(publication->db, id, publication->arena, groups, count, err) < 0)
		return (-1);
	for (*manager = 0, i = 0; i < shown; i++)
		if (rows[i].manager != 0)
			*manager = rows[i].manager;
	return (1);
}

static int
publish_forget_manager(struct publication *publication, int64_t manager, struct err *err)
{
	struct served_person person;
	struct view_person row;
	int64_t *groups, *ids, other;
	size_t count, i, n, room;
	int result;

	ids = NULL;
	n = room = 0;
	view_people_walk(publication->db, publication->view[1], 0, false);
	while ((result = view_people_next(publication->db, &row, err)) > 0)
		if (row.manager == manager)
			*(int64_t *)mem_grow(&ids, n++, &room, sizeof(*ids)) = row.id;
	for (i = 0; i < n && result == 0; i++) {
		result = publish_get(publication, ids[i], &person, &other, &groups, &count,
		    err);
		if (result > 0)
			result = publish_put(publication, &person, 0, groups, count, err);
	}
	mem_free(&ids);
	return (result);
}

int
publish_hide(struct publication *publication, int64_t id, struct err *err)
{
	struct shown_row rows[SEED_VIEWS];
	struct served_person person;
	unsigned int was;
	size_t i, shown;
	int result;

	result = served_get(publication->db, id, publication->arena, &person, err);
	if (result <= 0)
		return (result < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "person %lld is not "
		    "served", (long long)id));
	if (shown_list(publication->db, id, rows, SEED_VIEWS, &shown, err) < 0)
		return (-1);
	was = publish_shown(publication, rows, shown);
	if (publish_members(publication, &person, was, 0, NULL, 0, err) < 0)
		return (-1);
	for (i = 0; i < SEED_VIEWS; i++)
		if ((was & 1U << i) != 0 &&
		    publish_entry(publication, &person, i, 0, false, 0, err) < 0)
			return (-1);
	if (publish_forget_manager(publication, id, err) < 0)
		return (-1);
	return (served_delete(publication->db, id, err));
}

/* ---- the revision -------------------------------------------------------------------------------- */

int
publication_close(struct publication *publication, int result, struct err *err)
{
	struct db *db = publication->db;
	size_t i;

	if (result == 0)
		result = publish_groups(publication, err);
	for (i = 0; i < SEED_VIEWS && result == 0; i++)
		if (publication->touched[i])
			result = served_view_touch(db, publication->view[i],
			    publication->revision, publication->stamp, err);
	if (result == 0 && (meta_set_number(db, "revision", publication->revision, err) < 0 ||
	    meta_set_number(db, "stamp", publication->stamp, err) < 0))
		result = -1;
	if (result == 0)
		result = db_commit(db, err);
	else
		db_rollback(db);
	publication_free(publication);
	return (result);
}
