/*
 * Owns nothing. jansson decodes one reduced element at a time: the members fields.def names,
 * and the few that say what the record is.
 */
#include "config.h"

#include "sync/kombo/decode.h"

#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/place.h"
#include "base/text.h"
#include "rules/employment.h"

/* Members that are no field of a person. */
static const char *const decode_plain[] = { "id", "remote_id", "changed_at",
	"remote_deleted_at", "employments" };
static const char *const decode_unit_members[] = { "id", "remote_id", "changed_at",
	"remote_deleted_at", "name", "type", "address" };

/* ---- from bytes to a small tree ----------------------------------------------- */

static bool
decode_reads(const struct decoder *decoder, enum field_id id)
{
	return (decoder->modes[id] == MODE_CONTINUOUS || decoder->modes[id] == MODE_IMPORT_ONCE);
}

static bool
decode_listed(const char *const *names, size_t count, const struct slice *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (slice_is(name, names[i]))
			return (true);
	return (false);
}

static bool
decode_wants(const struct decoder *decoder, const struct slice *name)
{
	size_t i;

	if (decode_listed(decode_plain, sizeof(decode_plain) / sizeof(decode_plain[0]), name))
		return (true);
	for (i = 0; i < FIELD_N; i++)
		if (decode_reads(decoder, (enum field_id)i) &&
		    slice_is(name, field_get((enum field_id)i)->kombo))
			return (true);
	return (false);
}

/* Copies the wanted members of an element into a document of their own. */
static int
decode_reduce(const struct decoder *decoder, const struct slice *element, struct buf *out,
    struct err *err)
{
	struct slice name, value;
	size_t at;
	bool wanted;
	int result;

	buf_reset(out);
	buf_char(out, '{');
	at = 0;
	while ((result = slice_member(element, &at, &name, &value)) > 0) {
		wanted = decoder != NULL ? decode_wants(decoder, &name) :
		    decode_listed(decode_unit_members, sizeof(decode_unit_members) /
		    sizeof(decode_unit_members[0]), &name);
		if (!wanted)
			continue;
		if (out->len > 1)
			buf_char(out, ',');
		buf_add(out, name.at - 1, name.len + 2);
		buf_char(out, ':');
		buf_add(out, value.at, value.len);
	}
	buf_char(out, '}');
	if (result < 0)
		return (err_set(err, ERR_RECORD, "it is no JSON object"));
	return (0);
}

/* decoder NULL: a unit. The tree is the caller's. */
static json_t *
decode_tree(const struct decoder *decoder, const struct slice *element, struct err *err)
{
	struct buf reduced = BUF_INIT;
	json_error_t error;
	json_t *tree;

	tree = NULL;
	if (decode_reduce(decoder, element, &reduced, err) == 0) {
		tree = json_loadb(reduced.data, reduced.len, JSON_REJECT_DUPLICATES, &error);
		if (tree == NULL)
			(void)err_set(err, ERR_RECORD, "JSON: %s", json_error_code(&error) ==
			    json_error_invalid_utf8 ? "invalid UTF-8" : "a value that cannot "
			    "be held: a number beyond 64 bits, \\u0000, half a surrogate "
			    "pair, or a syntax error");
	}
	buf_close(&reduced);
	return (tree);
}

static const char *
decode_text(struct arena *arena, json_t *value)
{
	const char *text;

	if (!json_is_string(value))
		return (NULL);
	text = json_string_value(value);
	return (text_clean(arena, arena_dup_len(arena, text, json_string_length(value))));
}

/* An id: opaque bytes, but none that would break our lists. */
static const char *
decode_key(struct arena *arena, json_t *value)
{
	const char *text;

	text = json_string_value(value);
	if (text == NULL || *text == '\0')
		return (NULL);
	if (strchr(text, LIST_ITEM_END) != NULL || strchr(text, LIST_PART_END) != NULL)
		return (NULL);
	return (arena_dup(arena, text));
}

const char *
decode_string(struct arena *arena, const struct slice *slice)
{
	const char *text;
	json_t *value;

	if (slice->len == 0)
		return (NULL);
	value = json_loadb(slice->at, slice->len, JSON_DECODE_ANY, NULL);
	text = arena_dup(arena, json_string_value(value));
	json_decref(value);
	return (text);
}

const char *
decode_id(struct arena *arena, const struct slice *element)
{
	struct slice name, value;
	size_t at;

	at = 0;
	while (slice_member(element, &at, &name, &value) > 0)
		if (slice_is(&name, "id"))
			return (decode_string(arena, &value));
	return (NULL);
}

/* ---- values by kind ------------------------------------------------------------- */

static const char *
decode_place(struct arena *arena, json_t *address)
{
	static const struct {
		enum place_part	 part;
		const char	*member;
	} members[] = {
		{ PLACE_CITY, "city" },
		{ PLACE_STATE, "state" },
		{ PLACE_ZIP, "zip_code" },
		{ PLACE_COUNTRY, "country" },
		{ PLACE_RAW, "raw" },
	};
	struct place place = { .part = { NULL } };
	const char *first, *second;
	size_t i;

	if (!json_is_object(address))
		return (NULL);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		place.part[members[i].part] =
		    decode_text(arena, json_object_get(address, members[i].member));
	first = decode_text(arena, json_object_get(address, "street_1"));
	second = decode_text(arena, json_object_get(address, "street_2"));
	if (first != NULL && second != NULL)
		first = arena_printf(arena, "%s\n%s", first, second);
	place.part[PLACE_STREET] = first != NULL ? first : second;
	return (place_join(arena, &place));
}

static const char *
decode_groups(struct arena *arena, json_t *groups)
{
	struct buf list = BUF_INIT;
	const char *id, *text;
	json_t *group;
	size_t i;

	json_array_foreach(groups, i, group) {
		id = decode_key(arena, json_object_get(group, "id"));
		if (id != NULL)
			buf_printf(&list, "%s%c", id, LIST_ITEM_END);
	}
	text = list.len > 0 ? arena_dup(arena, list.data) : NULL;
	buf_close(&list);
	return (text);
}

static const char *
decode_date(struct arena *arena, json_t *value, bool *valid)
{
	char text[DAY_TEXT_SIZE];
	day_number day;

	*valid = true;
	if (json_is_null(value) || value == NULL)
		return (NULL);
	*valid = json_is_string(value) && day_parse(json_string_value(value), &day);
	return (*valid ? arena_dup(arena, day_format(day, text)) : NULL);
}

/* The value of a field as the record keeps it; *valid false: it is there but unreadable. */
static const char *
decode_value(struct arena *arena, enum field_kind kind, json_t *value, bool *valid)
{
	*valid = value == NULL || json_is_null(value) || json_is_string(value);
	switch (kind) {
	case KIND_STRING:
	case KIND_PHONE:
	case KIND_STATUS:
	case KIND_TYPE:
		return (decode_text(arena, value));
	case KIND_EMAIL:
		return (text_lower(arena, decode_text(arena, value)));
	case KIND_DATE:
		return (decode_date(arena, value, valid));
	case KIND_ENTITY:
	case KIND_PLACE:
	case KIND_PERSON:
		return (decode_key(arena, value));
	case KIND_ADDRESS:
		*valid = value == NULL || json_is_null(value) || json_is_object(value);
		return (decode_place(arena, value));
	case KIND_GROUPS:
		*valid = value == NULL || json_is_null(value) || json_is_array(value);
		return (decode_groups(arena, value));
	case KIND_GROUP:
		*valid = true;
		break;
	}
	return (NULL);
}

/* ---- employees --------------------------------------------------------------------- */

static const char *
decode_employments(struct arena *arena, json_t *list)
{
	struct buf packed = BUF_INIT;
	struct employment employment;
	const char *text;
	json_t *item;
	size_t i;
	bool valid;

	json_array_foreach(list, i, item) {
		const char *day;

		employment.id = decode_key(arena, json_object_get(item, "id"));
		if (employment.id == NULL ||
		    json_is_string(json_object_get(item, "remote_deleted_at")))
			continue;
		employment.type = decode_text(arena, json_object_get(item, "employment_type"));
		day = decode_date(arena, json_object_get(item, "effective_date"), &valid);
		if (day == NULL || !day_parse(day, &employment.effective))
			employment.effective = DAY_NONE;
		employment_pack(&packed, &employment);
	}
	text = packed.len > 0 ? arena_dup(arena, packed.data) : NULL;
	buf_close(&packed);
	return (text);
}

static void
decode_fields(struct arena *arena, const struct decoder *decoder, json_t *tree,
    struct employee *employee)
{
	const struct field *field;
	size_t i;
	bool valid;

	for (i = 0; i < FIELD_N; i++) {
		if (!decode_reads(decoder, (enum field_id)i))
			continue;
		field = field_get((enum field_id)i);
		employee->value[i] = decode_value(arena, field->kind,
		    json_object_get(tree, field->kombo), &valid);
		if (!valid)
			employee->invalid |= UINT32_C(1) << i;
	}
	if (decode_reads(decoder, FIELD_EMPLOYMENT_TYPE))
		employee->employments = decode_employments(arena,
		    json_object_get(tree, "employments"));
}

/* What every model has: id, changed_at, remote_deleted_at. */
static int
decode_common(struct arena *arena, json_t *tree, const char **kombo, struct decoded *decoded,
    struct err *err)
{
	const char *changed;

	*kombo = decode_key(arena, json_object_get(tree, "id"));
	if (*kombo == NULL)
		return (err_set(err, ERR_RECORD, "it has no usable id"));
	decoded->deleted = json_is_string(json_object_get(tree, "remote_deleted_at"));
	changed = json_string_value(json_object_get(tree, "changed_at"));
	if (changed == NULL || !clock_parse(changed, &decoded->changed_at))
		decoded->changed_at = 0;
	return (0);
}

int
decode_employee(struct arena *arena, const struct decoder *decoder,
    const struct slice *element, struct decoded *decoded, struct err *err)
{
	struct employee *employee = &decoded->employee;
	json_t *tree;
	int result;

	*decoded = (struct decoded){ .deleted = false };
	employee->source = decoder->source;
	tree = decode_tree(decoder, element, err);
	if (tree == NULL)
		return (-1);
	result = decode_common(arena, tree, &employee->kombo, decoded, err);
	if (result == 0 && !decoded->deleted) {
		employee->remote = decode_key(arena, json_object_get(tree, "remote_id"));
		decode_fields(arena, decoder, tree, employee);
	}
	json_decref(tree);
	return (result);
}

int
decode_unit(struct arena *arena, const struct decoder *decoder, enum unit_model model,
    const struct slice *element, struct decoded *decoded, struct err *err)
{
	struct unit *unit = &decoded->unit;
	json_t *tree;
	int result;

	*decoded = (struct decoded){ .deleted = false };
	unit->source = decoder->source;
	unit->model = model;
	tree = decode_tree(NULL, element, err);
	if (tree == NULL)
		return (-1);
	result = decode_common(arena, tree, &unit->kombo, decoded, err);
	unit->gone = decoded->deleted;
	if (result == 0 && !decoded->deleted) {
		unit->remote = decode_key(arena, json_object_get(tree, "remote_id"));
		unit->name = decode_text(arena, json_object_get(tree, "name"));
		if (model == UNIT_GROUP)
			unit->type = decode_text(arena, json_object_get(tree, "type"));
		else
			unit->place = decode_place(arena, json_object_get(tree, "address"));
	}
	json_decref(tree);
	return (result);
}
