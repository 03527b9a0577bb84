/*
 * Listeners for HTTP (libmicrohttpd): addresses, TLS and limits. What a request means
 * is the handler's business.
 */
#ifndef ROLLCALL_BASE_HTTP_H
#define ROLLCALL_BASE_HTTP_H

#include <microhttpd.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/net.h"

struct http_setup {
	const struct conf_list	*listen;	/* texts of CONF_TYPE_LISTEN */
	const char		*certificate;	/* PEM: the chain; NULL: plain HTTP */
	const char		*key;		/* PEM: its key */
	const char		*unix_group;	/* of Unix sockets; NULL: the program's */
	mode_t			 unix_mode;	/* 0: 0660 */
	unsigned int		 threads;	/* per listener; 0: one per processor */
	size_t			 connections;	/* at most, of all listeners */
	size_t			 per_address;	/* of one address; 0: no limit */
	const struct net	*trusted;	/* proxies, which may have more */
	size_t			 trusted_count;
	size_t			 head;		/* bytes of each connection, for heads */
	size_t			 memory;	/* bytes of bodies and answers in all; 0: no limit */
	int64_t			 request;	/* microseconds a request may take in all */
	int64_t			 idle;		/* microseconds until the next one begins */
	MHD_AccessHandlerCallback handler;
	MHD_RequestCompletedCallback completed;	/* may be NULL; the state may be too */
	bool			 suspends;	/* the handler uses MHD_suspend_connection */
	void			*context;	/* of both */
};

struct http;

/*
 * Reads certificate and key and listens on every address: whoever connects waits until
 * http_serve. ERR_SYSTEM: an address is taken or not ours; ERR_CONFIG: certificate and
 * key cannot be used, or there is no such group. A Unix socket that nobody listens on any
 * more is replaced. TLS is 1.2 or newer. The list of addresses outlives the listeners.
 *
 * The process may have as many files open as the connections need, where the system lets
 * it; otherwise there are fewer connections, and the log says so.
 */
int	http_open(const struct http_setup *setup, struct http **http, struct err *err);

/*
 * Serves, in threads of its own, which take no signals that are blocked here.
 *
 * Texts that the handler gets are decoded; a NUL ("%00") arrives as the octet 0xff,
 * which no UTF-8 has (text_valid).
 */
int	http_serve(struct http *http, struct err *err);

/*
 * Reads certificate and key again; on -1 those in use stay. Nothing to do without TLS.
 */
int	http_reload(struct http *http, struct err *err);

/* Stops listening, ends the connections and waits for the threads. */
void	http_close(struct http **http);

/* ---- for handlers, of the connection they are called with ---- */

/* The address at its other end. */
void	http_peer(struct MHD_Connection *connection, struct net *peer);

/*
 * Whoever asks may ask. When there are too many connections, those on which nobody has
 * are ended first.
 */
void	http_known(struct MHD_Connection *connection);

/*
 * Notes that this request holds so many more bytes, of its body or its answer, until its
 * answer is sent. False when all requests hold more than http_setup.memory, and none that
 * is slow about it could be ended: to be refused with 503.
 */
bool	http_hold(struct MHD_Connection *connection, size_t bytes);

#endif
