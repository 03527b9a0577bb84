/*
 * Inside base/conf/ only: what the provider of a source allows and demands.
 */
#ifndef ROLLCALL_BASE_CONF_PROVIDER_H
#define ROLLCALL_BASE_CONF_PROVIDER_H

#include "base/conf.h"

void	conf_provider_check(const struct conf *conf, const struct conf_source *source,
	    struct conf_findings *findings);

#endif
