/*
 * Owns the nations, in one arena. Read-only once made, so any thread may look.
 */
#include "config.h"

#include "tests/sandbox/nation.h"

#include <ctype.h>
#include <string.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/mem.h"

#define NATION_NAME_UNITS 128	/* UTF-16 units of a decomposed name, at most */

static struct arena *nation_arena;
static struct nation *nation_list;

static const struct {
	const char	*code, *country, *nationality, *phone, *currency, *company;
	unsigned int	 flags;
	const char	*women, *men, *families, *titles, *streets, *cities;
} nation_rows[NATION_N] = {
#define NATION(id, ...) [NATION_##id] = { #id, __VA_ARGS__ },
#include "tests/sandbox/nation.def"
#undef NATION
};

/* The text with combining marks; the text itself when it cannot be decomposed. */
static const char *
name_apart(const char *text)
{
	UChar given[NATION_NAME_UNITS], apart[NATION_NAME_UNITS];
	UErrorCode error = U_ZERO_ERROR;
	char out[NATION_NAME_UNITS * 3];
	const UNormalizer2 *nfd;
	int32_t len;

	nfd = unorm2_getNFDInstance(&error);
	u_strFromUTF8(given, NATION_NAME_UNITS, &len, text, -1, &error);
	len = unorm2_normalize(nfd, given, len, apart, NATION_NAME_UNITS, &error);
	u_strToUTF8(out, sizeof(out), NULL, apart, len, &error);
	if (U_FAILURE(error) || strcmp(out, text) == 0)
		return (text);
	return (arena_dup(nation_arena, out));
}

static const char *
name_lower(const char *text)
{
	char *lower, *p;

	lower = p = arena_dup(nation_arena, text);
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text) || *text == '-')
			*p++ = (char)tolower((unsigned char)*text);
	*p = '\0';
	return (lower);
}

static size_t
items_count(const char *items)
{
	size_t n;

	for (n = 1; *items != '\0'; items++)
		n += *items == '|';
	return (n);
}

/* Cuts the next item off *rest; the last one ends the list with NULL. */
static char *
item_next(char **rest)
{
	return (strsep(rest, "|"));
}

static void
names_read(struct nation_names *names, const char *items)
{
	struct nation_name *name;
	char *ascii, *rest;

	rest = arena_dup(nation_arena, items);
	while (rest != NULL) {
		name = &names->list[names->count++];
		ascii = item_next(&rest);
		name->text = strsep(&ascii, "=");
		name->ascii = ascii != NULL ? ascii : name_lower(name->text);
		name->apart = name_apart(name->text);
	}
}

static void
names_room(struct nation_names *names, size_t count)
{
	names->list = arena_alloc(nation_arena, count * sizeof(*names->list));
}

static void
cities_read(struct nation *nation, const char *items)
{
	struct nation_city *city;
	char *item, *rest;

	nation->cities = arena_alloc(nation_arena,
	    items_count(items) * sizeof(*nation->cities));
	rest = arena_dup(nation_arena, items);
	while (rest != NULL) {
		city = &nation->cities[nation->city_count++];
		item = item_next(&rest);
		city->name = strsep(&item, ";");
		city->zip = strsep(&item, ";");
		city->state = item;
	}
}

static void
nation_read(struct nation *nation, size_t row)
{
	nation->code = nation_rows[row].code;
	nation->country = nation_rows[row].country;
	nation->nationality = nation_rows[row].nationality;
	nation->phone = nation_rows[row].phone;
	nation->currency = nation_rows[row].currency;
	nation->company = nation_rows[row].company;
	nation->flags = nation_rows[row].flags;
	names_room(&nation->given, items_count(nation_rows[row].women) +
	    items_count(nation_rows[row].men));
	names_read(&nation->given, nation_rows[row].women);
	nation->women = nation->given.count;
	names_read(&nation->given, nation_rows[row].men);
	names_room(&nation->family, items_count(nation_rows[row].families));
	names_read(&nation->family, nation_rows[row].families);
	names_room(&nation->titles, items_count(nation_rows[row].titles));
	names_read(&nation->titles, nation_rows[row].titles);
	names_room(&nation->streets, items_count(nation_rows[row].streets));
	names_read(&nation->streets, nation_rows[row].streets);
	cities_read(nation, nation_rows[row].cities);
}

const struct nation *
nation_get(enum nation_id id)
{
	size_t row;

	if (nation_list == NULL) {
		nation_arena = arena_open();
		nation_list = arena_alloc(nation_arena,
		    NATION_N * sizeof(*nation_list));
		for (row = 0; row < NATION_N; row++)
			nation_read(&nation_list[row], row);
	}
	return (&nation_list[id]);
}

const struct nation *
nation_find(const char *code, size_t len)
{
	size_t row;

	for (row = 0; row < NATION_N; row++)
		if (strlen(nation_rows[row].code) == len &&
		    strncmp(nation_rows[row].code, code, len) == 0)
			return (nation_get((enum nation_id)row));
	return (NULL);
}

void
nation_close(void)
{
	arena_close(&nation_arena);
	nation_list = NULL;
}
