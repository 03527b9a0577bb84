/*
 * Stamps of the store as LDAP writes time.
 */
#ifndef ROLLCALL_BACKEND_STAMP_H
#define ROLLCALL_BACKEND_STAMP_H

#include <stddef.h>
#include <stdint.h>

#define STAMP_TIME_SIZE	16	/* "20261120101530Z" and a NUL */
#define STAMP_CSN_SIZE	41	/* "20261120101530.123456Z#000000#001#000000" and a NUL */

/* Generalized Time in seconds; returns the length. */
size_t	stamp_time(int64_t stamp, char text[STAMP_TIME_SIZE]);

/* A change sequence number with slapd's own server id (rulings F8); returns the length. */
size_t	stamp_csn(int64_t stamp, char text[STAMP_CSN_SIZE]);

#endif
