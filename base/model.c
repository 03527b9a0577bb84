/*
 * Owns nothing.
 */
#include "config.h"

#include "base/model.h"

#include <string.h>

static const char *const status_names[STATUS_N] = {
	[STATUS_ONBOARDING] = "onboarding",
	[STATUS_ACTIVE] = "active",
	[STATUS_OFFBOARDING] = "offboarding",
	[STATUS_DEPARTED] = "departed",
};

const char *
status_name(enum person_status status)
{
	return (status_names[status]);
}

static uint64_t
employee_hash_text(const char *text, uint64_t seed)
{
	/* One past the text, so that NULL and "" differ. */
	return (text == NULL ? seed * 31 + 7 : hash64_seed(text, strlen(text) + 1, seed));
}

uint64_t
employee_hash(const struct employee *employee)
{
	uint64_t hash;
	size_t i;

	hash = employee_hash_text(employee->remote, employee->gone ? 2 : 1);
	hash = employee_hash_text(employee->employments, hash);
	for (i = 0; i < FIELD_N; i++)
		hash = employee_hash_text(employee->value[i], hash);
	return (hash);
}
