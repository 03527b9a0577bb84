/*
 * Owns nothing but what it is given. Values carry a mark of their field, so that they
 * can be looked for in a file.
 */
#include "config.h"

#include "tests/unit/plan_hr.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/place.h"
#include "rules/employment.h"
#include "store/record.h"
#include "sync/kombo/known.h"

const struct hr_mark hr_marks[HR_MARKS] = {
	{ FIELD_JOB_TITLE, "JT~title~" }, { FIELD_MOBILE_PHONE, "MP~mobile~" },
	{ FIELD_PERSONAL_EMAIL, "pm~private~" }, { FIELD_HOME_ADDRESS, "HA~address~" },
	{ FIELD_EMPLOYEE_NUMBER, "EN~number~" },
};

unsigned int
draw(struct draw *draw, unsigned int below)
{
	draw->state = draw->state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return ((unsigned int)(draw->state >> 33) % below);
}

bool
draw_chance(struct draw *source, unsigned int percent)
{
	return (draw(source, 100) < percent);
}

const char *
draw_word(struct draw *source, const char *const *words, size_t count)
{
	return (words[draw(source, (unsigned int)count)]);
}

#define DRAW(source, words) draw_word((source), (words), ROWS(words))

static void
hr_copy(char text[HR_TEXT], const char *from)
{
	(void)snprintf(text, HR_TEXT, "%s", from);
}

/* ---- units ---------------------------------------------------------------------------- */

static const struct {
	enum unit_model	 model;
	const char	*name;
	const char	*type;		/* or the country of a place */
} hr_units[] = {
	{ UNIT_ENTITY, "ACME", "" },
	{ UNIT_ENTITY, "Société Générale", "" },
	{ UNIT_LOCATION, "Apia", "WS" },
	{ UNIT_LOCATION, "Honolulu", "US" },
	{ UNIT_LOCATION, "Berlin", "DE" },
	{ UNIT_GROUP, "Sales", "DEPARTMENT" },
	{ UNIT_GROUP, "Sales", "TEAM" },
	{ UNIT_GROUP, "sales ", "TEAM" },
	{ UNIT_GROUP, "Engineering", "DEPARTMENT" },
	{ UNIT_GROUP, "Platform", "TEAM" },
	{ UNIT_GROUP, "4711", "COST_CENTER" },
	{ UNIT_GROUP, "", "TEAM" },
	{ UNIT_GROUP, "Book club", "" },
};

void
hr_open(struct hr *hr, const char *name)
{
	struct hr_unit *unit;
	size_t i;

	*hr = (struct hr){ .name = name };
	for (i = 0; i < ROWS(hr_units); i++) {
		unit = &hr->units[i];
		*unit = (struct hr_unit){ .model = hr_units[i].model, .present = true,
		    .dirty = true };
		(void)snprintf(unit->kombo, HR_TEXT, "%s0-u%zu", name, i);
		(void)snprintf(unit->remote, HR_TEXT, "u%zu", i);
		hr_copy(unit->name, hr_units[i].name);
		hr_copy(unit->model == UNIT_GROUP ? unit->type : unit->country,
		    hr_units[i].type);
	}
}

struct hr_unit *
hr_unit(struct hr *hr, enum unit_model model, size_t n)
{
	size_t i;

	for (i = 0; i < ROWS(hr_units); i++)
		if (hr->units[i].model == model && n-- == 0)
			return (&hr->units[i]);
	return (NULL);
}

static void
hr_change_unit(struct hr *hr, struct draw *source)
{
	static const char *const names[] = { "Sales", "SALES", "Engineering", "Platform",
	    "Ops", "Ops (TEAM)", "ACME", "Apia", "Berlin", "Perth", "4711", "" };
	static const char *const types[] = { "DEPARTMENT", "TEAM", "COST_CENTER", "", "GUILD" };
	static const char *const countries[] = { "WS", "US", "DE", "AU", "" };
	struct hr_unit *unit;

	unit = &hr->units[draw(source, ROWS(hr_units))];
	unit->dirty = true;
	switch (draw(source, 8)) {
	case 0:
		unit->deleted = !unit->deleted;
		break;
	case 1:
		unit->present = !unit->present;
		break;
	case 2:
		hr_copy(unit->type, unit->model == UNIT_GROUP ? DRAW(source, types) : "");
		break;
	case 3:
		hr_copy(unit->country, unit->model == UNIT_LOCATION ?
		    DRAW(source, countries) : "");
		break;
	default:
		hr_copy(unit->name, DRAW(source, names));
	}
}

/* ---- people ---------------------------------------------------------------------------- */

static const char *const hr_firsts[] = { "Ada", "Zoë", "Ада", "李", "", "Ana María" };
static const char *const hr_lasts[] = { "Byron", "Nguyễn", "Лавлейс", "", "O'Neil" };
static const char *const hr_statuses[] = { "ACTIVE", "ACTIVE", "ACTIVE", "PENDING", "INACTIVE",
	"LEAVE", "", "SABBATICAL" };
static const char *const hr_types[] = { "FULL_TIME", "PART_TIME", "CONTRACT", "", "Werkstudent" };

void
hr_set(struct hr_person *person, enum field_id id, const char *text)
{
	hr_copy(person->text[id], text);
	person->dirty = true;
}

static void
hr_set_mail(struct hr_person *person, struct draw *source)
{
	char mail[HR_TEXT];

	(void)snprintf(mail, sizeof(mail), "m%u@example.com", draw(source, 12));
	hr_set(person, FIELD_WORK_EMAIL, draw_chance(source, 15) ? "" : mail);
}

/* A mark and a number: found again in any file. */
static void
hr_set_marked(struct hr_person *person, struct draw *source)
{
	char text[HR_TEXT];
	size_t at;

	at = draw(source, HR_MARKS);
	(void)snprintf(text, sizeof(text), "%s%u", hr_marks[at].text, draw(source, 30));
	hr_set(person, hr_marks[at].id, draw_chance(source, 20) ? "" : text);
}

static void
hr_set_manager(struct hr *hr, struct hr_person *person, struct draw *source)
{
	const struct hr_person *manager;

	manager = hr_somebody(hr, source);
	hr_set(person, FIELD_MANAGER, draw_chance(source, 10) ? "nobody" :
	    draw_chance(source, 10) || manager == NULL ? "" : manager->kombo);
}

static void
hr_set_unit(struct hr *hr, struct hr_person *person, struct draw *source)
{
	const struct hr_unit *unit;

	unit = &hr->units[draw(source, ROWS(hr_units))];
	switch (unit->model) {
	case UNIT_ENTITY:
		hr_set(person, FIELD_LEGAL_ENTITY, draw_chance(source, 15) ? "" : unit->kombo);
		break;
	case UNIT_LOCATION:
		hr_set(person, FIELD_WORK_LOCATION, draw_chance(source, 15) ? "" : unit->kombo);
		break;
	case UNIT_GROUP:
		person->groups ^= UINT32_C(1) << (unit - hr->units);
		person->dirty = true;
		break;
	}
}

static void
hr_set_dates(struct hr_person *person, struct draw *source, day_number today)
{
	day_number day;

	day = draw_chance(source, 25) ? DAY_NONE : today - 4 + (day_number)draw(source, 9);
	if (draw_chance(source, 40))
		person->start = day;
	else
		person->end = day;
	person->dirty = true;
}

static void
hr_set_contract(struct hr_person *person, struct draw *source, day_number today)
{
	struct hr_contract *contract;

	contract = &person->contracts[draw(source, 2)];
	hr_copy(contract->type, DRAW(source, hr_types));
	contract->effective = today - 3 + (day_number)draw(source, 7);
	hr_set(person, FIELD_EMPLOYMENT_TYPE, draw_chance(source, 40) ? "" :
	    DRAW(source, hr_types));
}

struct hr_person *
hr_hire(struct hr *hr, struct draw *source, day_number today)
{
	struct hr_person *person;
	size_t at;

	if (hr->person_count == HR_PEOPLE)
		return (NULL);
	at = hr->person_count++;
	person = &hr->people[at];
	*person = (struct hr_person){ .present = true, .start = today - 100, .end = DAY_NONE,
	    .contracts = { { "", DAY_NONE }, { "", DAY_NONE } } };
	(void)snprintf(person->kombo, HR_TEXT, "%s%u-p%zu", hr->name, hr->round, at);
	(void)snprintf(person->remote, HR_TEXT, "r%02zu", (at * 7 + 3) % HR_PEOPLE);
	hr_set(person, FIELD_FIRST_NAME, DRAW(source, hr_firsts));
	hr_set(person, FIELD_LAST_NAME, DRAW(source, hr_lasts));
	hr_set(person, FIELD_EMPLOYMENT_STATUS, "ACTIVE");
	hr_set_mail(person, source);
	hr_set_manager(hr, person, source);
	for (at = draw(source, 8); at > 0; at--) {
		hr_set_unit(hr, person, source);
		hr_set_marked(person, source);
	}
	if (draw_chance(source, 30))
		hr_set_dates(person, source, today);
	return (person);
}

struct hr_person *
hr_somebody(struct hr *hr, struct draw *source)
{
	if (hr->person_count == 0)
		return (NULL);
	return (&hr->people[draw(source, (unsigned int)hr->person_count)]);
}

static void
hr_change_name(struct hr_person *person, struct draw *source)
{
	switch (draw(source, 4)) {
	case 0:
		hr_set(person, FIELD_DISPLAY_NAME, draw_chance(source, 50) ? "" :
		    DRAW(source, hr_firsts));
		break;
	case 1:
		hr_set(person, FIELD_FIRST_NAME, DRAW(source, hr_firsts));
		break;
	default:
		hr_set(person, FIELD_LAST_NAME, DRAW(source, hr_lasts));
	}
}

static void
hr_change_person(struct hr *hr, struct hr_person *person, struct draw *source,
    day_number today)
{
	switch (draw(source, 16)) {
	case 0:
		person->deleted = !person->deleted;
		person->dirty = true;
		break;
	case 1:
		person->present = !person->present;
		person->dirty = true;
		break;
	case 2:
		hr_change_name(person, source);
		break;
	case 3:
	case 4:
		hr_set_manager(hr, person, source);
		break;
	case 5:
	case 6:
		hr_set(person, FIELD_EMPLOYMENT_STATUS, DRAW(source, hr_statuses));
		break;
	case 7:
	case 8:
		hr_set_dates(person, source, today);
		break;
	case 9:
		hr_set_contract(person, source, today);
		break;
	case 10:
	case 11:
		hr_set_mail(person, source);
		break;
	case 12:
		hr_set_marked(person, source);
		break;
	case 13:
		person->invalid ^= UINT32_C(1) << (draw_chance(source, 50) ?
		    FIELD_TERMINATION_DATE : FIELD_JOB_TITLE);
		person->dirty = true;
		break;
	default:
		hr_set_unit(hr, person, source);
	}
}

void
hr_change(struct hr *hr, struct draw *source, day_number today)
{
	struct hr_person *person;

	person = hr_somebody(hr, source);
	if (person == NULL || draw_chance(source, 15))
		(void)hr_hire(hr, source, today);
	else if (draw_chance(source, 12))
		hr_change_unit(hr, source);
	else
		hr_change_person(hr, person, source, today);
}

/* ---- a new integration --------------------------------------------------------------------- */

/* "de0-p3" becomes "de1-p3". */
static void
hr_renumber(const struct hr *hr, char kombo[HR_TEXT])
{
	char tail[HR_TEXT];
	const char *dash;

	dash = strchr(kombo, '-');
	if (dash == NULL)
		return;
	hr_copy(tail, dash);
	(void)snprintf(kombo, HR_TEXT, "%s%u%.40s", hr->name, hr->round, tail);
}

void
hr_recreate(struct hr *hr)
{
	static const enum field_id references[] = { FIELD_MANAGER, FIELD_LEGAL_ENTITY,
	    FIELD_WORK_LOCATION };
	size_t i, j;

	hr->round++;
	hr->anew = true;
	for (i = 0; i < ROWS(hr_units); i++) {
		hr_renumber(hr, hr->units[i].kombo);
		hr->units[i].dirty = true;
	}
	for (i = 0; i < hr->person_count; i++) {
		hr_renumber(hr, hr->people[i].kombo);
		for (j = 0; j < ROWS(references); j++)
			hr_renumber(hr, hr->people[i].text[references[j]]);
		hr->people[i].dirty = true;
	}
}

/* ---- fetching -------------------------------------------------------------------------------- */

struct hr_fetch {
	struct hr		*hr;
	const struct conf_source *source;
	struct db		*db;
	struct known		*known;
	struct arena		*arena;
	struct fetched		*out;
};

static const char *
hr_text(struct arena *arena, const char *text)
{
	return (*text == '\0' ? NULL : arena_dup(arena, text));
}

static void
hr_stage_unit(struct hr_fetch *fetch, struct hr_unit *unit)
{
	struct place place = { .part = { NULL } };
	struct err err = ERR_INIT;
	struct unit row;

	place.part[PLACE_COUNTRY] = hr_text(fetch->arena, unit->country);
	row = (struct unit){ .source = fetch->hr->source, .model = unit->model,
	    .kombo = unit->kombo, .gone = unit->deleted };
	if (!unit->deleted) {
		row.remote = unit->remote;
		row.name = hr_text(fetch->arena, unit->name);
		row.type = hr_text(fetch->arena, unit->type);
		row.place = unit->model == UNIT_GROUP ? NULL : place_join(fetch->arena, &place);
	}
	assert_int_equal(stage_put_unit(fetch->out->stage, &row, &err), 0);
}

static const char *
hr_groups(const struct hr *hr, const struct hr_person *person, struct arena *arena)
{
	const char *list;
	size_t i;

	list = "";
	for (i = 0; i < HR_UNITS; i++)
		if ((person->groups & UINT32_C(1) << i) != 0)
			list = arena_printf(arena, "%s%s%c", list, hr->units[i].kombo,
			    LIST_ITEM_END);
	return (*list == '\0' ? NULL : list);
}

static const char *
hr_contracts(const struct hr_person *person, struct arena *arena)
{
	struct buf packed = BUF_INIT;
	const char *text;
	size_t i;

	for (i = 0; i < ROWS(person->contracts); i++)
		if (person->contracts[i].effective != DAY_NONE)
			employment_pack(&packed, &(struct employment){ .id = i == 0 ? "a" : "b",
			    .type = hr_text(arena, person->contracts[i].type),
			    .effective = person->contracts[i].effective });
	text = packed.len > 0 ? arena_dup(arena, packed.data) : NULL;
	buf_close(&packed);
	return (text);
}

static const char *
hr_day(day_number day, struct arena *arena)
{
	char text[DAY_TEXT_SIZE];

	return (day == DAY_NONE ? NULL : arena_dup(arena, day_format(day, text)));
}

/* As the decoder would hand it over: what the source does not fetch is not there. */
static void
hr_employee(struct hr_fetch *fetch, const struct hr_person *person,
    struct employee *employee)
{
	const struct conf_source *source = fetch->source;
	struct arena *arena = fetch->arena;
	size_t i;

	*employee = (struct employee){ .source = fetch->hr->source, .kombo = person->kombo };
	if (person->deleted)
		return;
	employee->remote = person->remote;
	for (i = 0; i < FIELD_N; i++)
		if (field_get((enum field_id)i)->kind != KIND_GROUP)
			employee->value[i] = hr_text(arena, person->text[i]);
	employee->value[FIELD_GROUPS] = hr_groups(fetch->hr, person, arena);
	employee->value[FIELD_START_DATE] = hr_day(person->start, arena);
	employee->value[FIELD_TERMINATION_DATE] = hr_day(person->end, arena);
	employee->employments = hr_contracts(person, arena);
	employee->invalid = person->invalid;
	for (i = 0; i < FIELD_N; i++) {
		if (source->mode[i] == MODE_OFF || source->mode[i] == MODE_LOCAL)
			employee->invalid &= ~(UINT32_C(1) << i);
		if (source->mode[i] == MODE_OFF || source->mode[i] == MODE_LOCAL ||
		    (employee->invalid & UINT32_C(1) << i) != 0)
			employee->value[i] = NULL;
	}
	if (source->mode[FIELD_EMPLOYMENT_TYPE] != MODE_CONTINUOUS &&
	    source->mode[FIELD_EMPLOYMENT_TYPE] != MODE_IMPORT_ONCE)
		employee->employments = NULL;
}

/* As sync/kombo/fetch.c does it with each element of a page. */
static void
hr_stage_person(struct hr_fetch *fetch, const struct hr_person *person)
{
	struct employee employee, stored;
	struct known_record known;
	struct err err = ERR_INIT;
	size_t i;

	hr_employee(fetch, person, &employee);
	assert_int_equal(known_find(fetch->known, employee.kombo, employee.remote, &known,
	    &err), 0);
	employee.record = known.id;
	if (person->deleted) {
		employee.gone = true;
		if (known.id != 0 && !known.gone)
			assert_int_equal(stage_put(fetch->out->stage, &employee, &err), 0);
		return;
	}
	fetch->out->seen++;
	fetch->out->live++;
	if (known.stored && employee.invalid != 0 &&
	    employee_get(fetch->db, known.id, fetch->arena, &stored, &err) == 1)
		for (i = 0; i < FIELD_N; i++)
			if ((employee.invalid & UINT32_C(1) << i) != 0)
				employee.value[i] = stored.value[i];
	employee.hash = employee_hash(&employee);
	if (known.stored && !known.moved && known.hash == employee.hash)
		return;
	assert_int_equal(stage_put(fetch->out->stage, &employee, &err), 0);
}

void
hr_shuffle(struct draw *order, size_t *list, size_t count)
{
	size_t at, i, other;

	for (i = 0; i < count; i++)
		list[i] = i;
	for (i = count; order != NULL && i > 1; i--) {
		at = draw(order, (unsigned int)i);
		other = list[at];
		list[at] = list[i - 1];
		list[i - 1] = other;
	}
}

static void
hr_stage_all(struct hr_fetch *fetch, bool complete, struct draw *order)
{
	size_t i, list[HR_PEOPLE > HR_UNITS ? HR_PEOPLE : HR_UNITS];
	struct hr_person *person;
	struct hr_unit *unit;

	hr_shuffle(order, list, ROWS(hr_units));
	for (i = 0; i < ROWS(hr_units); i++) {
		unit = &fetch->hr->units[list[i]];
		if (unit->present && (complete || unit->dirty))
			hr_stage_unit(fetch, unit);
		unit->dirty = unit->dirty && !unit->present;
	}
	hr_shuffle(order, list, fetch->hr->person_count);
	for (i = 0; i < fetch->hr->person_count; i++) {
		person = &fetch->hr->people[list[i]];
		if (person->present && (complete || person->dirty))
			hr_stage_person(fetch, person);
		person->dirty = person->dirty && !person->present;
	}
}

struct fetched *
hr_fetch(struct hr *hr, const struct conf_source *source, struct db *db, bool complete,
    struct draw *order)
{
	struct hr_fetch fetch = { .hr = hr, .source = source, .db = db };
	struct err err = ERR_INIT;
	size_t i;

	complete |= hr->anew;
	hr->anew = false;
	fetch.arena = arena_open();
	fetch.out = mem_alloc(sizeof(*fetch.out));
	fetch.out->arena = arena_open();
	fetch.out->complete = complete;
	fetch.out->healthy = true;
	for (i = 0; i < 3; i++)
		fetch.out->model_whole[i] = complete;
	assert_int_equal(stage_open(&fetch.out->stage, &err), 0);
	assert_int_equal(known_open(db, hr->source, complete, &fetch.known, &err), 0);
	hr_stage_all(&fetch, complete, order);
	if (complete)
		known_absent(fetch.known, &fetch.out->absent, &fetch.out->absent_count);
	known_close(&fetch.known);
	arena_close(&fetch.arena);
	return (fetch.out);
}
