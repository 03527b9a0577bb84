/*
 * Inside image/ only: an image, and reading it from the database.
 */
#ifndef ROLLCALL_IMAGE_INSIDE_H
#define ROLLCALL_IMAGE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "image/snap.h"

/* What came of the first load. */
struct image_first {
	bool		 done;
	int		 result;
	struct err	 err;
};

struct image {
	const struct image_ops	*ops;
	void			*context;
	char			*path;
	char			*name;		/* of the view */
	pthread_mutex_t		 writer;
	struct db		*db;
	int64_t			 data_version;
	int64_t			 retry_at;	/* clock_monotonic() */
	bool			 replaced;	/* another file than the one last read */
	pthread_mutex_t		 lock;
	struct image_snap	*oldest;
	struct image_snap	*current;
	struct image_state	 state;
	uint32_t		 last_gone;	/* id given last, without IMAGE_GONE */
	int64_t			 max_age;	/* microseconds, 0: none */
	atomic_bool		 expired;
	pthread_t		 follower;
	pthread_cond_t		 wake;
	pthread_cond_t		 started;
	struct image_first	*first;		/* whoever waits for the first load */
	bool			 following;
	bool			 stop;
};

/*
 * Reads what was committed, in one transaction, and puts the next snapshot in front. 1 there is
 * one, 0 nothing of the view changed, -1 failed: the image is as it was. Holds image->writer.
 */
int	image_read(struct image *image, struct err *err);

/*
 * Puts into a batch what left the view after revision `since`: its entry goes and, where the
 * protocol has such entries, one of what is left of it comes. What has come back, or is forgotten,
 * goes from among those; people and groups are in the batch already.
 */
int	image_read_gone(struct image *image, struct image_build *build,
	    const struct view_row *view, int64_t since, struct err *err);

#endif
