/*
 * Owns the operations of one request and what became of them.
 */
#include "config.h"

#include "scim/bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scim/discovery.h"
#include "scim/doc.h"
#include "scim/make.h"
#include "scim/read.h"
#include "scim/write.h"

#define REFERENCE	"bulkId:"

enum bulk_state { BULK_WAITS, BULK_RUNS, BULK_DONE, BULK_FAILED };

struct operation {
	const json_t		*json;
	const char		*method;	/* as it was written, or "" */
	const char		*bulk_id;	/* NULL: none */
	enum bulk_state		 state;
	enum method		 kind;
	enum resource_type	 type;
	char			 id[UUID_TEXT_SIZE];
	json_t			*later;		/* attributes that wait for others, or NULL */
	struct err		 err;
};

struct bulk {
	struct request		*request;
	struct operation	*operations;
	size_t			 count;
	size_t			 errors;
	size_t			 errors_most;	/* 0: all of them */
	bool			 stale;		/* the snapshot lacks what was done */
	struct err		 down;		/* rollcalld: it is not asked again */
};

/* ---- references -------------------------------------------------------------------------- */

/* The operation that makes what "bulkId:x" names; count when there is none. */
static size_t
bulk_find(const struct bulk *bulk, const char *bulk_id)
{
	size_t i;

	for (i = 0; i < bulk->count; i++)
		if (bulk->operations[i].bulk_id != NULL &&
		    strcmp(bulk->operations[i].bulk_id, bulk_id) == 0)
			break;
	return (i);
}

/* What stands behind "bulkId:" in a text that is a reference, or ends with one as a path. */
static const char *
bulk_reference(const char *text)
{
	const char *slash;

	slash = text != NULL ? strrchr(text, '/') : NULL;
	text = slash != NULL ? slash + 1 : text;
	return (text != NULL && strncmp(text, REFERENCE, strlen(REFERENCE)) == 0 ?
	    text + strlen(REFERENCE) : NULL);
}

struct bulk_walk {
	struct bulk	*bulk;
	int		 (*found)(struct bulk_walk *walk, size_t target);
	bool		 open;		/* one is not made yet */
	struct err	*err;
};

/* Calls back with the operation of each reference in a value. */
static int
bulk_walk(struct bulk_walk *walk, const json_t *value)
{
	const char *name;
	json_t *one;
	size_t i;

	name = bulk_reference(json_string_value(value));
	if (name != NULL) {
		i = bulk_find(walk->bulk, name);
		if (i == walk->bulk->count)
			return (err_set(walk->err, ERR_SCIM_BULK,
			    "no POST here has the bulkId that is named"));
		return (walk->found(walk, i));
	}
	json_object_foreach((json_t *)(uintptr_t)value, name, one)
		if (bulk_walk(walk, one) < 0)
			return (-1);
	json_array_foreach((json_t *)(uintptr_t)value, i, one)
		if (bulk_walk(walk, one) < 0)
			return (-1);
	return (0);
}

/* The value with ids in place of references to what is made; the caller's. */
static json_t *
bulk_resolve(const struct bulk *bulk, const json_t *value)
{
	const char *name, *text = json_string_value(value);
	const struct operation *made;
	json_t *copy, *one;
	size_t i;

	if (bulk_reference(text) != NULL) {
		made = &bulk->operations[bulk_find(bulk, bulk_reference(text))];
		return (json_sprintf("%.*s%s", (int)(bulk_reference(text) -
		    strlen(REFERENCE) - text), text, made->id));
	}
	if (!json_is_object(value) && !json_is_array(value))
		return (json_incref((json_t *)(uintptr_t)value));
	copy = json_is_object(value) ? json_object() : json_array();
	json_object_foreach((json_t *)(uintptr_t)value, name, one)
		(void)json_object_set_new(copy, name, bulk_resolve(bulk, one));
	json_array_foreach((json_t *)(uintptr_t)value, i, one)
		(void)json_array_append_new(copy, bulk_resolve(bulk, one));
	return (copy);
}

static int
bulk_note_open(struct bulk_walk *walk, size_t target)
{
	walk->open |= walk->bulk->operations[target].state == BULK_RUNS;
	return (0);
}

static bool
bulk_waits(struct bulk *bulk, const json_t *value)
{
	struct err ignored = ERR_INIT;
	struct bulk_walk walk = { .bulk = bulk, .found = bulk_note_open, .err = &ignored };

	(void)bulk_walk(&walk, value);
	return (walk.open);
}

/*
 * Moves attributes that wait for what is not made yet out of a body; those of an extension
 * singly. NULL when there are none.
 */
static json_t *
bulk_part(struct bulk *bulk, json_t *body, bool extensions)
{
	json_t *later, *part, *value;
	const char *name;
	void *next;

	later = json_object();
	json_object_foreach_safe(body, next, name, value) {
		if (!bulk_waits(bulk, value))
			continue;
		part = extensions && strncasecmp(name, "urn:", 4) == 0 &&
		    json_is_object(value) ? bulk_part(bulk, value, false) : NULL;
		(void)json_object_set_new(later, name, part != NULL ? part :
		    json_incref(value));
		if (part == NULL)
			(void)json_object_del(body, name);
	}
	if (json_object_size(later) > 0)
		return (later);
	json_decref(later);
	return (NULL);
}

/* ---- one operation ----------------------------------------------------------------------- */

static enum method
bulk_method(const char *name)
{
	static const struct {
		const char	*name;
		enum method	 method;
	} methods[] = {
		{ "POST", METHOD_POST },
		{ "PUT", METHOD_PUT },
		{ "PATCH", METHOD_PATCH },
		{ "DELETE", METHOD_DELETE },
	};
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcasecmp(methods[i].name, name) == 0)
			return (methods[i].method);
	return (METHOD_OTHER);
}

/* "/Users" or "/Users/x", with the base URL before it or not: the id, "" without one. */
static int
bulk_path(const struct bulk *bulk, struct operation *operation, const char **id,
    struct err *err)
{
	const struct site *site = bulk->request->server->site;
	const char *path = json_string_value(doc_member(operation->json, "path"));
	enum resource_type type;
	size_t len;

	if (path == NULL)
		return (err_set(err, ERR_SCIM_SYNTAX, "the operation has no path"));
	if (strncmp(path, site->base_url, strlen(site->base_url)) == 0)
		path += strlen(site->base_url);
	for (type = 0; type < RESOURCE_N; type++) {
		len = strlen(type_get(type)->endpoint);
		if ((type != RESOURCE_USER && type != RESOURCE_GROUP) ||
		    strncmp(path, type_get(type)->endpoint, len) != 0 ||
		    (path[len] != '\0' && path[len] != '/'))
			continue;
		operation->type = type;
		*id = path + len + (path[len] == '/');
		return (0);
	}
	return (err_set(err, ERR_SCIM_SYNTAX,
	    "the path of an operation begins with /Users or /Groups"));
}

static int
bulk_check(const struct operation *operation, const char *id, const json_t *data,
    struct err *err)
{
	if (operation->kind == METHOD_OTHER)
		return (err_set(err, ERR_SCIM_SYNTAX,
		    "method is none of POST, PUT, PATCH, DELETE"));
	if (operation->kind == METHOD_POST && operation->bulk_id == NULL)
		return (err_set(err, ERR_SCIM_SYNTAX, "a POST has a bulkId"));
	if ((operation->kind == METHOD_POST) != (*id == '\0'))
		return (err_set(err, ERR_SCIM_SYNTAX, operation->kind == METHOD_POST ?
		    "the path of a POST has no id" : "the path has no id"));
	if (operation->kind != METHOD_DELETE && !json_is_object(data))
		return (err_set(err, ERR_SCIM_SYNTAX, "the operation has no data"));
	return (0);
}

static int
bulk_write(struct bulk *bulk, struct operation *operation, const json_t *body,
    struct err *err)
{
	struct writing writing = { .request = bulk->request, .method = operation->kind,
		.type = operation->type, .body = body, .bulk = true,
		.id = operation->kind != METHOD_POST ? operation->id : NULL,
		.version = json_string_value(doc_member(operation->json, "version")) };

	if (bulk->down.code != ERR_NONE) {
		*err = bulk->down;
		return (-1);
	}
	if (bulk->stale && operation->kind != METHOD_POST) {
		if (write_catch_up(bulk->request, err) < 0)
			return (-1);
		bulk->stale = false;
	}
	if (write_do(&writing, err) < 0) {
		if (err->code == ERR_UNREACHABLE || err->code == ERR_BUSY)
			bulk->down = *err;
		return (-1);
	}
	bulk->stale |= writing.asked;
	(void)snprintf(operation->id, sizeof(operation->id), "%s", writing.made);
	return (0);
}

/* ---- in order ---------------------------------------------------------------------------- */

static int bulk_run(struct bulk *bulk, size_t i);

static int
bulk_need(struct bulk_walk *walk, size_t target)
{
	struct operation *operation = &walk->bulk->operations[target];

	if (operation->state == BULK_WAITS && operation->kind == METHOD_POST)
		(void)bulk_run(walk->bulk, target);
	if (operation->state == BULK_FAILED || operation->kind != METHOD_POST)
		return (err_set(walk->err, ERR_SCIM_BULK,
		    "what it names by bulkId was not made"));
	return (0);
}

/* The id of the path; one that is made here may be meant. */
static int
bulk_take_id(struct bulk *bulk, struct operation *operation, const char *id,
    struct err *err)
{
	const char *name = bulk_reference(id);
	size_t target;

	if (name != NULL) {
		target = bulk_find(bulk, name);
		if (target == bulk->count || bulk->operations[target].state != BULK_DONE)
			return (err_set(err, ERR_SCIM_BULK,
			    "what the path names by bulkId is not made"));
		id = bulk->operations[target].id;
	}
	if (strlen(id) >= sizeof(operation->id))
		return (err_set(err, ERR_NOT_FOUND, "there is no such resource"));
	(void)snprintf(operation->id, sizeof(operation->id), "%s", id);
	return (0);
}

static int
bulk_run_inside(struct bulk *bulk, struct operation *operation, struct err *err)
{
	const json_t *data = doc_member(operation->json, "data");
	struct bulk_walk walk = { .bulk = bulk, .found = bulk_need, .err = err };
	json_t *body, *copy;
	const char *id = "";
	int result;

	if (bulk_path(bulk, operation, &id, err) < 0 ||
	    bulk_check(operation, id, data, err) < 0)
		return (-1);
	if (bulk_walk(&walk, data) < 0 ||
	    bulk_walk(&walk, doc_member(operation->json, "path")) < 0 ||
	    (*id != '\0' && bulk_take_id(bulk, operation, id, err) < 0))
		return (-1);
	copy = json_deep_copy(data);
	if (operation->kind == METHOD_POST)
		operation->later = bulk_part(bulk, copy, true);
	body = bulk_resolve(bulk, copy);
	result = bulk_write(bulk, operation, body, err);
	json_decref(body);
	json_decref(copy);
	return (result);
}

static bool
bulk_is_over(const struct bulk *bulk)
{
	return (bulk->errors_most > 0 && bulk->errors >= bulk->errors_most);
}

static void
bulk_fail(struct bulk *bulk, struct operation *operation)
{
	operation->state = BULK_FAILED;
	bulk->errors++;
}

/* 0: done, -1: failed, or not begun. The state says. */
static int
bulk_run(struct bulk *bulk, size_t i)
{
	struct operation *operation = &bulk->operations[i];

	if (operation->state != BULK_WAITS || bulk_is_over(bulk))
		return (operation->state == BULK_DONE ? 0 : -1);
	operation->state = BULK_RUNS;
	if (bulk_run_inside(bulk, operation, &operation->err) < 0) {
		bulk_fail(bulk, operation);
		return (-1);
	}
	operation->state = BULK_DONE;
	return (0);
}

/* Gives what was made the names it had to be made without; else it is taken away again. */
static void
bulk_finish(struct bulk *bulk, struct operation *operation)
{
	struct operation patch = { .json = operation->json, .kind = METHOD_PATCH,
		.type = operation->type };
	struct err err = ERR_INIT;
	json_t *body;

	memcpy(patch.id, operation->id, sizeof(patch.id));
	body = json_pack("{s:[s], s:[{s:s, s:o}]}", "schemas", PATCH_URN, "Operations", "op",
	    "add", "value", bulk_resolve(bulk, operation->later));
	if (bulk_write(bulk, &patch, body, &err) < 0) {
		(void)err_set(&operation->err, ERR_SCIM_BULK,
		    "resources name each other, which did not work: %s", err.text);
		bulk_fail(bulk, operation);
		patch.kind = METHOD_DELETE;
		(void)bulk_write(bulk, &patch, NULL, &err);
	}
	json_decref(body);
}

/* ---- the answer -------------------------------------------------------------------------- */

static json_t *
bulk_error(const struct err *err)
{
	const struct err_kind *kind = err_kind(err->code);
	char status[12];
	json_t *error;

	(void)snprintf(status, sizeof(status), "%d", kind->http_status);
	error = json_pack("{s:[s], s:s, s:s}", "schemas", ERROR_URN, "status", status,
	    "detail", err->text);
	if (*kind->scim_type != '\0')
		(void)json_object_set_new(error, "scimType", json_string(kind->scim_type));
	return (error);
}

static const char *
bulk_status(const struct operation *operation)
{
	if (operation->kind == METHOD_POST)
		return ("201");
	return (operation->kind == METHOD_DELETE ? "204" : "200");
}

static void
bulk_show_resource(const struct bulk *bulk, const struct operation *operation,
    json_t *shown)
{
	struct request *request = bulk->request;
	const struct image_entry *entry;
	char etag[ETAG_SIZE];

	if (operation->id[0] == '\0')
		return;
	(void)json_object_set_new(shown, "location", json_sprintf("%s%s/%s",
	    request->server->site->base_url, type_get(operation->type)->endpoint,
	    operation->id));
	entry = operation->state == BULK_DONE && operation->kind != METHOD_DELETE ?
	    read_find(request->snap, operation->type, operation->id) : NULL;
	if (entry == NULL)
		return;
	own_begin(&request->own);
	(void)json_object_set_new(shown, "version", json_string(read_etag(request, entry,
	    etag)));
	own_end(&request->own);
}

static json_t *
bulk_show(const struct bulk *bulk, const struct operation *operation)
{
	json_t *error, *shown;

	shown = json_pack("{s:s}", "method", operation->method);
	if (operation->bulk_id != NULL)
		(void)json_object_set_new(shown, "bulkId", json_string(operation->bulk_id));
	if (operation->state == BULK_DONE || operation->kind != METHOD_POST)
		bulk_show_resource(bulk, operation, shown);
	if (operation->state == BULK_DONE)
		(void)json_object_set_new(shown, "status", json_string(bulk_status(operation)));
	else {
		error = bulk_error(&operation->err);
		(void)json_object_set(shown, "status", json_object_get(error, "status"));
		(void)json_object_set_new(shown, "response", error);
	}
	return (shown);
}

static int
bulk_answer(struct bulk *bulk, struct err *err)
{
	struct answer *answer = &bulk->request->answer;
	json_t *list, *message;
	char *text;
	size_t i;

	if (bulk->stale && write_catch_up(bulk->request, err) < 0)
		return (-1);
	list = json_array();
	for (i = 0; i < bulk->count; i++)
		if (bulk->operations[i].state == BULK_DONE ||
		    bulk->operations[i].state == BULK_FAILED)
			(void)json_array_append_new(list, bulk_show(bulk, &bulk->operations[i]));
	message = json_pack("{s:[s], s:o}", "schemas", BULK_ANSWER_URN, "Operations", list);
	text = json_dumps(message, JSON_COMPACT);
	buf_str(&answer->body, text);
	mem_library_free(text);
	json_decref(message);
	answer->status = MHD_HTTP_OK;
	return (0);
}

/* ---- the request ------------------------------------------------------------------------- */

static int
bulk_read_most(struct bulk *bulk, const json_t *body, struct err *err)
{
	const json_t *most = doc_member(body, "failOnErrors");

	if (most == NULL || json_is_null(most))
		return (0);
	if (!json_is_integer(most) || json_integer_value(most) < 1)
		return (err_set(err, ERR_SCIM_SYNTAX,
		    "failOnErrors is a whole number of at least 1"));
	bulk->errors_most = (size_t)json_integer_value(most);
	return (0);
}

static int
bulk_read_operation(struct bulk *bulk, const json_t *json, struct err *err)
{
	struct operation *operation = &bulk->operations[bulk->count];
	const char *method;

	if (!json_is_object(json))
		return (err_set(err, ERR_SCIM_SYNTAX, "operation %zu is no object",
		    bulk->count + 1));
	method = json_string_value(doc_member(json, "method"));
	*operation = (struct operation){ .json = json,
		.method = method != NULL ? method : "",
		.kind = bulk_method(method != NULL ? method : ""),
		.bulk_id = json_string_value(doc_member(json, "bulkId")) };
	if (operation->bulk_id != NULL && bulk_find(bulk, operation->bulk_id) < bulk->count)
		return (err_set(err, ERR_SCIM_SYNTAX,
		    "operation %zu has the bulkId of another one", bulk->count + 1));
	bulk->count++;
	return (0);
}

static int
bulk_read(struct bulk *bulk, const json_t *body, struct err *err)
{
	const json_t *list;
	size_t i;

	if (doc_check_schemas(body, BULK_URN, err) < 0 || bulk_read_most(bulk, body, err) < 0)
		return (-1);
	list = doc_member(body, "Operations");
	if (json_array_size(list) == 0)
		return (err_set(err, ERR_SCIM_SYNTAX, "Operations is a list of operations"));
	if (json_array_size(list) > BULK_OPERATIONS)
		return (err_set(err, ERR_TOO_LARGE,
		    "a bulk request has at most %d operations (maxOperations)",
		    BULK_OPERATIONS));
	bulk->operations = mem_alloc(json_array_size(list) * sizeof(*bulk->operations));
	for (i = 0; i < json_array_size(list); i++)
		if (bulk_read_operation(bulk, json_array_get(list, i), err) < 0)
			return (-1);
	return (0);
}

static void
bulk_close(struct bulk *bulk)
{
	size_t i;

	for (i = 0; i < bulk->count; i++)
		json_decref(bulk->operations[i].later);
	mem_free(&bulk->operations);
}

int
bulk_do(struct request *request, struct err *err)
{
	struct bulk bulk = { .request = request };
	const json_t *body;
	size_t i;
	int result;

	result = request_read_body(request, &body, err);
	if (result == 0)
		result = bulk_read(&bulk, body, err);
	for (i = 0; result == 0 && i < bulk.count; i++)
		(void)bulk_run(&bulk, i);
	for (i = 0; result == 0 && i < bulk.count; i++)
		if (bulk.operations[i].state == BULK_DONE && bulk.operations[i].later != NULL)
			bulk_finish(&bulk, &bulk.operations[i]);
	if (result == 0)
		result = bulk_answer(&bulk, err);
	bulk_close(&bulk);
	return (result);
}
