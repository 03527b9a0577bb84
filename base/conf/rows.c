/*
 * Owns the table made from schema/conf.def; immutable.
 */
#include "config.h"

#include "base/conf/rows.h"

#include <string.h>

static const struct conf_row rows[CONF_N] = {
#define CONF(ID, holder, part, name, kind, limits, value, bits, text)		\
	[CONF_##ID] = { .file = CONF_##holder, .section = part, .key = name,	\
	    .type = CONF_TYPE_##kind, .range = limits, .standard = value,	\
	    .flags = bits, .help = text },
#include "schema/conf.def"
#undef CONF
};

const struct conf_row *
conf_row(enum conf_key key)
{
	return (&rows[key]);
}

enum conf_owner
conf_row_owner(const struct conf_row *row)
{
	if (row->file == CONF_SOURCE)
		return (CONF_OF_SOURCE);
	if (strncmp(row->section, "hook/", strlen("hook/")) == 0)
		return (CONF_OF_HOOK);
	return (strchr(row->section, '/') != NULL ? CONF_OF_VIEW : CONF_OF_MAIN);
}

bool
conf_row_names_fields(const struct conf_row *row)
{
	return (row->file == CONF_SOURCE && strcmp(row->key, "*") == 0);
}

const char *
conf_item_key(const struct conf_row *row, const struct conf_item *item)
{
	return (item->name != NULL ? item->name : row->key);
}

enum conf_key
conf_key_find(enum conf_file file, const char *pattern, const char *name)
{
	enum conf_key any, key;

	any = CONF_N;
	for (key = 0; key < CONF_N; key++) {
		if (rows[key].file != file || strcmp(rows[key].section, pattern) != 0)
			continue;
		if (strcmp(rows[key].key, name) == 0)
			return (key);
		if (strcmp(rows[key].key, "*") == 0)
			any = key;
	}
	return (any);
}

static bool
section_matches(const char *pattern, const char *section, const char **name,
    size_t *len)
{
	const char *slash;
	size_t head;

	*name = section;
	*len = 0;
	slash = strchr(pattern, '/');
	if (slash == NULL)
		return (strcmp(pattern, section) == 0);
	head = (size_t)(slash - pattern) + 1;
	if (strncmp(pattern, section, head) != 0)
		return (false);
	*name = section + head;
	*len = strcspn(*name, "/");
	return (strcmp(*name + *len, slash + 1) == 0);
}

const char *
conf_section_find(enum conf_file file, const char *section, const char **name,
    size_t *len)
{
	size_t i;

	for (i = 0; i < CONF_N; i++)
		if (rows[i].file == file &&
		    section_matches(rows[i].section, section, name, len))
			return (rows[i].section);
	return (NULL);
}

const char *
conf_section_name(struct arena *arena, const char *pattern, const char *name)
{
	const char *slash;

	slash = strchr(pattern, '/');
	if (slash == NULL || name == NULL)
		return (pattern);
	return (arena_printf(arena, "%.*s%s%s", (int)(slash - pattern) + 1, pattern,
	    name, slash + 1));
}
