/*
 * What the world sees of groups: an entry in each view in which a group has a member. One that no
 * HR system owns is there from the day it is made, but in LDAP, whose groupOfNames is never empty
 * (RFC 4519 §3.5).
 */
#include "config.h"

#include "sync/plan/publish_inside.h"

#include <string.h>

#include "store/number.h"

/* A group that is served gets a gidNumber, while [posix] is on. */
static int
publish_group_number(struct publish *publish, struct group *group, struct err *err)
{
	const struct conf_set *set = &publish->plan->order->conf->set;

	if (conf_number(set, CONF_POSIX) == 0)
		return (0);
	return (number_of_group(publish->plan->db, group->id, conf_number(set,
	    CONF_POSIX_GID), &group->gid_number, err));
}

static bool
publish_keeps_empty(const struct publish *publish, const struct group *group, size_t view)
{
	const struct conf_view *conf = publish->plan->book->views[view].conf;

	return (group->stays && strcmp(conf->name, "ldap") != 0 &&
	    conf_text(&conf->set, CONF_VIEW_SUFFIX) == NULL);
}

static int
publish_group_entry(struct publish *publish, const struct group *group, size_t view,
    const struct group_shown_row *old, struct err *err)
{
	struct db *db = publish->plan->db;
	struct group_shown_row row;

	row = old != NULL ? *old : (struct group_shown_row){
	    .view = publish->plan->book->views[view].id, .group = group->id };
	row.members += group->members[view];
	row.member_hash += group->member_hash[view];
	row.version = hash64_seed(&row.member_hash, sizeof(row.member_hash),
	    group->hash + (uint64_t)row.members + (uint64_t)group->gid_number * 31);
	row.revision = publish->revision;
	row.cn = group->cn;
	if (row.members <= 0 && !publish_keeps_empty(publish, group, view)) {
		if (old == NULL)
			return (0);
		publish->report->groups++;
		if (group_shown_delete(db, row.view, row.group, err) < 0)
			return (-1);
		return (tombstone_put(db, row.view, &group->uuid, true,
		    publish_stamp(publish, view), publish->revision, err));
	}
	if (old != NULL && old->version == row.version)
		return (0);
	row.modified = publish_stamp(publish, view);
	row.created = old != NULL ? old->created : row.modified;
	publish->report->groups++;
	if (old == NULL && tombstone_delete(db, row.view, &group->uuid, err) < 0)
		return (-1);
	return (group_shown_put(db, &row, err));
}

static const struct group_shown_row *
publish_find_group(const struct group_shown_row *rows, size_t count, int64_t view)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (rows[i].view == view)
			return (&rows[i]);
	return (NULL);
}

static int
publish_group(struct publish *publish, struct group *group, struct err *err)
{
	struct group_shown_row rows[BOOK_VIEWS_MAX];
	const struct book *book = publish->plan->book;
	const struct group_shown_row *old;
	int64_t members;
	size_t count, i;

	if (publish_group_number(publish, group, err) < 0 ||
	    group_shown_list(publish->plan->db, group->id, rows, BOOK_VIEWS_MAX, &count,
	    err) < 0)
		return (-1);
	members = 0;
	for (i = 0; i < book->view_count; i++) {
		old = publish_find_group(rows, count, book->views[i].id);
		members += (old != NULL ? old->members : 0) + group->members[i];
		if (publish_group_entry(publish, group, i, old, err) < 0)
			return (-1);
	}
	if (members <= 0 && !group->stays)
		return (group_delete(publish->plan->db, group->id, err));
	return (group_put(publish->plan->db, &(struct served_group){ .id = group->id,
	    .uuid = group->uuid, .cn = group->cn, .type = group->type,
	    .source = group->source, .gid_number = group->gid_number }, err));
}

int
publish_groups(struct publish *publish, struct err *err)
{
	struct group *group;
	size_t i;

	for (i = 0; i < groups_count(publish->groups); i++) {
		group = groups_at(publish->groups, i);
		if (group->touched && publish_group(publish, group, err) < 0)
			return (-1);
	}
	return (0);
}
