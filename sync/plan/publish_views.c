/*
 * What the world sees of one person: one row of served values, memberships, and an entry in each
 * view, whose version changes when what the view shows of it does (rulings F9).
 */
#include "config.h"

#include "sync/plan/publish_inside.h"

#include <stdlib.h>
#include <string.h>

#include "store/number.h"

/* Of what an entry shows because of [posix]; the hash itself while that is off. */
static uint64_t
publish_posix_hash(const struct conf *conf, int64_t number, uint64_t hash)
{
	const char *text;

	if (number == 0)
		return (hash);
	hash = hash64_seed(&number, sizeof(number), hash +
	    (uint64_t)conf_number(&conf->set, CONF_POSIX_PRIMARY));
	text = conf_text(&conf->set, CONF_POSIX_HOME);
	hash = hash64_seed(text, strlen(text), hash);
	text = conf_text(&conf->set, CONF_POSIX_SHELL);
	return (hash64_seed(text, strlen(text), hash));
}

/* Of all a reader makes its entry from, [scim] user_name included. */
static uint64_t
publish_served_hash(const struct conf *conf, const struct served_person *served)
{
	uint64_t hash;
	size_t i;

	hash = hash64_seed(served->uuid.bytes, sizeof(served->uuid.bytes),
	    (uint64_t)conf_number(&conf->set, CONF_SCIM_USER_NAME));
	hash = hash64_seed(served->uid, strlen(served->uid), hash);
	hash = hash64_seed(served->source, strlen(served->source),
	    hash + (uint64_t)served->status * 2 + (uint64_t)served->active);
	for (i = 0; i < FIELD_N; i++)
		if (served->value[i] != NULL)
			hash = hash64_seed(served->value[i], strlen(served->value[i]),
			    hash + i + 1);
	return (publish_posix_hash(conf, served->uid_number, hash));
}

/* Who is served gets a uidNumber, while [posix] is on. */
static int
publish_number(struct publish *publish, struct served_person *served, struct err *err)
{
	const struct conf_set *set = &publish->plan->order->conf->set;

	if (conf_number(set, CONF_POSIX) == 0)
		return (0);
	return (number_of_person(publish->plan->db, served->id, conf_number(set,
	    CONF_POSIX_UID), &served->uid_number, err));
}

static int
publish_served(struct publish *publish, const struct mark *mark,
    const struct loaded *loaded, uint64_t *hash, struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	struct served_person old, served;
	int result;

	*hash = 0;
	if (mark->views == 0)
		return (mark->listed ? served_delete(publish->plan->db, mark->person, err) : 0);
	served = (struct served_person){
		.id = mark->person,
		.uuid = mark->uuid,
		.uid = mark->uid,
		.status = verdict->status,
		.active = verdict->active,
		.source = loaded->records[verdict->owner].source->conf->name,
	};
	memcpy(served.value, verdict->value, sizeof(served.value));
	served.value[FIELD_MANAGER] = NULL;	/* a view's own: v_shown.manager */
	served.value[FIELD_EMPLOYMENT_STATUS] = NULL;
	if (publish_number(publish, &served, err) < 0)
		return (-1);
	*hash = served.hash = publish_served_hash(publish->plan->order->conf, &served);
	result = !mark->listed ? 0 :
	    served_get(publish->plan->db, mark->person, publish->arena, &old, err);
	if (result < 0 || (result > 0 && old.hash == served.hash))
		return (result < 0 ? -1 : 0);
	return (served_put(publish->plan->db, &served, err));
}

static int
publish_compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x < *y ? -1 : *x > *y);
}

/* The ids of the groups the person shall be in, ascending, and a hash of what they show. */
static int
publish_group_ids(struct publish *publish, const struct verdict *verdict, int64_t **ids,
    size_t *count, uint64_t *hash, struct err *err)
{
	struct group *group;
	size_t i;
	int result;

	*ids = arena_alloc(publish->arena, (verdict->group_count + 1) * sizeof(**ids));
	*count = 0;
	*hash = 0;
	for (i = 0; verdict->views != 0 && i < verdict->group_count; i++) {
		result = groups_get(publish->groups, verdict->groups[i]->unit.id, &group, err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		(*ids)[(*count)++] = group->id;
		*hash += group->hash;
	}
	qsort(*ids, *count, sizeof(**ids), publish_compare_ids);
	return (0);
}

/* A person was in a group, is in it, or both: counted by view, and written. */
static int
publish_member(struct publish *publish, const struct mark *mark, int64_t id, bool was,
    bool is, struct err *err)
{
	struct db *db = publish->plan->db;
	struct group *group;
	uint32_t new, old;
	int result;

	result = groups_get(publish->groups, id, &group, err);
	if (result == 0)
		result = err_set(err, ERR_INTERNAL, "group %lld has a member but no name",
		    (long long)id);
	if (result < 0)
		return (-1);
	old = was ? mark->shown : 0;
	new = is ? mark->views : 0;
	if ((old & ~new) != 0 || !is)
		groups_member(group, old & ~new, &mark->uuid, -1);
	groups_member(group, new & ~old, &mark->uuid, 1);
	if (was == is)
		return (0);
	if (audit_member(publish->audit, mark, group->cn, is, err) < 0)
		return (-1);
	return (is ? member_add(db, mark->person, id, err) :
	    member_delete(db, mark->person, id, err));
}

/* Brings the memberships from old to new, and counts members where either is shown. */
static int
publish_members(struct publish *publish, const struct mark *mark,
    const struct verdict *verdict, uint64_t *hash, struct err *err)
{
	size_t i, j, new_count, old_count;
	int64_t *new, *old;
	bool is, was;
	int result;

	old_count = 0;
	old = NULL;
	if (publish_group_ids(publish, verdict, &new, &new_count, hash, err) < 0 ||
	    (mark->listed && member_list(publish->plan->db, mark->person, publish->arena, &old,
	    &old_count, err) < 0))
		return (-1);
	result = 0;
	for (i = j = 0; result == 0 && (i < old_count || j < new_count);) {
		was = i < old_count && (j == new_count || old[i] <= new[j]);
		is = j < new_count && (i == old_count || new[j] <= old[i]);
		result = publish_member(publish, mark, was ? old[i] : new[j], was, is, err);
		i += was;
		j += is;
	}
	return (result);
}

static int
publish_manager(struct publish *publish, const struct mark *mark,
    const struct loaded *loaded, struct manager *manager, struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	const char *kombo;

	*manager = (struct manager){ .person = 0 };
	kombo = verdict->value[FIELD_MANAGER];
	if (kombo == NULL || verdict->views == 0)
		return (0);
	if (managers_find(publish->managers, loaded->records[verdict->owner].now->source, kombo,
	    manager, err) < 0)
		return (-1);
	if (!manager->known)
		publish->report->conditions[CONDITION_MANAGER_UNKNOWN]++;
	if (manager->person == mark->person) {
		publish->report->conditions[CONDITION_MANAGER_SELF]++;
		manager->person = 0;
	}
	if (manager->person == 0)
		manager->views = 0;
	return (0);
}

static const struct shown_row *
publish_find_shown(const struct shown_row *rows, size_t count, int64_t view)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (rows[i].view == view)
			return (&rows[i]);
	return (NULL);
}

/* The entry in one view: written when what the view shows of it differs (rulings F9). */
static int
publish_entry(struct publish *publish, size_t view, const struct mark *mark,
    const struct shown_row *old, uint64_t content, const struct manager *manager,
    struct err *err)
{
	struct shown_row row;
	bool managed;

	managed = (manager->views & UINT32_C(1) << view) != 0;
	row = (struct shown_row){
		.view = publish->plan->book->views[view].id,
		.person = mark->person,
		.manager = managed ? manager->person : 0,
		.version = content + (managed ? manager->hash * 31 : 0),
		.revision = publish->revision,
	};
	if (old != NULL && old->version == row.version && old->manager == row.manager)
		return (0);
	row.modified = publish_stamp(publish, view);
	row.created = old != NULL ? old->created : row.modified;
	publish->report->changed++;
	if (old == NULL && tombstone_delete(publish->plan->db, row.view, &mark->uuid, err) < 0)
		return (-1);
	return (shown_put(publish->plan->db, &row, err));
}

static int
publish_entries(struct publish *publish, const struct mark *mark, uint64_t content,
    const struct manager *manager, struct err *err)
{
	struct shown_row rows[BOOK_VIEWS_MAX];
	const struct book *book = publish->plan->book;
	const struct shown_row *old;
	size_t count, i;

	count = 0;
	if (mark->shown != 0 && shown_list(publish->plan->db, mark->person, rows,
	    BOOK_VIEWS_MAX, &count, err) < 0)
		return (-1);
	for (i = 0; i < book->view_count; i++) {
		old = publish_find_shown(rows, count, book->views[i].id);
		if ((mark->views & UINT32_C(1) << i) != 0) {
			if (publish_entry(publish, i, mark, old, content, manager, err) < 0)
				return (-1);
			continue;
		}
		if (old == NULL)
			continue;
		publish->report->changed++;
		if (shown_delete(publish->plan->db, book->views[i].id, mark->person, err) < 0 ||
		    tombstone_put(publish->plan->db, book->views[i].id, &mark->uuid, false,
		    publish_stamp(publish, i), publish->revision, err) < 0)
			return (-1);
	}
	return (0);
}

int
publish_views(struct publish *publish, const struct mark *mark, const struct loaded *loaded,
    struct err *err)
{
	uint64_t content, groups;
	struct manager manager;

	if (mark->views == 0 && !mark->listed)
		return (0);
	publish->report->entered += mark->views != 0 && mark->shown == 0;
	publish->report->left += mark->views == 0 && mark->shown != 0;
	if (publish_served(publish, mark, loaded, &content, err) < 0 ||
	    publish_manager(publish, mark, loaded, &manager, err) < 0 ||
	    publish_members(publish, mark, &loaded->verdict, &groups, err) < 0)
		return (-1);
	return (publish_entries(publish, mark, content + groups * 17, &manager, err));
}
