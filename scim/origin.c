/*
 * Owns the list of proxies. Immutable after origin_open.
 */
#include "config.h"

#include "scim/origin.h"

#include <string.h>
#include <strings.h>

#include "base/http.h"
#include "base/mem.h"

#define ORIGIN_LINES	16		/* of the header, at most */
#define ORIGIN_FOR	"for="

struct origin *
origin_open(const struct conf *conf)
{
	const struct conf_list *list = conf_list(&conf->set, CONF_SCIM_TRUSTED);
	struct err ignored = ERR_INIT;
	struct origin *origin;
	size_t i;

	origin = mem_alloc(sizeof(*origin));
	origin->header = (enum origin_header)conf_number(&conf->set, CONF_SCIM_HEADER);
	origin->trusted = mem_alloc((list->count + 1) * sizeof(*origin->trusted));
	for (i = 0; i < list->count; i++)
		if (net_parse(list->items[i].text, &origin->trusted[origin->count],
		    &ignored) == 0)
			origin->count++;
	return (origin);
}

void
origin_close(struct origin **origin)
{
	if (*origin == NULL)
		return;
	mem_free(&(*origin)->trusted);
	mem_free(origin);
}

bool
origin_trusts(const struct origin *origin, const struct net *address)
{
	size_t i;

	for (i = 0; i < origin->count; i++)
		if (net_has(&origin->trusted[i], address))
			return (true);
	return (false);
}

/* ---- addresses in headers ------------------------------------------------ */

/* A part of a header's value. */
struct span {
	const char	*text;
	size_t		 len;
};

static struct span
span_trim(struct span span)
{
	while (span.len > 0 && strchr(" \t", span.text[0]) != NULL)
		span.text++, span.len--;
	while (span.len > 0 && strchr(" \t", span.text[span.len - 1]) != NULL)
		span.len--;
	return (span);
}

/*
 * Takes what stands behind the last separator that is not between quotes. From the end,
 * since that is the part which the nearest proxy wrote: a quote that a client left open
 * cannot hide it.
 */
static struct span
span_last(struct span *rest, char separator)
{
	size_t at = rest->len;
	struct span part;
	bool quoted;

	quoted = false;
	while (at > 0 && (quoted || rest->text[at - 1] != separator))
		quoted ^= rest->text[--at] == '"';
	part = (struct span){ rest->text + at, rest->len - at };
	rest->len = at > 0 ? at - 1 : 0;
	return (span_trim(part));
}

/* "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:4711". */
static bool
origin_address(struct span span, struct net *address)
{
	struct err ignored = ERR_INIT;
	char text[NET_TEXT_SIZE];
	const char *end;

	if (span.len > 0 && span.text[0] == '[') {
		end = memchr(span.text, ']', span.len);
		if (end == NULL)
			return (false);
		span = (struct span){ span.text + 1, (size_t)(end - span.text) - 1 };
	} else {
		end = memchr(span.text, ':', span.len);
		if (end != NULL && memrchr(span.text, ':', span.len) == end)
			span.len = (size_t)(end - span.text);
	}
	if (span.len == 0 || span.len >= sizeof(text) ||
	    memchr(span.text, '/', span.len) != NULL)
		return (false);
	memcpy(text, span.text, span.len);
	text[span.len] = '\0';
	return (strcmp(text, NET_LOCAL) != 0 && net_parse(text, address, &ignored) == 0);
}

/* for=192.0.2.1;proto=https: the parameter's value without its quotes. */
static bool
origin_forwarded(struct span element, struct net *address)
{
	struct span part;

	while (element.len > 0) {
		part = span_last(&element, ';');
		if (part.len < strlen(ORIGIN_FOR) ||
		    strncasecmp(part.text, ORIGIN_FOR, strlen(ORIGIN_FOR)) != 0)
			continue;
		part.text += strlen(ORIGIN_FOR);
		part.len -= strlen(ORIGIN_FOR);
		if (part.len >= 2 && part.text[0] == '"' && part.text[part.len - 1] == '"')
			part.text++, part.len -= 2;
		return (origin_address(part, address));
	}
	return (false);
}

/* False when a hop cannot be read, or is no trusted proxy: the walk ends there. */
static bool
origin_step(const struct origin *origin, struct span hop, struct net *address)
{
	struct net before;

	if (hop.len == 0)
		return (true);
	if (!(origin->header == ORIGIN_FORWARDED ? origin_forwarded(hop, &before) :
	    origin_address(hop, &before)))
		return (false);
	*address = before;
	return (origin_trusts(origin, address));
}

void
origin_walk(const struct origin *origin, const char *const *lines, size_t count,
    struct net *address)
{
	struct span line;

	while (count-- > 0) {
		line = (struct span){ lines[count], strlen(lines[count]) };
		while (line.len > 0)
			if (!origin_step(origin, span_last(&line, ','), address))
				return;
	}
}

/* ---- of a request -------------------------------------------------------- */

struct origin_lines {
	const char	*name;
	const char	*lines[ORIGIN_LINES];
	size_t		 count;
};

/* When there are too many, the last ones count. */
static enum MHD_Result
origin_line(void *context, enum MHD_ValueKind kind __attribute__((unused)),
    const char *name, const char *value)
{
	struct origin_lines *found = context;

	if (value == NULL || strcasecmp(name, found->name) != 0)
		return (MHD_YES);
	if (found->count == ORIGIN_LINES)
		memmove(found->lines, found->lines + 1,
		    --found->count * sizeof(found->lines[0]));
	found->lines[found->count++] = value;
	return (MHD_YES);
}

void
origin_find(const struct origin *origin, struct MHD_Connection *connection,
    struct net *address)
{
	struct origin_lines found = { .name = origin->header == ORIGIN_FORWARDED ?
		"Forwarded" : "X-Forwarded-For" };

	http_peer(connection, address);
	if (!origin_trusts(origin, address))
		return;
	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, origin_line, &found);
	origin_walk(origin, found.lines, found.count, address);
}
