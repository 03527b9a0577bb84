/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/webhook/message.h"

#include <string.h>

#include <jansson.h>

#include "base/digest.h"

#define SIGNATURE_LEN	43	/* base64url of a SHA-256 without padding */

bool
message_is_signed(const char *signature, const void *body, size_t len,
    char *const *secrets, size_t count)
{
	uint8_t given[DIGEST_SHA256_SIZE + 1], mac[DIGEST_SHA256_SIZE];
	char text[SIGNATURE_LEN + 1];
	size_t given_len, i;
	bool found;

	if (signature == NULL || strlen(signature) < SIGNATURE_LEN ||
	    strspn(signature + SIGNATURE_LEN, "=") != strlen(signature + SIGNATURE_LEN))
		return (false);
	memcpy(text, signature, SIGNATURE_LEN);
	text[SIGNATURE_LEN] = '\0';
	given_len = sizeof(given);
	if (!digest_from_base64url(text, given, &given_len) || given_len != sizeof(mac))
		return (false);
	found = false;
	for (i = 0; i < count; i++) {
		digest_hmac_sha256(secrets[i], strlen(secrets[i]), body, len, mac);
		found |= digest_equal(mac, given, sizeof(mac));
	}
	explicit_bzero(mac, sizeof(mac));
	return (found);
}

/* ---- what it says ------------------------------------------------------------------------------ */

enum message_wants { WANTS_NOTHING, WANTS_ALWAYS, WANTS_BY_MODEL };

/* The types that concern us; of others only the signature counts. */
static const struct {
	const char		*type;
	enum message_wants	 wants;
	bool			 finished;
	const char		*integration;	/* member of data */
} message_types[] = {
	{ "data-changed", WANTS_BY_MODEL, false, "integration_id" },
	{ "sync-finished", WANTS_NOTHING, true, "integration_id" },
	{ "remote-event-received", WANTS_ALWAYS, false, "integration_id" },
	{ "integration-state-changed", WANTS_ALWAYS, false, "integration_id" },
	{ "integration-created", WANTS_ALWAYS, false, "id" },
	{ "integration-deleted", WANTS_ALWAYS, false, "id" },
};

/* Models of which nothing reaches what we fetch, by how their names begin. */
static const char *const message_others[] = {
	"hris_absence", "hris_timesheet", "hris_employee_document", "hris_performance",
	"hris_skill", "hris_employee_skill", "hris_staffing", "hris_join_staffing",
};

/* A model that is not known counts: a fetch too many is harmless. */
static bool
message_model_counts(const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < sizeof(message_others) / sizeof(message_others[0]); i++)
		if (strncmp(name, message_others[i], strlen(message_others[i])) == 0)
			return (false);
	return (true);
}

static bool
message_models_count(const json_t *models)
{
	json_t *model;
	size_t i;

	if (json_array_size(models) == 0)
		return (true);
	json_array_foreach(models, i, model)
		if (message_model_counts(json_string_value(json_object_get(model, "name"))))
			return (true);
	return (false);
}

static const char *
message_text(struct arena *arena, const json_t *object, const char *name)
{
	return (arena_dup(arena, json_string_value(json_object_get(object, name))));
}

static void
message_read_data(struct message *message, const json_t *data, struct arena *arena)
{
	size_t i;

	for (i = 0; i < sizeof(message_types) / sizeof(message_types[0]); i++)
		if (strcmp(message_types[i].type, message->type) == 0)
			break;
	if (i == sizeof(message_types) / sizeof(message_types[0]))
		return;
	message->integration = message_text(arena, data, message_types[i].integration);
	message->finished = message_types[i].finished;
	message->wants = message_types[i].wants == WANTS_ALWAYS ||
	    (message_types[i].wants == WANTS_BY_MODEL &&
	    message_models_count(json_object_get(data, "changed_models")));
	message->state = message_text(arena, data, "sync_state");
}

int
message_read(const void *body, size_t len, struct arena *arena, struct message *message,
    struct err *err)
{
	json_error_t error;
	json_t *root;

	*message = (struct message){ .id = NULL };
	root = json_loadb(body, len, 0, &error);
	message->id = message_text(arena, root, "id");
	message->type = message_text(arena, root, "type");
	if (message->id != NULL && message->type != NULL)
		message_read_data(message, json_object_get(root, "data"), arena);
	json_decref(root);
	if (root == NULL)
		return (err_set(err, ERR_KOMBO_ANSWER, "a webhook is no JSON: %s", error.text));
	if (message->id == NULL || message->type == NULL)
		return (err_set(err, ERR_KOMBO_ANSWER, "a webhook has no id or no type"));
	return (0);
}
