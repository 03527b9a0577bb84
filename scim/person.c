/*
 * Owns nothing. Walks the tree of attributes and fills each from the row: by a function
 * of its own where the table below names one, else by the field and its kind.
 */
#include "config.h"

#include <string.h>

#include "base/place.h"
#include "scim/fold.h"
#include "scim/make.h"

/* Told apart by its ETag: the same version with the uid in place of the e-mail. */
#define UID_FOR_NAME UINT64_C(0x9e3779b97f4a7c15)

struct person_work {
	struct maker			*maker;
	struct writer			*writer;
	const struct form		*form;
	const struct image_build	*build;
	const struct image_entry	*entry;
	const struct view_person	*row;
	const char			*user_name;
};

/* ---- values -------------------------------------------------------------- */

/* A field's value as text, NULL for none. */
static const char *
person_value(const struct person_work *work, enum field_id id)
{
	struct place place;

	if (id == FIELD_N || !form_has_field(work->form, id))
		return (NULL);
	switch (field_get(id)->kind) {
	case KIND_STATUS:
		return (status_name(work->row->status));
	case KIND_PLACE:
		place_split(work->maker->arena, work->row->value[id], &place);
		return (place.part[PLACE_NAME]);
	case KIND_STRING:
	case KIND_EMAIL:
	case KIND_PHONE:
	case KIND_DATE:
	case KIND_TYPE:
	case KIND_ADDRESS:
	case KIND_ENTITY:
	case KIND_PERSON:
	case KIND_GROUP:
	case KIND_GROUPS:
		break;
	}
	return (work->row->value[id]);
}

static void
person_text(const struct person_work *work, enum attr_id id, unsigned int element,
    const char *text)
{
	if (text != NULL)
		writer_text(work->writer, attr_get(id), element, text);
}

/* ---- elements of multi-valued attributes, by the kind of field ----------- */

static bool
person_email(const struct person_work *work, const struct attr_element *from,
    unsigned int element)
{
	const char *value;

	value = person_value(work, from->field);
	if (value == NULL)
		return (false);
	person_text(work, ATTR_EMAIL_VALUE, element, value);
	person_text(work, ATTR_EMAIL_TYPE, element, from->type);
	if (from->field == FIELD_WORK_EMAIL)
		writer_bool(work->writer, attr_get(ATTR_EMAIL_PRIMARY), element, true);
	return (true);
}

static bool
person_phone(const struct person_work *work, const struct attr_element *from,
    unsigned int element)
{
	const char *value;

	value = person_value(work, from->field);
	if (value == NULL)
		return (false);
	person_text(work, ATTR_PHONE_VALUE, element, value);
	person_text(work, ATTR_PHONE_TYPE, element, from->type);
	return (true);
}

static bool
person_address(const struct person_work *work, const struct attr_element *from,
    unsigned int element)
{
	static const struct {
		enum attr_id	attr;
		enum place_part	part;
	} parts[] = {
		{ ATTR_ADDRESS_STREET, PLACE_STREET },
		{ ATTR_ADDRESS_CITY, PLACE_CITY },
		{ ATTR_ADDRESS_STATE, PLACE_STATE },
		{ ATTR_ADDRESS_ZIP, PLACE_ZIP },
		{ ATTR_ADDRESS_COUNTRY, PLACE_COUNTRY },
	};
	struct place place;
	const char *lines;
	size_t i;

	if (!form_has_field(work->form, from->field))
		return (false);
	place_split(work->maker->arena, work->row->value[from->field], &place);
	lines = place_lines(work->maker->arena, &place);
	if (lines == NULL)
		return (false);
	person_text(work, ATTR_ADDRESS_FORMATTED, element, lines);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		person_text(work, parts[i].attr, element, place.part[parts[i].part]);
	person_text(work, ATTR_ADDRESS_TYPE, element, from->type);
	return (true);
}

static bool
person_element(const struct person_work *work, const struct attr_element *from,
    unsigned int element)
{
	switch (field_get(from->field)->kind) {
	case KIND_EMAIL:
		return (person_email(work, from, element));
	case KIND_PHONE:
		return (person_phone(work, from, element));
	case KIND_ADDRESS:
	case KIND_PLACE:
		return (person_address(work, from, element));
	case KIND_STRING:
	case KIND_DATE:
	case KIND_STATUS:
	case KIND_TYPE:
	case KIND_ENTITY:
	case KIND_PERSON:
	case KIND_GROUP:
	case KIND_GROUPS:
		break;
	}
	return (false);
}

static void
person_elements(const struct person_work *work, const struct attr *attr)
{
	const struct attr_element *from;
	unsigned int element;

	element = 0;
	for (from = attr->elements; from != NULL; from = from->next)
		element += person_element(work, from, element);
}

/* ---- attributes with a function of their own ----------------------------- */

static void
person_user_name(const struct person_work *work)
{
	person_text(work, ATTR_USER_NAME, 0, work->user_name);
}

static void
person_active(const struct person_work *work)
{
	writer_bool(work->writer, attr_get(ATTR_ACTIVE), 0, work->row->active);
}

static void
person_uid(const struct person_work *work)
{
	person_text(work, ATTR_UID, 0, work->row->uid);
}

static void
person_source(const struct person_work *work)
{
	person_text(work, ATTR_SOURCE, 0, work->row->source);
}

static void
person_manager(const struct person_work *work)
{
	const struct view_person *row = work->row;
	char uuid[UUID_TEXT_SIZE];

	if (work->entry->manager == 0)
		return;
	person_text(work, ATTR_MANAGER_VALUE, 0, uuid_format(&row->manager_uuid, uuid));
	person_text(work, ATTR_MANAGER_REF, 0, make_url(&work->maker->url,
	    work->maker->site, RESOURCE_USER, &row->manager_uuid));
	person_text(work, ATTR_MANAGER_NAME, 0, row->manager_name);
}

static void
person_groups(const struct person_work *work)
{
	const struct attr *name = attr_get(ATTR_GROUP_NAME);
	const struct image_entry *group;
	const struct resource *resource;
	char uuid[UUID_TEXT_SIZE];
	uint32_t i;

	for (i = 0; i < work->entry->group_count; i++) {
		group = image_build_group(work->build, work->entry->groups[i]);
		resource = group->payload;
		person_text(work, ATTR_USER_GROUP_VALUE, i,
		    uuid_format(&group->uuid, uuid));
		person_text(work, ATTR_USER_GROUP_REF, i, make_url(&work->maker->url,
		    work->maker->site, RESOURCE_GROUP, &group->uuid));
		writer_copy(work->writer, attr_get(ATTR_USER_GROUP_DISPLAY), i,
		    resource_item(resource, name), resource_json(resource));
		person_text(work, ATTR_USER_GROUP_TYPE, i, "direct");
	}
}

static void (*const person_own[ATTR_TABLE_N])(const struct person_work *work) = {
	[ATTR_USER_NAME] = person_user_name,
	[ATTR_ACTIVE] = person_active,
	[ATTR_USER_GROUPS] = person_groups,
	[ATTR_MANAGER] = person_manager,
	[ATTR_UID] = person_uid,
	[ATTR_SOURCE] = person_source,
};

static void
person_attr(const struct person_work *work, const struct attr *attr)
{
	const struct attr *child;
	const char *value;

	if (attr->id < ATTR_TABLE_N && person_own[attr->id] != NULL) {
		person_own[attr->id](work);
		return;
	}
	if (attr->elements != NULL) {
		person_elements(work, attr);
		return;
	}
	for (child = attr->children; child != NULL; child = child->next)
		person_attr(work, child);
	value = person_value(work, attr->field);
	if (value != NULL)
		writer_text(work->writer, attr, 0, value);
}

/* ---- the whole ----------------------------------------------------------- */

/*
 * Whether anything of an extension will be written: its URN stands in schemas only
 * then.
 */
static bool
person_uses(const struct person_work *work, enum schema_id schema)
{
	const struct attr *attr;

	for (attr = schema_get(schema)->attrs; attr != NULL; attr = attr->next)
		if (attr->id < ATTR_TABLE_N && person_own[attr->id] != NULL ?
		    attr->id != ATTR_MANAGER || work->entry->manager != 0 :
		    person_value(work, attr->field) != NULL)
			return (true);
	return (false);
}

static void
person_schemas(const struct person_work *work, enum schema_id used[SCHEMA_N + 1])
{
	const enum schema_id *schema = type_get(RESOURCE_USER)->schemas;
	size_t n;

	n = 0;
	for (; *schema != SCHEMA_N; schema++)
		if (person_uses(work, *schema))
			used[n++] = *schema;
	used[n] = SCHEMA_N;
}

/*
 * The work e-mail, else the uid. Two people who have left may have had one address: the
 * first keeps it as userName (rulings D14).
 */
static const char *
person_choose_name(const struct person_work *work)
{
	const struct view_person *row = work->row;
	const char *folded, *mail;
	uint64_t *holder;
	size_t len;

	mail = row->value[FIELD_WORK_EMAIL];
	if (work->form->uid_is_name || mail == NULL)
		return (row->uid);
	if (row->status != STATUS_DEPARTED)
		return (mail);
	len = strlen(mail);
	folded = fold_value(work->maker->arena, attr_get(ATTR_USER_NAME), mail, &len);
	holder = map_at(&work->maker->names, hash64(folded, len), work->entry->id);
	return (*holder == work->entry->id ? mail : row->uid);
}

struct resource *
person_make(struct maker *maker, const struct image_build *build,
    const struct image_entry *entry, const struct view_person *row)
{
	struct person_work work = { .maker = maker, .writer = &maker->writer,
		.form = image_build_form(build), .build = build, .entry = entry,
		.row = row };
	enum schema_id used[SCHEMA_N + 1];
	const struct attr *attr;
	uint64_t version;
	size_t i;

	arena_reset(maker->arena);
	buf_reset(&maker->out);
	work.user_name = person_choose_name(&work);
	version = entry->version ^ maker->site->hash;
	if (!work.form->uid_is_name && row->value[FIELD_WORK_EMAIL] != NULL &&
	    work.user_name == row->uid)
		version ^= UID_FOR_NAME;
	writer_begin(&maker->writer, &maker->out, true);
	person_schemas(&work, used);
	make_common(maker, RESOURCE_USER, entry, version, used);
	for (i = 0; used[i] != SCHEMA_N; i++)
		for (attr = schema_get(used[i])->attrs; attr != NULL; attr = attr->next)
			person_attr(&work, attr);
	writer_end(&maker->writer);
	return (resource_pack(&maker->writer, version));
}
