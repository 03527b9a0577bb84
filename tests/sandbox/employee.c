/*
 * Owns nothing; copies belong to their callers.
 */
#include "config.h"

#include "tests/sandbox/employee.h"

#include <string.h>

#include "base/mem.h"

static const char *const poison_names[POISON_N] = {
	[POISON_NONE] = "none",
	[POISON_BIG_INTEGER] = "big_integer",
	[POISON_HUGE_REAL] = "huge_real",
	[POISON_NUL] = "nul",
	[POISON_NUL_KEY] = "nul_key",
	[POISON_SURROGATE] = "surrogate",
	[POISON_DEEP] = "deep",
	[POISON_UTF8] = "utf8",
};

static void
contract_each(struct contract *contract, void (*visit)(const char **))
{
	visit(&contract->remote_id);
	visit(&contract->job_title);
	visit(&contract->type);
	visit(&contract->pay_rate);
	visit(&contract->pay_period);
	visit(&contract->pay_frequency);
	visit(&contract->currency);
}

static void
balance_each(struct balance *balance, void (*visit)(const char **))
{
	visit(&balance->remote_id);
	visit(&balance->balance);
	visit(&balance->used);
	visit(&balance->unit);
}

/*
 * Visits every text, also those of contracts and balances that are not counted (NULL).
 */
static void
texts_each(struct employee *employee, void (*visit)(const char **))
{
	size_t i;

	visit(&employee->remote_id);
	for (i = 0; i < TEXT_N; i++)
		visit(&employee->text[i]);
	visit(&employee->weekly_hours);
	visit(&employee->iban);
	for (i = 0; i < ADDRESS_MEMBERS; i++)
		visit(&employee->home.part[i]);
	visit(&employee->lost_location);
	visit(&employee->lost_manager);
	for (i = 0; i < EMPLOYEE_CONTRACTS; i++)
		contract_each(&employee->contracts[i], visit);
	for (i = 0; i < EMPLOYEE_BALANCES; i++)
		balance_each(&employee->balances[i], visit);
	visit(&employee->custom_fields);
}

static void
text_own(const char **text)
{
	*text = mem_dup(*text);
}

static void
text_drop(const char **text)
{
	mem_free(text);
}

struct employee *
employee_dup(const struct employee *from)
{
	struct employee *copy;

	copy = mem_alloc(sizeof(*copy));
	*copy = *from;
	texts_each(copy, text_own);
	return (copy);
}

void
employee_close(struct employee **employee)
{
	if (*employee == NULL)
		return;
	texts_each(*employee, text_drop);
	mem_free(employee);
}

void
employee_text_set(const char **place, const char *text)
{
	char *copy;

	copy = mem_dup(text);
	mem_free(place);
	*place = copy;
}

const char *
poison_name(enum poison poison)
{
	return (poison_names[poison]);
}

enum poison
poison_find(const char *name)
{
	size_t i;

	for (i = 0; i < POISON_N; i++)
		if (strcmp(poison_names[i], name) == 0)
			break;
	return ((enum poison)i);
}
