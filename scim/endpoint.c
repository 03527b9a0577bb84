/*
 * Owns nothing: a table, and what its rows do.
 */
#include "config.h"

#include "scim/endpoint.h"

#include <string.h>
#include <strings.h>

#include "scim/bulk.h"
#include "scim/read.h"
#include "scim/search.h"
#include "scim/write.h"

#define METHOD_ANY	0x3fU

/* ---- what they do -------------------------------------------------------- */

/* Discovery is never filtered (RFC 7644 §4). */
static int
endpoint_document(struct request *request, const struct buf *document, struct err *err)
{
	if (request->parameters[PARAMETER_FILTER] != NULL)
		return (err_set(err, ERR_DENIED, "there are no filters on discovery"));
	request->answer.status = MHD_HTTP_OK;
	buf_add(&request->answer.body, document->data, document->len);
	return (0);
}

static int
endpoint_missing(struct err *err)
{
	return (err_set(err, ERR_NOT_FOUND, "there is no such resource"));
}

static int
endpoint_provider(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (endpoint_document(request, &request->server->site->provider, err));
}

static int
endpoint_types(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (endpoint_document(request, &request->server->site->types, err));
}

static int
endpoint_type(struct request *request, const char *rest, struct err *err)
{
	enum resource_type i;

	for (i = 0; i < RESOURCE_N; i++)
		if (strcmp(type_get(i)->name, rest) == 0)
			return (endpoint_document(request, &request->server->site->type[i],
			    err));
	return (endpoint_missing(err));
}

static int
endpoint_schemas(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (endpoint_document(request, &request->form->schemas, err));
}

static int
endpoint_schema(struct request *request, const char *rest, struct err *err)
{
	enum schema_id i;

	for (i = SCHEMA_COMMON + 1; i < SCHEMA_N; i++)
		if (strcasecmp(schema_get(i)->urn, rest) == 0)
			return (endpoint_document(request, &request->form->schema[i],
			    err));
	return (endpoint_missing(err));
}

static int
endpoint_users(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_USER, err));
}

static int
endpoint_user(struct request *request, const char *rest, struct err *err)
{
	return (read_one(request, RESOURCE_USER, rest, err));
}

static int
endpoint_groups(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_GROUP, err));
}

static int
endpoint_group(struct request *request, const char *rest, struct err *err)
{
	return (read_one(request, RESOURCE_GROUP, rest, err));
}

static int
endpoint_users_search(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_USER, err));
}

static int
endpoint_groups_search(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_GROUP, err));
}

static int
endpoint_root(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_N, err));
}

static int
endpoint_root_search(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_N, err));
}

static int
endpoint_tombstones(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (read_list(request, RESOURCE_TOMBSTONE, err));
}

static int
endpoint_tombstone(struct request *request, const char *rest, struct err *err)
{
	return (read_one(request, RESOURCE_TOMBSTONE, rest, err));
}

static int
endpoint_tombstones_search(struct request *request,
    const char *rest __attribute__((unused)), struct err *err)
{
	return (search_read(request, err) < 0 ? -1 :
	    read_list(request, RESOURCE_TOMBSTONE, err));
}

static int
endpoint_add_user(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (write_create(request, RESOURCE_USER, err));
}

static int
endpoint_put_user(struct request *request, const char *rest, struct err *err)
{
	return (write_replace(request, RESOURCE_USER, rest, err));
}

static int
endpoint_patch_user(struct request *request, const char *rest, struct err *err)
{
	return (write_patch(request, RESOURCE_USER, rest, err));
}

static int
endpoint_remove_user(struct request *request, const char *rest, struct err *err)
{
	return (write_remove(request, RESOURCE_USER, rest, err));
}

static int
endpoint_add_group(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (write_create(request, RESOURCE_GROUP, err));
}

static int
endpoint_put_group(struct request *request, const char *rest, struct err *err)
{
	return (write_replace(request, RESOURCE_GROUP, rest, err));
}

static int
endpoint_patch_group(struct request *request, const char *rest, struct err *err)
{
	return (write_patch(request, RESOURCE_GROUP, rest, err));
}

static int
endpoint_remove_group(struct request *request, const char *rest, struct err *err)
{
	return (write_remove(request, RESOURCE_GROUP, rest, err));
}

static int
endpoint_bulk(struct request *request, const char *rest __attribute__((unused)),
    struct err *err)
{
	return (bulk_do(request, err));
}

/* ---- the table ----------------------------------------------------------- */

static const struct endpoint endpoints[] = {
	{ .path = "/ServiceProviderConfig", .get = endpoint_provider, .open = true },
	{ .path = "/ResourceTypes", .get = endpoint_types },
	{ .path = "/ResourceTypes/", .get = endpoint_type },
	{ .path = "/Schemas", .get = endpoint_schemas },
	{ .path = "/Schemas/", .get = endpoint_schema },
	{ .path = "/Users", .get = endpoint_users, .post = endpoint_add_user, .writes = true },
	{ .path = "/Users/.search", .post = endpoint_users_search },
	{ .path = "/Users/", .get = endpoint_user, .put = endpoint_put_user,
	    .patch = endpoint_patch_user, .remove = endpoint_remove_user, .writes = true },
	{ .path = "/Groups", .get = endpoint_groups, .post = endpoint_add_group,
	    .writes = true },
	{ .path = "/Groups/.search", .post = endpoint_groups_search },
	{ .path = "/Groups/", .get = endpoint_group, .put = endpoint_put_group,
	    .patch = endpoint_patch_group, .remove = endpoint_remove_group, .writes = true },
	{ .path = "/Tombstones", .get = endpoint_tombstones },
	{ .path = "/Tombstones/.search", .post = endpoint_tombstones_search },
	{ .path = "/Tombstones/", .get = endpoint_tombstone },
	{ .path = "/Me", .absent = METHOD_ANY },
	{ .path = "/Bulk", .post = endpoint_bulk, .writes = true },
	{ .path = "/.search", .post = endpoint_root_search },
	{ .path = "", .get = endpoint_root },
};

#define ENDPOINTS	(sizeof(endpoints) / sizeof(endpoints[0]))

/* What stands behind the endpoint's path; NULL when it is another's. */
static const char *
endpoint_rest(const struct endpoint *endpoint, const char *path)
{
	size_t len = strlen(endpoint->path);

	if (strncmp(path, endpoint->path, len) != 0)
		return (NULL);
	path += len;
	if (len > 0 && endpoint->path[len - 1] == '/')
		return (*path != '\0' && strchr(path, '/') == NULL ? path : NULL);
	return (*path == '\0' || strcmp(path, "/") == 0 ? path : NULL);
}

static route_work *
endpoint_handler(const struct endpoint *endpoint, enum method method)
{
	switch (method) {
	case METHOD_GET:
		return (endpoint->get);
	case METHOD_POST:
		return (endpoint->post);
	case METHOD_PUT:
		return (endpoint->put);
	case METHOD_PATCH:
		return (endpoint->patch);
	case METHOD_DELETE:
		return (endpoint->remove);
	case METHOD_OTHER:
		break;
	}
	return (NULL);
}

/* Rows of names come before those of ids. */
const struct endpoint *
endpoint_find(const struct request *request, const char **rest)
{
	const struct endpoint *endpoint;

	for (endpoint = endpoints; endpoint < endpoints + ENDPOINTS; endpoint++) {
		*rest = endpoint_rest(endpoint, request->path);
		if (*rest != NULL)
			return (endpoint);
	}
	return (NULL);
}

/* RFC 9110 §10.2.1. */
static const char *
endpoint_methods(struct request *request, const struct endpoint *endpoint)
{
	return (arena_printf(request_arena(request), "%s%s%s%s%s",
	    endpoint->get != NULL ? "GET, HEAD" : "",
	    endpoint->post == NULL ? "" : endpoint->get != NULL ? ", POST" : "POST",
	    endpoint->put != NULL ? ", PUT" : "", endpoint->patch != NULL ? ", PATCH" : "",
	    endpoint->remove != NULL ? ", DELETE" : ""));
}

int
endpoint_check(struct request *request, const struct endpoint *endpoint, route_work **work,
    struct err *err)
{
	*work = endpoint_handler(endpoint, request->method);
	if ((endpoint->absent & request->method) != 0)
		return (err_set(err, ERR_NOT_IMPLEMENTED,
		    "this service does not have it"));
	if (*work == NULL) {
		request->answer.allow = endpoint_methods(request, endpoint);
		return (err_set(err, ERR_METHOD, "this endpoint takes only %s",
		    request->answer.allow));
	}
	if (!request_accepts(request))
		return (err_set(err, ERR_NOT_ACCEPTABLE,
		    "answers are application/scim+json, and Accept does not allow it"));
	return (request_read_parameters(request, err));
}
