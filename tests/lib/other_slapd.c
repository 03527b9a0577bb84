/*
 * The module's guard, built for a slapd that is not there: what it says is what a test reads.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/guard.h"

int	init_module(int argc, char **argv);

int
init_module(int argc, char **argv)
{
	struct err err = ERR_INIT;

	(void)argc;
	(void)argv;
	if (guard_check(&err) == 0)
		return (0);
	Debug(LDAP_DEBUG_ANY, "back_rollcall: not loaded: %s\n", err.text);
	return (-1);
}
