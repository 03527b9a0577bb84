/*
 * OpenLDAP's own headers, of the very slapd that loads the module. Included after config.h and
 * before every other header of ours.
 */
#ifndef ROLLCALL_BACKEND_SLAPD_H
#define ROLLCALL_BACKEND_SLAPD_H

/* Paths of files, which a tree that is configured but not made does not have. */
#define _LDAP_DEFAULTS_H

#include "portable.h"

#include <ac/string.h>
#include <ac/time.h>

#include "slap.h"
#include "slap-config.h"

#endif
