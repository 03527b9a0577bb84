/*
 * What a source's [fields] and [nulls] come to for each field.
 */
#ifndef ROLLCALL_BASE_CONF_MODES_H
#define ROLLCALL_BASE_CONF_MODES_H

#include "base/conf.h"

/* Fills mode, keep and their lines; findings tell of modes a field does not allow. */
void	conf_modes_settle(struct conf_source *source, struct conf_findings *findings);

#endif
