/*
 * Owns nothing: what it makes lies in the arena of the documents, which becomes that of
 * the configuration.
 */
#include "config.h"

#include "base/conf/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf/hint.h"
#include "base/conf/modes.h"
#include "base/conf/rows.h"
#include "base/conf/type.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/text.h"

#define NAME_BYTES	"abcdefghijklmnopqrstuvwxyz0123456789-"
#define VIEWS_MOST	256
#define HOOKS_MOST	32	/* each has a thread of the daemon */
#define REMARK		"a comment needs a line of its own"

struct check {
	struct conf		*conf;
	const struct conf_docs	*docs;
	struct conf_types	 types;
	struct map		 first;	/* hash of what may come once: its line */
};

/* A section of a file, and where its values go. */
struct scope {
	const struct conf_doc		*doc;
	const struct conf_section	*section;
	const char			*pattern;	/* the section of conf.def */
	struct conf_set			*set;
};

/* The views that stand without being written (design/architecture.md §4). */
static const struct {
	const char	*name;
	const char	*statuses;
} standard_views[] = {
	{ "ldap", "active offboarding" },
	{ "scim", "onboarding active offboarding departed" },
};
#define STANDARD_VIEWS	(sizeof(standard_views) / sizeof(standard_views[0]))

/* The name of a file without its folder. */
static const char *
doc_file(const struct conf_doc *doc)
{
	if (doc->kind == CONF_MAIN)
		return (doc->path);
	return (doc->path + strlen(CONF_SOURCE_FOLDER));
}

/*
 * The place that keeps the line on which `name` came first in a space (some object that
 * stands for it); 0 as long as it did not. Valid until the next call.
 */
static uint64_t *
line_of(struct check *check, const void *space, const char *name)
{
	return (map_at(&check->first,
	    hash64_seed(name, strlen(name), (uint64_t)(uintptr_t)space), 0));
}

static void
list_add(struct arena *arena, struct conf_list *list, struct conf_item item)
{
	struct conf_item *slot;

	slot = arena_grow(arena, &list->items, list->count++, sizeof(*slot));
	*slot = item;
}

/* ---- one line ---- */

/* Whether a key may be given here: again only where there may be many. */
static bool
entry_is_first(struct check *check, const struct scope *scope,
    const struct conf_entry *entry, enum conf_key key)
{
	const char *name;
	uint64_t *line;

	if ((conf_row(key)->flags & CONF_MANY) != 0)
		return (true);
	/* Places are compared by their folded names (rulings A30). */
	name = text_fold(check->docs->arena, entry->key);
	line = line_of(check, &scope->set->lists[key], name);
	if (*line == 0) {
		*line = entry->line;
		return (true);
	}
	conf_finding_error(check->docs->findings,
	    conf_at(scope->doc->path, entry->line),
	    "%s is given twice, first on line %u", entry->key, (unsigned int)*line);
	return (false);
}

/* A remark behind a value; in this grammar it is part of the value. */
static const char *
value_remark(const char *value)
{
	const char *p;

	for (p = value; *p != '\0'; p++)
		if ((p[0] == ' ' || p[0] == '\t') && (p[1] == ';' || p[1] == '#'))
			return (p + 1);
	return (NULL);
}

/* Reads the value of an entry. False after a finding. */
static bool
item_read(struct check *check, struct conf_at at, const struct conf_entry *entry,
    const struct conf_row *row, struct conf_item *item)
{
	struct err err = ERR_INIT;
	const char *remark;

	if (*entry->value == '\0') {
		conf_finding_error(check->docs->findings, at,
		    "%s has no value: give one, or take the line out", entry->key);
		return (false);
	}
	remark = value_remark(entry->value);
	if (conf_type_read(&check->types, row, entry->value, item, &err) < 0) {
		conf_finding_error(check->docs->findings, at, "%s: %s%s", entry->key,
		    err.text, remark != NULL ? "; " REMARK : "");
		return (false);
	}
	if (remark != NULL)
		conf_finding_warning(check->docs->findings, at, "W109",
		    "%s: what follows the %c is part of the value; " REMARK, entry->key,
		    *remark);
	return (true);
}

/* Reads one value of an entry and adds it; a bad one is empty, with a finding. */
static void
value_add(struct check *check, const struct scope *scope, const struct conf_entry *entry,
    enum conf_key key)
{
	const struct conf_row *row = conf_row(key);
	const struct conf_doc *doc = scope->doc;
	struct conf_item item = { .text = "" };

	if (!item_read(check, conf_at(doc->path, entry->line), entry, row, &item))
		item = (struct conf_item){ .text = "" };
	item.line = entry->line;
	item.file = entry->line > 0 ? doc->path : NULL;
	item.name = strcmp(row->key, "*") == 0 ? entry->key : NULL;
	list_add(check->docs->arena, &scope->set->lists[key], item);
}

/* No choice holds a blank: several may stand side by side. */
static void
words_add(struct check *check, const struct scope *scope, const struct conf_entry *entry,
    enum conf_key key)
{
	struct conf_entry one = *entry;
	char *rest, *word, *words;

	words = arena_dup(check->docs->arena, entry->value);
	for (word = strtok_r(words, " \t", &rest); word != NULL;
	    word = strtok_r(NULL, " \t", &rest)) {
		one.value = word;
		value_add(check, scope, &one, key);
	}
}

static void
entry_check(struct check *check, const struct scope *scope,
    const struct conf_entry *entry)
{
	const struct conf_doc *doc = scope->doc;
	const struct conf_row *row;
	enum conf_key key;

	key = conf_key_find(doc->kind, scope->pattern, entry->key);
	if (key == CONF_N) {
		conf_hint_key(check->docs, doc, scope->section, scope->pattern, entry);
		return;
	}
	row = conf_row(key);
	if (conf_row_names_fields(row) && field_find(entry->key) == FIELD_N) {
		conf_hint_field(check->docs, doc, scope->section, entry);
		return;
	}
	if (!entry_is_first(check, scope, entry, key))
		return;
	if (row->type == CONF_TYPE_CHOICE && (row->flags & CONF_MANY) != 0 &&
	    value_remark(entry->value) == NULL && *entry->value != '\0')
		words_add(check, scope, entry, key);
	else
		value_add(check, scope, entry, key);
}

/* ---- views ---- */

static struct conf_view *
view_find(const struct conf *conf, const char *name)
{
	size_t i;

	for (i = 0; i < conf->view_count; i++)
		if (strcmp(conf->views[i].name, name) == 0)
			return (&conf->views[i]);
	return (NULL);
}

static struct conf_view *
view_add(struct conf *conf, const char *name)
{
	struct conf_view *view;

	view = arena_grow(conf->arena, &conf->views, conf->view_count++, sizeof(*view));
	view->name = name;
	return (view);
}

static bool
view_is_standard(const char *name)
{
	size_t i;

	for (i = 0; i < STANDARD_VIEWS; i++)
		if (strcmp(standard_views[i].name, name) == 0)
			return (true);
	return (false);
}

/* Whether a section may speak of a view of that name. False after a finding. */
static bool
view_is_sound(struct check *check, const struct scope *scope, const char *name,
    const char *own)
{
	struct conf_at at = conf_at(scope->doc->path, scope->section->line);
	struct conf_findings *findings = check->docs->findings;

	if (*name == '\0' || name[strspn(name, NAME_BYTES)] != '\0') {
		conf_finding_error(findings, at,
		    "[%s]: a view's name is made of a-z, 0-9 and -",
		    scope->section->name);
		return (false);
	}
	if (*line_of(check, scope->doc, own) == 0 && !view_is_standard(name)) {
		conf_finding_error(findings, at,
		    "[%s] is about a view that is not there: add [%s] with statuses",
		    scope->section->name, own);
		return (false);
	}
	if (check->conf->view_count >= VIEWS_MOST &&
	    view_find(check->conf, name) == NULL) {
		conf_finding_error(findings, at, "[%s]: there are more than %d views",
		    scope->section->name, VIEWS_MOST);
		return (false);
	}
	return (true);
}

/* The view that [view/NAME] or [view/NAME/include] is about; NULL after a finding. */
static struct conf_view *
view_get(struct check *check, const struct scope *scope, const char *name)
{
	struct conf_view *view;
	const char *own;

	own = conf_section_name(check->docs->arena,
	    conf_row(CONF_VIEW_STATUSES)->section, name);
	if (!view_is_sound(check, scope, name, own))
		return (NULL);
	view = view_find(check->conf, name);
	if (view == NULL)
		view = view_add(check->conf, name);
	if (strcmp(own, scope->section->name) == 0)
		view->line = scope->section->line;
	return (view);
}

/* ---- hooks ---- */

/* The hook that [hook/NAME] is about; NULL after a finding. */
static struct conf_hook *
hook_get(struct check *check, const struct scope *scope, const char *name)
{
	struct conf_at at = conf_at(scope->doc->path, scope->section->line);
	struct conf *conf = check->conf;
	struct conf_hook *hook;
	size_t i;

	if (*name == '\0' || name[strspn(name, NAME_BYTES)] != '\0') {
		conf_finding_error(check->docs->findings, at,
		    "[%s]: a hook's name is made of a-z, 0-9 and -", scope->section->name);
		return (NULL);
	}
	for (i = 0; i < conf->hook_count; i++)
		if (strcmp(conf->hooks[i].name, name) == 0)
			return (&conf->hooks[i]);
	if (conf->hook_count >= HOOKS_MOST) {
		conf_finding_error(check->docs->findings, at,
		    "[%s]: there are more than %d hooks", scope->section->name, HOOKS_MOST);
		return (NULL);
	}
	hook = arena_grow(conf->arena, &conf->hooks, conf->hook_count++, sizeof(*hook));
	hook->name = name;
	hook->line = scope->section->line;
	return (hook);
}

/* ---- files ---- */

/* Notes where each section stands, so that others can look ahead. */
static void
sections_note(struct check *check, const struct conf_doc *doc)
{
	const struct conf_section *section;
	uint64_t *line;
	size_t i;

	for (i = 0; i < doc->count; i++) {
		section = &doc->sections[i];
		if (section->name == NULL)
			continue;
		line = line_of(check, doc, section->name);
		if (*line != 0)
			conf_finding_error(check->docs->findings,
			    conf_at(doc->path, section->line),
			    "[%s] is given twice, first on line %u", section->name,
			    (unsigned int)*line);
		else
			*line = section->line;
	}
}

/* Finds out what scope->section is about. False after a finding. */
static bool
scope_find(struct check *check, struct scope *scope)
{
	struct conf_hook *hook;
	struct conf_view *view;
	const char *name;
	size_t len;

	if (scope->section->name == NULL)
		return (false);
	scope->pattern = conf_section_find(scope->doc->kind, scope->section->name,
	    &name, &len);
	if (scope->pattern == NULL) {
		conf_hint_section(check->docs, scope->doc, scope->section);
		return (false);
	}
	if (strchr(scope->pattern, '/') == NULL)
		return (true);
	name = arena_dup_len(check->docs->arena, name, len);
	if (strcmp(scope->pattern, conf_row(CONF_HOOK_EVENTS)->section) == 0) {
		hook = hook_get(check, scope, name);
		scope->set = hook != NULL ? &hook->set : NULL;
	} else {
		view = view_get(check, scope, name);
		scope->set = view != NULL ? &view->set : NULL;
	}
	return (scope->set != NULL);
}

static void
doc_check(struct check *check, const struct conf_doc *doc, struct conf_set *set)
{
	struct scope scope;
	size_t i, j;

	sections_note(check, doc);
	for (i = 0; i < doc->count; i++) {
		scope = (struct scope){ .doc = doc, .section = &doc->sections[i],
		    .set = set };
		if (!scope_find(check, &scope))
			continue;
		for (j = 0; j < scope.section->count; j++)
			entry_check(check, &scope, &scope.section->entries[j]);
	}
}

/* ---- what is not written ---- */

/* Adds a row's standard; where there may be many it is words between blanks. */
static void
standard_add(struct check *check, struct conf_set *set, enum conf_key key,
    const char *standard)
{
	const struct conf_row *row = conf_row(key);
	struct conf_item item = { .text = NULL };
	char *rest, *word, *words;
	const char *separators;

	words = arena_dup(check->docs->arena, standard);
	separators = (row->flags & CONF_MANY) != 0 ? " " : "";
	for (word = strtok_r(words, separators, &rest); word != NULL;
	    word = strtok_r(NULL, separators, &rest)) {
		if (conf_type_read(&check->types, row, word, &item, NULL) < 0)
			abort();	/* conf.def contradicts itself */
		list_add(check->docs->arena, &set->lists[key], item);
	}
}

/* A row that another provider than this source's has. */
static bool
row_is_foreign(const struct conf_row *row, const struct conf_set *set)
{
	int64_t provider;

	if ((row->flags & (CONF_KOMBO | CONF_CSV)) == 0)
		return (false);
	provider = conf_number(set, CONF_PROVIDER);
	return (provider != ((row->flags & CONF_KOMBO) != 0 ? CONF_FROM_KOMBO :
	    CONF_FROM_CSV));
}

/*
 * Adds standards for what was not given, and findings for what must be, unless `doc` is
 * NULL: it could not be read. `name` is that of a view or hook, or NULL.
 */
static void
set_complete(struct check *check, struct conf_set *set, enum conf_owner owner,
    const struct conf_doc *doc, const char *name)
{
	const struct conf_row *row;
	const char *section;
	enum conf_key key;

	for (key = 0; key < CONF_N; key++) {
		row = conf_row(key);
		if (conf_row_owner(row) != owner || set->lists[key].count > 0 ||
		    row_is_foreign(row, set))
			continue;
		standard_add(check, set, key, row->standard);
		if ((row->flags & CONF_REQUIRED) == 0 || doc == NULL)
			continue;
		section = conf_section_name(check->docs->arena, row->section, name);
		conf_finding_error(check->docs->findings,
		    conf_at(doc->path, (unsigned int)*line_of(check, doc, section)),
		    "[%s] %s is missing: %s", section, row->key, row->help);
	}
}

static void
views_complete(struct check *check, const struct conf_doc *doc)
{
	const struct conf_list *statuses;
	struct conf_view *view;
	size_t i, j;

	for (i = 0; i < check->conf->view_count; i++) {
		view = &check->conf->views[i];
		statuses = &view->set.lists[CONF_VIEW_STATUSES];
		if (i < STANDARD_VIEWS && statuses->count == 0)
			standard_add(check, &view->set, CONF_VIEW_STATUSES,
			    standard_views[i].statuses);
		set_complete(check, &view->set, CONF_OF_VIEW, doc, view->name);
		for (j = 0; j < statuses->count; j++)
			view->statuses |= 1U << statuses->items[j].number;
	}
}

static void
hooks_complete(struct check *check, const struct conf_doc *doc)
{
	const struct conf_list *events;
	struct conf_hook *hook;
	size_t i, j;

	for (i = 0; i < check->conf->hook_count; i++) {
		hook = &check->conf->hooks[i];
		set_complete(check, &hook->set, CONF_OF_HOOK, doc, hook->name);
		events = &hook->set.lists[CONF_HOOK_EVENTS];
		for (j = 0; j < events->count; j++)
			hook->events |= UINT32_C(1) << events->items[j].number;
	}
}

/* ---- sources ---- */

static void
source_check(struct check *check, const struct conf_doc *doc)
{
	struct conf_findings *findings = check->docs->findings;
	const char *file = doc_file(doc);
	struct conf_source *source;

	source = arena_grow(check->docs->arena, &check->conf->sources,
	    check->conf->source_count++, sizeof(*source));
	source->file = doc->path;
	source->name = arena_dup_len(check->docs->arena, file, strcspn(file, "."));
	if (strcmp(file + strlen(source->name), CONF_ENDING) != 0 ||
	    source->name[strspn(source->name, NAME_BYTES)] != '\0')
		conf_finding_error(findings, conf_at(doc->path, 0),
		    "a source is named by its file: a-z, 0-9 and -, then "
		    CONF_ENDING);
	doc_check(check, doc, &source->set);
	/* What is fetched is chosen before the first run (promises P14). */
	if (*line_of(check, doc, conf_row(CONF_FIELD_MODE)->section) == 0 &&
	    !check->types.stored)
		conf_finding_error(findings, conf_at(doc->path, 0),
		    "[fields] is missing: it says which data is fetched; default = "
		    "continuous in it will do");
	set_complete(check, &source->set, CONF_OF_SOURCE, doc, NULL);
	conf_modes_settle(source, findings);
}

static int
source_compare(const void *a, const void *b)
{
	const struct conf_source *x = a, *y = b;
	int64_t p, q;

	p = conf_number(&x->set, CONF_PRIORITY);
	q = conf_number(&y->set, CONF_PRIORITY);
	return (p != q ? (p > q) - (p < q) : strcmp(x->name, y->name));
}

void
conf_sort_sources(struct conf *conf)
{
	if (conf->source_count > 1)
		qsort(conf->sources, conf->source_count, sizeof(conf->sources[0]),
		    source_compare);
}

/* ---- all of it ---- */

static void
docs_check(struct check *check)
{
	const struct conf_doc *doc, *main_doc;
	struct conf *conf = check->conf;
	size_t i;

	for (i = 0; i < STANDARD_VIEWS; i++)
		(void)view_add(conf, standard_views[i].name);
	main_doc = NULL;
	for (i = 0; i < check->docs->count; i++) {
		doc = &check->docs->list[i];
		if (doc->kind == CONF_SOURCE) {
			source_check(check, doc);
			continue;
		}
		main_doc = doc;
		doc_check(check, doc, &conf->set);
	}
	set_complete(check, &conf->set, CONF_OF_MAIN, main_doc, NULL);
	views_complete(check, main_doc);
	hooks_complete(check, main_doc);
	conf_sort_sources(conf);
}

struct conf *
conf_check(const char *folder, const struct conf_docs *docs, bool stored)
{
	struct check check = {
		.conf = arena_alloc(docs->arena, sizeof(*check.conf)),
		.docs = docs,
		.types = { .arena = docs->arena, .stored = stored },
		.first = MAP_INIT,
	};

	check.conf->arena = docs->arena;
	check.conf->folder = arena_dup(docs->arena, folder);
	check.types.zones = zones_open();
	docs_check(&check);
	zones_close(&check.types.zones);
	map_close(&check.first);
	return (check.conf);
}
