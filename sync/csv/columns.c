/*
 * Owns nothing. When no column at all is known the first row is likely to be a person: nothing
 * of it is told then.
 */
#include "config.h"

#include "sync/csv/columns.h"

#include <string.h>

#include "base/text.h"

static const char *const part_names[PLACE_N] = {
	[PLACE_STREET] = "street",
	[PLACE_CITY] = "city",
	[PLACE_STATE] = "state",
	[PLACE_ZIP] = "zip",
	[PLACE_COUNTRY] = "country",
};

char
columns_separator(const struct conf_source *source)
{
	static const char separators[] = { ',', ';', '\t' };

	return (separators[conf_number(&source->set, CONF_CSV_SEPARATOR)]);
}

/* "First Name" is first_name. */
static const char *
column_fold(struct arena *arena, const char *cell)
{
	const char *clean;
	char *name, *p;

	clean = text_clean(arena, cell);
	name = arena_dup(arena, clean != NULL ? clean : "");
	for (p = name; *p != '\0'; p++) {
		if (*p == ' ' || *p == '-')
			*p = '_';
		else if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	}
	return (name);
}

/* The field of "work_location.city", and its part. */
static enum field_id
column_part(struct arena *arena, const char *name, enum place_part *part)
{
	enum field_kind kind;
	enum field_id id;
	const char *dot;
	size_t i;

	dot = strchr(name, '.');
	id = dot == NULL ? FIELD_N :
	    field_find(arena_dup_len(arena, name, (size_t)(dot - name)));
	if (id == FIELD_N)
		return (FIELD_N);
	kind = field_get(id)->kind;
	if (kind != KIND_ADDRESS && kind != KIND_PLACE)
		return (FIELD_N);
	for (i = 0; i < PLACE_N; i++)
		if (part_names[i] != NULL && strcmp(part_names[i], dot + 1) == 0) {
			*part = (enum place_part)i;
			return (id);
		}
	return (FIELD_N);
}

static bool
column_ignored(struct arena *arena, const struct conf_source *source, const char *name)
{
	const struct conf_list *list = conf_list(&source->set, CONF_CSV_IGNORE);
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(column_fold(arena, list->items[i].text), name) == 0)
			return (true);
	return (false);
}

/* False: it is no column we know. */
static bool
column_find(struct arena *arena, const struct conf_source *source, struct column *column)
{
	enum field_mode mode;

	column->field = field_find(column->name);
	column->part = PLACE_N;
	if (column_ignored(arena, source, column->name)) {
		column->field = FIELD_N;
		return (true);
	}
	if (column->field == FIELD_GROUPS)
		return (false);
	if (column->field == FIELD_N)
		column->field = column_part(arena, column->name, &column->part);
	column->key = strcmp(column->name, conf_text(&source->set, CONF_CSV_KEY)) == 0;
	if (column->field == FIELD_N)
		return (strcmp(column->name, "id") == 0);
	mode = source->mode[column->field];
	/* Memberships are live: they come in whatever the mode of the text is (rulings A24). */
	column->read = mode == MODE_CONTINUOUS || mode == MODE_IMPORT_ONCE ||
	    field_get(column->field)->kind == KIND_GROUP;
	return (true);
}

static void
column_tell_unknown(struct table *table, const struct column *column)
{
	const char *hint;

	if (*column->name == '\0') {
		table_flaw(table, "a column has no name: name it, or take it out");
		return;
	}
	if (strcmp(column->name, "groups") == 0) {
		table_flaw(table, "column groups: write team, department and cost_center, with | "
		    "between several");
		return;
	}
	hint = field_suggest(column->name);
	table_flaw(table, "there is no column \"%s\"%s%s%s", column->name,
	    hint != NULL ? ": did you mean " : "", hint != NULL ? hint :
	    ": `rollcall fields` lists them; to drop one, write ignore_column under [source]",
	    hint != NULL ? "?" : "");
}

/* Names that were given twice. */
static void
columns_check_twice(struct table *table, const struct columns *columns)
{
	size_t i, j;

	for (i = 0; i < columns->count; i++)
		for (j = 0; j < i; j++)
			if (*columns->list[i].name != '\0' &&
			    strcmp(columns->list[i].name, columns->list[j].name) == 0)
				table_flaw(table, "column %s is there twice",
				    columns->list[i].name);
}

static int
columns_check_key(const struct conf_source *source, struct table *table,
    struct columns *columns)
{
	size_t i;

	for (i = 0; i < columns->count; i++)
		if (columns->list[i].key) {
			columns->key = i;
			return (0);
		}
	table_flaw(table, "column %s is missing: it tells people apart ([source] key)",
	    conf_text(&source->set, CONF_CSV_KEY));
	return (-1);
}

/* A row that names nothing we know: perhaps the separator is another, or there is no header. */
static void
columns_tell_none(struct table *table, const struct conf_source *source,
    const struct table_row *header)
{
	static const struct { char sign; const char *name; } separators[] = {
		{ ',', "comma" }, { ';', "semicolon" }, { '\t', "tab" } };
	size_t i;

	for (i = 0; i < sizeof(separators) / sizeof(separators[0]); i++)
		if (header->count == 1 && strchr(header->cells[0], separators[i].sign) != NULL &&
		    separators[i].sign != columns_separator(source)) {
			table_flaw(table, "the cells stand between %ss: write separator = %s "
			    "under [source]", separators[i].name, separators[i].name);
			return;
		}
	table_flaw(table, "the first row is no header: it must name the columns, such as %s, "
	    "first_name, last_name (`rollcall fields` lists them)",
	    conf_text(&source->set, CONF_CSV_KEY));
}

static void
columns_find_missing(const struct conf_source *source, struct columns *columns)
{
	enum field_mode mode;
	enum field_id id;
	size_t i;

	for (id = 0; id < FIELD_N; id++) {
		mode = source->mode[id];
		if (id != FIELD_GROUPS && (mode == MODE_CONTINUOUS || mode == MODE_IMPORT_ONCE ||
		    field_get(id)->kind == KIND_GROUP))
			columns->missing |= UINT32_C(1) << id;
	}
	for (i = 0; i < columns->count; i++)
		if (columns->list[i].field != FIELD_N)
			columns->missing &= ~(UINT32_C(1) << columns->list[i].field);
}

int
columns_read(struct arena *arena, const struct conf_source *source, struct table *table,
    const struct table_row *header, struct columns *columns)
{
	size_t i, known;
	bool *found;

	*columns = (struct columns){ .count = header->count };
	columns->list = arena_alloc(arena, header->count * sizeof(*columns->list));
	found = arena_alloc(arena, header->count * sizeof(*found));
	known = 0;
	for (i = 0; i < header->count; i++) {
		columns->list[i].name = column_fold(arena, header->cells[i]);
		found[i] = column_find(arena, source, &columns->list[i]);
		known += found[i];
	}
	if (known == 0) {
		columns_tell_none(table, source, header);
		return (-1);
	}
	columns_check_twice(table, columns);
	for (i = 0; i < header->count; i++)
		if (!found[i])
			column_tell_unknown(table, &columns->list[i]);
	columns_find_missing(source, columns);
	return (columns_check_key(source, table, columns) < 0 || known < header->count ? -1 : 0);
}
