/*
 * Inside base/ only: who is connected to the listeners of a program, since when, and who
 * has to go. libmicrohttpd ends only connections that are silent, and stops taking new
 * ones when it has enough; so every connection is kept here, and is cut by shutdown(2)
 * when its time is over or when there are too many.
 *
 * A connection is *fresh* until somebody has shown on it that he may ask (guard_known).
 * When all places are taken, the oldest fresh one gives way to who comes, else the oldest
 * known one without a request; so a crowd that only connects makes room for itself.
 */
#ifndef ROLLCALL_BASE_HTTP_GUARD_H
#define ROLLCALL_BASE_HTTP_GUARD_H

#include "base/net.h"

struct guard;
struct guard_conn;

struct guard_setup {
	size_t			 connections;	/* in all */
	size_t			 per_address;	/* 0: no limit; Unix sockets have none */
	const struct net	*trusted;	/* proxies, which have none either; owned */
	size_t			 trusted_count;
	size_t			 memory;	/* bytes of bodies and answers in all */
	int64_t			 request;	/* microseconds from first line to last byte */
	int64_t			 idle;		/* from an answer to the next first line */
};

/* What was done since the guard was opened. */
struct guard_counts {
	unsigned long	late;		/* requests that took too long */
	unsigned long	crowded;	/* made room for others */
	unsigned long	address;	/* refused: too many of one address */
	unsigned long	memory;		/* held too much for too long */
};

struct guard *guard_open(const struct guard_setup *setup);
void	guard_close(struct guard **guard);	/* no connection is left */

/* Whether one more from that address may connect; counted when it may not. Any thread. */
bool	guard_admits(struct guard *guard, const struct net *peer);

/*
 * A connection begins and ends. Its socket stays open until guard_remove is called.
 * Any thread.
 */
struct guard_conn *guard_add(struct guard *guard, const struct net *peer, int fd);
void	guard_remove(struct guard_conn **conn);

const struct net *guard_peer(const struct guard_conn *conn);

/* A request begins with its first line, and ends with the last byte of its answer. */
void	guard_begin(struct guard_conn *conn);
void	guard_end(struct guard_conn *conn);

/* Whoever is connected may ask. */
void	guard_known(struct guard_conn *conn);

/*
 * Notes that the request holds so many more bytes, until guard_end. When that is more
 * than all may hold, the request that holds some longest is cut. False when there is
 * none but those that have only begun: the caller refuses.
 */
bool	guard_hold(struct guard_conn *conn, size_t bytes);

/* Cuts whoever is late. `now` is clock_monotonic(). */
void	guard_sweep(struct guard *guard, int64_t now);

struct guard_counts guard_counts(struct guard *guard);

#endif
