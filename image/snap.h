/*
 * Inside image/ only: snapshots, and how a batch of changes makes the next one.
 */
#ifndef ROLLCALL_IMAGE_SNAP_H
#define ROLLCALL_IMAGE_SNAP_H

#include "base/mem.h"
#include "image/image.h"

#define IMAGE_KIND	(IMAGE_GROUP | IMAGE_GONE)	/* bits of an id that are none of it */

/* Indexes every image has, behind those of its protocol. */
enum snap_set { SNAP_UUID = IMAGE_SETS, SNAP_MEMBERS, SNAP_REPORTS, SNAP_SETS };

struct snap_setting_row {
	const char	*name;
	const char	*value;
};

/* What readers see of the configuration; shared by snapshots until it changes. */
struct snap_settings {
	struct arena		*arena;
	struct snap_setting_row	*rows;
	size_t			 count;
	uint64_t		 hash;
	const struct image_ops	*ops;
	void			*context;
	void			*form;		/* made when the settings come into force */
};

struct image_snap {
	const struct image_ops	*ops;
	void			*context;
	struct uuid		 epoch;
	int64_t			 view;		/* id */
	int64_t			 revision;
	int64_t			 stamp;
	int64_t			 horizon;
	struct snap_settings	*settings;
	struct cow_array	*people;	/* by id without IMAGE_KIND */
	struct cow_array	*groups;
	struct cow_array	*gone;
	struct cow_set		*sets[SNAP_SETS];
	struct cow_order	*orders[IMAGE_ORDERS];
	/* of the list of snapshots */
	unsigned int		 holders;
	struct cow_trash	 trash;		/* what the next one no longer uses */
	struct image_snap	*next;		/* newer */
};

/* A change of one entry. */
struct batch_item {
	uint32_t		 id;
	struct image_entry	*entry;		/* NULL: it leaves the view */
};

struct image_build {
	const struct image_ops	*ops;
	void			*context;
	const struct image_snap	*old;		/* NULL: everything is new */
	const struct snap_settings *settings;
	struct batch_item	*groups;	/* ascending by id */
	size_t			 group_count;
	size_t			 group_room;
	struct batch_item	*people;	/* ascending by id */
	size_t			 person_count;
	size_t			 person_room;
	struct batch_item	*gone;		/* ascending by id */
	size_t			 gone_count;
	size_t			 gone_room;
};

/* Adds a change; ids may come in any order, build_sort sorts them. */
void	build_put(struct image_build *build, uint32_t id, struct image_entry *entry);
void	build_sort(struct image_build *build);
/* Frees the lists, and the entries too when they were not made part of a snapshot. */
void	build_close(struct image_build *build, bool entries);

/*
 * The snapshot with the changes applied; view, revision, stamp, epoch and settings are the
 * caller's to fill. What it replaces goes to the old one's trash.
 */
struct image_snap *snap_build(struct image_build *build, struct image_snap *old);

/* The key of a UUID in SNAP_UUID. */
uint32_t snap_uuid_key(const struct uuid *uuid);

/* The indexes and orders of `snap`, whose entries are there already; `old` may be NULL. */
void	keys_apply(const struct image_build *build, struct image_snap *snap,
	    struct image_snap *old);
void	orders_apply(const struct image_build *build, struct image_snap *snap,
	    struct image_snap *old);

/* Frees a snapshot that shares nothing with a newer one: all its entries and indexes. */
void	snap_close_whole(struct image_snap **snap);
/* Frees the struct alone. */
void	snap_close(struct image_snap **snap);

void	snap_settings_close(struct snap_settings **settings);

#endif
