/*
 * Owns the list of items, reused from resource to resource. One thread each.
 */
#include "config.h"

#include "scim/writer.h"

#include <string.h>

/* ---- strings ------------------------------------------------------------- */

static bool
json_is_plain(unsigned char c)
{
	return (c >= 0x20 && c != '"' && c != '\\');
}

static void
json_escape(struct buf *out, unsigned char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *pair;

	for (pair = letters; *pair != '\0'; pair += 2)
		if ((unsigned char)*pair == c)
			break;
	if (*pair != '\0')
		buf_printf(out, "\\%c", pair[1]);
	else
		buf_printf(out, "\\u%04x", c);
}

/* Adds the text without quotes; true when something had to be escaped. */
static bool
json_inside(struct buf *out, const char *text)
{
	bool escaped;
	size_t n;

	for (escaped = false;; escaped = true) {
		for (n = 0; json_is_plain((unsigned char)text[n]); n++)
			continue;
		buf_add(out, text, n);
		if (text[n] == '\0')
			return (escaped);
		json_escape(out, (unsigned char)text[n]);
		text += n + 1;
	}
}

void
json_quote(struct buf *out, const char *text)
{
	buf_char(out, '"');
	(void)json_inside(out, text);
	buf_char(out, '"');
}

/* ---- objects and arrays -------------------------------------------------- */

static void
writer_comma(struct writer *writer)
{
	char last = writer->out->data[writer->out->len - 1];

	if (last != '{' && last != '[')
		buf_char(writer->out, ',');
}

static void
writer_close_attr(struct writer *writer)
{
	if (writer->open == NULL)
		return;
	if (writer->open->type == ATTR_COMPLEX)
		buf_char(writer->out, '}');
	if ((writer->open->flags & ATTR_MULTI) != 0)
		buf_char(writer->out, ']');
	writer->open = NULL;
}

static void
writer_enter_extension(struct writer *writer, enum schema_id schema)
{
	if (writer->extension == schema)
		return;
	if (writer->extension != SCHEMA_COMMON)
		buf_char(writer->out, '}');
	writer->extension = schema;
	if (schema == SCHEMA_COMMON)
		return;
	writer_comma(writer);
	json_quote(writer->out, schema_get(schema)->urn);
	buf_str(writer->out, ":{");
}

/* Base schemas have no object of their own. */
static enum schema_id
writer_extension(const struct attr *attr)
{
	return (*schema_get(attr->schema)->prefix != '\0' ? attr->schema :
	    SCHEMA_COMMON);
}

static void
writer_key(struct writer *writer, const struct attr *attr)
{
	writer_comma(writer);
	buf_add(writer->out, attr->key, attr->key_len);
}

static void
writer_open_attr(struct writer *writer, const struct attr *attr)
{
	writer_close_attr(writer);
	writer_enter_extension(writer, writer_extension(attr));
	writer_key(writer, attr);
	if ((attr->flags & ATTR_MULTI) != 0)
		buf_char(writer->out, '[');
	if (attr->type == ATTR_COMPLEX)
		buf_char(writer->out, '{');
	writer->open = attr;
}

/* Brings the writer to where a value of the attribute goes. */
static void
writer_place(struct writer *writer, const struct attr *attr, unsigned int element)
{
	const struct attr *top;

	top = attr->parent != NULL ? attr->parent : attr;
	if (top->type != ATTR_COMPLEX && (top->flags & ATTR_MULTI) == 0) {
		writer_close_attr(writer);
		writer_enter_extension(writer, writer_extension(top));
		writer_key(writer, top);
		return;
	}
	if (writer->open != top)
		writer_open_attr(writer, top);
	else if (writer->element != element && top->type == ATTR_COMPLEX)
		buf_str(writer->out, "},{");
	writer->element = element;
	if (top->type == ATTR_COMPLEX)
		writer_key(writer, attr);
	else
		writer_comma(writer);
}

/* ---- values -------------------------------------------------------------- */

static void
writer_note(struct writer *writer, const struct attr *attr, unsigned int element,
    size_t at, bool escaped)
{
	struct item *item;

	if (!writer->keep)
		return;
	item = mem_grow(&writer->items, writer->count++, &writer->room, sizeof(*item));
	*item = (struct item){ .at = (uint32_t)(at - writer->start),
	    .len = (uint32_t)(writer->out->len - at), .element = element & 0x7fffff,
	    .attr = attr->id & 0xff, .escaped = escaped };
}

void
writer_begin(struct writer *writer, struct buf *out, bool keep)
{
	writer->out = out;
	writer->start = out->len;
	writer->keep = keep;
	writer->count = 0;
	writer->extension = SCHEMA_COMMON;
	writer->open = NULL;
	buf_char(out, '{');
}

void
writer_end(struct writer *writer)
{
	writer_close_attr(writer);
	writer_enter_extension(writer, SCHEMA_COMMON);
	buf_char(writer->out, '}');
}

void
writer_close(struct writer *writer)
{
	mem_free(&writer->items);
	writer->count = writer->room = 0;
}

void
writer_text(struct writer *writer, const struct attr *attr, unsigned int element,
    const char *text)
{
	bool escaped;
	size_t at;

	writer_place(writer, attr, element);
	buf_char(writer->out, '"');
	at = writer->out->len;
	escaped = json_inside(writer->out, text);
	writer_note(writer, attr, element, at, escaped);
	buf_char(writer->out, '"');
}

void
writer_bool(struct writer *writer, const struct attr *attr, unsigned int element,
    bool value)
{
	size_t at;

	writer_place(writer, attr, element);
	at = writer->out->len;
	buf_str(writer->out, value ? "true" : "false");
	writer_note(writer, attr, element, at, false);
}

void
writer_copy(struct writer *writer, const struct attr *attr, unsigned int element,
    const struct item *item, const char *json)
{
	bool quoted = attr->type != ATTR_BOOLEAN;
	size_t at;

	writer_place(writer, attr, element);
	if (quoted)
		buf_char(writer->out, '"');
	at = writer->out->len;
	buf_add(writer->out, json + item->at, item->len);
	writer_note(writer, attr, element, at, item->escaped);
	if (quoted)
		buf_char(writer->out, '"');
}
