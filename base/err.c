/*
 * Owns the table made from schema/errors.def. Threads: none of its own; an err belongs to one.
 */
#include "config.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_kind err_kinds[ERR_N] = {
#define ERROR(id, exit, ldap, http, scim, text)					\
	[ERR_##id] = { .name = #id, .title = text, .scim_type = scim,		\
	    .exit_status = exit, .ldap_result = ldap, .http_status = http },
#include "schema/errors.def"
#undef ERROR
};

const struct err_kind *
err_kind(enum err_code code)
{
	return (&err_kinds[code]);
}

int
err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return (-1);
	err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return (-1);
}

int
err_set_errno(struct err *err, enum err_code code, int error, const char *fmt, ...)
{
	char reason[128];
	size_t len;
	va_list ap;

	if (err == NULL)
		return (-1);
	err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s",
	    strerror_r(error, reason, sizeof(reason)));
	return (-1);
}

int
err_context(struct err *err, const char *fmt, ...)
{
	char prefix[ERR_TEXT_SIZE];
	size_t len;
	va_list ap;

	if (err == NULL || err->code == ERR_NONE)
		return (-1);
	va_start(ap, fmt);
	(void)vsnprintf(prefix, sizeof(prefix) - 2, fmt, ap);
	va_end(ap);
	strcat(prefix, ": ");
	len = strlen(prefix);
	if (len + 1 < sizeof(err->text)) {
		memmove(err->text + len, err->text, sizeof(err->text) - len);
		memcpy(err->text, prefix, len);
		err->text[sizeof(err->text) - 1] = '\0';
	}
	return (-1);
}

void
err_clear(struct err *err)
{
	if (err == NULL)
		return;
	err->code = ERR_NONE;
	err->text[0] = '\0';
}
