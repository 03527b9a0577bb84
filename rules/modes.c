/*
 * Owns nothing. Pure. Each mode has one function; its switch has a row for every state a field
 * may come from, so that a switch of modes in any direction is a row too.
 */
#include "config.h"

#include "rules/modes.h"

#include <stddef.h>
#include <string.h>

static bool
mode_differs(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != b);
	return (strcmp(a, b) != 0);
}

static void
mode_hold(struct mode_result *result, enum held_state state, const char *value)
{
	result->held = (struct held){ .state = state, .value = value };
	result->value = value;
}

/* Follows the record; `last` is what was served until now, for the null policy. */
static void
mode_follow(const struct mode_input *input, const char *last, struct mode_result *result)
{
	result->value = input->now;
	if (input->now == NULL && last != NULL && input->keep && !input->created) {
		mode_hold(result, HELD_KEPT, last);
		result->kept_null = true;
	}
	result->overwrote = input->held.state == HELD_LOCAL && !input->created &&
	    mode_differs(input->held.value, result->value);
}

static void
mode_continuous(const struct mode_input *input, struct mode_result *result)
{
	/* Nulls of another record clear, whatever the null policy (rulings C23). */
	if (input->created || input->relinked) {
		mode_follow(input, NULL, result);
		result->overwrote &= !input->adopted;
		return;
	}
	switch (input->held.state) {
	case HELD_NOTHING:
		/* What is made of other values is there at once; it waits as well (rulings C7). */
		if (input->before == MODE_OFF && !input->complete && input->now != NULL)
			mode_hold(result, HELD_WAITING, NULL);
		else
			mode_follow(input, input->was, result);
		return;
	case HELD_LOCAL:
		if (input->before == MODE_LOCAL && !input->complete) {
			/* A local field was never fetched: its value is not known yet. */
			mode_hold(result, HELD_WAITING, input->held.value);
			return;
		}
		mode_follow(input, input->held.value, result);
		return;
	case HELD_WAITING:
		if (!input->complete) {
			mode_hold(result, HELD_WAITING, input->held.value);
			return;
		}
		mode_follow(input, input->held.value, result);
		/* Nothing by hand was in a field that was off, or local and never set. */
		result->overwrote = input->held.value != NULL &&
		    mode_differs(input->held.value, result->value);
		return;
	case HELD_SEEDED:
	case HELD_KEPT:
	case HELD_FROZEN:
	case HELD_OPEN:
	case HELD_AGAIN:
		mode_follow(input, input->held.value, result);
		return;
	}
}

/* The import itself: uses up the "once", unless the admin lets it wait for a value. */
static void
mode_import(const struct mode_input *input, struct mode_result *result)
{
	if (input->now == NULL && input->wait)
		mode_hold(result, HELD_OPEN, NULL);
	else
		mode_hold(result, HELD_SEEDED, input->now);
}

/* What is there until now, whoever gave it. */
static const char *
mode_current(const struct mode_input *input)
{
	return (input->held.state == HELD_NOTHING ? input->was : input->held.value);
}

/*
 * Another record has taken over: true when that alone settles the field. The first HR system
 * of a person entered by hand overwrites, but for what it leaves empty (semantics 3.2 "adopt").
 */
static bool
mode_take_over(const struct mode_input *input, struct mode_result *result)
{
	const char *current = mode_current(input);

	if (input->adopted) {
		mode_hold(result, HELD_SEEDED, input->now != NULL ? input->now : current);
		result->kept_null = input->now == NULL && current != NULL;
		return (true);
	}
	if (!input->reimport &&
	    !(input->held.state == HELD_NOTHING && input->before == MODE_OFF))
		return (false);
	mode_import(input, result);
	result->overwrote = input->held.state == HELD_LOCAL &&
	    mode_differs(input->held.value, result->value);
	return (true);
}

static void
mode_import_once(const struct mode_input *input, struct mode_result *result)
{
	if (input->created) {
		mode_import(input, result);
		return;
	}
	if (input->relinked && mode_take_over(input, result))
		return;
	switch (input->held.state) {
	case HELD_NOTHING:
		if (input->before != MODE_OFF)
			mode_hold(result, HELD_SEEDED, input->was);
		else if (input->complete)
			mode_import(input, result);
		else
			mode_hold(result, HELD_WAITING, NULL);
		return;
	case HELD_SEEDED:
	case HELD_LOCAL:
		mode_hold(result, input->held.state, input->held.value);
		return;
	case HELD_WAITING:
		if (input->before != MODE_IMPORT_ONCE)
			mode_hold(result, HELD_SEEDED, input->held.value);
		else if (input->complete)
			mode_import(input, result);
		else
			mode_hold(result, HELD_WAITING, input->held.value);
		return;
	case HELD_KEPT:
	case HELD_FROZEN:
		mode_hold(result, HELD_SEEDED, input->held.value);
		return;
	case HELD_AGAIN:
		mode_import(input, result);
		return;
	case HELD_OPEN:
		if (input->now != NULL || input->complete)
			mode_import(input, result);
		else
			mode_hold(result, HELD_OPEN, NULL);
		return;
	}
}

static void
mode_local(const struct mode_input *input, struct mode_result *result)
{
	if (input->created) {
		mode_hold(result, HELD_LOCAL, NULL);
		return;
	}
	switch (input->held.state) {
	case HELD_NOTHING:
		mode_hold(result, HELD_LOCAL, input->before == MODE_OFF ? NULL : input->was);
		return;
	case HELD_OPEN:
	case HELD_AGAIN:
		mode_hold(result, HELD_LOCAL, NULL);
		return;
	case HELD_SEEDED:
	case HELD_LOCAL:
	case HELD_KEPT:
	case HELD_FROZEN:
	case HELD_WAITING:
		mode_hold(result, HELD_LOCAL, input->held.value);
		return;
	}
}

bool
mode_veiled(const char *value)
{
	return (value != NULL && value[0] == MODE_VEIL);
}

static void
mode_of(const struct mode_input *input, struct mode_result *result)
{
	switch (input->mode) {
	case MODE_CONTINUOUS:
		mode_continuous(input, result);
		return;
	case MODE_IMPORT_ONCE:
		mode_import_once(input, result);
		return;
	case MODE_LOCAL:
		mode_local(input, result);
		return;
	case MODE_OFF:
	case MODE_N:
		return;
	}
}

void
mode_apply(const struct mode_input *given, struct mode_result *result)
{
	struct mode_input input = *given;

	*result = (struct mode_result){ .value = NULL };
	input.complete = given->complete && !mode_veiled(given->now);
	mode_of(&input, result);
	if (!mode_veiled(result->value))
		return;
	/* What was served stays, and is what it was, until a fetch brings the value itself. */
	mode_hold(result, given->held.state == HELD_SEEDED || given->held.state == HELD_LOCAL ?
	    given->held.state : HELD_WAITING, given->held.value);
	result->overwrote = false;
}

struct held
mode_freeze(enum field_mode mode, const struct mode_result *result)
{
	if (mode == MODE_OFF)
		return ((struct held){ .state = HELD_OPEN, .value = NULL });
	if (result->held.state != HELD_NOTHING)
		return (result->held);
	return ((struct held){ .state = HELD_FROZEN, .value = result->value });
}
