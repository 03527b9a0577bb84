/*
 * Some people's part of a held fetch is let through, the rest stays held (rulings F2): for the
 * one leaver who cannot wait.
 */
#ifndef ROLLCALL_SYNC_APPLY_H
#define ROLLCALL_SYNC_APPLY_H

#include "sync/pull.h"

struct apply {
	struct engine	*engine;
	const char	*source;
	const char	*plan;		/* whose id the history tells */
	const char	*actor;
	const char	**kombos;	/* the records, by Kombo id */
	size_t		 kombo_count;
};

/*
 * Publishes what the held fetch says of these records, without the safeguards, and weighs the
 * rest again. 0 nothing else is held any more; -1: ERR_HELD, the rest is; ERR_NOT_FOUND:
 * nothing of the source is held, or nothing of one of these; else failed, with nothing changed.
 * Engine locked.
 */
int	apply_some(const struct apply *apply, struct plan_report *report, struct err *err);

#endif
