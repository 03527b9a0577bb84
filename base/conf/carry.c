/*
 * Owns nothing: what it copies lies in the arena of the configuration that takes it.
 */
#include "config.h"

#include "base/conf/carry.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf/check.h"
#include "base/conf/show.h"

static void
carry_set(struct arena *arena, const struct conf_set *from, struct conf_set *to)
{
	const struct conf_list *list;
	struct conf_item *items;
	size_t i, key;

	for (key = 0; key < CONF_N; key++) {
		list = &from->lists[key];
		items = arena_alloc(arena, (list->count + 1) * sizeof(*items));
		for (i = 0; i < list->count; i++) {
			items[i] = list->items[i];
			items[i].text = arena_dup(arena, items[i].text);
			items[i].name = arena_dup(arena, items[i].name);
			items[i].file = arena_dup(arena, items[i].file);
		}
		to->lists[key] = (struct conf_list){ .items = items, .count = list->count };
	}
}

void
conf_carry(struct conf *conf, const struct conf_source *source)
{
	struct conf_source *list, *slot;
	size_t i;

	list = arena_alloc(conf->arena, (conf->source_count + 1) * sizeof(*list));
	if (conf->source_count > 0)
		memcpy(list, conf->sources, conf->source_count * sizeof(*list));
	slot = &list[conf->source_count];
	*slot = *source;
	slot->name = arena_dup(conf->arena, source->name);
	slot->file = arena_dup(conf->arena, source->file);
	slot->carried = true;
	for (i = 0; i < FIELD_N; i++)
		slot->purpose[i] = arena_dup(conf->arena, source->purpose[i]);
	carry_set(conf->arena, &source->set, &slot->set);
	conf->sources = list;
	conf->source_count++;
	conf_sort_sources(conf);
	conf_show_digest(conf);
}
