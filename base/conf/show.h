/*
 * The digest over what conf_show (base/conf.h) shows.
 */
#ifndef ROLLCALL_BASE_CONF_SHOW_H
#define ROLLCALL_BASE_CONF_SHOW_H

#include "base/conf.h"

/* Fills conf->digest. */
void	conf_show_digest(struct conf *conf);

#endif
