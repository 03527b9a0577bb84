/*
 * Owns nothing.
 */
#include "config.h"

#include "base/conf/modes.h"

#include <string.h>

/* The mode of a field that is not named. */
static void
mode_standard(struct conf_source *source, enum field_id id)
{
	const struct conf_item *item = &source->set.lists[CONF_FIELD_DEFAULT].items[0];
	enum field_mode mode;

	source->mode[id] = MODE_CONTINUOUS;
	mode = field_mode_find(item->text);
	if ((field_get(id)->flags & FIELD_OPTIONAL) != 0) {
		source->mode[id] = MODE_OFF;
	} else if (mode != MODE_N && field_allows(id, mode)) {
		source->mode[id] = mode;
		source->mode_line[id] = item->line;
	}
}

static void
mode_refuse(const struct conf_source *source, const struct conf_item *item,
    struct conf_findings *findings)
{
	struct conf_at at = conf_at(source->file, item->line);
	const struct field *field = field_get(field_find(item->name));

	if ((field->flags & FIELD_FIXED) != 0)
		conf_finding_error(findings, at,
		    "%s cannot be %s: it always follows the HR system (continuous)",
		    field->name, item->text);
	else
		conf_finding_error(findings, at,
		    "%s cannot be %s: it is a core field, which may be continuous or "
		    "import-once only", field->name, item->text);
}

static void
mode_given(struct conf_source *source, const struct conf_item *item,
    struct conf_findings *findings)
{
	enum field_id id = field_find(item->name);
	enum field_mode mode = field_mode_find(item->text);

	if (mode == MODE_N)
		return;		/* found wanting already */
	if (!field_allows(id, mode)) {
		mode_refuse(source, item, findings);
		return;
	}
	source->mode[id] = mode;
	source->mode_line[id] = item->line;
}

static void
nulls_given(struct conf_source *source, const struct conf_item *item,
    struct conf_findings *findings)
{
	struct conf_at at = conf_at(source->file, item->line);
	enum field_id id = field_find(item->name);

	if ((field_get(id)->flags & FIELD_LIVE) != 0) {
		conf_finding_error(findings, at,
		    "%s has no value of its own that could be kept or cleared",
		    item->name);
		return;
	}
	source->keep[id] = strcmp(item->text, "keep") == 0;
	source->keep_line[id] = item->line;
}

void
conf_modes_settle(struct conf_source *source, struct conf_findings *findings)
{
	const struct conf_list *modes = &source->set.lists[CONF_FIELD_MODE];
	const struct conf_list *nulls = &source->set.lists[CONF_NULLS];
	const struct conf_list *purposes = &source->set.lists[CONF_PURPOSE];
	enum field_id id;
	size_t i;

	for (id = 0; id < FIELD_N; id++) {
		mode_standard(source, id);
		/* Whoever empties a field by hand means it. */
		source->keep[id] = (field_get(id)->flags & FIELD_KEEP) != 0 &&
		    conf_provider(source) != CONF_FROM_HAND;
		source->purpose[id] = field_get(id)->purpose;
	}
	for (i = 0; i < modes->count; i++)
		mode_given(source, &modes->items[i], findings);
	for (i = 0; i < nulls->count; i++)
		nulls_given(source, &nulls->items[i], findings);
	for (i = 0; i < purposes->count; i++) {
		id = field_find(purposes->items[i].name);
		source->purpose[id] = purposes->items[i].text;
		source->purpose_line[id] = purposes->items[i].line;
	}
}
