/*
 * Owns compiled filters. Pure: the same facts always give the same reasons.
 */
#include "config.h"

#include "rules/scope.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum scope_part { SCOPE_INCLUDE, SCOPE_EXCLUDE, SCOPE_HIDE, SCOPE_PARTS };

struct scope_terms {
	const struct conf_list	 *list;
	const char		**folded;
};

struct scope {
	struct arena		*arena;
	struct scope_terms	 terms[SCOPE_PARTS][SCOPE_KEYS];
	bool			 missing_included;
};

#define NO_KEY CONF_N

/* The settings of a part and key, in a source and in a view. */
static const struct {
	enum conf_key	source[SCOPE_KEYS];
	enum conf_key	view[SCOPE_KEYS];
} scope_settings[SCOPE_PARTS] = {
	[SCOPE_INCLUDE] = {
		{ CONF_IN_ENTITY, CONF_IN_TYPE, CONF_IN_GROUP, CONF_IN_LOCATION, NO_KEY },
		{ CONF_VIEW_IN_ENTITY, CONF_VIEW_IN_TYPE, CONF_VIEW_IN_GROUP,
		    CONF_VIEW_IN_LOCATION, NO_KEY },
	},
	[SCOPE_EXCLUDE] = {
		{ CONF_EX_ENTITY, CONF_EX_TYPE, CONF_EX_GROUP, CONF_EX_LOCATION, NO_KEY },
		{ CONF_VIEW_EX_ENTITY, CONF_VIEW_EX_TYPE, CONF_VIEW_EX_GROUP,
		    CONF_VIEW_EX_LOCATION, NO_KEY },
	},
	[SCOPE_HIDE] = {
		{ CONF_HIDE_ENTITY, CONF_HIDE_TYPE, CONF_HIDE_MEMBERS, CONF_HIDE_LOCATION,
		    CONF_HIDE_NUMBER },
		{ NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY },
	},
};

static const enum reason scope_reasons[SCOPE_PARTS][SCOPE_KEYS] = {
	[SCOPE_INCLUDE] = { REASON_FILTER_ENTITY, REASON_FILTER_TYPE, REASON_FILTER_GROUP,
	    REASON_FILTER_LOCATION, REASON_N },
	[SCOPE_EXCLUDE] = { REASON_EXCLUDE_ENTITY, REASON_EXCLUDE_TYPE, REASON_EXCLUDE_GROUP,
	    REASON_EXCLUDE_LOCATION, REASON_N },
	[SCOPE_HIDE] = { REASON_HIDDEN, REASON_HIDDEN, REASON_HIDDEN, REASON_HIDDEN,
	    REASON_HIDDEN },
};

static void
scope_compile(struct scope *scope, const struct conf_set *set, enum conf_key key,
    struct scope_terms *terms)
{
	size_t i;

	if (key == NO_KEY)
		return;
	terms->list = conf_list(set, key);
	terms->folded = arena_alloc(scope->arena,
	    (terms->list->count + 1) * sizeof(*terms->folded));
	for (i = 0; i < terms->list->count; i++)
		terms->folded[i] = text_fold(scope->arena, terms->list->items[i].text);
}

static struct scope *
scope_open(const struct conf_set *set, bool view)
{
	struct scope *scope;
	size_t key, part;

	scope = mem_alloc(sizeof(*scope));
	scope->arena = arena_open();
	for (part = 0; part < SCOPE_PARTS; part++)
		for (key = 0; key < SCOPE_KEYS; key++)
			scope_compile(scope, set, view ? scope_settings[part].view[key] :
			    scope_settings[part].source[key], &scope->terms[part][key]);
	scope->missing_included =
	    conf_number(set, view ? CONF_VIEW_IN_MISSING : CONF_IN_MISSING) != 0;
	return (scope);
}

struct scope *
scope_open_source(const struct conf_set *set)
{
	return (scope_open(set, false));
}

struct scope *
scope_open_view(const struct conf_set *set)
{
	return (scope_open(set, true));
}

void
scope_close(struct scope **scope)
{
	if (*scope == NULL)
		return;
	arena_close(&(*scope)->arena);
	mem_free(scope);
}

static bool
scope_is_unit(const struct unit_entry *entry, const char *text, const char *folded)
{
	if (entry == NULL || entry->unit.gone)
		return (false);
	return (strcmp(entry->unit.kombo, text) == 0 ||
	    (entry->unit.name != NULL && strcmp(entry->folded, folded) == 0));
}

/* Whether the record has the value that item `at` of the terms names. */
static bool
scope_match(const struct scope_terms *terms, size_t at, enum scope_key key,
    const struct scope_facts *facts)
{
	const char *folded, *text;
	size_t i;

	text = terms->list->items[at].text;
	folded = terms->folded[at];
	switch (key) {
	case SCOPE_ENTITY:
		return (scope_is_unit(facts->entity, text, folded));
	case SCOPE_LOCATION:
		return (scope_is_unit(facts->location, text, folded));
	case SCOPE_TYPE:
		return (facts->type != NULL && strcmp(facts->type, folded) == 0);
	case SCOPE_NUMBER:
		return (facts->number != NULL && strcmp(facts->number, text) == 0);
	case SCOPE_GROUP:
		for (i = 0; i < facts->group_count; i++)
			if (scope_is_unit(facts->groups[i], text, folded))
				return (true);
		return (false);
	case SCOPE_KEYS:
		break;
	}
	return (false);
}

/* Whether the record has any value at all for the key. */
static bool
scope_has(enum scope_key key, const struct scope_facts *facts)
{
	size_t i;

	switch (key) {
	case SCOPE_ENTITY:
		return (facts->entity != NULL && !facts->entity->unit.gone);
	case SCOPE_LOCATION:
		return (facts->location != NULL && !facts->location->unit.gone);
	case SCOPE_TYPE:
		return (facts->type != NULL);
	case SCOPE_NUMBER:
		return (facts->number != NULL);
	case SCOPE_GROUP:
		for (i = 0; i < facts->group_count; i++)
			if (facts->groups[i] != NULL && !facts->groups[i]->unit.gone)
				return (true);
		return (false);
	case SCOPE_KEYS:
		break;
	}
	return (false);
}

static bool
scope_match_any(const struct scope_terms *terms, enum scope_key key,
    const struct scope_facts *facts)
{
	size_t i;

	for (i = 0; i < terms->list->count; i++)
		if (scope_match(terms, i, key, facts))
			return (true);
	return (false);
}

uint32_t
scope_check(const struct scope *scope, const struct scope_facts *facts)
{
	const struct scope_terms *terms;
	uint32_t reasons;
	size_t key, part;
	bool hit;

	reasons = 0;
	for (part = 0; part < SCOPE_PARTS; part++) {
		for (key = 0; key < SCOPE_KEYS; key++) {
			terms = &scope->terms[part][key];
			if (terms->list == NULL || terms->list->count == 0)
				continue;
			hit = scope_match_any(terms, (enum scope_key)key, facts);
			if (part == SCOPE_INCLUDE)
				hit = !hit && !(scope->missing_included &&
				    !scope_has((enum scope_key)key, facts));
			if (hit)
				reasons |= REASON_BIT(scope_reasons[part][key]);
		}
	}
	return (reasons);
}

size_t
scope_explain(const struct scope *scope, const struct scope_facts *facts,
    enum reason reason, const struct conf_item **items, size_t room)
{
	const struct scope_terms *terms;
	size_t count, i, key, part;

	count = 0;
	for (part = 0; part < SCOPE_PARTS; part++) {
		for (key = 0; key < SCOPE_KEYS; key++) {
			terms = &scope->terms[part][key];
			if (scope_reasons[part][key] != reason || terms->list == NULL)
				continue;
			for (i = 0; i < terms->list->count; i++) {
				if (part != SCOPE_INCLUDE &&
				    !scope_match(terms, i, (enum scope_key)key, facts))
					continue;
				if (count < room)
					items[count] = &terms->list->items[i];
				count++;
			}
		}
	}
	return (count);
}

const struct conf_item *
scope_item(const struct scope *scope, enum scope_key key, size_t at)
{
	size_t part;

	for (part = SCOPE_INCLUDE; part <= SCOPE_EXCLUDE; part++) {
		if (scope->terms[part][key].list == NULL)
			continue;
		if (at < scope->terms[part][key].list->count)
			return (&scope->terms[part][key].list->items[at]);
		at -= scope->terms[part][key].list->count;
	}
	return (NULL);
}
