/*
 * Listeners for HTTP (libmicrohttpd): addresses, TLS and limits. What a request means
 * is the handler's business.
 */
#ifndef ROLLCALL_BASE_HTTP_H
#define ROLLCALL_BASE_HTTP_H

#include <microhttpd.h>
#include <stdbool.h>

#include "base/conf.h"
#include "base/err.h"

struct http_setup {
	const struct conf_list	*listen;	/* texts of CONF_TYPE_LISTEN */
	const char		*certificate;	/* PEM: the chain; NULL: plain HTTP */
	const char		*key;		/* PEM: its key */
	unsigned int		 threads;	/* per listener; 0: one per processor */
	unsigned int		 connections;	/* at most, of each listener */
	size_t			 memory;	/* bytes of each, for heads */
	unsigned int		 idle;		/* seconds until a silent one ends */
	MHD_AccessHandlerCallback handler;
	MHD_RequestCompletedCallback completed;	/* may be NULL */
	bool			 suspends;	/* the handler uses MHD_suspend_connection */
	void			*context;	/* of both */
};

struct http;

/*
 * Reads certificate and key and listens on every address: whoever connects waits until
 * http_serve. ERR_SYSTEM: an address is taken or not ours; ERR_CONFIG: certificate and
 * key cannot be used. A Unix socket has mode 0660; one that nobody listens on any more
 * is replaced. TLS is 1.2 or newer. The list of addresses outlives the listeners.
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

#endif
