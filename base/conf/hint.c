/*
 * Owns nothing; texts go to the arena of the documents.
 */
#include "config.h"

#include "base/conf/hint.h"

#include <string.h>

#include "base/conf/rows.h"
#include "base/text.h"

#define WORD_SIZE 64

/* Lower case, for ASCII; what is longer than any word of ours is cut. */
static const char *
word_lower(const char *word, char lower[WORD_SIZE])
{
	size_t i;

	for (i = 0; word[i] != '\0' && i < WORD_SIZE - 1; i++)
		lower[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] | 0x20) :
		    word[i];
	lower[i] = '\0';
	return (lower);
}

void
conf_nearest_try(struct conf_nearest *nearest, const char *given, const char *word)
{
	char a[WORD_SIZE], b[WORD_SIZE];
	unsigned int distance;

	distance = text_distance(word_lower(given, a), word_lower(word, b));
	/* With more than half of its letters changed it is another word. */
	if (distance < nearest->distance && distance * 2 <= strlen(word)) {
		nearest->distance = distance;
		nearest->word = word;
	}
}

const char *
conf_nearest_question(const struct conf_nearest *nearest, struct arena *arena)
{
	if (nearest->word == NULL)
		return ("");
	return (arena_printf(arena, ": did you mean %s?", nearest->word));
}

/* ": it belongs in [sync]", when a key of that name is known there, or "". */
static const char *
key_elsewhere(const struct conf_docs *docs, enum conf_file file, const char *name)
{
	const struct conf_row *row;
	enum conf_key key;

	for (key = 0; key < CONF_N; key++) {
		row = conf_row(key);
		if (row->file == file && strcmp(row->key, name) == 0)
			return (arena_printf(docs->arena, ": it belongs in [%s]",
			    conf_section_name(docs->arena, row->section, "NAME")));
	}
	return ("");
}

/* ": did you mean tick?" of the keys of a section, else ": it has …", all of them. */
static const char *
key_question(const struct conf_docs *docs, enum conf_file file, const char *pattern,
    const char *name)
{
	struct conf_nearest nearest = CONF_NEAREST_INIT;
	struct buf list = BUF_INIT;
	const struct conf_row *row;
	const char *question;
	enum conf_key key;

	for (key = 0; key < CONF_N; key++) {
		row = conf_row(key);
		if (row->file != file || strcmp(row->section, pattern) != 0)
			continue;
		conf_nearest_try(&nearest, name, row->key);
		buf_printf(&list, "%s%s", list.len > 0 ? ", " : ": it has ", row->key);
	}
	question = nearest.word != NULL ? conf_nearest_question(&nearest, docs->arena) :
	    arena_dup(docs->arena, list.data);
	buf_close(&list);
	return (question);
}

void
conf_hint_key(const struct conf_docs *docs, const struct conf_doc *doc,
    const struct conf_section *section, const char *pattern,
    const struct conf_entry *entry)
{
	const char *hint;

	hint = key_elsewhere(docs, doc->kind, entry->key);
	if (*hint == '\0')
		hint = key_question(docs, doc->kind, pattern, entry->key);
	conf_finding_error(docs->findings, conf_at(doc->path, entry->line),
	    "unknown key %s in [%s]%s", entry->key, section->name, hint);
}

void
conf_hint_field(const struct conf_docs *docs, const struct conf_doc *doc,
    const struct conf_section *section, const struct conf_entry *entry)
{
	struct conf_nearest nearest = { .word = field_suggest(entry->key) };

	conf_finding_error(docs->findings, conf_at(doc->path, entry->line),
	    "unknown field %s in [%s]%s", entry->key, section->name,
	    conf_nearest_question(&nearest, docs->arena));
}

/* ": did you mean [view/vpn/include]?" of the sections of a file, or "". */
static const char *
section_question(const struct conf_docs *docs, enum conf_file file, const char *section)
{
	struct conf_nearest nearest = CONF_NEAREST_INIT;
	const struct conf_row *row;
	const char *slash, *view;
	enum conf_key key;

	view = "NAME";
	slash = strchr(section, '/');
	if (slash != NULL && slash[1] != '\0')
		view = arena_dup_len(docs->arena, slash + 1, strcspn(slash + 1, "/"));
	for (key = 0; key < CONF_N; key++) {
		row = conf_row(key);
		if (row->file == file)
			conf_nearest_try(&nearest, section,
			    conf_section_name(docs->arena, row->section, view));
	}
	if (nearest.word != NULL)
		nearest.word = arena_printf(docs->arena, "[%s]", nearest.word);
	return (conf_nearest_question(&nearest, docs->arena));
}

void
conf_hint_section(const struct conf_docs *docs, const struct conf_doc *doc,
    const struct conf_section *section)
{
	enum conf_file other;
	const char *name;
	size_t len;

	other = doc->kind == CONF_MAIN ? CONF_SOURCE : CONF_MAIN;
	if (conf_section_find(other, section->name, &name, &len) != NULL)
		conf_finding_error(docs->findings, conf_at(doc->path, section->line),
		    "[%s] belongs in %s%s", section->name,
		    other == CONF_MAIN ? CONF_MAIN_FILE : CONF_SOURCE_FOLDER,
		    other == CONF_MAIN ? "" : "NAME.conf");
	else
		conf_finding_error(docs->findings, conf_at(doc->path, section->line),
		    "unknown section [%s]%s", section->name,
		    section_question(docs, doc->kind, section->name));
}
