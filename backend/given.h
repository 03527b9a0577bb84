/*
 * Which CSNs a slapd has given, remembered in a file of its own beside the database: a database
 * that is put back or replaced goes on above them (rulings F8). Needed where replicas follow,
 * and nowhere else.
 */
#ifndef ROLLCALL_BACKEND_GIVEN_H
#define ROLLCALL_BACKEND_GIVEN_H

#include <stdbool.h>

#include "backend/stamp.h"

#include "base/digest.h"
#include "base/err.h"

struct given {
	struct uuid		epoch;	/* what was read when they were given */
	int64_t			view;	/* id */
	uint64_t		form;	/* of the settings that shape entries */
	int64_t			stamp;	/* the largest stamp of the view */
	struct stamp_base	base;
	int64_t			until;	/* no CSN is later than this time; 0: none was given */
};

/* The file of a database, a view and this slapd's server id; to be freed with mem_free. */
char	*given_path(const char *database, const char *view);

/* 1 read, 0 there is none, -1 it cannot be read, or does not hold what it should. */
int	given_read(const char *path, struct given *given, struct err *err);

/* Written whole or not at all; `lasting`: on the disk when it returns. */
int	given_write(const char *path, const struct given *given, bool lasting,
	    struct err *err);

/*
 * Goes on with what is read now: with the base there is when it is the same database further
 * on, else with one above all that was given.
 */
void	given_go_on(struct given *given, const struct given *now);

#endif
