/*
 * Configuration and the life of a database, for slapd.conf and cn=config alike: two keywords,
 * rollcall-database and rollcall-view.
 */
#ifndef ROLLCALL_BACKEND_SETUP_H
#define ROLLCALL_BACKEND_SETUP_H

#include "backend/slapd.h"

/* Registers the keywords with slapd. */
int	setup_register(BackendInfo *bi);

int	setup_init(BackendDB *be, ConfigReply *cr);
int	setup_open(BackendDB *be, ConfigReply *cr);
int	setup_close(BackendDB *be, ConfigReply *cr);
int	setup_destroy(BackendDB *be, ConfigReply *cr);

#endif
