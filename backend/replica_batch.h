/*
 * Inside backend/replica.c: what was published, and the list of what is to be told of it.
 */
#ifndef ROLLCALL_BACKEND_REPLICA_BATCH_H
#define ROLLCALL_BACKEND_REPLICA_BATCH_H

#include <stdbool.h>

#include "backend/live.h"

#include "image/image.h"

struct replica_gone {
	struct uuid	uuid;
	int64_t		stamp;
};

struct replica_batch {
	bool				 some;
	bool				 whole;		/* ids are not known */
	const struct image_snap		*snap;		/* held; NULL: not published yet */
	uint32_t			*ids;
	size_t				 count;
	size_t				 room;
	struct replica_gone		*gone;		/* tombstones */
	size_t				 gone_count;
	size_t				 gone_room;
};

void	replica_batch_ids(struct replica_batch *batch, const uint32_t *ids, size_t count);
void	replica_batch_gone(struct replica_batch *batch, const struct uuid *uuid, int64_t stamp);
/* Moves everything but the snapshot behind what is there. */
void	replica_batch_merge(struct replica_batch *batch, struct replica_batch *newer);
/* Frees the lists; the snapshot is not released. */
void	replica_batch_close(struct replica_batch *batch);

/* One entry that is to be told of. */
struct replica_notice {
	int64_t		stamp;		/* or a number, of what went unseen */
	uint32_t	id;
	bool		node;		/* of the upper tree: id is its place there */
	bool		unseen;		/* gone, and no tombstone says when */
};

struct replica_work {
	const struct image_snap	*snap;		/* held; NULL: there is none */
	struct replica_notice	*list;		/* as CSNs ascend */
	size_t			 count;
	size_t			 room;
	size_t			 at;
};

/*
 * Takes a batch over, with its snapshot, and lists what differs from the base; nothing when it
 * is not wanted, or there is no base.
 */
void	replica_work_open(struct replica_work *work, struct replica_batch *batch,
	    const struct image_snap *base, bool wanted);
void	replica_work_close(struct replica_work *work);

/* The entry of a notice in a snapshot, NULL where it is not. */
const struct image_entry *replica_work_entry(const struct image_snap *snap,
	    const struct replica_notice *notice);

#endif
