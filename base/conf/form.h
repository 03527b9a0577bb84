/*
 * Values that have a grammar of their own: DNs, URLs, addresses to listen on.
 *
 * The checks return 0, or -1 with the reason in err ("has no port"): a text that goes
 * on from the value itself.
 */
#ifndef ROLLCALL_BASE_CONF_FORM_H
#define ROLLCALL_BASE_CONF_FORM_H

#include <stdbool.h>

#include "base/err.h"

/* RFC 4514, strictly: no blanks beside separators, no empty values, one RDN or more. */
int	conf_form_dn(const char *text, struct err *err);

/* RFC 3986: http or https, a host, maybe port and path; no user, query, fragment. */
int	conf_form_url(const char *text, struct err *err);

/* "192.0.2.1:8443", "[2001:db8::1]:8443" or "unix:/run/x.sock". */
int	conf_form_listen(const char *text, struct err *err);

/* True when what passes there stays on this machine; false for malformed texts. */
bool	conf_form_listen_is_local(const char *text);
bool	conf_form_url_is_local(const char *text);

#endif
