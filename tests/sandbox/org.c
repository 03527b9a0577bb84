/*
 * Owns the units of one integration. One thread at a time.
 */
#include "config.h"

#include "tests/sandbox/org.h"

#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/draw.h"

/* Groups of one type: the names come round again with a number. */
struct series {
	const char	*type;
	const char	*names[24];
};

static const struct series series_departments = { "DEPARTMENT",
	{
	    "Engineering",
	    "Finance",
	    "Personal & Kultur",
	    "Ventes",
	    "Opérations",
	    "Service client",
	    "Juridique",
	    "Marketing",
	    "IT",
	    "Achats",
	    "Logistik",
	    "Forschung & Entwicklung",
	    "営業部",
	    "Διοίκηση",
	    "Продажби",
	    "الموارد البشرية",
	    "הנדסה",
	    "Qualité",
	    "Sécurité",
	    "Communication",
	} };

static const struct series series_teams = { "TEAM",
	{
	    "Team Albatros",
	    "Équipe Bleue",
	    "Team Cèdre",
	    "Plattform",
	    "Team Dahlia",
	    "Kundendienst",
	    "Équipe Nord",
	    "Payments",
	    "Team Été",
	    "Mobile",
	    "Team Fjäril",
	    "Vertrieb Süd",
	    "Données",
	    "Team Gingko",
	    "Support 2",
	    "Recruiting",
	} };

static const struct series series_centers = { "COST_CENTER",
	{
	    "4100 Verwaltung",
	    "4200 Vertrieb",
	    "4300 Produktion",
	    "4400 Marketing",
	    "4500 F&E",
	} };

/*
 * Parent: place among the odd groups, ODD_ROOT for the first department, ODD_LOST for a
 * group that never comes. No type: NULL (kombo/api.md §3.3).
 */
#define ODD_ROOT	(-1)
#define ODD_LOST	(-2)
#define ODD_NONE	(-3)

static const struct {
	const char	*name;
	const char	*type;
	int		 parent;
	int		 deleted;	/* so many days ago, 0 for not */
} odd_groups[ORG_ODD_GROUPS] = {
	{ "Ebene 1", "DEPARTMENT", ODD_ROOT, 0 },
	{ "Ebene 2", "DEPARTMENT", 0, 0 },
	{ "Ebene 3", "DEPARTMENT", 1, 0 },
	{ "Ebene 4", "DEPARTMENT", 2, 0 },
	{ "Ebene 5", "DEPARTMENT", 3, 0 },
	{ "Ebene 6", "DEPARTMENT", 4, 0 },
	{ "Ebene 7", "DEPARTMENT", 5, 0 },
	{ "Ebene 8", "TEAM", 6, 0 },
	{ "Henne", "TEAM", 9, 0 },
	{ "Ei", "TEAM", 8, 0 },
	{ "Verwaiste Gruppe", "TEAM", ODD_LOST, 0 },
	{ "Projekt „Zukunft“", NULL, ODD_NONE, 0 },
	{ NULL, "TEAM", ODD_NONE, 0 },
	{ "Same id as a person", "TEAM", ODD_ROOT, 0 },
	{ "R&D, \"Küche\" + Bad; #1 \\ <x> = y, with a name of more than "
	    "sixty-four characters that goes on", "TEAM", ODD_ROOT, 0 },
	{ "Engineering", "TEAM", 0, 0 },
	{ "Ohne Mitglieder", "DEPARTMENT", ODD_ROOT, 0 },
	{ "Aufgelöst lange", "TEAM", ODD_NONE, 30 },
	{ "Aufgelöst", "TEAM", ODD_NONE, 5 },
};

#define ORG_TWIN_GROUP	13	/* has the remote id, hence the Kombo id, of person 0 */

static uint32_t
at_most(uint32_t number, uint32_t limit)
{
	return (number < 1 ? 1 : number > limit ? limit : number);
}

void
org_plan(struct people *people, bool centers)
{
	bool odd;

	odd = people->count >= LINKS_RUN;
	people->departments = at_most(people->count / 20, 40);
	people->teams = at_most(people->count / 10, 5000);
	people->centers = centers ? at_most(people->count / 30, 60) : 0;
	people->odd_groups = odd ? ORG_ODD_GROUPS : 0;
	people->locations = people->nation_count * LINKS_LOCATIONS;
	people->odd_locations = odd ? ORG_ODD_LOCATIONS : 0;
}

struct unit *
units_add(struct units *units, const char *key, const char *name, int64_t now)
{
	struct unit *unit;

	unit = mem_grow(&units->list, units->count, &units->room, sizeof(*unit));
	units->count++;
	unit->key = mem_dup(key);
	unit->remote_id = mem_dup(key);
	unit->name = mem_dup(name);
	unit->changed_at = now;
	return (unit);
}

size_t
units_find(const struct units *units, const char *text)
{
	size_t i;

	for (i = 0; i < units->count; i++)
		if (strcmp(units->list[i].key, text) == 0)
			return (i);
	for (i = 0; i < units->count; i++)
		if (units->list[i].name != NULL &&
		    strcmp(units->list[i].name, text) == 0)
			return (i);
	return (units->count);
}

void
unit_set_address(struct unit *unit, const struct address *address)
{
	size_t i;

	unit->has_address = address != NULL;
	for (i = 0; i < ADDRESS_MEMBERS; i++)
		employee_text_set(&unit->address.part[i],
		    address != NULL ? address->part[i] : NULL);
}

/* When a unit last changed before the epoch. */
static int64_t
past(const struct people *people, uint64_t what)
{
	return (people->epoch - CLOCK_DAY -
	    (int64_t)draw_below(people->seed, DRAW_GROUP, what, 400 * 24 * 3600) *
		CLOCK_SECOND);
}

static const char *
series_name(struct arena *arena, const struct series *series, uint32_t i)
{
	uint32_t count;

	for (count = 0; series->names[count] != NULL; count++)
		continue;
	if (i < count)
		return (series->names[i]);
	return (arena_printf(arena, "%s %u", series->names[i % count], i / count + 1));
}

/*
 * Teams hang below the departments in turn, the others in a tree of four branches each.
 */
static void
series_open(struct org *org, const struct people *people, const struct series *series,
    uint32_t count)
{
	struct arena *arena;
	struct unit *unit;
	uint32_t i;

	arena = arena_open();
	for (i = 0; i < count; i++) {
		unit = units_add(&org->groups,
		    arena_printf(arena, "%c%u", *series->type, i + 1),
		    series_name(arena, series, i), past(people, org->groups.count));
		unit->type = mem_dup(series->type);
		if (*series->type == 'T')
			unit->parent = mem_printf("D%u", i % people->departments + 1);
		else if (i > 0)
			unit->parent = mem_printf("%c%u", *series->type,
			    (i - 1) / 4 + 1);
	}
	arena_close(&arena);
}

static char *
odd_parent(int parent)
{
	switch (parent) {
	case ODD_NONE:
		return (NULL);
	case ODD_LOST:
		return (mem_dup("G-9902"));
	case ODD_ROOT:
		return (mem_dup("D1"));
	default:	/* a place */
		return (mem_printf("G%d", parent + 1));
	}
}

static void
odd_groups_open(struct org *org, const struct people *people)
{
	struct arena *arena;
	struct unit *unit;
	size_t i;

	arena = arena_open();
	for (i = 0; i < people->odd_groups; i++) {
		unit = units_add(&org->groups,
		    i == ORG_TWIN_GROUP ? "1000" : arena_printf(arena, "G%zu", i + 1),
		    odd_groups[i].name, past(people, org->groups.count));
		unit->type = mem_dup(odd_groups[i].type);
		unit->parent = odd_parent(odd_groups[i].parent);
		if (odd_groups[i].deleted > 0)
			unit->deleted_at = unit->changed_at = people->epoch -
			    odd_groups[i].deleted * CLOCK_DAY + 4 * CLOCK_HOUR;
	}
	arena_close(&arena);
}

static void
place_address(const struct people *people, const struct nation *nation, size_t place,
    struct unit *unit)
{
	const struct nation_city *city;
	struct address address = { .part = { NULL } };
	struct arena *arena;
	const char *name, *street;
	unsigned int number;

	arena = arena_open();
	city = &nation->cities[place % nation->city_count];
	name = nation->streets.list[place % nation->streets.count].text;
	number = draw_below(people->seed, DRAW_STREET, place, 90) + 1;
	street = (nation->flags & NATION_NUMBER_FIRST) != 0 ?
	    arena_printf(arena, "%u %s", number, name) :
	    arena_printf(arena, "%s %u", name, number);
	address.part[ADDRESS_street_1] = street;
	address.part[ADDRESS_street_2] = place % 5 == 4 ? "2e étage / 2. Stock" : NULL;
	address.part[ADDRESS_city] = city->name;
	address.part[ADDRESS_zip_code] = city->zip;
	address.part[ADDRESS_state] = city->state;
	address.part[ADDRESS_country] = nation->code;
	address.part[ADDRESS_raw] = arena_printf(arena, "%s\n%s %s\n%s", street,
	    city->zip, city->name, nation->country);
	unit_set_address(unit, &address);
	arena_close(&arena);
}

static void
nation_open(struct org *org, const struct people *people, size_t n)
{
	const struct nation *nation = people->nations[n];
	struct arena *arena;
	struct unit *unit;
	size_t i, place;

	arena = arena_open();
	unit = units_add(&org->entities, arena_printf(arena, "E%zu", n + 1),
	    arena_printf(arena, "%s %s %s", people->organization, nation->country,
	    nation->company), past(people, n + 100000));
	place_address(people, nation, n * LINKS_LOCATIONS, unit);
	for (i = 0; i < LINKS_LOCATIONS; i++) {
		place = n * LINKS_LOCATIONS + i;
		unit = units_add(&org->locations,
		    arena_printf(arena, "L%zu", place + 1), nation->cities[i].name,
		    past(people, place + 200000));
		unit->type = mem_dup(i == 2 ? "PLANT" : "OFFICE");
		place_address(people, nation, place, unit);
	}
	arena_close(&arena);
}

/* One without address, one with a raw one only, a deleted one, a placeholder. */
static void
odd_places_open(struct org *org, const struct people *people)
{
	struct address raw = { .part = {
	    [ADDRESS_country] = "Deutschland",
	    [ADDRESS_raw] = "Werk 3, Tor B\nIndustriegebiet Nord\nDeutschland" } };
	struct unit *unit;

	unit = units_add(&org->locations, "L-remote", "Télétravail / Remote",
	    past(people, 300000));
	unit->type = mem_dup("REMOTE");
	unit = units_add(&org->locations, "L-raw", "Werk 3", past(people, 300001));
	unit_set_address(unit, &raw);
	unit = units_add(&org->locations, "L-closed", "Ancien siège", 0);
	unit->deleted_at = unit->changed_at = people->epoch - 6 * CLOCK_DAY;
	unit = units_add(&org->locations, "L-placeholder", NULL, past(people, 300002));
	mem_free(&unit->remote_id);
	unit = units_add(&org->entities, "E-placeholder", NULL, past(people, 300003));
	mem_free(&unit->remote_id);
}

void
org_open(struct org *org, const struct people *people)
{
	size_t n;

	series_open(org, people, &series_departments, people->departments);
	series_open(org, people, &series_teams, people->teams);
	series_open(org, people, &series_centers, people->centers);
	odd_groups_open(org, people);
	for (n = 0; n < people->nation_count; n++)
		nation_open(org, people, n);
	if (people->odd_locations > 0)
		odd_places_open(org, people);
}

static void
units_close(struct units *units)
{
	struct unit *unit;
	size_t i;

	for (i = 0; i < units->count; i++) {
		unit = &units->list[i];
		mem_free(&unit->key);
		mem_free(&unit->remote_id);
		mem_free(&unit->name);
		mem_free(&unit->type);
		mem_free(&unit->parent);
		unit_set_address(unit, NULL);
		buf_close(&unit->copy);
	}
	mem_free(&units->list);
	units->count = units->room = 0;
}

void
org_close(struct org *org)
{
	units_close(&org->groups);
	units_close(&org->entities);
	units_close(&org->locations);
}
