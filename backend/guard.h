/*
 * Refuses to be loaded by another slapd than the one the module was built for: slapd itself
 * checks nothing, and structures that lie differently corrupt memory (ldap/slapd-backend.md
 * §2.1).
 */
#ifndef ROLLCALL_BACKEND_GUARD_H
#define ROLLCALL_BACKEND_GUARD_H

#include "base/err.h"

/* 0: this slapd is the right one. -1: err says in what it differs. */
int	guard_check(struct err *err);

/*
 * The upstream version in a text such as "@(#) $OpenLDAP: slapd 2.5.13+dfsg-5 (…) $" as
 * 20513; 0 when there is none.
 */
int	guard_version(const char *text);

#endif
