/*
 * Owns a daemon of libmicrohttpd with a thread to a connection, so that an answer may
 * wait without holding up others. Requests belong to their thread.
 */
#include "config.h"

#include "tests/sandbox/serve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "tests/sandbox/deliver.h"

#define SERVE_CONNECTIONS	256
#define SERVE_TIMEOUT		120U		/* seconds */
#define SERVE_MEMORY		(512 * 1024)	/* for the head of a request */

struct serve {
	struct MHD_Daemon	*daemon;
	struct serve_conf	 conf;
	pthread_mutex_t		 lock;
	pthread_cond_t		 wake;		/* the end has come */
	bool			 ending;
};

const char *
request_header(const struct request *request, const char *name)
{
	return (
	    MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name));
}

const char *
request_parameter(const struct request *request, const char *name)
{
	const struct query_pair *pair;

	for (pair = request->pairs; pair->name != NULL; pair++)
		if (strcmp(pair->name, name) == 0)
			return (pair->value);
	return (NULL);
}

struct pair_list {
	struct arena		*arena;
	struct query_pair	*list;
	size_t			 count;
};

static enum MHD_Result
pair_add(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct pair_list *pairs = closure;

	(void)kind;
	pairs->list[pairs->count].name = arena_dup(pairs->arena, name);
	pairs->list[pairs->count].value = arena_dup(pairs->arena,
	    value != NULL ? value : "");
	pairs->count++;
	return (MHD_YES);
}

static struct request *
request_open(struct MHD_Connection *connection, const char *method, const char *path)
{
	struct pair_list pairs = { .count = 0 };
	struct request *request;
	int count;

	request = mem_alloc(sizeof(*request));
	request->arena = pairs.arena = arena_open();
	request->connection = connection;
	request->method = arena_dup(request->arena, method);
	request->path = arena_dup(request->arena, path);
	count = MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, NULL,
	    NULL);
	pairs.list = arena_alloc(request->arena,
	    ((size_t)count + 1) * sizeof(*pairs.list));
	(void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, pair_add,
	    &pairs);
	request->pairs = pairs.list;
	return (request);
}

static void
request_close(void *closure, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct request *request = *context;

	(void)closure;
	(void)connection;
	(void)code;
	if (request == NULL)
		return;
	buf_close(&request->body);
	arena_close(&request->arena);
	mem_free(context);
}

/* Waits, unless the server is about to end. */
static void
serve_wait(struct serve *serve, int64_t micros)
{
	struct timespec until;
	int64_t at;
	int late;

	at = clock_monotonic() + micros;
	until.tv_sec = (time_t)(at / CLOCK_SECOND);
	until.tv_nsec = (long)(at % CLOCK_SECOND * 1000);
	late = 0;
	(void)pthread_mutex_lock(&serve->lock);
	while (!serve->ending && late == 0)
		late = pthread_cond_timedwait(&serve->wake, &serve->lock, &until);
	(void)pthread_mutex_unlock(&serve->lock);
}

/* When the connection is closed, what is left of it is thrown away with RST. */
static void
serve_reset(struct MHD_Connection *connection)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	const union MHD_ConnectionInfo *info;

	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info != NULL)
		(void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static enum MHD_Result
serve_answer(struct serve *serve, struct request *request)
{
	struct MHD_Response *response;
	struct answer answer;
	enum MHD_Result result;
	const char *accepted;
	unsigned int status;

	answer_open(&answer);
	if (request->body.len > SERVE_BODY_MAX)
		answer_error(&answer, 413, NULL, NULL, "The request is too large.");
	else
		serve->conf.handler(serve->conf.closure, request, &answer);
	if (answer.delay > 0)
		serve_wait(serve, answer.delay);
	accepted = request_header(request, "Accept-Encoding");
	status = answer.status;
	if (answer.reset)
		serve_reset(request->connection);
	response = deliver_response(&answer, serve->conf.gzip && accepted != NULL &&
	    strstr(accepted, "gzip") != NULL);
	answer_close(&answer);
	if (response == NULL)
		return (MHD_NO);
	result = MHD_queue_response(request->connection, status, response);
	MHD_destroy_response(response);
	return (result);
}

static enum MHD_Result
serve_access(void *closure, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload, size_t *upload_len,
    void **context)
{
	struct request *request = *context;

	(void)version;
	if (request == NULL) {
		*context = request_open(connection, method, path);
		return (MHD_YES);
	}
	if (*upload_len > 0) {
		if (request->body.len <= SERVE_BODY_MAX)
			buf_add(&request->body, upload, *upload_len);
		*upload_len = 0;
		return (MHD_YES);
	}
	return (serve_answer(closure, request));
}

/* The address to bind to; false when it is none, or not a loopback one. */
static bool
loopback(const char *text, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return (ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return (false);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	return (IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) != 0);
}

static void
serve_start(struct serve *serve, const struct sockaddr_storage *address)
{
	unsigned int flags;

	flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
	    MHD_USE_POLL | MHD_USE_ITC | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
	if (address->ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	serve->daemon = MHD_start_daemon(flags, 0, NULL, NULL, serve_access, serve,
	    MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)address,
	    MHD_OPTION_NOTIFY_COMPLETED, request_close, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned int)SERVE_CONNECTIONS,
	    MHD_OPTION_CONNECTION_TIMEOUT, SERVE_TIMEOUT,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVE_MEMORY,
	    MHD_OPTION_END);
}

int
serve_open(const struct serve_conf *conf, struct serve **out, struct err *err)
{
	struct sockaddr_storage address;
	pthread_condattr_t clock;
	struct serve *serve;

	if (!loopback(conf->address, conf->port, &address))
		return (err_set(err, ERR_USAGE,
		    "%s is no loopback address: the sandbox "
		    "serves no others",
		    conf->address));
	serve = mem_alloc(sizeof(*serve));
	serve->conf = *conf;
	(void)pthread_mutex_init(&serve->lock, NULL);
	(void)pthread_condattr_init(&clock);
	(void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&serve->wake, &clock);
	(void)pthread_condattr_destroy(&clock);
	serve_start(serve, &address);
	*out = serve;
	if (serve->daemon != NULL)
		return (0);
	serve_close(out);
	return (err_set(err, ERR_SYSTEM, "cannot listen on %s port %u; is it in use?",
	    conf->address, conf->port));
}

void
serve_close(struct serve **out)
{
	struct serve *serve = *out;

	if (serve == NULL)
		return;
	(void)pthread_mutex_lock(&serve->lock);
	serve->ending = true;
	(void)pthread_cond_broadcast(&serve->wake);
	(void)pthread_mutex_unlock(&serve->lock);
	if (serve->daemon != NULL)
		MHD_stop_daemon(serve->daemon);
	(void)pthread_cond_destroy(&serve->wake);
	(void)pthread_mutex_destroy(&serve->lock);
	mem_free(out);
}

uint16_t
serve_port(const struct serve *serve)
{
	const union MHD_DaemonInfo *info;

	info = MHD_get_daemon_info(serve->daemon, MHD_DAEMON_INFO_BIND_PORT);
	return (info != NULL ? info->port : 0);
}
