/*
 * Scripted failures: a list that requests are held against, in order.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_FAULT_H
#define ROLLCALL_TESTS_SANDBOX_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sandbox/answer.h"

enum fault_kind {
#define FAULT(id, name, replace, spoil, help) FAULT_##id,
#include "tests/sandbox/fault.def"
#undef FAULT
	FAULT_N
};

/* Owns its texts. */
struct fault {
	enum fault_kind	 kind;
	char		*path;		/* prefix of the paths, NULL for all */
	char		*integration;	/* value of X-Integration-Id, NULL for all */
	unsigned int	 skip;		/* so many requests pass first */
	unsigned int	 times;		/* so many then fail; 0: all */
	unsigned int	 status;	/* 0: what is usual */
	unsigned int	 reset;
	uint64_t	 size;		/* 0: what is usual */
	int64_t		 delay;		/* microseconds, with any kind */
	char		*code, *title, *message, *text, *content_type, *location;
};

struct faults {
	struct fault	*list;
	size_t		 count;
	size_t		 room;
};

const char *fault_name(enum fault_kind kind);
enum fault_kind fault_find(const char *name);	/* FAULT_N when there is none */

/* Takes the fault and its texts. */
void	faults_add(struct faults *faults, const struct fault *fault);
void	faults_clear(struct faults *faults);

/*
 * The fault that strikes this request, or NULL. The first one that is for its path and
 * integration decides: while it skips, the request passes. Valid until fault_spend.
 */
struct fault *faults_strike(struct faults *faults, const char *path,
	    const char *integration);

/* True when the fault stands in for the real answer; it is then the answer. */
bool	fault_replace(const struct fault *fault, struct answer *answer);

/* Spoils the real answer, or delays the other one. */
void	fault_spoil(const struct fault *fault, struct answer *answer);

/* Counts one strike; the fault is gone after the last. */
void	fault_spend(struct faults *faults, struct fault *fault);

#endif
