/*
 * Owns nothing. Called by libmicrohttpd's threads, each with requests of its own.
 */
#include "config.h"

#include "scim/route.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/http.h"
#include "base/log.h"
#include "scim/endpoint.h"
#include "scim/pool.h"

#define BODY_WEIGHT	4		/* what a body takes, when it is JSON, of its bytes */
#define BODY_DISCARD	(8 * BODY_MAX)	/* read before one that is too long is cut off */
#define TOKEN_MAX	256
#define CHALLENGE	"Bearer realm=\"rollcall\""

/* ---- who asks ------------------------------------------------------------ */

/* RFC 6750 §2.1. */
static bool
route_token(const struct request *request, const char **token, size_t *len)
{
	static const char scheme[] = "Bearer ";
	const char *header;

	header = request_header(request, MHD_HTTP_HEADER_AUTHORIZATION);
	if (header == NULL || strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return (false);
	header += sizeof(scheme) - 1;
	header += strspn(header, " ");
	*token = header;
	*len = strcspn(header, " \t");
	return (*len > 0 && *len <= TOKEN_MAX && header[*len] == '\0');
}

/*
 * A login that failed: 401, or 429 for who goes on failing. A request without a token is
 * no login.
 */
static int
route_refuse_login(struct request *request, const char *token, size_t len,
    struct err *err)
{
	struct answer *answer = &request->answer;
	struct net address;

	answer->authenticate = CHALLENGE ", error=\"invalid_token\"";
	origin_find(request->server->origin, request->connection, &address);
	answer->retry = throttle_failed(request->server->throttle, &address, token, len,
	    clock_now());
	if (answer->retry == 0)
		return (err_set(err, ERR_UNAUTHORIZED,
		    "the token is unknown, has expired or was revoked"));
	return (err_set(err, ERR_TOO_FAST, "the token is unknown, has expired or was "
	    "revoked, and so were those before it: wait %u seconds, or use a good one",
	    answer->retry));
}

static int
route_authenticate(struct request *request, struct err *err)
{
	const char *token;
	bool given;
	size_t len;

	given = route_token(request, &token, &len);
	if (given &&
	    clients_find(request->server->clients, token, len, &request->client)) {
		http_known(request->connection);
		return (0);
	}
	atomic_fetch_add(&request->server->refused, 1);
	if (given)
		return (route_refuse_login(request, token, len, err));
	request->answer.authenticate = CHALLENGE;
	return (err_set(err, ERR_UNAUTHORIZED,
	    "a bearer token is missing: Authorization: Bearer TOKEN"));
}

/* ---- the way through ----------------------------------------------------- */

/* "v2" and the like; 0 when a path's last part is no version. */
static size_t
route_version_len(const char *path)
{
	size_t digits;

	if (*path != 'v')
		return (0);
	digits = strspn(path + 1, "0123456789");
	return (digits > 0 && strchr("/", path[1 + digits]) != NULL ? 1 + digits : 0);
}

/* Takes the base path off. A neighbour of it with another version is told so. */
static int
route_enter(struct request *request, const char *url, struct err *err)
{
	const struct site *site = request->server->site;
	const char *last;
	size_t len = site->base_path_len;

	if (strncmp(url, site->base_path, len) == 0 &&
	    (url[len] == '/' || url[len] == '\0')) {
		request->path = url + len;
		return (0);
	}
	last = strrchr(site->base_path, '/');
	len = last != NULL ? (size_t)(last + 1 - site->base_path) : 0;
	if (len > 0 && route_version_len(last + 1) > 0 &&
	    strncmp(url, site->base_path, len) == 0 && route_version_len(url + len) > 0)
		return (err_set(err, ERR_SCIM_VERSION, "this service speaks %s",
		    last + 1));
	return (err_set(err, ERR_NOT_FOUND, "there is no such endpoint"));
}

static int
route_work_on(struct request *request, struct err *err)
{
	request->snap = view_acquire(request->client.view, err);
	if (request->snap == NULL)
		return (-1);
	request->form = snap_form(request->snap);
	request->own = (struct own){
		.externals = clients_externals(request->server->clients),
		.client = request->client.id };
	return (request->work(request, request->rest, err));
}

/* 0: it is answered, 1: the pool shall do it, -1: err is the answer. */
static int
route_answer(struct request *request, const char *url, struct err *err)
{
	const struct endpoint *endpoint;

	if (route_enter(request, url, err) < 0)
		return (-1);
	if (!clients_known(request->server->clients))
		return (err_set(err, ERR_UNREACHABLE,
		    "the directory cannot be read at present"));
	endpoint = endpoint_find(request, &request->rest);
	if ((endpoint == NULL || !endpoint->open) && route_authenticate(request, err) < 0)
		return (-1);
	if (endpoint == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no such endpoint"));
	if (endpoint_check(request, endpoint, &request->work, err) < 0)
		return (-1);
	if (endpoint->open)
		return (request->work(request, request->rest, err));
	if (endpoint->writes && request->method != METHOD_GET)
		return (1);
	return (route_work_on(request, err));
}

static enum method
route_method(const char *name)
{
	static const struct {
		const char	*name;
		enum method	 method;
	} methods[] = {
		{ "GET", METHOD_GET },
		{ "HEAD", METHOD_GET },
		{ "POST", METHOD_POST },
		{ "PUT", METHOD_PUT },
		{ "PATCH", METHOD_PATCH },
		{ "DELETE", METHOD_DELETE },
	};
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, name) == 0)
			return (methods[i].method);
	return (METHOD_OTHER);
}

/* ---- from call to call --------------------------------------------------- */

/* What is kept of a request that has a body, or that the pool does. */
struct exchange {
	struct body	 body;
	struct pool_job	 job;
	struct request	 request;
	struct err	 err;
	int		 result;
	bool		 done;		/* by the pool: it is to be sent */
	bool		 crowded;	/* there is no memory for the body */
};

/* What stands for one while there is nothing to be kept. */
static struct exchange route_nothing;

static int
route_too_large(struct err *err)
{
	return (err_set(err, ERR_TOO_LARGE, "a request's body has at most %zu bytes",
	    BODY_MAX));
}

/* Whether the head announces a body that is not even read to its end. */
static bool
route_announces_too_much(const struct request *request)
{
	const char *length;

	length = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
	return (length != NULL && strtoull(length, NULL, 10) > BODY_DISCARD);
}

static enum MHD_Result
route_add_size(void *context, enum MHD_ValueKind kind __attribute__((unused)),
    const char *name, const char *value)
{
	*(size_t *)context += strlen(name) + (value != NULL ? strlen(value) : 0);
	return (MHD_YES);
}

/* libmicrohttpd's own limit lies behind ours, and its answer is no SCIM error. */
static int
route_check_head(const struct request *request, struct err *err)
{
	const size_t max = request->server->site->head_max;
	const union MHD_ConnectionInfo *info;
	size_t headers = 0;

	info = MHD_get_connection_info(request->connection,
	    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	if (info == NULL || info->header_size <= max)
		return (0);
	(void)MHD_get_connection_values(request->connection, MHD_HEADER_KIND,
	    route_add_size, &headers);
	if (headers < info->header_size / 2)
		return (err_set(err, ERR_URI_TOO_LONG, "URL and headers have at most %zu "
		    "bytes: ask in a body, with POST to .search", max));
	return (err_set(err, ERR_HEAD_TOO_LARGE, "URL and headers have at most %zu bytes",
	    max));
}

/* What nobody sends who has a good token costs no memory. */
static struct exchange *
route_open_exchange(const struct request *request)
{
	struct exchange *exchange;
	struct client client;
	const char *token;
	size_t len;

	exchange = mem_alloc(sizeof(*exchange));
	exchange->body.keep = route_token(request, &token, &len) &&
	    clients_find(request->server->clients, token, len, &client);
	if (exchange->body.keep)
		http_known(request->connection);
	return (exchange);
}

/* One that is too long is answered when it has come, unless it goes on for ever. */
static enum MHD_Result
route_upload(const struct request *request, const char *upload, size_t *upload_size,
    void **state)
{
	struct exchange *exchange;

	if (*state == &route_nothing)
		*state = route_open_exchange(request);
	exchange = *state;
	if (exchange->body.keep &&
	    !http_hold(request->connection, BODY_WEIGHT * *upload_size)) {
		exchange->body.keep = false;
		exchange->crowded = true;
	}
	(void)body_add(&exchange->body, upload, *upload_size);
	*upload_size = 0;
	return (exchange->body.seen <= BODY_DISCARD ? MHD_YES : MHD_NO);
}

static enum MHD_Result
route_finish(struct request *request, int result, const struct err *err)
{
	enum MHD_Result sent;

	if (result < 0)
		answer_error(&request->answer, err);
	if (request->answer.status == MHD_HTTP_UNAUTHORIZED &&
	    request->answer.authenticate == NULL)
		request->answer.authenticate = CHALLENGE;	/* revoked meanwhile */
	log_debug("scim.request", "client=%lld method=%u status=%u",
	    (long long)request->client.id, (unsigned int)request->method,
	    request->answer.status);
	sent = answer_send(request);
	arena_close(&request->arena);
	return (sent);
}

/* ---- what the pool does -------------------------------------------------- */

static void
route_do_job(struct pool_job *job)
{
	struct exchange *exchange = (struct exchange *)(void *)((char *)job -
	    offsetof(struct exchange, job));
	struct MHD_Connection *connection = exchange->request.connection;

	exchange->result = route_work_on(&exchange->request, &exchange->err);
	exchange->done = true;
	MHD_resume_connection(connection);	/* it is no longer ours */
}

/* Sets the request aside; libmicrohttpd calls again when it is resumed. */
static enum MHD_Result
route_put_off(const struct request *request, void **state)
{
	struct exchange *exchange;

	if (*state == &route_nothing)
		*state = mem_alloc(sizeof(*exchange));
	exchange = *state;
	exchange->request = *request;
	exchange->request.body = &exchange->body;
	exchange->job.work = route_do_job;
	MHD_suspend_connection(request->connection);
	if (pool_put(request->server->pool, &exchange->job))
		return (MHD_YES);
	exchange->result = err_set(&exchange->err, ERR_BUSY,
	    "too many changes wait to be made; nothing was changed");
	exchange->done = true;
	MHD_resume_connection(request->connection);
	return (MHD_YES);
}

/* ---- what libmicrohttpd calls -------------------------------------------- */

static enum MHD_Result
route_whole(struct request *request, const char *url, void **state)
{
	struct err err = ERR_INIT;
	int result;

	if (request->body->seen > BODY_MAX)
		return (route_finish(request, route_too_large(&err), &err));
	if (((const struct exchange *)*state)->crowded)
		return (route_finish(request, err_set(&err, ERR_BUSY,
		    "too many large bodies are under way; nothing was changed"), &err));
	result = route_answer(request, url, &err);
	return (result > 0 ? route_put_off(request, state) :
	    route_finish(request, result, &err));
}

/* Called with the head, with each part of the body, and with nothing at the end. */
enum MHD_Result
route_request(void *context, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version __attribute__((unused)),
    const char *upload, size_t *upload_size, void **state)
{
	struct request request = { .server = context, .connection = connection,
		.method = route_method(method) };
	struct exchange *exchange = *state;
	struct err err = ERR_INIT;

	if (exchange == NULL) {
		*state = &route_nothing;
		if (route_check_head(&request, &err) == 0 &&
		    (!route_announces_too_much(&request) || route_too_large(&err) == 0))
			return (MHD_YES);
		return (route_finish(&request, -1, &err));
	}
	if (*upload_size > 0)
		return (route_upload(&request, upload, upload_size, state));
	if (exchange->done)
		return (route_finish(&exchange->request, exchange->result,
		    &exchange->err));
	request.body = &exchange->body;
	return (route_whole(&request, url, state));
}

void
route_completed(void *context __attribute__((unused)),
    struct MHD_Connection *connection __attribute__((unused)), void **state,
    enum MHD_RequestTerminationCode code __attribute__((unused)))
{
	struct exchange *exchange = *state;

	if (exchange == NULL || exchange == &route_nothing)
		return;
	answer_discard(&exchange->request);
	arena_close(&exchange->request.arena);
	body_close(&exchange->body);
	mem_free(&exchange);
	*state = NULL;
}
