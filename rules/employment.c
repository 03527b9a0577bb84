/*
 * Owns nothing. Pure.
 */
#include "config.h"

#include "rules/employment.h"

#include <stdbool.h>
#include <string.h>

#include "base/model.h"

void
employment_pack(struct buf *packed, const struct employment *employment)
{
	char day[DAY_TEXT_SIZE];

	buf_printf(packed, "%s%c%s%c%s%c", employment->id, LIST_PART_END,
	    employment->type != NULL ? employment->type : "", LIST_PART_END,
	    day_format(employment->effective, day), LIST_ITEM_END);
}

/* Cuts the text before the next `end`, in place; NULL when there is no such mark. */
static char *
employment_cut(char **text, char end)
{
	char *part, *mark;

	part = *text;
	mark = strchr(part, end);
	if (mark == NULL)
		return (NULL);
	*mark = '\0';
	*text = mark + 1;
	return (part);
}

static bool
employment_next(char **packed, struct employment *employment)
{
	char *day, *id, *type;

	id = employment_cut(packed, LIST_PART_END);
	type = id == NULL ? NULL : employment_cut(packed, LIST_PART_END);
	day = type == NULL ? NULL : employment_cut(packed, LIST_ITEM_END);
	if (day == NULL)
		return (false);
	employment->id = id;
	employment->type = *type != '\0' ? type : NULL;
	if (!day_parse(day, &employment->effective))
		employment->effective = DAY_NONE;
	return (true);
}

/* 2: in force, 1: to come, 0: undated. */
static int
employment_class(const struct employment *employment, day_number today)
{
	if (employment->effective == DAY_NONE)
		return (0);
	return (employment->effective <= today ? 2 : 1);
}

static bool
employment_better(const struct employment *a, const struct employment *b, day_number today)
{
	int class_a, class_b;

	class_a = employment_class(a, today);
	class_b = employment_class(b, today);
	if (class_a != class_b)
		return (class_a > class_b);
	if (class_a == 0)
		return (strcmp(a->id, b->id) < 0);
	if (a->effective != b->effective)
		return (class_a == 2 ? a->effective > b->effective :
		    a->effective < b->effective);
	return (strcmp(a->id, b->id) > 0);
}

const char *
employment_type_on(struct arena *arena, const char *packed, day_number today,
    day_number *next)
{
	struct employment best = { .id = NULL }, one;
	char *rest;

	*next = DAY_NONE;
	if (packed == NULL)
		return (NULL);
	rest = arena_dup(arena, packed);
	while (employment_next(&rest, &one)) {
		if (one.effective > today && (*next == DAY_NONE || one.effective < *next))
			*next = one.effective;
		if (best.id == NULL || employment_better(&one, &best, today))
			best = one;
	}
	return (best.type);
}
