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
#include "scim/bulk.h"
#include "scim/pool.h"
#include "scim/read.h"
#include "scim/search.h"
#include "scim/write.h"

#define BODY_WEIGHT	4		/* what a body takes, when it is JSON, of its bytes */
#define BODY_DISCARD	(8 * BODY_MAX)	/* read before one that is too long is cut off */
#define TOKEN_MAX	256
#define CHALLENGE	"Bearer realm=\"rollcall\""
#define METHOD_ANY	0x3fU

/* ---- endpoints ----------------------------------------------------------- */

/* Discovery is never filtered (RFC 7644 §4). */
static int
route_document(struct request *request, const struct buf *document, struct err *err)
{
	if (request->parameters[PARAMETER_FILTER] != NULL)
		return (err_set(err, ERR_DENIED, "there are no filters on discovery"));
	request->answer.status = MHD_HTTP_OK;
	buf_add(&request->answer.body, document->data, document->len);
	return (0);
}

static int
route_missing(struct err *err)
{
	return (err_set(err, ERR_NOT_FOUND, "there is no such resource"));
}

static int
route_provider(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (route_document(request, &request->server->site->provider, err));
}

static int
route_types(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (route_document(request, &request->server->site->types, err));
}

static int
route_type(struct request *request, const char *rest, struct err *err)
{
	enum resource_type i;

	for (i = 0; i < RESOURCE_N; i++)
		if (strcmp(type_get(i)->name, rest) == 0)
			return (route_document(request, &request->server->site->type[i],
			    err));
	return (route_missing(err));
}

static int
route_schemas(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (route_document(request, &request->form->schemas, err));
}

static int
route_schema(struct request *request, const char *rest, struct err *err)
{
	enum schema_id i;

	for (i = SCHEMA_COMMON + 1; i < SCHEMA_N; i++)
		if (strcasecmp(schema_get(i)->urn, rest) == 0)
			return (route_document(request, &request->form->schema[i],
			    err));
	return (route_missing(err));
}

static int
route_users(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_USER, err));
}

static int
route_user(struct request *request, const char *rest, struct err *err)
{
	return (read_one(request, RESOURCE_USER, rest, err));
}

static int
route_groups(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_GROUP, err));
}

static int
route_group(struct request *request, const char *rest, struct err *err)
{
	return (read_one(request, RESOURCE_GROUP, rest, err));
}

static int
route_users_search(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_USER, err));
}

static int
route_groups_search(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_GROUP, err));
}

static int
route_root(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_N, err));
}

static int
route_root_search(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_N, err));
}

static int
route_tombstones(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_TOMBSTONE, err));
}

static int
route_tombstone(struct request *request, const char *rest, struct err *err)
{
	return (read_one(request, RESOURCE_TOMBSTONE, rest, err));
}

static int
route_tombstones_search(struct request *request,
    const char *rest __attribute__((unused)), struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_TOMBSTONE, err));
}

static int
route_add_user(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (write_create(request, RESOURCE_USER, err));
}

static int
route_put_user(struct request *request, const char *rest, struct err *err)
{
	return (write_replace(request, RESOURCE_USER, rest, err));
}

static int
route_patch_user(struct request *request, const char *rest, struct err *err)
{
	return (write_patch(request, RESOURCE_USER, rest, err));
}

static int
route_remove_user(struct request *request, const char *rest, struct err *err)
{
	return (write_remove(request, RESOURCE_USER, rest, err));
}

static int
route_add_group(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (write_create(request, RESOURCE_GROUP, err));
}

static int
route_put_group(struct request *request, const char *rest, struct err *err)
{
	return (write_replace(request, RESOURCE_GROUP, rest, err));
}

static int
route_patch_group(struct request *request, const char *rest, struct err *err)
{
	return (write_patch(request, RESOURCE_GROUP, rest, err));
}

static int
route_remove_group(struct request *request, const char *rest, struct err *err)
{
	return (write_remove(request, RESOURCE_GROUP, rest, err));
}

static int
route_bulk(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (bulk_do(request, err));
}

/* ---- the table ----------------------------------------------------------- */

struct route {
	const char	*path;		/* one that ends with / has something behind */
	route_work	*get;
	route_work	*post;
	route_work	*put;
	route_work	*patch;
	route_work	*remove;	/* DELETE */
	unsigned int	 absent;	/* methods this service does not have (501) */
	bool		 open;		/* without a token (RFC 7643 §5) */
	bool		 writes;	/* all but get: done by the pool */
};

static const struct route routes[] = {
	{ .path = "/ServiceProviderConfig", .get = route_provider, .open = true },
	{ .path = "/ResourceTypes", .get = route_types },
	{ .path = "/ResourceTypes/", .get = route_type },
	{ .path = "/Schemas", .get = route_schemas },
	{ .path = "/Schemas/", .get = route_schema },
	{ .path = "/Users", .get = route_users, .post = route_add_user, .writes = true },
	{ .path = "/Users/.search", .post = route_users_search },
	{ .path = "/Users/", .get = route_user, .put = route_put_user,
	    .patch = route_patch_user, .remove = route_remove_user, .writes = true },
	{ .path = "/Groups", .get = route_groups, .post = route_add_group,
	    .writes = true },
	{ .path = "/Groups/.search", .post = route_groups_search },
	{ .path = "/Groups/", .get = route_group, .put = route_put_group,
	    .patch = route_patch_group, .remove = route_remove_group, .writes = true },
	{ .path = "/Tombstones", .get = route_tombstones },
	{ .path = "/Tombstones/.search", .post = route_tombstones_search },
	{ .path = "/Tombstones/", .get = route_tombstone },
	{ .path = "/Me", .absent = METHOD_ANY },
	{ .path = "/Bulk", .post = route_bulk, .writes = true },
	{ .path = "/.search", .post = route_root_search },
	{ .path = "", .get = route_root },
};

#define ROUTES	(sizeof(routes) / sizeof(routes[0]))

/* What stands behind the route's path; NULL when it is another's. */
static const char *
route_rest(const struct route *route, const char *path)
{
	size_t len = strlen(route->path);

	if (strncmp(path, route->path, len) != 0)
		return (NULL);
	path += len;
	if (len > 0 && route->path[len - 1] == '/')
		return (*path != '\0' && strchr(path, '/') == NULL ? path : NULL);
	return (*path == '\0' || strcmp(path, "/") == 0 ? path : NULL);
}

static route_work *
route_handler(const struct route *route, enum method method)
{
	switch (method) {
	case METHOD_GET:
		return (route->get);
	case METHOD_POST:
		return (route->post);
	case METHOD_PUT:
		return (route->put);
	case METHOD_PATCH:
		return (route->patch);
	case METHOD_DELETE:
		return (route->remove);
	case METHOD_OTHER:
		break;
	}
	return (NULL);
}

/* The first row: those of names come before those of ids. */
static const struct route *
route_find(const struct request *request, const char **rest)
{
	const struct route *route;

	for (route = routes; route < routes + ROUTES; route++) {
		*rest = route_rest(route, request->path);
		if (*rest != NULL)
			return (route);
	}
	return (NULL);
}

/* RFC 9110 §10.2.1. */
static const char *
route_methods(struct request *request, const struct route *route)
{
	return (arena_printf(request_arena(request), "%s%s%s%s%s",
	    route->get != NULL ? "GET, HEAD" : "",
	    route->post == NULL ? "" : route->get != NULL ? ", POST" : "POST",
	    route->put != NULL ? ", PUT" : "", route->patch != NULL ? ", PATCH" : "",
	    route->remove != NULL ? ", DELETE" : ""));
}

/* What can be told without looking at the directory. */
static int
route_check(struct request *request, const struct route *route, route_work **work,
    struct err *err)
{
	*work = route_handler(route, request->method);
	if ((route->absent & request->method) != 0)
		return (err_set(err, ERR_NOT_IMPLEMENTED,
		    "this service does not have it"));
	if (*work == NULL) {
		request->answer.allow = route_methods(request, route);
		return (err_set(err, ERR_METHOD, "this endpoint takes only %s",
		    request->answer.allow));
	}
	if (!request_accepts(request))
		return (err_set(err, ERR_NOT_ACCEPTABLE,
		    "answers are application/scim+json, and Accept does not allow it"));
	return (request_read_parameters(request, err));
}

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
	const struct route *route;

	if (route_enter(request, url, err) < 0)
		return (-1);
	if (!clients_known(request->server->clients))
		return (err_set(err, ERR_UNREACHABLE,
		    "the directory cannot be read at present"));
	route = route_find(request, &request->rest);
	if ((route == NULL || !route->open) && route_authenticate(request, err) < 0)
		return (-1);
	if (route == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no such endpoint"));
	if (route_check(request, route, &request->work, err) < 0)
		return (-1);
	if (route->open)
		return (request->work(request, request->rest, err));
	if (route->writes && request->method != METHOD_GET)
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
