/*
 * Whose record a new one is: the ordered matching of semantics 3.3 and 3.4, once neither the
 * Kombo id, nor the remote id, nor a decision has told. The first rule that exactly one person
 * fits decides; where more fit, or one fits and something speaks against it, the record is held
 * for an admin to judge.
 */
#ifndef ROLLCALL_RULES_IDENTITY_H
#define ROLLCALL_RULES_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "base/digest.h"
#include "base/model.h"

/* A record as matching sees it: its own values of this run (rulings A39). Borrowed. */
struct identity_facts {
	int64_t			 source;
	bool			 by_hand;	/* its source is CSV or entered by hand */
	const char		*number;	/* employee number, NULL for none */
	const char		*family;	/* last name in the form of text_fold, NULL for none */
	enum person_status	 status;
	day_number		 end;		/* termination date, DAY_NONE for none */
	day_number		 today;		/* in the record's zone */
};

/* A person whose number or address is that of the new record. */
struct identity_person {
	const struct identity_facts	*records;	/* those in scope */
	size_t				 count;
	bool				 same_mail;	/* has the new record's work e-mail */
};

enum identity_rule {
	IDENTITY_NEW,		/* nobody: a new person */
	IDENTITY_NUMBER,	/* same source, same employee number (rulings A31) */
	IDENTITY_REHIRE,	/* same source, same address and family name, the old one ends */
	IDENTITY_HAND_NUMBER,	/* a person entered by hand, by number */
	IDENTITY_HAND_MAIL,	/* … by address */
	IDENTITY_OTHER_SOURCE,	/* another source's person, by address and family name */
	IDENTITY_RULES
};

/*
 * The UUID of a person first seen as that record, for life (rulings D2). `salt` tells apart those
 * who share a record's own: 0 but for who was parted from somebody made of the same record.
 */
struct uuid identity_uuid(const struct uuid *space, const char *source, const char *kombo,
	    int64_t salt);

/* "number", "rehire" …, for logs and answers. */
const char *identity_rule_name(enum identity_rule rule);
/* In words for people: what the record had in common with the person. */
const char *identity_rule_text(enum identity_rule rule);

struct identity_match {
	enum identity_rule	rule;
	bool			held;	/* for an admin: every person of the rule in `persons` */
	size_t			persons[8];	/* indexes of those that fit; the first is it */
	size_t			count;		/* more than 8 are counted only */
};

/*
 * Decides about a new record that is not departed. `link_mail` is duplicate_email = link. That
 * an address is taken, where no rule links, is not found out here: it is unique among the served
 * (sync/plan/mail.c).
 */
void	identity_find(const struct identity_facts *record, const struct identity_person *persons,
	    size_t count, bool link_mail, struct identity_match *match);

#endif
