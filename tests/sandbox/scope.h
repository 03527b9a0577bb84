/*
 * Which models and members an integration delivers, as GET /integrations/{id} tells it
 * (kombo/api.md §6.2): a member that is not available is null in all records.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_SCOPE_H
#define ROLLCALL_TESTS_SANDBOX_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tests/sandbox/kind.h"
#include "tests/sandbox/tool.h"

enum scope_coverage {
	SCOPE_SUPPORTED,
	SCOPE_UNSUPPORTED,
	SCOPE_NOT_IMPLEMENTED,
	SCOPE_UNKNOWN,
	SCOPE_COVERAGE_N
};

enum scope_setting { SCOPE_ENABLED, SCOPE_DISABLED, SCOPE_OPTIONAL, SCOPE_SETTING_N };

struct scope_item {
	enum scope_coverage	 coverage;
	enum scope_setting	 setting;
	bool			 opted_out;
};

struct scope {
	struct scope_item	 model[KIND_NAMED];
	struct scope_item	 member[KIND_NAMED][KIND_MEMBERS_MAX];
	uint64_t		 off[KIND_N];	/* null members, by scope_settle */
};

/* Everything on but what the tool lacks. */
void	scope_open(struct scope *scope, const struct tool *tool);

/* Supported, switched on, and not opted out of. */
bool	scope_available(const struct scope_item *item);
bool	scope_has(const struct scope *scope, enum kind_id kind, size_t member);

/* Works out `off` after items were changed. */
void	scope_settle(struct scope *scope);

const char *scope_coverage_name(enum scope_coverage coverage);
const char *scope_setting_name(enum scope_setting setting);
/* SCOPE_COVERAGE_N, SCOPE_SETTING_N when there is none of that name. */
enum scope_coverage scope_coverage_find(const char *name);
enum scope_setting scope_setting_find(const char *name);

#endif
