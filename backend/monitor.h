/*
 * What cn=monitor shows of a database of ours, beside what slapd's own monitor shows of every
 * database: how many entries, which revision, how old it is, whether it can be read, and how much
 * was asked.
 */
#ifndef ROLLCALL_BACKEND_MONITOR_H
#define ROLLCALL_BACKEND_MONITOR_H

#include "backend/slapd.h"

#include "base/err.h"

/* Registers the attributes and the class of the entries; for init_module. */
int	monitor_register(struct err *err);

/* For bi_db_init: `monitoring` is on unless slapd's configuration says otherwise. */
void	monitor_init(BackendDB *be);
/* For bi_db_open and bi_db_close, outside of tools. A database that is not monitored is fine. */
void	monitor_open(BackendDB *be);
void	monitor_close(BackendDB *be);

#endif
