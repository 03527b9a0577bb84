/*
 * Owns the JSON of a change. A field's value in a document is looked for by its kind where
 * scim/attributes.def and schema/fields.def say it stands.
 */
#include "config.h"

#include "scim/change.h"

#include <string.h>

#include "base/place.h"
#include "scim/doc_inside.h"
#include "scim/fold.h"

struct work {
	struct doc		*doc;		/* as it is to be */
	struct doc		 before;	/* as it is; its json borrowed */
	enum change_op		 op;
	const char		*today;
	struct change		*change;
};

void
change_close(struct change *change)
{
	json_decref(change->fields);
	json_decref(change->members);
	json_decref(change->external_id);
	*change = (struct change){ .fields = NULL };
}

bool
change_is_empty(const struct change *change)
{
	return (json_object_size(change->fields) == 0 && change->members == NULL &&
	    change->external_id == NULL);
}

/* ---- values -------------------------------------------------------------- */

/* NULL for what is not there, and for "". */
static const char *
text_of(const json_t *value)
{
	const char *text = json_string_value(value);

	return (text != NULL && *text != '\0' ? text : NULL);
}

static const char *
doc_text(const struct doc *doc, enum attr_id id)
{
	return (text_of(doc_get(doc, attr_get(id))));
}

static json_t *
json_text(const char *text)
{
	return (text != NULL ? json_string(text) : NULL);
}

static const char *
element_text(const json_t *element, const char *name)
{
	return (text_of(json_object_get(element, name)));
}

static bool
same_json(const json_t *a, const json_t *b)
{
	return (a == b || json_equal((json_t *)(uintptr_t)a, (json_t *)(uintptr_t)b));
}

static bool
same_text(struct arena *arena, const char *a, const char *b)
{
	size_t a_len, b_len;

	if (a == NULL || b == NULL)
		return (a == b);
	a_len = strlen(a);
	b_len = strlen(b);
	a = fold(arena, a, &a_len);
	b = fold(arena, b, &b_len);
	return (a_len == b_len && memcmp(a, b, a_len) == 0);
}

/* The attribute whose elements a field is one of, and that element's type. */
static const struct attr *
attr_of_element(enum field_id id, const struct attr_element **element)
{
	const struct attr *attr;
	unsigned int i;

	for (i = 0; i < attr_count(); i++) {
		attr = attr_get(i);
		for (*element = attr->elements; *element != NULL;
		    *element = (*element)->next)
			if ((*element)->field == id)
				return (attr);
	}
	return (NULL);
}

/* Without a type an element is of the first one: the work e-mail, for instance. */
static bool
element_is(const struct doc *doc, const struct attr *attr,
    const struct attr_element *element, const json_t *one)
{
	const char *type = element_text(one, "type");

	if (type == NULL)
		return (element == attr->elements);
	return (same_text(doc->arena, type, element->type));
}

static const json_t *
field_element(const struct doc *doc, enum field_id id)
{
	const struct attr_element *element;
	const struct attr *attr = attr_of_element(id, &element);
	const json_t *list, *one;
	size_t i;

	list = attr != NULL ? doc_get(doc, attr) : NULL;
	json_array_foreach((json_t *)(uintptr_t)list, i, one)
		if (element_is(doc, attr, element, one))
			return (one);
	return (NULL);
}

/* ---- addresses ----------------------------------------------------------- */

static const struct {
	const char	*attr;
	const char	*part;		/* as the daemon calls it */
} place_names[] = {
	{ "streetAddress", "street" },
	{ "locality", "city" },
	{ "region", "state" },
	{ "postalCode", "zip" },
	{ "country", "country" },
};
#define PLACE_NAMES	(sizeof(place_names) / sizeof(place_names[0]))

static bool
place_is_split(const json_t *element)
{
	size_t i;

	for (i = 0; i < PLACE_NAMES; i++)
		if (element_text(element, place_names[i].attr) != NULL)
			return (true);
	return (false);
}

static bool
place_differs(const json_t *element, const json_t *before)
{
	const char *now, *was;
	size_t i;

	for (i = 0; i < PLACE_NAMES; i++) {
		now = element_text(element, place_names[i].attr);
		was = element_text(before, place_names[i].attr);
		if ((now == NULL) != (was == NULL) ||
		    (now != NULL && strcmp(now, was) != 0))
			return (true);
	}
	return (false);
}

/*
 * Parts and the whole in lines say the same. Where they are changed apart, the parts count,
 * unless only the whole was written.
 */
static json_t *
place_value(const json_t *element, const json_t *before)
{
	const char *formatted = element_text(element, "formatted");
	json_t *place;
	bool whole;
	size_t i;

	place = json_object();
	whole = formatted != NULL && (!place_is_split(element) ||
	    (before != NULL && !place_differs(element, before) &&
	    json_object_get(before, "formatted") != NULL &&
	    strcmp(formatted, json_string_value(json_object_get(before, "formatted"))) != 0));
	if (whole)
		(void)json_object_set_new(place, "raw", json_string(formatted));
	for (i = 0; i < PLACE_NAMES && !whole; i++)
		if (element_text(element, place_names[i].attr) != NULL)
			(void)json_object_set_new(place, place_names[i].part,
			    json_string(element_text(element, place_names[i].attr)));
	return (place);
}

/* Consumes the place; NULL when nothing is in it. */
static json_t *
place_or_none(json_t *place)
{
	if (json_object_size(place) > 0)
		return (place);
	json_decref(place);
	return (NULL);
}

/* ---- fields -------------------------------------------------------------- */

/* The simple attributes a field fills: the first that says something new, or the first. */
static const char *
field_text(const struct work *work, const struct doc *doc, enum field_id id)
{
	const char *found, *text;
	const struct attr *attr;
	unsigned int i;

	found = NULL;
	for (i = 0; i < attr_count(); i++) {
		attr = attr_get(i);
		if (attr->field != id)
			continue;
		text = text_of(doc_get(doc, attr));
		if (doc == work->doc && work->op == CHANGE_SOME &&
		    !same_json(doc_get(doc, attr), doc_get(&work->before, attr)))
			return (text);
		if (found == NULL)
			found = text;
	}
	return (found);
}

/* userName stands for the work e-mail where the settings say so. */
static const char *
field_mail(const struct work *work, const struct doc *doc)
{
	const char *mail, *name, *was;

	mail = element_text(field_element(doc, FIELD_WORK_EMAIL), "value");
	if (doc != work->doc || doc->scope.form == NULL || doc->scope.form->uid_is_name)
		return (mail);
	name = doc_text(doc, ATTR_USER_NAME);
	was = doc_text(&work->before, ATTR_USER_NAME);
	if (name == NULL || (was != NULL && same_text(doc->arena, name, was)))
		return (mail);
	if (mail == NULL || (was != NULL && same_text(doc->arena, mail, was)))
		return (name);
	return (mail);
}

static const char *
field_manager(const struct doc *doc)
{
	const char *ref, *value = doc_text(doc, ATTR_MANAGER_VALUE);

	ref = doc_text(doc, ATTR_MANAGER_REF);
	if (value != NULL || ref == NULL)
		return (value);
	return (strrchr(ref, '/') != NULL ? strrchr(ref, '/') + 1 : ref);
}

static json_t *
field_place(const struct work *work, const struct doc *doc, enum field_id id)
{
	const json_t *element = field_element(doc, id);
	const char *name;
	json_t *place;

	place = place_value(element, doc == work->doc ? field_element(&work->before, id) :
	    NULL);
	name = field_get(id)->kind == KIND_PLACE ? field_text(work, doc, id) : NULL;
	if (name != NULL)
		(void)json_object_set_new(place, "name", json_string(name));
	return (place_or_none(place));
}

/* The value of a field in a document, the caller's; NULL for none. */
static json_t *
field_value(const struct work *work, const struct doc *doc, enum field_id id)
{
	if (id == FIELD_WORK_EMAIL)
		return (json_text(field_mail(work, doc)));
	switch (field_get(id)->kind) {
	case KIND_EMAIL:
	case KIND_PHONE:
		return (json_text(element_text(field_element(doc, id), "value")));
	case KIND_PLACE:
	case KIND_ADDRESS:
		return (field_place(work, doc, id));
	case KIND_PERSON:
		return (json_text(field_manager(doc)));
	case KIND_STRING:
	case KIND_DATE:
	case KIND_TYPE:
	case KIND_ENTITY:
	case KIND_GROUP:
		return (json_text(field_text(work, doc, id)));
	case KIND_STATUS:
	case KIND_GROUPS:
		break;
	}
	return (NULL);
}

static bool
field_same(const struct work *work, enum field_id id, const json_t *a, const json_t *b)
{
	if (a == NULL || b == NULL)
		return (a == b);
	if (field_get(id)->kind == KIND_EMAIL)
		return (same_text(work->doc->arena, json_string_value(a),
		    json_string_value(b)));
	return (same_json(a, b));
}

static void
field_put(const struct work *work, enum field_id id, json_t *value)
{
	(void)json_object_set_new(work->change->fields, field_get(id)->name,
	    value != NULL ? value : json_null());
}

static void
change_field(const struct work *work, enum field_id id)
{
	json_t *now, *was;

	now = field_value(work, work->doc, id);
	if (work->op != CHANGE_SOME) {
		if (now != NULL)
			field_put(work, id, now);
		return;
	}
	was = field_value(work, &work->before, id);
	if (field_same(work, id, now, was))
		json_decref(now);
	else
		field_put(work, id, now);
	json_decref(was);
}

/* ---- active -------------------------------------------------------------- */

static void
change_activate(const struct work *work)
{
	enum field_id id = FIELD_TERMINATION_DATE;
	const char *end = field_text(work, work->doc, id);

	field_put(work, FIELD_EMPLOYMENT_STATUS, json_string("ACTIVE"));
	if (end == NULL || strcmp(end, work->today) >= 0)
		return;
	if (work->op == CHANGE_SOME && json_object_get(work->change->fields,
	    field_get(id)->name) != NULL)
		return;
	field_put(work, id, NULL);
}

/*
 * The one thing SCIM says of a person's status (semantics 3.7): who is not active has left,
 * who is again has come back, and an end date that has passed is the last spell's. A PUT
 * that does not speak of it leaves it.
 */
static int
change_active(const struct work *work, struct err *err)
{
	const json_t *now = doc_get(work->doc, attr_get(ATTR_ACTIVE));
	const json_t *was = doc_get(&work->before, attr_get(ATTR_ACTIVE));

	if (work->op == CHANGE_CREATE)
		return (json_is_false(now) ? err_set(err, ERR_SCIM_VALUE,
		    "active: who is not active is not taken in; create the person when she "
		    "is, or with a startDate to come") : 0);
	if (now == NULL && work->op == CHANGE_ALL)
		now = was;
	if (now == NULL)
		return (err_set(err, ERR_MUTABILITY, "active is there always"));
	if (!same_json(now, was)) {
		if (json_is_true(now))
			change_activate(work);
		else
			field_put(work, FIELD_EMPLOYMENT_STATUS, json_string("INACTIVE"));
	} else if (work->op == CHANGE_ALL && json_is_false(now) &&
	    same_text(work->doc->arena, field_text(work, &work->before,
	    FIELD_EMPLOYMENT_STATUS), status_name(STATUS_DEPARTED)))
		field_put(work, FIELD_EMPLOYMENT_STATUS, json_string("INACTIVE"));
	return (0);
}

/* ---- what cannot be ------------------------------------------------------ */

static int
change_fail_type(const struct work *work, const struct attr *attr, struct err *err)
{
	const struct attr_element *element;
	const char *types = "";

	for (element = attr->elements; element != NULL; element = element->next)
		if (work->doc->scope.form == NULL ||
		    form_has_field(work->doc->scope.form, element->field))
			types = arena_printf(work->doc->arena, "%s%s%s", types,
			    *types != '\0' ? ", " : "", element->type);
	return (err_set(err, ERR_SCIM_VALUE, "%s has a place for one of each of these types: %s",
	    attr->name, types));
}

/* PATCH says what it wants: what there is no place for is not left out in silence. */
static int
change_check_elements(const struct work *work, const struct attr *attr, struct err *err)
{
	const struct attr_element *element;
	uint32_t seen = 0, bit;
	const json_t *one;
	size_t i;

	json_array_foreach(doc_get(work->doc, attr), i, one) {
		for (element = attr->elements; element != NULL; element = element->next)
			if (element_is(work->doc, attr, element, one) &&
			    (work->doc->scope.form == NULL ||
			    form_has_field(work->doc->scope.form, element->field)))
				break;
		bit = element != NULL ? UINT32_C(1) << element->field : 0;
		if (bit == 0 || (seen & bit) != 0)
			return (change_fail_type(work, attr, err));
		seen |= bit;
	}
	return (0);
}

/* Attributes no field fills, and the status, which is derived. */
static bool
attr_is_ours(const struct attr *attr)
{
	switch (attr->id) {
	case ATTR_EXTERNAL_ID:
	case ATTR_USER_NAME:
	case ATTR_ACTIVE:
	case ATTR_SCHEMAS:
	case ATTR_MANAGER:
	case ATTR_GROUP_NAME:
	case ATTR_MEMBERS:
		return (false);
	default:
		return (attr->field == FIELD_EMPLOYMENT_STATUS ||
		    attr->id == ATTR_USER_GROUPS || attr->fields == 0);
	}
}

static bool
attr_is_missing(const struct work *work, const struct attr *attr)
{
	return ((attr->flags & ATTR_REQUIRED) != 0 && attr->schema != SCHEMA_COMMON &&
	    text_of(doc_get(work->doc, attr)) == NULL);
}

static int
change_check_attr(const struct work *work, const struct attr *attr, struct err *err)
{
	if (attr_is_missing(work, attr))
		return (err_set(err, work->op == CHANGE_SOME ? ERR_MUTABILITY :
		    ERR_SCIM_VALUE, "%s is required", attr->name));
	if (work->op != CHANGE_SOME)
		return (0);
	if (same_json(doc_get(work->doc, attr), doc_get(&work->before, attr)))
		return (0);
	if (attr_is_ours(attr))
		return (err_set(err, ERR_MUTABILITY, "%s is the server's own", attr->name));
	return (attr->elements != NULL ? change_check_elements(work, attr, err) : 0);
}

static int
change_check_schema(const struct work *work, enum schema_id schema, struct err *err)
{
	const struct attr *attr;

	for (attr = schema_get(schema)->attrs; attr != NULL; attr = attr->next)
		if (change_check_attr(work, attr, err) < 0)
			return (-1);
	return (0);
}

static int
change_check(const struct work *work, struct err *err)
{
	const enum schema_id *schema = type_get(work->doc->scope.type)->schemas;

	if (change_check_schema(work, SCHEMA_COMMON, err) < 0)
		return (-1);
	for (; *schema != SCHEMA_N; schema++)
		if (change_check_schema(work, *schema, err) < 0)
			return (-1);
	return (0);
}

/* A userName that is not what the directory makes of it must not look as if it had worked. */
static int
change_check_name(const struct work *work, struct err *err)
{
	const char *mail, *name = doc_text(work->doc, ATTR_USER_NAME);
	const char *was = doc_text(&work->before, ATTR_USER_NAME);

	if (work->doc->scope.form == NULL || (was != NULL &&
	    same_text(work->doc->arena, name, was)))
		return (0);
	if (work->doc->scope.form->uid_is_name)
		return (work->op != CHANGE_SOME ? 0 : err_set(err, ERR_MUTABILITY,
		    "userName is chosen once and kept for life"));
	mail = element_text(field_element(work->doc, FIELD_WORK_EMAIL), "value");
	if (mail != NULL && !same_text(work->doc->arena, mail, name) &&
	    (was == NULL || !same_text(work->doc->arena, mail, was)))
		return (err_set(err, ERR_SCIM_VALUE, "userName is the work e-mail here, and "
		    "emails has another one: let them agree"));
	if (strchr(name, '@') == NULL)
		return (err_set(err, ERR_SCIM_VALUE,
		    "userName is the work e-mail here: write an e-mail address"));
	return (0);
}

/* ---- the client's own id, members, the whole ----------------------------- */

static void
change_external_id(const struct work *work)
{
	const char *now = doc_text(work->doc, ATTR_EXTERNAL_ID);
	const char *was = doc_text(&work->before, ATTR_EXTERNAL_ID);

	if ((now == NULL) == (was == NULL) && (now == NULL || strcmp(now, was) == 0))
		return;
	work->change->external_id = now != NULL ? json_string(now) : json_null();
}

static json_t *
change_ids(json_t *set)
{
	const char *id;
	json_t *list, *ignored;

	list = json_array();
	json_object_foreach(set, id, ignored)
		(void)json_array_append_new(list, json_string(id));
	return (list);
}

static void
change_members(const struct work *work)
{
	struct doc *doc = work->doc;

	if (work->op != CHANGE_SOME || doc->members_none) {
		work->change->members = json_pack("{s:o}", "set",
		    change_ids(doc->members_in));
		return;
	}
	if (json_object_size(doc->members_in) == 0 && json_object_size(doc->members_out) == 0)
		return;
	work->change->members = json_pack("{s:o, s:o}", "add", change_ids(doc->members_in),
	    "remove", change_ids(doc->members_out));
}

static void
change_group(const struct work *work)
{
	const char *now = doc_text(work->doc, ATTR_GROUP_NAME);
	const char *was = doc_text(&work->before, ATTR_GROUP_NAME);

	if (work->op != CHANGE_SOME || was == NULL || strcmp(now, was) != 0)
		field_put(work, FIELD_DISPLAY_NAME, json_string(now));
	change_members(work);
}

static int
change_person(const struct work *work, struct err *err)
{
	enum field_id id;

	if (change_check_name(work, err) < 0)
		return (-1);
	for (id = 0; id < FIELD_N; id++)
		if (work->doc->scope.form == NULL ||
		    form_has_field(work->doc->scope.form, id))
			change_field(work, id);
	return (change_active(work, err));
}

int
change_make(struct doc *doc, enum change_op op, const json_t *before, const char *today,
    struct change *change, struct err *err)
{
	struct work work = { .doc = doc, .op = op, .today = today, .change = change,
		.before = { .scope = doc->scope, .arena = doc->arena,
		    .json = (json_t *)(uintptr_t)before } };

	*change = (struct change){ .fields = json_object() };
	if (change_check(&work, err) < 0)
		return (-1);
	change_external_id(&work);
	if (doc->scope.type == RESOURCE_USER)
		return (change_person(&work, err));
	change_group(&work);
	return (0);
}
