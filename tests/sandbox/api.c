/*
 * Owns nothing. Each request holds the sandbox's lock while its answer is made, not
 * while it is compressed, delayed or sent.
 */
#include "config.h"

#include "tests/sandbox/api.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/digest.h"
#include "tests/sandbox/details.h"
#include "tests/sandbox/emit.h"
#include "tests/sandbox/page.h"
#include "tests/sandbox/sandbox.h"

#define SYNC_SPAN CLOCK_MINUTE	/* a forced sync is queued for so long */

/* One request being answered. */
struct call {
	struct sandbox	*sandbox;
	struct request	*request;
	struct answer	*answer;
	struct tenant	*tenant;
	int64_t		 now;
	bool		 live;		/* no prerecorded answer: it is to be spoilt */
};

static void
refuse(struct call *call, const char *code, const char *message)
{
	answer_error(call->answer, 0, code, NULL, message);
}

/*
 * True when the bearer token is the key of an integration's environment; *key is that.
 */
static bool
authenticate(struct call *call, const char **key)
{
	const char *header;
	size_t i;

	header = request_header(call->request, "Authorization");
	if (header != NULL && strncmp(header, "Bearer ", 7) == 0) {
		for (i = 0; i < call->sandbox->tenant_count; i++) {
			*key = call->sandbox->tenants[i]->key;
			if (strcmp(*key, header + 7) == 0)
				return (true);
		}
	}
	refuse(call, "PLATFORM.AUTHENTICATION_INVALID",
	    "The API key is missing or not valid.");
	return (false);
}

/* Finds the integration by id in the environment of that key. */
static bool
tenant_pick(struct call *call, const char *id, const char *key)
{
	call->tenant = sandbox_find(call->sandbox, id);
	if (call->tenant != NULL && strcmp(call->tenant->key, key) == 0 &&
	    call->tenant->life != LIFE_DELETED)
		return (true);
	refuse(call, "PLATFORM.INTEGRATION_NOT_FOUND",
	    "There is no integration with this id in this environment.");
	return (false);
}

static bool
tenant_by_header(struct call *call)
{
	const char *id, *key;

	if (!authenticate(call, &key))
		return (false);
	id = request_header(call->request, "X-Integration-Id");
	if (id == NULL || *id == '\0') {
		refuse(call, "PLATFORM.INPUT_INVALID",
		    "The header X-Integration-Id is missing.");
		return (false);
	}
	return (tenant_pick(call, id, key));
}

/* Life and models decide whether there is data at all. */
static bool
model_readable(struct call *call, enum kind_id kind)
{
	const struct tenant *tenant = call->tenant;
	const struct scope_item *model = &tenant->scope.model[kind];
	const struct life_row *life;

	life = life_row(tenant->life);
	if (tenant->reads == READS_ERROR) {
		if (tenant->legacy && life->http == 409)
			answer_old_error(call->answer, 503, life->message);
		else
			answer_error(call->answer, life->http, life->code, NULL,
			    life->message);
		return (false);
	}
	if (scope_available(model))
		return (true);
	if (model->coverage == SCOPE_SUPPORTED)
		refuse(call, "INTEGRATION.MODEL_DISABLED",
		    "The model is not enabled in the scope config.");
	else
		refuse(call, "INTEGRATION.MODEL_NOT_AVAILABLE",
		    "The tool does not offer this model.");
	return (false);
}

static void
page_answer(struct call *call, struct query *query)
{
	uint64_t place;
	const char *accepted;

	if (!page_place(call->tenant, query, &place)) {
		refuse(call, "PLATFORM.INPUT_INVALID",
		    "The cursor is not valid, or not for these parameters.");
		return;
	}
	query_settle(query, call->tenant);
	answer_json(call->answer, 200);
	accepted = request_header(call->request, "Accept-Encoding");
	if (!call->live && query_is_complete(query) && tape_find(call->sandbox->tape,
	    call->tenant, query, place, call->sandbox->gzip && accepted != NULL &&
	    strstr(accepted, "gzip") != NULL, call->answer))
		return;
	(void)page_render(call->tenant, query, place, call->now, &call->answer->body);
}

static void
model_get(struct call *call, const char *path)
{
	struct err err = ERR_INIT;
	struct query query;
	enum kind_id kind;

	kind = kind_find(strcmp(path, "teams") == 0 ? "groups" : path);
	if (!tenant_by_header(call))
		return;
	if (query_read(&query, kind, call->request->pairs, call->request->arena,
		&err) != 0)
		refuse(call, "PLATFORM.INPUT_INVALID", err.text);
	else if (model_readable(call, kind))
		page_answer(call, &query);
	query_close(&query);
}

static void
key_get(struct call *call, const char *path)
{
	const char *key;
	char text[32];

	(void)path;
	if (!authenticate(call, &key))
		return;
	answer_data(call->answer);
	(void)snprintf(text, sizeof(text), "env%016llx",
	    (unsigned long long)hash64_text(key));
	emit_pair_text(&call->answer->body, "environment_id", text);
	if (call->sandbox->tenants[0]->shape.keys != SHAPE_SDK)
		emit_pair_text(&call->answer->body, "customer_id", "rollcall-sandbox");
	answer_data_end(call->answer);
}

/* GET /integrations/{id}[/custom-fields|/integration-fields]. */
static void
integration_get(struct call *call, const char *path)
{
	struct err err = ERR_INIT;
	const char *key, *rest;
	char *id;
	bool found;

	if (!authenticate(call, &key))
		return;
	id = arena_dup_len(call->request->arena, path, strcspn(path, "/"));
	rest = path + strlen(id);
	found = tenant_pick(call, id, key);
	if (!found)
		return;
	answer_data(call->answer);
	if (*rest == '\0')
		details_integration(call->tenant, &call->answer->body);
	else if (details_fields(call->tenant, strcmp(rest, "/custom-fields") == 0 ?
	    DETAILS_CUSTOM_FIELDS : DETAILS_INTEGRATION_FIELDS, call->request,
	    &call->answer->body, &err) != 0) {
		refuse(call, "PLATFORM.INPUT_INVALID", err.text);
		return;
	}
	answer_data_end(call->answer);
}

/* FULL or DELTA by the body; NULL when the body is not right. */
static const char *
sync_type(struct call *call)
{
	const char *type;
	json_t *body;

	if (call->request->body.len == 0)
		return ("FULL");
	body = json_loadb(call->request->body.data, call->request->body.len, 0, NULL);
	type = NULL;
	if (json_is_object(body)) {
		type = json_string_value(json_object_get(body, "type"));
		if (json_object_get(body, "type") == NULL || (type != NULL &&
		    strcmp(type, "FULL") == 0))
			type = "FULL";
		else if (type != NULL)
			type = strcmp(type, "DELTA") == 0 ? "DELTA" : NULL;
	}
	json_decref(body);
	return (type);
}

static void
sync_post(struct call *call, const char *path)
{
	struct buf *out = &call->answer->body;
	const char *type;
	char id[32];
	int64_t *synced;
	bool queued;

	(void)path;
	if (!tenant_by_header(call))
		return;
	type = sync_type(call);
	if (type == NULL) {
		refuse(call, "PLATFORM.INPUT_INVALID",
		    "The body is not {\"type\":\"FULL\"|\"DELTA\"}.");
		return;
	}
	synced = &call->tenant->synced_at[strcmp(type, "DELTA") == 0];
	queued = *synced != 0 && call->now - *synced < SYNC_SPAN;
	if (!queued) {
		*synced = call->now;
		call->tenant->sync_ends = call->now + SYNC_SPAN;
	}
	answer_data(call->answer);
	emit_pair_bool(out, "already_queued", queued);
	(void)snprintf(id, sizeof(id), "sync%016llx", (unsigned long long)
	    hash64_seed(synced, sizeof(*synced), call->tenant->id_seed));
	emit_pair_text(out, "sync_id", id);
	if (call->tenant->shape.keys != SHAPE_SDK)
		emit_pair_text(out, "type", type);
	answer_data_end(call->answer);
}

/* A "*" at the end of a path stands for one segment or more, given to the function. */
static const struct {
	const char	*method;
	const char	*path;
	void		(*answer)(struct call *call, const char *rest);
} routes[] = {
	{ "GET", "/v1/hris/employees", model_get },
	{ "GET", "/v1/hris/employments", model_get },
	{ "GET", "/v1/hris/groups", model_get },
	{ "GET", "/v1/hris/teams", model_get },
	{ "GET", "/v1/hris/legal-entities", model_get },
	{ "GET", "/v1/hris/locations", model_get },
	{ "GET", "/v1/check-api-key", key_get },
	{ "GET", "/v1/integrations/*", integration_get },
	{ "GET", "/v1/integrations/*/custom-fields", integration_get },
	{ "GET", "/v1/integrations/*/integration-fields", integration_get },
	{ "POST", "/v1/force-sync", sync_post },
};

/*
 * True when a path is that of a route, where "*" is one segment; *rest is the last, or
 * it.
 */
static bool
route_meets(const char *route, const char *path, const char **rest)
{
	const char *star;
	size_t head;

	star = strchr(route, '*');
	if (star == NULL) {
		*rest = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
		return (strcmp(route, path) == 0);
	}
	head = (size_t)(star - route);
	if (strncmp(route, path, head) != 0)
		return (false);
	*rest = path + head;
	path = *rest + strcspn(*rest, "/");
	return (path > *rest && strcmp(path, star + 1) == 0);
}

static void
route(struct call *call)
{
	const char *rest;
	size_t i;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (strcmp(routes[i].method, call->request->method) == 0 &&
		    route_meets(routes[i].path, call->request->path, &rest)) {
			routes[i].answer(call, rest);
			return;
		}
	}
	answer_error(call->answer, 404, NULL, "Not found",
	    "There is no such endpoint.");
}

/* By the server's time and not by the system's, as everything else is. */
static void
date_header(struct call *call)
{
	char text[64];
	struct tm tm;
	time_t at;

	at = (time_t)((call->now + call->sandbox->date_skew) / CLOCK_SECOND);
	(void)gmtime_r(&at, &tm);
	(void)strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	answer_header(call->answer, "Date", text);
}

void
api_handle(void *closure, struct request *request, struct answer *answer)
{
	struct sandbox *sandbox = closure;
	struct call call = { .sandbox = sandbox, .request = request, .answer = answer };
	struct hook_post posts[SANDBOX_NEWS_MAX];
	struct fault *fault;
	size_t count;

	(void)pthread_mutex_lock(&sandbox->lock);
	call.now = sandbox_now(sandbox);
	date_header(&call);
	fault = faults_strike(&sandbox->faults, request->path,
	    request_header(request, "X-Integration-Id"));
	call.live = fault != NULL;
	if (fault == NULL || fault->kind != FAULT_RATE_LIMIT) {
		if (!traffic_admit(&sandbox->traffic, answer, call.now))
			refuse(&call, "PLATFORM.RATE_LIMIT_EXCEEDED",
			    "Too many requests.");
		else if (fault == NULL || !fault_replace(fault, answer))
			route(&call);
	} else {
		(void)fault_replace(fault, answer);
	}
	if (fault != NULL) {
		fault_spoil(fault, answer);
		fault_spend(&sandbox->faults, fault);
	}
	traffic_note(&sandbox->traffic, request, answer, call.now);
	count = sandbox_ends(sandbox, posts, SANDBOX_NEWS_MAX);
	(void)pthread_mutex_unlock(&sandbox->lock);
	sandbox_tell(posts, count);
}
