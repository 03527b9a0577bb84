/*
 * Owns the ids of all clients. Threads: one refreshes, any number read; `lock` guards all but
 * the stamp, and prefers the writer, who would else wait as long as somebody reads.
 */
#include "config.h"

#include "scim/external.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/map.h"

/* One id; without a value it is free. */
struct external_item {
	struct uuid	 uuid;
	char		*id;
};

/* Of one client. Both maps lead to an index + 1 in items. */
struct external {
	int64_t			 client;
	struct external_item	*items;
	size_t			 count;
	size_t			 room;
	struct map		 by_uuid;
	struct map		 by_id;
	struct external		*next;
};

struct externals {
	pthread_rwlock_t	 lock;
	struct external		*first;
	int64_t			 erased;
	int64_t			 read;	/* changes up to that stamp were taken in */
	_Atomic int64_t		 stamp;
};

struct externals *
externals_open(void)
{
	struct externals *externals;
	pthread_rwlockattr_t attr;

	externals = mem_alloc(sizeof(*externals));
	(void)pthread_rwlockattr_init(&attr);
	(void)pthread_rwlockattr_setkind_np(&attr,
	    PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	(void)pthread_rwlock_init(&externals->lock, &attr);
	(void)pthread_rwlockattr_destroy(&attr);
	return (externals);
}

static void
externals_clear(struct externals *externals)
{
	struct external *external, *next;
	size_t i;

	for (external = externals->first; external != NULL; external = next) {
		next = external->next;
		for (i = 0; i < external->count; i++)
			mem_free(&external->items[i].id);
		mem_free(&external->items);
		map_close(&external->by_uuid);
		map_close(&external->by_id);
		mem_free(&external);
	}
	externals->first = NULL;
	externals->read = 0;
}

void
externals_close(struct externals **externals)
{
	if (*externals == NULL)
		return;
	externals_clear(*externals);
	(void)pthread_rwlock_destroy(&(*externals)->lock);
	mem_free(externals);
}

/* ---- taking in ----------------------------------------------------------- */

static uint64_t
uuid_key(const struct uuid *uuid)
{
	return (hash64(uuid->bytes, sizeof(uuid->bytes)));
}

static struct external *
externals_find(const struct externals *externals, int64_t client)
{
	struct external *external;

	for (external = externals->first; external != NULL; external = external->next)
		if (external->client == client)
			break;
	return (external);
}

static struct external *
externals_get(struct externals *externals, int64_t client)
{
	struct external *external;

	external = externals_find(externals, client);
	if (external != NULL)
		return (external);
	external = mem_alloc(sizeof(*external));
	external->client = client;
	external->next = externals->first;
	externals->first = external;
	return (external);
}

static void
external_set(struct external *external, const struct external_row *row)
{
	uint64_t *at = map_at(&external->by_uuid, uuid_key(&row->uuid), 0), other;
	struct external_item *item;

	if (*at == 0) {
		item = mem_grow(&external->items, external->count, &external->room,
		    sizeof(*item));
		*item = (struct external_item){ .uuid = row->uuid };
		*at = ++external->count;
	}
	item = &external->items[*at - 1];
	if (item->id != NULL && map_get(&external->by_id, hash64_text(item->id), &other) &&
	    other == *at)
		map_set(&external->by_id, hash64_text(item->id), 0);
	mem_free(&item->id);
	if (row->value == NULL)
		return;
	item->id = mem_dup(row->value);
	map_set(&external->by_id, hash64_text(item->id), *at);
}

static int
externals_take(struct externals *externals, struct db *db, struct err *err)
{
	struct external_row row;
	int result;

	external_walk(db, externals->read);
	while ((result = external_next(db, &row, err)) > 0) {
		external_set(externals_get(externals, row.client), &row);
		externals->read = row.stamp;
	}
	return (result);
}

static int
externals_read(struct externals *externals, struct db *db, bool anew, struct err *err)
{
	int64_t erased;
	int result;

	if (external_erased(db, &erased, err) < 0)
		return (-1);
	(void)pthread_rwlock_wrlock(&externals->lock);
	if (anew || erased != externals->erased)
		externals_clear(externals);
	externals->erased = erased;
	result = externals_take(externals, db, err);
	(void)pthread_rwlock_unlock(&externals->lock);
	if (result == 0)
		atomic_store(&externals->stamp, externals->read);
	return (result);
}

int
externals_refresh(struct externals *externals, struct db *db, bool anew, struct err *err)
{
	int result;

	if (db_begin(db, err) < 0)
		return (-1);
	result = externals_read(externals, db, anew, err);
	db_rollback(db);	/* nothing was written */
	return (result);
}

/* ---- reading ------------------------------------------------------------- */

int64_t
externals_stamp(const struct externals *externals)
{
	return (atomic_load(&externals->stamp));
}

const struct external *
external_begin(struct externals *externals, int64_t client)
{
	const struct external *external;

	(void)pthread_rwlock_rdlock(&externals->lock);
	external = externals_find(externals, client);
	if (external == NULL)
		(void)pthread_rwlock_unlock(&externals->lock);
	return (external);
}

void
external_end(struct externals *externals, const struct external *external)
{
	if (external != NULL)
		(void)pthread_rwlock_unlock(&externals->lock);
}

const char *
external_id(const struct external *external, const struct uuid *uuid)
{
	const struct external_item *item;
	uint64_t at;

	if (external == NULL || !map_get(&external->by_uuid, uuid_key(uuid), &at) || at == 0)
		return (NULL);
	item = &external->items[at - 1];
	return (memcmp(item->uuid.bytes, uuid->bytes, sizeof(uuid->bytes)) == 0 ? item->id :
	    NULL);
}

bool
external_find(const struct external *external, const char *id, struct uuid *uuid)
{
	const struct external_item *item;
	uint64_t at;

	if (external == NULL || !map_get(&external->by_id, hash64_text(id), &at) || at == 0)
		return (false);
	item = &external->items[at - 1];
	if (item->id == NULL || strcmp(item->id, id) != 0)
		return (false);
	*uuid = item->uuid;
	return (true);
}
