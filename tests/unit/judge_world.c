/*
 * Owns nothing beyond its worlds.
 */
#include "config.h"

#include "tests/unit/judge_world.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/place.h"
#include "base/text.h"
#include "rules/employment.h"
#include "tests/unit/conf_world.h"

static const struct {
	enum unit_model	 model;
	const char	*kombo;
	const char	*name;
	const char	*type;		/* or country */
	bool		 gone;
} world_units[] = {
	{ UNIT_ENTITY, "e1", "ACME", NULL, false },
	{ UNIT_ENTITY, "e2", "Société Générale", NULL, false },
	{ UNIT_ENTITY, "e9", "Old Co", NULL, true },
	{ UNIT_LOCATION, "p1", "Berlin", "DE", false },
	{ UNIT_LOCATION, "p2", "Apia", "WS", false },
	{ UNIT_LOCATION, "p3", "Honolulu", "US", false },
	{ UNIT_LOCATION, "p9", "Closed", "DE", true },
	{ UNIT_GROUP, "g1", "Sales", "DEPARTMENT", false },
	{ UNIT_GROUP, "g2", "Sales", "TEAM", false },
	{ UNIT_GROUP, "g3", "Platform", "TEAM", false },
	{ UNIT_GROUP, "g4", "4711", "COST_CENTER", false },
	{ UNIT_GROUP, "g5", "Club", NULL, false },
	{ UNIT_GROUP, "g6", "Ops", "DEPARTMENT", false },
	{ UNIT_GROUP, "g9", "Gone", "TEAM", true },
};

static void
world_put_units(struct judge_world *world, int64_t source)
{
	struct place place = { .part = { NULL } };
	struct unit unit;
	size_t i;

	for (i = 0; i < ROWS(world_units); i++) {
		place.part[PLACE_COUNTRY] = world_units[i].type;
		unit = (struct unit){
			.id = (int64_t)i + 1 + source * 100,
			.source = source,
			.model = world_units[i].model,
			.kombo = arena_printf(world->arena, "%s%s", world_units[i].kombo,
			    source == 1 ? "" : "x"),
			.remote = world_units[i].kombo,
			.name = world_units[i].name,
			.gone = world_units[i].gone,
		};
		if (unit.model == UNIT_GROUP)
			unit.type = world_units[i].type;
		else if (unit.model == UNIT_LOCATION)
			unit.place = place_join(world->arena, &place);
		(void)units_put(world->units, &unit);
	}
}

static void
world_set_days(struct judge_world *world)
{
	const char *name;
	size_t i;

	for (i = 0; i < book_zone_count(world->book); i++) {
		name = book_zone_name(world->book, i);
		book_set_today(world->book, i, strcmp(name, "Pacific/Apia") == 0 ?
		    JUDGE_TODAY + 1 : strcmp(name, "Pacific/Honolulu") == 0 ?
		    JUDGE_TODAY - 1 : JUDGE_TODAY);
	}
}

/* A source, of which the rest of the file is given; it may begin in [source]. */
static const char *
world_source(struct judge_world *world, const char *integration, const char *rest)
{
	return (arena_printf(world->arena, "[source]\nintegration = lucca:%s\n"
	    "api_key = env:ROLLCALL_TEST_KEY\n%s%s", integration, rest,
	    strstr(rest, "[fields]") != NULL ? "" : "\n[fields]\n"));
}

void
judge_world_open(struct judge_world *world, const char *main_file, const char *source,
    const char *second, const char *before)
{
	struct err err = ERR_INIT;
	const char *text;
	size_t i;

	*world = (struct judge_world){ .arena = arena_open() };
	text = arena_printf(world->arena, "%s%s", WORLD_MAIN, main_file);
	if (before != NULL)
		world->before = world_good(text, world_source(world, "fr", before));
	if (second != NULL)
		world_text("sources.d/de.conf", world_source(world, "de", second));
	world->conf = world_good(text, world_source(world, "fr", source));
	world->units = units_open(world->conf);
	assert_int_equal(book_open(world->conf, world->before, world->units, &world->book,
	    &err), 0);
	for (i = 0; i < world->book->source_count; i++)
		world->book->sources[i].id =
		    strcmp(world->book->sources[i].conf->name, "fr") == 0 ? 1 : 2;
	world_put_units(world, 1);
	world_put_units(world, 2);
	world_set_days(world);
	assert_int_equal(world_clear(NULL), 0);
}

void
judge_world_close(struct judge_world *world)
{
	book_close(&world->book);
	units_close(&world->units);
	conf_close(&world->conf);
	conf_close(&world->before);
	arena_close(&world->arena);
}

/* ---- words --------------------------------------------------------------------------- */

/* Takes the next word off a line; its value is behind the "=", "" without one. */
static bool
word_next(struct arena *arena, const char **line, const char **word, const char **value)
{
	const char *equals;
	size_t len;

	*line += strspn(*line, " ");
	len = strcspn(*line, " ");
	if (len == 0)
		return (false);
	*word = arena_dup_len(arena, *line, len);
	*line += len;
	equals = strchr(*word, '=');
	*value = equals == NULL ? "" : equals + 1;
	if (equals != NULL)
		*word = arena_dup_len(arena, *word, (size_t)(equals - *word));
	return (true);
}

static enum field_id
word_field(const char *word)
{
	static const struct {
		const char	*word;
		enum field_id	 id;
	} shorts[] = {
		{ "type", FIELD_EMPLOYMENT_TYPE }, { "title", FIELD_JOB_TITLE },
		{ "mail", FIELD_WORK_EMAIL }, { "first", FIELD_FIRST_NAME },
		{ "last", FIELD_LAST_NAME }, { "status", FIELD_EMPLOYMENT_STATUS },
		{ "start", FIELD_START_DATE }, { "end", FIELD_TERMINATION_DATE },
		{ "number", FIELD_EMPLOYEE_NUMBER }, { "entity", FIELD_LEGAL_ENTITY },
		{ "place", FIELD_WORK_LOCATION }, { "name", FIELD_DISPLAY_NAME },
	};
	size_t i;

	for (i = 0; i < ROWS(shorts); i++)
		if (strcmp(shorts[i].word, word) == 0)
			return (shorts[i].id);
	return (field_find(word));
}

static day_number
word_day(const char *value)
{
	return (JUDGE_TODAY + (day_number)strtol(value, NULL, 10));
}

/* A value as the record has it; commas and underscores stand for what a word cannot hold. */
static const char *
word_value(struct arena *arena, enum field_id id, const char *value)
{
	char day[DAY_TEXT_SIZE];
	char *copy, *p;

	if (*value == '\0')
		return (NULL);
	if (field_get(id)->kind == KIND_DATE)
		return (arena_dup(arena, day_format(word_day(value), day)));
	copy = arena_printf(arena, "%s%s", value, id == FIELD_GROUPS ? "," : "");
	for (p = copy; *p != '\0'; p++)
		if (*p == '_' && field_get(id)->kind == KIND_STRING)
			*p = ' ';
		else if (*p == ',' && id == FIELD_GROUPS)
			*p = LIST_ITEM_END;
	return (copy);
}

static const char *
word_contracts(struct arena *arena, const char *value)
{
	struct buf packed = BUF_INIT;
	const char *at, *text;
	char id;

	for (id = 'a'; (at = strchr(value, '@')) != NULL; id++) {
		employment_pack(&packed, &(struct employment){
		    .id = (char[2]){ id, '\0' },
		    .type = at > value ? arena_dup_len(arena, value, (size_t)(at - value)) : NULL,
		    .effective = at[1] == '-' && (at[2] == ',' || at[2] == '\0') ? DAY_NONE :
		    word_day(at + 1) });
		value = strchr(at, ',') != NULL ? strchr(at, ',') + 1 : "";
	}
	text = arena_dup(arena, packed.data);
	buf_close(&packed);
	return (text);
}

/* ---- records --------------------------------------------------------------------------- */

static void
record_word(struct judge_world *world, struct employee *employee, const char *word,
    const char *value)
{
	enum field_id id;

	id = word_field(word);
	if (id != FIELD_N)
		employee->value[id] = word_value(world->arena, id, value);
	else if (strcmp(word, "gone") == 0)
		employee->gone = true;
	else if (strcmp(word, "remote") == 0)
		employee->remote = value;
	else if (strcmp(word, "contracts") == 0)
		employee->employments = word_contracts(world->arena, value);
	else if (strcmp(word, "bad") == 0)
		employee->invalid |= UINT32_C(1) << word_field(value);
	else
		fail_msg("what is the word %s?", word);
}

void
judge_world_record(struct judge_world *world, struct judge_input *input, const char *words)
{
	struct employee *now, *was;
	struct judge_record *record;
	const char *line, *value, *word;
	bool known;

	record = arena_grow(world->arena, &input->records, input->count++,
	    sizeof(*input->records));
	now = arena_alloc(world->arena, sizeof(*now));
	was = arena_alloc(world->arena, sizeof(*was));
	*now = (struct employee){ .record = (int64_t)input->count, .source = 1, .kombo = "k",
	    .remote = "r" };
	now->value[FIELD_LAST_NAME] = "Byron";
	*record = (struct judge_record){ .now = now };
	known = false;
	for (line = words; word_next(world->arena, &line, &word, &value);) {
		if (strcmp(word, "de") == 0)
			now->source = 2;
		else if (strcmp(word, "full") == 0)
			record->complete = true;
		else if (strcmp(word, "known") == 0)
			known = true;
		else if (strncmp(word, "was:", 4) != 0)
			record_word(world, now, word, value);
	}
	*was = *now;
	for (line = words; word_next(world->arena, &line, &word, &value);)
		if (strncmp(word, "was:", 4) == 0)
			record_word(world, was, word + 4, value);
	record->was = known ? was : NULL;
	record->source = book_source(world->book, now->source);
	assert_non_null(record->source);
}

/* ---- people --------------------------------------------------------------------------- */

static uint32_t
person_views(const struct judge_world *world, const char *list)
{
	uint32_t views;
	size_t i;

	views = 0;
	for (i = 0; i < world->book->view_count; i++)
		if (strstr(list, world->book->views[i].conf->name) != NULL)
			views |= UINT32_C(1) << i;
	return (views);
}

/* "job_title:S=value". */
static void
person_held(struct judge_world *world, struct judge_input *input, const char *word,
    const char *value)
{
	const char *colon;
	enum field_id id;

	colon = strchr(word, ':');
	id = colon == NULL ? FIELD_N :
	    word_field(arena_dup_len(world->arena, word, (size_t)(colon - word)));
	if (id == FIELD_N)
		fail_msg("what is the word %s?", word);
	input->held[id] = (struct held){ .state = (enum held_state)colon[1],
	    .value = word_value(world->arena, id, value) };
}

static void
person_word(struct judge_world *world, struct judge_input *input, struct person *person,
    const char *word, const char *value)
{
	static const struct {
		const char	*word;
		unsigned int	 flag;
	} flags[] = {
		{ "served", PERSON_SERVED }, { "joined", PERSON_JOINED },
		{ "frozen", PERSON_FROZEN }, { "purged", PERSON_PURGED },
		{ "byhand", PERSON_BY_HAND },
	}, decisions[] = {
		{ "hide", DECIDED_HIDE }, { "ignore", DECIDED_IGNORE },
		{ "release", DECIDED_RELEASE },
	};
	size_t i;

	for (i = 0; i < ROWS(flags); i++)
		if (strcmp(flags[i].word, word) == 0) {
			person->flags |= flags[i].flag;
			return;
		}
	for (i = 0; i < ROWS(decisions); i++)
		if (strcmp(decisions[i].word, word) == 0) {
			input->decisions |= decisions[i].flag;
			return;
		}
	for (i = 0; i < STATUS_N && *value == '\0'; i++)
		if (strcmp(status_name((enum person_status)i), word) == 0) {
			person->status = (enum person_status)i;
			return;
		}
	if (strcmp(word, "owner") == 0)
		person->owner = atoi(value);
	else if (strcmp(word, "departed") == 0)
		person->departed_on = word_day(value);
	else if (strcmp(word, "excluded") == 0)
		person->excluded_on = word_day(value);
	else if (strcmp(word, "gone") == 0)
		person->gone_on = word_day(value);
	else if (strcmp(word, "inactive") == 0)
		person->inactive_on = word_day(value);
	else if (strcmp(word, "mail") == 0)
		person->mail = value;
	else if (strcmp(word, "in") == 0)
		input->views = person_views(world, value);
	else
		person_held(world, input, word, value);
}

void
judge_world_person(struct judge_world *world, struct judge_input *input, const char *words)
{
	const char *line, *value, *word;
	struct person *person;

	person = arena_alloc(world->arena, sizeof(*person));
	*person = (struct person){ .id = 1, .uid = "u", .status = STATUS_ACTIVE,
	    .departed_on = DAY_NONE, .excluded_on = DAY_NONE, .gone_on = DAY_NONE,
	    .inactive_on = DAY_NONE };
	for (line = words; word_next(world->arena, &line, &word, &value);)
		person_word(world, input, person, word, value);
	/* Who is frozen has at least what nobody is served without. */
	if ((person->flags & PERSON_FROZEN) != 0 &&
	    input->held[FIELD_LAST_NAME].state == HELD_NOTHING)
		input->held[FIELD_LAST_NAME] = (struct held){ .state = HELD_FROZEN,
		    .value = "Byron" };
	input->person = person;
}

/* ---- verdicts --------------------------------------------------------------------------- */

static const char *
tell_views(const struct judge_world *world, uint32_t views)
{
	const char *text;
	size_t i;

	text = "";
	for (i = 0; i < world->book->view_count; i++)
		if ((views & UINT32_C(1) << i) != 0)
			text = arena_printf(world->arena, "%s%s%s", text,
			    *text != '\0' ? " " : "", world->book->views[i].conf->name);
	return (text);
}

static const char *
tell_records(const struct judge_world *world, const struct judge_input *input)
{
	const struct judge_record *record;
	const char *text;
	size_t i;

	text = "";
	for (i = 0; input->count > 1 && i < input->count; i++) {
		record = &input->records[i];
		text = arena_printf(world->arena, "%s %s:", text, record->source->conf->name);
		text = record->included ? arena_printf(world->arena, "%sin", text) :
		    arena_printf(world->arena, "%s{%s}", text,
		    reasons_join(world->arena, record->reasons));
	}
	return (text);
}

const char *
judge_world_tell(struct judge_world *world, struct judge_input *input,
    struct verdict *verdict)
{
	struct arena *arena = world->arena;
	const char *next;

	input->book = world->book;
	judge_person(arena, input, verdict);
	next = verdict->next == DAY_NONE ? "-" :
	    arena_printf(arena, "%d", verdict->next - JUDGE_TODAY);
	return (arena_printf(arena, "%s %s [%s] %s %s {%s} (%s)%s",
	    status_name(verdict->status), verdict->active ? "on" : "off",
	    tell_views(world, verdict->views), verdict->purge ? "purge" :
	    verdict->keep ? "keep" : "drop", next, reasons_join(arena, verdict->reasons),
	    conditions_join(arena, verdict->conditions), tell_records(world, input)));
}

const char *
judge_world_field(struct judge_world *world, const struct verdict *verdict,
    enum field_id id)
{
	const char *text;

	text = verdict->value[id] != NULL ? verdict->value[id] : "-";
	if (verdict->held[id].state == HELD_NOTHING)
		return (text);
	return (arena_printf(world->arena, "%s/%c", text, (char)verdict->held[id].state));
}
