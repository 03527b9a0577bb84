/*
 * Owns nothing. Pure.
 */
#include "config.h"

#include "rules/values.h"

#include <string.h>

#include "base/place.h"
#include "base/text.h"
#include "rules/employment.h"

/* A live unit by the Kombo id in a field, or NULL (rulings C3). */
static const struct unit_entry *
value_unit(const struct book *book, const struct employee *record, enum field_id id,
    enum unit_model model)
{
	const struct unit_entry *entry;

	if (record->value[id] == NULL)
		return (NULL);
	entry = units_find(book->units, record->source, model, record->value[id]);
	return (entry == NULL || entry->unit.gone ? NULL : entry);
}

static const char *
value_place(struct arena *arena, const struct unit_entry *location)
{
	struct place place;

	if (location == NULL)
		return (NULL);
	place_split(arena, location->unit.place, &place);
	place.part[PLACE_NAME] = location->unit.name;
	return (place_join(arena, &place));
}

/* Takes the next id off a list of Kombo ids; NULL at the end. Copied into the arena. */
static const char *
value_next_id(struct arena *arena, const char **list)
{
	const char *end, *id;

	if (*list == NULL || **list == '\0')
		return (NULL);
	end = strchr(*list, LIST_ITEM_END);
	if (end == NULL)
		return (NULL);
	id = arena_dup_len(arena, *list, (size_t)(end - *list));
	*list = end + 1;
	return (id);
}

/* The name of the primary group of a field's type: by name bytes, then id (rulings C4, C5). */
static const char *
value_group(struct arena *arena, const struct book *book, const struct employee *record,
    enum field_id field)
{
	const struct unit_entry *best, *entry;
	const char *id, *list;
	int order;

	best = NULL;
	list = record->value[FIELD_GROUPS];
	while ((id = value_next_id(arena, &list)) != NULL) {
		entry = units_find(book->units, record->source, UNIT_GROUP, id);
		if (entry == NULL || entry->unit.gone || entry->hidden ||
		    entry->field != (int)field || entry->unit.name == NULL)
			continue;
		order = best == NULL ? -1 : strcmp(entry->unit.name, best->unit.name);
		if (order < 0 || (order == 0 && strcmp(entry->unit.kombo,
		    best->unit.kombo) < 0))
			best = entry;
	}
	return (best != NULL ? best->unit.name : NULL);
}

const char *
value_of(struct arena *arena, const struct book *book, const struct employee *record,
    enum field_id id, day_number today)
{
	const struct unit_entry *entity;
	day_number next;

	switch (field_get(id)->kind) {
	case KIND_ENTITY:
		entity = value_unit(book, record, id, UNIT_ENTITY);
		return (entity != NULL ? entity->unit.name : NULL);
	case KIND_PLACE:
		return (value_place(arena, value_unit(book, record, id, UNIT_LOCATION)));
	case KIND_GROUP:
		return (value_group(arena, book, record, id));
	case KIND_TYPE:
		if (record->value[id] != NULL)
			return (record->value[id]);
		return (employment_type_on(arena, record->employments, today, &next));
	case KIND_GROUPS:
		return (NULL);
	case KIND_STRING:
	case KIND_EMAIL:
	case KIND_PHONE:
	case KIND_DATE:
	case KIND_STATUS:
	case KIND_ADDRESS:
	case KIND_PERSON:
		break;
	}
	return (record->value[id]);
}

void
values_facts(struct arena *arena, const struct book *book, const struct employee *record,
    day_number today, struct scope_facts *facts)
{
	const struct unit_entry **groups;
	const char *end, *id, *list;
	size_t room;

	room = 0;
	list = record->value[FIELD_GROUPS];
	for (end = list; end != NULL && (end = strchr(end, LIST_ITEM_END)) != NULL; end++)
		room++;
	groups = arena_alloc(arena, (room + 1) * sizeof(*groups));
	*facts = (struct scope_facts){
		.entity = value_unit(book, record, FIELD_LEGAL_ENTITY, UNIT_ENTITY),
		.location = value_unit(book, record, FIELD_WORK_LOCATION, UNIT_LOCATION),
		.groups = groups,
		.type = text_fold(arena, value_of(arena, book, record, FIELD_EMPLOYMENT_TYPE,
		    today)),
		.number = record->value[FIELD_EMPLOYEE_NUMBER],
	};
	while ((id = value_next_id(arena, &list)) != NULL)
		groups[facts->group_count++] =
		    units_find(book->units, record->source, UNIT_GROUP, id);
}
