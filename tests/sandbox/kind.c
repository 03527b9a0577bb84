/*
 * Owns nothing but tables. Safe from any thread.
 */
#include "config.h"

#include "tests/sandbox/kind.h"

#include <string.h>

#define CORE		KIND_CORE
#define STAMP		KIND_STAMP
#define OPTIONAL	KIND_OPTIONAL
#define EXTENSION	KIND_EXTENSION
#define LIST		KIND_LIST
#define OPEN		KIND_OPEN
#define COPIED		KIND_COPIED
#define FIRM		KIND_FIRM

#define ROW(key, flags) { #key, "\"" #key "\":", sizeof("\"" #key "\":") - 1, flags },

static const struct kind_member employee_members[] = {
#define EMPLOYEE ROW
#include "tests/sandbox/kind.def"
};

static const struct kind_member employment_members[] = {
#define EMPLOYMENT ROW
#include "tests/sandbox/kind.def"
};

static const struct kind_member group_members[] = {
#define GROUP ROW
#include "tests/sandbox/kind.def"
};

static const struct kind_member entity_members[] = {
#define ENTITY ROW
#include "tests/sandbox/kind.def"
};

static const struct kind_member location_members[] = {
#define LOCATION ROW
#include "tests/sandbox/kind.def"
};

static const struct kind_member balance_members[] = {
#define BALANCE ROW
#include "tests/sandbox/kind.def"
};

static const struct kind_member manager_members[] = {
#define MANAGER ROW
#include "tests/sandbox/kind.def"
};

static const struct kind_member address_members[] = {
#define ADDRESS ROW
#include "tests/sandbox/kind.def"
};

static const struct kind kind_list[KIND_N] = {
#define KIND(id, stem, title, text, route) \
	[KIND_##id] = { .name = title, \
		.label = text, \
		.path = route, \
		.members = stem##_members, \
		.count = sizeof(stem##_members) / sizeof(stem##_members[0]) },
#include "tests/sandbox/kind.def"
};

static const enum employee_member text_members[TEXT_N] = {
#define EMPLOYEE_TEXT(key, flags) [TEXT_##key] = EMPLOYEE_##key,
#include "tests/sandbox/kind.def"
};

const struct kind *
kind_get(enum kind_id id)
{
	return (&kind_list[id]);
}

enum kind_id
kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < KIND_NAMED; i++)
		if (strcmp(kind_list[i].name, name) == 0 ||
		    (*name != '\0' && strcmp(kind_list[i].path, name) == 0))
			return ((enum kind_id)i);
	return (KIND_N);
}

size_t
kind_member(enum kind_id id, const char *key)
{
	size_t i;

	for (i = 0; i < kind_list[id].count; i++)
		if (strcmp(kind_list[id].members[i].key, key) == 0)
			break;
	return (i);
}

uint64_t
kind_members_with(enum kind_id id, unsigned int flags)
{
	uint64_t set;
	size_t i;

	set = 0;
	for (i = 0; i < kind_list[id].count; i++)
		if ((kind_list[id].members[i].flags & flags) == flags)
			set |= UINT64_C(1) << i;
	return (set);
}

uint64_t
kind_members_all(enum kind_id id)
{
	return ((UINT64_C(1) << kind_list[id].count) - 1);
}

enum employee_text
kind_text(const char *key)
{
	size_t i;

	for (i = 0; i < TEXT_N; i++)
		if (strcmp(employee_members[text_members[i]].key, key) == 0)
			break;
	return ((enum employee_text)i);
}

enum employee_member
kind_text_member(enum employee_text text)
{
	return (text_members[text]);
}
