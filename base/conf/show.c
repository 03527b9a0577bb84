/*
 * Owns nothing. What is in force is walked in one place, for people's eyes and for the
 * digest.
 */
#include "config.h"

#include "base/conf/show.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf/rows.h"
#include "base/conf/type.h"
#include "base/digest.h"

struct showing {
	const struct conf	*conf;
	bool			 only_given;
	void			 (*show)(const struct conf_shown *, void *);
	void			*context;
	struct arena		*arena;		/* of one value */
};

/* A value and where it comes from; `line` is 0 for standards. */
static void
show_value(struct showing *showing, struct conf_shown shown, const char *file,
    unsigned int line)
{
	if (line == 0 && showing->only_given)
		return;
	shown.origin = "default";
	if (line > 0)
		shown.origin = arena_printf(showing->arena, "%s:%u", file, line);
	showing->show(&shown, showing->context);
	arena_reset(showing->arena);
}

static void
show_list(struct showing *showing, const struct conf_row *row, const char *name,
    const struct conf_list *list)
{
	const struct conf_item *item;
	struct conf_shown shown;
	size_t i;

	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		shown.section = conf_section_name(showing->arena, row->section, name);
		shown.key = conf_item_key(row, item);
		shown.value = item->text;
		if (row->type == CONF_TYPE_SECRET)
			shown.value = conf_type_secret_shown(item->text);
		show_value(showing, shown, item->file, item->line);
	}
}

/* The settled value of every field, in place of the lines that were given. */
static void
show_fields(struct showing *showing, const struct conf_source *source,
    enum conf_key key)
{
	const char *file = source->file;
	struct conf_shown shown = { .section = conf_row(key)->section };
	enum field_id id;

	for (id = 0; id < FIELD_N; id++) {
		shown.key = field_get(id)->name;
		if (key == CONF_PURPOSE) {
			shown.value = source->purpose[id];
			show_value(showing, shown, file, source->purpose_line[id]);
		} else if (key == CONF_FIELD_MODE) {
			shown.value = field_mode_name(source->mode[id]);
			show_value(showing, shown, file, source->mode_line[id]);
		} else if ((field_get(id)->flags & FIELD_LIVE) == 0) {
			shown.value = source->keep[id] ? "keep" : "clear";
			show_value(showing, shown, file, source->keep_line[id]);
		}
	}
}

static void
show_set(struct showing *showing, const struct conf_set *set, enum conf_owner owner,
    const char *name)
{
	enum conf_key key;

	for (key = 0; key < CONF_N; key++)
		if (conf_row_owner(conf_row(key)) == owner)
			show_list(showing, conf_row(key), name, &set->lists[key]);
}

static void
show_source(struct showing *showing, const struct conf_source *source)
{
	const struct conf_row *row;
	struct conf_list common;
	enum conf_key key;

	for (key = 0; key < CONF_N; key++) {
		row = conf_row(key);
		if (conf_row_owner(row) != CONF_OF_SOURCE)
			continue;
		if (conf_row_names_fields(row)) {
			show_fields(showing, source, key);
		} else if (source->set.lists[key].count > 0) {
			show_list(showing, row, NULL, &source->set.lists[key]);
		} else {
			common.items = conf_source_item(showing->conf, source, key);
			common.count = common.items != NULL ? 1 : 0;
			show_list(showing, row, NULL, &common);
		}
	}
}

void
conf_show(const struct conf *conf, const struct conf_source *source, bool only_given,
    void (*show)(const struct conf_shown *shown, void *context), void *context)
{
	struct showing showing = { .conf = conf, .only_given = only_given, .show = show,
	    .context = context, .arena = arena_open() };
	size_t i;

	if (source != NULL) {
		show_source(&showing, source);
	} else {
		show_set(&showing, &conf->set, CONF_OF_MAIN, NULL);
		for (i = 0; i < conf->view_count; i++)
			show_set(&showing, &conf->views[i].set, CONF_OF_VIEW,
			    conf->views[i].name);
		for (i = 0; i < conf->hook_count; i++)
			show_set(&showing, &conf->hooks[i].set, CONF_OF_HOOK,
			    conf->hooks[i].name);
	}
	arena_close(&showing.arena);
}

/* ---- the digest ---- */

struct lines {
	struct arena	 *arena;
	const char	 *source;	/* "" for the main file */
	const char	**list;
	size_t		  count;
};

static void
lines_add(const struct conf_shown *shown, void *context)
{
	struct lines *lines = context;
	const char **slot;

	slot = arena_grow(lines->arena, &lines->list, lines->count++, sizeof(*slot));
	*slot = arena_printf(lines->arena, "%s\t%s\t%s\t%s\n", lines->source,
	    shown->section, shown->key, shown->value);
}

static int
lines_compare(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}

/* Sorted, and each once: neither order nor repetition means anything in these files. */
void
conf_show_digest(struct conf *conf)
{
	struct lines lines = { .arena = arena_open(), .source = "" };
	struct buf text = BUF_INIT;
	size_t i;

	conf_show(conf, NULL, false, lines_add, &lines);
	for (i = 0; i < conf->source_count; i++) {
		lines.source = conf->sources[i].name;
		conf_show(conf, &conf->sources[i], false, lines_add, &lines);
	}
	qsort(lines.list, lines.count, sizeof(lines.list[0]), lines_compare);
	for (i = 0; i < lines.count; i++)
		if (i == 0 || strcmp(lines.list[i], lines.list[i - 1]) != 0)
			buf_str(&text, lines.list[i]);
	digest_sha256(text.data, text.len, conf->digest);
	buf_close(&text);
	arena_close(&lines.arena);
}
