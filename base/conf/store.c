/*
 * Owns nothing. The stored text is made of lines, each a value with its place:
 *
 *   rollcall-configuration 1 TAB folder
 *   path TAB section TAB line TAB key TAB value
 *
 * Line 0 is that of a standard. The section of a view or hook has a line of its own, with an
 * empty key. Neither keys nor sections hold tabs, and nothing holds a line feed
 * (base/conf/read.h).
 */
#include "config.h"

#include "base/conf.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf/check.h"
#include "base/conf/read.h"
#include "base/conf/rows.h"
#include "base/conf/show.h"
#include "base/conf/type.h"
#include "base/text.h"

#define STORE_HEAD	"rollcall-configuration 1\t"

struct storing {
	struct buf	*text;
	struct arena	*arena;
	const char	*path;
};

static void
store_line(struct storing *storing, const char *section, unsigned int line,
    const char *key, const char *value)
{
	buf_printf(storing->text, "%s\t%s\t%u\t%s\t%s\n", storing->path, section, line,
	    key, value);
}

static void
store_item(struct storing *storing, const struct conf_row *row, const char *section,
    const struct conf_item *item)
{
	const char *value;

	value = item->text;
	if (row->type == CONF_TYPE_SECRET)
		value = conf_type_secret_kept(value);
	store_line(storing, section, item->line, conf_item_key(row, item), value);
}

static void
store_set(struct storing *storing, const struct conf_set *set, enum conf_owner owner,
    const char *name)
{
	const struct conf_list *list;
	const struct conf_row *row;
	const char *section;
	enum conf_key key;
	size_t i;

	for (key = 0; key < CONF_N; key++) {
		row = conf_row(key);
		if (conf_row_owner(row) != owner)
			continue;
		list = &set->lists[key];
		section = conf_section_name(storing->arena, row->section, name);
		for (i = 0; i < list->count; i++)
			store_item(storing, row, section, &list->items[i]);
	}
}

/* A section whose name the admin chose: `key` is one of its rows. */
static void
store_named(struct storing *storing, const struct conf_set *set, enum conf_key key,
    const char *name, unsigned int line)
{
	const char *section;

	section = conf_section_name(storing->arena, conf_row(key)->section, name);
	store_line(storing, section, line, "", "");
	store_set(storing, set, conf_row_owner(conf_row(key)), name);
}

void
conf_store_text(const struct conf *conf, struct buf *text)
{
	struct storing storing = { .text = text, .arena = arena_open() };
	size_t i;

	buf_printf(text, "%s%s\n", STORE_HEAD, conf->folder);
	storing.path = CONF_MAIN_FILE;
	store_set(&storing, &conf->set, CONF_OF_MAIN, NULL);
	for (i = 0; i < conf->view_count; i++)
		store_named(&storing, &conf->views[i].set, CONF_VIEW_STATUSES,
		    conf->views[i].name, conf->views[i].line);
	for (i = 0; i < conf->hook_count; i++)
		store_named(&storing, &conf->hooks[i].set, CONF_HOOK_EVENTS,
		    conf->hooks[i].name, conf->hooks[i].line);
	for (i = 0; i < conf->source_count; i++) {
		storing.path = conf->sources[i].file;
		store_set(&storing, &conf->sources[i].set, CONF_OF_SOURCE, NULL);
	}
	arena_close(&storing.arena);
}

static struct conf_doc *
doc_get(struct conf_docs *docs, const char *path)
{
	size_t i;

	for (i = 0; i < docs->count; i++)
		if (strcmp(docs->list[i].path, path) == 0)
			return (&docs->list[i]);
	return (conf_doc_add(docs, path));
}

/* Lines of one section follow each other. */
static struct conf_section *
section_get(struct conf_docs *docs, struct conf_doc *doc, const char *name,
    unsigned int line)
{
	if (doc->count > 0 && strcmp(doc->sections[doc->count - 1].name, name) == 0)
		return (&doc->sections[doc->count - 1]);
	return (conf_section_add(docs, doc, name, line));
}

/* The text up to a tab, which becomes a NUL; *rest goes behind it, or to NULL. */
static const char *
column_next(char **rest)
{
	const char *column;

	column = strsep(rest, "\t");
	return (column != NULL ? column : "");
}

static bool
line_load(struct conf_docs *docs, char *line)
{
	struct conf_section *section;
	struct conf_entry entry;
	const char *name, *path;
	unsigned long number;
	char *end;

	path = column_next(&line);
	name = column_next(&line);
	number = strtoul(column_next(&line), &end, 10);
	entry.key = column_next(&line);
	entry.value = line;
	entry.line = (unsigned int)number;
	if (line == NULL || *end != '\0' || number > UINT_MAX ||
	    (strcmp(path, CONF_MAIN_FILE) != 0 &&
	    strncmp(path, CONF_SOURCE_FOLDER, strlen(CONF_SOURCE_FOLDER)) != 0))
		return (false);
	section = section_get(docs, doc_get(docs, path), name,
	    *entry.key == '\0' ? entry.line : 0);
	if (*entry.key != '\0')
		conf_entry_add(docs, section, entry);
	return (true);
}

static int
docs_load(struct conf_docs *docs, const char *text, const char **folder,
    struct err *err)
{
	char *line, *rest;
	size_t len;

	*folder = NULL;
	len = strlen(text);
	if (strncmp(text, STORE_HEAD, strlen(STORE_HEAD)) != 0 ||
	    !text_valid(text, len))
		return (err_set(err, ERR_CONFIG, "the stored configuration is none"));
	if (text[len - 1] != '\n')
		return (err_set(err, ERR_CONFIG,
		    "the stored configuration is cut off"));
	rest = arena_dup_len(docs->arena, text, len - 1) + strlen(STORE_HEAD);
	*folder = strsep(&rest, "\n");
	while ((line = strsep(&rest, "\n")) != NULL)
		if (!line_load(docs, line))
			return (err_set(err, ERR_CONFIG,
			    "the stored configuration has a line that cannot be read"));
	if (docs->count == 0 || docs->list[0].kind != CONF_MAIN)
		return (err_set(err, ERR_CONFIG,
		    "the stored configuration has no main file"));
	return (0);
}

/* The configuration made of the documents, or NULL. */
static struct conf *
docs_make(const struct conf_docs *docs, const char *folder, struct err *err)
{
	struct buf first = BUF_INIT;
	struct conf *conf;

	conf = conf_check(folder, docs, true);
	if (docs->findings->errors == 0) {
		conf_show_digest(conf);
		return (conf);
	}
	conf_finding_format(&docs->findings->list[0], &first);
	(void)err_set(err, ERR_CONFIG,
	    "the stored configuration is not one of this release: %s", first.data);
	buf_close(&first);
	conf_close(&conf);
	return (NULL);
}

int
conf_load_text(const char *text, struct conf **conf, struct err *err)
{
	struct conf_findings findings;
	struct conf_docs docs = { .arena = arena_open(), .findings = &findings };
	const char *folder;

	*conf = NULL;
	conf_findings_open(&findings);
	if (docs_load(&docs, text, &folder, err) < 0)
		arena_close(&docs.arena);
	else
		*conf = docs_make(&docs, folder, err);
	conf_findings_close(&findings);
	return (*conf != NULL ? 0 : -1);
}
