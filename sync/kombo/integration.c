/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/kombo/integration.h"

#include <string.h>

#include <jansson.h>

#include "base/fields.h"

static const char *
integration_text(struct arena *arena, json_t *object, const char *name)
{
	const char *text;

	text = json_string_value(json_object_get(object, name));
	return (arena_dup(arena, text != NULL ? text : ""));
}

/* The fields of hris_employees whose is_available is false. */
static uint32_t
integration_unavailable(json_t *models)
{
	json_t *field, *fields, *model;
	uint32_t bits;
	const char *id;
	size_t i, j, k;

	bits = 0;
	json_array_foreach(models, i, model) {
		id = json_string_value(json_object_get(model, "id"));
		if (id == NULL || strcmp(id, "hris_employees") != 0)
			continue;
		fields = json_object_get(model, "fields");
		json_array_foreach(fields, j, field) {
			id = json_string_value(json_object_get(field, "id"));
			if (id == NULL || !json_is_false(json_object_get(field, "is_available")))
				continue;
			for (k = 0; k < FIELD_N; k++)
				if (strcmp(field_get((enum field_id)k)->kombo, id) == 0)
					bits |= UINT32_C(1) << k;
		}
	}
	return (bits);
}

int
integration_get(struct kombo *kombo, const char *id, struct arena *arena,
    struct integration *out, struct err *err)
{
	const struct buf *body;
	json_error_t error;
	json_t *data, *root;
	const char *path;

	path = arena_printf(arena, "/integrations/%s", kombo_escape(arena, id));
	if (kombo_get(kombo, path, "", &body, err) != 0)
		return (-1);
	root = json_loadb(body->data, body->len, 0, &error);
	data = json_object_get(root, "data");
	if (!json_is_object(data)) {
		json_decref(root);
		return (err_set(err, ERR_KOMBO_ANSWER, "%s: the answer is not what Kombo "
		    "documents: %s", path, root == NULL ? error.text : "no object `data`"));
	}
	*out = (struct integration){
		.tool = integration_text(arena, json_object_get(data, "tool"), "label"),
		.status = integration_text(arena, data, "status"),
		.setup = integration_text(arena, data, "setup_status"),
		.organization = integration_text(arena, json_object_get(data, "end_user"),
		    "organization_name"),
		.expired = json_is_string(json_object_get(data, "data_expired_at")),
		.unavailable = integration_unavailable(json_object_get(data, "read_models")),
	};
	json_decref(root);
	return (0);
}

int
integration_check(const struct integration *integration, struct err *err)
{
	if (strcmp(integration->setup, "INCOMPLETE") == 0)
		return (err_set(err, ERR_KOMBO_NOT_READY, "the setup in Kombo is not finished: "
		    "complete its filter and field mapping steps"));
	if (strcmp(integration->setup, "FINAL_SYNC_PENDING") == 0)
		return (err_set(err, ERR_KOMBO_NOT_READY, "the first sync into Kombo is still "
		    "running; it is asked again"));
	return (0);
}

const char *
integration_doubt(const struct integration *integration)
{
	if (integration->expired)
		return ("filters or scopes were changed in Kombo and its data are stale until "
		    "its next sync: nobody is removed");
	if (strcmp(integration->status, "INVALID") == 0)
		return ("Kombo can no longer log in to the HR system, reconnect it: nobody is "
		    "removed");
	if (strcmp(integration->status, "INACTIVE") == 0)
		return ("the integration is switched off in Kombo, switch it on: nobody is "
		    "removed");
	return (NULL);
}
