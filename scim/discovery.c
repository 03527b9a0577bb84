/*
 * Owns nothing. Documents are made seldom and kept as text (struct site, struct form),
 * so they are built as jansson's values.
 */
#include "config.h"

#include "scim/discovery.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scim/bulk.h"

#include "base/clock.h"

/* Consumes the document. */
static void
discovery_print(struct buf *out, json_t *document)
{
	char *text;

	text = json_dumps(document, JSON_COMPACT);
	buf_str(out, text != NULL ? text : "{}");
	free(text);
	json_decref(document);
}

static json_t *
discovery_meta(const struct site *site, enum schema_id schema, const char *path)
{
	return (json_pack("{s:s, s:s+}", "resourceType", schema_get(schema)->name,
	    "location", site->base_url, path));
}

/* Consumes the resources. */
static json_t *
discovery_list(json_t *resources)
{
	json_int_t count = (json_int_t)json_array_size(resources);

	return (json_pack("{s:[s], s:I, s:I, s:i, s:o}", "schemas", LIST_URN,
	    "totalResults", count, "itemsPerPage", count, "startIndex", 1,
	    "Resources", resources));
}

/* ---- what is supported --------------------------------------------------- */

void
discovery_provider(struct buf *out, const struct site *site)
{
	discovery_print(out, json_pack(
	    "{s:[s], s:{s:b}, s:{s:b, s:i, s:i}, s:{s:b, s:i}, s:{s:b}, s:{s:b},"
	    " s:{s:b}, s:{s:b, s:b, s:s, s:i, s:i, s:I}, s:[{s:s, s:s, s:s, s:s, s:b}],"
	    " s:o}",
	    "schemas", schema_get(SCHEMA_PROVIDER)->urn,
	    "patch", "supported", 1,
	    "bulk", "supported", 1, "maxOperations", BULK_OPERATIONS, "maxPayloadSize",
	    (int)BODY_MAX,
	    "filter", "supported", 1, "maxResults", (int)site->page_size_max,
	    "changePassword", "supported", 0,
	    "sort", "supported", 1,
	    "etag", "supported", 1,
	    "pagination", "cursor", 1, "index", 1, "defaultPaginationMethod", "index",
	    "defaultPageSize", (int)site->page_size,
	    "maxPageSize", (int)site->page_size_max,
	    "cursorTimeout", (json_int_t)(site->cursor_timeout / CLOCK_SECOND),
	    "authenticationSchemes", "type", "oauthbearertoken", "name", "Bearer token",
	    "description", "made with rollcall client add, in the Authorization header",
	    "specUri", "https://www.rfc-editor.org/info/rfc6750", "primary", 1,
	    "meta", discovery_meta(site, SCHEMA_PROVIDER, "/ServiceProviderConfig")));
}

/* ---- types of resources -------------------------------------------------- */

static json_t *
discovery_type_json(const struct site *site, enum resource_type id)
{
	const struct type *type = type_get(id);
	const enum schema_id *extension;
	json_t *document, *list;
	char path[64];

	(void)snprintf(path, sizeof(path), "/ResourceTypes/%s", type->name);
	list = json_array();
	for (extension = type->schemas + 1; *extension != SCHEMA_N; extension++)
		(void)json_array_append_new(list, json_pack("{s:s, s:b}", "schema",
		    schema_get(*extension)->urn, "required", 0));
	document = json_pack("{s:[s], s:s, s:s, s:s, s:s, s:s}",
	    "schemas", schema_get(SCHEMA_TYPE)->urn,
	    "id", type->name, "name", type->name,
	    "description", type->help, "endpoint", type->endpoint,
	    "schema", schema_get(*type->schemas)->urn);
	if (json_array_size(list) > 0)
		(void)json_object_set(document, "schemaExtensions", list);
	json_decref(list);
	(void)json_object_set_new(document, "meta",
	    discovery_meta(site, SCHEMA_TYPE, path));
	return (document);
}

void
discovery_type(struct buf *out, const struct site *site, enum resource_type type)
{
	discovery_print(out, discovery_type_json(site, type));
}

void
discovery_types(struct buf *out, const struct site *site)
{
	json_t *list;
	enum resource_type i;

	list = json_array();
	for (i = 0; i < RESOURCE_N; i++)
		(void)json_array_append_new(list, discovery_type_json(site, i));
	discovery_print(out, discovery_list(list));
}

/* ---- schemas ------------------------------------------------------------- */

static const char *const type_names[] = {
	[ATTR_STRING] = "string",
	[ATTR_BOOLEAN] = "boolean",
	[ATTR_INTEGER] = "integer",
	[ATTR_DATETIME] = "dateTime",
	[ATTR_REFERENCE] = "reference",
	[ATTR_COMPLEX] = "complex",
};

static bool
discovery_has_case(const struct attr *attr)
{
	return (attr->type == ATTR_STRING || attr->type == ATTR_REFERENCE);
}

/* The words of a text with blanks between them. */
static json_t *
discovery_words(const char *text)
{
	json_t *list;
	size_t len;

	list = json_array();
	for (; *text != '\0'; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		(void)json_array_append_new(list, json_stringn(text, len));
	}
	return (list);
}

/*
 * Values a "type" has: those of the fields that are on, where fields make the elements.
 */
static json_t *
discovery_canonical(const struct form *form, const struct attr *attr)
{
	const struct attr_element *element;
	json_t *list;

	list = discovery_words(attr->words);
	if (attr->parent == NULL || strcmp(attr->name, "type") != 0)
		return (list);
	for (element = attr->parent->elements; element != NULL; element = element->next)
		if (form_has_field(form, element->field))
			(void)json_array_append_new(list, json_string(element->type));
	return (list);
}

static void
discovery_set_list(json_t *document, const char *name, json_t *list)
{
	if (json_array_size(list) > 0)
		(void)json_object_set(document, name, list);
	json_decref(list);
}

static const char *
discovery_may_edit(bool may)
{
	return (may ? "readWrite" : "readOnly");
}

/*
 * What some client may do to some resource (rulings F13): who asks, and of whom, decides
 * each time.
 */
static const char *
discovery_mutability(const struct form *form, const struct attr *attr)
{
	switch (attr->id) {
	case ATTR_USER_NAME:
		return (discovery_may_edit(!form->uid_is_name &&
		    (form->editable >> FIELD_WORK_EMAIL & 1) != 0));
	case ATTR_GROUP_NAME:
	case ATTR_MEMBERS:
		return (discovery_may_edit(form->by_hand));
	case ATTR_MEMBER_VALUE:
	case ATTR_MEMBER_REF:
	case ATTR_MEMBER_TYPE:
		return (form->by_hand ? "immutable" : "readOnly");
	case ATTR_MANAGER_REF:
	case ATTR_MANAGER_NAME:
		return (discovery_may_edit(false));
	default:
		return (discovery_may_edit((attr->fields & form->editable) != 0 &&
		    attr->field != FIELD_EMPLOYMENT_STATUS));
	}
}

static json_t *
discovery_attr(const struct form *form, const struct attr *attr)
{
	const struct attr *child;
	json_t *document, *list;

	document = json_pack("{s:s, s:s, s:b, s:s, s:b}", "name", attr->name,
	    "type", type_names[attr->type],
	    "multiValued", (attr->flags & ATTR_MULTI) != 0,
	    "description", attr->help, "required", (attr->flags & ATTR_REQUIRED) != 0);
	if (attr->type == ATTR_STRING)
		discovery_set_list(document, "canonicalValues",
		    discovery_canonical(form, attr));
	if (discovery_has_case(attr))
		(void)json_object_set_new(document, "caseExact",
		    json_boolean((attr->flags & ATTR_EXACT) != 0));
	(void)json_object_set_new(document, "mutability",
	    json_string(discovery_mutability(form, attr)));
	(void)json_object_set_new(document, "returned", json_string(
	    (attr->flags & ATTR_ALWAYS) != 0 ? "always" : "default"));
	if (discovery_has_case(attr))
		(void)json_object_set_new(document, "uniqueness", json_string(
		    (attr->flags & ATTR_UNIQUE) != 0 ? "server" : "none"));
	if (attr->type == ATTR_REFERENCE)
		discovery_set_list(document, "referenceTypes",
		    discovery_words(attr->words));
	list = json_array();
	for (child = attr->children; child != NULL; child = child->next)
		if (form_serves(form, child))
			(void)json_array_append_new(list, discovery_attr(form, child));
	discovery_set_list(document, "subAttributes", list);
	return (document);
}

static json_t *
discovery_schema_json(const struct site *site, const struct form *form,
    enum schema_id id)
{
	const struct schema *schema = schema_get(id);
	const struct attr *attr;
	json_t *document, *list;
	char path[128];

	(void)snprintf(path, sizeof(path), "/Schemas/%s", schema->urn);
	list = json_array();
	for (attr = schema->attrs; attr != NULL; attr = attr->next)
		if (form_serves(form, attr))
			(void)json_array_append_new(list, discovery_attr(form, attr));
	document = json_pack("{s:[s], s:s, s:s, s:s, s:o, s:o}",
	    "schemas", schema_get(SCHEMA_SCHEMA)->urn,
	    "id", schema->urn, "name", schema->name,
	    "description", schema->help, "attributes", list,
	    "meta", discovery_meta(site, SCHEMA_SCHEMA, path));
	return (document);
}

void
discovery_schema(struct buf *out, const struct site *site, const struct form *form,
    enum schema_id schema)
{
	discovery_print(out, discovery_schema_json(site, form, schema));
}

void
discovery_schemas(struct buf *out, const struct site *site, const struct form *form)
{
	enum schema_id i;
	json_t *list;

	list = json_array();
	for (i = SCHEMA_COMMON + 1; i < SCHEMA_N; i++)
		(void)json_array_append_new(list, discovery_schema_json(site, form, i));
	discovery_print(out, discovery_list(list));
}
