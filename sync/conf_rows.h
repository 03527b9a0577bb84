/*
 * What the database must hold of a configuration before anybody is judged under it.
 */
#ifndef ROLLCALL_SYNC_CONF_ROWS_H
#define ROLLCALL_SYNC_CONF_ROWS_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"

/*
 * Makes the views of the configuration and takes away those it no longer has, and gives every
 * source a row. A writer's transaction is the caller's.
 */
int	conf_rows_write(struct db *db, const struct conf *conf, struct err *err);

#endif
