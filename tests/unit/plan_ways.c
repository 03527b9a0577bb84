/*
 * What a fetch brings: of an HR system in memory (plan_hr.c), or of a CSV file that is written
 * from one and read by the code under test.
 */
#include "config.h"

#include "tests/unit/plan_oracle.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "sync/csv/file.h"

/* Fields that stand in the file as they are; others have columns of their own. */
static const enum field_id ways_fields[] = { FIELD_EMPLOYEE_NUMBER, FIELD_FIRST_NAME,
    FIELD_LAST_NAME, FIELD_DISPLAY_NAME, FIELD_WORK_EMAIL, FIELD_MOBILE_PHONE, FIELD_JOB_TITLE,
    FIELD_EMPLOYMENT_STATUS, FIELD_EMPLOYMENT_TYPE, FIELD_MANAGER };

static void
ways_cell(FILE *file, const char *text)
{
	(void)fputs(",\"", file);
	for (; *text != '\0'; text++)
		(void)fprintf(file, *text == '"' ? "\"\"" : "%c", *text);
	(void)fputc('"', file);
}

static void
ways_day(FILE *file, day_number day)
{
	char text[DAY_TEXT_SIZE];

	ways_cell(file, day == DAY_NONE ? "" : day_format(day, text));
}

/* The name of what a record names by id. */
static const char *
ways_unit(const struct hr *hr, const char *kombo)
{
	size_t i;

	for (i = 0; i < HR_UNITS; i++)
		if (*kombo != '\0' && strcmp(hr->units[i].kombo, kombo) == 0)
			return (hr->units[i].name);
	return ("");
}

static const char *
ways_group(const struct hr *hr, const struct hr_person *person, const char *type)
{
	size_t i;

	for (i = 0; i < HR_UNITS; i++)
		if ((person->groups & UINT32_C(1) << i) != 0 &&
		    strcmp(hr->units[i].type, type) == 0)
			return (hr->units[i].name);
	return ("");
}

static void
ways_person(FILE *file, const struct hr *hr, const struct hr_person *person)
{
	size_t i;

	(void)fputs(person->kombo, file);
	for (i = 0; i < ROWS(ways_fields); i++)
		ways_cell(file, person->text[ways_fields[i]]);
	ways_day(file, person->start);
	ways_day(file, person->end);
	ways_cell(file, ways_unit(hr, person->text[FIELD_LEGAL_ENTITY]));
	ways_cell(file, ways_unit(hr, person->text[FIELD_WORK_LOCATION]));
	ways_cell(file, ways_group(hr, person, "DEPARTMENT"));
	ways_cell(file, ways_group(hr, person, "TEAM"));
	(void)fputc('\n', file);
}

/* How many people the file holds. */
static size_t
ways_write(const struct hr *hr, struct draw *order)
{
	size_t count, i, list[HR_PEOPLE];
	const struct hr_person *person;
	FILE *file;

	file = fopen(house_csv_path(), "w");
	assert_non_null(file);
	(void)fputs("id", file);
	for (i = 0; i < ROWS(ways_fields); i++)
		(void)fprintf(file, ",%s", field_get(ways_fields[i])->name);
	(void)fputs(",start_date,termination_date,legal_entity,work_location,department,team\n",
	    file);
	hr_shuffle(order, list, hr->person_count);
	for (i = count = 0; i < hr->person_count; i++) {
		person = &hr->people[list[i]];
		if (!person->present || person->deleted)
			continue;
		ways_person(file, hr, person);
		count++;
	}
	assert_int_equal(fclose(file), 0);
	return (count);
}

static struct fetched *
ways_file(struct house *house, const struct conf_source *source)
{
	const struct fetch_order order = { .conf = house->conf, .source = source,
	    .source_id = house->hr[HR_CSV].source };
	struct fetched *fetched;
	struct err err = ERR_INIT;
	size_t count;
	int result;

	count = ways_write(&house->hr[HR_CSV], house->order);
	result = file_fetch(&order, NULL, house->path, &fetched, &err);
	if ((result < 0) != (count == 0))
		fail_msg("a file of %zu people: %s", count, err.text);
	house->hr[HR_CSV].anew = false;
	return (result < 0 ? NULL : fetched);
}

struct fetched *
ways_fetch(struct house *house, size_t source, const struct conf_source *conf, bool complete)
{
	if (source == HR_CSV)
		return (ways_file(house, conf));
	return (hr_fetch(&house->hr[source], conf, house->db, complete, house->order));
}
