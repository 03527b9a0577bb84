/*
 * Failures on demand, for programs that are built for tests alone: SQLite's calls of the
 * operating system (vfs.c) and allocations (heap.c). tests/lib/fault.py gives the orders.
 */
#ifndef ROLLCALL_TESTS_FAULTS_FAULT_H
#define ROLLCALL_TESTS_FAULTS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_FULL,		/* no room on the disk */
	FAULT_IO,		/* the disk cannot be read or written */
	FAULT_READONLY,		/* the file system takes no writes any more */
	FAULT_HEAP		/* no memory */
};

/* What can be asked for; the order names the calls that count. */
enum fault_call {
	FAULT_READ = 1, FAULT_WRITE = 2, FAULT_SYNC = 4, FAULT_TRUNCATE = 8, FAULT_OPEN = 16,
	FAULT_DELETE = 32, FAULT_SHARE = 64, FAULT_LOCK = 128, FAULT_SIZE = 256,
	FAULT_ALLOC = 512
};

/* The file that ROLLCALL_FAULT names, mapped: the test writes it while the program runs. */
struct fault_order {
	_Atomic int64_t	kind;		/* enum fault_kind; NONE counts and lets pass */
	_Atomic int64_t	calls;		/* bits of enum fault_call */
	_Atomic int64_t	nth;		/* the call that fails, from 1 */
	_Atomic int64_t	forever;	/* … and all after it */
	_Atomic int64_t	counted;	/* calls so far; the test begins anew with 0 */
	_Atomic int64_t	struck;		/* calls that failed */
	_Atomic int64_t	abilities;	/* set at start: bits of enum fault_call */
};

/* The order, NULL when the environment names none. Mapped when the program starts. */
extern struct fault_order *fault_order;

/* Counts a call; its kind when it is to fail, else FAULT_NONE. */
enum fault_kind fault_strikes(enum fault_call call);

#endif
