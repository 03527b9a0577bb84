/*
 * The state machine of a field of a person (semantics 3.2): what is served, given the mode,
 * what was held, and what the HR system says.
 */
#ifndef ROLLCALL_RULES_MODES_H
#define ROLLCALL_RULES_MODES_H

#include <stdbool.h>

#include "base/fields.h"

/*
 * What is held of a (person, field) besides the record. A field that simply follows the HR
 * system holds nothing. The letters stand in the database (value.state).
 */
enum held_state {
	HELD_NOTHING = 0,	/* F: the value is the record's */
	HELD_SEEDED = 'S',	/* imported once */
	HELD_LOCAL = 'L',	/* set by hand */
	HELD_KEPT = 'K',	/* follows; emptied upstream, kept by null policy */
	HELD_FROZEN = 'Z',	/* followed until the person departed */
	HELD_OPEN = 'O',	/* to be imported as soon as there is a value */
	HELD_AGAIN = 'A',	/* to be imported again now, whatever the value is */
	HELD_WAITING = 'W'	/* follows, or is imported, from the next complete fetch on */
};

struct held {
	enum held_state	 state;
	const char	*value;		/* NULL for none */
};

struct mode_input {
	enum field_mode	 mode;
	enum field_mode	 before;	/* mode under the configuration in force until now */
	bool		 keep;		/* null policy */
	bool		 wait;		/* import_once_empty = wait */
	bool		 created;	/* the person is new, or returns after a purge */
	bool		 relinked;	/* another record than until now gives the value; `before` and
					 * `was` are those of the one until now */
	bool		 adopted;	/* … the first of an HR system, of a person entered by hand */
	bool		 reimport;	/* on_rehire = reimport */
	bool		 complete;	/* a complete fetch of the owning source is being applied */
	struct held	 held;
	const char	*now;		/* value of the record, normalised */
	const char	*was;		/* value of the record as accepted before; = now without a fetch */
};

/*
 * A value of the record that is not kept: MODE_VEIL and a keyed hash (track_drift = no). It says
 * whether the value is another, and nothing else; whoever needs the value waits for a fetch.
 */
#define MODE_VEIL '\x01'
bool	mode_veiled(const char *value);

struct mode_result {
	const char	*value;		/* served */
	struct held	 held;		/* to be held from now on */
	bool		 overwrote;	/* a value set by hand was replaced by the HR system's */
	bool		 kept_null;	/* null policy kept a value */
};

/* Borrows every text of `input`. Pure. */
void	mode_apply(const struct mode_input *input, struct mode_result *result);

/*
 * What a field holds once the person has departed (rulings A6): the served value stays,
 * whatever the record says later.
 */
struct held mode_freeze(enum field_mode mode, const struct mode_result *result);

#endif
