/*
 * Owns nothing. What must be given is checked with all that is missing (check.c): here is what
 * must not be, and what fits together.
 */
#include "config.h"

#include "base/conf/provider.h"

#include <string.h>

static struct conf_at
provider_at(const struct conf_source *source, enum conf_key key)
{
	const struct conf_list *list = conf_list(&source->set, key);

	return (conf_at(source->file, list->count > 0 ? list->items[0].line : 0));
}

/* Keys that mean something to another provider only. */
static void
provider_keys(const struct conf_source *source, struct conf_findings *findings)
{
	enum conf_provider provider = conf_provider(source), wanted;
	const struct conf_row *row;
	enum conf_key key;

	for (key = 0; key < CONF_N; key++) {
		row = conf_row(key);
		if ((row->flags & (CONF_KOMBO | CONF_CSV)) == 0 ||
		    !conf_given(&source->set, key))
			continue;
		wanted = (row->flags & CONF_KOMBO) != 0 ? CONF_FROM_KOMBO : CONF_FROM_CSV;
		if (provider != wanted)
			conf_finding_error(findings, provider_at(source, key),
			    "%s means nothing with provider = %s: take it out, or write "
			    "provider = %s", row->key, conf_text(&source->set, CONF_PROVIDER),
			    wanted == CONF_FROM_KOMBO ? "kombo" : "csv");
	}
}

/* The key column is read whatever its mode, but by its mode the field would not be. */
static void
provider_csv_key(const struct conf_source *source, struct conf_findings *findings)
{
	const char *name = conf_text(&source->set, CONF_CSV_KEY);
	enum field_id id;

	id = field_find(name != NULL ? name : "");
	if (id == FIELD_N || source->mode[id] == MODE_CONTINUOUS ||
	    source->mode[id] == MODE_IMPORT_ONCE)
		return;
	conf_finding_error(findings, conf_at(source->file, source->mode_line[id]),
	    "%s cannot be %s: it is the key of the file ([source] key)", name,
	    field_mode_name(source->mode[id]));
}

/* People typed in follow what is typed: there is nothing to take once. */
static void
provider_hand_modes(const struct conf_source *source, struct conf_findings *findings)
{
	enum field_id id;

	for (id = 0; id < FIELD_N; id++)
		if (source->mode[id] == MODE_IMPORT_ONCE || source->mode[id] == MODE_LOCAL)
			conf_finding_error(findings,
			    conf_at(source->file, source->mode_line[id]),
			    "%s cannot be %s with provider = local: every field there is set by "
			    "hand; write continuous, or off", field_get(id)->name,
			    field_mode_name(source->mode[id]));
}

/* Of two sources that want the same, the one whose file comes later is told. */
static void
provider_alone(const struct conf *conf, const struct conf_source *source,
    struct conf_findings *findings)
{
	enum conf_provider provider = conf_provider(source);
	const struct conf_source *other;
	size_t i;

	for (i = 0; i < conf->source_count; i++) {
		other = &conf->sources[i];
		if (conf_provider(other) != provider || strcmp(other->name, source->name) >= 0)
			continue;
		if (provider == CONF_FROM_HAND)
			conf_finding_error(findings, provider_at(source, CONF_PROVIDER),
			    "%s has provider = local already: one source holds all the people "
			    "added by hand", other->file);
		else if (provider == CONF_FROM_CSV && *conf_source_origin(source) != '\0' &&
		    strcmp(conf_source_origin(source), conf_source_origin(other)) == 0)
			conf_finding_error(findings, provider_at(source, CONF_CSV_FILE),
			    "file %s is read by %s already", conf_source_origin(source),
			    other->file);
	}
}

void
conf_provider_check(const struct conf *conf, const struct conf_source *source,
    struct conf_findings *findings)
{
	provider_keys(source, findings);
	provider_alone(conf, source, findings);
	switch (conf_provider(source)) {
	case CONF_FROM_KOMBO:
		break;
	case CONF_FROM_CSV:
		provider_csv_key(source, findings);
		break;
	case CONF_FROM_HAND:
		provider_hand_modes(source, findings);
		break;
	}
}
