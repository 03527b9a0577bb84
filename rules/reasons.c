/*
 * Owns the tables made from schema/reasons.def; immutable.
 */
#include "config.h"

#include "rules/reasons.h"

#include <string.h>

static const struct {
	const char	*code;
	const char	*text;
	const char	*advice;
} reason_rows[REASON_N] = {
#define REASON(ID, name, what, how) [REASON_##ID] = { name, what, how },
#define CONDITION(ID, name, what)
#include "schema/reasons.def"
#undef REASON
#undef CONDITION
};

static const struct {
	const char	*code;
	const char	*text;
} condition_rows[CONDITION_N] = {
#define REASON(ID, name, what, how)
#define CONDITION(ID, name, what) [CONDITION_##ID] = { name, what },
#include "schema/reasons.def"
#undef REASON
#undef CONDITION
};

const char *
reason_code(enum reason reason)
{
	return (reason_rows[reason].code);
}

const char *
reason_text(enum reason reason)
{
	return (reason_rows[reason].text);
}

const char *
reason_advice(enum reason reason)
{
	return (reason_rows[reason].advice);
}

const char *
condition_code(enum condition condition)
{
	return (condition_rows[condition].code);
}

static void
reasons_add(struct buf *codes, const char *code)
{
	if (codes->len > 0)
		buf_char(codes, ' ');
	buf_str(codes, code);
}

static const char *
reasons_keep(struct arena *arena, struct buf *codes)
{
	const char *text;

	text = arena_dup_len(arena, codes->data != NULL ? codes->data : "", codes->len);
	buf_close(codes);
	return (text);
}

const char *
reasons_join(struct arena *arena, uint32_t reasons)
{
	struct buf codes = BUF_INIT;
	size_t i;

	for (i = 0; i < REASON_N; i++)
		if ((reasons & REASON_BIT(i)) != 0)
			reasons_add(&codes, reason_rows[i].code);
	return (reasons_keep(arena, &codes));
}

uint32_t
reasons_split(const char *codes)
{
	uint32_t reasons;
	size_t i, len;

	reasons = 0;
	for (; codes != NULL && *codes != '\0'; codes += len + (codes[len] == ' ')) {
		len = strcspn(codes, " ");
		for (i = 0; i < REASON_N; i++)
			if (strlen(reason_rows[i].code) == len &&
			    strncmp(reason_rows[i].code, codes, len) == 0)
				reasons |= REASON_BIT(i);
	}
	return (reasons);
}

const char *
conditions_join(struct arena *arena, uint32_t conditions)
{
	struct buf codes = BUF_INIT;
	size_t i;

	for (i = 0; i < CONDITION_N; i++)
		if ((conditions & CONDITION_BIT(i)) != 0)
			reasons_add(&codes, condition_rows[i].code);
	return (reasons_keep(arena, &codes));
}
