/*
 * Owns nothing. A request belongs to one thread.
 */
#include "config.h"

#include "scim/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/http.h"
#include "base/text.h"
#include "scim/discovery.h"

#define MEDIA_TYPE	"application/scim+json"
#define HEAD_LENDING	((size_t)8 * 1024)	/* bytes of a request's head */
#define RETRY_SECONDS	5
#define HOLD_LEAST	((size_t)16 * 1024)	/* smaller answers are sent at once */

struct arena *
request_arena(struct request *request)
{
	if (request->arena == NULL)
		request->arena = arena_open();
	return (request->arena);
}

/* ---- parameters ---------------------------------------------------------- */

static const char *const parameter_names[PARAMETER_N] = {
	[PARAMETER_FILTER] = "filter",
	[PARAMETER_ATTRIBUTES] = "attributes",
	[PARAMETER_EXCLUDED] = "excludedAttributes",
	[PARAMETER_START] = "startIndex",
	[PARAMETER_COUNT] = "count",
	[PARAMETER_SORT_BY] = "sortBy",
	[PARAMETER_SORT_ORDER] = "sortOrder",
	[PARAMETER_CURSOR] = "cursor",
};

struct parameter_walk {
	struct request	*request;
	struct err	*err;
};

static enum MHD_Result
parameter_found(void *context, enum MHD_ValueKind kind __attribute__((unused)),
    const char *name, const char *value)
{
	struct parameter_walk *walk = context;
	const char **slot;
	size_t i;

	for (i = 0; i < PARAMETER_N && strcasecmp(parameter_names[i], name) != 0; i++)
		continue;
	if (i == PARAMETER_N)
		return (MHD_YES);
	if (value == NULL && i != PARAMETER_CURSOR)
		return (MHD_YES);
	if (value == NULL)
		value = "";	/* "?cursor": the first page (RFC 9865 §2) */
	slot = &walk->request->parameters[i];
	if (*slot != NULL)
		(void)err_set(walk->err, ERR_SCIM_VALUE, "%s is given twice",
		    parameter_names[i]);
	else if (!text_valid(value, strlen(value)))
		(void)err_set(walk->err, ERR_SCIM_SYNTAX, "%s is not well-formed UTF-8",
		    parameter_names[i]);
	*slot = value;
	return (walk->err->code == ERR_NONE ? MHD_YES : MHD_NO);
}

int
request_read_parameters(struct request *request, struct err *err)
{
	struct parameter_walk walk = { request, err };

	(void)MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND,
	    parameter_found, &walk);
	return (err->code == ERR_NONE ? 0 : -1);
}

/* ---- headers ------------------------------------------------------------- */

const char *
request_header(const struct request *request, const char *name)
{
	return (MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
	    name));
}

/*
 * Calls back with each part of a list with commas, in all headers of a name, until
 * true.
 */
struct list_walk {
	const char	*name;
	bool		(*found)(const char *part, size_t len, const void *context);
	const void	*context;
	bool		 given;
	bool		 result;
};

/* A comma between double quotes is none. */
static size_t
list_part_len(const char *text)
{
	bool quoted;
	size_t n;

	quoted = false;
	for (n = 0; text[n] != '\0' && (quoted || text[n] != ','); n++)
		quoted ^= text[n] == '"';
	return (n);
}

static enum MHD_Result
list_header(void *context, enum MHD_ValueKind kind __attribute__((unused)),
    const char *name, const char *value)
{
	struct list_walk *walk = context;
	size_t blanks, len, part;

	if (value == NULL || strcasecmp(name, walk->name) != 0)
		return (MHD_YES);
	walk->given = true;
	for (; *value != '\0'; value += len + (value[len] == ',')) {
		len = list_part_len(value);
		blanks = strspn(value, " \t");
		part = len;
		while (part > blanks && strchr(" \t", value[part - 1]) != NULL)
			part--;
		if (blanks < part &&
		    walk->found(value + blanks, part - blanks, walk->context)) {
			walk->result = true;
			return (MHD_NO);
		}
	}
	return (MHD_YES);
}

static void
request_walk_list(const struct request *request, struct list_walk *walk)
{
	(void)MHD_get_connection_values(request->connection, MHD_HEADER_KIND,
	    list_header, walk);
}

/* Weak comparison (RFC 9110 §8.8.3.2): W/ does not count. */
static bool
etag_found(const char *part, size_t len, const void *context)
{
	const char *etag = context;

	if (len == 1 && *part == '*')
		return (true);
	if (len > 2 && strncasecmp(part, "W/", 2) == 0)
		part += 2, len -= 2;
	return (strlen(etag) == len && memcmp(part, etag, len) == 0);
}

bool
request_has_etag(const struct request *request, const char *etag)
{
	struct list_walk walk = { .name = MHD_HTTP_HEADER_IF_NONE_MATCH,
		.found = etag_found,
		.context = etag + strlen("W/") };

	request_walk_list(request, &walk);
	return (walk.result);
}

int
request_match(const struct request *request, const char *etag, struct err *err)
{
	struct list_walk walk = { .name = MHD_HTTP_HEADER_IF_MATCH,
		.found = etag_found,
		.context = etag + strlen("W/") };

	request_walk_list(request, &walk);
	if (walk.result || !walk.given)
		return (0);
	return (err_set(err, ERR_PRECONDITION,
	    "the resource has another version than If-Match says: %s", etag));
}

/* "application/json;q=0.8": false when its weight is nought. */
static bool
media_is_wanted(const char *parameters, const char *end)
{
	const char *q;

	for (q = parameters; q < end; q++) {
		if (*q != ';')
			continue;
		q += 1 + strspn(q + 1, " \t");
		if (end - q > 2 && strncasecmp(q, "q=", 2) == 0)
			return (strtod(q + 2, NULL) > 0);
	}
	return (true);
}

static bool
media_found(const char *part, size_t len, const void *context __attribute__((unused)))
{
	static const char *const ours[] = { MEDIA_TYPE, "application/json",
		"application/*", "*/*" };
	size_t i, type;

	type = strcspn(part, "; \t,");
	if (type > len)
		type = len;
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == type && strncasecmp(part, ours[i], type) == 0)
			return (media_is_wanted(part + type, part + len));
	return (false);
}

bool
request_accepts(const struct request *request)
{
	struct list_walk walk = { .name = MHD_HTTP_HEADER_ACCEPT,
		.found = media_found };

	request_walk_list(request, &walk);
	return (walk.result || !walk.given);
}

/* ---- the body ------------------------------------------------------------ */

int
request_read_body(struct request *request, const json_t **json, struct err *err)
{
	if (!body_is_json(request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE)))
		return (err_set(err, ERR_MEDIA_TYPE,
		    "Content-Type must be application/scim+json or application/json"));
	return (body_read(request->body, json, err));
}

/* ---- answers ------------------------------------------------------------- */

/* Room for the list of pieces is in the connection's memory, behind the head. */
bool
request_may_lend(const struct request *request)
{
	const union MHD_ConnectionInfo *info;

	if (request->server->site->tls)
		return (false);
	info = MHD_get_connection_info(request->connection,
	    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	return (info != NULL && info->header_size <= HEAD_LENDING);
}

void
answer_error(struct answer *answer, const struct err *err)
{
	const struct err_kind *kind = err_kind(err->code);

	answer->status = (unsigned int)kind->http_status;
	answer->etag[0] = '\0';
	buf_reset(&answer->location);
	lent_close(&answer->lent);
	answer->stamp = 0;
	answer->created = false;
	buf_reset(&answer->body);
	buf_printf(&answer->body, "{\"schemas\":[\"%s\"],\"status\":\"%u\"", ERROR_URN,
	    answer->status);
	if (*kind->scim_type != '\0')
		buf_printf(&answer->body, ",\"scimType\":\"%s\"", kind->scim_type);
	buf_str(&answer->body, ",\"detail\":");
	json_quote(&answer->body, err->text);
	buf_char(&answer->body, '}');
}

static void
answer_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		(void)MHD_add_response_header(response, name, value);
}

/* NULL when there is no memory for it. */
static struct MHD_Response *
answer_response(struct request *request)
{
	struct answer *answer = &request->answer;
	struct MHD_Response *response;
	size_t len = answer->body.len;

	if (answer->lent.count > 0)
		response = lent_response(&answer->lent, &answer->body,
		    request->client.view, &request->snap);
	else
		response = MHD_create_response_from_buffer(len,
		    len > 0 ? buf_take(&answer->body) : NULL,
		    len > 0 ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
	if (request->snap != NULL)
		view_release(request->client.view, request->snap);
	request->snap = NULL;
	lent_close(&answer->lent);
	buf_close(&answer->body);
	return (response);
}

void
answer_discard(struct request *request)
{
	struct answer *answer = &request->answer;

	if (request->snap != NULL)
		view_release(request->client.view, request->snap);
	request->snap = NULL;
	lent_close(&answer->lent);
	buf_close(&answer->body);
	buf_close(&answer->location);
}

static void
answer_retry(struct MHD_Response *response, const struct answer *answer)
{
	char seconds[16];
	unsigned int wait;

	wait = answer->retry == 0 && answer->status == MHD_HTTP_SERVICE_UNAVAILABLE ?
	    RETRY_SECONDS : answer->retry;
	if (wait == 0)
		return;
	(void)snprintf(seconds, sizeof(seconds), "%u", wait);
	answer_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
}

/* Whether a large answer may take its memory; else it becomes an error. */
static void
answer_hold(struct request *request)
{
	struct err err = ERR_INIT;
	size_t len = request->answer.body.len;

	if (len < HOLD_LEAST || http_hold(request->connection, len))
		return;
	(void)err_set(&err, ERR_BUSY, "too many large answers are under way");
	answer_error(&request->answer, &err);
}

enum MHD_Result
answer_send(struct request *request)
{
	struct answer *answer = &request->answer;
	struct MHD_Response *response;
	char stamp[CLOCK_TEXT_SIZE];
	enum MHD_Result result;
	bool empty;

	answer_hold(request);
	empty = answer->body.len == 0 && answer->lent.count == 0;
	response = answer_response(request);
	if (response == NULL) {
		buf_close(&answer->location);
		return (MHD_NO);
	}
	if (!empty)
		answer_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, MEDIA_TYPE);
	answer_header(response, MHD_HTTP_HEADER_ETAG, answer->etag);
	answer_header(response, MHD_HTTP_HEADER_CONTENT_LOCATION,
	    answer->location.data);
	if (answer->created)
		answer_header(response, MHD_HTTP_HEADER_LOCATION, answer->location.data);
	answer_header(response, MHD_HTTP_HEADER_ALLOW, answer->allow);
	answer_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, answer->authenticate);
	answer_retry(response, answer);
	if (answer->stamp != 0)
		answer_header(response, "Rollcall-Stamp",
		    clock_format(answer->stamp, 6, stamp));
	result = MHD_queue_response(request->connection, answer->status, response);
	MHD_destroy_response(response);
	buf_close(&answer->location);
	return (result);
}
