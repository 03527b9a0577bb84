/*
 * Owns nothing.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/replica_batch.h"

#include <stdlib.h>
#include <string.h>

/* ---- batches --------------------------------------------------------------------------------- */

void
replica_batch_ids(struct replica_batch *batch, const uint32_t *ids, size_t count)
{
	uint32_t *slot;
	size_t i;

	for (i = 0; i < count; i++) {
		slot = mem_grow(&batch->ids, batch->count++, &batch->room, sizeof(*slot));
		*slot = ids[i];
	}
}

void
replica_batch_gone(struct replica_batch *batch, const struct uuid *uuid, int64_t stamp)
{
	struct replica_gone *slot;

	slot = mem_grow(&batch->gone, batch->gone_count++, &batch->gone_room, sizeof(*slot));
	*slot = (struct replica_gone){ .uuid = *uuid, .stamp = stamp };
}

void
replica_batch_merge(struct replica_batch *batch, struct replica_batch *newer)
{
	size_t i;

	batch->some = true;
	batch->whole |= newer->whole;
	replica_batch_ids(batch, newer->ids, newer->count);
	for (i = 0; i < newer->gone_count; i++)
		replica_batch_gone(batch, &newer->gone[i].uuid, newer->gone[i].stamp);
	replica_batch_close(newer);
}

void
replica_batch_close(struct replica_batch *batch)
{
	mem_free(&batch->ids);
	mem_free(&batch->gone);
	*batch = (struct replica_batch){ .snap = batch->snap };
}

/* ---- what is to be told ------------------------------------------------------------------------ */

/* What a list is made of. */
struct listing {
	struct replica_work	*work;
	struct replica_batch	*batch;
	const struct image_snap	*base;
	bool			 anew;		/* CSNs begin anew: everything has another one */
	int64_t			 unseen;
};

static int
gone_compare(const void *a, const void *b)
{
	const struct replica_gone *one = a, *other = b;

	return (memcmp(one->uuid.bytes, other->uuid.bytes, sizeof(one->uuid.bytes)));
}

static void
listing_put(struct listing *listing, const struct replica_notice *notice)
{
	struct replica_work *work = listing->work;
	struct replica_notice *slot;

	slot = mem_grow(&work->list, work->count++, &work->room, sizeof(*slot));
	*slot = *notice;
}

/* The latest tombstone of what is gone. */
static int64_t
listing_gone_at(const struct listing *listing, const struct uuid *uuid)
{
	const struct replica_gone key = { .uuid = *uuid }, *found, *end, *first;
	int64_t stamp;

	first = listing->batch->gone;
	found = first == NULL ? NULL : bsearch(&key, first, listing->batch->gone_count,
	    sizeof(*found), gone_compare);
	if (found == NULL)
		return (0);
	end = first + listing->batch->gone_count;
	while (found > first && gone_compare(found - 1, &key) == 0)
		found--;
	for (stamp = 0; found < end && gone_compare(found, &key) == 0; found++)
		if (found->stamp > stamp)
			stamp = found->stamp;
	return (stamp);
}

static void
listing_compare(struct listing *listing, uint32_t id)
{
	struct replica_notice notice = { .id = id };
	const struct image_entry *new, *old;

	old = snap_entry(listing->base, id);
	new = snap_entry(listing->work->snap, id);
	if (old == new || (old != NULL && new != NULL && !listing->anew &&
	    old->modified == new->modified))
		return;
	if (new != NULL) {
		notice.stamp = new->modified;
		listing_put(listing, &notice);
		return;
	}
	notice.stamp = listing->anew ? 0 : listing_gone_at(listing, &old->uuid);
	if (notice.stamp == 0) {
		notice.unseen = true;
		notice.stamp = listing->unseen++;
	}
	listing_put(listing, &notice);
}

static void
listing_everything(struct listing *listing, uint32_t first)
{
	uint32_t id;

	for (id = first; snap_next(listing->base, &id) != NULL; id++)
		if (snap_entry(listing->work->snap, id) == NULL)
			listing_compare(listing, id);
	for (id = first; snap_next(listing->work->snap, &id) != NULL; id++)
		listing_compare(listing, id);
}

static void
listing_nodes(struct listing *listing)
{
	const struct nodes *now = snap_form(listing->work->snap);
	struct replica_notice notice = { .node = true };

	for (notice.id = 0; notice.id < LIVE_NODES; notice.id++) {
		notice.stamp = now->entry[notice.id]->modified;
		listing_put(listing, &notice);
	}
}

static int
ids_compare(const void *a, const void *b)
{
	const uint32_t *one = a, *other = b;

	return (*one < *other ? -1 : *one > *other);
}

/* An id may have changed more than once. */
static void
listing_ids(struct listing *listing)
{
	struct replica_batch *batch = listing->batch;
	size_t i;

	if (batch->count > 0)
		qsort(batch->ids, batch->count, sizeof(*batch->ids), ids_compare);
	for (i = 0; i < batch->count; i++)
		if (i == 0 || batch->ids[i] != batch->ids[i - 1])
			listing_compare(listing, batch->ids[i]);
}

/* In the order of CSNs: what went unseen, the upper tree, everything else. */
static int
notices_compare(const void *a, const void *b)
{
	const struct replica_notice *one = a, *other = b;

	if (one->unseen != other->unseen)
		return (one->unseen ? -1 : 1);
	if (one->node != other->node)
		return (one->node ? -1 : 1);
	if (one->stamp != other->stamp)
		return (one->stamp < other->stamp ? -1 : 1);
	return (one->id < other->id ? -1 : one->id > other->id);
}

static bool
listing_is_anew(const struct image_snap *base, const struct image_snap *snap)
{
	const struct nodes *now = snap_form(snap), *then = snap_form(base);

	return (then->csn.floor != now->csn.floor || then->csn.known != now->csn.known);
}

void
replica_work_open(struct replica_work *work, struct replica_batch *batch,
    const struct image_snap *base, bool wanted)
{
	struct listing listing = { .work = work, .batch = batch, .base = base };

	work->snap = batch->snap;
	batch->snap = NULL;
	if (wanted && base != NULL) {
		listing.anew = listing_is_anew(base, work->snap);
		if (batch->gone_count > 0)
			qsort(batch->gone, batch->gone_count, sizeof(*batch->gone),
			    gone_compare);
		if (listing.anew)
			listing_nodes(&listing);
		if (batch->whole) {
			listing_everything(&listing, 0);
			listing_everything(&listing, IMAGE_GROUP);
		} else
			listing_ids(&listing);
		if (work->count > 0)
			qsort(work->list, work->count, sizeof(*work->list), notices_compare);
	}
	replica_batch_close(batch);
}

void
replica_work_close(struct replica_work *work)
{
	mem_free(&work->list);
	*work = (struct replica_work){ .snap = work->snap };
}

const struct image_entry *
replica_work_entry(const struct image_snap *snap, const struct replica_notice *notice)
{
	const struct nodes *nodes;

	if (!notice->node)
		return (snap_entry(snap, notice->id));
	nodes = snap_form(snap);
	return (nodes->entry[notice->id]);
}
