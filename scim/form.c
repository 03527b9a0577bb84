/*
 * Owns what is derived from the settings. Immutable after form_open.
 */
#include "config.h"

#include "scim/form.h"

#include <stdio.h>
#include <string.h>

#include "scim/discovery.h"

/* What nothing is said about is on, unless it is personal: as without any source. */
static void
form_read_fields(struct form *form, const struct snap_settings *settings)
{
	const char *text;
	char name[64];
	enum field_id i;

	for (i = 0; i < FIELD_N; i++) {
		(void)snprintf(name, sizeof(name), "field.%s", field_get(i)->name);
		text = snap_settings_get(settings, name);
		if (text == NULL && (field_get(i)->flags & FIELD_OPTIONAL) == 0)
			text = "readOnly";
		if (text == NULL || strcmp(text, "off") == 0)
			continue;
		form->on |= UINT32_C(1) << i;
		if (strcmp(text, "readWrite") == 0)
			form->editable |= UINT32_C(1) << i;
	}
}

struct form *
form_open(const struct site *site, const struct snap_settings *settings)
{
	struct form *form;
	enum schema_id i;
	const char *text;

	form = mem_alloc(sizeof(*form));
	form_read_fields(form, settings);
	text = snap_settings_get(settings, "user_name");
	form->uid_is_name = text != NULL && strcmp(text, "uid") == 0;
	form->by_hand = snap_settings_get(settings, "by_hand") != NULL;
	discovery_schemas(&form->schemas, site, form);
	for (i = SCHEMA_COMMON + 1; i < SCHEMA_N; i++)
		discovery_schema(&form->schema[i], site, form, i);
	return (form);
}

void
form_close(struct form **form)
{
	enum schema_id i;

	if (*form == NULL)
		return;
	buf_close(&(*form)->schemas);
	for (i = 0; i < SCHEMA_N; i++)
		buf_close(&(*form)->schema[i]);
	mem_free(form);
}
