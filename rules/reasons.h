/*
 * Reasons and conditions made from schema/reasons.def, as sets of bits.
 */
#ifndef ROLLCALL_RULES_REASONS_H
#define ROLLCALL_RULES_REASONS_H

#include <stdint.h>

#include "base/mem.h"

enum reason {
#define REASON(ID, code, text, advice) REASON_##ID,
#define CONDITION(ID, code, text)
#include "schema/reasons.def"
#undef REASON
#undef CONDITION
	REASON_N
};

enum condition {
#define REASON(ID, code, text, advice)
#define CONDITION(ID, code, text) CONDITION_##ID,
#include "schema/reasons.def"
#undef REASON
#undef CONDITION
	CONDITION_N
};

#define REASON_BIT(reason) (UINT32_C(1) << (reason))
#define CONDITION_BIT(condition) (UINT32_C(1) << (condition))

/* The bits of filter.* and exclude.*: what [include] and [exclude] say. */
#define REASONS_SCOPE (REASON_BIT(REASON_FILTER_ENTITY) | REASON_BIT(REASON_FILTER_TYPE) | \
	REASON_BIT(REASON_FILTER_GROUP) | REASON_BIT(REASON_FILTER_LOCATION) |		   \
	REASON_BIT(REASON_EXCLUDE_ENTITY) | REASON_BIT(REASON_EXCLUDE_TYPE) |		   \
	REASON_BIT(REASON_EXCLUDE_GROUP) | REASON_BIT(REASON_EXCLUDE_LOCATION))

/* Why a record gives nothing to the person whose it is (rulings B7, B13, D7). */
#define REASONS_OUT (REASONS_SCOPE | REASON_BIT(REASON_INVALID_START) |			   \
	REASON_BIT(REASON_INVALID_END) | REASON_BIT(REASON_ERASED))

const char *reason_code(enum reason reason);
const char *reason_text(enum reason reason);
const char *reason_advice(enum reason reason);
const char *condition_code(enum condition condition);

/* The codes of a set, blank between them, in the order of the table; "" for none. */
const char *reasons_join(struct arena *arena, uint32_t reasons);
uint32_t reasons_split(const char *codes);
const char *conditions_join(struct arena *arena, uint32_t conditions);

#endif
