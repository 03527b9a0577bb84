/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/typed.h"

#include <string.h>
#include <strings.h>

#include "base/day.h"
#include "base/place.h"
#include "base/text.h"

/* The statuses that mean something (semantics 3.7) in any letter case; others as they are. */
static const char *
typed_status(const char *text)
{
	static const char *const known[] = { "ACTIVE", "PENDING", "INACTIVE", "LEAVE" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(text, known[i]) == 0)
			return (known[i]);
	return (text);
}

static const char *
typed_date(struct arena *arena, const char *text, const char **value)
{
	char day[DAY_TEXT_SIZE];
	day_number number;

	*value = NULL;
	if (!day_parse(text, &number))
		return ("is no date: write it like 2026-11-20");
	*value = arena_dup(arena, day_format(number, day));
	return (NULL);
}

static const char *
typed_email(struct arena *arena, const char *text, const char **value)
{
	const char *at;

	*value = NULL;
	at = strchr(text, '@');
	if (at == NULL || at == text || at[1] == '\0' || strchr(at + 1, '@') != NULL ||
	    strpbrk(text, " \t\r\n") != NULL)
		return ("is no e-mail address");
	*value = text_lower(arena, text);
	return (NULL);
}

const char *
typed_read(struct arena *arena, enum field_id id, const char *text, const char **value)
{
	struct place place = { .part = { NULL } };

	*value = text_clean(arena, text);
	if (*value == NULL)
		return (NULL);
	switch (field_get(id)->kind) {
	case KIND_EMAIL:
		return (typed_email(arena, *value, value));
	case KIND_DATE:
		return (typed_date(arena, *value, value));
	case KIND_STATUS:
		*value = typed_status(*value);
		return (NULL);
	case KIND_PLACE:
		place.part[PLACE_NAME] = *value;
		*value = place_join(arena, &place);
		return (NULL);
	case KIND_ADDRESS:
		place.part[PLACE_RAW] = *value;
		*value = place_join(arena, &place);
		return (NULL);
	case KIND_STRING:
	case KIND_PHONE:
	case KIND_TYPE:
	case KIND_ENTITY:
	case KIND_PERSON:
	case KIND_GROUP:
	case KIND_GROUPS:
		break;
	}
	return (NULL);
}
