/*
 * Errors: filled once where they happen, given context while unwinding, logged once at the edge.
 */
#ifndef ROLLCALL_BASE_ERR_H
#define ROLLCALL_BASE_ERR_H

#include <stddef.h>

enum err_code {
#define ERROR(id, exit, ldap, http, scim, title) ERR_##id,
#include "schema/errors.def"
#undef ERROR
	ERR_N
};

/* One row of schema/errors.def. */
struct err_kind {
	const char	*name;		/* "NOT_FOUND" */
	const char	*title;		/* "not found" */
	const char	*scim_type;	/* RFC 7644 §3.12, or "" */
	int		 exit_status;
	int		 ldap_result;
	int		 http_status;
};

#define ERR_TEXT_SIZE 1024

/* Owned by the caller, usually on the stack; initialise with ERR_INIT. */
struct err {
	enum err_code	 code;
	char		 text[ERR_TEXT_SIZE];	/* one line, without a final full stop */
};
#define ERR_INIT { .code = ERR_NONE, .text = "" }

const struct err_kind *err_kind(enum err_code code);

/*
 * Fills err (which may be NULL) and returns -1, so that a function can end with
 * "return (err_set(err, ERR_NOT_FOUND, ...))". An error that is already set is replaced.
 */
int	err_set(struct err *err, enum err_code code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/* As err_set, with ": " and the text of errno value `error` at the end. */
int	err_set_errno(struct err *err, enum err_code code, int error, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));

/* Puts "prefix: " before the text of an error that is set; returns -1. */
int	err_context(struct err *err, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Forgets the error. */
void	err_clear(struct err *err);

#endif
