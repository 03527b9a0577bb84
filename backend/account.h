/*
 * The LDAP clients of one view: who may bind. Read beside the view whenever something was
 * committed; immutable once read, kept as long as somebody uses them.
 */
#ifndef ROLLCALL_BACKEND_ACCOUNT_H
#define ROLLCALL_BACKEND_ACCOUNT_H

#include <stdatomic.h>

#include "backend/make.h"

#include "image/image.h"

struct account {
	struct image_entry	*entry;		/* payload: its pack */
	int64_t			 expires;	/* instants, 0: never */
	const char		*secret;	/* as lutil_passwd takes it */
	const char		*old_secret;	/* NULL: none */
	int64_t			 old_expires;
};

struct accounts {
	atomic_uint	 holders;
	struct arena	*arena;		/* of the secrets */
	size_t		 count;
	struct account	*list;		/* ascending by id */
};

/* The clients of the view, with one holder. -1: they cannot be read. */
int	accounts_read(struct db *db, const char *view, struct maker *maker,
	    struct accounts **accounts, struct err *err);

struct accounts *accounts_hold(struct accounts *accounts);
/* The last one to let go frees them; NULL is fine. */
void	accounts_let_go(struct accounts **accounts);

/* By name as it is compared; NULL when there is none. */
const struct account *accounts_find(const struct accounts *accounts,
	    const struct berval *normal);

#endif
