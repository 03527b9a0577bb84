/*
 * Owns what was published and not told yet: at most one batch in work and one that waits, into
 * which newer ones are merged. Threads: the image's one writer calls what begins with replica_
 * in the header; a task of slapd's pool tells, one at a time; `lock` guards what they share. The
 * task ends, and goes on later, when slapd pauses its pool: it never stands in the way of
 * cn=config, and none runs while a database is opened or closed.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/replica.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "backend/live.h"
#include "backend/notice.h"
#include "backend/replica_batch.h"
#include "backend/unpack.h"
#include "base/clock.h"

#define REPLICA_AHEAD	CLOCK_MINUTE	/* CSNs are written down before so much time is used up */

struct replica {
	struct live		*live;
	BackendDB		*be;
	const char		*view;
	char			*path;		/* of the file of CSNs */
	/* of the thread that reads */
	struct given		 next;		/* what is being read */
	struct view_row		 row;
	int64_t			 revision;	/* of what was read last; 0: nothing was */
	struct replica_batch	 coming;
	/* under the lock */
	pthread_mutex_t		 lock;
	struct given		 given;
	int64_t			 written;	/* given.stamp in the file */
	int64_t			 forgotten;
	struct replica_batch	 waiting;
	void			*task;
	bool			 queued;
	bool			 stopped;
	bool			 asked;		/* syncprov has taken contextCSN over */
	char			 told[STAMP_CSN_SIZE];	/* the last CSN it knows */
	/* of the task */
	const struct image_snap	*base;		/* what replicas were told last */
	struct replica_work	 work;
	struct image		*image;
	bool			 complained;
	void			*memory[2];	/* of the entry before and after */
	size_t			 room[2];
};

static void
replica_say(const struct replica *replica, const char *text)
{
	Debug(LDAP_DEBUG_ANY, "rollcall: %s: %s\n", replica->be->be_suffix[0].bv_val, text);
}

struct replica *
replica_open(struct live *live, BackendDB *be, const char *path, const char *view)
{
	struct err err = ERR_INIT;
	struct replica *replica;

	replica = mem_alloc(sizeof(*replica));
	replica->live = live;
	replica->be = be->bd_self;
	replica->view = view;
	replica->path = given_path(path, view);
	(void)pthread_mutex_init(&replica->lock, NULL);
	if (given_read(replica->path, &replica->given, &err) < 0)
		replica_say(replica, err.text);
	return (replica);
}

/* No task runs now: slapd closes databases while its pool rests. */
void
replica_stop(struct replica *replica, struct image *image)
{
	(void)pthread_mutex_lock(&replica->lock);
	replica->stopped = true;
	if (replica->queued && !slapd_shutdown)
		(void)ldap_pvt_thread_pool_retract(replica->task);
	replica->queued = false;
	image_release(image, replica->base);
	image_release(image, replica->waiting.snap);
	image_release(image, replica->work.snap);
	replica->base = replica->waiting.snap = replica->work.snap = NULL;
	(void)pthread_mutex_unlock(&replica->lock);
}

void
replica_close(struct replica **out)
{
	struct replica *replica = *out;

	if (replica == NULL)
		return;
	replica_batch_close(&replica->coming);
	replica_batch_close(&replica->waiting);
	replica_work_close(&replica->work);
	(void)pthread_mutex_destroy(&replica->lock);
	mem_free(&replica->memory[0]);
	mem_free(&replica->memory[1]);
	mem_free(&replica->path);
	mem_free(out);
}

/* ---- reading ------------------------------------------------------------------------------- */

static int
replica_read_gone(struct replica *replica, struct db *db, struct err *err)
{
	struct view_tombstone row;
	int result;

	view_tombstones_walk(db, replica->row.id, replica->revision);
	while ((result = view_tombstones_next(db, &row, err)) > 0)
		replica_batch_gone(&replica->coming, &row.uuid, row.stamp);
	return (result);
}

int
replica_read(struct replica *replica, struct db *db, uint64_t form, struct err *err)
{
	struct given now = { .form = form };
	int result;

	if (view_epoch(db, &now.epoch, err) < 0)
		return (-1);
	result = view_find(db, replica->view, &replica->row, err);
	if (result <= 0)
		return (result);	/* the image says that there is no such view */
	now.view = replica->row.id;
	now.stamp = replica->row.stamp;
	(void)pthread_mutex_lock(&replica->lock);
	replica->next = replica->given;
	replica->forgotten = replica->row.forgotten;
	(void)pthread_mutex_unlock(&replica->lock);
	given_go_on(&replica->next, &now);
	if (replica->revision == 0 || replica->row.revision <= replica->revision)
		return (0);
	return (replica_read_gone(replica, db, err));
}

struct stamp_base
replica_base(const struct replica *replica)
{
	return (replica->next.base);
}

void
replica_changed(struct replica *replica, bool whole, const uint32_t *ids, size_t count)
{
	replica->coming.some = true;
	replica->coming.whole |= whole;
	replica_batch_ids(&replica->coming, ids, count);
	replica->revision = replica->row.revision;
	(void)pthread_mutex_lock(&replica->lock);
	if (whole && replica->next.until < replica->given.until)
		replica->next.until = replica->given.until;
	if (whole)
		replica->given = replica->next;
	else
		replica->given.stamp = replica->next.stamp;
	(void)pthread_mutex_unlock(&replica->lock);
}

static void *replica_run(void *context, void *arg);

/* Under the lock. */
static void
replica_submit(struct replica *replica)
{
	if (replica->queued || replica->waiting.snap == NULL || replica->stopped ||
	    slapd_shutdown)
		return;
	replica->queued = ldap_pvt_thread_pool_submit2(&connection_pool, replica_run, replica,
	    &replica->task) == 0;
}

void
replica_looked(struct replica *replica, struct image *image)
{
	(void)pthread_mutex_lock(&replica->lock);
	replica->image = image;
	if (replica->coming.some && !replica->stopped) {
		image_release(image, replica->waiting.snap);
		replica->waiting.snap = image_acquire(image);
		replica_batch_merge(&replica->waiting, &replica->coming);
	}
	replica_submit(replica);
	(void)pthread_mutex_unlock(&replica->lock);
}

/* ---- which CSNs were given ------------------------------------------------------------------- */

static bool
replica_is_wanted(const struct replica *replica)
{
	return (overlay_is_inst(replica->be, "syncprov"));
}

void
replica_asked(struct replica *replica, const char *csn)
{
	(void)pthread_mutex_lock(&replica->lock);
	replica->asked = true;
	(void)snprintf(replica->told, sizeof(replica->told), "%s", csn);
	(void)pthread_mutex_unlock(&replica->lock);
}

/*
 * Whether a CSN is newer than all that syncprov knows: another one it must not be told, or it
 * takes its contextCSN for unsettled, and ends slapd when a replica comes that has all.
 */
static bool
replica_is_news(struct replica *replica, const char text[STAMP_CSN_SIZE])
{
	bool news;

	(void)pthread_mutex_lock(&replica->lock);
	news = replica->asked && strcmp(replica->told, text) < 0;
	if (news)
		memcpy(replica->told, text, STAMP_CSN_SIZE);
	(void)pthread_mutex_unlock(&replica->lock);
	return (news);
}

void
replica_reserve(struct replica *replica)
{
	struct err err = ERR_INIT;
	struct given given;
	int64_t last;
	bool ahead, due;

	(void)pthread_mutex_lock(&replica->lock);
	last = stamp_latest(&replica->given.base, replica->given.stamp);
	due = last != 0 && replica_is_wanted(replica);
	ahead = due && last >= replica->given.until;
	due = ahead || (due && replica->given.stamp != replica->written);
	if (ahead)
		replica->given.until = last + REPLICA_AHEAD;
	if (due)
		replica->written = replica->given.stamp;
	given = replica->given;
	(void)pthread_mutex_unlock(&replica->lock);
	if (!due || given_write(replica->path, &given, ahead, &err) == 0 ||
	    replica->complained)
		return;
	replica->complained = true;
	replica_say(replica, err.text);
	replica_say(replica, "which CSNs were given is not remembered: were another database "
	    "put in this one's place, replicas would not follow");
}

size_t
replica_oldest(struct replica *replica, char text[STAMP_CSN_SIZE])
{
	struct stamp_base base;
	int64_t stamp;

	(void)pthread_mutex_lock(&replica->lock);
	base = replica->given.base;
	stamp = replica->forgotten;
	(void)pthread_mutex_unlock(&replica->lock);
	return (stamp_csn(&base, stamp_oldest(&base, stamp), text));
}

/* ---- telling --------------------------------------------------------------------------------- */

static struct sight
replica_sight(const struct replica *replica, const struct image_snap *snap)
{
	return ((struct sight){ .live = replica->live, .naming = live_naming(replica->live),
	    .snap = snap, .nodes = snap_form(snap) });
}

/* The entry of an id in a snapshot, in memory that is used again; NULL when it shows none. */
static Entry *
replica_unpack(struct replica *replica, const struct image_snap *snap,
    const struct image_entry *entry, size_t which)
{
	struct sight sight;
	size_t size;

	if (entry == NULL)
		return (NULL);
	sight = replica_sight(replica, snap);
	if (!sight_shows(&sight, entry))
		return (NULL);
	size = unpack_size(entry);
	if (size > replica->room[which]) {
		mem_free(&replica->memory[which]);
		replica->room[which] = size * 2;
		replica->memory[which] = mem_alloc(size * 2);
	}
	return (unpack_into(replica->memory[which], &sight, entry, &need_all));
}

static void
replica_tell_one(struct replica *replica, void *context, Entry *before, Entry *after,
    char text[STAMP_CSN_SIZE])
{
	OperationBuffer buffer;
	Connection connection = { .c_connid = 0 };
	struct berval csn = { .bv_len = STAMP_CSN_SIZE - 1, .bv_val = text };

	if ((before == NULL && after == NULL) || !replica_is_news(replica, text))
		return;
	connection_fake_init(&connection, &buffer, context);
	notice_tell(&buffer.ob_op, replica->be, before, after, &csn);
}

/* A name that became another is one that went and one that came. */
static bool
replica_is_same(const Entry *before, const Entry *after, const struct image_entry *old,
    const struct image_entry *new)
{
	return (before == NULL || after == NULL ||
	    (bvmatch(&before->e_nname, &after->e_nname) &&
	    memcmp(old->uuid.bytes, new->uuid.bytes, sizeof(new->uuid.bytes)) == 0));
}

static void
replica_tell(struct replica *replica, void *context, const struct replica_notice *notice)
{
	const struct image_entry *new, *old;
	char text[STAMP_CSN_SIZE];
	const struct nodes *nodes;
	Entry *after, *before;

	old = replica_work_entry(replica->base, notice);
	new = replica_work_entry(replica->work.snap, notice);
	before = replica_unpack(replica, replica->base, old, 0);
	after = replica_unpack(replica, replica->work.snap, new, 1);
	nodes = snap_form(replica->work.snap);
	if (!replica_is_same(before, after, old, new)) {
		(void)stamp_csn_before(&nodes->csn, notice->stamp, text);
		replica_tell_one(replica, context, before, NULL, text);
		before = NULL;
	}
	if (notice->unseen)
		(void)stamp_csn_gone(&nodes->csn, (uint32_t)notice->stamp, text);
	else
		(void)stamp_csn(&nodes->csn, notice->stamp, text);
	replica_tell_one(replica, context, before, after, text);
}

/* contextCSN may be further on than any entry: what came and went between two looks. */
static void
replica_tell_context(struct replica *replica, void *context)
{
	const struct image_snap *snap = replica->work.snap;
	const struct nodes *nodes = snap_form(snap);
	char text[STAMP_CSN_SIZE];
	Entry *e;

	(void)stamp_csn(&nodes->csn, snap_stamp(snap), text);
	if (snap_stamp(snap) == 0)
		return;
	e = replica_unpack(replica, snap, nodes->entry[0], 0);
	replica_tell_one(replica, context, e, e, text);
}

/* Takes what waits into work; false when there is nothing, and the task is over. */
static bool
replica_take(struct replica *replica)
{
	struct replica_batch batch;

	if (replica->work.snap != NULL)
		return (true);
	(void)pthread_mutex_lock(&replica->lock);
	batch = replica->waiting;
	replica->waiting = (struct replica_batch){ .some = false };
	replica->queued = batch.snap != NULL;
	(void)pthread_mutex_unlock(&replica->lock);
	if (batch.snap == NULL)
		return (false);
	replica_work_open(&replica->work, &batch, replica->base, replica_is_wanted(replica));
	return (true);
}

static bool
replica_must_rest(void)
{
	return (slapd_shutdown || ldap_pvt_thread_pool_pausing(&connection_pool) > 0);
}

/* False when the task must rest before it is done. */
static bool
replica_work(struct replica *replica, void *context)
{
	struct replica_work *work = &replica->work;

	replica_reserve(replica);
	for (; work->at < work->count; work->at++) {
		if (replica_must_rest())
			return (false);
		replica_tell(replica, context, &work->list[work->at]);
	}
	if (replica_is_wanted(replica))
		replica_tell_context(replica, context);
	image_release(replica->image, replica->base);
	replica->base = work->snap;
	work->snap = NULL;
	replica_work_close(work);
	return (true);
}

static void *
replica_run(void *context, void *arg)
{
	struct replica *replica = arg;

	while (replica_take(replica)) {
		if (replica_work(replica, context))
			continue;
		(void)pthread_mutex_lock(&replica->lock);
		replica->queued = !slapd_shutdown && ldap_pvt_thread_pool_submit2(
		    &connection_pool, replica_run, replica, &replica->task) == 0;
		(void)pthread_mutex_unlock(&replica->lock);
		break;
	}
	return (NULL);
}
