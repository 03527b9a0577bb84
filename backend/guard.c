/*
 * Owns nothing. Runs once, before anything else in the module, while slapd has one thread.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/guard.h"

#include <stddef.h>
#include <stdio.h>

#ifndef GUARD_VERSION
#define GUARD_VERSION	LDAP_VENDOR_VERSION	/* tests build it for another one */
#endif
#define GUARD_SLACK	4096	/* how much larger slapd's structures may be than ours */
#define GUARD_ATTRS	128

int
guard_version(const char *text)
{
	const char *at;
	int major, minor, patch;

	at = strstr(text, "slapd ");
	if (at == NULL || sscanf(at, "slapd %d.%d.%d", &major, &minor, &patch) != 3)
		return (0);
	return (major * 10000 + minor * 100 + patch);
}

static int
guard_check_version(struct err *err)
{
	if (guard_version(Versionstr) == GUARD_VERSION)
		return (0);
	return (err_set(err, ERR_CONFIG, "built for OpenLDAP %d.%d.%d, but this is \"%s\": "
	    "build it with the source of this slapd", GUARD_VERSION / 10000,
	    GUARD_VERSION / 100 % 100, GUARD_VERSION % 100, Versionstr));
}

/* Where slapd sees the controls of an operation tells how large it takes its parts to be. */
static int
guard_check_operation(struct err *err)
{
	OperationBuffer *buffer;
	Connection *connection;
	ptrdiff_t ours, theirs;

	buffer = ch_calloc(1, sizeof(*buffer) + GUARD_SLACK);
	connection = ch_calloc(1, sizeof(*connection) + GUARD_SLACK);
	connection_fake_init2(connection, buffer, ldap_pvt_thread_pool_context(), 0);
	theirs = (char *)buffer->ob_op.o_controls - (char *)buffer;
	ours = (char *)buffer->ob_controls - (char *)buffer;
	ch_free(connection);
	ch_free(buffer);
	if (ours == theirs)
		return (0);
	return (err_set(err, ERR_CONFIG, "its structures lie differently (controls of an "
	    "operation at %td, not %td): this slapd was configured with other options than "
	    "the source the module was built with", theirs, ours));
}

/* Attributes come from arrays: the smallest distance of two is the size of one. */
static int
guard_check_attribute(struct err *err)
{
	Attribute *attribute, *list;
	ptrdiff_t distance, smallest;

	smallest = PTRDIFF_MAX;
	list = attrs_alloc(GUARD_ATTRS);
	for (attribute = list; attribute->a_next != NULL; attribute = attribute->a_next) {
		distance = (char *)attribute->a_next - (char *)attribute;
		if (distance < 0)
			distance = -distance;
		if (distance < smallest)
			smallest = distance;
	}
	attrs_free(list);
	if (smallest == (ptrdiff_t)sizeof(Attribute))
		return (0);
	return (err_set(err, ERR_CONFIG, "its structures lie differently (an attribute takes "
	    "%td bytes, not %zu): this slapd was configured with other options than the source "
	    "the module was built with", smallest, sizeof(Attribute)));
}

int
guard_check(struct err *err)
{
	if (guard_check_version(err) < 0 || guard_check_operation(err) < 0)
		return (-1);
	return (guard_check_attribute(err));
}
