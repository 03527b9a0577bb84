/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/select.h"

#include <string.h>

#include "scim/make.h"

#define VERSION_DIGITS	16	/* hexadecimal, of an ETag */

/* ---- reading the parameters ---------------------------------------------- */

static void
select_put(struct selection *selection, const struct attr *attr, bool wanted)
{
	const struct attr *child;
	uint64_t bit = UINT64_C(1) << attr->id % 64;

	if (wanted || (attr->flags & ATTR_ALWAYS) != 0)
		selection->bits[attr->id / 64] |= bit;
	else
		selection->bits[attr->id / 64] &= ~bit;
	for (child = attr->children; child != NULL; child = child->next)
		select_put(selection, child, wanted);
}

static void
select_schema(struct selection *selection, enum schema_id schema, bool wanted)
{
	const struct attr *attr;

	for (attr = schema_get(schema)->attrs; attr != NULL; attr = attr->next)
		select_put(selection, attr, wanted);
}

static void
select_everything(struct selection *selection, enum resource_type type, bool wanted)
{
	const enum schema_id *schema = type_get(type)->schemas;

	select_schema(selection, SCHEMA_COMMON, wanted);
	for (; *schema != SCHEMA_N; schema++)
		select_schema(selection, *schema, wanted);
}

static void
select_names(struct selection *selection, enum resource_type type, const char *names,
    bool wanted)
{
	struct attr_path path;
	size_t len;

	for (; *names != '\0'; names += len) {
		names += strspn(names, ", ");
		len = strcspn(names, ", ");
		if (len == 0 || !attr_find(type, names, len, &path))
			continue;
		if (path.attr == NULL)
			select_schema(selection, path.schema, wanted);
		else
			select_put(selection, path.attr, wanted);
	}
}

int
select_read(enum resource_type type, const char *attributes, const char *excluded,
    struct selection *selection, struct err *err)
{
	bool some = attributes != NULL && *attributes != '\0';
	bool others = excluded != NULL && *excluded != '\0';

	*selection = (struct selection){ .all = !some && !others };
	if (some && others)
		return (err_set(err, ERR_SCIM_VALUE,
		    "attributes and excludedAttributes exclude each other: give one"));
	if (selection->all)
		return (0);
	select_everything(selection, type, others);
	select_names(selection, type, some ? attributes : excluded, some);
	return (0);
}

/* ---- sending ------------------------------------------------------------- */

static bool
select_has(const struct selection *selection, unsigned int id)
{
	return ((selection->bits[id / 64] >> id % 64 & 1) != 0);
}

/* Whether anything of a complex attribute is wanted. */
static bool
select_has_part(const struct selection *selection, const struct attr *attr)
{
	const struct attr *child;

	for (child = attr->children; child != NULL; child = child->next)
		if (select_has(selection, child->id))
			return (true);
	return (false);
}

/* The schemas of which something is sent: bit per enum schema_id. */
static uint32_t
sending_schemas(const struct selection *selection, const struct resource *resource)
{
	uint32_t i, mask;

	for (i = mask = 0; i < resource->count; i++)
		if (select_has(selection, resource->items[i].attr))
			mask |= UINT32_C(1) <<
			    attr_get(resource->items[i].attr)->schema;
	return (mask);
}

/*
 * Whether a value of "schemas" names an extension of which nothing is sent: it tells of
 * the attributes that are there (RFC 7643 §3). The base schema comes first, and stays.
 */
static bool
sending_leaves_out(uint32_t schemas, const struct resource *resource,
    const struct item *item)
{
	enum schema_id schema;
	const char *urn;

	if (item->attr != ATTR_SCHEMAS || item->element == 0)
		return (false);
	for (schema = 0; schema < SCHEMA_N; schema++) {
		urn = schema_get(schema)->urn;
		if (strlen(urn) == item->len &&
		    memcmp(urn, resource_json(resource) + item->at, item->len) == 0)
			return ((schemas >> schema & 1) == 0);
	}
	return (false);
}

/* Its version is not that which is kept when the client has an id of its own for it. */
static void
sending_add_items(struct writer *writer, const struct selection *selection,
    const struct resource *resource, const char *id)
{
	char etag[ETAG_SIZE];
	const struct item *item;
	uint32_t i, schemas;

	if (id != NULL && select_has(selection, ATTR_EXTERNAL_ID))
		writer_text(writer, attr_get(ATTR_EXTERNAL_ID), 0, id);
	schemas = sending_schemas(selection, resource);
	for (i = 0; i < resource->count; i++) {
		item = &resource->items[i];
		if (!select_has(selection, item->attr) ||
		    sending_leaves_out(schemas, resource, item))
			continue;
		if (id != NULL && item->attr == ATTR_META_VERSION)
			writer_text(writer, attr_get(ATTR_META_VERSION), 0,
			    etag_format(own_version(resource, id), etag));
		else
			writer_copy(writer, attr_get(item->attr), item->element, item,
			    resource_json(resource));
	}
}

static void
sending_add_part(const struct sending *sending, const struct image_entry *entry,
    struct buf *out)
{
	struct writer writer = { .items = NULL };

	writer_begin(&writer, out, false);
	sending_add_items(&writer, sending->selection, entry->payload,
	    own_id(sending->own, entry));
	if (entry_type(entry) == RESOURCE_GROUP &&
	    select_has_part(sending->selection, attr_get(ATTR_MEMBERS)))
		sending_add_items(&writer, sending->selection,
		    group_members(sending->site, sending->snap, entry), NULL);
	writer_end(&writer);
}

/*
 * A resource to which the client's own id is added: behind a front of its own come the JSON
 * from its second byte up to the version, digits of its own, and the rest.
 */
struct sending_own {
	char	 digits[ETAG_SIZE];
	size_t	 at;		/* of the digits in the JSON, else its length */
	size_t	 behind;	/* … of the rest */
};

static void
sending_begin_own(const struct resource *resource, const char *id, struct buf *out,
    struct sending_own *own)
{
	const struct item *version = resource_item(resource, attr_get(ATTR_META_VERSION));
	char etag[ETAG_SIZE];

	buf_str(out, "{\"externalId\":");
	json_quote(out, id);
	buf_char(out, ',');
	*own = (struct sending_own){ .at = resource->len, .behind = resource->len };
	if (version == NULL)
		return;
	(void)etag_format(own_version(resource, id), etag);
	memcpy(own->digits, etag + strlen("W/\""), VERSION_DIGITS);
	own->at = version->at + strlen("W/\\\"");	/* as JSON has it */
	own->behind = own->at + VERSION_DIGITS;
}

void
sending_add_core(const struct sending *sending, const struct image_entry *entry,
    struct buf *out)
{
	const struct resource *resource = entry->payload;
	const char *id = own_id(sending->own, entry), *json = resource_json(resource);
	struct sending_own own;

	if (id == NULL) {
		buf_add(out, json, resource->len);
		return;
	}
	sending_begin_own(resource, id, out, &own);
	buf_add(out, json + 1, own.at - 1);
	buf_add(out, own.digits, own.behind - own.at);
	buf_add(out, json + own.behind, resource->len - own.behind);
}

/*
 * The members' object goes into the group's: "{…" and "{"members":…}" become
 * "{…,"members":…}".
 */
void
sending_add(const struct sending *sending, const struct image_entry *entry,
    struct buf *out)
{
	const struct resource *members;

	if (!sending->selection->all) {
		sending_add_part(sending, entry, out);
		return;
	}
	sending_add_core(sending, entry, out);
	if (entry_type(entry) != RESOURCE_GROUP)
		return;
	members = group_members(sending->site, sending->snap, entry);
	if (members->len <= strlen("{}"))
		return;
	out->data[out->len - 1] = ',';
	buf_add(out, resource_json(members) + 1, members->len - 1);
}

/* `len` bytes of it: all, one less or one more. */
static void
sending_lend_core(const struct sending *sending, const struct image_entry *entry,
    size_t len, struct buf *text, struct lent *lent)
{
	const struct resource *resource = entry->payload;
	const char *id = own_id(sending->own, entry), *json = resource_json(resource);
	struct sending_own own;

	if (id == NULL) {
		lent_add(lent, text, json, len);
		return;
	}
	sending_begin_own(resource, id, text, &own);
	lent_add(lent, text, json + 1, own.at - 1);
	buf_add(text, own.digits, own.behind - own.at);
	lent_add(lent, text, json + own.behind, len - own.behind);
}

void
sending_lend(const struct sending *sending, const struct image_entry *entry, bool more,
    struct buf *text, struct lent *lent)
{
	const struct resource *members = NULL, *resource = entry->payload;

	if (entry_type(entry) == RESOURCE_GROUP)
		members = group_members(sending->site, sending->snap, entry);
	if (members == NULL || members->len <= strlen("{}")) {
		sending_lend_core(sending, entry, resource->len + more, text, lent);
		return;
	}
	sending_lend_core(sending, entry, resource->len - 1, text, lent);
	buf_char(text, ',');
	lent_add(lent, text, resource_json(members) + 1, members->len - 1 + more);
}
