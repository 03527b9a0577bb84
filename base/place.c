/*
 * Owns nothing.
 */
#include "config.h"

#include "base/place.h"

#include <string.h>

#define PLACE_SEPARATOR '\x1f'

const char *
place_join(struct arena *arena, const struct place *place)
{
	size_t i, len, total;
	char *end, *text;

	total = 0;
	for (i = 0; i < PLACE_N; i++)
		total += (place->part[i] != NULL ? strlen(place->part[i]) : 0) + 1;
	text = end = arena_alloc(arena, total + 1);
	for (i = 0; i < PLACE_N; i++) {
		if (i > 0)
			*end++ = PLACE_SEPARATOR;
		if (place->part[i] == NULL)
			continue;
		len = strlen(place->part[i]);
		memcpy(end, place->part[i], len);
		for (; len > 0; len--, end++)
			if (*end == PLACE_SEPARATOR)
				*end = ' ';
	}
	while (end > text && end[-1] == PLACE_SEPARATOR)
		end--;
	*end = '\0';
	return (end > text ? text : NULL);
}

void
place_split(struct arena *arena, const char *value, struct place *place)
{
	const char *end;
	size_t i;

	*place = (struct place){ .part = { NULL } };
	if (value == NULL)
		return;
	for (i = 0; i < PLACE_N; i++) {
		end = strchr(value, PLACE_SEPARATOR);
		if (end == NULL)
			end = value + strlen(value);
		if (end > value)
			place->part[i] = arena_dup_len(arena, value, (size_t)(end - value));
		if (*end == '\0')
			return;
		value = end + 1;
	}
}

static void
place_line(struct buf *lines, const char *first, const char *second)
{
	if (first == NULL && second == NULL)
		return;
	if (lines->len > 0)
		buf_char(lines, '\n');
	if (first != NULL)
		buf_str(lines, first);
	if (first != NULL && second != NULL)
		buf_char(lines, ' ');
	if (second != NULL)
		buf_str(lines, second);
}

const char *
place_lines(struct arena *arena, const struct place *place)
{
	struct buf lines = BUF_INIT;
	const char *text;

	if (place->part[PLACE_RAW] != NULL)
		return (place->part[PLACE_RAW]);
	place_line(&lines, place->part[PLACE_STREET], NULL);
	place_line(&lines, place->part[PLACE_ZIP], place->part[PLACE_CITY]);
	place_line(&lines, place->part[PLACE_STATE], NULL);
	place_line(&lines, place->part[PLACE_COUNTRY], NULL);
	text = lines.len > 0 ? arena_dup(arena, lines.data) : NULL;
	buf_close(&lines);
	return (text);
}
