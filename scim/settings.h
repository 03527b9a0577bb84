/*
 * The main configuration file alone: rollcall.conf. Sources, their secrets and mistakes
 * in them are no business of a program that faces applications.
 */
#ifndef ROLLCALL_SCIM_SETTINGS_H
#define ROLLCALL_SCIM_SETTINGS_H

#include "base/conf.h"

/* As conf_load, but sources.d/ is not looked at. */
int	settings_load(const char *folder, struct conf **conf,
	    struct conf_findings *findings, struct err *err);

#endif
