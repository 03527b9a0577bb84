/*
 * What readers must know of the configuration in force, written into the database when it is
 * accepted: they have no other way to it.
 *
 *   suffix            DN of the LDAP tree
 *   suffix.VIEW       … of one view that has its own
 *   organization      o of the suffix entry, NULL: the first RDN's value
 *   max_age           seconds after which readers answer unavailable, NULL: never
 *   user_name         work-email or uid
 *   field.NAME        off, readOnly or readWrite: how SCIM's schema describes the field
 *                     (rulings F13)
 *   by_hand           yes where people and groups can be entered by hand (provider = local)
 *   view.NAME         the statuses the view shows, blank between them
 *   posix.gid_number  of every person, where [posix] is on; NULL: it is off
 *   posix.home        homeDirectory, %u the uid, %U the uidNumber, %% a percent sign
 *   posix.shell       loginShell
 */
#ifndef ROLLCALL_SYNC_SETTINGS_H
#define ROLLCALL_SYNC_SETTINGS_H

#include "base/conf.h"
#include "store/db.h"

int	settings_write(struct db *db, const struct conf *conf, struct err *err);

#endif
