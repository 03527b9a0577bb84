/*
 * One view held in memory and kept current by the feed: what slapd's module and the SCIM server
 * search. Readers take a snapshot, use it without a lock and give it back; each sees the view
 * as it was at one revision, never a mix (spec: acceptance 12).
 *
 * What an entry looks like to a protocol is that protocol's own: the image calls its makers for
 * each entry and keeps what they return, and asks for the keys under which it is found.
 */
#ifndef ROLLCALL_IMAGE_IMAGE_H
#define ROLLCALL_IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/log.h"
#include "image/cow.h"
#include "store/view.h"

#define IMAGE_GROUP	UINT32_C(0x80000000)	/* bit of an id: it is a group's */
#define IMAGE_GONE	UINT32_C(0x40000000)	/* … what left the view, see make_gone */
#define IMAGE_SETS	4			/* at most so many sets of keys */
#define IMAGE_ORDERS	16			/* at most so many orders */

/*
 * A person or a group at one revision, or what is left of one: `created` and `modified` are then
 * when it left. Immutable.
 */
struct image_entry {
	uint32_t	 id;		/* of the store, with IMAGE_GROUP for a group */
	uint32_t	 manager;	/* id of a person this view shows, 0: none */
	struct uuid	 uuid;
	int64_t		 created;	/* stamps: microseconds, unique in the view */
	int64_t		 modified;
	uint64_t	 version;	/* hash of what the view shows */
	uint8_t		 status;	/* enum person_status */
	bool		 active;
	uint32_t	 group_count;	/* of a person: groups[]; of a group: members */
	void		*payload;	/* the protocol's own */
	uint32_t	 groups[];	/* ids of a person's groups, ascending, with IMAGE_GROUP */
};

struct image_snap;

/* Settings in force (sync/settings.h) by name; NULL when one is not given. */
struct snap_settings;
const char *snap_settings_get(const struct snap_settings *settings, const char *name);

/* Keys of one entry under construction. */
struct image_keys;
/* Puts the entry under a 32-bit key (a hash, or a value that fits) in set number `set`. */
void	image_key(struct image_keys *keys, unsigned int set, uint32_t key);

/* What a maker may look at: groups are made before people. */
struct image_build;
/* The entry of a group as it will be, NULL when the view has none. */
const struct image_entry *image_build_group(const struct image_build *build, uint32_t id);
/* What make_form made, NULL without one. */
const void *image_build_form(const struct image_build *build);

/* The protocol's side. All are called by one thread at a time, never by readers. */
struct image_ops {
	unsigned int	 sets;
	unsigned int	 orders;
	bool		 managers;	/* make_person looks at who the manager is */
	/*
	 * What the protocol derives from the settings in force, made before any entry; when
	 * they change, everything is made anew. Both may be NULL.
	 */
	void	*(*make_form)(void *context, const struct snap_settings *settings);
	void	 (*free_form)(void *context, void *form);
	/* The payload of an entry, whose other members are filled; never NULL. */
	void	*(*make_person)(void *context, const struct image_build *build,
		    const struct image_entry *entry, const struct view_person *row);
	void	*(*make_group)(void *context, const struct image_build *build,
		    const struct image_entry *entry, const struct view_group *row);
	/*
	 * What left the view and did not come back, as far as tombstones are kept (rulings F16):
	 * an entry of its own, under the UUID it had, with IMAGE_GONE in its id, which lasts as
	 * long as this image and grows with the time of leaving. NULL: there are no such entries.
	 */
	void	*(*make_gone)(void *context, const struct image_entry *entry,
		    const struct view_tombstone *row);
	void	 (*free_payload)(void *context, void *payload);
	/*
	 * Adds the keys of an entry; the same entry always has the same keys. `other` is what it
	 * becomes or was, NULL when it is new or leaves: keys that both have may be left out of
	 * both.
	 */
	void	 (*keys)(void *context, const struct image_entry *entry,
		    const struct image_entry *other, struct image_keys *keys);
	/*
	 * Compares two entries in an order; ties are broken by id. member(order, entry) says
	 * whether the entry is in the order at all. May be NULL when orders is 0.
	 */
	int	 (*compare)(void *context, unsigned int order, const struct image_entry *a,
		    const struct image_entry *b);
	bool	 (*member)(void *context, unsigned int order, const struct image_entry *entry);
	/*
	 * A number that never falls from one entry of an order to the next: the more it tells
	 * apart, the less is compared. May be NULL.
	 */
	uint64_t (*rank)(void *context, unsigned int order, const struct image_entry *entry);
	/* A word to the log. */
	void	 (*report)(void *context, enum log_level level, const char *text);
	/*
	 * After a change was taken in, before readers can see it: `old` is NULL after a load.
	 * May be NULL. Both snapshots are held only until it returns.
	 */
	void	 (*changed)(void *context, const struct image_snap *old,
		    const struct image_snap *new, const uint32_t *ids, size_t count);
	/*
	 * Whenever something was committed to the database, also what the view does not show
	 * (settings, clients): reads it in the transaction the image is read in, before that.
	 * -1 fails the refresh. May be NULL.
	 */
	int	 (*read)(void *context, struct db *db, struct err *err);
	/*
	 * After every look at the database, whether it found something or not: what it found is
	 * what image_acquire gives. May be NULL.
	 */
	void	 (*looked)(void *context);
};

struct image;

/*
 * Prepares an image of a view. Nothing is read yet. Paths, names and ops outlive it, texts are
 * copied.
 */
struct image *image_open(const char *path, const char *view, const struct image_ops *ops,
	    void *context);
/* Stops the follower and frees everything; no snapshot may be held. */
void	image_close(struct image **image);

/*
 * Loads the view whole. -1: the database is missing, broken, or has no such view (err says
 * which); the image stays as it was, and the follower, once started, goes on trying.
 */
int	image_load(struct image *image, struct err *err);

/*
 * Takes in what changed since; loads anew when the file was replaced, or the database has
 * another epoch, other settings or an earlier revision. 1 something changed, 0 nothing did, -1
 * the database cannot be read: the last good view goes on (rulings F17).
 */
int	image_refresh(struct image *image, struct err *err);

/* Starts a thread that refreshes every few milliseconds; image_close ends it. */
int	image_follow(struct image *image, struct err *err);

/*
 * Starts that thread and has it load the view first, which is waited for: memory is then taken
 * by the thread that will give it back, or malloc keeps what changes free for another one. 0
 * loaded; -1 not, err says why. The thread goes on trying all the same, but for ERR_SYSTEM:
 * there is none.
 */
int	image_start(struct image *image, struct err *err);

struct image_state {
	bool		 loaded;	/* there is something to serve */
	bool		 sound;		/* the database could be read the last time */
	bool		 expired;	/* … not for longer than max_age: answer unavailable */
	struct err	 err;		/* why not */
	int64_t		 read_at;	/* when it was last found readable, clock_now() */
	int64_t		 revision;
	size_t		 people;
	size_t		 groups;
	size_t		 memory;	/* bytes of indexes and directories, payloads not counted */
};
void	image_state(struct image *image, struct image_state *state);

/* image_state's `expired`, as of the follower's last look, without a lock. */
bool	image_expired(const struct image *image);

/*
 * A snapshot, NULL when nothing was loaded yet. It stays whole until it is released; hold it
 * for one request, not for ever: what it uses is not freed before.
 */
const struct image_snap *image_acquire(struct image *image);
void	image_release(struct image *image, const struct image_snap *snap);

/* ---- what a snapshot tells ---------------------------------------------------------------- */

int64_t	snap_revision(const struct image_snap *snap);
int64_t	snap_stamp(const struct image_snap *snap);	/* the largest one in the view */
const struct uuid *snap_epoch(const struct image_snap *snap);
/* Of what left the view up to this stamp not everything is known any more; with make_gone. */
int64_t	snap_horizon(const struct image_snap *snap);

/* A setting of sync/settings.h by name, NULL when it is not given. */
const char *snap_setting(const struct image_snap *snap, const char *name);
/* What make_form made, NULL without one. */
const void *snap_form(const struct image_snap *snap);

/* By id, with IMAGE_GROUP for groups; NULL when the view does not show it. */
const struct image_entry *snap_entry(const struct image_snap *snap, uint32_t id);

size_t	snap_people(const struct image_snap *snap);
size_t	snap_groups(const struct image_snap *snap);
size_t	snap_gone(const struct image_snap *snap);

/*
 * All people or, with IMAGE_GROUP or IMAGE_GONE in *id, all of that kind, ascending by id: the
 * first that is not below *id, which is set to its id. NULL at the end; go on with *id + 1.
 */
const struct image_entry *snap_next(const struct image_snap *snap, uint32_t *id);
/* The id of the n-th (from 0) of a kind (0, IMAGE_GROUP, IMAGE_GONE); false past the end. */
bool	snap_nth_of(const struct image_snap *snap, uint32_t kind, size_t n, uint32_t *id);

/* By UUID: an index every image has. Nothing is there and gone at once. */
const struct image_entry *snap_uuid(const struct image_snap *snap, const struct uuid *uuid);

/* Entries under a key, ascending by id (people, gone, groups); snap_key_open_count counts them. */
size_t	snap_key_count(const struct image_snap *snap, unsigned int set, uint32_t key);
void	snap_key_open(struct cow_cursor *cursor, const struct image_snap *snap,
	    unsigned int set, uint32_t key);
size_t	snap_key_open_count(struct cow_cursor *cursor, const struct image_snap *snap,
	    unsigned int set, uint32_t key);
bool	snap_key_next(struct cow_cursor *cursor, uint32_t *id);
/* Moves on to the first id not below `id`. */
void	snap_key_seek(struct cow_cursor *cursor, uint32_t id);

/* The members of a group, ascending by id. */
void	snap_members_open(struct cow_cursor *cursor, const struct image_snap *snap,
	    uint32_t group);
/* The people whose manager this is, ascending by id; how many they are. */
size_t	snap_reports_open(struct cow_cursor *cursor, const struct image_snap *snap,
	    uint32_t manager);

const struct cow_order *snap_order(const struct image_snap *snap, unsigned int order);

#endif
