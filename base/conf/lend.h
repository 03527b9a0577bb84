/*
 * Literal secrets are not kept in the database: a configuration that was read from there borrows
 * them of one that was read from files.
 */
#ifndef ROLLCALL_BASE_CONF_LEND_H
#define ROLLCALL_BASE_CONF_LEND_H

#include "base/conf.h"

/*
 * Copies literal secrets that `conf` lacks from `from`, into its own arena. A source's key only
 * where name, integration and address are the same, a hook's secret only where name and address
 * are: a secret goes nowhere but where it was meant for. The digest stays as it is.
 */
void	conf_lend(struct conf *conf, const struct conf *from);

/* True for the reference of a literal secret that is not known. */
bool	conf_lacks_secret(const char *reference);

#endif
