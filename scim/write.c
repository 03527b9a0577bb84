/*
 * Owns nothing beyond a request. Nothing here decides what may be changed, but for what the
 * right of the token rules out at once: rollcalld trusts none of it.
 */
#include "config.h"

#include "scim/write.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "scim/change.h"
#include "scim/make.h"
#include "scim/patch.h"
#include "scim/pool.h"
#include "scim/read.h"
#include "sync/control_client.h"

#define ASK_SECONDS	20	/* until rollcalld counts as busy */
#define NO_RESOURCE	"there is no such resource"
#define OWN_SECONDS	2	/* until an externalId shows, at most */

/* One write while it is worked out. */
struct work {
	struct writing			*writing;
	const struct image_entry	*entry;		/* NULL for POST */
	json_t				*before;	/* as it is; NULL for POST */
	struct doc			 doc;		/* as it is to be */
	struct change			 change;
	bool				 conditional;	/* a version was asked for */
};

/* ---- who may ----------------------------------------------------------------------------- */

static int
write_need_local(const struct request *request, struct err *err)
{
	if (request->client.right == RIGHT_LOCAL)
		return (0);
	return (err_set(err, ERR_REFUSED,
	    "the directory follows the HR system: change it there (who comes from no HR system "
	    "is added and removed by clients with the right local)"));
}

static int
write_need_edit(const struct request *request, struct err *err)
{
	if (request->client.right != RIGHT_READ)
		return (0);
	return (err_set(err, ERR_REFUSED, "the token is for reading only: it may change "
	    "externalId and nothing else"));
}

/* ---- what there is ------------------------------------------------------------------------ */

static bool
write_same_version(const char *a, const char *b)
{
	a += strncasecmp(a, "W/", 2) == 0 ? 2 : 0;
	b += strncasecmp(b, "W/", 2) == 0 ? 2 : 0;
	return (strcmp(a, b) == 0);
}

static int
write_match(struct work *work, struct err *err)
{
	const struct writing *writing = work->writing;
	char etag[ETAG_SIZE];

	(void)read_etag(writing->request, work->entry, etag);
	if (!writing->bulk) {
		work->conditional = request_header(writing->request,
		    MHD_HTTP_HEADER_IF_MATCH) != NULL;
		return (request_match(writing->request, etag, err));
	}
	work->conditional = writing->version != NULL;
	if (writing->version == NULL || write_same_version(writing->version, etag))
		return (0);
	return (err_set(err, ERR_PRECONDITION, "the resource has another version: %s", etag));
}

/* The resource as JSON, without members. */
static json_t *
write_json(const struct work *work)
{
	struct buf text = BUF_INIT;
	json_t *json;

	read_whole(work->writing->request, work->entry, &text);
	json = json_loadb(text.data, text.len, 0, NULL);
	buf_close(&text);
	return (json);
}

static int
write_find(struct work *work, struct err *err)
{
	const struct writing *writing = work->writing;
	int result;

	work->entry = read_find(writing->request->snap, writing->type, writing->id);
	if (work->entry == NULL)
		return (err_set(err, ERR_NOT_FOUND, NO_RESOURCE));
	own_begin(&writing->request->own);
	result = write_match(work, err);
	if (result == 0)
		work->before = write_json(work);
	own_end(&writing->request->own);
	if (result < 0)
		return (-1);
	return (work->before != NULL ? 0 : err_set(err, ERR_INTERNAL,
	    "a resource is no JSON"));
}

/* ---- members ------------------------------------------------------------------------------ */

static bool
write_has_member(void *context, const char *id)
{
	const struct work *work = context;
	const struct image_entry *person;
	uint32_t i;

	person = read_find(work->writing->request->snap, RESOURCE_USER, id);
	if (person == NULL)
		return (false);
	for (i = 0; i < person->group_count; i++)
		if (person->groups[i] == work->entry->id)
			return (true);
	return (false);
}

static int
write_each_member(void *context, int (*member)(void *own, const char *id), void *own)
{
	const struct work *work = context;
	const struct image_snap *snap = work->writing->request->snap;
	char text[UUID_TEXT_SIZE];
	struct cow_cursor cursor;
	uint32_t id;

	snap_members_open(&cursor, snap, work->entry->id);
	while (snap_key_next(&cursor, &id))
		if (member(own, uuid_format(&snap_entry(snap, id)->uuid, text)) < 0)
			return (-1);
	return (0);
}

/* Whether a list of ids is exactly the members there are. */
static bool
write_same_members(struct work *work, const json_t *list)
{
	const json_t *id;
	size_t i;

	if (json_array_size(list) != work->entry->group_count)
		return (false);
	json_array_foreach((json_t *)(uintptr_t)list, i, id)
		if (!write_has_member(work, json_string_value(id)))
			return (false);
	return (true);
}

/* ---- working it out ----------------------------------------------------------------------- */

static int
write_change(struct work *work, enum change_op op, struct err *err)
{
	char today[CLOCK_TEXT_SIZE];

	(void)clock_format(clock_now(), 0, today);
	today[strlen("2026-11-20")] = '\0';
	return (change_make(&work->doc, op, work->before, today, &work->change, err));
}

static void
write_open_doc(struct work *work, json_t *json)
{
	const struct filter_scope scope = { .type = work->writing->type,
		.form = work->writing->request->form };

	doc_open(&work->doc, &scope, request_arena(work->writing->request), json);
}

static int
write_patch_change(struct work *work, struct err *err)
{
	const struct roster roster = { write_has_member, write_each_member, work };

	write_open_doc(work, json_deep_copy(work->before));
	if (work->writing->type == RESOURCE_GROUP)
		work->doc.roster = &roster;
	if (patch_apply(&work->doc, work->writing->body, err) < 0 ||
	    write_change(work, CHANGE_SOME, err) < 0)
		return (-1);
	if (json_object_size(work->change.fields) == 0 && work->change.members == NULL)
		return (0);
	return (write_need_edit(work->writing->request, err));
}

/* Of a group a PUT is what differs: who is not spoken of stays, and nothing is emptied. */
static void
write_put_group(struct work *work)
{
	struct change *change = &work->change;
	json_t *list = json_object_get(change->members, "set");

	if (!work->doc.members_named || write_same_members(work, list)) {
		json_decref(change->members);
		change->members = NULL;
	}
	if (json_equal(json_object_get(change->fields, "display_name"),
	    json_object_get(work->before, "displayName")))
		(void)json_object_clear(change->fields);
}

/* Whoever may not edit may repeat what there is (RFC 7644 §3.5.1: values of readOnly). */
static int
write_put_reader(struct work *work, struct err *err)
{
	struct work was = { .writing = work->writing, .before = work->before };
	const char *name;
	json_t *value;
	int result;

	write_open_doc(&was, json_deep_copy(work->before));
	result = write_change(&was, CHANGE_ALL, err);
	json_object_foreach(work->change.fields, name, value)
		if (result == 0 && (work->writing->request->form->editable >>
		    field_find(name) & 1) != 0 &&
		    !json_equal(value, json_object_get(was.change.fields, name)))
			result = write_need_edit(work->writing->request, err);
	(void)json_object_clear(work->change.fields);
	change_close(&was.change);
	doc_close(&was.doc);
	return (result);
}

static int
write_put_change(struct work *work, struct err *err)
{
	write_open_doc(work, NULL);
	if (doc_read(&work->doc, work->writing->body, err) < 0 ||
	    write_change(work, CHANGE_ALL, err) < 0)
		return (-1);
	if (work->writing->type == RESOURCE_USER)
		return (work->writing->request->client.right != RIGHT_READ ? 0 :
		    write_put_reader(work, err));
	write_put_group(work);
	if (json_object_size(work->change.fields) == 0 && work->change.members == NULL)
		return (0);
	return (write_need_edit(work->writing->request, err));
}

static int
write_post_change(struct work *work, struct err *err)
{
	write_open_doc(work, NULL);
	if (doc_read(&work->doc, work->writing->body, err) < 0)
		return (-1);
	return (write_change(work, CHANGE_CREATE, err));
}

static int
write_work_out(struct work *work, struct err *err)
{
	const struct request *request = work->writing->request;

	switch (work->writing->method) {
	case METHOD_POST:
		return (write_need_local(request, err) < 0 ? -1 :
		    write_post_change(work, err));
	case METHOD_PUT:
		return (write_find(work, err) < 0 ? -1 : write_put_change(work, err));
	case METHOD_PATCH:
		return (write_find(work, err) < 0 ? -1 : write_patch_change(work, err));
	case METHOD_DELETE:
		return (write_find(work, err) < 0 ? -1 : write_need_local(request, err));
	case METHOD_GET:
	case METHOD_OTHER:
		break;
	}
	return (err_set(err, ERR_SCIM_SYNTAX, "method is none of POST, PUT, PATCH, DELETE"));
}

/* ---- asking rollcalld --------------------------------------------------------------------- */

static const char *
write_op(const struct work *work)
{
	const struct request *request = work->writing->request;

	switch (work->writing->method) {
	case METHOD_POST:
		return ("create");
	case METHOD_DELETE:
		return ("remove");
	case METHOD_PUT:
		if (work->writing->type == RESOURCE_USER &&
		    request->client.right != RIGHT_READ)
			return ("replace");
		break;
	case METHOD_PATCH:
	case METHOD_GET:
	case METHOD_OTHER:
		break;
	}
	return ("change");
}

static json_t *
write_message(const struct work *work)
{
	const struct writing *writing = work->writing;
	json_t *message;

	message = json_pack("{s:I, s:s, s:s}", "client",
	    (json_int_t)writing->request->client.id, "type", type_get(writing->type)->name,
	    "op", write_op(work));
	if (writing->id != NULL)
		(void)json_object_set_new(message, "id", json_string(writing->id));
	if (json_object_size(work->change.fields) > 0)
		(void)json_object_set(message, "fields", work->change.fields);
	if (work->change.members != NULL)
		(void)json_object_set(message, "members", work->change.members);
	if (work->change.external_id != NULL)
		(void)json_object_set(message, "external_id", work->change.external_id);
	if (work->conditional)
		(void)json_object_set_new(message, "if_revision",
		    json_integer((json_int_t)work->entry->modified));
	return (message);
}

/* What the daemon's word means to a client, who knows nothing of commands and sockets. */
static int
write_failed(struct err *err)
{
	switch (err->code) {
	case ERR_USAGE:
		err->code = ERR_SCIM_VALUE;
		break;
	case ERR_NOT_FOUND:	/* hidden a moment ago: in the very words (rulings F19) */
		(void)err_set(err, ERR_NOT_FOUND, NO_RESOURCE);
		break;
	case ERR_UNREACHABLE:
		(void)err_set(err, ERR_UNREACHABLE, "changes cannot be made at present, since "
		    "rollcalld does not run; nothing was changed, and reading goes on");
		break;
	case ERR_INTERNAL:
	case ERR_SYSTEM:
	case ERR_CONFIG:
	case ERR_DENIED:
		log_warning("scim.write", "code=%s msg=\"rollcalld did not do it\"",
		    err_kind(err->code)->name);
		break;
	default:
		break;
	}
	return (-1);
}

static int
write_ask(struct work *work, struct err *err)
{
	struct writing *writing = work->writing;
	json_t *message, *result;
	const char *id;
	int status;

	message = write_message(work);
	status = control_ask_within(writing->request->server->socket, "scim.write", message,
	    ASK_SECONDS, &result, err);
	json_decref(message);
	if (status < 0)
		return (write_failed(err));
	id = json_string_value(json_object_get(result, "id"));
	if (id != NULL)
		(void)snprintf(writing->made, sizeof(writing->made), "%s", id);
	writing->asked = true;
	if (json_integer_value(json_object_get(result, "external")) > 0)
		writing->request->own_due =
		    json_integer_value(json_object_get(result, "external"));
	json_decref(result);
	return (id != NULL ? 0 : err_set(err, ERR_INTERNAL, "rollcalld gave no id"));
}

/* Of a replacement only rollcalld knows whether it changes anything: what it leaves out. */
static bool
write_is_needed(const struct work *work)
{
	return (work->writing->method == METHOD_POST ||
	    work->writing->method == METHOD_DELETE || strcmp(write_op(work), "replace") == 0 ||
	    !change_is_empty(&work->change));
}

int
write_do(struct writing *writing, struct err *err)
{
	struct work work = { .writing = writing };
	int result;

	writing->asked = false;
	if (writing->id != NULL)
		(void)snprintf(writing->made, sizeof(writing->made), "%s", writing->id);
	if (pool_stopping(writing->request->server->pool))
		return (err_set(err, ERR_BUSY, "the service is being stopped"));
	result = write_work_out(&work, err);
	if (result == 0 && write_is_needed(&work))
		result = write_ask(&work, err);
	change_close(&work.change);
	doc_close(&work.doc);
	json_decref(work.before);
	return (result);
}

/* ---- answers ------------------------------------------------------------------------------ */

/* What clients call things is taken in by the one that refreshes, every few milliseconds. */
static void
write_await_own(const struct request *request)
{
	const struct timespec nap = { .tv_nsec = 1000 * 1000 };
	int64_t until = clock_monotonic() + OWN_SECONDS * CLOCK_SECOND;

	while (request->own_due > externals_stamp(request->own.externals) &&
	    clock_monotonic() < until)
		(void)nanosleep(&nap, NULL);
}

int
write_catch_up(struct request *request, struct err *err)
{
	struct view *view = request->client.view;

	write_await_own(request);
	view_catch_up(view);
	view_release(view, request->snap);
	request->snap = view_acquire(view, err);
	if (request->snap == NULL)
		return (-1);
	request->form = snap_form(request->snap);
	return (0);
}

/*
 * The resource as it has become; without a body when it has left the client's view by that,
 * or is not in it yet.
 */
static int
write_show(struct writing *writing, unsigned int status, bool body, struct err *err)
{
	struct request *request = writing->request;
	struct answer *answer = &request->answer;
	const struct image_entry *entry;
	struct uuid uuid;

	if (writing->asked && write_catch_up(request, err) < 0)
		return (-1);
	entry = read_find(request->snap, writing->type, writing->made);
	if (entry == NULL && status == MHD_HTTP_CREATED && uuid_parse(writing->made, &uuid)) {
		(void)make_url(&answer->location, request->server->site, writing->type, &uuid);
		answer->status = status;
		answer->created = true;
		return (0);
	}
	if (entry == NULL || !body) {
		answer->status = MHD_HTTP_NO_CONTENT;
		own_begin(&request->own);
		if (entry != NULL)
			(void)read_etag(request, entry, answer->etag);
		own_end(&request->own);
		return (0);
	}
	answer->created = status == MHD_HTTP_CREATED;
	return (read_show(request, entry, status, err));
}

static int
write_body(struct writing *writing, struct err *err)
{
	/* Parameters that cannot be are told before anything is done. */
	if (read_check_selection(writing->request, writing->type, err) < 0)
		return (-1);
	return (request_read_body(writing->request, &writing->body, err));
}

int
write_create(struct request *request, enum resource_type type, struct err *err)
{
	struct writing writing = { .request = request, .method = METHOD_POST, .type = type };

	if (write_need_local(request, err) < 0 || write_body(&writing, err) < 0 ||
	    write_do(&writing, err) < 0)
		return (-1);
	return (write_show(&writing, MHD_HTTP_CREATED, true, err));
}

int
write_replace(struct request *request, enum resource_type type, const char *id,
    struct err *err)
{
	struct writing writing = { .request = request, .method = METHOD_PUT, .type = type,
		.id = id };

	if (write_body(&writing, err) < 0 || write_do(&writing, err) < 0)
		return (-1);
	return (write_show(&writing, MHD_HTTP_OK, true, err));
}

/* A group may have many members: it is shown when attributes are asked for (RFC 7644 §3.5.2). */
int
write_patch(struct request *request, enum resource_type type, const char *id,
    struct err *err)
{
	struct writing writing = { .request = request, .method = METHOD_PATCH, .type = type,
		.id = id };

	if (write_body(&writing, err) < 0 || write_do(&writing, err) < 0)
		return (-1);
	return (write_show(&writing, MHD_HTTP_OK, type == RESOURCE_USER ||
	    request->parameters[PARAMETER_ATTRIBUTES] != NULL ||
	    request->parameters[PARAMETER_EXCLUDED] != NULL, err));
}

int
write_remove(struct request *request, enum resource_type type, const char *id,
    struct err *err)
{
	struct writing writing = { .request = request, .method = METHOD_DELETE, .type = type,
		.id = id };

	if (write_do(&writing, err) < 0 || write_catch_up(request, err) < 0)
		return (-1);
	request->answer.status = MHD_HTTP_NO_CONTENT;
	return (0);
}
