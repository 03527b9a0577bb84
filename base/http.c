/*
 * Owns sockets and libmicrohttpd's daemons, one for each address. Threads are
 * libmicrohttpd's: a pool for each address, each thread with its own epoll.
 */
#include "config.h"

#include "base/http.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/http_tls.h"
#include "base/log.h"
#include "base/mem.h"

#define UNIX_PREFIX	"unix:"
#define UNIX_MODE	0660
#define THREADS_MAX	64
#define OPTIONS		16

struct listener {
	const char		*text;		/* as configured */
	const char		*path;		/* of a Unix socket, else NULL */
	int			 fd;
	bool			 bound;
	struct MHD_Daemon	*daemon;
};

struct http {
	struct http_setup	 setup;
	char			*certificate;
	char			*key;
	struct listener		*listeners;
	size_t			 count;
};

/* ---- addresses ----------------------------------------------------------- */

static int
http_address_fail(const struct listener *listener, int error, struct err *err)
{
	return (err_set(err, ERR_SYSTEM, "listen = %s: %s%s", listener->text,
	    strerror(error), error == EADDRINUSE ? ": another program has it" : ""));
}

/* Whether somebody listens on a socket that is already there. */
static bool
unix_is_alive(const struct sockaddr_un *address)
{
	bool alive;
	int fd;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return (false);
	alive = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
	(void)close(fd);
	return (alive);
}

static int
http_bind_unix(struct listener *listener)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat st;

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s",
	    listener->path);
	if (lstat(listener->path, &st) == 0 && S_ISSOCK(st.st_mode)) {
		if (unix_is_alive(&address))
			return (EADDRINUSE);
		(void)unlink(listener->path);
	}
	listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd < 0 || bind(listener->fd, (const struct sockaddr *)&address,
	    sizeof(address)) < 0 || chmod(listener->path, UNIX_MODE) < 0)
		return (errno);
	return (0);
}

/* "127.0.0.1:8443" or "[::1]:8443". */
static struct addrinfo *
http_resolve(const char *text)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV |
		AI_PASSIVE, .ai_socktype = SOCK_STREAM };
	struct addrinfo *info;
	const char *colon;
	char *host;
	size_t len;
	int result;

	colon = strrchr(text, ':');
	if (colon == NULL)
		return (NULL);
	len = (size_t)(colon - text);
	host = *text == '[' && len > 2 ? mem_dup_len(text + 1, len - 2) :
	    mem_dup_len(text, len);
	result = getaddrinfo(host, colon + 1, &hints, &info);
	mem_free(&host);
	return (result == 0 ? info : NULL);
}

static int
http_bind_address(struct listener *listener)
{
	struct addrinfo *info;
	int error, one = 1;

	info = http_resolve(listener->text);
	if (info == NULL)
		return (EADDRNOTAVAIL);
	error = 0;
	listener->fd = socket(info->ai_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd < 0 ||
	    setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    (info->ai_family == AF_INET6 && setsockopt(listener->fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &one, sizeof(one)) < 0) ||
	    bind(listener->fd, info->ai_addr, info->ai_addrlen) < 0)
		error = errno;
	freeaddrinfo(info);
	return (error);
}

static int
http_bind(struct listener *listener, struct err *err)
{
	int error;

	error = listener->path != NULL ? http_bind_unix(listener) :
	    http_bind_address(listener);
	if (error == 0 && listen(listener->fd, SOMAXCONN) < 0)
		error = errno;
	listener->bound = error == 0;
	return (error != 0 ? http_address_fail(listener, error, err) : 0);
}

/* ---- requests ------------------------------------------------------------ */

static int
http_hex(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	return (c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1);
}

/* In place, as MHD_OPTION_UNESCAPE_CALLBACK wants it; a % without two digits stays. */
static size_t
http_unescape(void *context __attribute__((unused)),
    struct MHD_Connection *connection __attribute__((unused)), char *text)
{
	char *in, *out;
	int high, low;

	for (in = out = text; *in != '\0'; in++, out++) {
		high = *in == '%' ? http_hex(in[1]) : -1;
		low = high >= 0 ? http_hex(in[2]) : -1;
		if (low < 0) {
			*out = *in;
			continue;
		}
		*out = (char)(high << 4 | low);
		if (*out == '\0')
			*out = (char)0xff;
		in += 2;
	}
	*out = '\0';
	return ((size_t)(out - text));
}

static void __attribute__((format(printf, 2, 0)))
http_log(void *context, const char *fmt, va_list ap)
{
	const struct listener *listener = context;
	char text[256];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	log_debug("http.detail", "listen=%s msg=\"%s\"", listener->text, text);
}

/* ---- daemons ------------------------------------------------------------- */

static unsigned int
http_threads(const struct http_setup *setup)
{
	long n;

	n = setup->threads > 0 ? (long)setup->threads : sysconf(_SC_NPROCESSORS_ONLN);
	return (n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned int)n);
}

/* Options that libmicrohttpd has only in some set-ups; ends with MHD_OPTION_END. */
static void
http_options(const struct http_setup *setup, struct MHD_OptionItem *options)
{
	unsigned int threads = http_threads(setup);
	size_t n;

	n = 0;
	if (threads > 1)
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE,
		    (intptr_t)threads, NULL };
	if (setup->completed != NULL)
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_NOTIFY_COMPLETED,
		    (intptr_t)setup->completed, setup->context };
	if (setup->certificate != NULL) {
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_CERT_CALLBACK,
			0, (void *)(uintptr_t)tls_retrieve };
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(uintptr_t)TLS_PRIORITIES };
	}
	options[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
}

static int
http_start(const struct http *http, struct listener *listener, struct err *err)
{
	const struct http_setup *setup = &http->setup;
	struct MHD_OptionItem options[OPTIONS];
	unsigned int flags;

	flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;
	if (setup->certificate != NULL)
		flags |= MHD_USE_TLS;
	if (setup->suspends)
		flags |= MHD_ALLOW_SUSPEND_RESUME;
	http_options(setup, options);
	listener->daemon = MHD_start_daemon(flags, 0, NULL, NULL, setup->handler,
	    setup->context,
	    MHD_OPTION_EXTERNAL_LOGGER, http_log, listener,
	    MHD_OPTION_LISTEN_SOCKET, listener->fd,
	    MHD_OPTION_CONNECTION_LIMIT, setup->connections,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, setup->memory,
	    MHD_OPTION_CONNECTION_TIMEOUT, setup->idle,
	    MHD_OPTION_UNESCAPE_CALLBACK, http_unescape, NULL,
	    MHD_OPTION_ARRAY, options,
	    MHD_OPTION_END);
	if (listener->daemon == NULL)
		return (err_set(err, ERR_SYSTEM,
		    "listen = %s: libmicrohttpd does not start: "
		    "log_level = debug shows why",
		    listener->text));
	listener->fd = -1;	/* the daemon closes it */
	return (0);
}

int
http_open(const struct http_setup *setup, struct http **out, struct err *err)
{
	struct listener *listener;
	struct http *http;
	size_t i;

	*out = http = mem_alloc(sizeof(*http));
	http->setup = *setup;
	http->certificate = mem_dup(setup->certificate);
	http->key = mem_dup(setup->key);
	http->count = setup->listen->count;
	http->listeners = mem_alloc((http->count + 1) * sizeof(*http->listeners));
	for (i = 0; i < http->count; i++)
		http->listeners[i].fd = -1;
	if (http->certificate != NULL &&
	    tls_load(http->certificate, http->key, err) < 0)
		goto failed;
	for (i = 0; i < http->count; i++) {
		listener = &http->listeners[i];
		listener->text = setup->listen->items[i].text;
		if (strncmp(listener->text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
			listener->path = listener->text + strlen(UNIX_PREFIX);
		if (http_bind(listener, err) < 0)
			goto failed;
	}
	return (0);
failed:
	http_close(out);
	return (-1);
}

int
http_serve(struct http *http, struct err *err)
{
	size_t i;

	for (i = 0; i < http->count; i++)
		if (http_start(http, &http->listeners[i], err) < 0)
			return (-1);
	return (0);
}

int
http_reload(struct http *http, struct err *err)
{
	return (http->certificate != NULL ?
		tls_load(http->certificate, http->key, err) :
		0);
}

void
http_close(struct http **http)
{
	struct listener *listener;
	size_t i;

	if (*http == NULL)
		return;
	for (i = 0; i < (*http)->count; i++) {
		listener = &(*http)->listeners[i];
		if (listener->path != NULL && listener->bound)
			(void)unlink(listener->path);
		if (listener->daemon != NULL)
			MHD_stop_daemon(listener->daemon);
		if (listener->fd >= 0)
			(void)close(listener->fd);
	}
	tls_unload();
	mem_free(&(*http)->listeners);
	mem_free(&(*http)->certificate);
	mem_free(&(*http)->key);
	mem_free(http);
}
