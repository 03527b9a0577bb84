/*
 * Values as slapd compares them: checked by the syntax and normalised by the equality rule of
 * their type, with a memory of what was seen, since most values of an organisation are few.
 */
#ifndef ROLLCALL_BACKEND_NORM_H
#define ROLLCALL_BACKEND_NORM_H

#include <stdbool.h>

#include "backend/slapd.h"

/* For one thread at a time. */
struct norm;

struct norm *norm_open(void);
void	norm_close(struct norm **norm);

/*
 * The normalised form of a value of a slot, ended by a NUL; it is borrowed until the next
 * call. False when the syntax refuses the value (rulings F15).
 */
bool	norm_value(struct norm *norm, unsigned int slot, const struct berval *value,
	    struct berval *normal);

#endif
