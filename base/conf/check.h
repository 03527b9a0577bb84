/*
 * From what is written to what it means: names, types and ranges against
 * schema/conf.def.
 */
#ifndef ROLLCALL_BASE_CONF_CHECK_H
#define ROLLCALL_BASE_CONF_CHECK_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/conf/read.h"

/*
 * Makes a configuration of the documents, whose arena becomes its own, and adds what it
 * finds to their findings. A value that cannot be read is there as an item with an
 * empty text, so that nobody takes it for missing. `stored`: the documents come from
 * conf_store_text; what has the line 0 is a standard. The digest is left to the caller.
 */
struct conf *conf_check(const char *folder, const struct conf_docs *docs, bool stored);

/* Puts the sources into their order, (priority, name). */
void	conf_sort_sources(struct conf *conf);

#endif
