/*
 * A configuration owns one arena, in which it lies itself; immutable once it is loaded,
 * so that any number of threads may read it.
 */
#include "config.h"

#include "base/conf.h"

#include <string.h>

#include "base/conf/check.h"
#include "base/conf/read.h"
#include "base/conf/rules.h"
#include "base/conf/show.h"

/* What stands in the main file for a source that does not say. */
static const struct {
	enum conf_key	own;
	enum conf_key	common;
} source_commons[] = {
	{ CONF_SOURCE_INTERVAL, CONF_INTERVAL },
	{ CONF_SOURCE_FULL, CONF_FULL_INTERVAL },
	{ CONF_SOURCE_ZONE, CONF_TIMEZONE },
};
#define SOURCE_COMMONS	(sizeof(source_commons) / sizeof(source_commons[0]))

typedef int conf_reader(struct conf_docs *docs, const char *folder, struct err *err);

static int
conf_load_by(conf_reader *read, const char *folder, struct conf **conf,
    struct conf_findings *findings, struct err *err)
{
	struct conf_docs docs = { .arena = arena_open(), .findings = findings };

	*conf = NULL;
	conf_findings_open(findings);
	if (read(&docs, folder, err) < 0) {
		arena_close(&docs.arena);
		return (-1);
	}
	*conf = conf_check(folder, &docs, false);
	conf_rules_check(*conf, findings);
	conf_findings_sort(findings);
	if (findings->errors > 0) {
		conf_close(conf);
		return (err_set(err, ERR_CONFIG,
		    "the configuration in %s has %zu error%s: run rollcall "
		    "check-config %s",
		    folder, findings->errors, findings->errors > 1 ? "s" : "", folder));
	}
	conf_show_digest(*conf);
	return (0);
}

int
conf_load(const char *folder, struct conf **conf, struct conf_findings *findings,
    struct err *err)
{
	return (conf_load_by(conf_read_folder, folder, conf, findings, err));
}

int
conf_load_main(const char *folder, struct conf **conf, struct conf_findings *findings,
    struct err *err)
{
	return (conf_load_by(conf_read_main, folder, conf, findings, err));
}

const char *
conf_peek(const char *folder, enum conf_key key, struct arena *arena)
{
	struct conf_findings findings = { .list = NULL };
	struct conf_docs docs = { .arena = arena_open(), .findings = &findings };
	struct err err = ERR_INIT;
	struct conf *conf;
	const char *text;

	conf_findings_open(&findings);
	text = NULL;
	if (conf_read_main(&docs, folder, &err) < 0) {
		arena_close(&docs.arena);
	} else {
		conf = conf_check(folder, &docs, false);
		text = arena_dup(arena, conf_text(&conf->set, key));
		conf_close(&conf);
	}
	conf_findings_close(&findings);
	return (text != NULL ? text : conf_row(key)->standard);
}

void
conf_close(struct conf **conf)
{
	struct arena *arena;

	if (*conf == NULL)
		return;
	arena = (*conf)->arena;
	arena_close(&arena);
	*conf = NULL;
}

static const struct conf_item *
item_first(const struct conf_set *set, enum conf_key key)
{
	return (set->lists[key].count > 0 ? &set->lists[key].items[0] : NULL);
}

const char *
conf_text(const struct conf_set *set, enum conf_key key)
{
	const struct conf_item *item = item_first(set, key);

	return (item != NULL ? item->text : NULL);
}

int64_t
conf_number(const struct conf_set *set, enum conf_key key)
{
	const struct conf_item *item = item_first(set, key);

	return (item != NULL ? item->number : 0);
}

struct conf_limit
conf_limit(const struct conf_set *set, enum conf_key key)
{
	int64_t number = conf_number(set, key);

	return ((struct conf_limit){ .count = number / CONF_LIMIT_SCALE,
	    .percent = number % CONF_LIMIT_SCALE });
}

bool
conf_given(const struct conf_set *set, enum conf_key key)
{
	const struct conf_item *item = item_first(set, key);

	return (item != NULL && item->line > 0);
}

const struct conf_list *
conf_list(const struct conf_set *set, enum conf_key key)
{
	return (&set->lists[key]);
}

const struct conf_item *
conf_source_item(const struct conf *conf, const struct conf_source *source,
    enum conf_key key)
{
	const struct conf_item *item;
	size_t i;

	item = item_first(&source->set, key);
	for (i = 0; item == NULL && i < SOURCE_COMMONS; i++)
		if (source_commons[i].own == key)
			item = item_first(&conf->set, source_commons[i].common);
	return (item);
}

int64_t
conf_source_number(const struct conf *conf, const struct conf_source *source,
    enum conf_key key)
{
	const struct conf_item *item = conf_source_item(conf, source, key);

	return (item != NULL ? item->number : 0);
}

const char *
conf_source_text(const struct conf *conf, const struct conf_source *source,
    enum conf_key key)
{
	const struct conf_item *item = conf_source_item(conf, source, key);

	return (item != NULL ? item->text : NULL);
}

enum conf_provider
conf_provider(const struct conf_source *source)
{
	return ((enum conf_provider)conf_number(&source->set, CONF_PROVIDER));
}

bool
conf_source_fetches(const struct conf_source *source)
{
	switch (conf_provider(source)) {
	case CONF_FROM_KOMBO:
		return (true);
	case CONF_FROM_CSV:
		return (conf_given(&source->set, CONF_CSV_FILE));
	case CONF_FROM_HAND:
		break;
	}
	return (false);
}

const char *
conf_source_origin(const struct conf_source *source)
{
	const char *origin;

	origin = conf_text(&source->set, conf_provider(source) == CONF_FROM_KOMBO ?
	    CONF_INTEGRATION : CONF_CSV_FILE);
	return (origin != NULL ? origin : "");
}

const struct conf_source *
conf_source(const struct conf *conf, const char *name)
{
	size_t i;

	for (i = 0; i < conf->source_count; i++)
		if (strcmp(conf->sources[i].name, name) == 0)
			return (&conf->sources[i]);
	return (NULL);
}

const struct conf_view *
conf_view(const struct conf *conf, const char *name)
{
	size_t i;

	for (i = 0; i < conf->view_count; i++)
		if (strcmp(conf->views[i].name, name) == 0)
			return (&conf->views[i]);
	return (NULL);
}

const char *
conf_view_suffix(const struct conf *conf, const char *name)
{
	const struct conf_view *view = conf_view(conf, name);
	const char *suffix;

	suffix = view != NULL ? conf_text(&view->set, CONF_VIEW_SUFFIX) : NULL;
	return (suffix != NULL ? suffix : conf_text(&conf->set, CONF_SUFFIX));
}

const struct conf_hook *
conf_hook(const struct conf *conf, const char *name)
{
	size_t i;

	for (i = 0; i < conf->hook_count; i++)
		if (strcmp(conf->hooks[i].name, name) == 0)
			return (&conf->hooks[i]);
	return (NULL);
}
