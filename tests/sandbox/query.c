/*
 * Owns the JSON value of custom_fields; all else is in the caller's arena. Safe from
 * any thread, one query each.
 */
#include "config.h"

#include "tests/sandbox/query.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"
#include "tests/sandbox/details.h"

/* What is being read. */
struct reading {
	struct query	*query;
	struct arena	*arena;
	const char	*name;
	struct err	*err;
};

typedef int
reader(const struct reading *reading, const char *value, enum query_list list);

static int
invalid(const struct reading *reading, const char *why)
{
	return (err_set(reading->err, ERR_USAGE, "query parameter \"%s\": %s",
	    reading->name, why));
}

static int
read_page_size(const struct reading *reading, const char *value, enum query_list list)
{
	unsigned long number;
	const char *p;

	(void)list;
	for (p = value; *p != '\0'; p++)
		if (!isdigit((unsigned char)*p))
			return (invalid(reading, "expected a number"));
	number = p == value || p - value > 6 ? 0 : strtoul(value, NULL, 10);
	if (number < 1 || number > QUERY_PAGE_MAX)
		return (invalid(reading, "must be between 1 and 250"));
	reading->query->page_size = (uint32_t)number;
	return (0);
}

static int
read_bool(const struct reading *reading, const char *value, bool *into)
{
	*into = strcmp(value, "true") == 0;
	if (!*into && strcmp(value, "false") != 0)
		return (invalid(reading, "must be \"true\" or \"false\""));
	return (0);
}

static int
read_include_deleted(const struct reading *reading, const char *value,
    enum query_list list)
{
	(void)list;
	return (read_bool(reading, value, &reading->query->include_deleted));
}

static int
read_ignore(const struct reading *reading, const char *value, enum query_list list)
{
	(void)list;
	return (read_bool(reading, value, &reading->query->ignore_unsupported));
}

static int
read_since(const struct reading *reading, const char *value, enum query_list list)
{
	(void)list;
	reading->query->since_given = true;
	if (!query_instant(value, &reading->query->since))
		return (invalid(reading, "must be a UTC timestamp"));
	return (0);
}

static int
read_cursor(const struct reading *reading, const char *value, enum query_list list)
{
	(void)list;
	reading->query->cursor = value;
	return (0);
}

static int
read_words(const struct reading *reading, const char *value, enum query_list list)
{
	struct query_words *words;
	size_t count;
	const char *p;
	char *rest;

	count = 1;
	for (p = value; *p != '\0'; p++)
		count += *p == ',';
	words = &reading->query->lists[list];
	words->given = true;
	words->list = arena_alloc(reading->arena, count * sizeof(*words->list));
	rest = arena_dup(reading->arena, value);
	for (words->count = 0; words->count < count; words->count++)
		words->list[words->count] = strsep(&rest, ",");
	return (0);
}

/* A list of words of which each has to be among the allowed ones. */
static int
read_choices(const struct reading *reading, const char *value, enum query_list list)
{
	static const char statuses[] = " ACTIVE PENDING INACTIVE LEAVE ";
	static const char types[] = " DEPARTMENT TEAM COST_CENTER null ";
	const struct query_words *words;
	const char *word;
	size_t i;

	(void)read_words(reading, value, list);
	words = &reading->query->lists[list];
	for (i = 0; i < words->count; i++) {
		word = arena_printf(reading->arena, " %s ", words->list[i]);
		if (strlen(word) < 3 || strchr(words->list[i], ' ') != NULL ||
		    strstr(list == QUERY_TYPES ? types : statuses, word) == NULL)
			return (invalid(reading, "not one of the allowed values"));
	}
	return (0);
}

static int
read_name(const struct reading *reading, const char *value, enum query_list list)
{
	(void)list;
	reading->query->name_contains = text_fold(reading->arena, value);
	if (reading->query->name_contains == NULL)
		reading->query->name_contains = "";
	return (0);
}

static int
read_custom(const struct reading *reading, const char *value, enum query_list list)
{
	json_t *object, *one;
	const char *key;
	void *at;

	(void)list;
	json_decref(reading->query->custom);
	reading->query->custom = object = json_loads(value, 0, NULL);
	if (!json_is_object(object) || json_object_size(object) != 1)
		return (invalid(reading, "must be a JSON object with exactly one key"));
	at = json_object_iter(object);
	key = json_object_iter_key(at);
	one = json_object_iter_value(at);
	if (json_is_object(one) || json_is_array(one))
		return (
		    invalid(reading, "objects and arrays are not supported as values"));
	if (!details_is_custom_field(key))
		return (invalid(reading, "there is no such custom field"));
	return (0);
}

#define OF(kind)	(1U << KIND_##kind)
#define ALL (OF(EMPLOYEE) | OF(EMPLOYMENT) | OF(GROUP) | OF(ENTITY) | OF(LOCATION))
#define NONE		KIND_MEMBERS_MAX

/*
 * Parameters, the kinds they are for, and the employee's member that a filter looks at.
 */
static const struct {
	const char	*name;
	unsigned int	 kinds;
	reader		*read;
	enum query_list	 list;
	size_t		 member;
} parameters[] = {
	{ "ids", ALL, read_words, QUERY_IDS, NONE },
	{ "remote_ids", ALL, read_words, QUERY_REMOTE_IDS, NONE },
	{ "employment_statuses", OF(EMPLOYEE), read_choices, QUERY_STATUSES,
	    EMPLOYEE_employment_status },
	{ "employment_status", OF(EMPLOYEE), read_choices, QUERY_STATUSES,
	    EMPLOYEE_employment_status },
	{ "group_ids", OF(EMPLOYEE), read_words, QUERY_GROUP_IDS, EMPLOYEE_groups },
	{ "legal_entity_ids", OF(EMPLOYEE), read_words, QUERY_ENTITY_IDS,
	    EMPLOYEE_legal_entity_id },
	{ "work_location_ids", OF(EMPLOYEE), read_words, QUERY_LOCATION_IDS,
	    EMPLOYEE_work_location_id },
	{ "work_emails", OF(EMPLOYEE), read_words, QUERY_WORK_EMAILS,
	    EMPLOYEE_work_email },
	{ "personal_emails", OF(EMPLOYEE), read_words, QUERY_PERSONAL_EMAILS,
	    EMPLOYEE_personal_email },
	{ "types", OF(GROUP), read_choices, QUERY_TYPES, NONE },
	{ "name_contains", OF(GROUP) | OF(ENTITY) | OF(LOCATION), read_name,
	    QUERY_LISTS, NONE },
	{ "custom_fields", OF(EMPLOYEE), read_custom, QUERY_LISTS,
	    EMPLOYEE_custom_fields },
	{ "page_size", ALL, read_page_size, QUERY_LISTS, NONE },
	{ "updated_after", ALL, read_since, QUERY_LISTS, NONE },
	{ "include_deleted", ALL, read_include_deleted, QUERY_LISTS, NONE },
	{ "ignore_unsupported_filters", ALL, read_ignore, QUERY_LISTS, NONE },
	{ "cursor", ALL, read_cursor, QUERY_LISTS, NONE },
};

#define PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

/* All values of one parameter. */
static int
parameter_read(struct reading *reading, size_t i, const struct query_pair *pairs)
{
	const struct query_pair *pair;

	reading->name = parameters[i].name;
	for (pair = pairs; pair->name != NULL; pair++) {
		if (strcmp(pair->name, reading->name) != 0)
			continue;
		if (parameters[i].read(reading, pair->value, parameters[i].list) != 0)
			return (-1);
		if (parameters[i].read != read_cursor)
			reading->query->filters = hash64_seed(pair->value,
			    strlen(pair->value), reading->query->filters + i);
	}
	return (0);
}

int
query_read(struct query *query, enum kind_id kind, const struct query_pair *pairs,
    struct arena *arena, struct err *err)
{
	struct reading reading = { .query = query, .arena = arena, .err = err };
	size_t i;

	memset(query, 0, sizeof(*query));
	query->kind = kind;
	query->page_size = QUERY_PAGE_DEFAULT;
	query->filters = (uint64_t)kind + 1;
	for (i = 0; i < PARAMETERS; i++)
		if ((parameters[i].kinds & 1U << kind) != 0 &&
		    parameter_read(&reading, i, pairs) != 0)
			return (-1);
	return (0);
}

void
query_close(struct query *query)
{
	json_decref(query->custom);
	query->custom = NULL;
}

static bool
parameter_given(const struct query *query, size_t i)
{
	return (parameters[i].list < QUERY_LISTS ?
		query->lists[parameters[i].list].given :
		parameters[i].read == read_custom && query->custom != NULL);
}

void
query_settle(struct query *query, const struct tenant *tenant)
{
	size_t i;

	if (query->kind != KIND_EMPLOYEE)
		return;
	for (i = 0; i < PARAMETERS; i++) {
		if (parameters[i].member == NONE || !parameter_given(query, i) ||
		    scope_has(&tenant->scope, KIND_EMPLOYEE, parameters[i].member))
			continue;
		if (!query->ignore_unsupported)
			query->nothing = true;
		else if (parameters[i].list < QUERY_LISTS)
			query->lists[parameters[i].list].given = false;
		else
			query_close(query);
	}
}

bool
query_is_complete(const struct query *query)
{
	size_t i;

	for (i = 0; i < QUERY_LISTS; i++)
		if (query->lists[i].given)
			return (false);
	return (query->include_deleted && !query->since_given && !query->nothing &&
	    query->name_contains == NULL && query->custom == NULL);
}

/* Steps over text of that shape, where 9 is any digit. */
static bool
shape_skip(const char **text, const char *shape)
{
	const char *p;

	for (p = *text; *shape != '\0'; shape++, p++)
		if (*shape == '9' ? !isdigit((unsigned char)*p) : *p != *shape)
			return (false);
	*text = p;
	return (true);
}

bool
query_instant(const char *text, int64_t *instant)
{
	char copy[64];
	const char *p;

	p = text;
	if (!shape_skip(&p, "9999-99-99") ||
	    (*p == 'T' && !shape_skip(&p, "T99:99:99")))
		return (false);
	if (p - text > 10 && shape_skip(&p, ".9"))
		while (isdigit((unsigned char)*p))
			p++;
	if (strcmp(p, "") != 0 && strcmp(p, "Z") != 0)
		return (false);
	if ((size_t)(p - text) >= sizeof(copy))
		return (false);
	memcpy(copy, text, (size_t)(p - text));
	copy[p - text] = '\0';
	return (clock_parse(copy, instant));
}

bool
query_allows(const struct query_words *words, const char *word)
{
	size_t i;

	if (!words->given)
		return (true);
	for (i = 0; word != NULL && i < words->count; i++)
		if (strcmp(words->list[i], word) == 0)
			return (true);
	return (false);
}
