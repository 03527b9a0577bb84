/*
 * Owns compiled scopes and the list of zones.
 */
#include "config.h"

#include "rules/book.h"

#include <string.h>

#include "base/clock.h"
#include "base/place.h"
#include "base/text.h"

struct book_zones {
	struct arena	*arena;
	const char	**names;	/* distinct IANA names */
	day_number	*today;
	size_t		 count;
	size_t		 room;
	size_t		 today_room;
	const char	**places;	/* folded keys of [zones] */
	size_t		*place_zones;
	size_t		 place_count;
};

static size_t
book_add_zone(struct book_zones *zones, const char *name)
{
	const char **slot;
	day_number *today;
	size_t i;

	for (i = 0; i < zones->count; i++)
		if (strcmp(zones->names[i], name) == 0)
			return (i);
	slot = mem_grow(&zones->names, zones->count, &zones->room, sizeof(*zones->names));
	today = mem_grow(&zones->today, zones->count, &zones->today_room,
	    sizeof(*zones->today));
	*slot = name;
	*today = DAY_NONE;
	return (zones->count++);
}

static struct book_zones *
book_open_zones(const struct conf *conf)
{
	const struct conf_list *list;
	struct book_zones *zones;
	size_t i;

	zones = mem_alloc(sizeof(*zones));
	zones->arena = arena_open();
	(void)book_add_zone(zones, conf_text(&conf->set, CONF_TIMEZONE));
	list = conf_list(&conf->set, CONF_ZONE);
	zones->places = arena_alloc(zones->arena, (list->count + 1) * sizeof(char *));
	zones->place_zones = arena_alloc(zones->arena, (list->count + 1) * sizeof(size_t));
	for (i = 0; i < list->count; i++) {
		zones->places[i] = text_fold(zones->arena, list->items[i].name);
		zones->place_zones[i] = book_add_zone(zones, list->items[i].text);
	}
	zones->place_count = list->count;
	return (zones);
}

static void
book_compile_source(struct book *book, const struct conf_source *conf,
    const struct conf *before, struct book_source *source)
{
	const struct conf_source *old;
	const char *zone;

	source->conf = conf;
	source->scope = scope_open_source(&conf->set);
	lifecycle_from_conf(&conf->set, &source->lifecycle);
	old = before != NULL ? conf_source(before, conf->name) : NULL;
	memcpy(source->before, old != NULL ? old->mode : conf->mode, sizeof(source->before));
	source->by_hand = strcmp(conf_text(&conf->set, CONF_PROVIDER), "kombo") != 0;
	zone = conf_text(&conf->set, CONF_SOURCE_ZONE);
	source->zone = zone != NULL ? book_add_zone(book->zones, zone) : 0;
}

static int
book_days(const struct conf *conf, enum conf_key key)
{
	return ((int)((conf_number(&conf->set, key) + CLOCK_DAY - 1) / CLOCK_DAY));
}

int
book_open(const struct conf *conf, const struct conf *before, struct units *units,
    struct book **out, struct err *err)
{
	struct book *book;
	size_t i;

	*out = NULL;
	if (conf->view_count > BOOK_VIEWS_MAX)
		return (err_set(err, ERR_CONFIG, "there are %zu views, at most %d are possible",
		    conf->view_count, BOOK_VIEWS_MAX));
	book = mem_alloc(sizeof(*book));
	book->conf = conf;
	book->units = units;
	book->zones = book_open_zones(conf);
	book->uid_policy = (enum uid_policy)conf_number(&conf->set, CONF_UID);
	book->retain_departed = book_days(conf, CONF_RETAIN_DEPARTED);
	book->retain_excluded = book_days(conf, CONF_RETAIN_EXCLUDED);
	book->gone_grace = book_days(conf, CONF_GONE_GRACE);
	book->source_count = conf->source_count;
	book->sources = mem_alloc((conf->source_count + 1) * sizeof(*book->sources));
	for (i = 0; i < conf->source_count; i++)
		book_compile_source(book, &conf->sources[i], before, &book->sources[i]);
	book->view_count = conf->view_count;
	book->views = mem_alloc((conf->view_count + 1) * sizeof(*book->views));
	for (i = 0; i < conf->view_count; i++) {
		book->views[i].conf = &conf->views[i];
		book->views[i].scope = scope_open_view(&conf->views[i].set);
	}
	*out = book;
	return (0);
}

void
book_close(struct book **out)
{
	struct book *book = *out;
	size_t i;

	if (book == NULL)
		return;
	for (i = 0; i < book->source_count; i++)
		scope_close(&book->sources[i].scope);
	for (i = 0; i < book->view_count; i++)
		scope_close(&book->views[i].scope);
	arena_close(&book->zones->arena);
	mem_free(&book->zones->names);
	mem_free(&book->zones->today);
	mem_free(&book->zones);
	mem_free(&book->sources);
	mem_free(&book->views);
	mem_free(out);
}

const struct book_source *
book_source(const struct book *book, int64_t id)
{
	size_t i;

	for (i = 0; i < book->source_count; i++)
		if (book->sources[i].id == id)
			return (&book->sources[i]);
	return (NULL);
}

size_t
book_zone_count(const struct book *book)
{
	return (book->zones->count);
}

const char *
book_zone_name(const struct book *book, size_t zone)
{
	return (book->zones->names[zone]);
}

void
book_set_today(struct book *book, size_t zone, day_number today)
{
	book->zones->today[zone] = today;
}

day_number
book_today(const struct book *book, size_t zone)
{
	return (book->zones->today[zone]);
}

static bool
book_find_place(const struct book_zones *zones, struct arena *arena, const char *name,
    size_t *zone)
{
	const char *folded;
	size_t i;

	if (name == NULL)
		return (false);
	folded = text_fold(arena, name);
	for (i = 0; i < zones->place_count; i++) {
		if (strcmp(zones->places[i], folded) == 0) {
			*zone = zones->place_zones[i];
			return (true);
		}
	}
	return (false);
}

size_t
book_zone_of(const struct book *book, const struct book_source *source, const char *place,
    struct arena *arena)
{
	struct place parts;
	size_t zone;

	if (place == NULL || book->zones->place_count == 0)
		return (source->zone);
	place_split(arena, place, &parts);
	if (book_find_place(book->zones, arena, parts.part[PLACE_NAME], &zone) ||
	    book_find_place(book->zones, arena, parts.part[PLACE_COUNTRY], &zone))
		return (zone);
	return (source->zone);
}
