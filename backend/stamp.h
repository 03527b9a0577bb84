/*
 * Stamps of the store as LDAP writes time.
 */
#ifndef ROLLCALL_BACKEND_STAMP_H
#define ROLLCALL_BACKEND_STAMP_H

#include <stddef.h>
#include <stdint.h>

#define STAMP_TIME_SIZE	16	/* "20261120101530Z" and a NUL */
#define STAMP_CSN_SIZE	41	/* "20261120101530.123456Z#000000#001#000000" and a NUL */

/* Generalized Time in seconds; returns the length. */
size_t	stamp_time(int64_t stamp, char text[STAMP_TIME_SIZE]);

/*
 * Where the CSNs of a database begin. A database that was put back, or another one in its
 * place, has stamps below CSNs that replicas have seen: they are counted above `floor` then, in
 * the order of stamps, by the counters that a CSN has beside its time (rulings F8).
 */
struct stamp_base {
	int64_t	 floor;		/* microseconds; 0: CSNs are just stamps */
	int64_t	 known;		/* the largest stamp there was when it began */
};

/* A change sequence number with slapd's own server id; returns the length. */
size_t	stamp_csn(const struct stamp_base *base, int64_t stamp, char text[STAMP_CSN_SIZE]);
/* … of something that comes just before it. */
size_t	stamp_csn_before(const struct stamp_base *base, int64_t stamp,
	    char text[STAMP_CSN_SIZE]);
/* … of the n-th thing, from 0, that was gone when the base began: before all others. */
size_t	stamp_csn_gone(const struct stamp_base *base, uint32_t n, char text[STAMP_CSN_SIZE]);

/* The stamp from which on all is known, when what was up to `forgotten` is not. */
int64_t	stamp_oldest(const struct stamp_base *base, int64_t forgotten);

/* A time, in microseconds, that no CSN of stamps up to this one exceeds. */
int64_t	stamp_latest(const struct stamp_base *base, int64_t stamp);

#endif
