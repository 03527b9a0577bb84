/*
 * What the settings in force make of SCIM: which fields are served, which may be
 * edited, what userName is, and the discovery documents that follow from it. One for
 * each time the settings change; immutable.
 */
#ifndef ROLLCALL_SCIM_FORM_H
#define ROLLCALL_SCIM_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "image/image.h"
#include "scim/attr.h"
#include "scim/site.h"

struct form {
	uint32_t	 on;			/* bit per field */
	uint32_t	 editable;
	bool		 uid_is_name;		/* userName is not the e-mail */
	bool		 by_hand;		/* people and groups may be entered */
	struct buf	 schemas;		/* /Schemas */
	struct buf	 schema[SCHEMA_N];	/* /Schemas/{urn}; COMMON has none */
};

struct form *form_open(const struct site *site, const struct snap_settings *settings);
void	form_close(struct form **form);

static inline bool
form_has_field(const struct form *form, enum field_id field)
{
	return ((form->on >> field & 1) != 0);
}

/* Whether the attribute may occur at all: a field that fills it is on. */
static inline bool
form_serves(const struct form *form, const struct attr *attr)
{
	return (attr->fields == 0 || (attr->fields & form->on) != 0);
}

#endif
