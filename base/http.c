/*
 * Owns sockets, libmicrohttpd's daemons, one for each address, and the guard of their
 * connections. Threads: libmicrohttpd's, a pool for each address, each thread with its
 * own epoll; and one that looks for connections whose time is over.
 */
#include "config.h"

#include "base/http.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/http_bind.h"
#include "base/http_guard.h"
#include "base/http_tls.h"
#include "base/log.h"
#include "base/mem.h"

#define UNIX_MODE	0660
#define THREADS_MAX	64
#define OPTIONS		16
#define FILES_BESIDE	512		/* files that are no connections */
#define CUT_AT_ONCE	128		/* connections that are cut and not yet closed */
#define SWEEP_MS	200
#define REPORT_STEP	(10 * CLOCK_SECOND)
#define PARAMETER_SIZE	64	/* bytes of memory that one of a URL takes */
#define HEAD_SPARE	1024	/* … that must be left for headers */

struct listener {
	const char		*text;		/* as configured */
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
	struct guard		*guard;
	pthread_t		 sweeper;
	bool			 sweeping;
	bool			 stop;		/* guarded by lock */
	pthread_mutex_t		 lock;
	pthread_cond_t		 stopped;
	struct guard_counts	 told;		/* the sweeper's: what the log knows of */
	int64_t			 tell_at;
};

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

/* ---- connections --------------------------------------------------------- */

static struct guard_conn *
http_conn(struct MHD_Connection *connection)
{
	return (MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
}

static enum MHD_Result
http_admit(void *context, const struct sockaddr *address,
    socklen_t len __attribute__((unused)))
{
	const struct http *http = context;
	struct net peer;

	net_peer(address, &peer);
	return (guard_admits(http->guard, &peer) ? MHD_YES : MHD_NO);
}

static struct guard_conn *
http_connect(const struct http *http, struct MHD_Connection *connection)
{
	const struct sockaddr *address;
	struct net peer;
	int fd;

	address = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
	fd = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	net_peer(address, &peer);
	return (guard_add(http->guard, &peer, fd));
}

static void
http_notify(void *context, struct MHD_Connection *connection, void **state,
    enum MHD_ConnectionNotificationCode code)
{
	switch (code) {
	case MHD_CONNECTION_NOTIFY_STARTED:
		*state = http_connect(context, connection);
		break;
	case MHD_CONNECTION_NOTIFY_CLOSED:
		guard_remove((struct guard_conn **)state);
		break;
	}
}

/*
 * Whether the parameters of a URL, and the headers behind it, find room in the
 * connection's memory. Where they do not, libmicrohttpd waits for ever.
 */
static bool
http_has_room(const struct http_setup *setup, const char *uri)
{
	size_t need = HEAD_SPARE;

	for (; *uri != '\0'; uri++)
		need += *uri == '&' ? 1 + PARAMETER_SIZE : 1;
	return (need <= setup->head);
}

/* Refuses what libmicrohttpd can neither read nor refuse. */
static void
http_refuse(const struct http_setup *setup, struct MHD_Connection *connection)
{
	static const char answer[] = "HTTP/1.1 414 URI Too Long\r\n"
	    "Content-Length: 0\r\nConnection: close\r\n\r\n";
	const union MHD_ConnectionInfo *info;

	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info == NULL)
		return;
	if (setup->certificate == NULL)
		(void)send(info->connect_fd, answer, sizeof(answer) - 1,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)shutdown(info->connect_fd, SHUT_RDWR);
}

/* Called when the first line of a request is there; the result is its state. */
static void *
http_begin(void *context, const char *uri, struct MHD_Connection *connection)
{
	const struct http_setup *setup = &((const struct http *)context)->setup;

	guard_begin(http_conn(connection));
	if (!http_has_room(setup, uri))
		http_refuse(setup, connection);
	return (NULL);
}

static void
http_end(void *context, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode code)
{
	const struct http_setup *setup = &((const struct http *)context)->setup;

	if (setup->completed != NULL)
		setup->completed(setup->context, connection, state, code);
	guard_end(http_conn(connection));
}

void
http_peer(struct MHD_Connection *connection, struct net *peer)
{
	*peer = *guard_peer(http_conn(connection));
}

void
http_known(struct MHD_Connection *connection)
{
	guard_known(http_conn(connection));
}

bool
http_hold(struct MHD_Connection *connection, size_t bytes)
{
	return (guard_hold(http_conn(connection), bytes));
}

/* ---- the sweeper --------------------------------------------------------- */

static void
http_tell(struct http *http)
{
	const struct guard_counts *told = &http->told;
	struct guard_counts now;

	if (http->tell_at > clock_monotonic())
		return;
	now = guard_counts(http->guard);
	if (memcmp(&now, told, sizeof(now)) == 0)
		return;
	log_warning("http.cut", "late=%lu crowded=%lu address=%lu memory=%lu",
	    now.late - told->late, now.crowded - told->crowded,
	    now.address - told->address, now.memory - told->memory);
	http->told = now;
	http->tell_at = clock_monotonic() + REPORT_STEP;
}

static void
http_wait_step(struct http *http)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += SWEEP_MS * 1000000L;
	if (at.tv_nsec >= 1000000000L)
		at.tv_nsec -= 1000000000L, at.tv_sec++;
	(void)pthread_cond_timedwait(&http->stopped, &http->lock, &at);
}

static void *
http_sweep(void *context)
{
	struct http *http = context;

	(void)pthread_mutex_lock(&http->lock);
	while (!http->stop) {
		(void)pthread_mutex_unlock(&http->lock);
		guard_sweep(http->guard, clock_monotonic());
		http_tell(http);
		(void)pthread_mutex_lock(&http->lock);
		if (!http->stop)
			http_wait_step(http);
	}
	(void)pthread_mutex_unlock(&http->lock);
	return (NULL);
}

static void
http_start_sweeper(struct http *http)
{
	pthread_condattr_t attributes;

	(void)pthread_mutex_init(&http->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&http->stopped, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	http->sweeping = pthread_create(&http->sweeper, NULL, http_sweep, http) == 0;
}

static void
http_stop_sweeper(struct http *http)
{
	if (!http->sweeping)
		return;
	(void)pthread_mutex_lock(&http->lock);
	http->stop = true;
	(void)pthread_cond_signal(&http->stopped);
	(void)pthread_mutex_unlock(&http->lock);
	(void)pthread_join(http->sweeper, NULL);
	(void)pthread_cond_destroy(&http->stopped);
	(void)pthread_mutex_destroy(&http->lock);
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
	if (setup->certificate != NULL) {
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_CERT_CALLBACK,
			0, (void *)(uintptr_t)tls_retrieve };
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(uintptr_t)TLS_PRIORITIES };
	}
	options[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
}

/*
 * libmicrohttpd's own limit, which is shared out among its threads, is never reached: at
 * it nobody could connect any more. Its time-out stays off, since the guard's are
 * stricter.
 */
static unsigned int
http_limit(const struct http_setup *setup)
{
	return ((unsigned int)(setup->connections + CUT_AT_ONCE) * http_threads(setup));
}

static int
http_start(struct http *http, struct listener *listener, struct err *err)
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
	listener->daemon = MHD_start_daemon(flags, 0, http_admit, http, setup->handler,
	    setup->context,
	    MHD_OPTION_EXTERNAL_LOGGER, http_log, listener,
	    MHD_OPTION_LISTEN_SOCKET, listener->fd,
	    MHD_OPTION_CONNECTION_LIMIT, http_limit(setup),
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, setup->head,
	    MHD_OPTION_NOTIFY_CONNECTION, http_notify, http,
	    MHD_OPTION_URI_LOG_CALLBACK, http_begin, http,
	    MHD_OPTION_NOTIFY_COMPLETED, http_end, http,
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

/* ---- opening and closing ------------------------------------------------- */

/* As many files as the connections need, or as many connections as there are files. */
static void
http_take_files(struct http_setup *setup)
{
	rlim_t needed = setup->connections + FILES_BESIDE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= needed)
		return;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
		if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
			(void)getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= needed)
		return;
	setup->connections = limit.rlim_cur > 2 * FILES_BESIDE ?
	    (size_t)limit.rlim_cur - FILES_BESIDE : (size_t)limit.rlim_cur / 2;
	log_warning("http.files", "connections=%zu msg=\"the system lets this program open "
	    "%zu files only (LimitNOFILE, ulimit -n)\"", setup->connections,
	    (size_t)limit.rlim_cur);
}

static struct guard *
http_open_guard(const struct http_setup *setup)
{
	const struct guard_setup limits = {
		.connections = setup->connections,
		.per_address = setup->per_address,
		.trusted = setup->trusted,
		.trusted_count = setup->trusted_count,
		.memory = setup->memory != 0 ? setup->memory : SIZE_MAX,
		.request = setup->request,
		.idle = setup->idle,
	};

	return (guard_open(&limits));
}

int
http_open(const struct http_setup *setup, struct http **out, struct err *err)
{
	const struct bind_owner owner = { setup->unix_group,
		setup->unix_mode != 0 ? setup->unix_mode : UNIX_MODE };
	struct listener *listener;
	struct http *http;
	size_t i;

	*out = http = mem_alloc(sizeof(*http));
	http->setup = *setup;
	http_take_files(&http->setup);
	http->guard = http_open_guard(&http->setup);
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
		if (bind_listen(listener->text, &owner, &listener->fd, err) < 0)
			goto failed;
		listener->bound = true;
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
	http_start_sweeper(http);
	return (http->sweeping ? 0 : err_set(err, ERR_SYSTEM, "no thread can be started"));
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
	const char *path;
	size_t i;

	if (*http == NULL)
		return;
	for (i = 0; i < (*http)->count; i++) {
		listener = &(*http)->listeners[i];
		path = listener->bound ? bind_path(listener->text) : NULL;
		if (path != NULL)
			(void)unlink(path);
		if (listener->daemon != NULL)
			MHD_stop_daemon(listener->daemon);
		if (listener->fd >= 0)
			(void)close(listener->fd);
	}
	http_stop_sweeper(*http);
	guard_close(&(*http)->guard);
	tls_unload();
	mem_free(&(*http)->listeners);
	mem_free(&(*http)->certificate);
	mem_free(&(*http)->key);
	mem_free(http);
}
