/*
 * Owns the tree of attributes, for the life of the process. Immutable after attr_init.
 */
#include "config.h"

#include "scim/attr.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

static struct schema schemas[SCHEMA_N] = {
#define SCHEMA(ID, prefix_, urn_, name_, help_)					\
	[SCHEMA_##ID] = { .prefix = prefix_, .urn = urn_, .name = name_,	\
	    .help = help_ },
#include "scim/attributes.def"
};

static const struct {
	enum schema_id	 schema;
	enum attr_id	 parent;
	enum attr_type	 type;
	unsigned int	 flags;
	const char	*name;
	const char	*words;
	const char	*help;
} attr_rows[ATTR_TABLE_N] = {
#define ATTR(ID, schema_, parent_, name_, type_, flags_, words_,		\
    help_)									\
	[ATTR_##ID] = { .schema = SCHEMA_##schema_, .parent = ATTR_##parent_,	\
	    .type = ATTR_##type_, .flags = flags_, .name = name_,		\
	    .words = words_, .help = help_ },
#include "scim/attributes.def"
};

static struct attr attrs[ATTR_MAX];
static unsigned int attrs_n;

static const enum schema_id user_schemas[] = {
	SCHEMA_USER, SCHEMA_ENTERPRISE, SCHEMA_ROLLCALL, SCHEMA_N
};
static const enum schema_id group_schemas[] = { SCHEMA_GROUP, SCHEMA_N };
static const enum schema_id tombstone_schemas[] = { SCHEMA_TOMBSTONE, SCHEMA_N };

static const struct type types[RESOURCE_N] = {
	[RESOURCE_USER] = { .name = "User", .endpoint = "/Users", .help = "A person",
	    .schemas = user_schemas },
	[RESOURCE_GROUP] = { .name = "Group", .endpoint = "/Groups",
	    .help = "A department, team or cost centre", .schemas = group_schemas },
	[RESOURCE_TOMBSTONE] = { .name = "Tombstone", .endpoint = "/Tombstones",
	    .help = "A person or group that is no longer served",
	    .schemas = tombstone_schemas },
};

/* ---- making the tree ----------------------------------------------------- */

static void
attr_append(const struct attr **list, const struct attr *attr)
{
	while (*list != NULL)
		list = (const struct attr **)(uintptr_t)&(*list)->next;
	*list = attr;
}

static struct attr *
attr_add(enum schema_id schema, struct attr *parent, const char *name)
{
	struct attr *attr = &attrs[attrs_n];

	*attr = (struct attr){ .id = attrs_n++, .schema = schema, .parent = parent,
	    .name = name, .key = mem_printf("\"%s\":", name), .field = FIELD_N };
	attr->key_len = strlen(attr->key);
	attr_append(parent != NULL ? &parent->children : &schemas[schema].attrs, attr);
	return (attr);
}

static void
attr_add_rows(void)
{
	struct attr *attr;
	size_t i;

	for (i = 0; i < ATTR_TABLE_N; i++) {
		attr = attr_add(attr_rows[i].schema, attr_rows[i].parent != ATTR_NONE ?
		    &attrs[attr_rows[i].parent] : NULL, attr_rows[i].name);
		attr->type = attr_rows[i].type;
		attr->flags = attr_rows[i].flags;
		attr->words = attr_rows[i].words;
		attr->help = attr_rows[i].help;
	}
}

static const struct attr *
attr_in_list(const struct attr *list, const char *name, size_t len)
{
	for (; list != NULL; list = list->next)
		if (strncasecmp(list->name, name, len) == 0 && list->name[len] == '\0')
			return (list);
	return (NULL);
}

/* The attribute of that name, made as a simple one when there is none yet. */
static struct attr *
attr_of_field(enum field_id id, enum schema_id schema, struct attr *parent,
    const char *name, size_t len)
{
	const struct attr *known;
	struct attr *attr;

	known = attr_in_list(parent != NULL ? parent->children : schemas[schema].attrs,
	    name, len);
	if (known != NULL)
		return (&attrs[known->id]);
	attr = attr_add(schema, parent, mem_dup_len(name, len));
	attr->type = ATTR_STRING;
	attr->flags = ATTR_INDEXED;
	attr->words = "";
	attr->help = field_get(id)->help;
	attr->field = id;
	return (attr);
}

static void
attr_mark(struct attr *attr, enum field_id id)
{
	const struct attr *child;

	attr->fields |= UINT32_C(1) << id;
	for (child = attr->children; child != NULL; child = child->next)
		attr_mark(&attrs[child->id], id);
}

static void
attr_add_element(struct attr *attr, enum field_id id, const char *type, size_t len)
{
	const struct attr_element **end;
	struct attr_element *element;

	element = mem_alloc(sizeof(*element));
	*element = (struct attr_element){ .field = id, .type = mem_dup_len(type, len) };
	for (end = &attr->elements; *end != NULL;
	    end = (const struct attr_element **)(uintptr_t)&(*end)->next)
		continue;
	*end = element;
}

/* One path of a field: "enterprise:manager", "name.givenName", "emails[work]". */
static void
attr_add_path(enum field_id id, const char *path, size_t len)
{
	enum schema_id schema, i;
	struct attr *attr, *parent;
	size_t head;

	schema = SCHEMA_USER;
	for (i = 0; i < SCHEMA_N; i++) {
		head = strlen(schemas[i].prefix);
		if (head > 0 && strncmp(path, schemas[i].prefix, head) == 0) {
			schema = i;
			path += head, len -= head;
		}
	}
	parent = NULL;
	head = strcspn(path, ".[ ");
	if (head < len && path[head] == '.') {
		parent = attr_of_field(id, schema, NULL, path, head);
		parent->fields |= UINT32_C(1) << id;
		path += head + 1, len -= head + 1;
		head = len;
	}
	attr = attr_of_field(id, schema, parent, path, head < len ? head : len);
	attr_mark(attr, id);
	if (head < len && path[head] == '[')
		attr_add_element(attr, id, path + head + 1, len - head - 2);
}

void
attr_init(void)
{
	const char *path;
	enum field_id id;
	size_t len;

	if (attrs_n > 0)
		return;
	attr_add_rows();
	for (id = 0; id < FIELD_N; id++)
		for (path = field_get(id)->scim; *path != '\0'; path += len) {
			path += strspn(path, " ");
			len = strcspn(path, " ");
			attr_add_path(id, path, len);
		}
}

/* ---- what there is ------------------------------------------------------- */

const struct schema *
schema_get(enum schema_id id)
{
	return (&schemas[id]);
}

const struct attr *
attr_get(unsigned int id)
{
	return (&attrs[id]);
}

unsigned int
attr_count(void)
{
	return (attrs_n);
}

const struct type *
type_get(enum resource_type type)
{
	return (&types[type]);
}

/* ---- names --------------------------------------------------------------- */

const struct attr *
attr_child(const struct attr *parent, const char *name, size_t len)
{
	return (attr_in_list(parent->children, name, len));
}

static bool
attr_find_in(enum schema_id schema, const char *text, size_t len,
    struct attr_path *path)
{
	const char *dot;
	size_t head;

	dot = memchr(text, '.', len);
	head = dot != NULL ? (size_t)(dot - text) : len;
	path->schema = SCHEMA_N;
	path->attr = attr_in_list(schemas[schema].attrs, text, head);
	if (path->attr != NULL && dot != NULL)
		path->attr = attr_child(path->attr, dot + 1, len - head - 1);
	return (path->attr != NULL);
}

/* How long the URN at the beginning of a text is, 0 when it is not this one. */
static size_t
attr_urn_len(enum schema_id schema, const char *text, size_t len)
{
	size_t urn;

	urn = strlen(schemas[schema].urn);
	if (len < urn || strncasecmp(text, schemas[schema].urn, urn) != 0)
		return (0);
	return (len == urn || text[urn] == ':' || text[urn] == '.' ? urn : 0);
}

bool
attr_find(enum resource_type type, const char *text, size_t len, struct attr_path *path)
{
	const enum schema_id *schema, *base = types[type].schemas;
	size_t urn;

	for (schema = base; *schema != SCHEMA_N; schema++) {
		urn = attr_urn_len(*schema, text, len);
		if (urn == 0)
			continue;
		*path = (struct attr_path){ .schema = *schema };
		if (urn == len)
			return (true);
		text += urn + 1, len -= urn + 1;
		return (attr_find_in(*schema, text, len, path) ||
		    (*schema == *base && attr_find_in(SCHEMA_COMMON, text, len, path)));
	}
	if (attr_find_in(*base, text, len, path) ||
	    attr_find_in(SCHEMA_COMMON, text, len, path))
		return (true);
	for (schema = base + 1; *schema != SCHEMA_N; schema++)
		if (attr_find_in(*schema, text, len, path))
			return (true);
	return (false);
}

const struct attr *
attr_value(const struct attr *attr)
{
	return (attr->type != ATTR_COMPLEX ? attr : attr_child(attr, "value", 5));
}
