/*
 * Owns what is known of each connection; the sockets are libmicrohttpd's. `lock` guards
 * the lists and the table of addresses. What changes with each request is atomic, so that
 * requests wait for nobody; the time they note is that of the last sweep.
 */
#include "config.h"

#include "base/http_guard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/mem.h"

#define GUARD_GRACE	CLOCK_SECOND	/* a request is not cut for its memory before */
#define GUARD_ADDRESSES	4096		/* chains of the table of addresses */

#define MARK_BUSY	INT64_C(1)	/* with a request, since the time of the mark */

enum guard_list { GUARD_FRESH, GUARD_KNOWN, GUARD_CUT, GUARD_LISTS };

/* Connections of one address. */
struct guard_address {
	struct guard_address	*next;
	uint64_t		 hash;
	size_t			 count;
};

struct guard_conn {
	struct guard		*guard;
	struct guard_conn	*older;		/* in its list */
	struct guard_conn	*newer;
	enum guard_list		 list;
	int			 fd;
	struct net		 peer;
	struct guard_address	*address;	/* NULL: its address has no limit */
	bool			 known;		/* its own thread's */
	_Atomic int64_t		 mark;		/* since when, and the last bit: MARK_BUSY */
	atomic_size_t		 held;
};

struct guard {
	struct guard_setup	 setup;
	struct net		*trusted;
	uint64_t		 seed;
	_Atomic int64_t		 now;		/* of the last sweep */
	atomic_size_t		 held;
	pthread_mutex_t		 lock;
	struct guard_conn	*oldest[GUARD_LISTS];
	struct guard_conn	*newest[GUARD_LISTS];
	size_t			 count;		/* without those that are cut */
	struct guard_address	*addresses[GUARD_ADDRESSES];
	struct guard_counts	 counts;
};

struct guard *
guard_open(const struct guard_setup *setup)
{
	struct guard *guard;
	size_t i;

	guard = mem_alloc(sizeof(*guard));
	guard->setup = *setup;
	guard->trusted = mem_alloc((setup->trusted_count + 1) * sizeof(*guard->trusted));
	for (i = 0; i < setup->trusted_count; i++)
		guard->trusted[i] = setup->trusted[i];
	digest_random(&guard->seed, sizeof(guard->seed));
	atomic_store(&guard->now, clock_monotonic());
	(void)pthread_mutex_init(&guard->lock, NULL);
	return (guard);
}

void
guard_close(struct guard **guard)
{
	if (*guard == NULL)
		return;
	(void)pthread_mutex_destroy(&(*guard)->lock);
	mem_free(&(*guard)->trusted);
	mem_free(guard);
}

/* ---- lists; locked ------------------------------------------------------- */

static void
list_add(struct guard *guard, struct guard_conn *conn, enum guard_list list)
{
	conn->list = list;
	conn->newer = NULL;
	conn->older = guard->newest[list];
	*(conn->older != NULL ? &conn->older->newer : &guard->oldest[list]) = conn;
	guard->newest[list] = conn;
}

static void
list_remove(struct guard *guard, struct guard_conn *conn)
{
	*(conn->older != NULL ? &conn->older->newer : &guard->oldest[conn->list]) =
	    conn->newer;
	*(conn->newer != NULL ? &conn->newer->older : &guard->newest[conn->list]) =
	    conn->older;
}

/* ---- addresses; locked --------------------------------------------------- */

static bool
address_is_limited(const struct guard *guard, const struct net *peer)
{
	size_t i;

	if (guard->setup.per_address == 0 || peer->local)
		return (false);
	for (i = 0; i < guard->setup.trusted_count; i++)
		if (net_has(&guard->trusted[i], peer))
			return (false);
	return (true);
}

/* Where the address stands in its chain, or would be added. */
static struct guard_address **
address_slot(struct guard *guard, uint64_t hash)
{
	struct guard_address **slot;

	slot = &guard->addresses[hash % GUARD_ADDRESSES];
	while (*slot != NULL && (*slot)->hash != hash)
		slot = &(*slot)->next;
	return (slot);
}

static struct guard_address *
address_take(struct guard *guard, const struct net *peer)
{
	struct guard_address **slot;
	uint64_t hash;

	if (!address_is_limited(guard, peer))
		return (NULL);
	hash = net_hash(peer, guard->seed);
	slot = address_slot(guard, hash);
	if (*slot == NULL) {
		*slot = mem_alloc(sizeof(**slot));
		(*slot)->hash = hash;
	}
	(*slot)->count++;
	return (*slot);
}

static void
address_give(struct guard *guard, struct guard_address *address)
{
	struct guard_address **slot;

	if (address == NULL || --address->count > 0)
		return;
	slot = address_slot(guard, address->hash);
	*slot = address->next;
	mem_free(&address);
}

bool
guard_admits(struct guard *guard, const struct net *peer)
{
	const struct guard_address *address;
	bool admits;

	if (!address_is_limited(guard, peer))
		return (true);
	(void)pthread_mutex_lock(&guard->lock);
	address = *address_slot(guard, net_hash(peer, guard->seed));
	admits = address == NULL || address->count < guard->setup.per_address;
	if (!admits)
		guard->counts.address++;
	(void)pthread_mutex_unlock(&guard->lock);
	return (admits);
}

/* ---- cutting; locked ----------------------------------------------------- */

static void
conn_release(struct guard_conn *conn)
{
	atomic_fetch_sub(&conn->guard->held, atomic_exchange(&conn->held, 0));
}

/*
 * Its thread finds the socket at its end and removes the connection. `hard`: what is
 * still to be sent is thrown away by the kernel too.
 */
static void
conn_cut(struct guard *guard, struct guard_conn *conn, bool hard)
{
	const struct linger none = { .l_onoff = 1 };

	if (hard)
		(void)setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	(void)shutdown(conn->fd, SHUT_RDWR);
	conn_release(conn);
	list_remove(guard, conn);
	list_add(guard, conn, GUARD_CUT);
	guard->count--;
}

static struct guard_conn *
guard_oldest_idle(struct guard *guard)
{
	struct guard_conn *conn;

	for (conn = guard->oldest[GUARD_KNOWN]; conn != NULL; conn = conn->newer)
		if ((atomic_load(&conn->mark) & MARK_BUSY) == 0)
			break;
	return (conn);
}

static void
guard_make_room(struct guard *guard, struct guard_conn *newcomer)
{
	struct guard_conn *conn;

	if (guard->count <= guard->setup.connections)
		return;
	conn = guard->oldest[GUARD_FRESH];
	if (conn == newcomer)
		conn = guard_oldest_idle(guard);
	conn_cut(guard, conn != NULL ? conn : newcomer, true);
	guard->counts.crowded++;
}

/* ---- connections --------------------------------------------------------- */

struct guard_conn *
guard_add(struct guard *guard, const struct net *peer, int fd)
{
	struct guard_conn *conn;

	conn = mem_alloc(sizeof(*conn));
	conn->guard = guard;
	conn->fd = fd;
	conn->peer = *peer;
	guard_begin(conn);
	(void)pthread_mutex_lock(&guard->lock);
	conn->address = address_take(guard, peer);
	list_add(guard, conn, GUARD_FRESH);
	guard->count++;
	if (conn->address != NULL && conn->address->count > guard->setup.per_address) {
		conn_cut(guard, conn, true);	/* several were admitted at once */
		guard->counts.address++;
	}
	guard_make_room(guard, conn);
	(void)pthread_mutex_unlock(&guard->lock);
	return (conn);
}

void
guard_remove(struct guard_conn **conn)
{
	struct guard *guard;

	if (*conn == NULL)
		return;
	guard = (*conn)->guard;
	(void)pthread_mutex_lock(&guard->lock);
	conn_release(*conn);
	if ((*conn)->list != GUARD_CUT)
		guard->count--;
	list_remove(guard, *conn);
	address_give(guard, (*conn)->address);
	(void)pthread_mutex_unlock(&guard->lock);
	mem_free(conn);
}

const struct net *
guard_peer(const struct guard_conn *conn)
{
	return (&conn->peer);
}

void
guard_known(struct guard_conn *conn)
{
	struct guard *guard = conn->guard;

	if (conn->known)
		return;
	conn->known = true;
	(void)pthread_mutex_lock(&guard->lock);
	if (conn->list == GUARD_FRESH) {
		list_remove(guard, conn);
		list_add(guard, conn, GUARD_KNOWN);
	}
	(void)pthread_mutex_unlock(&guard->lock);
}

/* ---- requests ------------------------------------------------------------ */

void
guard_begin(struct guard_conn *conn)
{
	struct guard *guard = conn->guard;

	atomic_store_explicit(&conn->mark,
	    atomic_load_explicit(&guard->now, memory_order_relaxed) | MARK_BUSY,
	    memory_order_relaxed);
}

void
guard_end(struct guard_conn *conn)
{
	struct guard *guard = conn->guard;

	if (atomic_load_explicit(&conn->held, memory_order_relaxed) > 0)
		conn_release(conn);
	atomic_store_explicit(&conn->mark,
	    atomic_load_explicit(&guard->now, memory_order_relaxed) & ~MARK_BUSY,
	    memory_order_relaxed);
}

/* The request that has held memory longest, among those beyond their grace; locked. */
static struct guard_conn *
guard_oldest_holder(struct guard *guard, const struct guard_conn *but)
{
	struct guard_conn *conn, *oldest;
	enum guard_list list;
	int64_t before, mark;

	oldest = NULL;
	before = atomic_load(&guard->now) - GUARD_GRACE;
	for (list = GUARD_FRESH; list < GUARD_CUT; list++)
		for (conn = guard->oldest[list]; conn != NULL; conn = conn->newer) {
			mark = atomic_load(&conn->mark);
			if (conn == but || mark > before || atomic_load(&conn->held) == 0)
				continue;
			before = mark;
			oldest = conn;
		}
	return (oldest);
}

static bool
guard_free_memory(struct guard *guard, const struct guard_conn *but)
{
	struct guard_conn *oldest;

	(void)pthread_mutex_lock(&guard->lock);
	while (atomic_load(&guard->held) > guard->setup.memory) {
		oldest = guard_oldest_holder(guard, but);
		if (oldest == NULL)
			break;
		conn_cut(guard, oldest, true);
		guard->counts.memory++;
	}
	(void)pthread_mutex_unlock(&guard->lock);
	return (atomic_load(&guard->held) <= guard->setup.memory);
}

bool
guard_hold(struct guard_conn *conn, size_t bytes)
{
	struct guard *guard = conn->guard;

	atomic_fetch_add(&conn->held, bytes);
	if (atomic_fetch_add(&guard->held, bytes) + bytes <= guard->setup.memory)
		return (true);
	return (guard_free_memory(guard, conn));
}

/* ---- time ---------------------------------------------------------------- */

static void
guard_sweep_list(struct guard *guard, enum guard_list list, int64_t now)
{
	struct guard_conn *conn, *next;
	int64_t mark;
	bool busy;

	for (conn = guard->oldest[list]; conn != NULL; conn = next) {
		next = conn->newer;
		mark = atomic_load(&conn->mark);
		busy = (mark & MARK_BUSY) != 0;
		if (now - mark <= (busy ? guard->setup.request : guard->setup.idle))
			continue;
		conn_cut(guard, conn, busy);
		if (busy)
			guard->counts.late++;
	}
}

void
guard_sweep(struct guard *guard, int64_t now)
{
	atomic_store(&guard->now, now);
	(void)pthread_mutex_lock(&guard->lock);
	guard_sweep_list(guard, GUARD_FRESH, now);
	guard_sweep_list(guard, GUARD_KNOWN, now);
	(void)pthread_mutex_unlock(&guard->lock);
}

struct guard_counts
guard_counts(struct guard *guard)
{
	struct guard_counts counts;

	(void)pthread_mutex_lock(&guard->lock);
	counts = guard->counts;
	(void)pthread_mutex_unlock(&guard->lock);
	return (counts);
}
