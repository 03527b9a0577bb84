/*
 * Owns nothing: a resource belongs to the entry of the image it was made for.
 * Immutable, but for the members of a group, which are added once.
 */
#include "config.h"

#include "scim/resource.h"

#include <endian.h>
#include <string.h>

#include "base/digest.h"

struct resource *
resource_pack(const struct writer *writer, uint64_t version)
{
	struct resource *resource;
	size_t items;
	char *json;

	items = writer->count * sizeof(*writer->items);
	resource = mem_realloc(NULL, sizeof(*resource) + items + writer->out->len + 2);
	resource->len = (uint32_t)writer->out->len;
	resource->count = (uint32_t)writer->count;
	resource->version = version;
	atomic_init(&resource->members, NULL);
	if (items > 0)
		memcpy(resource->items, writer->items, items);
	json = (char *)(resource->items + writer->count);
	memcpy(json, writer->out->data, writer->out->len);
	memcpy(json + writer->out->len, ",", 2);
	return (resource);
}

void
resource_free(struct resource *resource)
{
	struct resource *members;

	if (resource == NULL)
		return;
	members = atomic_load(&resource->members);
	mem_free(&members);
	mem_free(&resource);
}

const struct item *
resource_item(const struct resource *resource, const struct attr *attr)
{
	uint32_t i;

	for (i = 0; i < resource->count; i++)
		if (resource->items[i].attr == attr->id)
			return (&resource->items[i]);
	return (NULL);
}

const char *
etag_format(uint64_t version, char text[ETAG_SIZE])
{
	const uint64_t bytes = htobe64(version);

	memcpy(text, "W/\"", 3);
	(void)digest_hex(&bytes, sizeof(bytes), text + 3);
	memcpy(text + 3 + 2 * sizeof(bytes), "\"", 2);
	return (text);
}

const char *
resource_etag(const struct resource *resource, char text[ETAG_SIZE])
{
	return (etag_format(resource->version, text));
}
