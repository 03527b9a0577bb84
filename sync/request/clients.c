/*
 * Requests about clients of LDAP and SCIM. A secret is shown in the answer that made it, once.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/token.h"
#include "store/client.h"
#include "sync/request/request.h"
#include "sync/request/show.h"

#define CLIENT_NAME_LONGEST	64
#define CLIENT_ROTATION		CLOCK_DAY	/* how long the old secret stays good */

static bool
client_is_ldap(const char *protocol)
{
	return (strcmp(protocol, "ldap") == 0);
}

static const char *
client_make_secret(const char *protocol, char token[TOKEN_SIZE], char hash[TOKEN_HASH_SIZE])
{
	if (client_is_ldap(protocol))
		return (token_hash_ldap(token_make("rcl_", token), hash));
	return (token_hash_scim(token_make("rcs_", token), hash));
}

/* Names stand in DNs and logs: plain characters only. */
static int
client_check_name(const char *name, struct err *err)
{
	size_t len;

	len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
	if (len == 0 || name[len] != '\0' || len > CLIENT_NAME_LONGEST)
		return (err_set(err, ERR_USAGE, "\"%s\" is no name for a client: use up to %d of "
		    "A-Z a-z 0-9 . _ -", name, CLIENT_NAME_LONGEST));
	return (0);
}

static int
client_check_order(struct request *request, struct client_row *row, struct err *err)
{
	static const char *const rights[] = { "read", "edit", "local" };
	size_t i;

	if (client_check_name(row->name, err) < 0)
		return (-1);
	if (conf_view(engine_conf(request->engine), row->view) == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no view %s: views are ldap, scim "
		    "and the [view/NAME] sections of rollcall.conf", row->view));
	for (i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
		if (strcmp(rights[i], row->rights) == 0)
			break;
	if (i == sizeof(rights) / sizeof(rights[0]))
		return (err_set(err, ERR_USAGE, "rights are read, edit or local, not \"%s\"",
		    row->rights));
	if (client_is_ldap(row->protocol) && i > 0)
		return (err_set(err, ERR_USAGE, "LDAP is read-only: rights are read"));
	return (0);
}

/* As the history names it. */
static const char *
client_title(struct request *request, const struct client_row *row)
{
	return (arena_printf(request->arena, "%s/%s", row->protocol, row->name));
}

static int
client_put(struct request *request, void *context, const char **about, struct err *err)
{
	struct db *db = engine_db(request->engine);
	struct client_row *row = context, old;
	int result;

	if (client_check_order(request, row, err) < 0)
		return (-1);
	result = client_find(db, row->protocol, row->name, request->arena, &old, err);
	if (result > 0)
		return (err_set(err, ERR_CONFLICT, "there is a client %s of %s already: rotate "
		    "or revoke it", row->name, row->protocol));
	*about = arena_printf(request->arena, "%s %s %s", client_title(request, row), row->view,
	    row->rights);
	return (result < 0 ? -1 : client_add(db, row, err));
}

static json_t *
client_shown(struct request *request, const struct client_row *row, const char *secret)
{
	json_t *shown;

	shown = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", row->name, "protocol",
	    row->protocol, "view", row->view, "rights", row->rights, "created",
	    request_instant(row->created), "expires", request_instant(row->expires));
	if (client_is_ldap(row->protocol))
		(void)json_object_set_new(shown, "dn", json_string(arena_printf(request->arena,
		    "cn=%s,ou=services,%s", row->name,
		    conf_view_suffix(engine_conf(request->engine), row->view))));
	if (secret != NULL)
		(void)json_object_set_new(shown, "secret", json_string(secret));
	if (row->old_secret != NULL)
		(void)json_object_set_new(shown, "old_secret_until",
		    request_instant(row->old_expires));
	return (shown);
}

static const char *
client_protocol(const struct request *request)
{
	const char *protocol;

	protocol = request_text(request, "protocol");
	return (protocol != NULL && strcmp(protocol, "scim") == 0 ? "scim" : "ldap");
}

int
request_client_add(struct request *request, json_t **result, struct err *err)
{
	const char *protocol = client_protocol(request);
	char hash[TOKEN_HASH_SIZE], token[TOKEN_SIZE];
	struct client_row row = {
		.name = request_need(request, "name", err),
		.protocol = protocol,
		.view = request_text(request, "view"),
		.rights = request_text(request, "rights"),
		.created = clock_now(),
		.uuid = uuid_random(),
	};
	int64_t lifetime;
	int status;

	if (row.name == NULL)
		return (-1);
	row.view = row.view != NULL ? row.view : protocol;
	row.rights = row.rights != NULL ? row.rights : "read";
	lifetime = request_number(request, "lifetime", 0);
	row.expires = lifetime > 0 ? row.created + lifetime * CLOCK_SECOND : 0;
	row.secret = client_make_secret(protocol, token, hash);
	engine_lock(request->engine);
	status = request_record(request, client_put, &row, err);
	if (status == 0)
		*result = client_shown(request, &row, token);
	engine_unlock(request->engine);
	explicit_bzero(token, sizeof(token));
	if (status == 0)
		log_info("client.add", "protocol=%s client=%s view=%s rights=%s actor=\"%s\"",
		    protocol, row.name, row.view, row.rights, request->actor);
	return (status);
}

int
request_client_list(struct request *request, json_t **result, struct err *err)
{
	struct client_row *rows;
	size_t count, i;
	json_t *list;
	int status;

	engine_lock(request->engine);
	list = json_array();
	status = client_list(engine_db(request->engine), request->arena, &rows, &count, err);
	for (i = 0; status == 0 && i < count; i++)
		(void)json_array_append_new(list, client_shown(request, &rows[i], NULL));
	engine_unlock(request->engine);
	*result = json_pack("{s:o}", "clients", list);
	return (status);
}

/* The client the request names; lock held. */
static int
client_named(struct request *request, struct client_row *row, struct err *err)
{
	const char *name, *protocol;
	int result;

	name = request_need(request, "name", err);
	if (name == NULL)
		return (-1);
	protocol = client_protocol(request);
	result = client_find(engine_db(request->engine), protocol, name, request->arena, row,
	    err);
	if (result == 0)
		return (err_set(err, ERR_NOT_FOUND, "there is no client %s of %s: see `rollcall "
		    "client list`", name, protocol));
	return (result < 0 ? -1 : 0);
}

static int
client_change_secret(struct request *request, void *context, const char **about,
    struct err *err)
{
	struct client_row *row = context;

	*about = client_title(request, row);
	return (client_rotate(engine_db(request->engine), row->id, row->secret, clock_now(),
	    row->old_expires, err));
}

int
request_client_rotate(struct request *request, json_t **result, struct err *err)
{
	char hash[TOKEN_HASH_SIZE], token[TOKEN_SIZE];
	struct client_row row;
	int status;

	engine_lock(request->engine);
	status = client_named(request, &row, err);
	if (status == 0) {
		row.secret = client_make_secret(row.protocol, token, hash);
		row.old_expires = request_flag(request, "now") ? 0 :
		    clock_now() + CLIENT_ROTATION;
		status = request_record(request, client_change_secret, &row, err);
	}
	if (status == 0) {
		row.old_secret = row.old_expires != 0 ? "" : NULL;
		*result = client_shown(request, &row, token);
		explicit_bzero(token, sizeof(token));
	}
	engine_unlock(request->engine);
	if (status == 0)
		log_info("client.rotate", "protocol=%s client=%s actor=\"%s\"", row.protocol,
		    row.name, request->actor);
	return (status);
}

static int
client_remove(struct request *request, void *context, const char **about, struct err *err)
{
	const struct client_row *row = context;

	*about = client_title(request, row);
	return (client_delete(engine_db(request->engine), row->id, err));
}

int
request_client_revoke(struct request *request, json_t **result, struct err *err)
{
	struct client_row row;
	int status;

	(void)result;
	engine_lock(request->engine);
	status = client_named(request, &row, err);
	if (status == 0)
		status = request_record(request, client_remove, &row, err);
	engine_unlock(request->engine);
	if (status == 0)
		log_info("client.revoke", "protocol=%s client=%s actor=\"%s\"", row.protocol,
		    row.name, request->actor);
	return (status);
}
