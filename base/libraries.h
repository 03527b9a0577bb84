/*
 * Libraries that take an allocator get the one that does not fail (base/mem.h).
 */
#ifndef ROLLCALL_BASE_LIBRARIES_H
#define ROLLCALL_BASE_LIBRARIES_H

/* ICU; call it first in main, before any text is looked at. Not inside slapd. */
void	libraries_start(void);

#endif
