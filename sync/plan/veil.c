/*
 * Owns nothing. The hash of a record with veils is never that of the fetched one, so that every
 * complete fetch looks at it again: that is how somebody who waits for the value gets it.
 */
#include "config.h"

#include "sync/plan/veil.h"

#include "store/suppress.h"

int
veil_make(struct db *db, enum field_id id, const char *value, char veil[VEIL_SIZE],
    struct err *err)
{
	uint8_t hash[DIGEST_SHA256_SIZE];

	if (suppress_hash(db, SUPPRESS_VALUE, field_get(id)->name, value, hash, err) < 0)
		return (-1);
	veil[0] = MODE_VEIL;
	(void)digest_hex(hash, (VEIL_SIZE - 2) / 2, veil + 1);
	return (0);
}

/* Nothing else hangs on these: neither filters nor identity, dates nor references. */
static bool
veil_may(enum field_id id)
{
	const struct field *field = field_get(id);

	return ((field->flags & FIELD_CORE) == 0 && id != FIELD_EMPLOYEE_NUMBER &&
	    (field->kind == KIND_STRING || field->kind == KIND_EMAIL ||
	    field->kind == KIND_PHONE || field->kind == KIND_ADDRESS));
}

/* Taken once or set by hand: the record's own value is only good for drift. */
static bool
veil_wanted(const struct loaded *loaded, const struct conf_source *source, enum field_id id)
{
	enum held_state state = loaded->verdict.held[id].state;

	return (veil_may(id) && source->mode[id] == MODE_IMPORT_ONCE &&
	    (state == HELD_SEEDED || state == HELD_LOCAL));
}

int
veil_employee(struct db *db, const struct loaded *loaded, size_t at, struct arena *arena,
    struct employee *employee, struct err *err)
{
	const struct conf_source *source = loaded->records[at].source->conf;
	char veil[VEIL_SIZE];
	const char *value;
	bool any;
	size_t i;

	if (conf_number(&source->set, CONF_TRACK_DRIFT) != 0)
		return (0);
	any = false;
	for (i = 0; i < FIELD_N; i++) {
		value = employee->value[i];
		if (value == NULL || mode_veiled(value) ||
		    !veil_wanted(loaded, source, (enum field_id)i))
			continue;
		if (veil_make(db, (enum field_id)i, value, veil, err) < 0)
			return (-1);
		employee->value[i] = arena_dup(arena, veil);
		any = true;
	}
	if (any)
		employee->hash = employee_hash(employee);
	return (0);
}
