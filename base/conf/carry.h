/*
 * A source whose file is no more goes on under the settings it had (semantics 3.3).
 */
#ifndef ROLLCALL_BASE_CONF_CARRY_H
#define ROLLCALL_BASE_CONF_CARRY_H

#include "base/conf.h"

/*
 * Adds a copy of a source of another configuration, marked as carried; the order of sources and
 * the digest are those of a file that were still there. `conf` has no source of that name.
 */
void	conf_carry(struct conf *conf, const struct conf_source *source);

#endif
