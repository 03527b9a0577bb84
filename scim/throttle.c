/*
 * Owns two tables of fixed size. Threads: any; `lock` guards the tables, and only
 * requests that are refused take it.
 */
#include "config.h"

#include "scim/throttle.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/mem.h"

#define THROTTLE_PREFIX	12		/* bytes of a token, "rcs_" and eight more */
#define THROTTLE_SETS	1024
#define THROTTLE_WAYS	8
#define THROTTLE_SPAN	CLOCK_MINUTE

/*
 * A leaky bucket as one number (ITU-T I.371, GCRA): the time when it is empty again.
 */
struct bucket {
	uint64_t	key;
	int64_t		empty_at;	/* clock_now() */
};

struct buckets {
	struct bucket	sets[THROTTLE_SETS][THROTTLE_WAYS];
};

struct throttle {
	pthread_mutex_t	 lock;
	int64_t		 cost;		/* of a failure, in time */
	uint64_t	 seed;		/* nobody can choose who shares a bucket */
	struct buckets	*tokens;
	struct buckets	*addresses;
};

struct throttle *
throttle_open(unsigned int per_minute)
{
	struct throttle *throttle;

	throttle = mem_alloc(sizeof(*throttle));
	(void)pthread_mutex_init(&throttle->lock, NULL);
	throttle->cost = THROTTLE_SPAN / per_minute;
	digest_random(&throttle->seed, sizeof(throttle->seed));
	throttle->tokens = mem_alloc(sizeof(*throttle->tokens));
	throttle->addresses = mem_alloc(sizeof(*throttle->addresses));
	return (throttle);
}

void
throttle_close(struct throttle **throttle)
{
	if (*throttle == NULL)
		return;
	(void)pthread_mutex_destroy(&(*throttle)->lock);
	mem_free(&(*throttle)->tokens);
	mem_free(&(*throttle)->addresses);
	mem_free(throttle);
}

/* The key's bucket, else the one of its set that has been empty longest. */
static struct bucket *
bucket_find(struct buckets *buckets, uint64_t key)
{
	struct bucket *best, *set = buckets->sets[key % THROTTLE_SETS];
	size_t i;

	best = set;
	for (i = 0; i < THROTTLE_WAYS; i++) {
		if (set[i].key == key)
			return (&set[i]);
		if (set[i].empty_at < best->empty_at)
			best = &set[i];
	}
	return (best);
}

/* How long until the key's bucket takes one more failure; 0: at once. */
static int64_t
bucket_wait(const struct throttle *throttle, struct bucket *bucket, uint64_t key,
    int64_t now)
{
	int64_t wait;

	if (bucket->key != key)
		return (0);
	if (bucket->empty_at > now + THROTTLE_SPAN)	/* the clock was set back */
		bucket->empty_at = now + THROTTLE_SPAN;
	wait = bucket->empty_at - now - (THROTTLE_SPAN - throttle->cost);
	return (wait > 0 ? wait : 0);
}

static void
bucket_fill(const struct throttle *throttle, struct bucket *bucket, uint64_t key,
    int64_t now)
{
	if (bucket->key != key || bucket->empty_at < now)
		bucket->empty_at = now;
	bucket->key = key;
	bucket->empty_at += throttle->cost;
}

unsigned int
throttle_failed(struct throttle *throttle, const struct net *address, const char *token,
    size_t len, int64_t now)
{
	struct bucket *by_address, *by_token;
	uint64_t address_key, token_key;
	int64_t wait;

	address_key = net_hash(address, throttle->seed);
	token_key = hash64_seed(token, len < THROTTLE_PREFIX ? len : THROTTLE_PREFIX,
	    throttle->seed);
	(void)pthread_mutex_lock(&throttle->lock);
	by_token = bucket_find(throttle->tokens, token_key);
	wait = bucket_wait(throttle, by_token, token_key, now);
	if (by_token->key != token_key) {
		by_address = bucket_find(throttle->addresses, address_key);
		wait = bucket_wait(throttle, by_address, address_key, now);
		if (wait == 0)
			bucket_fill(throttle, by_address, address_key, now);
	}
	if (wait == 0)
		bucket_fill(throttle, by_token, token_key, now);
	(void)pthread_mutex_unlock(&throttle->lock);
	return ((unsigned int)((wait + CLOCK_SECOND - 1) / CLOCK_SECOND));
}
