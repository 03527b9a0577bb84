/*
 * What values must be to each other, and what an admin should know of them.
 */
#ifndef ROLLCALL_BASE_CONF_RULES_H
#define ROLLCALL_BASE_CONF_RULES_H

#include "base/conf.h"

/*
 * Looks at the whole configuration; reads the secrets it can, and forgets them again.
 */
void	conf_rules_check(const struct conf *conf, struct conf_findings *findings);

#endif
