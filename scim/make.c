/*
 * Owns what makers reuse.
 */
#include "config.h"

#include "scim/make.h"

#include <string.h>

#include "base/clock.h"

void
maker_open(struct maker *maker, const struct site *site)
{
	*maker = (struct maker){ .site = site, .arena = arena_open() };
}

void
maker_close(struct maker *maker)
{
	writer_close(&maker->writer);
	buf_close(&maker->out);
	buf_close(&maker->url);
	map_close(&maker->names);
	arena_close(&maker->arena);
}

const char *
make_url(struct buf *url, const struct site *site, enum resource_type type,
    const struct uuid *uuid)
{
	char text[UUID_TEXT_SIZE];

	buf_reset(url);
	buf_str(url, site->base_url);
	buf_str(url, type_get(type)->endpoint);
	buf_char(url, '/');
	buf_str(url, uuid_format(uuid, text));
	return (url->data);
}

static void
make_text(struct maker *maker, enum attr_id id, const char *text)
{
	writer_text(&maker->writer, attr_get(id), 0, text);
}

void
make_common(struct maker *maker, enum resource_type type,
    const struct image_entry *entry, uint64_t version, const enum schema_id *schemas)
{
	char etag[ETAG_SIZE], time[CLOCK_TEXT_SIZE], uuid[UUID_TEXT_SIZE];
	unsigned int i;

	for (i = 0; schemas[i] != SCHEMA_N; i++)
		writer_text(&maker->writer, attr_get(ATTR_SCHEMAS), i,
		    schema_get(schemas[i])->urn);
	make_text(maker, ATTR_ID, uuid_format(&entry->uuid, uuid));
	make_text(maker, ATTR_META_TYPE, type_get(type)->name);
	make_text(maker, ATTR_META_CREATED, clock_format(entry->created, 6, time));
	make_text(maker, ATTR_META_MODIFIED, clock_format(entry->modified, 6, time));
	make_text(maker, ATTR_META_LOCATION, make_url(&maker->url, maker->site, type,
	    &entry->uuid));
	make_text(maker, ATTR_META_VERSION, etag_format(version, etag));
}
