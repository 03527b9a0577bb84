/*
 * Reads a view from the database into a batch, and makes a snapshot of it: the whole view, or
 * what changed since the last one. One thread at a time (image->writer).
 */
#include "config.h"

#include "image/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define READ_AHEAD	32	/* so many people take not much more memory than … */
#define READ_AHEAD_SIZE	(60 * 1024)

static struct image_entry *
image_new_entry(size_t groups)
{
	return (mem_alloc(sizeof(struct image_entry) + groups * sizeof(uint32_t)));
}

static struct image_entry *
image_make_group(struct image_build *build, const struct view_group *row)
{
	struct image_entry *entry;

	entry = image_new_entry(0);
	entry->id = (uint32_t)row->id | IMAGE_GROUP;
	entry->uuid = row->uuid;
	entry->created = row->created;
	entry->modified = row->modified;
	entry->version = row->version;
	entry->active = true;
	entry->group_count = (uint32_t)row->members;
	entry->payload = build->ops->make_group(build->context, build, entry, row);
	return (entry);
}

static struct image_entry *
image_make_person(struct image_build *build, const struct view_person *row,
    const uint32_t *groups, size_t count)
{
	struct image_entry *entry;
	size_t i;

	entry = image_new_entry(count);
	entry->id = (uint32_t)row->id;
	entry->manager = (uint32_t)row->manager;
	entry->uuid = row->uuid;
	entry->created = row->created;
	entry->modified = row->modified;
	entry->version = row->version;
	entry->status = (uint8_t)row->status;
	entry->active = row->active;
	for (i = 0; i < count; i++)
		if (image_build_group(build, groups[i]) != NULL)
			entry->groups[entry->group_count++] = groups[i];
	entry->payload = build->ops->make_person(build->context, build, entry, row);
	return (entry);
}

/* The groups of people, as ids; grows as needed. */
struct image_groups {
	uint32_t	*ids;
	size_t		 count;
	size_t		 room;
};

static void
image_add_group(struct image_groups *groups, int64_t id)
{
	uint32_t *slot;

	slot = mem_grow(&groups->ids, groups->count++, &groups->room, sizeof(*slot));
	*slot = (uint32_t)id | IMAGE_GROUP;
}

/* Memberships of everybody, read beside the people: both ascend by person. */
struct image_memberships {
	struct db	*db;
	int64_t		 person;	/* of the row read ahead; INT64_MAX at the end */
	int64_t		 group;
};

static int
image_next_membership(struct image_memberships *walk, struct err *err)
{
	int result;

	result = view_all_memberships_next(walk->db, &walk->person, &walk->group, err);
	if (result == 0)
		walk->person = INT64_MAX;
	return (result < 0 ? -1 : 0);
}

static int
image_groups_of(struct image_memberships *walk, int64_t person, struct image_groups *groups,
    struct err *err)
{
	groups->count = 0;
	for (; walk->person <= person;) {
		if (walk->person == person)
			image_add_group(groups, walk->group);
		if (image_next_membership(walk, err) < 0)
			return (-1);
	}
	return (0);
}

static int
image_read_groups(struct image *image, struct image_build *build, int64_t view,
    int64_t since, struct err *err)
{
	struct view_group row;
	int result;

	view_groups_walk(image->db, view, since);
	while ((result = view_groups_next(image->db, &row, err)) > 0)
		build_put(build, (uint32_t)row.id | IMAGE_GROUP, image_make_group(build, &row));
	return (result);
}

static int
image_read_everybody(struct image *image, struct image_build *build, int64_t view,
    struct err *err)
{
	struct image_memberships walk = { .db = image->db };
	struct image_groups groups = { .ids = NULL };
	struct view_person row;
	int result;

	view_all_memberships_walk(image->db);
	if (image_next_membership(&walk, err) < 0)
		return (-1);
	view_people_walk(image->db, view, 0, image->ops->managers);
	while ((result = view_people_next(image->db, &row, err)) > 0) {
		if (build->person_count % READ_AHEAD == 0)
			mem_ahead(READ_AHEAD_SIZE);
		if (image_groups_of(&walk, row.id, &groups, err) < 0) {
			result = -1;
			break;
		}
		build_put(build, (uint32_t)row.id, image_make_person(build, &row, groups.ids,
		    groups.count));
	}
	mem_free(&groups.ids);
	return (result);
}

static int
image_read_changed(struct image *image, struct image_build *build, int64_t view,
    int64_t since, struct err *err)
{
	struct image_groups groups = { .ids = NULL };
	struct view_person row;
	int64_t group;
	int result;

	view_people_walk(image->db, view, since, image->ops->managers);
	while ((result = view_people_next(image->db, &row, err)) > 0) {
		groups.count = 0;
		view_memberships_walk(image->db, row.id);
		while ((result = view_memberships_next(image->db, &group, err)) > 0)
			image_add_group(&groups, group);
		if (result < 0)
			break;
		build_put(build, (uint32_t)row.id, image_make_person(build, &row, groups.ids,
		    groups.count));
	}
	mem_free(&groups.ids);
	return (result);
}

static void
image_found_setting(void *context, const char *name, const char *value)
{
	struct snap_settings *settings = context;
	struct snap_setting_row *row;
	size_t room;

	room = settings->count;		/* exact growth: there are a few dozen */
	row = mem_grow(&settings->rows, settings->count, &room, sizeof(*row));
	*row = (struct snap_setting_row){ .name = arena_dup(settings->arena, name),
	    .value = arena_dup(settings->arena, value) };
	settings->count++;
	settings->hash = hash64_seed(name, strlen(name), settings->hash + 1);
	if (value != NULL)
		settings->hash = hash64_seed(value, strlen(value), settings->hash + 2);
}

static struct snap_settings *
image_read_settings(struct image *image, struct err *err)
{
	struct snap_settings *settings;

	settings = mem_alloc(sizeof(*settings));
	settings->arena = arena_open();
	settings->ops = image->ops;
	settings->context = image->context;
	if (view_settings(image->db, image_found_setting, settings, err) < 0)
		snap_settings_close(&settings);
	return (settings);
}

/* ---- making the next snapshot --------------------------------------------------------------------- */

/* What a transaction began with. */
struct image_now {
	struct uuid		 epoch;
	struct view_row		 view;
	struct snap_settings	*settings;
};

static int
image_read_now(struct image *image, struct image_now *now, struct err *err)
{
	int result;

	if (view_epoch(image->db, &now->epoch, err) < 0)
		return (-1);
	result = view_find(image->db, image->name, &now->view, err);
	if (result == 0)
		return (err_set(err, ERR_NOT_FOUND, "%s has no view %s: check the name, or wait "
		    "until rollcalld has taken the configuration over", image->path,
		    image->name));
	if (result < 0)
		return (-1);
	now->settings = image_read_settings(image, err);
	return (now->settings == NULL ? -1 : 0);
}

static void
image_set_max_age(struct image *image, const struct image_snap *snap)
{
	const char *seconds;

	seconds = snap_setting(snap, "max_age");
	image->max_age = seconds != NULL ? strtoll(seconds, NULL, 10) * CLOCK_SECOND : 0;
}

/* Puts the snapshot in front; `whole`: it shares nothing with the one before. */
static void
image_show(struct image *image, struct image_snap *snap, const struct image_now *now)
{
	snap->epoch = now->epoch;
	snap->view = now->view.id;
	snap->revision = now->view.revision;
	snap->stamp = now->view.stamp;
	snap->horizon = now->view.forgotten;
	(void)pthread_mutex_lock(&image->lock);
	image_set_max_age(image, snap);
	if (image->current != NULL)
		image->current->next = snap;
	else
		image->oldest = snap;
	image->current = snap;
	(void)pthread_mutex_unlock(&image->lock);
}

static void
image_tell_changed(struct image *image, const struct image_build *build,
    const struct image_snap *old, const struct image_snap *new)
{
	uint32_t *ids;
	size_t count, i;

	if (image->ops->changed == NULL)
		return;
	ids = mem_realloc(NULL, (build->group_count + build->person_count + 1) * sizeof(*ids));
	count = 0;
	for (i = 0; old != NULL && i < build->group_count; i++)
		ids[count++] = build->groups[i].id;
	for (i = 0; old != NULL && i < build->person_count; i++)
		ids[count++] = build->people[i].id;
	image->ops->changed(image->context, old, new, ids, count);
	mem_free(&ids);
}

static void
image_drop_whole(void *context, void *memory)
{
	struct image_snap *shell = memory;

	(void)context;
	snap_close_whole(&shell);
}

/*
 * A snapshot that was loaded whole frees the old one's parts with it: they are moved into a
 * shell that waits in the old one's trash, since the old one may still be read.
 */
static void
image_retire_whole(struct image *image, struct image_snap *old)
{
	struct image_snap *shell;

	shell = mem_alloc(sizeof(*shell));
	(void)pthread_mutex_lock(&image->lock);		/* readers count themselves in it */
	*shell = *old;
	(void)pthread_mutex_unlock(&image->lock);
	shell->trash = (struct cow_trash){ .list = NULL };
	cow_discard_by(&old->trash, image_drop_whole, NULL, shell);
}

static int
image_load_inside(struct image *image, struct image_now *now, struct err *err)
{
	struct image_build build = { .ops = image->ops, .context = image->context,
	    .settings = now->settings };
	struct image_snap *snap;

	if (image->ops->make_form != NULL)
		now->settings->form = image->ops->make_form(image->context, now->settings);
	if (image_read_groups(image, &build, now->view.id, 0, err) < 0 ||
	    image_read_everybody(image, &build, now->view.id, err) < 0 ||
	    image_read_gone(image, &build, &now->view, 0, err) < 0) {
		build_close(&build, true);
		return (-1);
	}
	build_sort(&build);
	snap = snap_build(&build, NULL);
	snap->settings = now->settings;
	now->settings = NULL;
	if (image->current != NULL)
		image_retire_whole(image, image->current);
	image_tell_changed(image, &build, NULL, snap);
	image_show(image, snap, now);
	build_close(&build, false);
	return (1);
}

/* Ids of the batch that stand there twice: what left and came back within the interval. */
static void
build_drop_doubles(struct batch_item *items, size_t *count)
{
	size_t i, n;

	for (i = n = 0; i < *count; i++) {
		if (n > 0 && items[n - 1].id == items[i].id) {
			if (items[n - 1].entry == NULL)
				items[n - 1] = items[i];
			continue;
		}
		items[n++] = items[i];
	}
	*count = n;
}

static int
image_change_inside(struct image *image, const struct image_now *now, struct err *err)
{
	struct image_snap *old = image->current, *snap;
	struct image_build build = { .ops = image->ops, .context = image->context,
	    .old = old, .settings = old->settings };
	int64_t since = old->revision;

	if (image_read_groups(image, &build, now->view.id, since, err) < 0)
		goto failed;
	build_sort(&build);	/* makers of people look groups up */
	if (image_read_changed(image, &build, now->view.id, since, err) < 0 ||
	    image_read_gone(image, &build, &now->view, since, err) < 0)
		goto failed;
	build_sort(&build);
	build_drop_doubles(build.groups, &build.group_count);
	build_drop_doubles(build.people, &build.person_count);
	build_drop_doubles(build.gone, &build.gone_count);
	snap = snap_build(&build, old);
	snap->settings = old->settings;
	image_tell_changed(image, &build, old, snap);
	image_show(image, snap, now);
	build_close(&build, false);
	return (1);
failed:
	build_close(&build, true);
	return (-1);
}

static bool
image_must_load(const struct image *image, const struct image_now *now)
{
	const struct image_snap *snap = image->current;

	return (snap == NULL || image->replaced || snap->view != now->view.id ||
	    snap->revision > now->view.revision ||
	    memcmp(snap->epoch.bytes, now->epoch.bytes, sizeof(now->epoch.bytes)) != 0 ||
	    snap->settings->hash != now->settings->hash);
}

/* What is forgotten at night is no change of the view, and has no revision. */
static bool
image_must_change(const struct image *image, const struct image_now *now)
{
	const struct image_snap *snap = image->current;

	return (now->view.revision != snap->revision ||
	    (image->ops->make_gone != NULL && now->view.forgotten != snap->horizon));
}

int
image_read(struct image *image, struct err *err)
{
	struct image_now now = { .settings = NULL };
	int result;

	if (db_begin(image->db, err) < 0)
		return (-1);
	result = image->ops->read != NULL ?
	    image->ops->read(image->context, image->db, err) : 0;
	if (result == 0)
		result = image_read_now(image, &now, err);
	if (result == 0 && image_must_load(image, &now))
		result = image_load_inside(image, &now, err);
	else if (result == 0 && image_must_change(image, &now))
		result = image_change_inside(image, &now, err);
	snap_settings_close(&now.settings);
	db_rollback(image->db);	/* nothing was written */
	if (result >= 0)
		image->replaced = false;
	return (result);
}
